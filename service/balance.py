"""Both sides: which questions have two, and which study speaks for the other one."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum

from corpus.studies import REQUIRED_SECTIONS, Design, Finding, Study, section_name
from service.evidence import THRESHOLD, Evidence, without_repeats


class Topic(StrEnum):
    """What a two-sided question is about."""

    effect = "effect"
    safety = "safety"


SECTIONS = {
    Topic.effect: ("what-they-found", "key-messages"),
    Topic.safety: ("side-effects-and-safety", "key-messages"),
}
"""Where a study speaks about the topic, best place first."""

MAIN_MESSAGE = {Topic.effect: "key-messages", Topic.safety: "side-effects-and-safety"}
"""The section whose first sentence says what matters most on the topic."""

SUMMARY_SECTIONS = frozenset(map(section_name, REQUIRED_SECTIONS))

ASKS = {
    Topic.safety: re.compile(
        r"\b(?:safe|safety|unsafe|danger\w*|risk\w*|harm\w*|side[ -]?effects?|complication\w*|die|died|"
        r"dying|deaths?|kill(?:s|ed)?|infect\w*|adverse|toxic\w*|bad reactions?|hurt)\b",
        re.IGNORECASE,
    ),
    Topic.effect: re.compile(
        r"\b(?:work(?:s|ed|ing)?|help(?:s|ed|ful|ing)?|effective\w*|effects?|benefit\w*|better|improv\w*|cure[sd]?|"
        r"good|useful|worth|success\w*|heal(?:s|ed)?|remission|recover\w*|lower(?:s|ed)?|reduc\w*|drop(?:s|ped)?|"
        r"fell|fall|rise|rose|raised?|decreas\w*|increas\w*|(?:go|went|gone|come|came) (?:up|down))\b",
        re.IGNORECASE,
    ),
}

POSITIVE = frozenset({Finding.benefit})
NEGATIVE = frozenset({Finding.no_difference, Finding.harm})

STRENGTH = {
    Design.randomized_trial: 0,
    Design.controlled_study: 1,
    Design.meta_analysis: 2,
    Design.single_arm_trial: 3,
    Design.cohort: 4,
    Design.case_series: 5,
    Design.case_report: 6,
    Design.other: 7,
}
"""Order in which studies may speak for the other side: a trial with its own comparison group first, since a
pooled review is no stronger than what it pools."""


WEAKEST = frozenset({Design.case_report, Design.case_series, None})
"""Designs that never speak alone for a side."""


def topic_of(question: str) -> Topic | None:
    """The two-sided topic a question is about, safety before effect; None for questions of plain fact."""
    return next((topic for topic, words in ASKS.items() if words.search(question)), None)


def on_topic(candidates: Iterable[Evidence], topic: Topic | None) -> list[Evidence]:
    """Those that stand where a summary speaks about the topic; where sections are its own, all of them count.

    "The trial was about the kidneys" is near to "did it help the kidneys?" and answers nothing.
    """
    if topic is None:
        return list(candidates)
    return [
        item
        for item in candidates
        if item.passage.section in SECTIONS[topic] or item.passage.section not in SUMMARY_SECTIONS
    ]


def balance(
    chosen: Sequence[Evidence],
    candidates: Iterable[Evidence],
    studies: Mapping[str, Study],
    topic: Topic | None,
) -> tuple[list[Evidence], list[Evidence]]:
    """Parts what was chosen into the first answer's side and the other, and sees that the other has a voice.

    Args:
        chosen: the selected sentences, most direct first.
        candidates: every scored sentence.
        studies: all studies that may be cited.
        topic: what is asked; a question of plain fact has one side and no contrast.

    Returns:
        The statements of the first sentence's side (and of studies that take none), and the contrast.
    """
    if topic is None or not chosen:
        return list(chosen), []
    sides = (_opposite(studies[item.study_id].finding) for item in chosen)
    opposite = next((side for side in sides if side), NEGATIVE)
    against = [item for item in chosen if studies[item.study_id].finding in opposite]
    rest = [item for item in chosen if item not in against]
    if all(studies[item.study_id].design in WEAKEST for item in against):
        against = without_repeats([*_strongest(candidates, studies, opposite, topic), *against])
    return rest, against


def _opposite(finding: Finding | None) -> frozenset[Finding] | None:
    if finding in POSITIVE:
        return NEGATIVE
    return POSITIVE if finding in NEGATIVE else None


def strength(study: Study) -> tuple[int, int, str]:
    """A sort key: the strongest design first, then the larger study."""
    return STRENGTH[study.design or Design.other], -(study.people or 0), study.study_id


def _strongest(
    candidates: Iterable[Evidence], studies: Mapping[str, Study], findings: Collection[Finding], topic: Topic
) -> list[Evidence]:
    """What the strongest study with one of the findings says: its main message, and its best sentence."""
    voices = [
        item
        for item in candidates
        if studies[item.study_id].finding in findings and item.passage.section in SECTIONS[topic]
    ]
    strongest = min(
        {item.study_id for item in voices}, key=lambda name: strength(studies[name]), default=None
    )
    theirs = [item for item in voices if item.study_id == strongest]
    if not theirs:
        return []
    message = min(theirs, key=lambda item: (MAIN_MESSAGE[topic] != item.passage.section, item.sentence))
    best = max(theirs, key=lambda item: item.score)
    return without_repeats([message, *([best] if best.score >= THRESHOLD else [])])
