"""The pages: HTML routes for people, the fragment for the widget, and the widget's script."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from corpus.studies import ID_PATTERN
from service.api import Shelf, library_of, note_site
from service.feedback import FeedbackError, read_feedback, take_feedback
from service.fragment import Fragment, Refusal
from service.journal import Rated, now
from service.languages import fixed
from service.library import Library
from service.listing import Listing
from service.problems import Problem, ProblemError
from service.rendering import render
from service.schemas import QuestionError, clean_previous, clean_question
from service.script import load_script
from service.summary import Summary
from service.views import (
    AboutPage,
    AnswerPage,
    AskForm,
    ErrorPage,
    HomePage,
    Page,
    RefusedPage,
    Site,
    StudiesPage,
    StudyPage,
    ThanksPage,
)
from service.visit import FIELD, Visit
from service.widget import WidgetPage

READ = ["GET", "HEAD"]
SENT = ("question", "previous", "site", FIELD)
"""What a form, or the widget, sends."""

KEPT_FOR_GOOD = "public, max-age=31536000, immutable"
ASKED_FOR_ANEW = "no-cache"
OUTDATED = (
    "This version of the widget is no longer served: plaincite or its suggested questions were changed. "
    "Run `plaincite embed` on the server and put the new script line on the page."
)
"""Where a page names the widget's version, it never gets another: its integrity hash would not fit."""

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


def page_of(view: Page | Fragment | Refusal | WidgetPage, visit: Visit, status: int = 200) -> HTMLResponse:
    """The response that shows a view; it says its language, and that it was asked for in it."""
    headers = {"Content-Language": visit.language.code, "Vary": "Accept-Language"}
    return HTMLResponse(render(view, visit), status, headers=headers)


def visit_of(request: Request, sent: Mapping[str, str] | None = None) -> Visit:
    """In which language a page is wanted; `sent` are the fields of the form that brought it."""
    languages = library_of(request).languages
    return Visit.of(languages, request.url.query, request.headers.get("accept-language", ""), sent=sent)


async def _visit(request: Request) -> Visit:
    return visit_of(request)


Wanted = Annotated[Visit, Depends(_visit)]


def error_page(request: Request, problem: Problem) -> HTMLResponse:
    """A problem as a page for people."""
    visit = visit_of(request)
    page = page_of(ErrorPage.of(site_of(library_of(request), visit), problem), visit, problem.status)
    page.headers.update(problem.headers)
    return page


def site_of(library: Library, visit: Visit) -> Site:
    """What every page says about the library that it shows."""
    return Site(
        name=library.site_name,
        publisher=library.publisher,
        updated=library.updated,
        corpus_version=library.corpus_version,
        generation=library.generation,
        language=visit.language,
        keep_questions=library.keep_questions,
    )


@router.api_route("/", methods=READ)
async def home(library: Shelf, visit: Wanted) -> HTMLResponse:
    """What this is, the question form, what the library covers."""
    page = HomePage.of(site_of(library, visit), library.suggestions, library.studies.values())
    return page_of(page, visit)


@router.api_route("/ask", methods=READ)
async def ask_again(visit: Wanted) -> RedirectResponse:
    """Leads back to the form: answers have no address, because a question stands in none."""
    return RedirectResponse(visit.keep("/"), status_code=303)


@router.post("/ask")
async def ask(request: Request, library: Shelf) -> HTMLResponse:
    """The answer as a page, for the form without JavaScript."""
    sent = await _sent_in_form(request)
    visit = visit_of(request, sent)
    site, asked = site_of(library, visit), sent["question"]
    try:
        question, previous = clean_question(asked), clean_previous(sent["previous"])
    except QuestionError as error:
        problem = error.told(visit.language)
        return page_of(RefusedPage(site, AskForm(asked, problem=problem)), visit, 422)
    answer = await library.ask_soon(question, previous, language=visit.language.code)
    shown = Fragment.of(answer, library.studies, made_on=_today(), host=request.url.netloc)
    return page_of(AnswerPage.of(site, question, shown, previous=previous), visit)


@router.post("/fragment")
async def fragment(request: Request, library: Shelf) -> HTMLResponse:
    """The answer alone, for the widget; the question comes as a form's field or in JSON."""
    is_json = request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
    sent = await (_sent_in_json(request) if is_json else _sent_in_form(request))
    note_site(request, sent["site"])
    visit = visit_of(request, sent)
    try:
        question, previous = clean_question(sent["question"]), clean_previous(sent["previous"])
    except QuestionError as error:
        return page_of(Refusal(error.told(visit.language)), visit, 422)
    answer = await library.ask_soon(question, previous, language=visit.language.code)
    return page_of(Fragment.of(answer, library.studies, made_on=_today(), host=request.url.netloc), visit)


@router.post("/feedback")
async def feedback(request: Request, library: Shelf) -> Response:
    """Takes whether an answer helped; a form gets a page of thanks, a script nothing but that it worked."""
    async with request.form(max_files=0) as form:
        sent = {name: value for name, value in form.items() if isinstance(value, str)}
    note_site(request, sent.get("site", ""))
    try:
        said = read_feedback(sent)
    except FeedbackError as error:
        raise ProblemError(422, str(error)) from error
    take_feedback(said, request.app.state.feedback)
    if request.app.state.journal:
        request.app.state.journal.tell(Rated(now(), said))
    if "text/html" not in request.headers.get("accept", ""):
        return Response(status_code=204)
    visit = visit_of(request, sent)
    return page_of(ThanksPage(site_of(library, visit)), visit)


@router.api_route("/studies", methods=READ)
async def studies(request: Request, library: Shelf, visit: Wanted) -> HTMLResponse:
    """The studies that the address chooses; 422 where it asks for something that there is not."""
    asked = request.query_params.multi_items()
    listing = Listing.of(library.studies.values(), asked, visit.language)
    page = StudiesPage(site_of(library, visit), listing)
    return page_of(page, visit, 422 if listing.faults else 200)


@router.api_route("/studies/{study_id}", methods=READ)
async def study(
    study_id: str,
    library: Shelf,
    visit: Wanted,
    *,
    quote: Annotated[str, Query()] = "",
    source: Annotated[str, Query()] = "",
    highlight: Annotated[str, Query()] = "",
    found_in: Annotated[str, Query(alias="list")] = "",
) -> HTMLResponse:
    """A whole summary, with the place `quote` (`section:start-end`) marked, above all `highlight` in it.

    `list` is the query of the list that led here, so that the way back leads to the same list.
    """
    found = library.studies.get(study_id) if ID_PATTERN.fullmatch(study_id) else None
    if found is None:
        raise ProblemError(404, fixed("Our library has no such study. It may have been withdrawn."))
    site = site_of(library, visit)
    summary = Summary.of(
        found,
        visit.language,
        place=quote,
        source=source,
        highlight=highlight,
        others=library.studies.values(),
    )
    return page_of(StudyPage.of(site, summary, found_in=found_in), visit)


@router.api_route("/about", methods=READ)
async def about(library: Shelf, visit: Wanted) -> HTMLResponse:
    """Who is behind it, how answers are made, what is stored, the limits."""
    page = AboutPage.of(site_of(library, visit), library.studies.values(), library.contact)
    return page_of(page, visit)


@router.api_route("/widget", methods=READ)
async def widget(request: Request, library: Shelf, visit: Wanted) -> HTMLResponse:
    """The widget in its looks, for people who put it into their pages."""
    server = f"{request.url.scheme}://{request.url.netloc}"
    return page_of(WidgetPage.of(site_of(library, visit), server), visit)


@router.api_route("/ask.js", methods=READ)
async def script(request: Request, library: Shelf, v: Annotated[str, Query()] = "") -> Response:
    """The widget for other pages, in one file: the newest, or the version that the page names."""
    found = load_script(tuple(library.suggestions), tuple(library.languages.values()))
    if v not in {"", found.version}:
        raise ProblemError(410, OUTDATED)
    headers = {"ETag": f'"{found.version}"', "Cache-Control": KEPT_FOR_GOOD if v else ASKED_FOR_ANEW}
    # With or without the W/ that compression puts before it: both name the same script.
    if found.version in re.findall(r'"([^"]*)"', request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    return Response(found.content, headers=headers, media_type="text/javascript")


def _today() -> date:
    """The day where the service runs."""
    return datetime.now().astimezone().date()


async def _sent_in_form(request: Request) -> dict[str, str]:
    """The fields that a form may send; what is not there is empty."""
    async with request.form(max_files=0) as form:
        return {name: _text(form.get(name)) for name in SENT}


async def _sent_in_json(request: Request) -> dict[str, str]:
    try:
        body = await request.json()
    except (ValueError, RecursionError):  # no JSON, or nested so deeply that nobody meant it
        body = None
    return {name: _text(body.get(name)) if isinstance(body, dict) else "" for name in SENT}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
