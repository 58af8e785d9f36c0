"""Catalogue: a faulty file of translations is refused with its file and line."""

import re
from pathlib import Path

import pytest

from service.catalogue import CatalogueError, read_catalogue

HEAD = """msgid ""
msgstr ""
"Language: es\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def write(folder: Path, text: str) -> Path:
    path = folder / "es.po"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_words_are_read_as_they_stand(tmp_path: Path) -> None:
    """Translations are read with their plural forms; those that are left empty stay English."""
    text = """msgid "Close"
msgstr "Cerrar"

msgid "%(count)s study"
msgid_plural "%(count)s studies"
msgstr[0] "un estudio"
msgstr[1] "%(count)s estudios"

msgid "Not yet"
msgstr ""
"""
    words = read_catalogue(write(tmp_path, text))
    assert words.gettext("Close") == "Cerrar"
    assert words.ngettext("%(count)s study", "%(count)s studies", 1) == "un estudio"
    assert words.ngettext("%(count)s study", "%(count)s studies", 2) == "%(count)s estudios"
    assert words.gettext("Not yet") == "Not yet"


@pytest.mark.parametrize(
    ("entry", "line", "fault"),
    [
        ('msgid "Call {number}"\nmsgstr "Llame"\n', 7, "“Call {number}”: the placeholders"),
        ('msgid "Call"\nmsgstr "Llame {number}"\n', 7, "the placeholders"),
        ('msgid "%(n)s of us"\nmsgstr "%(m)s de nosotros"\n', 7, "the placeholders"),
        ('msgid "%(n)s of us"\nmsgstr "%(n) de nosotros"\n', 7, "the placeholders"),
        ('msgid "All of us"\nmsgstr "el 100%"\n', 7, "the placeholders"),
        ('#, fuzzy\nmsgid "Call"\nmsgstr "Llama"\n', 8, "marked as fuzzy"),
        ('msgid "one"\nmsgid_plural "many"\nmsgstr[0] "uno"\nmsgstr[1] ""\n', 7, "plural forms"),
        ('msgid "one"\nmsgid_plural "many"\nmsgstr[0] "uno"\n', 7, "plural forms"),
        ('msgid "ltr"\nmsgstr "sideways"\n', 7, "only be ltr or rtl"),
        ("nonsense\n", 7, "cannot be read"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, entry: str, line: int, fault: str) -> None:
    """A placeholder that differs, a doubtful entry, a missing plural, broken syntax: file, line, fault."""
    path = write(tmp_path, entry)
    with pytest.raises(CatalogueError, match=re.escape(fault)) as caught:
        read_catalogue(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert "\n" not in str(caught.value)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are no text end in one line that names the file."""
    path = tmp_path / "es.po"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CatalogueError, match=re.escape(str(path))):
        read_catalogue(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(CatalogueError, match=r"none\.po"):
        read_catalogue(tmp_path / "none.po")
