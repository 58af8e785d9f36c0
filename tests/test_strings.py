"""Strings: every fixed word is in every catalogue, and no other is."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from plaincite import cli
from service import languages
from service.answers import DISCLAIMER
from service.languages import CATALOGUES
from service.notices import load_cards
from service.strings import compare, format_comparison, strings_in_use, update
from tests.test_catalogue import HEAD

IN_USE = strings_in_use()


def test_words_are_found_wherever_they_stand() -> None:
    """Words are read out of Python, templates, scripts and the texts of cards and explanations."""
    for words, file in (
        (DISCLAIMER, "answers.py"),
        ("Skip to the content", "templates/layout.html"),
        ("Searching the summaries …", "templates/element.js"),
        (load_cards().cards["crisis"].title, "notices.yaml"),
        (
            "This is the story of one patient. It can raise a question, but it cannot answer it.",
            "explaining.yaml",
        ),
    ):
        assert IN_USE[words].file == file
    assert ("The library has one study.", "The library has %(num)s studies.") in IN_USE


@pytest.mark.parametrize("path", sorted(CATALOGUES.glob("*.po")), ids=lambda path: path.name)
def test_every_catalogue_is_whole(path: Path) -> None:
    """No fixed word is without a translation, none is translated in vain, and no translation is faulty."""
    found = compare(path, IN_USE)
    assert found.is_whole, format_comparison(found)


def test_what_a_catalogue_lacks_is_told(tmp_path: Path) -> None:
    """A missing and an unused translation and a faulty one are told with where they stand."""
    path = tmp_path / "es.po"
    entries = 'msgid "Old words"\nmsgstr "Palabras viejas"\n\nmsgid "Close {x}"\nmsgstr "Cerrar"\n'
    path.write_text(HEAD + entries, encoding="utf-8")
    found = compare(path, {"Close {x}": IN_USE["Close"], "Main": IN_USE["Main"]})
    assert not found.is_whole
    assert format_comparison(found).splitlines() == [
        "es.po: 3 to mend",
        f"  missing: “Main” (templates/layout.html:{IN_USE['Main'].line})",
        "  unused: “Old words”",
        "  line 10: “Close {x}”: the placeholders of the translation are not those of the English text",
    ]


def test_a_catalogue_is_brought_up_to_date(tmp_path: Path) -> None:
    """New words come in untranslated, known ones keep their translation, unused ones go; twice is as once."""
    path = tmp_path / "es.po"
    entries = 'msgid "Old words"\nmsgstr "Palabras viejas"\n\nmsgid "Close"\nmsgstr "Cerrar"\n'
    path.write_text(HEAD + entries, encoding="utf-8")
    update(path, {"Close": IN_USE["Close"], ("one", "many"): IN_USE["Main"]})
    found = compare(path, {"Close": IN_USE["Close"], ("one", "many"): IN_USE["Main"]})
    assert (set(found.missing), found.unused, found.faults) == ({("one", "many")}, (), ())
    once = path.read_bytes()
    update(path, {"Close": IN_USE["Close"], ("one", "many"): IN_USE["Main"]})
    assert path.read_bytes() == once


def test_the_command_tells_and_mends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`plaincite strings` ends with 1 while a catalogue lacks words; with --update it writes them down."""
    path = tmp_path / "es.po"
    path.write_text(HEAD, encoding="utf-8")
    monkeypatch.setattr(languages, "CATALOGUES", tmp_path)
    told = CliRunner().invoke(cli, ["strings", "--update"], standalone_mode=False)
    assert (told.return_value, told.output.split(":")[0]) == (1, "es.po")
    assert "missing: “Main”" in told.output
    assert 'msgid "Main"' in path.read_text(encoding="utf-8")
