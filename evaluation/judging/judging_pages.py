"""Pages of judging: one document at a time, each grade saved as it is given."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from evaluation.judging.agreement import GRADES
from evaluation.judging.judgments import Rater, find_rater, join_pool, load_progress, save
from evaluation.judging.order import Turn
from evaluation.judging.pool_pages import pool_or_404
from evaluation.judging.pools import Item, Pool, Shown, hold_open, load_items, load_shown
from evaluation.judging.progress import Progress, Saved
from service.accounts.accounts import Member
from service.desks.desks import state_of
from service.desks.guard import Evaluator
from service.desks.pages import desk_page

router = APIRouter(prefix="/evaluate/pools/{pool_id}")

LONGEST_NOTE = 2000

PUT_OFF = "skip"
"""What the form sends instead of a grade."""

MISREAD = "This grade cannot be read, or is of another text. Nothing was saved."
ENDED = "The judging of this pool has ended, so this grade was not saved."
ELSEWHERE = (
    "You graded this one in another window meanwhile, and that grade stands. "
    "Give one here if it should be another."
)


class _Desk(NamedTuple):
    """Where a rater sits: the pool with the way through it."""

    pool: Pool
    rater: Rater
    items: Mapping[int, Item]
    progress: Progress


class _View(NamedTuple):
    """What is looked at, and what is said beside it."""

    place: int
    note: str | None = None
    problem: str = ""


@router.post("/join")
def join(request: Request, member: Evaluator, pool_id: int) -> Response:
    """Makes the member a rater."""
    desks = state_of(request)
    with desks.database.begin() as connection:
        pool = pool_or_404(connection, pool_id)
        if pool.closed is None:
            join_pool(connection, pool, member.id, desks.now())
    return RedirectResponse(f"/evaluate/pools/{pool_id}/judge", 303)


@router.get("/judge")
def judge(request: Request, member: Evaluator, pool_id: int, at: int = 0, after: int = 0) -> Response:
    """The next document, or the one at a place of the rater's order."""
    with state_of(request).database.begin() as connection:
        desk = _sit_down(connection, pool_id, member)
        if desk is None:
            return RedirectResponse(f"/evaluate/pools/{pool_id}", 303)
        place = at if desk.progress.turn(at) else desk.progress.next_place(after)
        if place is None:
            return desk_page(request, member, "judging_done.html", title="All judged", **desk._asdict())
        return _page(request, member, connection, desk, _View(place))


@router.post("/judge")
def grade(
    request: Request,
    member: Evaluator,
    pool_id: int,
    *,
    place: Annotated[int, Form()],
    item: Annotated[int, Form()],
    saves: Annotated[int, Form()],
    grade: Annotated[str, Form()],
    note: Annotated[str, Form()] = "",
) -> Response:
    """Saves a grade and leads to the next document."""
    desks = state_of(request)
    with desks.database.begin() as connection:
        if not hold_open(connection, pool_id):
            raise HTTPException(409, ENDED)
        desk = _sit_down(connection, pool_id, member)
        turn = desk.progress.turn(place) if desk else None
        if desk is None or turn is None or turn.item != item or grade not in {*map(str, GRADES), PUT_OFF}:
            raise HTTPException(422, MISREAD)
        given = None if grade == PUT_OFF else int(grade)
        kept = " ".join(note.split())[:LONGEST_NOTE]
        if not save(connection, desk.rater, turn, grade=given, note=kept, saves=saves, now=desks.now()):
            desk = _sit_down(connection, pool_id, member) or desk
            return _page(request, member, connection, desk, _View(place, note, ELSEWHERE))
    return RedirectResponse(f"/evaluate/pools/{pool_id}/judge?after={place}", 303)


def _sit_down(connection: Connection, pool_id: int, member: Member) -> _Desk | None:
    """A rater's desk; None where the member is no rater of the pool, or its judging has ended."""
    pool = pool_or_404(connection, pool_id)
    rater = find_rater(connection, pool_id, member.id)
    if rater is None or pool.closed:
        return None
    items = load_items(connection, pool_id)
    return _Desk(pool, rater, items, load_progress(connection, pool, items.values(), rater))


def _page(request: Request, member: Member, connection: Connection, desk: _Desk, view: _View) -> Response:
    progress = desk.progress
    turn = progress.order[view.place - 1]
    saved: Saved | None = progress.saved.get(turn)
    shown: Shown = load_shown(connection, turn.item)
    return desk_page(
        request,
        member,
        "judging_judge.html",
        title=f"{progress.graded} of {len(progress.order)} judged",
        status=409 if view.problem else 200,
        pool=desk.pool,
        progress=progress,
        place=view.place,
        turn=turn,
        shown=shown,
        saved=saved,
        note=view.note if view.note is not None else saved.note if saved else "",
        problem=view.problem,
        before=progress.place_before(view.place),
        is_new_question=_is_new_question(desk, turn, view.place),
    )


def _is_new_question(desk: _Desk, turn: Turn, place: int) -> bool:
    """Whether the question is another than that of the place before."""
    earlier = desk.progress.turn(place - 1)
    return earlier is None or desk.items[earlier.item].question != desk.items[turn.item].question
