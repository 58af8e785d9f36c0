"""The list of the library desk, its links and its retractions, as staff use them."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from corpus.marking import with_mark
from corpus.retraction_watch import NEEDED
from corpus.studies import GLOSSARY_NAME, LIBRARY, Mark, Status, load_studies, load_study, parse_study
from service.accounts.accounts import Role
from service.desks.checks import Checks
from service.inventory import Inventory
from service.library import Library
from service.linkcheck import LinkChecker, LinkResult, Outcome
from service.linkrounds import LinkRounds, keep_result, known_links, links_of
from service.proposals import list_proposals
from service.publishing.versions import draft_of, text_of
from service.storage.database import Database
from service.storage.tables.audit import audit
from tests.generated import generated
from tests.members import Rooms, open_rooms
from tests.registers import export
from tests.summaries import SUMMARY
from tests.toy import ToyEncoder

DENG = {"OriginalPaperDOI": "10.1136/annrheumdis-2017-211073", "OriginalPaperPubMedID": "28478399"}
"""The paper of deng2017."""

IDS = ("bai2017", "deng2017", "gu2014", "wang2014", "wen2019", "zhou2020")
CSV = ("retraction_watch.csv", "text/csv")


class Desk:
    """A browser in which somebody of the staff looks at the library desk."""

    def __init__(self, rooms: Rooms, corpus: Path) -> None:
        self.rooms = rooms
        self.corpus = corpus
        self.client = rooms.come_in(rooms.add("ada", Role.staff))

    def get(self, path: str = "", status: int = 200) -> str:
        response = self.client.get(f"/staff/library{path}")
        assert response.status_code == status
        return str(response.text)

    def post(self, path: str, **form: str) -> Any:
        return self.rooms.post(self.client, f"/staff/library{path}", **form)

    def upload(self, content: bytes, name: str = CSV[0]) -> Any:
        return self.client.post(
            "/staff/library/retractions",
            data={"csrf": self.rooms.token(self.client)},
            files={"file": (name, content, CSV[1])},
        )

    def actions(self) -> list[tuple[str, str, str]]:
        with self.rooms.database.begin() as connection:
            rows = connection.execute(audit.select().order_by(audit.c.number))
            return [(row.actor, row.action, row.subject) for row in rows][1:]

    def rows(self, query: str = "") -> list[str]:
        """The ids of the summaries that the list shows, in its order."""
        return re.findall(r'under code">([a-z0-9_]+)<', self.get(query))

    def row(self, study_id: str) -> str:
        """The words of one row, without markup."""
        found = re.search(
            rf'<tr>\s*<th scope="row"><a href="/staff/library/{study_id}">.*?</tr>', self.get(), re.S
        )
        assert found
        return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Some of the library's summaries in a folder of the test's own."""
    folder = tmp_path / "library"
    folder.mkdir()
    for name in (*(f"{study_id}.md" for study_id in IDS), GLOSSARY_NAME):
        shutil.copy(LIBRARY / name, folder)
    return folder


def checking(desk: Desk, checker: LinkChecker) -> LinkRounds:
    """Puts a checker of the test's own into the desk, and patience to read all of the library at once."""
    rounds = LinkRounds(desk.rooms.database, checker)
    inventory = Inventory(desk.corpus, lambda: date(2026, 11, 23), patience=60)
    desk.rooms.app.state.checks = Checks(inventory, rounds)
    return rounds


@pytest.fixture
def make_desk(
    tmp_path: Path,
    corpus: Path,
    toy_index: Path,
    make_toy_library: Callable[[ToyEncoder], Library],
) -> Iterator[Callable[..., Desk]]:
    """Opens the desks over a library of the test's own."""
    database = Database.open(f"sqlite:///{tmp_path}/desks.db")

    def make(**settings: Any) -> Desk:
        given = {"corpus": corpus, "index": toy_index, **settings}
        desk = Desk(open_rooms(database, make_toy_library(ToyEncoder()), **given), corpus)
        checking(desk, LinkChecker("test", allow=lambda _: True, pause=0))
        return desk

    yield make
    database.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()


def edit(folder: Path, study_id: str, old: str, new: str) -> None:
    path = folder / f"{study_id}.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_list_shows_every_summary_with_what_is_known_of_it(desk: Desk) -> None:
    """A library in good order needs nothing; a row has status, day, grade, faults, links, marks, people."""
    page = desk.get()
    assert "<strong>0 summaries need attention</strong>, of 6." in page
    assert sorted(desk.rows()) == sorted(IDS)
    assert desk.row("deng2017") == (
        "Deng et al., 2017 A randomised double-blind, placebo-controlled trial of allogeneic umbilical "
        "cord-derived mesenchymal stem cell for lupus nephritis deng2017 Nothing Published 2026-11-22 "
        "6.6 none 1 not checked none 18 trial with groups chosen by chance"
    )


def test_what_needs_attention_comes_first_with_its_reasons(desk: Desk) -> None:
    """A notice before a fault, a fault before a dead link, that before a summary that nobody looked at."""
    edit(desk.corpus, "zhou2020", "## Key messages\n", "## Key messages\n\nIt is \u202esafe.\n")
    edit(desk.corpus, "wen2019", "updated: ", "updated: 2020-01-01 # ")
    wang = next(study for study in load_studies(desk.corpus) if study.study_id == "wang2014")
    with desk.rooms.database.begin() as connection:
        at = datetime(2026, 11, 1, tzinfo=UTC)
        keep_result(connection, LinkResult(links_of(wang)[0], Outcome.gone, 404, "Gone.", at))
    desk.upload(export(DENG))
    assert desk.rows()[:4] == ["deng2017", "zhou2020", "wang2014", "wen2019"]
    assert "4 summaries need attention</strong>, of 6." in desk.get()
    assert "Retraction of 2010-02-06" in desk.row("deng2017")
    assert "1 fault to mend" in desk.row("zhou2020")
    assert f"Link no longer answers : {links_of(wang)[0]}" in desk.row("wang2014")
    assert "Last checked over a year ago" in desk.row("wen2019")
    for need, study_id in [
        ("notice", "deng2017"),
        ("fault", "zhou2020"),
        ("link", "wang2014"),
        ("age", "wen2019"),
    ]:
        assert desk.rows(f"?need={need}") == [study_id]
    assert len(desk.rows("?attention=1")) == 4


def test_retired_summary_needs_no_check_of_age_or_links(desk: Desk) -> None:
    """Nobody reads it, so an old day and a dead link harm nobody."""
    for old, new in [("status: published", "status: retired"), ("updated: ", "updated: 2020-01-01 # ")]:
        edit(desk.corpus, "wen2019", old, new)
    assert "Nothing Retired still answered from 2020-01-01" in desk.row("wen2019")
    assert desk.rows("?stage=retired") == ["wen2019"]


def test_file_that_cannot_be_read_is_in_the_list(desk: Desk) -> None:
    """It is told like any fault, and leads to the editor."""
    edit(desk.corpus, "gu2014", "year: 2014", "year: soon")
    assert desk.rows()[0] == "gu2014"
    assert "1 fault to mend : the file cannot be read" in desk.row("gu2014")
    assert desk.rows("?stage=unreadable") == ["gu2014"]


def test_draft_of_somebody_shows_whether_or_not_there_is_a_file(desk: Desk) -> None:
    """Work on a summary and a new one that is in no file yet."""
    desk.post("/new", study_id="roe2026", study_title="A new study")
    text = (desk.corpus / "gu2014.md").read_text(encoding="utf-8")
    desk.post("/gu2014/edit", text=text + "\nMore.\n", action="save", seen="99")
    assert desk.rows("?with_draft=1") == ["roe2026", "gu2014"]
    assert "Draft of 2026-11-23 by ada" in desk.row("roe2026")
    assert "see the draft" in desk.row("roe2026")


@pytest.mark.parametrize(
    ("sort", "first"),
    [("name", "bai2017"), ("grade", None), ("people", None), ("year", "zhou2020"), ("checked", None)],
)
def test_list_can_be_sorted(desk: Desk, sort: str, first: str | None) -> None:
    """All summaries stay, in the order that was asked for."""
    found = desk.rows(f"?sort={sort}")
    studies = {study.study_id: study for study in load_studies(desk.corpus)}
    assert sorted(found) == sorted(studies)
    if first:
        assert found[0] == first
    if sort == "people":
        sizes = [studies[one].people or 0 for one in found]
        assert sizes == sorted(sizes, reverse=True)


def test_words_find_a_summary_by_author_title_or_id(desk: Desk) -> None:
    """Every word must be there, in any order and case."""
    assert desk.rows("?words=DENG") == ["deng2017"]
    assert desk.rows("?words=wang2014") == ["wang2014"]
    assert desk.rows("?words=2014+GU") == ["gu2014"]
    assert "No summary fits" in desk.get("?words=zzz")


def test_address_that_cannot_be_used_is_told_and_the_rest_of_it_used(desk: Desk) -> None:
    """A misspelt choice does not silently show something else; what it says is escaped."""
    page = desk.get("?need=<b>&page=x&stage=published&sort=name")
    assert "asks for “&lt;b&gt;”, which the list does not know" in page
    assert "asks for page “x”, which is no number of a page" in page
    assert desk.rows("?page=99999&sort=name")[0] == "bai2017"


def test_glossary_that_cannot_be_read_is_told_above_the_list(desk: Desk) -> None:
    """What is wrong beside the summaries is in no row of theirs."""
    (desk.corpus / GLOSSARY_NAME).write_text("- term: x\n", encoding="utf-8")
    page = desk.get()
    assert "Beside the summaries, 1 thing to mend" in page
    assert 'href="/staff/library/glossary/edit">glossary.yaml, line 1</a>' in page


def test_library_folder_that_is_gone_is_told(desk: Desk) -> None:
    """No traceback, and no empty list."""
    shutil.rmtree(desk.corpus)
    assert "there is no such folder" in desk.get(status=503)


def test_large_library_comes_in_pages(make_desk: Callable[..., Desk], corpus: Path) -> None:
    """Summaries are listed fifty at a time; none is lost between the pages."""
    for study in generated(60):
        text = re.sub(r"^(?:doi|pmid): .*\n", "", SUMMARY, flags=re.M)
        text = text.replace("id: doe2020", f"id: {study.study_id}").replace(
            "title: ", f"title: {study.title} ", 1
        )
        (corpus / f"{study.study_id}.md").write_text(text, encoding="utf-8")
    desk = make_desk()
    pages = [desk.rows(f"?page={number}&sort=name") for number in (1, 2)]
    assert [len(page) for page in pages] == [50, 16]
    assert len({one for page in pages for one in page}) == 66
    assert 'href="/staff/library?sort=name&amp;page=2" rel="next"' in desk.get("?sort=name")
    assert 'href="/staff/library?sort=name" rel="prev"' in desk.get("?page=2&sort=name")


def local_library(corpus: Path, address: str) -> None:
    """One study whose link leads to the test's own site."""
    for path in corpus.glob("*.md"):
        if path.stem != "bai2017":
            path.unlink()
    text = (corpus / "bai2017.md").read_text(encoding="utf-8")
    (corpus / "bai2017.md").write_text(
        re.sub(r"^link: .*$", f"link: {address}/paper", text, flags=re.M), encoding="utf-8"
    )


def test_nothing_goes_out_while_the_operator_does_not_allow_it(
    desk: Desk, serve_app: Callable[[ASGIApp], str]
) -> None:
    """The page says so and has no button; a request sent by hand is refused, and no site is asked."""
    asked: list[str] = []

    async def answer(request: Request) -> Response:
        asked.append(request.url.path)
        return PlainTextResponse("here")

    local_library(desk.corpus, serve_app(Starlette(routes=[Route("/{path:path}", answer)])))
    rounds = desk.rooms.app.state.checks.rounds
    page = desk.get("/links")
    assert "sends no requests out" in page
    assert "PLAINCITE_OUTGOING=true" in page
    assert "Check 1 link now" not in page
    assert desk.post("/links").status_code == 403
    rounds.wait()
    assert asked == []
    assert desk.actions() == []


def test_links_are_checked_at_the_press_of_a_button(
    make_desk: Callable[..., Desk], serve_app: Callable[[ASGIApp], str]
) -> None:
    """A real site is asked; what it says stands on both pages, and who asked in the audit log."""
    there = [True]

    async def answer(_: Request) -> Response:
        return PlainTextResponse("", 200 if there[0] else 404)

    desk = make_desk(outgoing=True)
    address = serve_app(Starlette(routes=[Route("/{path:path}", answer)]))
    local_library(desk.corpus, address)
    rounds = desk.rooms.app.state.checks.rounds
    assert "Never checked (1)" in desk.get("/links")
    assert desk.post("/links").status_code == 303
    rounds.wait()
    assert "Answers (1)" in desk.get("/links")
    assert "1 good none" in desk.row("bai2017")
    there[0] = False
    desk.post("/links")
    rounds.wait()
    page = desk.get("/links")
    assert "No longer answers (1)" in page
    assert "The page is not there any more (404)." in page
    assert desk.rows("?need=link") == ["bai2017"]
    assert [one for one in desk.actions() if one[1] == "links.check"] == [("ada", "links.check", "")] * 2


def test_checks_of_the_desk_ask_no_internal_address(
    make_desk: Callable[..., Desk], serve_app: Callable[[ASGIApp], str]
) -> None:
    """As the service is set up, a link into the operator's own network is told and not asked."""
    asked: list[str] = []

    async def answer(request: Request) -> Response:
        asked.append(request.url.path)
        return PlainTextResponse("here")

    desk = make_desk(outgoing=True)
    local_library(desk.corpus, serve_app(Starlette(routes=[Route("/{path:path}", answer)])))
    del desk.rooms.app.state.checks
    desk.post("/links")
    desk.rooms.app.state.checks.rounds.wait()
    assert "Leads into an internal network (1)" in desk.get("/links")
    assert asked == []
    with desk.rooms.database.begin() as connection:
        assert [state.result.outcome for state in known_links(connection).values()] == [Outcome.inside]


def number_of(desk: Desk) -> int:
    with desk.rooms.database.begin() as connection:
        (proposal,) = list_proposals(connection)
        return proposal.id


def test_import_changes_no_summary_and_waits_for_a_person(desk: Desk) -> None:
    """The notice stands on the page of retractions and in the list; files and drafts are as they were."""
    before = {path.name: path.read_bytes() for path in desk.corpus.iterdir()}
    assert desk.upload(export(DENG, {"OriginalPaperDOI": "10.1/none"})).status_code == 303
    page = desk.get("/retractions")
    assert "Waiting for a decision (1)" in page
    assert "DOI and PubMed number" in page
    assert "OriginalPaperDOI is &#39;10.1/none&#39;, which is no DOI" in page
    assert {path.name: path.read_bytes() for path in desk.corpus.iterdir()} == before
    with desk.rooms.database.begin() as connection:
        assert draft_of(connection, "deng2017.md") is None
    assert desk.actions()[-1] == ("ada", "retractions.import", "retraction_watch.csv")


def test_confirmed_retraction_becomes_a_draft_that_retires_the_summary(desk: Desk) -> None:
    """Staff confirm with a note of theirs: a draft has the mark, the file is as it was, retiring is next."""
    desk.upload(export(DENG))
    number = number_of(desk)
    page = desk.get(f"/retractions/{number}")
    assert "Falsification/Fabrication of Data; Investigation by Company/Institution" in page
    assert "Notice of 6 February 2010. Source: Retraction Watch database, record 4036." in page
    seen = re.findall(r'name="seen" value="(\d+)"', page)[0]
    done = desk.post(f"/retractions/{number}/mark", kind="retraction", note="Taken back\nin 2010.", seen=seen)
    assert (done.status_code, done.headers["location"]) == (303, "/staff/library/deng2017/retire")
    with desk.rooms.database.begin() as connection:
        draft = draft_of(connection, "deng2017.md")
        assert draft
        text = text_of(connection, draft.version)
    study = parse_study(text, desk.corpus / "deng2017.md")
    mark = Mark(kind="retraction", note="Taken back in 2010.", link="https://doi.org/10.1000/notice.1")
    assert (study.marks, study.status) == ((mark,), Status.retired)
    file = (desk.corpus / "deng2017.md").read_text(encoding="utf-8")
    assert text == with_mark(file, mark, desk.corpus / "deng2017.md", status=Status.retired)
    assert "In a draft, not published" in desk.get("/retractions")
    shown = desk.get("/deng2017/retire")
    assert "Taken back in 2010." in shown
    assert ("ada", "retractions.mark", "deng2017") in desk.actions()


def test_correction_becomes_a_draft_to_publish(desk: Desk) -> None:
    """A corrected paper stays published; only the mark comes in."""
    desk.upload(export({**DENG, "RetractionNature": "Correction"}))
    number = number_of(desk)
    seen = re.findall(r'name="seen" value="(\d+)"', desk.get(f"/retractions/{number}"))[0]
    done = desk.post(f"/retractions/{number}/mark", kind="correction", note="A table was mended.", seen=seen)
    assert done.headers["location"] == "/staff/library/deng2017/publish"
    shown = desk.get("/deng2017/publish")
    assert "A table was mended." in shown
    assert "errors" not in re.findall(r'class="problem"[^<]*', shown)


def test_mark_that_stands_in_the_file_is_done(desk: Desk) -> None:
    """Once the file carries the mark nothing waits; an import that finds it again asks nobody."""
    desk.upload(export(DENG))
    path = desk.corpus / "deng2017.md"
    mark = Mark(kind="retraction", note="Taken back.")
    path.write_text(
        with_mark(path.read_text(encoding="utf-8"), mark, path, status=Status.retired), encoding="utf-8"
    )
    assert "No notice waits" in desk.get("/retractions")
    assert "The summary carries a mark" in desk.get(f"/retractions/{number_of(desk)}")
    desk.upload(export(DENG))
    assert "No notice waits" in desk.get("/retractions")


def test_decision_that_no_mark_is_needed_holds_until_the_notice_changes(desk: Desk) -> None:
    """A reason is asked for; the same notice is not asked about again, a changed one is."""
    desk.upload(export(DENG))
    number = number_of(desk)
    refused = desk.post(f"/retractions/{number}/dismiss", why="  ")
    assert refused.status_code == 422
    assert "Say in a few words why" in refused.text
    assert desk.post(f"/retractions/{number}/dismiss", why="Another paper.").status_code == 303
    desk.upload(export(DENG))
    page = desk.get("/retractions")
    assert "No notice waits" in page
    assert "Another paper." in page
    desk.upload(export({**DENG, "RetractionDate": "3/6/2010 0:00"}))
    assert "Waiting for a decision (1)" in desk.get("/retractions")
    desk.post(f"/retractions/{number}/dismiss", why="Another paper.")
    desk.post(f"/retractions/{number}/reopen")
    assert "Waiting for a decision (1)" in desk.get("/retractions")


def test_conflict_is_shown_before_anything_can_be_decided(desk: Desk) -> None:
    """DOI of one paper and PubMed number of another: both summaries are asked about."""
    desk.upload(export({**DENG, "OriginalPaperPubMedID": "24661633"}))
    page = desk.get("/retractions")
    assert "Waiting for a decision (2)" in page
    assert "that of wang2014, and this summary has 28478399" in page
    with desk.rooms.database.begin() as connection:
        first = list_proposals(connection)[0]
    assert "It is not clear whether this is the same paper" in desk.get(f"/retractions/{first.id}")


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"kind": "retraction", "note": " "}, "Say what readers should know"),
        ({"kind": "retraction", "note": "x" * 501}, "A note may have 500 characters"),
        ({"kind": "", "note": "Kept words."}, "Choose what the notice says"),
        ({"kind": "praise", "note": "Kept words."}, "Choose what the notice says"),
    ],
)
def test_mark_that_cannot_be_made_loses_nothing_typed(desk: Desk, form: dict[str, str], says: str) -> None:
    """What is wrong stands beside the field, and the words stay in it."""
    desk.upload(export(DENG))
    number = number_of(desk)
    refused = desk.post(f"/retractions/{number}/mark", seen="1", **form)
    assert refused.status_code == 422
    assert says in refused.text
    assert form["note"].strip() in refused.text
    with desk.rooms.database.begin() as connection:
        assert draft_of(connection, "deng2017.md") is None


def test_mark_is_not_put_over_newer_work(desk: Desk) -> None:
    """Somebody saved a draft after the page was shown: nothing is overwritten."""
    desk.upload(export(DENG))
    number = number_of(desk)
    seen = re.findall(r'name="seen" value="(\d+)"', desk.get(f"/retractions/{number}"))[0]
    text = (desk.corpus / "deng2017.md").read_text(encoding="utf-8")
    desk.post("/deng2017/edit", text=text + "\nMore.\n", action="save", seen=seen)
    refused = desk.post(f"/retractions/{number}/mark", kind="retraction", note="Taken back.", seen=seen)
    assert refused.status_code == 409
    assert "Somebody has changed this summary meanwhile" in refused.text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b\n1,2\n", "a CSV file of the Retraction Watch database was expected"),
        (export({}, columns=NEEDED[:6]), "it lacks RetractionNature"),
        (b"\x89PNG\r\n\x1a\n\x00", "was expected"),
    ],
)
def test_other_file_is_refused_in_words(desk: Desk, content: bytes, says: str) -> None:
    """What was expected is told, with the file's name, escaped; nothing is kept."""
    refused = desk.upload(content, name="<b>.csv")
    assert refused.status_code == 422
    assert says in refused.text
    assert "&lt;b&gt;.csv: " in refused.text
    assert desk.get("/retractions").count("<h2>Imports</h2>") == 0


def test_no_file_is_told(desk: Desk) -> None:
    """The form without a file says what to choose."""
    assert "Choose the file" in desk.post("/retractions").text


def test_summaries_that_came_after_an_import_are_named(desk: Desk) -> None:
    """A new study, or a new DOI, was not compared: the page says so until the next import."""
    desk.upload(export(DENG))
    assert "New since the last import" not in desk.get("/retractions")
    edit(desk.corpus, "gu2014", "doi: 10.1007/s10067-014-2754-4", "doi: 10.1007/s10067-014-2754-5")
    page = desk.get("/retractions")
    assert 'so not compared yet: <a href="/staff/library/gu2014">gu2014</a>. Import' in page
    desk.upload(export(DENG))
    assert "New since the last import" not in desk.get("/retractions")


def test_retired_with_its_mark_nothing_is_answered_from_it(
    make_desk: Callable[..., Desk], tmp_path: Path, toy_index: Path
) -> None:
    """Import, confirm, retire: file and answers change together, the draft is done, nothing waits."""
    desk = make_desk(index=Path(shutil.copytree(toy_index, tmp_path / "index")))
    desk.upload(export(DENG))
    number = number_of(desk)
    page = desk.get(f"/retractions/{number}")
    seen = re.findall(r'name="seen" value="(\d+)"', page)[0]
    desk.post(f"/retractions/{number}/mark", kind="retraction", note="Taken back in 2010.", seen=seen)
    assert "deng2017" in desk.rooms.desks.library.studies
    page = desk.get("/deng2017/retire")
    fields = dict(re.findall(r'name="(base|seen)" value="([^"]*)"', page))
    begun = desk.post("/deng2017/retire", why="The paper was retracted.", **fields)
    assert begun.status_code == 303
    desk.rooms.app.state.workshop.press.wait()
    assert "deng2017" not in desk.rooms.desks.library.studies
    study = load_study(desk.corpus / "deng2017.md")
    assert (study.status, [mark.note for mark in study.marks]) == (Status.retired, ["Taken back in 2010."])
    with desk.rooms.database.begin() as connection:
        assert draft_of(connection, "deng2017.md") is None
    assert "No notice waits" in desk.get("/retractions")
    assert desk.rows("?need=notice") == []
