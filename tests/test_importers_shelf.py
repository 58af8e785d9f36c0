"""The same study is found again under any of its identifiers; different ones are not mixed up."""

from typing import Any

from corpus.importers.authors import Author
from corpus.importers.records import Record
from corpus.importers.shelf import Shelf

DENG = Author("Deng", "D")


def _record(**fields: Any) -> Record:
    return Record(**{"label": "1", "origin": "x", "title": "A trial of cells", "authors": (DENG,), **fields})


def test_the_same_study_is_found() -> None:
    """One shared number is enough, and so is the title where nothing contradicts it."""
    shelf = Shelf()
    shelf.add("deng2017", _record(doi="10.1000/AB", pmid="1", year=2017))
    assert shelf.find(_record(doi="10.1000/ab", title="Other words")) == "deng2017"
    assert shelf.find(_record(pmid="1", doi="10.1000/other")) == "deng2017"
    assert shelf.find(_record(title="A TRIAL, of cells.", year=2018)) == "deng2017"
    assert shelf.find(_record(authors=())) == "deng2017"
    assert shelf.find(_record(authors=(Author("Deng", "DH"),))) == "deng2017"


def test_different_studies_stay_apart() -> None:
    """Another number, author or year makes the same title another study."""
    shelf = Shelf()
    shelf.add("deng2017", _record(doi="10.1000/ab", year=2017))
    assert shelf.find(_record(doi="10.1000/cd")) is None
    assert shelf.find(_record(authors=(Author("Zhou", "T"),))) is None
    assert shelf.find(_record(year=2010)) is None
    assert shelf.find(_record(title="Another trial")) is None


def test_ids_are_given_once() -> None:
    """A taken id gets _2, then _3; ids of files that could not be read are taken too."""
    shelf = Shelf(["deng2017"])
    assert shelf.free_id("deng2017") == "deng2017_2"
    shelf.add("deng2017_2", _record())
    assert shelf.free_id("deng2017") == "deng2017_3"
    assert shelf.free_id("zhou2020") == "zhou2020"
