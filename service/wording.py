"""The fixed words of an answer, and composing it from evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from corpus.glossary import Glossary
from corpus.sentences import Span
from corpus.studies import Design, Finding, MarkKind, Study
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
from service.languages import ENGLISH, Language, fixed

DESIGN_LABELS = {
    Design.meta_analysis: fixed("pooled review of earlier studies"),
    Design.randomized_trial: fixed("trial with groups chosen by chance"),
    Design.controlled_study: fixed("study with a comparison group"),
    Design.single_arm_trial: fixed("trial without a comparison group"),
    Design.cohort: fixed("follow-up study without a comparison group"),
    Design.case_series: fixed("report on a series of patients, without a comparison group"),
    Design.case_report: fixed("report on one patient"),
    Design.other: fixed("study"),
}

_SHORT_LABELS = {
    Design.meta_analysis: fixed("pooled review"),
    Design.randomized_trial: fixed("randomized trial"),
    Design.controlled_study: fixed("comparison study"),
    Design.single_arm_trial: fixed("trial"),
    Design.cohort: fixed("follow-up study"),
    Design.case_series: fixed("patient series"),
    Design.case_report: fixed("report"),
}

FINDING_LABELS = {
    Finding.benefit: fixed("Reported an improvement"),
    Finding.no_difference: fixed("Found no difference between the groups"),
    Finding.harm: fixed("Reported harm"),
    Finding.mixed: fixed("Mixed results"),
    Finding.not_reported: fixed("No results known to us"),
}

MARK_LABELS: Mapping[MarkKind, str] = {
    "retraction": fixed("Retraction"),
    "withdrawal": fixed("Withdrawal"),
    "expression_of_concern": fixed("Expression of concern"),
    "correction": fixed("Correction"),
    "erratum": fixed("Erratum"),
    "update": fixed("Update"),
}

_TAKEN_BACK = fixed("This paper was taken back after it came out. Its results cannot be relied on.")
MARK_MEANINGS: Mapping[MarkKind, str] = {
    "retraction": _TAKEN_BACK,
    "withdrawal": _TAKEN_BACK,
    "expression_of_concern": fixed("The journal has warned that something in this paper may be wrong."),
}
"""What the gravest marks mean, for who does not know the word; the words of explaining.yaml."""

ANSWERED = fixed("This is what the studies in our library say, in the words of our summaries.")
TWO_SIDED = fixed("The studies in our library do not all agree. Both sides are shown here.")
UNKNOWN_STUDY = fixed("None of the studies in our library is the one that you name: {names}.")
UNKNOWN_SUBJECT = fixed("Our library does not say. None of its summaries speaks of {names}.")
NO_EVIDENCE = fixed(
    "Our library does not say. We found no sentence in our study summaries that answers this question."
)
UNEXPLAINED = fixed(
    "Our library does not say. The question takes something for granted, and no sentence in our study "
    "summaries explains it."
)
IS_IT_TRUE = fixed("I believed this to be known. Is it true, and how do we know?")
ON_SUBJECT = fixed("My question is about “{subject}”. What is known about that?")
ASK_ON_TOPIC = {
    Topic.effect: fixed("Could this help with what I asked about, and how well is that proven?"),
    Topic.safety: fixed("Could this happen to somebody who gets the treatment, and how would it be noticed?"),
}
"""Questions to take along where the library does not say, by what was asked."""

SCREENED = fixed("We did not search the studies for this message.")

CONTRAST_REASONS = {
    Finding.benefit: fixed("This study reported an improvement."),
    Finding.no_difference: fixed("This study found no difference between its groups."),
    Finding.harm: fixed("This study reported harm."),
}

ON_SAFETY = fixed("This is what it says about safety.")


class Reference(NamedTuple):
    """What an answer can be replayed by: its own id, the summaries and the index it was made from."""

    answer_id: str
    corpus_version: str
    index_generation: str


def study_label(study: Study, language: Language = ENGLISH) -> str:
    """The study in plain words: "A 2018 follow-up study of 81 people"."""
    known = {
        "kind": language.gettext(_SHORT_LABELS.get(study.design or Design.other, fixed("study"))),
        "year": study.year,
        "people": study.people,
    }
    if study.people is None:
        label = language.gettext(fixed("A {year} {kind}") if study.year else fixed("A {kind}"), **known)
    elif study.year:
        label = language.ngettext(
            "A {year} {kind} of one person", "A {year} {kind} of {people} people", study.people, **known
        )
    else:
        label = language.ngettext(
            "A {kind} of one person", "A {kind} of {people} people", study.people, **known
        )
    return label[:1].upper() + label[1:]


def study_reference(study: Study) -> str:
    """Who and when: "Wang et al., 2018"; the title where no author is known."""
    if not study.authors:
        return study.title
    first, *others = [author.rsplit(" ", 1)[0] for author in study.authors]
    who = f"{first} et al." if others else first
    return f"{who}, {study.year}" if study.year else who


def review_line(study: Study, language: Language = ENGLISH) -> str:
    """Who checked the summary, or that nobody has."""
    if study.reviewed_by and study.reviewed_on:
        day = language.day(study.reviewed_on)
        return language.gettext("Checked by {who} on {day}", who=study.reviewed_by, day=day)
    return language.gettext("Not yet checked by a clinician")


def study_card(study: Study, language: Language = ENGLISH) -> StudyCard:
    """What a reader needs to know of a cited study: our own words in a language, the study's as they are."""
    design = DESIGN_LABELS[study.design] if study.design else None
    finding = FINDING_LABELS[study.finding] if study.finding else None
    return StudyCard(
        study_id=study.study_id,
        label=study_label(study, language),
        reference=study_reference(study),
        full_reference=full_reference(study),
        title=study.title,
        year=study.year,
        design=study.design,
        design_label=language.gettext(design) if design else None,
        explained=explain(study, language),
        people=study.people,
        who=study.who,
        finding=study.finding,
        finding_label=language.gettext(finding) if finding else None,
        funding=study.funding,
        doi=study.doi,
        link=study.link or (f"https://doi.org/{study.doi}" if study.doi else None),
        cautions=study.cautions,
        marks=study.marks,
        review=review_line(study, language),
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
    language: Language = ENGLISH,
) -> Answer:
    """An answer from the selected sentences; `against` are those of the other side."""
    ordered = group_by_study(evidence)
    statements = [_statement(item, number, studies) for number, item in enumerate(ordered, start=1)]
    first = len(statements) + 1
    opposing = [
        _statement(item, number, studies) for number, item in enumerate(group_by_study(against), start=first)
    ]
    cards = _cards([*statements, *opposing], studies, language)
    return Answer(
        outcome=Outcome.answered,
        message=language.gettext(TWO_SIDED if opposing else ANSWERED),
        statements=tuple(statements),
        studies=cards,
        contrast=_contrast(opposing, studies, topic, language),
        terms=_terms([*statements, *opposing], glossary),
        notice=notice,
        ask_your_doctor=questions_to_ask(
            cards, {item.citation.study_id for item in opposing}, topic, language
        ),
        **_always(reference, language),
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
    language: Language = ENGLISH,
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
        language: what it is said in.
    """
    nearest = dict.fromkeys(hit.passage.study_id for hit in hits)
    return Answer(
        outcome=Outcome.no_evidence,
        message=language.gettext(UNEXPLAINED if presumed else NO_EVIDENCE),
        notice=notice,
        topics=tuple(
            CoveredTopic(
                study_id=study_id,
                label=study_label(studies[study_id], language),
                title=studies[study_id].title,
            )
            for study_id in list(nearest)[:3]
        ),
        ask_your_doctor=(
            *_on_the_matter(topic, subject, presumed, language),
            *map(language.gettext, WITHOUT_EVIDENCE),
        )[:MOST],
        **_always(reference, language),
    )


def _on_the_matter(
    topic: Topic | None, subject: str | None, presumed: str | None, language: Language
) -> Iterator[str]:
    """What to ask the doctor of the very thing that was asked, as far as that is known."""
    if presumed:
        yield language.gettext(IS_IT_TRUE)
    if topic:
        yield language.gettext(ASK_ON_TOPIC[topic])
    if subject:
        yield language.gettext(ON_SUBJECT, subject=subject)


def name_strangers(
    answer: Answer, names: Sequence[str], subjects: Sequence[str] = (), language: Language = ENGLISH
) -> Answer:
    """The same, opened by what the library does not have; without any of it as it is.

    Args:
        answer: what was found.
        names: those that no study has.
        subjects: what no summary speaks of; told where no name is.
        language: of the fixed words.
    """
    strange = names or subjects
    if not strange:
        return answer
    wording = UNKNOWN_STUDY if names else UNKNOWN_SUBJECT
    said = language.gettext(wording, names=", ".join(f"\u201c{name}\u201d" for name in strange))
    message = f"{said} {answer.message}" if answer.outcome is Outcome.answered else said
    return answer.model_copy(update={"message": message})


def only_notice(notice: Notice, reference: Reference, language: Language = ENGLISH) -> Answer:
    """The answer to a question that was stopped before any search: a fixed card and nothing beside it."""
    return Answer(
        outcome=Outcome.screened,
        message=language.gettext(SCREENED),
        notice=notice,
        **_always(reference, language),
    )


def _always(reference: Reference, language: Language) -> dict[str, str]:
    """What no answer is without."""
    said = {"disclaimer": language.gettext(DISCLAIMER), "language": language.code}
    return said | reference._asdict()


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


def _cards(
    statements: Iterable[Statement], studies: Mapping[str, Study], language: Language
) -> tuple[StudyCard, ...]:
    cited = dict.fromkeys(statement.citation.study_id for statement in statements)
    return tuple(study_card(studies[study_id], language) for study_id in cited)


def _contrast(
    statements: Sequence[Statement], studies: Mapping[str, Study], topic: Topic | None, language: Language
) -> tuple[Contrast, ...]:
    by_study: dict[str, list[Statement]] = {}
    for statement in statements:
        by_study.setdefault(statement.citation.study_id, []).append(statement)
    suffix = f" {language.gettext(ON_SAFETY)}" if topic is Topic.safety else ""
    return tuple(
        Contrast(
            study_id=study_id,
            why=language.gettext(CONTRAST_REASONS[finding]) + suffix,
            statements=tuple(theirs),
        )
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
