"""Library: everything that is loaded to answer questions; the one place that wires it together."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import anyio
import anyio.to_thread

from corpus.errors import LibraryError
from corpus.fingerprint import corpus_sha256
from corpus.glossary import Glossary
from corpus.studies import Study
from index.encoder import ensure_encoder
from index.errors import MissingIndexError, StaleIndexError
from index.function_words import FUNCTION_WORDS
from index.manifest import read_manifest
from index.search import Hit, PassageIndex
from index.store import GENERATIONS_FOLDER, Generation, current_generation
from service.answering import Sources, Trace, Weighed, answer_question, trace_question, weigh_question
from service.answers import Answer, Contact, Outcome
from service.journal import Answered, Journal, now
from service.languages import ENGLISH, Languages, named
from service.logs import note
from service.reasons import Tell, untold
from service.schemas import clean_previous, clean_question
from service.screening import load_screen
from service.spelling import WORD, Speller
from service.suggestions import Suggestions
from service.understanding import understand

if TYPE_CHECKING:
    from service.settings import Settings

Result = TypeVar("Result")

MOST_WAITING = 64
"""Questions that may wait for their turn, about a second's worth; further ones are told to come back."""

SUGGESTIONS_NAME = "suggestions.txt"
"""In a library folder: questions that its studies answer, one a line, offered on the home page."""

PROBE = "What was studied?"
"""A question for warming up and for readiness; its answer is not looked at."""


class OverloadedError(Exception):
    """More questions are waiting than can be answered soon.

    Attributes:
        retry_after: seconds after which it is worth asking again.
    """

    retry_after = 2


class Library:
    """The studies, the index over them, and the gate in front.

    Attributes:
        sources: what questions are answered from.
        studies: those that are answered from, by their ids, in order.
        site_name: the name shown on the pages.
        publisher: who publishes it; empty where that was not said.
        contact: where to tell of a mistake; empty where that was not said.
        suggestions: questions that it answers.
        keep_questions: days for which scrubbed questions are kept; 0 where none are.
        corpus_version: names the summaries, as answers do.
        generation: names the index, as answers do.
        index: what is searched.
        journal: who is told what was answered; None where nobody counts it.
        languages: those that answers and pages can be in.
        updated: when the newest summary was last changed; None where no summary says.
    """

    def __init__(
        self,
        sources: Sources,
        *,
        site_name: str = "plaincite",
        publisher: str = "",
        contact: str = "",
        suggestions: tuple[str, ...] = (),
        keep_questions: int = 0,
        journal: Journal | None = None,
    ) -> None:
        self.sources = sources
        self.keep_questions = keep_questions
        self.journal = journal
        self.site_name = site_name
        self.publisher = publisher
        self.contact = contact
        self.suggestions = suggestions
        self.index = sources.index
        self.languages: Languages = sources.languages
        self.studies: Mapping[str, Study] = dict(sorted(sources.index.studies.items()))
        self.corpus_version: str = sources.index.manifest.corpus_version
        self.generation: str = sources.index.manifest.generation
        self.updated: date | None = max((s.updated for s in self.studies.values() if s.updated), default=None)
        # Not a method of ours: a circle would keep a library in memory after another has taken its place.
        self._offered = Suggestions(suggestions, sources.index.encoder, partial(_is_answered, sources))
        # One answer a core: more at once would only make each of them slower.
        self._turns = anyio.CapacityLimiter(os.cpu_count() or 1)
        self._waiting = 0

    @classmethod
    def open(cls, settings: "Settings", *, any_corpus: bool = False) -> Self:
        """Loads what the settings name.

        Args:
            settings: which index and model, and what the operator wants to be called.
            any_corpus: take the index whichever library folder it was built from, instead of insisting
                that it was built from today's `settings.corpus`.

        Raises:
            CorpusError: the library folder cannot be read.
            PlainIndexError: the index is missing, stale or damaged, or the model cannot be used.
            RulesError: the screening rules cannot be used.
            CatalogueError: the words of a language cannot be used.
        """
        # Before the model is loaded: whoever has no index yet should not wait to be told.
        check_current(settings.index, None if any_corpus else settings.corpus)
        encoder = ensure_encoder(settings.model, settings.encoders)
        index = PassageIndex.load(settings.index, encoder)
        folder = settings.index / GENERATIONS_FOLDER / index.manifest.generation
        glossary = _glossary_in(Generation(folder, index.manifest))
        sources = Sources(
            index=index,
            screen=load_screen(),
            glossary=glossary,
            speller=speller_of(index, glossary),
            emergency_number=settings.emergency_number,
            crisis=Contact(name=settings.crisis_name, number=settings.crisis_number),
        )
        return cls(
            sources,
            site_name=settings.site_name,
            publisher=settings.publisher,
            contact=settings.contact,
            suggestions=load_suggestions(settings.corpus),
            keep_questions=0 if settings.database == "off" else settings.keep_questions,
        )

    def over(self, generation: Generation, suggestions: tuple[str, ...]) -> "Library":
        """The same service over another generation; what is loaded already, such as the model, is shared.

        Args:
            generation: whole, and built with this library's encoder.
            suggestions: the questions that it answers.

        Raises:
            PlainIndexError: it is damaged.
        """
        index = PassageIndex(generation, self.index.encoder, self.index.fusion)
        glossary = _glossary_in(generation)
        sources = replace(self.sources, index=index, glossary=glossary, speller=speller_of(index, glossary))
        return type(self)(
            sources,
            site_name=self.site_name,
            publisher=self.publisher,
            contact=self.contact,
            suggestions=suggestions,
            keep_questions=self.keep_questions,
            journal=self.journal,
        )

    def ask(self, question: str, previous: str | None = None, *, language: str = ENGLISH.code) -> Answer:
        """Answers a question; safe to call from several threads.

        Args:
            question: what is asked.
            previous: the question before it, which a short one may lean on.
            language: what the fixed words of the answer are to be in; English where we do not have it.

        Raises:
            QuestionError: the question is empty, or one of them is too long.
        """
        return self._answer(clean_question(question), clean_previous(previous), language)

    def weigh(self, question: str) -> Weighed:
        """Answers a question and tells what that hung on: for measuring.

        Raises:
            QuestionError: the question is empty or too long.
        """
        return weigh_question(clean_question(question), self.sources)

    def trace(
        self, question: str, previous: str | None = None, *, language: str = ENGLISH.code, tell: Tell = untold
    ) -> Trace:
        """Answers a question as `ask` does, with all that the answer hung on; the journal is not told.

        Args:
            question: what is asked.
            previous: the question before it.
            language: what the fixed words of the answer are to be in.
            tell: is told which sentences are left out, and why.

        Raises:
            QuestionError: the question is empty, or one of them is too long.
        """
        return self._trace(clean_question(question), clean_previous(previous), language, tell=tell)

    def query(self, question: str) -> str:
        """What is searched for a question: rightly spelt, with the library's own words added.

        Raises:
            QuestionError: the question is empty or too long.
        """
        sources = self.sources
        return understand(clean_question(question), self.index, sources.glossary, sources.speller).query

    async def ask_soon(
        self, question: str, previous: str | None = None, *, language: str = ENGLISH.code
    ) -> Answer:
        """Answers a question off the event loop, when it is its turn.

        Raises:
            QuestionError: the question is empty, or one of them is too long.
            OverloadedError: too many are waiting already.
        """
        asked = clean_question(question), clean_previous(previous)
        return await self._in_turn(partial(self._answer, *asked, language))

    async def check_soon(self) -> None:
        """Puts a question to the index, in turn like everybody's.

        Raises:
            OverloadedError: too many are waiting already.
        """
        await self._in_turn(self.check)

    def check(self) -> None:
        """Answers a question and forgets it: shows that all parts work, and warms them up."""
        answer_question(PROBE, self.sources)

    def search(self, question: str, k: int) -> list[Hit]:
        """The passages nearest to a question, best first, at most `k`."""
        return self.index.search(question, k)

    def _answer(self, question: str, previous: str | None, language: str) -> Answer:
        began = time.perf_counter()
        answer, best = self._trace(question, previous, language).weighed
        note(outcome=answer.outcome.value, answer_id=answer.answer_id, statements=len(answer.statements))
        if self.journal:
            took = (time.perf_counter() - began) * 1000
            sure = best.score if best else None
            self.journal.tell(Answered(now(), question, previous, answer, sure, took))
        return answer

    def _trace(self, question: str, previous: str | None, language: str, *, tell: Tell = untold) -> Trace:
        said_in = named(self.languages, language) or ENGLISH
        trace = trace_question(question, self.sources, previous=previous, language=said_in, tell=tell)
        if trace.answer.outcome is not Outcome.no_evidence:
            return trace
        offered = {"suggestions": self._offered.nearest(question)}
        return trace._replace(answer=trace.answer.model_copy(update=offered))

    async def _in_turn(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= MOST_WAITING:
            raise OverloadedError
        self._waiting += 1
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._turns)
        finally:
            self._waiting -= 1


def _is_answered(sources: Sources, question: str) -> bool:
    return answer_question(question, sources).outcome is Outcome.answered


def speller_of(index: PassageIndex, glossary: Glossary) -> Speller:
    """A speller that knows what the summaries say, what the glossary explains, function words and authors."""
    passages = (f"{passage.title} {passage.text}" for passage in index.passages)
    terms = [name for term in glossary.terms for name in (term.term, *term.forms)]
    everyday = (name for term in glossary.terms for name in term.lay)
    families = (author.rsplit(" ", 1)[0] for study in index.studies.values() for author in study.authors)
    names = WORD.findall(" ".join(families).lower())
    return Speller([*passages, *terms, *everyday, *FUNCTION_WORDS], terms, names)


def check_current(index: Path, corpus: Path | None) -> None:
    """Checks, without reading more than a few small files, that an index is there and made from this library.

    Args:
        index: the folder of generations.
        corpus: the library folder; None leaves that check out.

    Raises:
        MissingIndexError: nothing has been built.
        StaleIndexError: the library's files are not those that it was built from.
        DamagedIndexError: its manifest cannot be trusted.
        LibraryError: the library folder is missing.
    """
    generation = current_generation(index)
    if generation is None:
        raise MissingIndexError(index)
    if corpus and read_manifest(generation).corpus_sha256 != corpus_sha256(corpus):
        raise StaleIndexError(index, f"the summaries in {corpus} are not those that it was built from")


def _glossary_in(generation: Generation) -> Glossary:
    """The glossary that the index was built with: it fits the quotes, and is read in a moment."""
    return Glossary.of(generation.glossary())


def load_suggestions(folder: Path) -> tuple[str, ...]:
    """The questions that a library suggests; none where it has no such file.

    Raises:
        LibraryError: the file cannot be read.
    """
    try:
        lines = (folder / SUGGESTIONS_NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise LibraryError(folder, f"{SUGGESTIONS_NAME} cannot be read; save it as UTF-8 text") from error
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
