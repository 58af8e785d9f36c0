"""Known question: one that people ask, with the sentences that answer it; read_known reads a library's file.

A plain text file that staff can write:

    ? did it do anything for the kidneys
    deng2017: Stem cells added to standard drugs did no better than a placebo …
    bai2017: Protein in the urine over 24 hours (proteinuria) was lower after stem cells than before …

    ? do they check your hearing afterwards
    not answered

A sentence may be shortened to its opening words and an ellipsis, as long as one sentence alone of the study
begins with them. Lines that begin with # are remarks.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import KnownQuestionsError
from corpus.passages import Passage
from corpus.studies import ID_PATTERN

KNOWN_NAME = "known-questions.txt"
"""In a library folder."""

QUESTION_MARK = "?"
"""Begins the line of a question."""

NOT_ANSWERED = "not answered"
"""The line under a question that the library does not answer."""

ELLIPSIS = "…"

SHOWN = 60
"""Characters of a sentence that is not found that a fault repeats."""

MAX_QUESTION = 1000
"""Characters of a question: as many as people may ask."""

_ANSWER = re.compile(rf"(?P<study>{ID_PATTERN.pattern}):\s+(?P<text>\S.*)")


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """A sentence that answers.

    Attributes:
        study_id: whose it is.
        text: the sentence, or its opening words.
        is_opening: whether it goes on.
        line: where this stands in the file, from 1.
    """

    study_id: str
    text: str
    is_opening: bool
    line: int

    @property
    def written(self) -> str:
        """The sentence as the file has it."""
        return f"{self.text} {ELLIPSIS}" if self.is_opening else self.text

    def fits(self, sentence: str) -> bool:
        """Whether a sentence of the study, with single spaces, is the one that is meant."""
        return sentence.startswith(self.text) if self.is_opening else sentence == self.text


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question with all sentences that answer it.

    Attributes:
        question: in the words of those who ask.
        answers: none where the library does not answer it.
        line: where it stands in the file, from 1.
    """

    question: str
    answers: tuple[KnownAnswer, ...]
    line: int


class Sentences:
    """The sentences of some passages, to be found by what a file of known questions says of them."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._by_study: dict[str, list[tuple[int, str]]] = {}
        every = (
            (passage.study_id, passage.quote(span)) for passage in passages for span in passage.sentences
        )
        for number, (study_id, text) in enumerate(every):
            self._by_study.setdefault(study_id, []).append((number, " ".join(text.split())))

    @property
    def studies(self) -> frozenset[str]:
        """Whose sentences they are."""
        return frozenset(self._by_study)

    def find(self, answer: KnownAnswer) -> list[int]:
        """The numbers, from 0 over all passages, of the sentences that are meant.

        Several where a study says the very same in two places; none where there is no such sentence, or where
        several sentences that are not the same begin so.
        """
        found = [each for each in self._by_study.get(answer.study_id, ()) if answer.fits(each[1])]
        return [number for number, _ in found] if len({text for _, text in found}) == 1 else []


def read_known(path: Path) -> tuple[KnownQuestion, ...]:
    """Reads a file of known questions; none where there is no such file.

    Raises:
        KnownQuestionsError: it cannot be read; the line is named.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise KnownQuestionsError(path, problem) from error
    except OSError as error:
        raise KnownQuestionsError(path, f"cannot be read: {error.strerror}") from error
    return parse_known(text, path)


def parse_known(text: str, path: Path) -> tuple[KnownQuestion, ...]:
    """The same from a text; `path` is what errors call it.

    Raises:
        KnownQuestionsError: it cannot be read; the line is named.
    """
    return tuple(_without_doubles(_questions(text.splitlines(), path), path))


def is_same(one: str, other: str) -> bool:
    """Whether two questions have the same words, however they are written."""
    return _folded(one) == _folded(other)


def strays(known: Sequence[KnownQuestion], passages: Sequence[Passage]) -> Iterator[tuple[KnownAnswer, str]]:
    """The answers that are no one sentence of these passages, each with what is wrong.

    Nothing is shown for them; what else is known of their questions counts as before.
    """
    sentences = Sentences(passages)
    for answer in (answer for each in known for answer in each.answers):
        if answer.study_id not in sentences.studies:
            yield answer, f"there is no study {answer.study_id} with text"
        elif not sentences.find(answer):
            shown = answer.text if len(answer.text) <= SHOWN else f"{answer.text[:SHOWN]} {ELLIPSIS}"
            yield answer, f"{answer.study_id} has no sentence, or several, that this can be: “{shown}”"


def _questions(lines: Sequence[str], path: Path) -> Iterator[KnownQuestion]:
    begun: tuple[int, str, list[KnownAnswer]] | None = None
    is_unanswered = False

    def finished() -> Iterator[KnownQuestion]:
        if begun is None:
            return
        line, question, answers = begun
        if bool(answers) is is_unanswered:
            problem = (
                f"has sentences and says “{NOT_ANSWERED}”; keep one of the two"
                if answers
                else f"has no sentence; write those that answer below it, or “{NOT_ANSWERED}”"
            )
            raise KnownQuestionsError(path, problem, line=line, field="question")
        yield KnownQuestion(question, tuple(answers), line)

    for number, raw in enumerate(lines, start=1):
        line = " ".join(raw.split())
        if not line or line.startswith("#"):
            continue
        if line.startswith(QUESTION_MARK):
            yield from finished()
            begun, is_unanswered = (number, _question(line, number, path), []), False
        elif begun is None:
            raise KnownQuestionsError(path, f"a question begins with “{QUESTION_MARK} ”", line=number)
        elif line.lower() == NOT_ANSWERED:
            is_unanswered = True
        else:
            begun[2].append(_answer(line, number, path))
    yield from finished()


def _question(line: str, number: int, path: Path) -> str:
    question = line.removeprefix(QUESTION_MARK).strip()
    if not any(map(str.isalnum, question)):
        raise KnownQuestionsError(path, "the question has no words", line=number)
    if len(question) > MAX_QUESTION:
        problem = f"the question has {len(question)} characters; at most {MAX_QUESTION} are read"
        raise KnownQuestionsError(path, problem, line=number)
    return question


def _answer(line: str, number: int, path: Path) -> KnownAnswer:
    found = _ANSWER.fullmatch(line)
    if not found:
        problem = f"write a sentence as “study: its words”, or “{NOT_ANSWERED}” where there is none"
        raise KnownQuestionsError(path, problem, line=number)
    text = found["text"]
    opening = text.removesuffix(ELLIPSIS).removesuffix("...").rstrip()
    return KnownAnswer(found["study"], opening, opening != text, number)


def _without_doubles(questions: Iterable[KnownQuestion], path: Path) -> Iterator[KnownQuestion]:
    seen: dict[str, int] = {}
    for each in questions:
        first = seen.setdefault(_folded(each.question), each.line)
        if first != each.line:
            problem = f"the same question stands in line {first} already; put their sentences together"
            raise KnownQuestionsError(path, problem, line=each.line)
        yield each


def _folded(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold()))
