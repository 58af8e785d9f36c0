"""The library desk as staff use it: edit, check, try, save, publish, retire, go back."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.accounts.accounts import Role
from service.publishing.folder import read_files
from service.publishing.press import Press
from tests.members import Rooms
from tests.publishing import MENDED, OTHER, library_desk
from tests.summaries import SUMMARY, line_of

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
EDIT = "/staff/library/doe2020/edit"
PUBLISH = "/staff/library/doe2020/publish"


class Desk:
    """A member of staff at the desk."""

    def __init__(self, rooms: Rooms, corpus: Path, name: str = "sam") -> None:
        self.rooms = rooms
        self.corpus = corpus
        self.client: TestClient = rooms.come_in(rooms.add(name, Role.staff))

    @property
    def press(self) -> Press:
        press: Press = self.rooms.app.state.workshop.press
        return press

    def get(self, path: str) -> str:
        response = self.client.get(path)
        assert response.status_code == 200, response.text
        return response.text

    def post(self, path: str, **form: str) -> Any:
        return self.rooms.post(self.client, path, **form)

    def fields(self, path: str) -> dict[str, str]:
        found = {name: html.unescape(value) for name, value in HIDDEN.findall(self.get(path))}
        return {name: value for name, value in found.items() if name not in {"csrf", "key"}}

    def save(self, text: str, path: str = EDIT, **form: str) -> Any:
        return self.post(path, **{**self.fields(path), "text": text, "action": "save", **form})

    def publish(self, path: str = PUBLISH, why: str = "a better word") -> str:
        """Publishes by the page, and waits; the release's page."""
        response = self.post(path, **self.fields(path), why=why)
        assert response.status_code == 303, response.text
        self.press.wait(60)
        return self.get(response.headers["location"])

    def text(self, name: str = "doe2020.md") -> str:
        return (self.corpus / name).read_text(encoding="utf-8")


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    with library_desk(tmp_path) as rooms:
        yield rooms


@pytest.fixture
def desk(rooms: Rooms, tmp_path: Path) -> Desk:
    return Desk(rooms, tmp_path / "library")


def answers(desk: Desk) -> str:
    """What the library that answers now has in the section that the tests mend."""
    study = desk.rooms.desks.library.studies["doe2020"]
    return study.section("what-to-keep-in-mind").text


def test_a_summary_is_mended_published_and_taken_back(desk: Desk) -> None:
    """The whole way: edit, save, see the changes, publish, and back by one click on the list."""
    assert "The trial was small." in html.unescape(desk.get(EDIT))
    saved = desk.save(MENDED, why="it was short too")
    assert saved.headers["location"] == f"{EDIT}?saved=2"
    assert "Saved as version 2" in desk.get(saved.headers["location"])
    assert desk.text() == SUMMARY, "a draft is nobody's business but the desk's"
    changes = desk.get(PUBLISH)
    assert "<ins> and short</ins>" in changes
    assert 'value="it was short too"' in changes
    assert "This is what answers come from now" in desk.publish()
    assert "small and short" in answers(desk)
    assert "small and short" in desk.text()
    releases = desk.get("/staff/releases")
    assert "answers now" in releases
    back = desk.post("/staff/releases/1/rollback", **desk.fields("/staff/releases"))
    assert back.status_code == 303
    desk.press.wait(60)
    assert "This is what answers come from now" in desk.get(back.headers["location"])
    assert desk.text() == SUMMARY
    assert "small and short" not in answers(desk)


def test_publishing_says_that_it_is_published_and_when(desk: Desk) -> None:
    """The file that is written has the status and today's date, and every other line as it was typed."""
    desk.save(MENDED.replace("status: published", "status: draft"))
    desk.publish()
    expected = MENDED.replace("updated: 2020-05-01", "updated: 2026-11-23")
    assert desk.text() == expected


def test_the_check_answers_with_line_numbers(desk: Desk) -> None:
    """What the editor's script asks for: faults by line, passages and sentences, escaped."""
    wrong = SUMMARY.replace("C3 in the blood", "<b>Creatinine clearance</b> in 66 people")
    piece = desk.post("/staff/library/check", key="doe2020", text=wrong.replace("\n", "\r\n")).text
    assert f'data-line="{line_of("C3 in the blood")}"' in piece
    assert "&#39;66&#39; is in no fact" in piece
    assert "<b>Creatinine" not in piece
    assert "<html" not in piece
    right = desk.post("/staff/library/check", key="doe2020", text=SUMMARY).text
    assert "Nothing stands in the way" in right
    assert "One person had a lung infection." in right
    assert "5 passages, 9 sentences" in right


def test_the_check_button_saves_nothing(desk: Desk) -> None:
    """Without a script: the page comes back with what was typed and its faults."""
    wrong = SUMMARY.replace("One person had", "Four had")
    page = desk.post(EDIT, **{**desk.fields(EDIT), "text": wrong, "action": "check"})
    assert page.status_code == 200
    assert "&#39;Four&#39; is in no fact" in page.text
    assert wrong in html.unescape(page.text)
    assert "data-unsaved" in page.text
    assert "draft" not in desk.get("/staff/library/doe2020").split("<tbody>")[1]


def test_a_question_is_tried_against_the_draft(desk: Desk) -> None:
    """The answer is that of the library with the draft in it; the draft's place in the search is told."""
    page = desk.post(EDIT, **desk.fields(EDIT), text=MENDED, question="Was the trial short?").text
    trial = page[page.index('id="trial"') :]
    assert "takes place 1 of the 10 that were found" in trial
    assert "<blockquote><p>The trial was small and short.</p><footer>this draft" in trial
    assert "short" not in answers(desk)
    assert desk.text() == SUMMARY


def test_a_question_that_cannot_be_tried_is_told_beside_it(desk: Desk) -> None:
    """A draft that is no study cannot be in a library; nothing typed is lost."""
    page = desk.post(EDIT, **desk.fields(EDIT), text="No study.\n", question="Was it small?").text
    assert "This could not be tried: doe2020.md, line 1" in page
    assert "No study." in page
    assert 'value="Was it small?"' in page
    long = desk.post(EDIT, **desk.fields(EDIT), text=SUMMARY, question="why " * 400).text
    assert 'id="question_problem"' in long


def test_two_editors_lose_nothing(desk: Desk, rooms: Rooms) -> None:
    """Who saves second is told, sees the difference, keeps what they typed, and may save after that."""
    eva = Desk(rooms, desk.corpus, "eva")
    seen = eva.fields(EDIT)
    desk.save(MENDED, why="short")
    mine = SUMMARY.replace("The trial was small.", "The trial was very small.")
    told = eva.post(EDIT, **seen, text=mine, action="save", why="very")
    assert told.status_code == 409
    assert "by sam" in told.text
    assert "<del>" in told.text
    assert mine in html.unescape(told.text)
    fresh = dict(HIDDEN.findall(told.text))
    saved = eva.post(EDIT, seen=fresh["seen"], text=mine, action="save", why="very")
    assert saved.headers["location"] == f"{EDIT}?saved=3"
    page = desk.get("/staff/library/doe2020")
    assert page.index("very") < page.index("short"), "both versions are listed, the newest first"


def test_a_file_changed_outside_is_told_to_who_saves(desk: Desk) -> None:
    """Git changed the file while somebody typed: they are shown the difference before it is saved."""
    seen = desk.fields(EDIT)
    theirs = SUMMARY.replace("small", "tiny")
    (desk.corpus / "doe2020.md").write_text(theirs)
    told = desk.post(EDIT, **seen, text=MENDED, action="save")
    assert told.status_code == 409
    assert "changed outside the desk" in told.text
    assert "<del>tiny</del>" in told.text


def test_a_draft_that_the_file_has_overtaken_says_so(desk: Desk) -> None:
    """The file changed after the draft was saved: editor, study's page and publish page say so."""
    desk.save(MENDED)
    (desk.corpus / "doe2020.md").write_text(SUMMARY.replace("small", "tiny"))
    for path in (EDIT, "/staff/library/doe2020", PUBLISH):
        assert "has changed since this draft was begun" in desk.get(path)


def test_saving_the_same_text_makes_no_version(desk: Desk) -> None:
    """A click too many is no version."""
    assert desk.save(SUMMARY).headers["location"] == f"{EDIT}?saved=1"


def test_a_summary_with_faults_cannot_be_published(desk: Desk) -> None:
    """The page lists what to mend and has no button; a form sent all the same is refused with the list."""
    desk.save(SUMMARY.replace("One person had", "Four had"))
    page = desk.get(PUBLISH)
    assert "to mend before this can be published" in page
    assert "Publish doe2020.md</button>" not in page
    fields = {"base": desk_state(desk), "seen": "2"}
    refused = desk.post(PUBLISH, **fields, why="all the same")
    assert refused.status_code == 422
    assert desk.text() == SUMMARY


def desk_state(desk: Desk) -> str:
    from service.publishing.folder import state_of  # noqa: PLC0415

    return state_of(read_files(desk.corpus))


def test_publishing_needs_a_reason(desk: Desk) -> None:
    """Who reads the list later should know why."""
    desk.save(MENDED)
    refused = desk.post(PUBLISH, **desk.fields(PUBLISH), why="  ")
    assert refused.status_code == 422
    assert 'id="why_problem"' in refused.text


def test_what_was_not_shown_is_not_published(desk: Desk, rooms: Rooms) -> None:
    """A newer draft, or another file changed, between the page and the click: it is shown first."""
    desk.save(MENDED)
    fields = desk.fields(PUBLISH)
    (desk.corpus / "roe2021.md").write_text(OTHER.replace("small", "tiny"))
    refused = desk.post(PUBLISH, **fields, why="why")
    assert refused.status_code == 409
    assert "roe2021.md was changed without the desk" in refused.text
    fields = desk.fields(PUBLISH)
    Desk(rooms, desk.corpus, "eva").save(MENDED.replace("short", "brief"))
    assert desk.post(PUBLISH, **fields, why="why").status_code == 409
    assert "brief" in desk.get(PUBLISH)
    assert "come from now" in desk.publish()


def test_nothing_to_publish_is_said(desk: Desk) -> None:
    """A file that is answered from as it is needs no release."""
    assert "There is nothing to do" in desk.get(PUBLISH)
    assert desk.post(PUBLISH, seen="1", base=desk_state(desk), why="why").status_code == 409


def test_retiring_leaves_the_file_and_its_versions(desk: Desk) -> None:
    """The study is answered from no more; its file says so, and can be read at the desk."""
    desk.get("/staff/library/doe2020/retire")
    assert "come from now" in desk.publish("/staff/library/doe2020/retire", why="retracted")
    assert "doe2020" not in desk.rooms.desks.library.studies
    assert "\nstatus: retired\n" in desk.text()
    page = desk.get("/staff/library/doe2020")
    assert "retracted" in page
    assert "retired" in page


def test_retiring_takes_a_draft_along_that_says_retired(desk: Desk) -> None:
    """A retraction's mark is put into a draft that is retired by it; other drafts stay drafts."""
    mark = "marks:\n  - kind: retraction\n    note: Taken back\n"
    desk.save(MENDED)
    assert "come from now" in desk.publish("/staff/library/doe2020/retire", why="first")
    assert "small and short" not in desk.text()
    assert "small and short" in desk.get(EDIT), "it is still being worked on"
    desk.save(SUMMARY.replace("status: published", f"{mark}status: retired"))
    page = desk.get("/staff/library/doe2020/retire")
    assert "kind: retraction" in html.unescape(page)
    assert "come from now" in desk.publish("/staff/library/doe2020/retire", why="retracted")
    assert "kind: retraction" in desk.text()
    assert "Give the draft up" not in desk.get("/staff/library/doe2020")


def test_a_new_study_begins_as_a_draft_with_every_section(desk: Desk) -> None:
    """The template lacks nothing but what an editor knows; it is in no folder before it is published."""
    begun = desk.post("/staff/library/new", study_id="lee2022", study_title="Cells: 'what they do'")
    assert begun.headers["location"] == "/staff/library/lee2022/edit"
    page = html.unescape(desk.get("/staff/library/lee2022/edit"))
    assert "a published summary needs year, link, design, finding" in page
    assert not (desk.corpus / "lee2022.md").exists()
    text = SUMMARY.replace("doe2020", "lee2022").replace("xyz.1", "xyz.3").replace("12345678", "3")
    text = text.replace("Outcomes of", "Effects of")
    desk.save(text, "/staff/library/lee2022/edit", why="written")
    assert "come from now" in desk.publish("/staff/library/lee2022/publish", why="new")
    assert "lee2022" in desk.rooms.desks.library.studies
    desk.post("/staff/releases/1/rollback", **desk.fields("/staff/releases"))
    desk.press.wait(60)
    assert not (desk.corpus / "lee2022.md").exists(), "the release before had no such file"
    assert "gone" in desk.get("/staff/library/lee2022")


@pytest.mark.parametrize(
    ("study_id", "problem"),
    [("Wang 2018", "small letters"), ("new", "address of the desk"), ("doe2020", "already"), ("", "small")],
)
def test_an_id_that_cannot_be_used_is_told(desk: Desk, study_id: str, problem: str) -> None:
    """Beside the field, with what was typed still there."""
    refused = desk.post("/staff/library/new", study_id=study_id, study_title="A title")
    assert refused.status_code == 422
    assert problem in refused.text
    assert 'value="A title"' in refused.text


def test_a_draft_can_be_given_up_and_taken_up_again(desk: Desk) -> None:
    """What was written stays among the versions; any of them can become the draft."""
    desk.save(MENDED)
    desk.post("/staff/library/doe2020/discard")
    assert "small and short" not in desk.get(EDIT)
    assert "small and short" in desk.get("/staff/library/doe2020/versions/2")
    desk.post("/staff/library/doe2020/versions/2/draft")
    assert "small and short" in desk.get(EDIT)


def test_any_two_versions_can_be_compared(desk: Desk) -> None:
    """Words taken out and put in are marked as such, and by a sign, not by a colour alone."""
    desk.save(MENDED)
    page = desk.get("/staff/library/doe2020/diff?old=1&new=2")
    assert "<ins> and short</ins>" in page
    assert 'class="sign">+' in page
    assert desk.get("/staff/library/doe2020/diff?old=0&new=1").count('class="put"') > 40


def test_going_back_shows_what_git_changed_first(desk: Desk) -> None:
    """The first click shows the changes that would be lost, the second one goes back."""
    desk.save(MENDED)
    desk.publish()
    (desk.corpus / "roe2021.md").write_text(OTHER.replace("small", "tiny"))
    told = desk.post("/staff/releases/1/rollback", **desk.fields("/staff/releases"))
    assert told.status_code == 409
    assert "were changed without the desk" in told.text
    assert "<del>tiny</del>" in told.text
    assert "tiny" in desk.text("roe2021.md")
    second = desk.post("/staff/releases/1/rollback", **dict(HIDDEN.findall(told.text)))
    assert second.status_code == 303
    desk.press.wait(60)
    assert desk.text("roe2021.md") == OTHER
    versions = desk.get("/staff/library/roe2021")
    assert "changed outside the desk" in versions, "what was taken back can be taken up again"


def test_a_release_that_failed_says_what_to_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of the release and the list have the reason; answers go on."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    desk.save(MENDED)
    monkeypatch.setattr("service.publishing.folder._write_synced", refuse)
    page = desk.publish()
    assert "did not come about" in page
    assert "No space left on device" in page
    assert "No space left on device" in desk.get("/staff/releases")
    assert "small and short" not in answers(desk)


def test_the_glossary_and_the_suggestions_are_edited_alike(desk: Desk) -> None:
    """A term that is put in explains its word from the next release on; suggestions follow too."""
    path = "/staff/library/glossary/edit"
    desk.save(desk.text("glossary.yaml") + "- term: infection\n  meaning: Germs.\n", path, why="a word")
    desk.publish("/staff/library/glossary/publish")
    assert "infection" in [term.term for term in desk.rooms.desks.library.sources.glossary.terms]
    desk.save("Who took part?\n", "/staff/library/suggestions/edit", why="a question")
    desk.publish("/staff/library/suggestions/publish")
    assert desk.rooms.desks.library.suggestions == ("Who took part?",)
    broken = desk.post("/staff/library/check", key="glossary", text="- term: C3\n").text
    assert 'data-line="1"' in broken


def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    """No study, no version, no release, no name that could lead out of the folder."""
    for path in (
        "/staff/library/nobody1999",
        "/staff/library/nobody1999/edit",
        "/staff/library/..%2fsecret/edit",
        "/staff/library/doe2020/versions/99",
        "/staff/library/doe2020/diff?old=1&new=99",
        "/staff/library/glossary/retire",
        "/staff/releases/99",
    ):
        assert desk.client.get(path).status_code == 404, path
    assert desk.post("/staff/library/check", key="../secret", text="x").status_code == 404
    assert desk.post("/staff/releases/99/rollback", base=desk_state(desk)).status_code == 404


def test_evaluators_are_kept_out(rooms: Rooms) -> None:
    """The library is for staff; nobody else sees or changes it."""
    eva = rooms.come_in(rooms.add("eva", Role.evaluator))
    for path in ("/staff/library/doe2020", EDIT, PUBLISH, "/staff/releases"):
        assert eva.get(path).status_code == 403
    assert rooms.post(eva, PUBLISH, why="x").status_code == 403


def test_texts_of_a_file_are_shown_not_run(desk: Desk) -> None:
    """Markup in a summary is text in the editor, the preview, the diff and the list of versions."""
    hostile = SUMMARY.replace("The trial was small.", "<script>alert(1)</script> The trial was small.")
    desk.save(hostile, why="<script>alert(2)</script>")
    for path in (EDIT, "/staff/library/doe2020", "/staff/library/doe2020/diff?old=1&new=2", PUBLISH):
        assert "<script>alert" not in desk.get(path), path
