"""What scrubbing is measured on: questions in which it is marked what must go, in `scrubbing.examples`."""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

EXAMPLES = Path(__file__).with_name("scrubbing.examples")
_PART = re.compile(r"\{(.*?)\}")
_PIECE = re.compile(r"[^\W_]{2,}|\d")
_WORD = re.compile(r"[^\W_]+")
_MARK = re.compile(r"\[[a-z]+\]")


class Example(NamedTuple):
    """A question and what must be taken out of it.

    Attributes:
        text: the question.
        private: the parts that must go.
        public: the words that must stay, in order.
    """

    text: str
    private: tuple[str, ...]
    public: tuple[str, ...]


class Measured(NamedTuple):
    """What came of some examples.

    Attributes:
        parts: how many parts had to go.
        leaks: what was left of them, each with the scrubbed question.
        words: how many words had to stay.
        lost: those that did not, each with the scrubbed question.
    """

    parts: int
    leaks: tuple[tuple[str, str], ...]
    words: int
    lost: tuple[tuple[str, str], ...]

    @property
    def recall(self) -> float:
        """The share of the parts of which nothing was left."""
        return 1 - len(self.leaks) / self.parts

    @property
    def overscrubbed(self) -> float:
        """The share of words that were taken out for nothing."""
        return len(self.lost) / self.words


def read_examples(group: str) -> list[Example]:
    """The examples of one group ("first" or "after")."""
    found, current = [], ""
    for line in EXAMPLES.read_text(encoding="utf-8").splitlines():
        if line.startswith("# == "):
            current = line.removeprefix("# == ").partition(":")[0]
        elif line and not line.startswith("#") and current == group:
            found.append(_example(line.replace("\\n", "\n")))
    return found


def _example(line: str) -> Example:
    private = tuple(_PART.findall(line))
    return Example(
        line.replace("{", "").replace("}", ""), private, tuple(_WORD.findall(_PART.sub(" ", line)))
    )


def measure(examples: Iterable[Example], scrub: Callable[[str], str]) -> Measured:
    """Scrubs the examples and tells what was left and what was lost."""
    parts, leaks, words, lost = 0, [], 0, []
    for example in examples:
        scrubbed = scrub(example.text)
        left = _WORD.findall(_MARK.sub(" ", scrubbed))
        parts += len(example.private)
        leaks += [(part, scrubbed) for part in example.private if _is_left(part, example, left)]
        words += len(example.public)
        lost += [(word, scrubbed) for word in _missing(example.public, left)]
    return Measured(parts, tuple(leaks), words, tuple(lost))


def _is_left(part: str, example: Example, left: list[str]) -> bool:
    """Whether a piece of a private part is still there, more often than the public words have it."""
    return any(
        left.count(piece) > example.public.count(piece) for piece in _PIECE.findall(part) if piece in left
    )


def _missing(public: Iterable[str], left: list[str]) -> Iterator[str]:
    rest = list(left)
    for word in public:
        if word in rest:
            rest.remove(word)
        else:
            yield word
