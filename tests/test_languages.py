"""Languages: which there are, which one is wanted, and how they say things."""

from datetime import date
from pathlib import Path

import pytest

from service.answers import DISCLAIMER
from service.languages import ENGLISH, Language, accepted, fixed, load_languages, named
from tests.pseudo import LONG, RIGHT_TO_LEFT, write_pseudo_languages

LANGUAGES = load_languages()


def test_english_and_spanish_are_there() -> None:
    """The service speaks English, which comes first, and Spanish, each by its name in the language itself."""
    assert [(language.code, language.name, language.direction) for language in LANGUAGES.values()] == [
        ("en", "English", "ltr"),
        ("es", "Español", "ltr"),
    ]
    assert ENGLISH.is_of_library
    assert not LANGUAGES["es"].is_of_library


def test_words_are_said_with_their_values() -> None:
    """Fixed words are said in the language, with values in them; English says them as they stand."""
    one, many = fixed("A {year} {kind} of one person"), fixed("A {year} {kind} of {people} people")
    known = {"year": 2018, "kind": "X", "people": 3}
    assert ENGLISH.ngettext(one, many, 3, **known) == "A 2018 X of 3 people"
    assert LANGUAGES["es"].ngettext(one, many, 3, **known) == "X de 2018 con 3 personas"
    assert LANGUAGES["es"].ngettext(one, many, 1, **known) == "X de 2018 con una persona"
    assert LANGUAGES["es"].gettext("Emergency") == "Emergencias"


def test_words_without_values_may_have_braces() -> None:
    """Braces of words that take no value are left alone, and words that nobody translated stay English."""
    assert LANGUAGES["es"].gettext('Send {"question": ...}') == 'Send {"question": ...}'
    assert LANGUAGES["es"].gettext("") == ""


@pytest.mark.parametrize(("code", "said"), [("en", "2 November 2026"), ("es", "2 de noviembre de 2026")])
def test_a_day_is_written_as_people_write_it(code: str, said: str) -> None:
    """A day is written in the words and the order of the language."""
    assert LANGUAGES[code].day(date(2026, 11, 2)) == said


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("es", "es"),
        ("ES", "es"),
        ("es-MX", "es"),
        ("es_419", "es"),
        (" en ", "en"),
        ("fr", None),
        ("", None),
        ("e", None),
        ("../es", None),
    ],
)
def test_a_code_names_a_language(code: str, found: str | None) -> None:
    """A code is understood in any case and with any region; of what we do not have, nothing is made up."""
    language = named(LANGUAGES, code)
    assert (language and language.code) == found


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en;q=0.8, es;q=0.9", "es"),
        ("fr, es;q=0.5, en;q=0.4", "es"),
        ("fr", "en"),
        ("es;q=0, en", "en"),
        ("es;q=x", "en"),
        ("*", "en"),
        ("", "en"),
        (";;,,q=1;", "en"),
    ],
)
def test_a_browser_says_what_it_wants(header: str, code: str) -> None:
    """The first language of Accept-Language that there is, by weight; English where there is none."""
    assert accepted(LANGUAGES, header).code == code


def test_a_language_is_a_file(tmp_path: Path) -> None:
    """Whoever puts a catalogue into the folder has its language, written whichever way it says."""
    write_pseudo_languages(tmp_path)
    found = load_languages(tmp_path)
    assert {code: language.direction for code, language in found.items()} == {
        "en": "ltr",
        RIGHT_TO_LEFT: "rtl",
        LONG: "ltr",
    }
    assert len(found[LONG].gettext(DISCLAIMER)) > 1.3 * len(DISCLAIMER)


def test_a_language_without_a_catalogue_speaks_english() -> None:
    """Words that a language lacks are said in English rather than not at all."""
    assert Language("xx").gettext(DISCLAIMER) == DISCLAIMER
