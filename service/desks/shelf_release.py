"""Publishing and retiring at the library desk: what would change is shown, then done by one click."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from corpus.errors import CorpusError
from corpus.proof import Proof
from service.accounts.accounts import Member
from service.desks.desks import state_of
from service.desks.diffs import Row, diff
from service.desks.guard import Staff
from service.desks.pages import desk_page
from service.desks.shelf import sheet_or_404
from service.desks.shelf_editor import shown_proof
from service.desks.workshop import workshop_of
from service.publishing.editing import Sheet, as_published, as_retired
from service.publishing.failures import BusyError, FaultsError, FolderChangedError
from service.publishing.folder import Files, read_files
from service.publishing.folder import state_of as folder_state
from service.publishing.register import Difference, Order, changed_outside
from service.publishing.releases import Reason
from service.publishing.summaries import is_retired
from service.publishing.versions import as_text

router = APIRouter(prefix="/staff/library")

CHANGED = "The draft or the library folder has changed since this page was made. Look again, then publish."
WHY = "Say in a few words why: it stands in the list of versions and releases."


class Change(NamedTuple):
    """What publishing or retiring a file would do.

    Attributes:
        reason: which of the two.
        sheet: the file.
        text: what it would become.
        rows: how that differs from what stands in the library folder.
        others: files that changed on the server, and go along.
        state: that of the library folder.
    """

    reason: Reason
    sheet: Sheet
    text: str
    rows: list[Row]
    others: list[Difference]
    state: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.rows and not self.others


class Confirmation(NamedTuple):
    """What the form under a change sends.

    Attributes:
        why: in the words of who sends it.
        base: the state of the library folder that was shown.
        seen: the version of the draft that was shown.
    """

    why: str
    base: str
    seen: int


def _confirmation(
    why: Annotated[str, Form()] = "", base: Annotated[str, Form()] = "", seen: Annotated[int, Form()] = 0
) -> Confirmation:
    return Confirmation(why, base, seen)


Sent = Annotated[Confirmation, Depends(_confirmation)]


@router.get("/{key}/publish")
def ask_to_publish(request: Request, member: Staff, key: str) -> Response:
    """What publishing would change."""
    return _page(request, member, key, _change(request, key, Reason.publish))


@router.post("/{key}/publish")
def publish(request: Request, member: Staff, key: str, sent: Sent) -> Response:
    """Begins to publish what was shown."""
    return _begin(request, member, key, Reason.publish, sent)


@router.get("/{key}/retire")
def ask_to_retire(request: Request, member: Staff, key: str) -> Response:
    """What retiring would change."""
    return _page(request, member, key, _change(request, key, Reason.retire))


@router.post("/{key}/retire")
def retire(request: Request, member: Staff, key: str, sent: Sent) -> Response:
    """Begins to retire a study."""
    return _begin(request, member, key, Reason.retire, sent)


def _begin(request: Request, member: Member, key: str, reason: Reason, sent: Confirmation) -> Response:
    why, base, seen = sent
    change, note = _change(request, key, reason), " ".join(why.split())
    if not note:
        return _page(request, member, key, change, problem_why=WHY, status=422)
    if seen != change.sheet.seen or base != change.state:
        return _page(request, member, key, change, why=why, problem=CHANGED, status=409)
    if change.is_empty:
        return _page(request, member, key, change, why=why, status=409)
    name = change.sheet.name
    order = Order(reason, name, {name: change.text.encode()}, base, member.name, note)
    try:
        number = workshop_of(request).press.begin(order)
    except FaultsError as error:
        return _page(request, member, key, change, why=why, proof=error.proof, status=422)
    except (BusyError, FolderChangedError, CorpusError) as error:
        return _page(request, member, key, change, why=why, problem=str(error), status=409)
    return RedirectResponse(f"/staff/releases/{number}", 303)


def _change(request: Request, key: str, reason: Reason) -> Change:
    """What would change.

    Raises:
        HTTPException: there is no such file, or it is none that can be retired.
    """
    sheet, desks = sheet_or_404(request, key), state_of(request)
    if reason is Reason.retire and (not sheet.name.endswith(".md") or sheet.file is None):
        raise HTTPException(404)
    today = desks.now().date()
    standing = as_text(sheet.file)
    if reason is Reason.retire:
        # A draft that is itself retired, as of a paper that was retracted, goes along; other work waits.
        text = as_retired(sheet.text if is_retired(sheet.text) else standing, today)
    elif sheet.draft or "\nstatus: published" not in standing:
        text = as_published(sheet.name, sheet.text, today)
    else:
        text = standing
    files = read_files(workshop_of(request).press.corpus)
    with desks.database.reading() as connection:
        others = changed_outside(connection, files)
    return Change(reason, sheet, text, diff(standing, text), others, folder_state(files))


def _page(
    request: Request,
    member: Member,
    key: str,
    change: Change,
    *,
    why: str = "",
    problem: str = "",
    problem_why: str = "",
    proof: Proof | None = None,
    status: int = 200,
) -> Response:
    press, today = workshop_of(request).press, state_of(request).now().date()
    if proof is None and change.reason is Reason.publish:
        files: Files = {**read_files(press.corpus), change.sheet.name: change.text.encode()}
        proof = press.proofs.read(change.sheet.name, files, today=today)
    word = "Publish" if change.reason is Reason.publish else "Retire"
    return desk_page(
        request,
        member,
        "shelf_release.html",
        title=f"{word} {change.sheet.name}",
        status=status,
        key=key,
        word=word,
        change=change,
        others=_shown(change.others),
        is_busy=press.is_busy(),
        why=why,
        problem=problem,
        problem_why=problem_why,
        **(shown_proof(proof, change.text, brief=True) if proof else {"proof": None}),
    )


def _shown(others: list[Difference]) -> list[dict[str, Any]]:
    return [
        {"name": other.name, "rows": diff(as_text(other.before), as_text(other.after))} for other in others
    ]
