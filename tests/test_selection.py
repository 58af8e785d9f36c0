"""Selection: which studies a list shows and in what order."""

import pytest

from corpus.studies import Design, Finding
from service.languages import ENGLISH
from service.selection import Order, Selection, Size, size_of
from tests.generated import generated
from tests.shelf import STUDIES
from tests.studies import make_draft, make_study


def faults(*pairs: tuple[str, str]) -> list[str]:
    return [ENGLISH.gettext(fault.text, **fault.values) for fault in Selection.read(pairs)[1]]


def test_an_address_says_what_is_shown() -> None:
    """Each name in an address narrows the list; empty ones, as forms send them, do not."""
    pairs = [("design", "cohort"), ("finding", ""), ("people", "20-99"), ("from", " 2018 "), ("to", "")]
    found, wrong = Selection.read(pairs)
    assert found == Selection(design=Design.cohort, people=Size.small, first=2018)
    assert not wrong
    assert [study.study_id for study in found.choose(STUDIES.values())] == ["wen2019", "wang2018"]


@pytest.mark.parametrize("name", ["design", "finding", "people", "from", "to", "sort"])
def test_what_cannot_be_read_is_told(name: str) -> None:
    """An unknown value is named in a plain sentence, shortened, and chooses nothing; so is a second value."""
    for value in ("nonsense", "<b>", "20144", "-1", "٢٠١٤", "1899", "2101", "x" * 5_000):
        found, _ = Selection.read([(name, value)])
        assert found == Selection()
        (sentence,) = faults((name, value))
        assert value[:40] in sentence
        assert len(sentence) < 120
    (sentence,) = faults((name, "2010"), (name, "2011"))
    assert sentence.startswith("The link asks for several ")


def test_the_rest_of_an_address_still_counts() -> None:
    """One wrong value does not undo the others."""
    found, wrong = Selection.read([("design", "spell"), ("finding", "mixed")])
    assert found == Selection(finding=Finding.mixed)
    assert len(wrong) == 1


def test_years_the_wrong_way_round_are_told() -> None:
    """A first year after the last one fits no study, and the page says why."""
    found, _ = Selection.read([("from", "2020"), ("to", "2010")])
    assert faults(("from", "2020"), ("to", "2010")) == [
        "The first year, 2020, is after the last year, 2010, so no study fits."
    ]
    assert not found.choose(STUDIES.values())


def test_other_names_in_an_address_are_not_ours() -> None:
    """A language or the mark of a campaign that a mail program added is no fault."""
    assert Selection.read([("language", "es"), ("utm_source", "x")]) == (Selection(), ())


def test_an_address_leads_to_the_same_list_again() -> None:
    """What a selection writes into an address is read back as the same selection."""
    for selection in (
        Selection(),
        Selection(order=Order.name),
        Selection(Design.cohort, Finding.harm, Size.unknown, 1999, 2020, Order.largest),
    ):
        pairs = [part.split("=") for part in selection.query.split("&") if part]
        assert Selection.read([(name, value) for name, value in pairs]) == (selection, ())
    assert Selection().query == ""


def test_every_study_has_one_size() -> None:
    """The steps of size cover every number of people, and what is not known is a step of its own."""
    sizes = [size_of(people) for people in (0, 19, 20, 99, 100, 499, 500, 10**6, None)]
    tiny, small, middle, large, unknown = Size
    assert sizes == [tiny, tiny, small, small, middle, middle, large, large, unknown]


def test_a_study_of_unknown_year_fits_no_choice_of_years() -> None:
    """Nothing is guessed: with years chosen, a study without one is not shown."""
    assert not Selection(first=1900).fits(make_draft())
    assert not Selection(last=2100).fits(make_draft())
    assert Selection().fits(make_draft())


def test_orders() -> None:
    """Newest, largest, strongest kind, or by author; what is not known comes last, ties newest first."""
    studies = [*STUDIES.values(), make_draft()]

    def order(by: Order) -> list[str]:
        return [study.study_id for study in Selection(order=by).choose(studies)]

    assert order(Order.newest)[:3] == ["zhou2020", "wen2019", "liu2018"]
    assert order(Order.largest)[:4] == ["liu2018", "wang2013", "wang2018", "gu2014"]
    assert order(Order.strongest)[:5] == ["zhou2020", "liu2018", "deng2017", "yang2014", "gu2014"]
    assert order(Order.name)[:3] == ["bai2017", "doe2020", "deng2017"]
    for by in (Order.newest, Order.largest, Order.strongest):
        assert order(by)[-1] == "doe2020"


def test_no_study_is_lost_by_sorting_or_choosing() -> None:
    """Each order has all studies, and the choices of one kind share them out without a rest."""
    studies = generated(300)
    for order in Order:
        assert set(Selection(order=order).choose(studies)) == set(studies)
    for parts in (
        [Selection(design=design) for design in Design],
        [Selection(finding=finding) for finding in Finding],
        [Selection(people=size) for size in Size],
    ):
        assert sum(len(part.choose(studies)) for part in parts) == len(studies)


def test_case_and_accents_do_not_part_authors() -> None:
    """Names are sorted as people read them, whatever their capitals."""
    given = [make_study("a", authors="[de Boer A]"), make_study("b", authors="[Deng B]")]
    assert [one.study_id for one in Selection(order=Order.name).choose(given[::-1])] == ["a", "b"]
