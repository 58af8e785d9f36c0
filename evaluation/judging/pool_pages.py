"""Pages of pools: the list of them, making one, one by itself, ending its judging."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, File, Form, HTTPException, Request, UploadFile
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy import Connection

from evaluation.judging.drafting import DraftError, Filled, Upload, draft_of
from evaluation.judging.findings import find
from evaluation.judging.judgments import Rater, load_progress, load_raters
from evaluation.judging.making import MAKINGS
from evaluation.judging.overview import list_pools
from evaluation.judging.pools import Pool, close_pool, discard_pool, load_items, load_pool, load_runs
from evaluation.judging.progress import Progress
from evaluation.judging.searching import setting_names
from evaluation.searches import SLUGS
from service.accounts.accounts import Member
from service.desks.desks import state_of
from service.desks.guard import Evaluator
from service.desks.pages import desk_page

router = APIRouter(prefix="/evaluate")

JUDGED = "Somebody has judged this pool already, so it stays. End the judging instead."


class Standing(NamedTuple):
    """A rater with the progress, as everybody may see it."""

    rater: Rater
    progress: Progress
    is_me: bool


class Row(NamedTuple):
    """A pool with its raters."""

    pool: Pool
    items: int
    questions: int
    standings: tuple[Standing, ...]

    @property
    def mine(self) -> Progress | None:
        """My own progress; None where I have not begun."""
        return next((each.progress for each in self.standings if each.is_me), None)


def pool_or_404(connection: Connection, pool_id: int) -> Pool:
    """The pool with this id.

    Raises:
        HTTPException: there is none.
    """
    pool = load_pool(connection, pool_id)
    if pool is None:
        raise HTTPException(404)
    return pool


@router.get("")
def pools(request: Request, member: Evaluator) -> Response:
    """All pools."""
    with state_of(request).database.begin() as connection:
        rows = list_pools(connection, member.id)
    return desk_page(request, member, "judging_pools.html", title="Judging", rows=rows)


@router.get("/new")
def new(request: Request, member: Evaluator) -> Response:
    """The form for a new pool."""
    return _form(request, member, Filled())


@router.post("/new")
def make(
    request: Request,
    member: Evaluator,
    *,
    name: Annotated[str, Form()] = "",
    unit: Annotated[str, Form()] = "",
    depth: Annotated[str, Form()] = "",
    source: Annotated[str, Form()] = "",
    split: Annotated[str, Form()] = "",
    count: Annotated[str, Form()] = "",
    pasted: Annotated[str, Form()] = "",
    settings: Annotated[list[str] | None, Form()] = None,
    question_file: Annotated[UploadFile | None, File()] = None,
    run_files: Annotated[list[UploadFile] | None, File()] = None,
) -> Response:
    """Begins to make a pool."""
    desks = state_of(request)
    filled = Filled(
        name=name,
        unit=unit,
        depth=depth,
        source=source,
        split=split,
        count=count,
        pasted=pasted,
        settings=tuple(settings or ()),
        question_file=next(iter(_uploads([question_file])), None),
        run_files=tuple(_uploads(run_files or [])),
    )
    try:
        draft = draft_of(filled, desks.library)
    except DraftError as error:
        return _form(request, member, filled, error.faults)
    return RedirectResponse(f"/evaluate/making/{MAKINGS.begin(draft, desks, member)}", 303)


@router.get("/making/{key}")
def making(request: Request, member: Evaluator, key: str) -> Response:
    """How far a pool is made; leads on to it once it is there."""
    found = MAKINGS.find(key)
    wants_json = "application/json" in request.headers.get("accept", "")
    if found and wants_json:
        return JSONResponse({"done": found.done, "total": found.total, "ended": found.has_ended})
    if found and found.pool_id is not None:
        return RedirectResponse(f"/evaluate/pools/{found.pool_id}", 303)
    status = 200 if found else 404
    return desk_page(
        request, member, "judging_making.html", title="A pool is made", status=status, making=found
    )


@router.get("/pools/{pool_id}")
def pool(request: Request, member: Evaluator, pool_id: int) -> Response:
    """One pool."""
    with state_of(request).database.begin() as connection:
        found = pool_or_404(connection, pool_id)
        row, runs = _row(connection, found, member), load_runs(connection, pool_id)
    return desk_page(request, member, "judging_pool.html", title=found.name, row=row, pool=found, runs=runs)


@router.get("/pools/{pool_id}/close")
def ask_to_close(request: Request, member: Evaluator, pool_id: int) -> Response:
    """Says what ending the judging means now."""
    with state_of(request).database.begin() as connection:
        found = pool_or_404(connection, pool_id)
        row = _row(connection, found, member)
    if found.closed:
        return RedirectResponse(f"/evaluate/pools/{pool_id}/agreement", 303)
    return desk_page(request, member, "judging_close.html", title="End the judging?", row=row, pool=found)


@router.post("/pools/{pool_id}/close")
def close(request: Request, member: Evaluator, pool_id: int) -> Response:
    """Ends the judging."""
    desks = state_of(request)
    with desks.database.begin() as connection:
        found = pool_or_404(connection, pool_id)
        findings = find(connection, found)
        counts = {"raters": len(findings.raters), "unjudged": findings.unjudged}
        close_pool(connection, found, member, desks.now(), **counts)
    return RedirectResponse(f"/evaluate/pools/{pool_id}/agreement", 303)


@router.post("/pools/{pool_id}/discard")
def discard(request: Request, member: Evaluator, pool_id: int) -> Response:
    """Takes away a pool that nobody has judged."""
    desks = state_of(request)
    with desks.database.begin() as connection:
        if not discard_pool(connection, pool_or_404(connection, pool_id), member, desks.now()):
            raise HTTPException(409, JUDGED)
    return RedirectResponse("/evaluate", 303)


def _row(connection: Connection, pool: Pool, member: Member) -> Row:
    items = load_items(connection, pool.id)
    standings = tuple(
        Standing(rater, load_progress(connection, pool, items.values(), rater), rater.account_id == member.id)
        for rater in load_raters(connection, pool.id)
    )
    return Row(pool, len(items), len({item.question for item in items.values()}), standings)


def _form(
    request: Request, member: Member, filled: Filled, faults: dict[str, list[str]] | None = None
) -> Response:
    known = tuple(SLUGS.values())
    others = tuple(name for name in setting_names() if name not in known)
    return desk_page(
        request,
        member,
        "judging_new.html",
        title="A new pool",
        status=422 if faults else 200,
        filled=filled,
        faults=faults or {},
        known=known,
        others=others,
    )


def _uploads(files: list[UploadFile | None] | list[UploadFile]) -> list[Upload]:
    """The files that were chosen; a field without one comes as a file without a name."""
    return [Upload(file.filename, file.file.read()) for file in files if file and file.filename]
