"""Choosing: which sentences a question gets, and which stand against them."""

from collections.abc import Mapping, Sequence

from corpus.glossary import Glossary
from corpus.passages import Passage
from corpus.studies import Study
from index.search import PassageIndex
from service.balance import Topic, balance, comparable, on_topic
from service.evidence import (
    MAX_STATEMENTS,
    MAX_VOICES,
    Evidence,
    giving_reasons,
    on_dose,
    select_evidence,
)
from service.overview import asks_as_a_whole, main_messages, overview
from service.reasons import Reason, Tell, untold
from service.understanding import Understood


def fitting_sentences(
    asked: Understood,
    candidates: Sequence[Evidence],
    studies: Mapping[str, Study],
    dose_terms: Glossary | None = None,
    tell: Tell = untold,
) -> list[Evidence]:
    """The sentences that speak of what was asked, however well they answer.

    Args:
        asked: what the question asks for.
        candidates: scored sentences.
        studies: by their ids.
        dose_terms: for a question how much somebody may take, the terms that tell drugs apart.
        tell: is told of those that do not fit.
    """
    if asked.unknown_names and not asked.named:
        # Whatever is near to the question, it stands in another study than the one that was named.
        tell(Reason.unknown_study, candidates)
        return []
    if dose_terms:
        candidates = on_dose(candidates, asked.query, dose_terms, tell)
    fitting = comparable(asked.query, on_topic(candidates, asked.topic, tell), studies, tell)
    return giving_reasons(fitting, tell) if asked.presumed else fitting


def choose_sides(
    asked: Understood,
    passages: Sequence[Passage],
    fitting: Sequence[Evidence],
    index: PassageIndex,
    tell: Tell = untold,
) -> tuple[list[Evidence], list[Evidence]]:
    """What is quoted, and what stands against it; a named study is answered from alone.

    Args:
        asked: what the question asks for.
        passages: those that were read.
        fitting: the sentences among which to choose; none of them, and nothing is quoted.
        index: the studies and all their passages.
        tell: is told of those that are not quoted.
    """
    if not fitting:
        return [], []
    question, topic, studies = asked.query, asked.topic, index.studies
    most = MAX_VOICES if topic else MAX_STATEMENTS
    sure = select_evidence(fitting, question=question, limit=most, tell=tell)
    is_whole = asked.is_general and asks_as_a_whole(question, topic)
    gets_overview = is_whole or (topic is Topic.safety and asked.is_general and not sure)
    if gets_overview and topic and not asked.named:
        tell(Reason.as_a_whole, fitting)
        return overview(index.passages, studies, topic, question, tell)
    if asked.named and (is_whole or (asked.is_general and not sure)):
        tell(Reason.as_a_whole, fitting)
        return main_messages(passages, topic), []
    if asked.named:
        tell(Reason.enough, sure[MAX_STATEMENTS:])
        return sure[:MAX_STATEMENTS], []
    return balance(sure, fitting, studies, topic, question, tell=tell)
