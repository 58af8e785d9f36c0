"""Premises: what a question takes for granted, so that an answer need not agree with it."""

import re

_CLAIM = r"(?P<claim>[^?]{3,}?)"
_SO = r"(?:(?:so|and|but|ok|then)[, ]+)*"
_PERSON = r"(?:i|i'm|i've|we|my|our|he|she|his|her|you|last|then|when|20\d\d|19\d\d)"
"""Words after "since" that tell a story, or a time, and claim nothing of the treatment."""

_ASKED = (
    r"(?:why|how come|how is (?:it|that|this) possible|how can (?:it|that) be|what made|"
    r"(?:what (?:is|was)|what's) (?:the |its |their )?(?:reason|explanation|cause))"
)

_PATTERNS = (
    # "Why did the trial prove that it cures lupus?", "How is it possible that everybody got better?"
    rf"{_SO}{_ASKED}(?! not\b)(?: (?:is it )?that)? {_CLAIM}\?*",
    rf"{_SO}(?:the )?(?:reason|explanation|cause) (?:why|that|for|behind) {_CLAIM}\?*",
    # "Since it cures lupus, when can I have it?"
    rf"{_SO}(?:since|given that|given|seeing (?:that|as)|now that|considering that|because) "
    rf"(?!{_PERSON}\b){_CLAIM}, .+",
    # "C3 dropped, what is the explanation?", "In year 3 there were no more relapses. What made them stop?"
    rf"{_CLAIM}[,.;:] {_SO}(?:how|{_ASKED}(?! (?:do|does|did|is|are|was|were|can|could|would)\b)[^?]*)\?*",
)

_PREMISES = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _PATTERNS)

_VERB = re.compile(
    r"^(?:did|do|does|is|are|was|were|has|have|had|can|could|would|will|should|might)\b\s*", re.IGNORECASE
)
"""The verb that opens a question; without it the claim is left."""


def presumed(question: str) -> str | None:
    """The claim that a question takes for granted, in its own words; None where it takes none.

    "Why did the trial prove that it cures lupus?" takes for granted that it proved so. Whether the claim is
    true is not looked at: "why was the trial stopped early?" has one as well.

    Args:
        question: one question, or a statement with a question after it.
    """
    text = " ".join(question.split())
    for pattern in _PREMISES:
        match = pattern.fullmatch(text)
        if match:
            claim = _VERB.sub("", match["claim"]).strip(" ,.;:")
            return claim if " " in claim else None
    return None
