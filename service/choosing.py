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
    rank,
    repeats,
    select_evidence,
)
from service.overview import asks_as_a_whole, asks_for_one_thing, main_messages, overviews
from service.reasons import Reason, Tell, untold
from service.sayings import asks_for_silence
from service.scope import of_people_asked_for
from service.understanding import Understood

HEARD = 0.35
"""Least score of a sentence by which a study that is named beside others is heard.

Half the threshold. Over the tuning questions anything from 0.2 to 0.5 does the same; the threshold itself
loses one complete answer of 41.
"""


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
    if asked.unknown_subjects:
        tell(Reason.unknown_subject, candidates)
        return []
    candidates = of_people_asked_for(asked.query, candidates, studies, tell)
    if dose_terms:
        candidates = on_dose(candidates, asked.query, dose_terms, tell)
    if _asks_for_silence(asked):
        tell(Reason.says_something, (item for item in candidates if not item.is_silent))
        candidates = [item for item in candidates if item.is_silent]
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
    if topics := _topics_as_a_whole(asked, is_sure=bool(sure)):
        tell(Reason.as_a_whole, fitting)
        if asked.named:
            return [item for each in topics for item in main_messages(passages, each)], []
        return overviews(index.passages, studies, topics, question, tell)
    if asked.named:
        heard = _each_heard(sure, fitting, asked.apart) if sure else []
        tell(Reason.enough, (item for item in sure if item not in heard))
        return heard, []
    if _asks_for_silence(asked):  # there are no sides to what is not said
        tell(Reason.enough, sure[MAX_STATEMENTS:])
        return sure[:MAX_STATEMENTS], []
    return balance(sure, fitting, studies, topic, question, tell=tell)


def _asks_for_silence(asked: Understood) -> bool:
    """Whether only what sources do not say answers; "which did not report a benefit?" asks for a finding."""
    return asked.topic is not Topic.effect and asks_for_silence(asked.query)


def _each_heard(
    sure: Sequence[Evidence], fitting: Sequence[Evidence], apart: Sequence[frozenset[str]]
) -> list[Evidence]:
    """What answers, with the best sentence of each study that is named beside others, if it may answer.

    Of more studies than an answer has room for, those speak that answer best.
    """
    enough = sure[:MAX_STATEMENTS]
    ranked = [*sure, *(item for item in rank(fitting) if item.score >= HEARD)]
    all_fit = len(apart) <= MAX_STATEMENTS
    voices = (next((item for item in ranked if item.study_id in each), None) for each in apart if all_fit)
    heard = list(dict.fromkeys(item for item in voices if item))
    more = [item for item in enough if item not in heard and not any(repeats(item, one) for one in heard)]
    return sorted([*heard, *more][: max(len(heard), len(enough))], key=ranked.index)


def _topics_as_a_whole(asked: Understood, *, is_sure: bool) -> tuple[Topic, ...]:
    """The topics that a question asks for as a whole; none where sentences are to answer it."""
    topic = asked.topic
    if asked.presumed:
        return ()  # main messages would seem to bear it out
    if asked.is_of_both:
        return tuple(Topic)
    if not asked.is_general:
        return ()
    if topic is None and (not asked.named or asks_for_one_thing(asked.query)):
        return ()
    is_fallback = not is_sure and (topic is Topic.safety or bool(asked.named))
    return (topic or Topic.effect,) if is_fallback or asks_as_a_whole(asked.query, topic) else ()
