"""Follow-up: a short question that leans on the one before it is read together with that.

The question before comes along with the new one; nothing is kept here between two questions.
"""

import re
from enum import Enum, auto
from typing import NamedTuple

from index.function_words import FUNCTION_WORDS
from service.schemas import MAX_QUESTION
from service.screening import ORDER, Screen, Screening, screen_safely

OPENER = re.compile(
    r"(?:(?:and|but|or|also|then|so|ok|okay|well|alright|right|yes|no|hmm*|oh|thanks?|thank you|sorry)\b"
    r"[\s,.!]*)*"
    r"(?P<about>(?:what|how) (?:about|of|with)\b|what if\b)?[\s,:]*",
    re.IGNORECASE,
)
"""How a question goes on with what was said: "and ...", "but what about ..."."""

GOES_ON = re.compile(
    r"\W*(?:ok(?:ay)?|well|oh|right|yes|no|so)?\W*(?:and|but|or|also|then|what about|how about)\b",
    re.IGNORECASE,
)

FRAGMENT = re.compile(
    r"(?!\w+ (?:how|what|which|whom|when)\b)(?:in|for|after|with|without|on|at|over|among|amongst|during|"
    r"before|from|within|by|under|beyond|than|as|because of|compared (?:to|with)|only|especially|not)\b",
    re.IGNORECASE,
)
"""How a part of a sentence begins that says when, for whom or with what."""

ASKING = re.compile(
    r"(?:(?:in|for|with|by|to|at|on|since|until|from) (?=how|what|which|whom|when))?"
    r"(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|am|do|does|did|has|have|had|can|could|"
    r"will|would|should|may|might|isn|aren|wasn|weren|don|doesn|didn|won|hasn|haven|any|tell|explain|show)\b",
    re.IGNORECASE,
)

PEOPLE = re.compile(
    r"(?:the )?(?:\w+[ -]){0,3}(?:group|groups|arm|arms|people|patients|ones|side|children|kids|teenagers|"
    r"adults|women|men|girls|boys|elderly|babies)",
    re.IGNORECASE,
)
"""A fragment that says for whom: "the placebo group", "older women", "children"."""

TIME = re.compile(
    r"\b(?:(?:at|after|in|within|over|for|by|during|beyond)\s+)?(?:the\s+)?(?:first\s+|last\s+|about\s+)?"
    r"(?:\d+|a|one|two|three|four|five|six|seven|eight|nine|ten|twelve|half a|several|a few|many)[\s-]+"
    r"(?:days?|weeks?|months?|years?)(?:\s+(?:later|on|afterwards?|after))?",
    re.IGNORECASE,
)

GROUP = re.compile(
    r"\b(?:(?:in|with|for|on|among|of)\s+)?(?:the\s+)?(?:\w+[\s-]){1,2}(?:group|arm)\b", re.IGNORECASE
)

BACK = re.compile(
    r"\b(?:they|them|their|theirs|those|these|he|she|her|him|his|hers|the same|the others?|the rest|ones|"
    r"such|there|either|both of|neither of)\b",
    re.IGNORECASE,
)
IT = re.compile(r"\b(?:it|its|this|that)\b", re.IGNORECASE)
"""May speak of the treatment, the library's own subject, and then needs no question before it."""

DONE_TO = re.compile(r"\b(?:they|you|doctors) (?:do|give|make) (?:it|that|this)\b", re.IGNORECASE)
"""Asks how something is done: nobody in particular is meant by "they"."""

FEW, SHORT = 2, 12
"""Own words up to which a question with a pronoun needs the words of the one before; words of a follow-up."""


class Lean(Enum):
    """What of the question before a question needs.

    Attributes:
        nothing: it is complete.
        studies: the studies that it spoke of: "who paid for it?".
        topic: those, and whether it was about effect or safety: "what about the skin?".
        words: what it spoke of: "what happened to them?".
        fragment: all of it, since this is only a part of a question: "and after five years?".
    """

    nothing = auto()
    studies = auto()
    topic = auto()
    words = auto()
    fragment = auto()


class Joined(NamedTuple):
    """A question read together with the one before.

    Attributes:
        question: what is to be understood.
        lean: how much of the question before it needed.
    """

    question: str
    lean: Lean


def lean_of(question: str) -> Lean:
    """How a question leans on the one before, told from its words alone; a complete one does not."""
    rest, goes_on = _opened(question)
    own = _own_words(rest)
    if not re.search(r"\w", rest) or len(rest.split()) > SHORT:
        return Lean.nothing
    if not ASKING.match(rest):
        if not goes_on and not FRAGMENT.match(rest):
            return Lean.nothing
        is_part = FRAGMENT.match(rest) or PEOPLE.fullmatch(rest.rstrip(" ?.!"))
        return Lean.fragment if is_part else Lean.topic
    refers = bool(BACK.search(rest)) and not DONE_TO.search(rest)
    if refers and len(own) <= FEW:
        return Lean.words
    if not own and not DONE_TO.search(rest) and not re.search(r"\byou\b", rest, re.IGNORECASE):
        return Lean.words
    return Lean.studies if goes_on or refers or IT.search(rest) else Lean.nothing


def join(question: str, previous: str) -> Joined:
    """A question with what it needs of the one before it put in.

    "And after five years?" after "How many lived after one year?" becomes "How many lived after five years?":
    a time takes the place of a time, a group that of a group, all else is added.

    Args:
        question: as asked, cleaned.
        previous: the question before; the lines of a row of follow-ups are joined in their order.
    """
    lean = lean_of(question)
    if lean not in {Lean.words, Lean.fragment}:
        return Joined(question, lean)
    first, *rest = _thread(previous)
    before = first
    for line in rest:
        before = join(line, before).question
    return Joined(_combined(_opened(question)[0], before), lean)


def carry_on(question: str, previous: str | None) -> str:
    """What goes along with the next question: this one, after the ones it was read together with.

    Args:
        question: the one just answered; empty where nothing of it should go along.
        previous: what it was read together with; None where it stood alone.
    """
    row = f"{previous}\n{question}" if previous and question else question
    return row if len(row) <= MAX_QUESTION else question


def screen_together(screen: Screen, question: str, previous: str | None) -> Screening:
    """The graver class of a question by itself and, where it leans, of both questions together.

    "How much of it should I take?" names no drug, and yet asks for a dose of the one asked about before.
    """
    alone = screen_safely(screen, question)
    if previous is None or lean_of(question) is Lean.nothing:
        return alone
    return min(alone, screen_safely(screen, f"{previous}\n{question}"), key=_gravity)


def _gravity(screening: Screening) -> int:
    return len(ORDER) if screening.kind is None else ORDER.index(screening.kind)


def _thread(previous: str) -> list[str]:
    """The questions of a row of follow-ups; a text whose later lines do not lean is one question."""
    lines = previous.split("\n")
    return lines if all(lean_of(line) is not Lean.nothing for line in lines[1:]) else [previous]


def _opened(question: str) -> tuple[str, bool]:
    """A question without the words that only go on with what was said, and whether there were any."""
    match = OPENER.match(question)
    end = match.end() if match else 0
    return question[end:].strip(), bool(GOES_ON.match(question) or (match and match["about"]))


def _own_words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", text.lower()) if word not in FUNCTION_WORDS]


def _combined(rest: str, before: str) -> str:
    stem = before.rstrip(" ?.!")
    part = rest.rstrip(" ?.!")
    if ASKING.match(part):
        return f"{stem}? {rest}"
    for pattern in (TIME, GROUP):
        new, old = pattern.search(part), pattern.search(stem)
        if new and old:
            return f"{stem[: old.start()]}{part}{stem[old.end() :]}?"
    link = "" if FRAGMENT.match(part) else "in "
    return f"{stem} {link}{part}?"
