from service.desks.diffs import Row, diff


def shown(rows: list[Row]) -> list[str]:
    """A row a line, what changed in brackets."""
    return [
        row.sign + "".join(f"[{part.text}]" if part.is_changed else part.text for part in row.parts)
        for row in rows
    ]


def test_equal_texts_have_no_rows() -> None:
    """Nothing differs, nothing is shown."""
    assert diff("a\nb\n", "a\nb\n") == []


def test_a_changed_line_shows_the_changed_words() -> None:
    """The line stands there twice, and only the words that differ are marked."""
    rows = diff("It helped seven people.\n", "It helped eight people.\n")
    assert shown(rows) == ["-It helped [seven] people.", "+It helped [eight] people."]
    assert [(row.old, row.new, row.said) for row in rows] == [(1, None, "taken out"), (None, 1, "put in")]


def test_lines_with_little_in_common_are_not_marked_word_by_word() -> None:
    """A patchwork of single letters would say less than two whole lines."""
    assert shown(diff("Nobody died.", "The drip took an hour in the clinic.")) == [
        "-Nobody died.",
        "+The drip took an hour in the clinic.",
    ]


def test_what_did_not_change_is_counted() -> None:
    """Two lines around a change are shown, the rest is a number."""
    old = [f"line {number}" for number in range(20)]
    new = [*old[:10], "new", *old[10:]]
    assert shown(diff("\n".join(old), "\n".join(new))) == [
        "…8 lines that did not change",
        " line 8",
        " line 9",
        "+new",
        " line 10",
        " line 11",
        "…8 lines that did not change",
    ]


def test_line_numbers_are_those_of_either_text() -> None:
    """After a line is taken out, the two numberings part."""
    rows = diff("a\nb\nc\n", "a\nc\n")
    assert [(row.sign, row.old, row.new) for row in rows] == [(" ", 1, 1), ("-", 2, None), (" ", 3, 2)]


def test_from_nothing_everything_is_new() -> None:
    """A first version is all put in."""
    assert shown(diff("", "a\nb\n")) == ["+a", "+b"]


def test_the_words_of_a_changed_line_are_all_there() -> None:
    """Whatever is marked, the runs together are the line, letter by letter."""
    old, new = "Kidneys  leaked, as before (2.5 g).", "Kidneys leaked less, as (2.4 g) before"
    taken, put = diff(old, new)
    assert "".join(part.text for part in taken.parts) == old
    assert "".join(part.text for part in put.parts) == new
