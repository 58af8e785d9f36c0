"""Both sides: which questions have two, and which study speaks for the other one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import compress

from corpus.studies import REQUIRED_SECTIONS, Design, Finding, Study, section_name
from service.evidence import Evidence, rank, repeats
from service.reasons import Reason, Tell, untold


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
        r"\b(?:safe\w*|unsafe|danger\w*|risk\w*|harm\w*|side[ -]?effects?|complication\w*|die|dies|died|"
        r"dying|deaths?|dead|fatal\w*|kill(?:s|ed)?|infect\w*|adverse|toxic\w*|hurt\w*|unwanted effects?|"
        r"bad (?:reactions?|effects?|things?)|(?:any|some)thing bad|(?:go(?:es)?|went) wrong|downsides?|"
        r"drawbacks?)\b",
        re.IGNORECASE,
    ),
    Topic.effect: re.compile(
        r"\b(?:work(?:s|ed|ing)?|help(?:s|ed|ful|ing)?|effective\w*|effects?|efficacy|benefit\w*|better|"
        r"improv\w*|cure[sd]?|(?<!for )good|useful|worth|success\w*|heal(?:s|ed)?|remission|recover\w*|"
        r"lower(?:s|ed)?|"
        r"reduc\w*|drop(?:s|ped)?|fell|fall|rise|rose|raised?|decreas\w*|increas\w*|cuts? down|"
        r"(?:go|went|gone) (?:back )?(?:up|down)|(?:come|came) (?:back )?down|do anything|"
        r"(?:make|made) (?:a|any) difference|(?:any|some|much|real) hope|proof|prove[sdn]?|pros and cons|"
        r"what about|"
        r"what (?:are|were) (?:the |their )?(?:\w+ )?(?:results?|outcomes?|findings?)|"
        r"what (?:did|do|have|has) (?:\w+ ){0,4}(?:find|found|shown?|conclude)|"
        r"(?:vs?|versus|against|compared (?:to|with))\W+(?:\w+ ){0,2}"
        r"(?:placebo|controls?|dummy|standard|usual))\b",
        re.IGNORECASE,
    ),
}

FIGURE_OF = re.compile(
    r"\b(?:how (?:many|much|long|old|often|soon|big|large)|what (?:percent\w*|share|number|proportion|rate)|"
    r"number of|percent\w*|which|when|where|effect size)\b",
    re.IGNORECASE,
)
"""Questions of plain fact, although they name an effect: another study's main message is beside the point."""

AGAINST_CONTROLS = re.compile(
    r"\b(?:placebo|dummy|sham|fake|controls|control (?:group|arm|patient)s?|"
    r"(?:standard|usual|regular|normal|ordinary|conventional) (?:\w+ )?"
    r"(?:treatments?|therapy|care|drugs?|medicines?|medication|meds|stuff)|without (?:it|them|the|stem)|"
    r"than (?:nothing|doing nothing))\b",
    re.IGNORECASE,
)
"""Words of a comparison that a study without a comparison group cannot answer."""

COMPARING = frozenset({Design.randomized_trial, Design.controlled_study, Design.meta_analysis})

POSITIVE = frozenset({Finding.benefit})
NEGATIVE = frozenset({Finding.no_difference, Finding.harm})
MIXED = frozenset({Finding.mixed})

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

UNHEARD = (Reason.weak_design, Reason.says_nothing, Reason.side_full, Reason.weaker_study)
"""Why a sentence of the other side may be left out."""


def topic_of(question: str) -> Topic | None:
    """The two-sided topic a question is about, safety before effect; None for questions of plain fact."""
    return next((topic for topic, words in ASKS.items() if words.search(question)), None)


def on_topic(candidates: Iterable[Evidence], topic: Topic | None, tell: Tell = untold) -> list[Evidence]:
    """Those that stand where a summary speaks about the topic; where sections are its own, all of them count.

    So do those that are known to answer questions like this one.

    "The trial was about the kidneys" is near to "did it help the kidneys?" and answers nothing.
    """
    if topic is None:
        return list(candidates)
    elsewhere = SUMMARY_SECTIONS.difference(SECTIONS[topic])
    every = list(candidates)
    off = [item.passage.section in elsewhere and not item.is_known for item in every]
    tell(Reason.off_topic, compress(every, off))
    return [item for item, is_off in zip(every, off, strict=True) if not is_off]


def comparable(
    question: str, candidates: Sequence[Evidence], studies: Mapping[str, Study], tell: Tell = untold
) -> list[Evidence]:
    """Those that can answer a comparison with other treatment: of studies with groups, where there are any.

    "Better than before" is near to "better than placebo?" and answers nothing.
    """
    compared = [item for item in candidates if studies[item.study_id].design in COMPARING]
    if not compared or not AGAINST_CONTROLS.search(question):
        return list(candidates)
    tell(Reason.no_groups, (item for item in candidates if item not in compared))
    return compared


def balance(
    sure: Sequence[Evidence],
    candidates: Iterable[Evidence],
    studies: Mapping[str, Study],
    topic: Topic | None,
    question: str = "",
    *,
    tell: Tell = untold,
) -> tuple[list[Evidence], list[Evidence]]:
    """Parts what answers into the first sentence's side and the other, and sees that each has a voice.

    Args:
        sure: the sentences that may be shown, most direct first.
        candidates: every scored sentence.
        studies: all studies that may be cited.
        topic: what is asked; a question of plain fact has one side and no contrast.
        question: its words.
        tell: is told of those of `sure` that are left out.

    Returns:
        The statements of the first sentence's side, of a study that found both, and of studies that take no
        side; and what the strongest study of the other side says.
    """
    if topic is None or not sure:
        return list(sure), []
    opposite = next(filter(None, (_opposite(studies[item.study_id].finding) for item in sure)), NEGATIVE)
    against = [item for item in sure if studies[item.study_id].finding in opposite]
    ours = [item for item in sure if item not in against]
    is_of_fact = topic is Topic.effect and FIGURE_OF.search(question) is not None
    statements = ours[:2] if is_of_fact else _with_mixed(ours, studies)
    # What a study found says which side it is on of "does it work?"; on safety only harm speaks unasked.
    unasked = not is_of_fact and (topic is Topic.effect or opposite is NEGATIVE)
    voices = [
        item
        for item in rank(candidates)
        if item.passage.section in SECTIONS[topic] and studies[item.study_id].finding in opposite
    ]
    contrast = _strongest(against, voices if unasked else [], studies, topic)
    tell(Reason.side_full, (item for item in ours if item not in statements))
    for reason in UNHEARD:
        unheard = (item for item in against if item not in contrast)
        tell(reason, (item for item in unheard if _why_unheard(item, contrast, studies) is reason))
    return statements, contrast


def _why_unheard(item: Evidence, contrast: Sequence[Evidence], studies: Mapping[str, Study]) -> Reason:
    """Why a sentence of the other side that answers is not shown."""
    if studies[item.study_id].design in WEAKEST:
        return Reason.weak_design
    if item.is_silent:
        return Reason.says_nothing
    speaks = any(item.study_id == other.study_id for other in contrast)
    return Reason.side_full if speaks else Reason.weaker_study


def _with_mixed(ours: Sequence[Evidence], studies: Mapping[str, Study]) -> list[Evidence]:
    """The first two, and the first of a study that found both, where neither of the two is one."""
    mixed = [place for place, item in enumerate(ours) if studies[item.study_id].finding in MIXED]
    return [*ours[:2], *(ours[place] for place in mixed[:1] if place > 1)]


def _opposite(finding: Finding | None) -> frozenset[Finding] | None:
    if finding in POSITIVE | MIXED:
        return NEGATIVE
    return POSITIVE if finding in NEGATIVE else None


def strength(study: Study) -> tuple[int, int, str]:
    """A sort key: the strongest design first, then the larger study."""
    return STRENGTH[study.design or Design.other], -(study.people or 0), study.study_id


def _strongest(
    against: Sequence[Evidence], voices: Sequence[Evidence], studies: Mapping[str, Study], topic: Topic
) -> list[Evidence]:
    """What the strongest study of the other side says: its main message, and a sentence of it that answers.

    Args:
        against: sentences of that side that answer, surest first.
        voices: what that side says on the topic without being asked.
        studies: all studies that may be cited.
        topic: what is asked.
    """
    answering = [
        item for item in against if studies[item.study_id].design not in WEAKEST and not item.is_silent
    ]
    speakers = {item.study_id for item in answering or voices}
    speaker = min(speakers, key=lambda study_id: strength(studies[study_id]), default=None)
    best = [item for item in answering if item.study_id == speaker][:1]
    theirs = [item for item in voices if item.study_id == speaker and not item.is_silent]
    if not theirs or (best and studies[best[0].study_id].finding in POSITIVE):
        return best
    message = min(theirs, key=lambda item: (MAIN_MESSAGE[topic] != item.passage.section, item.sentence))
    return [message, *(item for item in best if not repeats(item, message))]
