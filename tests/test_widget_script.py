"""Widget: the one file that a host page loads, and what is written of it elsewhere."""

import gzip
import json
import re
from collections.abc import Callable
from gettext import NullTranslations

import httpx
import pytest
from starlette.types import ASGIApp

from service.answers import DISCLAIMER
from service.app import create_app
from service.languages import ENGLISH, Language, load_languages
from service.widget import ATTRIBUTES, SHEETS, SLOT, TEMPLATES, parts, properties, widget_script
from tests.conftest import ROOT
from tests.shelf import Shelf, answered

MOST = 20_000
EVIL = '</script> "/* style */" */ \u202e\u2028 \\ `${x}`'
HEAD = (TEMPLATES / "ask.js").read_text(encoding="utf-8").partition('"use strict"')[0]


class Shouting(NullTranslations):
    """Translates into capitals."""

    def gettext(self, message: str) -> str:
        return message if message == "ltr" else message.upper()


def test_it_is_one_small_file(
    serve_app: Callable[[ASGIApp], str], record_property: Callable[[str, object], None]
) -> None:
    """The script as served, with all its languages, is at most 20 kB gzipped, and names no other host."""
    served = httpx.get(serve_app(create_app(Shelf(answered()))) + "/ask.js").text
    size = len(gzip.compress(served.encode(), 9))
    record_property("gzipped", size)
    assert size <= MOST, f"{size} bytes gzipped"
    assert ".study blockquote" in served
    assert DISCLAIMER in served
    assert SLOT.search(served) is None
    assert "http://" not in served
    assert served.count("https://") == served.count("https://answers.example.org")


def test_suggestions_are_values_whatever_they_say() -> None:
    """A library's questions stand in the script as data: none ends it, fills a slot or is code."""
    script = widget_script((EVIL, "Did it help?"), [ENGLISH])
    assert f"const SUGGESTIONS = {json.dumps([EVIL, 'Did it help?'])};" in script
    assert script.count("const STYLE") == 1


def test_the_words_of_each_language_come_along() -> None:
    """Each sentence of the widget, and the disclaimer, comes in every language but English, the key."""
    script = widget_script((), [ENGLISH, Language("sh", Shouting())])
    found = re.search(r"const STRINGS = (.*);\n", script)
    assert found
    strings = json.loads(found[1])
    assert strings["en"] == {}
    assert strings["sh"]["Your question"] == "YOUR QUESTION"
    assert strings["sh"][DISCLAIMER] == DISCLAIMER.upper()
    assert set(re.findall(r'\bsay\("([^"]*)"', script)) - set(strings["sh"]) == {"ltr"}


def test_what_may_be_set_is_written_where_people_look() -> None:
    """Style sheets, the script's own comment and the README name the same properties; each has a default."""
    names = [name for name, _, _ in properties()]
    used = {name for sheet in SHEETS for name in re.findall(r"--plaincite-[a-z-]+", sheet.read_text())}
    assert set(names) == used - {"--plaincite-"}
    listed = HEAD.partition("custom properties ")[2].partition(" on the element")[0]
    assert re.findall(r"-[a-z]+(?:-[a-z]+)*(?=,|$)", listed.replace("--plaincite-", "-")) == [
        name.removeprefix("--plaincite") for name in names
    ]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [row for row in names if f"| `{row}` |" not in readme] == []


def test_attributes_and_parts_are_written_where_people_look() -> None:
    """The script reads the attributes that its comment, the README and the page list; its parts likewise."""
    script = (TEMPLATES / "ask.js").read_text(encoding="utf-8")
    read = re.search(r"const ATTRIBUTES = (\[.*\]);", script)
    assert read
    assert json.loads(read[1]) == list(ATTRIBUTES) == re.findall(r"^//   ([a-z]+)  ", HEAD, re.MULTILINE)
    named = re.sub(r"\s*//\s*", " ", HEAD.partition("::part(")[2].partition(")")[0])
    assert sorted(named.split(", ")) == parts()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in (*ATTRIBUTES, *parts()) if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("language", load_languages())
def test_the_page_for_staff_lists_it_all(serve_app: Callable[[ASGIApp], str], language: str) -> None:
    """In each language the page names this service in its lines, and every property with its default."""
    server = serve_app(create_app(Shelf(answered())))
    page = httpx.get(f"{server}/widget?language={language}").text
    assert f"&lt;script src=&#34;{server}/ask.js" in page.replace('"', "&#34;")
    assert [name for name, _, default in properties() if name not in page or default not in page] == []
