"""The fixed words of an answer, and composing it from evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from corpus.glossary import Glossary
from corpus.sentences import Span
from corpus.studies import Design, Finding, Study
from index.search import Hit
from service.answers import (
    DISCLAIMER,
    Answer,
    Citation,
    Contrast,
    Highlight,
    Notice,
    Outcome,
    Statement,
    StudyCard,
    Term,
)
from service.answers import Topic as CoveredTopic
from service.balance import Topic
from service.bibliography import full_reference
from service.doctor import MOST, WITHOUT_EVIDENCE, questions_to_ask
from service.evidence import Evidence, group_by_study
from service.explaining import explain

DESIGN_LABELS = {
    Design.meta_analysis: "pooled review of earlier studies",
    Design.randomized_trial: "trial with groups chosen by chance",
    Design.controlled_study: "study with a comparison group",
    Design.single_arm_trial: "trial without a comparison group",
    Design.cohort: "follow-up study without a comparison group",
    Design.case_series: "report on a series of patients, without a comparison group",
    Design.case_report: "report on one patient",
    Design.other: "study",
}

_SHORT_LABELS = {
    Design.meta_analysis: "pooled review",
    Design.randomized_trial: "randomized trial",
    Design.controlled_study: "comparison study",
    Design.single_arm_trial: "trial",
    Design.cohort: "follow-up study",
    Design.case_series: "patient series",
    Design.case_report: "report",
}

FINDING_LABELS = {
    Finding.benefit: "Reported an improvement",
    Finding.no_difference: "Found no difference between the groups",
    Finding.harm: "Reported harm",
    Finding.mixed: "Mixed results",
    Finding.not_reported: "No results known to us",
}

ANSWERED = "This is what the studies in our library say, in the words of our summaries."
TWO_SIDED = "The studies in our library do not all agree. Both sides are shown here."
UNKNOWN_STUDY = "None of the studies in our library is the one that you name: {names}."
NO_EVIDENCE = (
    "Our library does not say. We found no sentence in our study summaries that answers this question."
)
UNEXPLAINED = (
    "Our library does not say. The question takes something for granted, and no sentence in our study "
    "summaries explains it."
)
IS_IT_TRUE = "I believed this to be known. Is it true, and how do we know?"
ASK_ON_TOPIC = {
    Topic.effect: "Could this help with what I asked about, and how well is that proven?",
    Topic.safety: "Could this happen to somebody who gets the treatment, and how would it be noticed?",
}
"""Questions to take along where the library does not say, by what was asked."""

SCREENED = "We did not search the studies for this message."

CONTRAST_REASONS = {
    Finding.benefit: "This study reported an improvement.",
    Finding.no_difference: "This study found no difference between its groups.",
    Finding.harm: "This study reported harm.",
}

ON_SAFETY = "This is what it says about safety."


class Reference(NamedTuple):
    """What an answer can be replayed by: its own id, the summaries and the index it was made from."""

    answer_id: str
    corpus_version: str
    index_generation: str


def study_label(study: Study) -> str:
    """The study in plain words: "A 2018 follow-up study of 81 people"."""
    words = [
        "A",
        str(study.year) if study.year else "",
        _SHORT_LABELS.get(study.design or Design.other, "study"),
    ]
    people = {None: "", 1: " of one person"}.get(study.people, f" of {study.people} people")
    return " ".join(word for word in words if word) + people


def study_reference(study: Study) -> str:
    """Who and when: "Wang et al., 2018"; the title where no author is known."""
    if not study.authors:
        return study.title
    first, *others = [author.rsplit(" ", 1)[0] for author in study.authors]
    who = f"{first} et al." if others else first
    return f"{who}, {study.year}" if study.year else who


def review_line(study: Study) -> str:
    """Who checked the summary, or that nobody has."""
    if study.reviewed_by and study.reviewed_on:
        return f"Checked by {study.reviewed_by} on {study.reviewed_on:%d %B %Y}"
    return "Not yet checked by a clinician"


def study_card(study: Study) -> StudyCard:
    """What a reader needs to know of a cited study."""
    return StudyCard(
        study_id=study.study_id,
        label=study_label(study),
        reference=study_reference(study),
        full_reference=full_reference(study),
        title=study.title,
        year=study.year,
        design=study.design,
        design_label=DESIGN_LABELS.get(study.design) if study.design else None,
        explained=explain(study),
        people=study.people,
        who=study.who,
        finding=study.finding,
        finding_label=FINDING_LABELS.get(study.finding) if study.finding else None,
        funding=study.funding,
        doi=study.doi,
        link=study.link or (f"https://doi.org/{study.doi}" if study.doi else None),
        cautions=study.cautions,
        marks=study.marks,
        review=review_line(study),
    )


def compose_answer(
    evidence: Sequence[Evidence],
    against: Sequence[Evidence],
    *,
    studies: Mapping[str, Study],
    glossary: Glossary,
    topic: Topic | None,
    notice: Notice | None,
    reference: Reference,
) -> Answer:
    """An answer from the selected sentences; `against` are those of the other side."""
    ordered = group_by_study(evidence)
    statements = [_statement(item, number, studies) for number, item in enumerate(ordered, start=1)]
    first = len(statements) + 1
    opposing = [
        _statement(item, number, studies) for number, item in enumerate(group_by_study(against), start=first)
    ]
    cards = _cards([*statements, *opposing], studies)
    return Answer(
        outcome=Outcome.answered,
        message=TWO_SIDED if opposing else ANSWERED,
        statements=tuple(statements),
        studies=cards,
        contrast=_contrast(opposing, studies, topic),
        terms=_terms([*statements, *opposing], glossary),
        notice=notice,
        ask_your_doctor=questions_to_ask(cards, {item.citation.study_id for item in opposing}, topic),
        disclaimer=DISCLAIMER,
        **reference._asdict(),
    )


def abstain(
    hits: Sequence[Hit],
    studies: Mapping[str, Study],
    notice: Notice | None,
    reference: Reference,
    *,
    topic: Topic | None = None,
    subject: str | None = None,
    presumed: str | None = None,
) -> Answer:
    """The answer that says that the library does not say, with the nearest topics that it covers.

    Args:
        hits: what was found that is near, best first.
        studies: by their ids.
        notice: what stands beside it.
        reference: names the answer.
        topic: what was asked, for a question to take to the doctor.
        subject: a term of the question that the glossary explains, for the same.
        presumed: what the question takes for granted, where it does.
    """
    nearest = dict.fromkeys(hit.passage.study_id for hit in hits)
    return Answer(
        outcome=Outcome.no_evidence,
        message=UNEXPLAINED if presumed else NO_EVIDENCE,
        notice=notice,
        topics=tuple(
            CoveredTopic(
                study_id=study_id, label=f"{study_label(studies[study_id])}: {studies[study_id].title}"
            )
            for study_id in list(nearest)[:3]
        ),
        ask_your_doctor=(*_on_the_matter(topic, subject, presumed), *WITHOUT_EVIDENCE)[:MOST],
        disclaimer=DISCLAIMER,
        **reference._asdict(),
    )


def _on_the_matter(topic: Topic | None, subject: str | None, presumed: str | None) -> Iterator[str]:
    """What to ask the doctor of the very thing that was asked, as far as that is known."""
    if presumed:
        yield IS_IT_TRUE
    if topic:
        yield ASK_ON_TOPIC[topic]
    if subject:
        yield f"My question is about “{subject}”. What is known about that?"


def name_strangers(answer: Answer, names: Sequence[str]) -> Answer:
    """The same, opened by the names that no study in the library has; without names as it is."""
    if not names:
        return answer
    said = UNKNOWN_STUDY.format(names=", ".join(f"\u201c{name}\u201d" for name in names))
    message = f"{said} {answer.message}" if answer.outcome is Outcome.answered else said
    return answer.model_copy(update={"message": message})


def only_notice(notice: Notice, reference: Reference) -> Answer:
    """The answer to a question that was stopped before any search: a fixed card and nothing beside it."""
    return Answer(
        outcome=Outcome.screened,
        message=SCREENED,
        notice=notice,
        disclaimer=DISCLAIMER,
        **reference._asdict(),
    )


def _statement(item: Evidence, number: int, studies: Mapping[str, Study]) -> Statement:
    section = studies[item.study_id].section(item.passage.section)
    mark = item.highlight
    return Statement(
        text=_words(item, section.text),
        citation=Citation(
            number=number,
            study_id=item.study_id,
            section=section.name,
            section_title=section.title,
            start=item.quote.start,
            end=item.quote.end,
            source_sha256=section.sha256,
            highlight=Highlight(start=mark.start, end=mark.end) if mark else None,
        ),
    )


def _words(item: Evidence, section: str) -> str:
    """The quote, as the index has it: so that its proof shows that index and summary are of one text.

    Only a neighbour beyond the end of the passage is taken from the section.
    """
    (start, end), passage = item.quote, item.passage
    first, last = max(start, passage.start), min(end, passage.start + len(passage.text))
    return section[start:first] + passage.quote(Span(first, last)) + section[last:end]


def _cards(statements: Iterable[Statement], studies: Mapping[str, Study]) -> tuple[StudyCard, ...]:
    cited = dict.fromkeys(statement.citation.study_id for statement in statements)
    return tuple(study_card(studies[study_id]) for study_id in cited)


def _contrast(
    statements: Sequence[Statement], studies: Mapping[str, Study], topic: Topic | None
) -> tuple[Contrast, ...]:
    by_study: dict[str, list[Statement]] = {}
    for statement in statements:
        by_study.setdefault(statement.citation.study_id, []).append(statement)
    suffix = f" {ON_SAFETY}" if topic is Topic.safety else ""
    return tuple(
        Contrast(study_id=study_id, why=CONTRAST_REASONS[finding] + suffix, statements=tuple(theirs))
        for study_id, theirs in by_study.items()
        if (finding := studies[study_id].finding) in CONTRAST_REASONS
    )


def _terms(statements: Iterable[Statement], glossary: Glossary) -> tuple[Term, ...]:
    found: dict[str, Term] = {}
    for text in (statement.text for statement in statements):
        for term, span in glossary.find(text):
            known = found.get(term.term, Term(term=term.term, meaning=term.meaning))
            words = dict.fromkeys([*known.words, text[span.start : span.end]])
            found[term.term] = known.model_copy(update={"words": tuple(words)})
    return tuple(found.values())
