import pytest

from corpus.glossary import Glossary
from corpus.passages import split_study
from corpus.sentences import Span
from corpus.studies import LIBRARY, Study, load_studies
from index.search import Hit
from service.answers import Highlight
from service.balance import Topic
from service.evidence import Evidence
from service.wording import (
    ASK_ON_TOPIC,
    DESIGN_LABELS,
    FINDING_LABELS,
    IS_IT_TRUE,
    NO_EVIDENCE,
    UNEXPLAINED,
    Reference,
    abstain,
    compose_answer,
    review_line,
    study_card,
    study_label,
    study_reference,
)
from tests.studies import make_study

REFERENCE = Reference("a", "c", "g")


@pytest.mark.parametrize(
    ("study", "label"),
    [
        (make_study(design="cohort", year="2018", people="81"), "A 2018 follow-up study of 81 people"),
        (make_study(design="randomized_trial", people="18"), "A 2020 randomized trial of 18 people"),
        (make_study(design="case_report", people="1"), "A 2020 report of one person"),
        (make_study(design="meta_analysis", people="null"), "A 2020 pooled review"),
        (make_study(design="other", people="null"), "A 2020 study"),
    ],
)
def test_label_is_plain(study: Study, label: str) -> None:
    """A study is named by year, design and size, and by what is known of them only."""
    assert study_label(study) == label


@pytest.mark.parametrize(
    ("authors", "reference"),
    [
        ("[Doe J, Roe R, Poe P]", "Doe et al., 2020"),
        ("[Doe J]", "Doe, 2020"),
        ("[Farge-Bancel D, Roe R]", "Farge-Bancel et al., 2020"),
        ("[van der Berg A, Roe R]", "van der Berg et al., 2020"),
        ("[]", "A study of cells"),
    ],
)
def test_reference_names_first_author_and_year(authors: str, reference: str) -> None:
    """The first author's family name stands for the paper; without authors its title does."""
    assert study_reference(make_study(authors=authors)) == reference


def test_review_is_said_honestly() -> None:
    """A summary that nobody has checked says so; one that was says who and when."""
    assert review_line(make_study()) == "Not yet checked by a clinician"
    checked = make_study(reviewed_by="Dr Doe", reviewed_on="2026-11-01")
    assert review_line(checked) == "Checked by Dr Doe on 1 November 2026"


def test_every_shipped_study_has_a_full_card() -> None:
    """Each card of the shipped library has label, design, finding and a link in words."""
    for study in load_studies(LIBRARY):
        card = study_card(study)
        assert card.label.startswith(f"A {study.year} ")
        assert card.design_label in DESIGN_LABELS.values()
        assert card.finding_label in FINDING_LABELS.values()
        assert card.link


def hits(*studies: Study) -> list[Hit]:
    passages = [passage for study in studies for passage in split_study(study)]
    return [Hit(passage=passage, score=0.9, rank=1, dense=0.5, lexical=1.0) for passage in passages]


def test_abstention_names_the_nearest_studies_once() -> None:
    """Up to three studies are named, in the order in which they were found."""
    studies = {f"doe{year}": make_study(f"doe{year}") for year in range(2000, 2005)}
    answer = abstain(hits(*reversed(studies.values())), studies, None, REFERENCE)
    assert answer.message == NO_EVIDENCE
    assert [topic.study_id for topic in answer.topics] == ["doe2004", "doe2003", "doe2002"]
    assert abstain([], studies, None, REFERENCE).topics == ()


def test_abstention_asks_the_doctor_about_the_matter() -> None:
    """What was asked, as far as it is known, comes before the questions that fit everywhere."""
    plain = abstain([], {}, None, REFERENCE)
    answer = abstain([], {}, None, REFERENCE, topic=Topic.safety, subject="belimumab")
    assert answer.ask_your_doctor[0] == ASK_ON_TOPIC[Topic.safety]
    assert "belimumab" in answer.ask_your_doctor[1]
    assert answer.ask_your_doctor[2] == plain.ask_your_doctor[0]


def test_claim_is_not_repeated() -> None:
    """A question that takes something for granted is told so in fixed words, never in its own."""
    answer = abstain([], {}, None, REFERENCE, presumed="it cures everybody")
    assert answer.message == UNEXPLAINED
    assert answer.ask_your_doctor[0] == IS_IT_TRUE
    assert "cures" not in answer.model_dump_json()


def test_highlight_is_what_was_marked() -> None:
    """The part that was marked is sent with offsets in the section, and nothing where nothing was."""
    study = make_study()
    passage = next(p for p in split_study(study) if p.section == "what-they-found")
    item = Evidence(passage=passage, sentence=passage.sentences[0], quote=passage.sentences[0], score=0.9)
    answer = compose_answer(
        [item.marked(Span(0, 7)), item],
        [],
        studies={study.study_id: study},
        glossary=Glossary(),
        topic=None,
        notice=None,
        reference=REFERENCE,
    )
    assert [statement.citation.highlight for statement in answer.statements] == [
        Highlight(start=0, end=7),
        None,
    ]
