"""A small library under publication: real files, a real index by the toy encoder, a real database."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from corpus.fingerprint import corpus_sha256
from corpus.glossary import load_glossary
from corpus.studies import load_studies
from index.build import build_index, glossary_json
from index.encoder import Encoder
from index.search import PassageIndex
from service.answering import Sources
from service.answers import Contact
from service.library import Library, load_suggestions, speller_of
from service.live import Live
from service.publishing.folder import read_files, state_of
from service.publishing.press import Press
from service.publishing.register import Order
from service.publishing.releases import Reason, Release, list_releases
from service.screening import load_screen
from service.storage.database import Database
from tests.members import Rooms, open_rooms
from tests.summaries import GLOSSARY, SUMMARY
from tests.toy import ToyEncoder

OTHER = SUMMARY.replace("doe2020", "roe2021").replace("xyz.1", "xyz.2").replace("12345678", "12345679")
OTHER = OTHER.replace("Outcomes of mesenchymal", "Infusions of").replace("year: 2020", "year: 2021")
FILES = {
    "doe2020.md": SUMMARY,
    "roe2021.md": OTHER,
    "glossary.yaml": GLOSSARY,
    "suggestions.txt": "Was there a lung infection?\n",
}
MENDED = SUMMARY.replace("The trial was small.", "The trial was small and short.")
WHO = "sam"


class Clock:
    """A clock that moves a second at each look."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@dataclass
class Shop:
    """The library folder, the index, the database, and the press between them."""

    corpus: Path
    index: Path
    database: Database
    live: Live
    press: Press
    clock: Clock

    def order(self, changes: Mapping[str, str | None], kind: Reason = Reason.publish) -> Order:
        encoded = {name: None if text is None else text.encode() for name, text in changes.items()}
        name = next(iter(changes))
        return Order(kind, name, encoded, state_of(read_files(self.corpus)), WHO, "a better word")

    def publish(self, changes: Mapping[str, str | None]) -> Release:
        """Publishes and waits; the release as it ended."""
        return self.wait_for(self.press.begin(self.order(changes)))

    def roll_back(self, number: int) -> Release:
        base = state_of(read_files(self.corpus))
        return self.wait_for(self.press.roll_back(number, member=WHO, why="it was wrong", base=base))

    def wait_for(self, number: int) -> Release:
        self.press.wait(60)
        return next(release for release in self.releases() if release.number == number)

    def releases(self) -> list[Release]:
        with self.database.reading() as connection:
            return list_releases(connection)

    def text(self, name: str = "doe2020.md") -> str:
        return (self.corpus / name).read_text(encoding="utf-8")

    def quoted(self, study_id: str = "doe2020", section: str = "what-to-keep-in-mind") -> str:
        """What the library that answers now has in a section."""
        return self.live.library.studies[study_id].section(section).text


def open_library(corpus: Path, index: Path, encoder: Encoder) -> Library:
    """A library as the service opens it, with any encoder."""
    loaded = PassageIndex.load(index, encoder)
    glossary = load_glossary(corpus / "glossary.yaml")
    sources = Sources(
        index=loaded,
        screen=load_screen(),
        glossary=glossary,
        speller=speller_of(loaded, glossary),
        emergency_number="911",
        crisis=Contact(name="A crisis line", number="988"),
    )
    return Library(sources, suggestions=load_suggestions(corpus))


def build(corpus: Path, index: Path, encoder: Encoder) -> None:
    """Builds what is in the folder now, as `plaincite index build` does."""
    build_index(
        load_studies(corpus),
        index,
        encoder,
        drafts=False,
        corpus_sha256=corpus_sha256(corpus),
        progress=False,
        glossary=glossary_json(corpus),
    )


def write_files(corpus: Path, files: Mapping[str, str] = FILES) -> None:
    corpus.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (corpus / name).write_text(text, encoding="utf-8")


def open_shop(folder: Path, database: Database, encoder: Encoder | None = None) -> Shop:
    """A shop over what is in the folder; files and index are made where they are missing."""
    corpus, index, toy = folder / "library", folder / "index", encoder or ToyEncoder()
    if not corpus.exists():
        write_files(corpus)
        build(corpus, index, toy)
    live, clock = Live(open_library(corpus, index, toy)), Clock()
    press = Press(database, live, corpus, index, clock)
    press.settle()
    return Shop(corpus, index, database, live, press, clock)


@contextmanager
def library_desk(folder: Path) -> Iterator[Rooms]:
    """The desks over a small library of their own, in `folder`, which they may publish."""
    corpus, index, encoder = folder / "library", folder / "index", ToyEncoder()
    write_files(corpus)
    build(corpus, index, encoder)
    database = Database.open(f"sqlite:///{folder}/desks.db")
    rooms = open_rooms(database, open_library(corpus, index, encoder), corpus=corpus, index=index)
    yield rooms
    if hasattr(rooms.app.state, "workshop"):
        rooms.app.state.workshop.press.close()
    database.close()
