from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from corpus import check
from corpus.check import check_library
from corpus.errors import LibraryError
from corpus.studies import LIBRARY
from service import inventory as module
from service.inventory import Inventory, Stock
from tests.summaries import GLOSSARY, SUMMARY, write_library

TODAY = date(2020, 6, 1)
OTHER = SUMMARY.replace("id: doe2020", "id: roe2021").replace("year: 2020", "year: 2021")
OTHER = OTHER.replace("10.1000/xyz.1", "10.1000/abc.9").replace("12345678", "87654321")
OTHER = OTHER.replace("title: Outcomes", "title: Later outcomes").replace("[Doe J, Roe R]", "[Roe R]")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_library(tmp_path)
    return write_library(tmp_path, summary=OTHER, name="roe2021.md")


def make(folder: Path, patience: float = 60, today: date = TODAY) -> Inventory:
    return Inventory(folder, lambda: today, patience=patience)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is read ("read NAME") and checked ("check NAME") from here on."""
    done: list[str] = []
    with monkeypatch.context() as patch:
        read, checked = check.read_page, check.check_page
        patch.setattr(module, "read_page", lambda path: (done.append(f"read {path.stem}"), read(path))[1])
        patch.setattr(
            module,
            "check_page",
            lambda page, standards: (done.append(f"check {page.path.stem}"), checked(page, standards))[1],
        )
        yield done


def told(stock: Stock) -> list[tuple[str, str, int | None]]:
    own = [fault for holding in stock.holdings for fault in holding.faults]
    return sorted((fault.path.name, fault.rule, fault.line) for fault in (*stock.faults, *own))


@pytest.mark.parametrize("library", [LIBRARY, None], ids=["shipped", "broken"])
def test_it_finds_what_the_check_finds(folder: Path, library: Path | None) -> None:
    """Faults and grades are those of `plaincite corpus check`, for a good library and for a broken one."""
    if library is None:
        library = folder
        (folder / "zoe.md").write_text("nothing", encoding="utf-8")
        (folder / "glossary.yaml").write_text(GLOSSARY + "- term: x", encoding="utf-8")
        edit = ("The trial was small.", "Doe 2019 was small\u200b.")
        write_library(folder, edit, glossary=GLOSSARY + "- term: x")
        (folder / "twin2020.md").write_text(SUMMARY.replace("id: doe2020", "id: twin2020"), encoding="utf-8")
    report = check_library(library, today=TODAY)
    stock = make(library).look()
    assert told(stock) == sorted((fault.path.name, fault.rule, fault.line) for fault in report.faults)
    grades = {holding.study_id: holding.grade for holding in stock.holdings if holding.study}
    assert grades == {grade.study_id: grade.grade for grade in report.grades}
    assert (stock.to_read, stock.to_check) == (0, 0)
    assert all(holding.is_checked for holding in stock.holdings)


def test_what_has_not_changed_is_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second look reads nothing; after a change it reads and checks that file alone."""
    inventory = make(folder)
    first = inventory.look()
    with counted(monkeypatch) as done:
        assert inventory.look() == first
        assert done == []
        longer = SUMMARY.replace("The trial was small.", "The trial was small, and it was short.")
        (folder / "doe2020.md").write_text(longer, encoding="utf-8")
        stock = inventory.look()
        assert done == ["read doe2020", "check doe2020"]
    assert stock.holdings[0].grade != first.holdings[0].grade
    assert stock.holdings[1] == first.holdings[1]


def test_files_that_come_and_go_are_noticed(folder: Path) -> None:
    """A new file is in the list, one that is gone is not, nor is what it was compared with."""
    inventory = make(folder)
    inventory.look()
    (folder / "twin2020.md").write_text(SUMMARY.replace("id: doe2020", "id: twin2020"), encoding="utf-8")
    stock = inventory.look()
    assert [holding.study_id for holding in stock.holdings] == ["doe2020", "roe2021", "twin2020"]
    assert ("twin2020.md", "duplicate", 7) in told(stock)
    (folder / "doe2020.md").unlink()
    stock = inventory.look()
    assert [holding.study_id for holding in stock.holdings] == ["roe2021", "twin2020"]
    assert "duplicate" not in [rule for _, rule, _ in told(stock)]


def test_new_glossary_is_held_against_every_summary(folder: Path) -> None:
    """A word that the glossary loses is hard again, in files that have not changed."""
    inventory = make(folder)
    assert told(inventory.look()) == []
    (folder / "glossary.yaml").write_text(GLOSSARY.replace("term: C3", "term: C4"), encoding="utf-8")
    found = told(inventory.look())
    assert {(name, rule) for name, rule, _ in found} == {
        ("doe2020.md", "hard-word"),
        ("roe2021.md", "hard-word"),
    }
    assert found == sorted(
        (fault.path.name, fault.rule, fault.line) for fault in check_library(folder, today=TODAY).faults
    )


def test_new_title_counts_in_no_grade(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A study whose title another summary names changes that one's grade, and only its."""
    edit = ("The trial was small.", "It was called immunological considerations.")
    write_library(folder, edit)
    inventory = make(folder)
    before = inventory.look()
    renamed = OTHER.replace("id: roe2021", "id: poe2021").replace("year: 2021", "year: 2019")
    renamed = renamed.replace("10.1000/abc.9", "10.1000/abc.8").replace("87654321", "87654320")
    renamed = renamed.replace("title: Later", "title: Immunological considerations #")
    (folder / "poe2021.md").write_text(renamed, encoding="utf-8")
    with counted(monkeypatch) as done:
        stock = inventory.look()
    assert sorted(done) == ["check doe2020", "check poe2021", "read poe2021"]
    assert stock.holdings[0].grade != before.holdings[0].grade
    grades = {holding.study_id: holding.grade for holding in stock.holdings}
    assert grades == {grade.study_id: grade.grade for grade in check_library(folder, today=TODAY).grades}


def test_date_in_the_future_is_a_fault_until_that_day(folder: Path) -> None:
    """The day goes on while the file stays as it is."""
    write_library(folder, ("updated: 2020-05-01", "updated: 2020-06-02"))
    day = [TODAY]
    inventory = Inventory(folder, lambda: day[0], patience=60)
    assert [rule for _, rule, _ in told(inventory.look())] == ["date"]
    day[0] = date(2020, 6, 2)
    assert told(inventory.look()) == []


def test_what_a_look_has_no_time_for_is_done_in_the_background(folder: Path) -> None:
    """Without patience the first look has nothing, and says how much is still to be read."""
    inventory = make(folder, patience=0)
    first = inventory.look()
    assert (first.holdings, first.to_read, first.to_check) == ((), 2, 0)
    inventory.wait()
    later = inventory.look()
    assert [holding.is_checked for holding in later.holdings] == [True, True]
    assert later == make(folder).look()


def test_missing_folder_is_told(tmp_path: Path) -> None:
    """A library that is not there is an error, not an empty one."""
    with pytest.raises(LibraryError, match="no such folder"):
        make(tmp_path / "none").look()
