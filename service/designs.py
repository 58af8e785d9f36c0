"""Designs: the studies that people call "the placebo trial", "the pooled review" or "the biggest study"."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from corpus.studies import Design
from service.mentions import Mention, Token
from service.traits import Traits

TRIALS = frozenset({Design.randomized_trial, Design.controlled_study, Design.single_arm_trial})
"""Designs that people call a trial."""


class Described(NamedTuple):
    """The studies of a design, and the words that spoke of it."""

    studies: frozenset[str]
    used: tuple[Token, ...]


def _says(pattern: str, *designs: Design) -> Callable[[Traits], bool]:
    """Whether a study describes itself so, among those of some designs where they are given."""
    words = re.compile(pattern)

    def fits(traits: Traits) -> bool:
        return (not designs or traits.study.design in designs) and bool(words.search(traits.described))

    return fits


def _is(*designs: Design) -> Callable[[Traits], bool]:
    return lambda traits: traits.study.design in designs


DESIGNS: Mapping[str, Callable[[Traits], bool]] = {
    r"placebo|dummy|sham|fake": _says(r"placebo|dummy|sham", *TRIALS),
    r"(?:double )?blind(?:ed)?": _says(r"\bblind(?:ed)?\b"),
    r"randomi[sz]ed|random|rct": _is(Design.randomized_trial),
    r"uncontrolled|single arm": _is(Design.single_arm_trial),
    r"open label": _says(r"open-label"),
    r"controlled|comparison group|control group": _is(Design.randomized_trial, Design.controlled_study),
    r"pilot": _says(r"\bpilot\b"),
    r"multi ?cent(?:er|re)": _says(r"multi-?cent(?:er|re)|\b(?:[2-9]|\w+) centers"),
    r"(?:two|three|four|five|six) cent(?:er|re)s?": _says(r"multi-?cent(?:er|re)|\b(?:[2-9]|\w+) centers"),
    r"follow(?:ed)? up|followup|long term": _says(r"follow-up|long-term"),
    r"case report": _is(Design.case_report),
    r"pooled|pooling|systematic|meta analys[ei]s|metaanalysis|meta": _is(Design.meta_analysis),
}
"""What people call a study by its design, and whether a study is so."""

_DESIGNS = {re.compile(rf"\b(?:{words})\b"): fits for words, fits in DESIGNS.items()}

REVIEWS = re.compile(r"reviews?|meta-?analys[ei]s")
DENIED = frozenset({"no", "not", "without"})


def by_design(mention: Mention, all_traits: Iterable[Traits]) -> Described | None:
    """The studies that a mention describes by their design; None where it describes none.

    "A trial with a placebo" may be any, and "the randomised trials" are spoken of as a kind; reviews are few.
    """
    words = [token.word for token in mention.tokens]
    known = list(all_traits)
    is_review = mention.noun is not None and bool(REVIEWS.fullmatch(mention.noun.word))
    if not mention.definite or (mention.is_plural and not is_review) or DENIED & set(words):
        return None
    phrase = " ".join([*words, mention.noun.word if mention.noun else ""])
    found = [(match, fits) for words_of, fits in _DESIGNS.items() if (match := words_of.search(phrase))]
    tests = [fits for _, fits in found] + ([_is(Design.meta_analysis)] if is_review else [])
    if not tests or (is_review and not (found or mention.tokens or mention.pointed)):
        return None
    studies = frozenset(one.study.study_id for one in known if all(fits(one) for fits in tests))
    said = {word for match, _ in found for word in match.group().split()}
    return Described(studies, tuple(token for token in mention.before if token.word in said))


EXTREMES: Mapping[str, Callable[[Traits], float]] = {
    "biggest": lambda traits: traits.study.people or 0,
    "largest": lambda traits: traits.study.people or 0,
    "smallest": lambda traits: -(traits.study.people or float("inf")),
    "newest": lambda traits: traits.study.year or 0,
    "latest": lambda traits: traits.study.year or 0,
    "recent": lambda traits: traits.study.year or 0,
    "oldest": lambda traits: -(traits.study.year or float("inf")),
    "earliest": lambda traits: -(traits.study.year or float("inf")),
    "longest": lambda traits: max(traits.months, default=0.0),
}
"""What a study is the most of, as a number that is highest for it."""

SIZES = frozenset({"biggest", "largest", "smallest"})


def by_extreme(mention: Mention, all_traits: Iterable[Traits]) -> Described | None:
    """The study that is "the biggest", "the most recent"; all of them where several are alike."""
    token = next((token for token in mention.before if token.word in EXTREMES), None)
    if token is None or mention.noun is None or not mention.definite or mention.is_plural:
        return None
    word = mention.noun.word
    if REVIEWS.fullmatch(word):
        among = [one for one in all_traits if one.study.design is Design.meta_analysis]
    elif word in {"trial", "trail"}:
        among = [one for one in all_traits if one.study.design in TRIALS]
    else:
        # The people of a review are other studies'; its year is its own.
        among = [
            one
            for one in all_traits
            if token.word not in SIZES or one.study.design is not Design.meta_analysis
        ]
    measure = EXTREMES[token.word]
    most = max((measure(one) for one in among), default=0.0)
    if abs(most) in {0.0, float("inf")}:
        return None
    return Described(frozenset(one.study.study_id for one in among if measure(one) == most), (token,))
