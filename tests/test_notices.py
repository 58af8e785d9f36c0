"""The fixed texts of the safety cards."""

from pathlib import Path

import pytest
import textstat

from service.answers import Contact, NoticeKind
from service.notices import NOTICES, UNREVIEWED, NoticesError, load_cards, notice_for

CRISIS = Contact(name="Night Line", number="0800 111")
NUMBER = "112"
CARDS = sorted(load_cards().cards)


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_class_has_its_text(kind: NoticeKind) -> None:
    """A notice carries its class, a version, and that no clinician has reviewed it."""
    notice = notice_for(kind, NUMBER, CRISIS)
    assert notice.kind is kind
    assert notice.version
    assert notice.reviewed == UNREVIEWED


@pytest.mark.parametrize("card", CARDS)
def test_numbers_are_the_operators(card: str) -> None:
    """No number stands in a text itself, and nothing is left to be filled in."""
    kind = load_cards().cards[card].kind
    notice = notice_for(kind, NUMBER, CRISIS, card=card)
    shown = f"{notice.title} {notice.text}"
    assert "{" not in shown
    assert not {digit for digit in shown.replace(NUMBER, "").replace(CRISIS.number, "") if digit.isdigit()}


def test_emergency_card_says_the_number_first_and_nothing_else_to_read() -> None:
    """The title of the emergency card is what to do; only the emergency number is on it."""
    notice = notice_for(NoticeKind.emergency, NUMBER, CRISIS)
    assert notice.title == "This may be an emergency. Call 112 now."
    assert [contact.number for contact in notice.contacts] == [NUMBER]
    assert len(notice.text.split()) <= 50


@pytest.mark.parametrize("card", ["emergency_self_harm", "unchecked"])
def test_cards_of_possible_self_harm_name_both_numbers(card: str) -> None:
    """An overdose, or a question that could not be checked, shows whom to call for either danger."""
    notice = notice_for(NoticeKind.emergency, NUMBER, CRISIS, card=card)
    assert [contact.number for contact in notice.contacts] == [NUMBER, CRISIS.number]
    assert NUMBER in notice.title + notice.text
    assert f"{CRISIS.name}: {CRISIS.number}" in notice.text


def test_crisis_card_is_warm_and_names_the_line_first() -> None:
    """The crisis card opens with the person, then the line, then the emergency number."""
    notice = notice_for(NoticeKind.crisis, NUMBER, CRISIS)
    assert notice.title.startswith("You matter")
    assert [contact.number for contact in notice.contacts] == [CRISIS.number, NUMBER]


@pytest.mark.parametrize("card", CARDS)
def test_cards_are_easy_to_read(card: str) -> None:
    """Every card reads at grade 8 or lower (Flesch-Kincaid)."""
    notice = notice_for(
        load_cards().cards[card].kind, NUMBER, Contact(name="the line", number="0800"), card=card
    )
    assert textstat.flesch_kincaid_grade(f"{notice.title} {notice.text}") <= 8


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('version: "2026-01"', 'version: ""', "version"),
        ("  dose:\n    kind: dose", "  dosis:\n    kind: dose", "the text of the class dose is missing"),
        ("    kind: crisis", "    kind: hope", "cards.crisis.kind"),
        ("contacts: [emergency]", "contacts: [hotline]", "cards.emergency.contacts.0"),
        ("cards:", "cards: [", "cannot be read"),
    ],
)
def test_texts_with_a_fault_are_refused_in_one_line(tmp_path: Path, old: str, new: str, problem: str) -> None:
    """A missing text or a wrong field is found when the texts are loaded."""
    text = NOTICES.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "notices.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(NoticesError, match=problem) as error:
        load_cards(path)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_review_is_shown_once_there_is_one(tmp_path: Path) -> None:
    """When a clinician has reviewed the texts, their name and the day are shown."""
    path = tmp_path / "notices.yaml"
    text = NOTICES.read_text(encoding="utf-8").replace('reviewed_by: ""', 'reviewed_by: "Dr. A. Roe"')
    path.write_text(text.replace('reviewed_on: ""', 'reviewed_on: "2026-02-03"'), encoding="utf-8")
    assert load_cards(path).reviewed == "Reviewed by Dr. A. Roe on 2026-02-03"
