"""The review queue: questions that the library did not answer well, grouped, and what staff make of them.

No question stands in an address: groups are named by the number of a question that is kept, which says
nothing of it and means nothing once that is gone.
"""

import re
from datetime import timedelta
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Path, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from service.accounts.accounts import Member
from service.desks.desks import Desks, state_of
from service.desks.guard import Staff
from service.desks.pages import desk_page
from service.desks.quoted import near_sentence, quotes_of
from service.kept import Kept, find
from service.reviewing import (
    Finding,
    Group,
    Reason,
    Verdict,
    count_checks,
    group_of,
    nearest_sentences,
    pin,
    read_checks,
    read_groups,
    settle,
    unpin,
)
from service.wording import study_card

PAGE = 20
"""Groups on a page."""

AGES = (1, 7, 30)
"""Days that the list can be narrowed to."""

LONGEST = 1_000
"""Characters of a wording or a note."""

REASONS = {
    Reason.no_evidence: "no answer",
    Reason.not_helpful: "not helpful",
    Reason.close: "close call",
}
VERDICTS = {
    Verdict.right: "Right",
    Verdict.wrong_sentence: "Wrong sentence",
    Verdict.out_of_context: "Out of context",
    Verdict.needs_summary: "Needs a summary",
}
WHY = {
    "wrong_sentence": "the sentence is wrong",
    "not_asked": "not what was asked",
    "hard": "hard to understand",
    "missing": "something is missing",
    "other": "something else",
}
SAID = {
    "done": "Marked as done.",
    "reopened": "Opened again.",
    "pinned": "The source check was pinned.",
    "removed": "The source check was removed.",
}
"""What is said after a change."""

NUMBERED = re.compile(r"[1-9]\d{0,8}")
Number = Annotated[int, Path(ge=1, lt=10**9)]
"""What names a row; a larger one is none, and would be too large for PostgreSQL."""

router = APIRouter(prefix="/staff/queue")


class Chosen(NamedTuple):
    """What the list is narrowed to, as its address has it; anything that there is not counts for nothing."""

    reason: str
    days: int
    done: bool
    page: int

    def address(self, **changed: object) -> str:
        """The address of the list, with something else chosen."""
        wanted = self._replace(**{"page": 1, **changed})  # type: ignore[arg-type]
        parts = {
            "reason": wanted.reason,
            "days": wanted.days or "",
            "show": "done" if wanted.done else "",
            "page": wanted.page if wanted.page > 1 else "",
        }
        query = urlencode({name: value for name, value in parts.items() if value})
        return f"/staff/queue?{query}" if query else "/staff/queue"


@router.get("")
def overview(
    request: Request,
    member: Staff,
    *,
    reason: str = "",
    days: str = "",
    show: str = "",
    page: str = "",
    said: str = "",
) -> Response:
    """The groups, most asked first."""
    desks = state_of(request)
    chosen = Chosen(
        reason=reason if reason in {*Reason} else "",
        days=int(days) if days in map(str, AGES) else 0,
        done=show == "done",
        page=int(page) if page.isdecimal() and len(page) < 6 else 1,  # noqa: PLR2004
    )
    with desks.database.reading() as connection:
        groups = read_groups(connection) if desks.settings.keep_questions else []
        pinned = count_checks(connection)
    found = [group for group in groups if _fits(group, chosen, desks)]
    pages = max(1, -(-len(found) // PAGE))
    here = chosen._replace(page=min(max(chosen.page, 1), pages))
    return desk_page(
        request,
        member,
        "queue.html",
        title="Review queue",
        keeps=desks.settings.keep_questions,
        groups=found[(here.page - 1) * PAGE : here.page * PAGE],
        chosen=here,
        pages=pages,
        counts={
            "groups": len(found),
            "open": sum(not group.is_done for group in groups),
            "done": sum(group.is_done for group in groups),
        },
        pinned={group.leader.id: sum(pinned.get(each.id, 0) for each in group.questions) for group in found},
        said=SAID.get(said, ""),
        ages=AGES,
        reasons=REASONS,
    )


def _fits(group: Group, chosen: Chosen, desks: Desks) -> bool:
    if group.is_done != chosen.done or (chosen.reason and Reason(chosen.reason) not in group.reasons):
        return False
    return not chosen.days or group.last > desks.now() - timedelta(days=chosen.days)


@router.get("/checks")
def checks(request: Request, member: Staff, *, verdict: str = "", said: str = "") -> Response:
    """All source checks, those of questions that are gone as well."""
    with state_of(request).database.reading() as connection:
        every = read_checks(connection)
    wanted = verdict if verdict in {*Verdict} else ""
    return desk_page(
        request,
        member,
        "queue_checks.html",
        title="Source checks",
        checks=[each for each in every if not wanted or each.verdict == wanted],
        studies=state_of(request).library.studies,
        verdicts=VERDICTS,
        verdict=wanted,
        total=len(every),
        said=SAID.get(said, ""),
    )


@router.post("/checks/{number}/remove")
def remove_check(
    request: Request, member: Staff, number: Number, back: Annotated[str, Form()] = ""
) -> Response:
    """Takes a source check away."""
    desks = state_of(request)
    with desks.database.begin() as connection:
        if not unpin(connection, number, member.name, desks.now()):
            raise HTTPException(404)
    onward = f"/staff/queue/{back}" if back.isdecimal() else "/staff/queue/checks"
    return RedirectResponse(f"{onward}?said=removed", 303)


@router.get("/{number}")
def show(request: Request, member: Staff, number: Number, said: str = "") -> Response:
    """One group: its questions, the answer, the nearest sentences, and what can be done."""
    return _group_page(request, member, number, said=SAID.get(said, ""))


@router.post("/done")
def finish(request: Request, member: Staff, seen: Annotated[str, Form()] = "") -> Response:
    """Marks the questions of a group as done, those that the page showed and none that came in since."""
    _settle(request, member, seen, done=True)
    return RedirectResponse("/staff/queue?said=done", 303)


@router.post("/reopen")
def reopen(request: Request, member: Staff, seen: Annotated[str, Form()] = "") -> Response:
    """Opens a group again."""
    first = _settle(request, member, seen, done=False)
    return RedirectResponse(f"/staff/queue/{first}?said=reopened", 303)


def _settle(request: Request, member: Member, seen: str, *, done: bool) -> int:
    desks, numbers = state_of(request), seen.split(",")
    if not all(NUMBERED.fullmatch(number) for number in numbers):
        raise HTTPException(404)
    with desks.database.begin() as connection:
        settle(connection, sorted({*map(int, numbers)}), member.name, desks.now(), done=done)
    return int(numbers[0])


@router.post("/{number}/checks")
def add_check(
    request: Request,
    member: Staff,
    number: Number,
    *,
    verdict: Annotated[str, Form()] = "",
    place: Annotated[str, Form()] = "",
    wording: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Pins a source check to a question."""
    desks = state_of(request)
    typed = {"verdict": verdict, "place": place, "wording": wording.strip(), "note": note.strip()}
    with desks.database.reading() as connection:
        _, kept = _found_or_404(connection, desks, number)
    quotes = {quote.place: quote.text for quote in quotes_of(desks.library, kept)} | {"": ""}
    problems = {
        "verdict": "" if verdict in {*Verdict} else "Please say what you found.",
        "place": "" if place in quotes else "This quote is not one of this answer. Please choose again.",
        "wording": _too_long(typed["wording"]),
        "note": _too_long(typed["note"]),
    }
    if any(problems.values()):
        return _group_page(request, member, number, typed=typed, problems=problems, status=422)
    finding = Finding(Verdict(verdict), place, quotes[place], typed["wording"], typed["note"])
    with desks.database.begin() as connection:
        pin(connection, kept, finding, member.name, desks.now())
    return RedirectResponse(f"/staff/queue/{number}?said=pinned#checks", 303)


def _too_long(text: str) -> str:
    return (
        f"Please shorten this to {LONGEST:,} characters; it has {len(text):,}." if len(text) > LONGEST else ""
    )


def _found_or_404(connection: Connection, desks: Desks, number: int) -> tuple[Group, Kept]:
    """A question with its answer, and the group that it is in."""
    group = group_of(read_groups(connection), number) if desks.settings.keep_questions else None
    named = next(each.answer_id for each in group.questions if each.id == number) if group else ""
    kept = find(connection, named)
    if group is None or kept is None:
        raise HTTPException(404)
    return group, kept


def _group_page(
    request: Request,
    member: Member,
    number: Number,
    *,
    said: str = "",
    typed: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    desks = state_of(request)
    with desks.database.reading() as connection:
        group, kept = _found_or_404(connection, desks, number)
        pinned = read_checks(connection, [each.id for each in group.questions])
    near = [near_sentence(desks.library, item) for item in nearest_sentences(desks.library, kept)]
    quotes = quotes_of(desks.library, kept)
    concerned = dict.fromkeys(each.study_id for each in (*quotes, *near) if each.study_id)
    return desk_page(
        request,
        member,
        "queue_group.html",
        title=f"Asked {len(group.questions)} times" if len(group.questions) > 1 else "Asked once",
        status=status,
        group=group,
        kept=kept,
        seen=",".join(str(each.id) for each in (group.questions if group.is_done else group.open)),
        quotes=quotes,
        near=near,
        studies=[(study_id, study_card(desks.library.studies[study_id]).reference) for study_id in concerned],
        checks=pinned,
        typed=typed or {"verdict": "", "place": "", "wording": "", "note": ""},
        problems=problems or {},
        said=said,
        reasons=REASONS,
        verdicts=VERDICTS,
        why=WHY,
        longest=LONGEST,
    )
