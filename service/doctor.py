"""Doctor: questions to take along, built from what an answer rests on.

The patterns are fixed and only ask: what a study found is never turned into what somebody should do.
What to ask of a study follows Cochrane's plain-language standards (who took part, compared with what, how
sure, how current) and the questions for shared decisions of AHRQ's SHARE approach (harms, other choices).
"""

import re
from collections.abc import Collection, Iterator, Sequence

from corpus.studies import Design, Finding, MarkKind
from service.answers import StudyCard
from service.balance import Topic

MOST = 5
"""More would not be asked in one visit."""

SMALL = 100
"""Fewer people than this make a small study, as in `explaining.yaml`."""

WITHOUT_COMPARISON = frozenset(
    {Design.single_arm_trial, Design.cohort, Design.case_series, Design.case_report}
)

ALARMING: frozenset[MarkKind] = frozenset({"retraction", "withdrawal", "expression_of_concern"})

WITHOUT_EVIDENCE = (
    "What is known about this, and how sure is it?",
    "What does it mean for someone with my illness and my other medicines?",
    "Where can I find good information about this?",
)
"""What can be asked where the library does not say."""

ON_SAFETY = "Which of these harms matter most for me, with my health and my other medicines?"
ON_HARM = "What harm has been seen, and how would it be noticed and treated?"
ON_CHOICES = "What else is there for me, and how well is that proven?"


def questions_to_ask(
    studies: Sequence[StudyCard], against: Collection[str], topic: Topic | None
) -> tuple[str, ...]:
    """Three to five questions that an answer leaves open, the weightiest first.

    Args:
        studies: the cited studies, in order of appearance; at least one.
        against: the ids of those on the other side.
        topic: what was asked, where that is known.
    """
    questions = [
        *_on_notices(studies),
        *(
            ["These studies do not agree. Why is that, and which of them should count more?"]
            if against
            else []
        ),
        _on_people(studies, against),
        *_on_design(studies),
        *_on_results(studies),
        ON_SAFETY if topic is Topic.safety else ON_HARM,
        *_on_age(studies),
        *_on_size(studies),
        ON_CHOICES,
    ]
    return tuple(questions[:MOST])


def _on_notices(studies: Sequence[StudyCard]) -> Iterator[str]:
    for card in studies:
        if any(mark.kind in ALARMING for mark in card.marks):
            yield f"There is a warning about a paper here ({card.reference}). Does its result still count?"


def _on_people(studies: Sequence[StudyCard], against: Collection[str]) -> str:
    """Who took part, in the summaries' own words; on both sides where there are two.

    A pooled review comes last: it mixes people of many kinds.
    """
    known = sorted(
        (card for card in studies if card.who), key=lambda card: card.design is Design.meta_analysis
    )
    ours = next((card for card in known if card.study_id not in against), None)
    theirs = next((card for card in known if card.study_id in against), None)
    if ours and theirs and _who(ours) != _who(theirs):
        return (
            f"Not the same people took part. {ours.reference}: {_who(ours)}. "
            f"{theirs.reference}: {_who(theirs)}. Which of them am I more like?"
        )
    if one := ours or theirs:
        return f"Who took part in {one.reference}: {_who(one)}. Am I like them?"
    return "Who took part is not known here. Would the results be true for someone like me?"


def _on_design(studies: Sequence[StudyCard]) -> Iterator[str]:
    lacking = [card for card in studies if card.design in WITHOUT_COMPARISON]
    if lacking and len(lacking) == len(studies):
        which = "This study had no" if len(studies) == 1 else "None of these studies had a"
        yield f"{which} comparison group. What do studies with one say?"
    elif lacking:
        yield "Some of these studies had no comparison group. How sure can we be of what they found?"


def _on_results(studies: Sequence[StudyCard]) -> Iterator[str]:
    unknown = next((card for card in studies if card.finding is Finding.not_reported), None)
    if unknown:
        yield f"We do not know what {unknown.reference}, found. Is it known by now?"


def _on_age(studies: Sequence[StudyCard]) -> Iterator[str]:
    years = [card.year for card in studies if card.year]
    if years:
        which = "This study is" if len(studies) == 1 else "The newest of these studies is"
        yield f"{which} from {max(years)}. Has anything been found since?"


def _on_size(studies: Sequence[StudyCard]) -> Iterator[str]:
    if all(card.people is not None and card.people < SMALL for card in studies):
        which = "This was a small study. Is there a larger one?"
        yield which if len(studies) == 1 else "These were small studies. Are there larger ones?"


def _who(card: StudyCard) -> str:
    """The first part of what is known of the people: what stands in brackets or after a stop is detail."""
    plain = re.sub(r"\s*\([^)]*\)", "", card.who or "")
    return re.split(r"[;:]|\.(?:\s|$)", plain)[0].strip()
