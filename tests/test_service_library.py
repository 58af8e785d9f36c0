"""service/library.py; tests/test_library.py is about the summaries that come along."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from corpus.errors import LibraryError
from corpus.studies import LIBRARY
from index.errors import MissingIndexError, StaleIndexError
from service.answers import Outcome
from service.library import SUGGESTIONS_NAME, Library, check_current, load_suggestions
from service.schemas import QuestionError
from service.settings import Settings
from tests.conftest import ENCODERS
from tests.toy import ToyEncoder


def test_library_tells_what_it_is(library: Library, settings: Settings) -> None:
    """A library knows its studies, its names, and when it was last changed."""
    assert list(library.studies) == sorted(library.studies)
    assert len(library.studies) == 13
    assert library.site_name == settings.site_name
    assert library.updated is None or isinstance(library.updated, date)
    answer = library.ask("Did it help the kidneys?")
    assert (answer.corpus_version, answer.index_generation) == (library.corpus_version, library.generation)


def test_same_question_same_answer(library: Library) -> None:
    """Asked twice, a question gets the same answer; only its id is another one."""
    one, other = library.ask("How many people died?"), library.ask("How many people died?")
    assert one.answer_id != other.answer_id
    assert one.model_copy(update={"answer_id": "same"}) == other.model_copy(update={"answer_id": "same"})


def test_numbers_on_the_card_are_the_operators(settings: Settings) -> None:
    """The emergency card has the number that the operator set."""
    own = settings.model_copy(update={"emergency_number": "112", "crisis_number": "116 123"})
    answer = Library.open(own).ask("my chest hurts and I cant breathe")
    assert answer.outcome is Outcome.screened
    assert answer.notice is not None
    assert "112" in {contact.number for contact in answer.notice.contacts}


@pytest.mark.parametrize("question", ["", " \n", "x" * 1001])
def test_no_question_is_refused(library: Library, question: str) -> None:
    """What is empty or too long is refused before anything is searched."""
    with pytest.raises(QuestionError):
        library.ask(question)


def test_check_fails_when_the_index_does(make_toy_library: Callable[[ToyEncoder], Library]) -> None:
    """The check puts a question to the index and does not hide that it failed."""

    class Broken(ToyEncoder):
        def encode_question(self, text: str) -> None:  # type: ignore[override]
            raise OSError(f"the disk with {text} is gone")

    make_toy_library(ToyEncoder()).check()
    with pytest.raises(OSError, match="gone"):
        make_toy_library(Broken()).check()


def test_index_of_another_library(real_index: Path, tmp_path: Path) -> None:
    """An index built from other summaries is stale, unless any is taken; its own glossary goes along."""
    (tmp_path / "empty.md").touch()
    settings = Settings(index=real_index, encoders=ENCODERS, corpus=tmp_path)
    with pytest.raises(StaleIndexError, match="plaincite index build"):
        Library.open(settings)
    answer = Library.open(settings, any_corpus=True).ask("How many people were in remission?")
    assert answer.outcome is Outcome.answered
    assert "remission" in {term.term for term in answer.terms}


def test_missing_index_is_told_before_the_model_is_loaded(tmp_path: Path) -> None:
    """Without an index nothing else is looked for: not even the model has to be there."""
    with pytest.raises(MissingIndexError):
        Library.open(Settings(index=tmp_path, encoders=tmp_path, model="no such model"))


def test_missing_library_folder(real_index: Path, tmp_path: Path) -> None:
    """A library folder that is not there cannot be compared with an index."""
    with pytest.raises(LibraryError):
        check_current(real_index, tmp_path / "nowhere")


def test_library_suggests_questions() -> None:
    """The library that comes along has between four and eight suggestions."""
    assert 4 <= len(load_suggestions(LIBRARY)) <= 8


def test_missing_or_commented_suggestions(tmp_path: Path) -> None:
    """A library without suggestions has none; empty lines and lines that start with # are none either."""
    assert load_suggestions(tmp_path) == ()
    (tmp_path / SUGGESTIONS_NAME).write_text("# for the home page\n\n Did it help?  \n", encoding="utf-8")
    assert load_suggestions(tmp_path) == ("Did it help?",)


def test_suggestions_that_are_no_text(tmp_path: Path) -> None:
    """Suggestions that are not UTF-8 are refused in a line that names the file."""
    (tmp_path / SUGGESTIONS_NAME).write_bytes(b"\xff\xfe")
    with pytest.raises(LibraryError, match=SUGGESTIONS_NAME):
        load_suggestions(tmp_path)
