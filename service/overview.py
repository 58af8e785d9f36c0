"""Overview: "does it work?" has nothing to look up; it gets the main messages of the strongest studies."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from corpus.passages import Passage
from corpus.sentences import Span
from corpus.studies import Finding, Study
from index.function_words import FUNCTION_WORDS
from service.balance import MAIN_MESSAGE, NEGATIVE, Topic, strength
from service.evidence import Evidence

VOICES = 3
"""Studies that speak beside the strongest one of the other side."""

OPENING = 3
"""Sentences of a section's first paragraph that are its main message, with both groups of a comparison."""

GENERAL = {
    Topic.effect: re.compile(
        r"work(s|ed|ing)?|help(s|ed|ful|ing)?|effective\w*|benefit\w*|good|useful|worth|success\w*|better"
    ),
    Topic.safety: re.compile(r"safe(ty|ly|r)?|unsafe|danger\w*|risk(s|y)?|harm(s|ed|ful)?|hurt(s|ing)?"),
}
"""Words that name a topic and nothing in particular of it."""

COMMON_WORDS = frozenset("treatment treatments therapy people patients patient result results".split())


def is_general(question: str, studies: Iterable[Study]) -> bool:
    """Whether nothing is left of a question but a topic as a whole and the library's own subject."""
    known = FUNCTION_WORDS | COMMON_WORDS | subject_words(tuple(study.title for study in studies))
    words = re.findall(r"[^\W_]+", question.lower())
    return all(word in known or any(topic.fullmatch(word) for topic in GENERAL.values()) for word in words)


@lru_cache(maxsize=8)
def subject_words(all_titles: tuple[str, ...]) -> frozenset[str]:
    """What the whole library is about: the words, singular and plural, that half of the titles have."""
    titles = [set(re.findall(r"[a-z]+", title.lower())) for title in all_titles]
    counts = Counter(word for title in titles for word in title)
    words = {word for word, count in counts.items() if count * 2 >= len(titles)}
    return frozenset(words | {f"{word}s" for word in words})


def overview(
    passages: Sequence[Passage], studies: Mapping[str, Study], topic: Topic
) -> tuple[list[Evidence], list[Evidence]]:
    """The main messages of the strongest studies, and of the strongest that found no benefit or harm.

    Returns:
        Statements and contrast; both empty where no study has a section on the topic.
    """
    openings = {
        passage.study_id: passage
        for passage in reversed(passages)
        if passage.section == MAIN_MESSAGE[topic] and _found(studies[passage.study_id])
    }
    order = sorted(openings, key=lambda study_id: strength(studies[study_id]))
    against = [study_id for study_id in order if studies[study_id].finding in NEGATIVE]
    others = [study_id for study_id in order if study_id not in against]
    return _quotes(others[:VOICES], openings), _quotes(against[:1], openings)


def main_messages(passages: Sequence[Passage], topic: Topic | None) -> list[Evidence]:
    """The opening of each study's section on the topic, for a question about the study as a whole."""
    section = MAIN_MESSAGE[topic or Topic.effect]
    openings = {passage.study_id: passage for passage in reversed(passages) if passage.section == section}
    return _quotes(sorted(openings), openings)


def _found(study: Study) -> bool:
    return study.finding not in {None, Finding.not_reported}


def _quotes(study_ids: Collection[str], openings: Mapping[str, Passage]) -> list[Evidence]:
    return [_opening(openings[study_id]) for study_id in study_ids]


def _opening(passage: Passage) -> Evidence:
    paragraph = passage.start + len(passage.text.split("\n\n", 1)[0])
    sentences = [span for span in passage.sentences[:OPENING] if span.end <= paragraph]
    whole = Span(sentences[0].start, sentences[-1].end)
    return Evidence(passage=passage, sentence=whole, quote=whole, score=1.0)
