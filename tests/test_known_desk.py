"""Known questions at the library desk: said, changed, taken out, published, and what comes of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.errors import KnownQuestionsError
from corpus.known import KNOWN_NAME
from service.publishing.known import Answer, entries, with_question, without_question
from tests.members import Rooms
from tests.publishing import library_desk
from tests.test_desk_library import Desk

SMALL = "The trial was small."
LIST, SETTLE, SAVE = (f"/staff/library/questions{path}" for path in ("", "/settle", "/save"))
PUBLISH = "/staff/library/known/publish"
TEXT = """# Ours.

? how many people
doe2020: One.
# about both
roe2021: Two.

# Costs.
? what did it cost
not answered
"""


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with library_desk(tmp_path) as rooms:
        yield rooms


@pytest.fixture
def desk(rooms: Rooms, tmp_path: Path) -> Desk:
    return Desk(rooms, tmp_path / "library")


def test_a_question_comes_at_the_end_and_all_else_stays() -> None:
    """Every line that was there is there, in its place."""
    changed = with_question(TEXT, "  Was it   small? ", [Answer("doe2020", "Three\nand four.")])
    assert changed == f"{TEXT}\n? Was it small?\ndoe2020: Three and four.\n"
    assert with_question("", "was it small", []) == "? was it small\nnot answered\n"


def test_the_same_question_is_changed_in_its_place() -> None:
    """Whatever its capitals; remarks before the next question stay."""
    changed = with_question(TEXT, "How many people?", [])
    assert changed == TEXT.replace(
        "? how many people\ndoe2020: One.\n# about both\nroe2021: Two.", "? How many people?\nnot answered"
    )
    assert [each.answers for each in entries(changed)] == [(), ()]


def test_a_question_is_taken_out_with_its_sentences() -> None:
    """And nothing else; one that is not there changes nothing."""
    assert (
        without_question(TEXT, "HOW many people") == "# Ours.\n\n# Costs.\n? what did it cost\nnot answered\n"
    )
    assert without_question(TEXT, "what did it cost") == TEXT.replace(
        "? what did it cost\nnot answered\n", ""
    )
    assert without_question(TEXT, "who paid") == TEXT


def test_a_text_that_cannot_be_read_is_not_changed() -> None:
    """Nor is one made that could not be read."""
    for text, question in (("One.\n", "a"), (TEXT, "..."), (TEXT, "a " * 600)):
        with pytest.raises(KnownQuestionsError):
            with_question(text, question, [])


def ticked(desk: Desk, question: str, *answers: str, **more: str) -> dict[str, object]:
    seen = desk.post(SETTLE, question=question).text.split('name="seen" value="')[1].split('"')[0]
    return {"question": question, "seen": seen, "action": "save", "answer": list(answers), **more}


def test_a_question_is_said_published_and_counts(desk: Desk) -> None:
    """From the form to the file, the index and the next answer; the list has it, and it can be taken out."""
    page = desk.post(SETTLE, question="were there enough patients").text
    assert SMALL in page
    assert f'value="doe2020: {SMALL}"' in page
    saved = desk.post(SAVE, **ticked(desk, "were there enough patients", f"doe2020: {SMALL}"))
    assert (saved.status_code, saved.headers["location"]) == (303, f"{LIST}?saved=save")
    assert not (desk.corpus / KNOWN_NAME).exists()
    assert "were there enough patients" in desk.get(f"{LIST}?words=enough")
    desk.publish(PUBLISH)
    assert desk.text(KNOWN_NAME) == f"? were there enough patients\ndoe2020: {SMALL}\n"
    library = desk.rooms.desks.library
    assert len(library.index.known) == 1
    trace = library.trace("Were there ENOUGH patients?")
    assert trace.read
    assert {item.text for item in trace.read.sentences if item.is_known} == {SMALL}
    again = desk.post(SETTLE, question="were there enough patients").text
    assert f'value="doe2020: {SMALL}" checked' in again
    desk.post(SAVE, **ticked(desk, "were there enough patients") | {"action": "remove"})
    desk.publish(PUBLISH)
    assert len(desk.rooms.desks.library.index.known) == 0


def test_that_nothing_answers_is_said_as_well(desk: Desk) -> None:
    """Either sentences are ticked or nothing answers; of both or neither nothing is saved, or lost."""
    neither = desk.post(SAVE, **ticked(desk, "what did it cost"))
    both = desk.post(SAVE, **ticked(desk, "what did it cost", f"doe2020: {SMALL}", unanswered="true"))
    assert (neither.status_code, both.status_code) == (422, 422)
    assert "Tick the sentences" in neither.text
    assert "Keep one of the two" in both.text
    assert f'value="doe2020: {SMALL}" checked' in both.text
    assert desk.post(SAVE, **ticked(desk, "what did it cost", unanswered="true")).status_code == 303
    assert "not answered" in desk.get(LIST)


def test_what_the_question_does_not_read_stays_ticked(desk: Desk) -> None:
    """A sentence of another study than is named, or one that is gone, is taken out by hand alone."""
    text = "? what did Roe 2021 say of size\ndoe2020: The trial was …\nroe2021: Gone with a mended summary.\n"
    (desk.corpus / KNOWN_NAME).write_text(text, encoding="utf-8")
    question = "what did Roe 2021 say of size"
    page = desk.post(SETTLE, question=question).text
    kept = ("doe2020: The trial was …", "roe2021: Gone with a mended summary.")
    for value in kept:
        assert f'value="{value}" checked' in page
    saved = desk.post(SAVE, **ticked(desk, question, *kept, f"roe2021: {SMALL}"))
    assert saved.status_code == 303
    desk.publish(PUBLISH)
    assert {line for line in desk.text(KNOWN_NAME).splitlines()[1:] if line} == {*kept, f"roe2021: {SMALL}"}


def test_a_value_that_names_no_sentence_is_refused(desk: Desk) -> None:
    """It does not come to mean that nothing answers."""
    for value in ("no study", "No Study: text", "doe2020: "):
        assert desk.post(SAVE, **ticked(desk, "who paid", value)).status_code == 422
    assert "who paid" not in desk.get(LIST)


def test_what_somebody_else_saved_is_not_lost(rooms: Rooms, desk: Desk) -> None:
    """The second of two who began from the same state is told, and saves once more."""
    mine = ticked(desk, "who paid", unanswered="true")
    other = Desk(rooms, desk.corpus, "kim")
    assert other.post(SAVE, **ticked(other, "what did it cost", unanswered="true")).status_code == 303
    late = desk.post(SAVE, **mine)
    assert late.status_code == 409
    assert "Somebody else has saved" in late.text
    assert desk.post(SAVE, **ticked(desk, "who paid", unanswered="true")).status_code == 303
    assert "2 questions are known" in desk.get(LIST)


def test_a_question_for_the_gate_cannot_be_known(desk: Desk) -> None:
    """Nothing is searched for it, so nothing could come of it; an empty one is told too."""
    page = desk.post(SETTLE, question="i cant breathe and my chest hurts right now")
    assert (page.status_code, "safety card" in page.text) == (422, True)
    assert desk.post(SETTLE, question=" ").status_code == 422


def test_a_file_that_cannot_be_read_is_told_and_led_to(desk: Desk) -> None:
    """With its line; nothing of it is changed here."""
    (desk.corpus / KNOWN_NAME).write_text("? a\nnot answered\nno study\n", encoding="utf-8")
    page = desk.get(LIST)
    assert "line 3" in page
    assert "/staff/library/known/edit" in page
    assert "line 3" in desk.post(SAVE, **ticked_blind()).text
    assert desk.text(KNOWN_NAME) == "? a\nnot answered\nno study\n"


def ticked_blind() -> dict[str, object]:
    return {"question": "who paid", "seen": "1", "action": "save", "unanswered": "true"}
