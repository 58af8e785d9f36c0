"""Understanding: what a question asks for, told from its words alone, before anything is searched."""

from dataclasses import dataclass

from corpus.glossary import Glossary
from index.search import PassageIndex
from service.answers import Respelling
from service.balance import Topic, topic_of
from service.overview import COMMON_WORDS, is_general
from service.restriction import named_studies, without_names
from service.spelling import Speller


@dataclass(frozen=True, slots=True)
class Understood:
    """A question made ready for search.

    Attributes:
        query: what is searched and read: rightly spelt, without the words that only name a study, and with
            the library's own words for everyday ones.
        named: the studies that the question names; empty where it names none.
        topic: effect or safety, where it asks for one of them.
        is_general: whether it asks for nothing in particular.
        ignored: words, in lower case, that no sentence needs to match.
        respellings: words that were read as others.
    """

    query: str
    named: frozenset[str]
    topic: Topic | None
    is_general: bool
    ignored: frozenset[str]
    respellings: tuple[Respelling, ...]


def understand(question: str, index: PassageIndex, glossary: Glossary, speller: Speller) -> Understood:
    """Tells what a question asks for."""
    studies = index.studies
    named = named_studies(question, studies.values())
    asked = without_names(question, (studies[study_id] for study_id in named)) if named else question
    asked, respellings = speller.mend(asked, index.encoder.knows)
    return Understood(
        query=glossary.expand(asked),
        named=named,
        topic=topic_of(asked),
        is_general=is_general(asked, studies.values()),
        ignored=_explained(asked, glossary) | COMMON_WORDS,
        respellings=respellings,
    )


def _explained(question: str, glossary: Glossary) -> frozenset[str]:
    """The everyday words of a question for which `Glossary.expand` adds the library's own word."""
    plain = {span for _, span in glossary.find(question)}
    lay = {span for _, span in glossary.find(question, lay=True)} - plain
    return frozenset(word for start, end in lay for word in question[start:end].lower().split())
