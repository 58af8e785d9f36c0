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
from service.languages import ENGLISH, Language, fixed

MOST = 5
"""More would not be asked in one visit."""

SMALL = 100
"""Fewer people than this make a small study, as in `explaining.yaml`."""

WITHOUT_COMPARISON = frozenset(
    {Design.single_arm_trial, Design.cohort, Design.case_series, Design.case_report}
)

ALARMING: frozenset[MarkKind] = frozenset({"retraction", "withdrawal", "expression_of_concern"})

WITHOUT_EVIDENCE = (
    fixed("What is known about this, and how sure is it?"),
    fixed("What does it mean for someone with my illness and my other medicines?"),
    fixed("Where can I find good information about this?"),
)
"""What can be asked where the library does not say."""

ON_SAFETY = fixed("Which of these harms matter most for me, with my health and my other medicines?")
ON_HARM = fixed("What harm has been seen, and how would it be noticed and treated?")
ON_CHOICES = fixed("What else is there for me, and how well is that proven?")
ON_CONFLICT = fixed("These studies do not agree. Why is that, and which of them should count more?")
ON_ALARM = fixed("There is a warning about a paper here ({reference}). Does its result still count?")
ON_BOTH = fixed(
    "Not the same people took part. {ours}: {our_people}. {theirs}: {their_people}. "
    "Which of them am I more like?"
)
ON_BOTH_UNTOLD = fixed(
    "Not the same people took part in {ours} and in {theirs}. Which of them am I more like?"
)
ON_PEOPLE = fixed("Who took part in {reference}: {people}. Am I like them?")
ON_PEOPLE_UNTOLD = fixed("Who took part in {reference}? Am I like them?")
ON_UNKNOWN_PEOPLE = fixed("Who took part is not known here. Would the results be true for someone like me?")
ON_ONE_WITHOUT = fixed("This study had no comparison group. What do studies with one say?")
ON_ALL_WITHOUT = fixed("None of these studies had a comparison group. What do studies with one say?")
ON_SOME_WITHOUT = fixed(
    "Some of these studies had no comparison group. How sure can we be of what they found?"
)
ON_RESULTS = fixed("We do not know what {reference}, found. Is it known by now?")
ON_ITS_AGE = fixed("This study is from {year}. Has anything been found since?")
ON_THEIR_AGE = fixed("The newest of these studies is from {year}. Has anything been found since?")
ON_ITS_SIZE = fixed("This was a small study. Is there a larger one?")
ON_THEIR_SIZE = fixed("These were small studies. Are there larger ones?")


def questions_to_ask(
    studies: Sequence[StudyCard],
    against: Collection[str],
    topic: Topic | None,
    language: Language = ENGLISH,
) -> tuple[str, ...]:
    """Three to five questions that an answer leaves open, the weightiest first.

    Args:
        studies: the cited studies, in order of appearance; at least one.
        against: the ids of those on the other side.
        topic: what was asked, where that is known.
        language: what they are asked in.
    """
    questions = [
        *_on_notices(studies, language),
        *([language.gettext(ON_CONFLICT)] if against else []),
        _on_people(studies, against, language),
        *_on_design(studies, language),
        *_on_results(studies, language),
        language.gettext(ON_SAFETY if topic is Topic.safety else ON_HARM),
        *_on_age(studies, language),
        *_on_size(studies, language),
        language.gettext(ON_CHOICES),
    ]
    return tuple(questions[:MOST])


def _on_notices(studies: Sequence[StudyCard], language: Language) -> Iterator[str]:
    for card in studies:
        if any(mark.kind in ALARMING for mark in card.marks):
            yield language.gettext(ON_ALARM, reference=card.reference)


def _on_people(studies: Sequence[StudyCard], against: Collection[str], language: Language) -> str:
    """Who took part, in the summaries' own words where those are in the same language; on both sides.

    A pooled review comes last: it mixes people of many kinds.
    """
    known = sorted(
        (card for card in studies if card.who), key=lambda card: card.design is Design.meta_analysis
    )
    ours = next((card for card in known if card.study_id not in against), None)
    theirs = next((card for card in known if card.study_id in against), None)
    if ours and theirs and _who(ours) != _who(theirs):
        return language.gettext(
            ON_BOTH if language.is_of_library else ON_BOTH_UNTOLD,
            ours=ours.reference,
            our_people=_who(ours),
            theirs=theirs.reference,
            their_people=_who(theirs),
        )
    if one := ours or theirs:
        text = ON_PEOPLE if language.is_of_library else ON_PEOPLE_UNTOLD
        return language.gettext(text, reference=one.reference, people=_who(one))
    return language.gettext(ON_UNKNOWN_PEOPLE)


def _on_design(studies: Sequence[StudyCard], language: Language) -> Iterator[str]:
    lacking = [card for card in studies if card.design in WITHOUT_COMPARISON]
    if lacking and len(lacking) == len(studies):
        yield language.gettext(ON_ONE_WITHOUT if len(studies) == 1 else ON_ALL_WITHOUT)
    elif lacking:
        yield language.gettext(ON_SOME_WITHOUT)


def _on_results(studies: Sequence[StudyCard], language: Language) -> Iterator[str]:
    unknown = next((card for card in studies if card.finding is Finding.not_reported), None)
    if unknown:
        yield language.gettext(ON_RESULTS, reference=unknown.reference)


def _on_age(studies: Sequence[StudyCard], language: Language) -> Iterator[str]:
    years = [card.year for card in studies if card.year]
    if years:
        yield language.gettext(ON_ITS_AGE if len(studies) == 1 else ON_THEIR_AGE, year=max(years))


def _on_size(studies: Sequence[StudyCard], language: Language) -> Iterator[str]:
    if all(card.people is not None and card.people < SMALL for card in studies):
        yield language.gettext(ON_ITS_SIZE if len(studies) == 1 else ON_THEIR_SIZE)


def _who(card: StudyCard) -> str:
    """The first part of what is known of the people: what stands in brackets or after a stop is detail."""
    plain = re.sub(r"\s*\([^)]*\)", "", card.who or "")
    return re.split(r"[;:]|\.(?:\s|$)", plain)[0].strip()
