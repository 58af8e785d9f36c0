"""The list of the library desk: every summary with what needs attention, and what became of links."""

import threading
from collections.abc import Sequence
from typing import NamedTuple

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from corpus.studies import Status, Study
from service.accounts.accounts import Member
from service.desks.cases import list_cases
from service.desks.desks import Desks, state_of
from service.desks.guard import Staff
from service.desks.holdings import NEEDS, Stage, list_entries
from service.desks.listing import ON_A_PAGE, SORTS, Counts, View
from service.desks.pages import desk_page
from service.inventory import Inventory
from service.linkcheck import PAUSE, LinkChecker, Outcome, user_agent
from service.linkrounds import LinkRounds, LinkState, RoundRunningError, known_links, links_of
from service.publishing.versions import list_drafts
from service.storage.audit import record

router = APIRouter(prefix="/staff/library")

OUTCOMES = {
    Outcome.gone: "No longer answers",
    Outcome.inside: "Leads into an internal network",
    Outcome.unreached: "Was not reached",
    Outcome.untold: "Could not be told",
    Outcome.answers: "Answers",
}
"""In the order of the page: what somebody has to look at comes first."""

MOST_SHOWN = 300
"""Links of one outcome that the page lists."""

_opening = threading.Lock()


class Checks(NamedTuple):
    """What the list works with, one of each for all who look at it."""

    inventory: Inventory
    rounds: LinkRounds


def open_checks(app: FastAPI) -> Checks:
    """The checks of the desks' app, made at the first call."""
    with _opening:
        checks: Checks | None = getattr(app.state, "checks", None)
        if checks is None:
            desks: Desks = app.state.desks
            checker = LinkChecker(user_agent(desks.settings.contact))
            checks = app.state.checks = Checks(
                Inventory(desks.settings.corpus, lambda: desks.now().date()),
                LinkRounds(desks.database, checker),
            )
        return checks


def checks_of(request: Request) -> Checks:
    """The checks, from any route."""
    return open_checks(request.app)


@router.get("")
def show(request: Request, member: Staff) -> Response:
    """The list."""
    desks = state_of(request)
    view, faults = View.read(request.query_params.multi_items())
    stock = checks_of(request).inventory.look()
    studies = {holding.study_id: holding.study for holding in stock.holdings if holding.study}
    names = [holding.study_id for holding in stock.holdings]
    with desks.database.reading() as connection:
        drafts = list_drafts(connection)
        cases = list_cases(connection, studies=studies, names=names, drafts=drafts)
        links = known_links(connection)
    entries = list_entries(
        stock.holdings,
        drafts=drafts,
        answered=desks.library.studies,
        links=links,
        notices=[case.proposal for case in cases if case.is_open],
        today=desks.now().date(),
    )
    chosen = view.choose(entries)
    last = max(1, -(-len(chosen) // ON_A_PAGE))
    page = min(view.page, last)
    return desk_page(
        request,
        member,
        "library.html",
        title="Library",
        view=view,
        faults=faults,
        stock=stock,
        counts=Counts.of(entries),
        rows=chosen[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        shown=len(chosen),
        page=page,
        last=last,
        first=(page - 1) * ON_A_PAGE + 1,
        needs=NEEDS,
        sorts=SORTS,
        stages=list(Stage),
    )


@router.get("/links")
def show_links(request: Request, member: Staff) -> Response:
    """What became of each link, and the button that asks for all of them."""
    return _links_page(request, member)


@router.post("/links")
def check_links(request: Request, member: Staff) -> Response:
    """Begins a round, where the operator allows outgoing requests."""
    desks = state_of(request)
    if not desks.settings.outgoing:
        return _links_page(request, member, status=403)
    links = {link for study in _shown_studies(request) for link in links_of(study)}
    try:
        checks_of(request).rounds.begin(links)
    except RoundRunningError:
        problem = "A check is under way already; this page shows how far it is."
        return _links_page(request, member, problem=problem, status=409)
    with desks.database.begin() as connection:
        record(connection, member.name, "links.check", at=desks.now(), links=len(links))
    return RedirectResponse("/staff/library/links", 303)


class Linked(NamedTuple):
    """A link with the summaries that have it; `state` is None where it was never asked for."""

    address: str
    studies: tuple[str, ...]
    state: LinkState | None


def _links_page(request: Request, member: Member, *, problem: str = "", status: int = 200) -> Response:
    desks, rounds = state_of(request), checks_of(request).rounds
    with desks.database.reading() as connection:
        known = known_links(connection)
    linked = _linked(_shown_studies(request), known)
    groups = [
        (words, [one for one in linked if one.state and one.state.result.outcome is outcome])
        for outcome, words in OUTCOMES.items()
    ]
    unknown = [one for one in linked if one.state is None]
    return desk_page(
        request,
        member,
        "library_links.html",
        title="Links",
        status=status,
        groups=[*groups, ("Never checked", unknown)],
        most=MOST_SHOWN,
        total=len(linked),
        last=max((state.result.checked for state in known.values()), default=None),
        outgoing=desks.settings.outgoing,
        progress=rounds.progress,
        ended=rounds.problem,
        seconds=PAUSE,
        problem=problem,
    )


def _linked(studies: Sequence[Study], known: dict[str, LinkState]) -> list[Linked]:
    owners: dict[str, list[str]] = {}
    for study in studies:
        for link in links_of(study):
            owners.setdefault(link, []).append(study.study_id)
    return [Linked(link, tuple(ids), known.get(link)) for link, ids in sorted(owners.items())]


def _shown_studies(request: Request) -> list[Study]:
    """The studies that patients see or will see; the links of a retired one lead nobody anywhere."""
    stock = checks_of(request).inventory.look()
    found = [holding.study for holding in stock.holdings if holding.study]
    return [study for study in found if study.status is not Status.retired]
