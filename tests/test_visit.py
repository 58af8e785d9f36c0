"""Visit: a language that was chosen goes along in addresses; one that the browser asks for does not."""

import pytest

from service.languages import load_languages
from service.visit import Visit

LANGUAGES = load_languages()


@pytest.mark.parametrize(
    ("query", "accept", "sent", "code", "chosen"),
    [
        ("", "", {}, "en", False),
        ("", "es-MX", {}, "es", False),
        ("language=es", "en", {}, "es", True),
        ("language=en", "es", {}, "en", True),
        ("language=fr", "es", {}, "es", False),
        ("language=", "es", {}, "es", False),
        ("quote=a:0-1", "", {"question": "x", "language": "es"}, "es", True),
        ("language=es", "", {"question": "x", "language": "en"}, "en", True),
        ("language=es", "", {"question": "x", "language": ""}, "es", True),
    ],
)
def test_the_language_of_a_visit(
    query: str, accept: str, sent: dict[str, str], code: str, chosen: bool
) -> None:
    """The form's field goes before the address, that before the browser's wish; an unknown one is none."""
    visit = Visit.of(LANGUAGES, query, accept, sent=sent)
    assert (visit.language.code, visit.chosen) == (code, chosen)


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("/", "/?language=es"),
        ("/studies/wang2018#quote", "/studies/wang2018?language=es#quote"),
        ("/studies/x?quote=a:0-9&source=1f#a:0-9", "/studies/x?quote=a:0-9&source=1f&language=es#a:0-9"),
        ("/studies?language=en&design=", "/studies?design=&language=es"),
    ],
)
def test_links_keep_a_chosen_language(href: str, kept: str) -> None:
    """A chosen language goes along in every address, once; one that was not chosen goes in none."""
    assert Visit.of(LANGUAGES, "language=es", "").keep(href) == kept
    assert Visit.of(LANGUAGES, "", "es").keep(href) == href


def test_the_other_languages_are_offered_on_the_same_page() -> None:
    """The switch keeps what else the address says, and never names a path, which could be another host's."""
    (switch,) = Visit.of(LANGUAGES, "quote=a:0-9&language=es&sort=a%26b", "").switches
    assert (switch.language.code, switch.href) == ("en", "?quote=a:0-9&sort=a%26b&language=en")


def test_the_fields_of_a_form_are_kept_without_the_language() -> None:
    """What a form sent is kept for asking the same in another language."""
    assert Visit.of(LANGUAGES, "", "", sent={"question": "x", "language": "es"}).sent == {"question": "x"}
