"""The pages: HTML routes for people, the fragment for the widget, and the widget's script."""

import json
from dataclasses import fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from corpus.studies import ID_PATTERN
from service.answers import DISCLAIMER
from service.api import Shelf, library_of
from service.fragment import Fragment, Refusal
from service.library import Library
from service.problems import Problem, ProblemError
from service.schemas import QuestionError, clean_previous, clean_question
from service.views import (
    UNKNOWN,
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
    newest_first,
)

SHOWN_STUDIES = 20
"""How many studies the home page lists before it points to the list of all."""

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"

STYLE_SLOT = '"/* style */"'
DISCLAIMER_SLOT = '"/* disclaimer */"'
TOOLS_SLOT = "/* answer.js */"
"""Where the widget's script takes its style sheets, the words that must stand before any question, and what
the answer page's script does, too."""

READ = ["GET", "HEAD"]

environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
environment.globals.update(disclaimer=DISCLAIMER, unknown=UNKNOWN, shown=SHOWN_STUDIES)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


def render(view: Page | Fragment | Refusal) -> str:
    """The HTML of a view; everything in it is escaped."""
    names: dict[str, Any] = {item.name: getattr(view, item.name) for item in fields(view)}
    return environment.get_template(view.template).render(names, view=view)


def error_page(request: Request, problem: Problem) -> HTMLResponse:
    """A problem as a page for people."""
    site = site_of(library_of(request))
    content = render(ErrorPage.of(site, problem))
    return HTMLResponse(content, problem.status, headers=dict(problem.headers))


def site_of(library: Library) -> Site:
    """What every page says about the library that it shows."""
    return Site(
        name=library.site_name,
        publisher=library.publisher,
        updated=library.updated,
        corpus_version=library.corpus_version,
        generation=library.generation,
    )


@router.api_route("/", methods=READ)
async def home(library: Shelf) -> HTMLResponse:
    """What this is, the question form, what the library covers."""
    cards = newest_first(library.studies.values())
    return HTMLResponse(render(HomePage(site_of(library), AskForm(), library.suggestions, cards)))


@router.api_route("/ask", methods=READ)
async def ask_again() -> RedirectResponse:
    """Leads back to the form: answers have no address, because a question stands in none."""
    return RedirectResponse("/", status_code=303)


@router.post("/ask")
async def ask(request: Request, library: Shelf) -> HTMLResponse:
    """The answer as a page, for the form without JavaScript."""
    asked, before = await _asked_in_form(request)
    try:
        question, previous = clean_question(asked), clean_previous(before)
    except QuestionError as error:
        refused = RefusedPage(site_of(library), AskForm(asked, problem=str(error)))
        return HTMLResponse(render(refused), 422)
    answer = await library.ask_soon(question, previous)
    page = AnswerPage.of(
        site_of(library), question, answer, previous=previous, made_on=_today(), host=request.url.netloc
    )
    return HTMLResponse(render(page))


@router.post("/fragment")
async def fragment(request: Request, library: Shelf) -> HTMLResponse:
    """The answer alone, for the widget; the question comes as a form's field or in JSON."""
    is_json = request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
    asked, before = await (_asked_in_json(request) if is_json else _asked_in_form(request))
    try:
        question, previous = clean_question(asked), clean_previous(before)
    except QuestionError as error:
        return HTMLResponse(render(Refusal(str(error))), 422)
    answer = await library.ask_soon(question, previous)
    return HTMLResponse(render(Fragment.of(answer, made_on=_today(), host=request.url.netloc)))


@router.api_route("/studies", methods=READ)
async def studies(library: Shelf) -> HTMLResponse:
    """Every study of the library."""
    cards = newest_first(library.studies.values())
    return HTMLResponse(render(StudiesPage(site_of(library), cards)))


@router.api_route("/studies/{study_id}", methods=READ)
async def study(
    study_id: str,
    library: Shelf,
    quote: Annotated[str, Query()] = "",
    source: Annotated[str, Query()] = "",
    highlight: Annotated[str, Query()] = "",
) -> HTMLResponse:
    """A whole summary, with the place `quote` (`section:start-end`) marked, above all `highlight` in it."""
    found = library.studies.get(study_id) if ID_PATTERN.fullmatch(study_id) else None
    if found is None:
        raise ProblemError(404, "Our library has no such study. It may have been withdrawn.")
    page = StudyPage.of(site_of(library), found, place=quote, source=source, highlight=highlight)
    return HTMLResponse(render(page))


@router.api_route("/about", methods=READ)
async def about(library: Shelf) -> HTMLResponse:
    """Who is behind it, how answers are made, what is stored, the limits."""
    return HTMLResponse(render(AboutPage(site_of(library), len(library.studies))))


@router.api_route("/ask.js", methods=READ)
async def script() -> Response:
    """The widget for other pages, in one file."""
    return Response(widget_script(), media_type="text/javascript")


@cache
def widget_script() -> str:
    """The widget's script with its style sheets inside: a host page loads one file and no style element."""
    sheets = (STATIC / "answer.css", TEMPLATES / "widget.css")
    style = "\n".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    text = (TEMPLATES / "ask.js").read_text(encoding="utf-8")
    tools = (STATIC / "answer.js").read_text(encoding="utf-8")
    filled = text.replace(STYLE_SLOT, json.dumps(style)).replace(DISCLAIMER_SLOT, json.dumps(DISCLAIMER))
    return filled.replace(TOOLS_SLOT, tools)


def _today() -> date:
    """The day where the service runs."""
    return datetime.now().astimezone().date()


async def _asked_in_form(request: Request) -> tuple[str, str]:
    """The question and the one before it; what is not there is empty."""
    async with request.form(max_files=0) as form:
        return _text(form.get("question")), _text(form.get("previous"))


async def _asked_in_json(request: Request) -> tuple[str, str]:
    try:
        body = await request.json()
    except (ValueError, RecursionError):  # no JSON, or nested so deeply that nobody meant it
        return "", ""
    return (_text(body.get("question")), _text(body.get("previous"))) if isinstance(body, dict) else ("", "")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
