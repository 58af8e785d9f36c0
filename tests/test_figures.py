from decimal import Decimal

import pytest

from corpus.figures import figures, missing_figures


def read(text: str) -> list[str]:
    """The figures of a text as plain decimals, percentages with their sign."""
    return [f"{figure.value:f}{'%' * figure.percent}" for figure in figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9 of 12 people (75%)", ["9", "12", "75%"]),
        ("1,234 people, 12,34", ["1234", "12", "34"]),
        ("P=0.03 and P = .05", ["0.03", "0.05"]),
        ("-2.18 (-3.62 to -0.75)", ["2.18", "3.62", "0.75"]),
        ("range 8-34, 16–65 years", ["8", "34", "16", "65"]),  # noqa: RUF001
        ("37/40 and a 2:1 split", ["37", "40", "2", "1"]),
        ("2 x 10^8 cells, 3 × 10⁷", ["200000000", "30000000"]),  # noqa: RUF001
        ("1.2 million cells", ["1200000.0"]),
        ("31 July 2019", ["31", "2019"]),
    ],
)
def test_digits_are_figures(text: str, expected: list[str]) -> None:
    """Numbers in digits are read with commas, decimals, ranges, ratios, powers of ten and millions."""
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Eighty-one patients, twenty two, ninety-nine", ["81", "22", "99"]),
        ("a five-year study, two 3-day courses", ["5", "2", "3"]),
        ("one million cells and a hundred more", ["1000000", "100"]),
        ("two hundred and five; one hundred eighty thousand", ["205", "180000"]),
        ("two and a half years", ["2.5"]),
        ("often weighted, someone, tenfold, forty-niner", ["40"]),
    ],
)
def test_number_words_are_figures(text: str, expected: list[str]) -> None:
    """Number words count as their value, and only as whole words."""
    assert read(text) == expected


@pytest.mark.parametrize(
    "text", ["half of them", "two thirds", "two-thirds", "one quarter", "half a million", "a few"]
)
def test_fractions_in_words_are_left_out(text: str) -> None:
    """A half or two thirds is no figure that a fact could have."""
    assert read(text) == []


def test_one_counts_only_where_it_counts_people_or_a_share() -> None:
    """The word "one" is a figure in "one of 12" and "one patient", not in "one study" or "no one else"."""
    assert read("one of the 12, one of six, one in five") == ["1", "12", "1", "6", "1", "5"]
    assert read("one patient, One person") == ["1", "1"]
    assert read("one study, one year, the other one, no one else, one by one") == []


@pytest.mark.parametrize(
    "text",
    [
        "C3 and C4",
        "IL-2, IL-15, IL-17c",
        "CD86",
        "Th1/Th2",
        "Foxp3",
        "TGF-beta2, TGF-β2",
        "CTLA-4",
        "NCT01539902",
    ],
)
def test_names_with_digits_are_no_figures(text: str) -> None:
    """The digits in the name of a protein, a cell or a trial are not counted as findings."""
    assert read(text) == []


def test_percentages_are_told_from_counts() -> None:
    """The sign, the word and the first end of a range make a percentage; percentage points do not."""
    assert read("75%, 34 percent, thirty per cent") == ["75%", "34%", "30%"]
    assert read("5 to 10%, 5-10 percent") == ["5%", "10%", "5%", "10%"]
    assert read("5 percentage points, 4 and 10%") == ["5", "4", "10%"]


def test_spans_are_exact() -> None:
    """The offsets of a figure cut exactly its words out of the text."""
    text = "Of eighty-one people, 34 % and 1,234."
    assert [text[figure.span.start : figure.span.end] for figure in figures(text)] == [
        "eighty-one",
        "34 %",
        "1,234",
    ]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("nine of 12", "9 of 12"),
        ("2505 mg", "2505.0 mg"),
        ("2,505", "2505"),
        ("80 million cells", "8 x 10^7"),
        ("34%", "34 percent"),
        ("about 17 months", "17.2 months"),
        ("about 61%", "60.5%"),
        ("the 24-hour urine protein", "urine protein"),
    ],
)
def test_figures_of_a_fact_are_borne_out(text: str, facts: str) -> None:
    """The same figure in other words, or rounded where the text says so, is in the facts."""
    assert missing_figures(text, facts) == []


@pytest.mark.parametrize(
    ("text", "facts", "missing"),
    [
        ("9 of 13", "9 of 12", "13"),
        ("34 people", "34%", "34"),
        ("34%", "34 people", "34"),
        ("17 months", "17.2 months", "17"),
        ("about 18 months", "17.2 months", "18"),
        ("about 17.2 months", "17 months", "17.2"),
        ("about 61%", "60.5 people", "61"),
        ("24 hours later", "urine protein", "24"),
        ("in 2019", "in 2018", "2019"),
    ],
)
def test_other_figures_are_missing(text: str, facts: str, missing: str) -> None:
    """A wrong figure, a count for a percentage and silent rounding are all found."""
    assert [figure.value for figure in missing_figures(text, facts)] == [Decimal(missing)]


def test_endless_numbers_do_no_harm() -> None:
    """Numbers of absurd length are read like others, without an error."""
    assert len(missing_figures("about " + "9" * 5_000 + " and 2 x 10^" + "9" * 5_000, "9.5")) == 4
