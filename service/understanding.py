"""Understanding: what a question asks for, told from its words alone, before anything is searched."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from corpus.glossary import Glossary
from index.search import PassageIndex
from service.answers import Respelling
from service.balance import Topic, topic_of
from service.followup import Lean, join
from service.letters import Letter, read_letter
from service.overview import COMMON_WORDS, asks_for_both, is_general
from service.premises import presumed
from service.restriction import Named, StudyNames, names_in
from service.scope import unknown_subjects
from service.spelling import Speller
from service.traits import number_of

_COMPARING = re.compile(r"\b(?:compare[sd]?|comparison)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Understood:
    """A question made ready for search.

    Attributes:
        query: what is searched and read: the part of a message that asks, together with the question before
            where it leans on that, rightly spelt, without the words that only name a study, and with the
            library's own words for everyday ones.
        named: the studies that the question names; empty where it names none.
        apart: those of them that each want to be heard, or one of each; see `Named`.
        unknown_names: names in it that no study has, as they were written: "Harvard", "Deng 2015".
        unknown_subjects: drugs, illnesses and times after a treatment in it that the library never speaks of.
        topic: effect or safety, where it asks for one of them.
        is_general: whether it asks for nothing in particular.
        is_of_both: whether it asks for nothing in particular but benefit and harm, both of them.
        presumed: a claim that it takes for granted, in its own words; None where it takes none.
        read_with_previous: whether the question before was needed to understand it.
        ignored: words, in lower case, that no sentence needs to match.
        respellings: words that were read as others.
    """

    query: str
    named: frozenset[str]
    apart: tuple[frozenset[str], ...]
    unknown_names: tuple[str, ...]
    unknown_subjects: tuple[str, ...]
    topic: Topic | None
    is_general: bool
    is_of_both: bool
    presumed: str | None
    read_with_previous: bool
    ignored: frozenset[str]
    respellings: tuple[Respelling, ...]


class _Asked(NamedTuple):
    """A question with what it needs of what was said before.

    Attributes:
        question: what is asked, in full.
        named: what it names itself; its `rest` is what it says beside that.
        spoken: the same with the studies that were spoken of before, where it names none.
        topic: effect or safety.
        with_previous: whether the question before was needed.
    """

    question: str
    named: Named
    spoken: Named
    topic: Topic | None
    with_previous: bool


def understand(
    question: str,
    index: PassageIndex,
    glossary: Glossary,
    speller: Speller,
    previous: str | None = None,
) -> Understood:
    """Tells what a question asks for.

    Args:
        question: as asked, cleaned; a whole letter is taken as well.
        index: the studies that may be named.
        glossary: everyday words for the library's.
        speller: puts misspelt words right.
        previous: the question before it; used only where the question leans on that.
    """
    mended, respellings = speller.mend(question, index.encoder.knows)
    before = speller.mend(previous, index.encoder.knows).question if previous else ""
    letter = read_letter(mended, speller.knows)
    asked = _together(letter, before, names_in(index, speller))
    text = f"{asked.named.rest} {letter.subject}".strip()
    sizes = {index.studies[each].people for each in asked.spoken.studies} - {None}
    nothing_particular = is_general(_plain(text, asked.spoken, sizes), index.studies.values())
    told = (each for each in respellings if each.read in asked.question)
    query = glossary.expand(text or asked.question)
    return Understood(
        query=query,
        named=asked.spoken.studies,
        apart=asked.spoken.apart,
        unknown_names=asked.spoken.unknown,
        unknown_subjects=unknown_subjects(query, glossary, index.studies.values(), index.passages),
        topic=asked.topic,
        is_general=nothing_particular,
        is_of_both=nothing_particular and asks_for_both(text),
        presumed=presumed(asked.question) or (presumed(mended) if letter.story else None),
        read_with_previous=asked.with_previous,
        ignored=_explained(text, glossary) | COMMON_WORDS,
        respellings=(*told, *asked.named.respellings),
    )


def _together(letter: Letter, before: str, names: StudyNames) -> _Asked:
    """What a letter asks, read together with its own story, or a question with the one before."""
    if not before or letter.story:
        named = names.find(letter.asked)
        spoken = _inherited(named, names, letter.story)
        return _Asked(letter.asked, named, spoken, topic_of(named.rest), with_previous=False)
    asked, lean = join(letter.asked, before)
    rest = names.find(before).rest
    if lean is Lean.words and is_general(rest, ()) and not is_general(letter.asked, ()):
        # "How old were they?" after "what did the Deng trial find?": only the study is missing.
        asked, lean = letter.asked, Lean.studies
    named = names.find(asked)
    if lean in {Lean.fragment, Lean.topic} and (other := _only_named(letter.asked, names)):
        # "And in the Gu study?": the same question of another study.
        named, lean = other._replace(rest=rest), Lean.fragment
    spoken = _inherited(named, names, before) if lean is not Lean.nothing else named
    own = topic_of(named.rest)
    topic = own or (topic_of(before) if lean is Lean.topic else None)
    needed = lean in {Lean.words, Lean.fragment} or spoken != named or topic != own
    return _Asked(asked, named, spoken, topic, needed)


def _inherited(named: Named, names: StudyNames, background: str) -> Named:
    """The same with the studies that were spoken of before, where the question itself names none."""
    if named.studies or named.unknown or not background:
        return named
    spoken = names.find(background)
    return named._replace(studies=spoken.studies, unknown=spoken.unknown, apart=spoken.apart)


def _only_named(question: str, names: StudyNames) -> Named | None:
    """What a question names, where it says nothing else."""
    named = names.find(question)
    return named if (named.studies or named.unknown) and is_general(named.rest, ()) else None


def _plain(text: str, named: Named, sizes: Collection[int | None]) -> str:
    """A text less what only says which studies are meant, and that there are several.

    That is how large a study is ("how did Deng's 18 people do?"), and "compare" before several of them; of
    one study "what was it compared with?" asks for something.
    """
    less = " ".join(word for word in text.split() if number_of(word.strip(".,?!")) not in sizes)
    return _COMPARING.sub(" ", less) if len(named.apart) > 1 else less


def _explained(question: str, glossary: Glossary) -> frozenset[str]:
    """The everyday words of a question for which `Glossary.expand` adds the library's own word."""
    places = (span for _, span in glossary.everyday(question))
    return frozenset(word for start, end in places for word in question[start:end].lower().split())
