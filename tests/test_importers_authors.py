"""Author names of all orders become family name and initials."""

import pytest

from corpus.importers.authors import Author, author_of, medline_author, read_author


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Deng, D.", "Deng D"),
        ("Lim, T. O.", "Lim TO"),
        ("Shannon,Claude E.", "Shannon CE"),
        ("Dobrokhotova, Yu E.", "Dobrokhotova YE"),
        ("van der Berg, Jan", "van der Berg J"),
        ("Smith, John, Jr.", "Smith J Jr"),
        ("Farge-Bancel D", "Farge-Bancel D"),
        ("Li HY", "Li HY"),
        ("O'Neil P", "O'Neil P"),
        ("de Groot Q", "de Groot Q"),
        ("Doe JF 3rd", "Doe JF 3rd"),
        ("D. Deng", "Deng D"),
        ("T. O. Lim", "Lim TO"),
        ("Plato", "Plato"),
    ],
)
def test_orders_that_the_name_itself_tells(name: str, short: str) -> None:
    """A comma or initials tell which word is the family name, and no remark is needed."""
    author, remark = read_author(name)
    assert author.short == short
    assert remark is None


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("Ru Bai", Author("Bai", "R")),
        ("Jan van der Berg", Author("van der Berg", "J")),
        ("Mary Ann Lee", Author("Lee", "MA")),
    ],
)
def test_an_order_that_is_inferred_is_said(name: str, author: Author) -> None:
    """Without comma and initials the order is given name, family name, and a remark asks to check it."""
    read, remark = read_author(name)
    assert read == author
    assert f"family name {author.family!r}" in (remark or "")


def test_names_in_parts() -> None:
    """Given names become initials, hyphenated ones two."""
    assert author_of("Boutron-Ruault", "M-C").short == "Boutron-Ruault MC"
    assert author_of("van der Meulen", "Marylee J").short == "van der Meulen MJ"
    assert author_of("Key", "T J", "Jr.").short == "Key TJ Jr"
    assert author_of("Group", "").short == "Group"


def test_medline_names() -> None:
    """In MEDLINE the last word in capitals is always the initials, however many."""
    assert medline_author("Roos YBWEM") == Author("Roos", "YBWEM")
    assert medline_author("Doe JF 3rd") == Author("Doe", "JF 3rd")
    assert medline_author("STRATIS Investigators") == Author("STRATIS Investigators")
