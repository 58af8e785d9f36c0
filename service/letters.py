"""Letters: of a message in several sentences, the part that asks; the story around it blurs the search."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from corpus.sentences import split_sentences
from index.function_words import FUNCTION_WORDS
from service.followup import BACK, IT

FRAME = re.compile(
    r"\b(?:i (?:\w+ ){0,4}?(?:want|like|love|need|wish|hope) (?:\w+ ){0,2}?"
    r"(?:know|hear|learn|find out|understand|ask|see|check)"
    r"|i(?:'m| am| was)? (?:\w+ ){0,2}(?:wondering|wonder|curious|not sure|unsure)"
    r"|(?:wondering|curious|any idea|do you know|does any(?:one|body) know)"
    r"|(?:could|can|would|will) (?:you|anyone|someone|anybody|somebody) (?:please |maybe |kindly |perhaps )?"
    r"(?:tell|explain|lay out|say|show|clear up|describe|let)(?: (?:to |for )?(?:me|us))?"
    r"(?: know| understand)?"
    r"|(?:tell|explain to|let) me(?: know)?"
    r"|(?:my|our) (?:\w+ ){0,2}questions?)\b(?:[ ,:]+(?:is|was|are|simply|just|about|this)\b)*[ ,:]*",
    re.IGNORECASE,
)
"""What opens a request: "what I would really like to know is", "could you explain to me"."""

WORD = r"(?:who|whom|whose|what|what's|which|when|where|why|how|whether|if)"
_QUESTION_WORD = re.compile(rf"\b{WORD}\b", re.IGNORECASE)
_ASKS = re.compile(
    rf"(?:(?:and|but|so|also|then|or|ok)[ ,]+)*(?:{WORD}|is|are|was|were|do|does|did|has|have|had|can|could|"
    r"will|would|should|any)\b",
    re.IGNORECASE,
)
_WHETHER = re.compile(r"^(?:whether|if)\s+", re.IGNORECASE)
_TAIL = re.compile(rf",?\s+(?:and|or)\s+(?=(?:{WORD}|is|are|does|did|do|can)\b)", re.IGNORECASE)

REACH = 40
"""Characters between a frame and the question word that it opens: "tell me that, then at least what ..."."""

BACK_OR_IT = re.compile(f"{BACK.pattern}|{IT.pattern}", re.IGNORECASE)

LEAST, ENOUGH = 2, 3
"""The library's words that a clause says something with, and with which the part that asks stands alone."""


class Letter(NamedTuple):
    """A message, taken apart.

    Attributes:
        asked: the part that asks, without what only opens it; the whole message where no part asks.
        subject: the library's words of the sentence before that it leans on; empty where it leans on none.
        story: the other sentences, for a study that they name; empty where `asked` does not refer to them.
    """

    asked: str
    subject: str = ""
    story: str = ""


def read_letter(message: str, is_library_word: Callable[[str], bool]) -> Letter:
    """Takes a message apart.

    Of several parts that ask, the one with most of the library's words counts, the later one where they have
    as many; all of them where none has enough. It takes its subject from the story only where it has few
    words of its own and refers back: "what became of her?".

    Args:
        message: a question of any length, rightly spelt.
        is_library_word: whether a word, in lower case, is one of the library's.
    """
    sentences = [message[start:end] for start, end in split_sentences(message)]
    asking = [number for number, sentence in enumerate(sentences) if _is_request(sentence)]
    if len(sentences) == 1 or not asking:
        return Letter(_unframed(message, is_library_word))

    def weight(number: int) -> tuple[int, int]:
        return min(len(_known(sentences[number], is_library_word)), ENOUGH), number

    chosen = [max(asking, key=weight)]
    if weight(chosen[0])[0] < ENOUGH:
        chosen = asking
    parts = (_trimmed(_unframed(sentences[number], is_library_word), is_library_word) for number in chosen)
    asked = " ".join(parts)
    if not BACK_OR_IT.search(asked):
        return Letter(asked)
    story = [sentence for number, sentence in enumerate(sentences) if number not in chosen]
    is_thin = len(_known(asked, is_library_word)) < ENOUGH
    subject = _subject(sentences[: chosen[0]], is_library_word) if is_thin else ""
    return Letter(asked, subject, " ".join(story))


def _is_request(sentence: str) -> bool:
    if sentence.endswith("?") or _ASKS.match(sentence):
        return True
    frame = FRAME.search(sentence)
    return bool(frame and _QUESTION_WORD.search(sentence, frame.end()))


def _unframed(sentence: str, is_library_word: Callable[[str], bool]) -> str:
    """What comes after the last words that open a request, where that still says something."""
    for frame in reversed(list(FRAME.finditer(sentence))):
        word = _QUESTION_WORD.search(sentence, frame.end(), frame.end() + REACH)
        rest = _WHETHER.sub("", sentence[word.start() if word else frame.end() :])
        if word and _known(rest, is_library_word):
            return rest
    return sentence


def _trimmed(asked: str, is_library_word: Callable[[str], bool]) -> str:
    """Less a last clause that only refers to what was asked: "..., and how did that turn out?"."""
    head, *tails = _TAIL.split(asked)
    kept = [tail for tail in tails if _known(tail, is_library_word) or not BACK_OR_IT.search(tail)]
    if len(kept) == len(tails) or len(_known(head, is_library_word)) < LEAST:
        return asked
    return " and ".join([head, *kept])


def _subject(before: Sequence[str], is_library_word: Callable[[str], bool]) -> str:
    """The library's words of the sentence that has most of them, the nearest one where several have."""
    most: list[str] = []
    for sentence in before:
        words = _known(sentence, is_library_word)
        most = words if len(words) >= len(most) else most
    return " ".join(most)


def _known(text: str, is_library_word: Callable[[str], bool]) -> list[str]:
    words = re.findall(r"[^\W\d_]+", text.lower())
    return list(dict.fromkeys(word for word in words if word not in FUNCTION_WORDS and is_library_word(word)))
