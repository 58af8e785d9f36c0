"""The answer inspector: ask as a patient does, and see the way to the answer.

A question stands in no address: it comes by POST, is answered beside the journal, and is kept nowhere.
"""

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from markupsafe import Markup
from pydantic import BaseModel, ConfigDict

from index.errors import GoneIndexError, PlainIndexError, StaleIndexError
from service.accounts.accounts import Member
from service.desks.desks import state_of
from service.desks.guard import Staff
from service.desks.pages import desk_page
from service.fragment import Fragment
from service.inspecting.comparing import Difference, differences
from service.inspecting.generations import Opened, generations
from service.inspecting.inspection import Inspection, inspect_question
from service.inspecting.replaying import Replay, replay
from service.inspecting.views import Shown
from service.kept import Kept, find
from service.languages import ENGLISH, Languages, named
from service.library import Library
from service.rendering import render
from service.schemas import MAX_QUESTION, QuestionError
from service.visit import Visit

TITLE = "Answer inspector"
NONE: Mapping[str, str] = {}

router = APIRouter()
opened = Opened()


class Asked(BaseModel):
    """What the form sends; names of generations are empty for the one in use, and for none beside it."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    question: str = ""
    previous: str = ""
    language: str = ENGLISH.code
    generation: str = ""
    beside: str = ""

    def of(self, library: Library) -> Inspection:
        """The question, asked of a library.

        Raises:
            QuestionError: it is empty, or too long.
        """
        return inspect_question(library, self.question, self.previous, language=self.language)


@router.get("/staff/inspect")
def start(request: Request, member: Staff) -> Response:
    """The form."""
    return _page(request, member, Asked(), state_of(request).library)


@router.post("/staff/inspect")
def inspect(request: Request, member: Staff, asked: Annotated[Asked, Form()]) -> Response:
    """The answer, and the way to it; beside it, where that is wanted, that of another generation."""
    desks = state_of(request)
    live, index = desks.library, desks.settings.index
    try:
        here = asked.of(opened.library(live, index, asked.generation))
    except (QuestionError, PlainIndexError) as error:
        return _page(request, member, asked, live, status=422, problems=_problem(error, "generation"))
    if asked.beside in {"", here.library.generation}:
        return _page(request, member, asked, live, here=here)
    try:
        there = asked.of(opened.library(live, index, asked.beside))
    except PlainIndexError as error:
        return _page(request, member, asked, live, here=here, problems=_problem(error, "beside"))
    return _page(request, member, asked, live, here=here, there=there)


@router.get("/staff/inspect/{answer_id}")
def again(request: Request, member: Staff, answer_id: str) -> Response:
    """An answer that was given and kept, once more."""
    desks = state_of(request)
    live, index = desks.library, desks.settings.index
    with desks.database.reading() as connection:
        kept = find(connection, answer_id)
    if kept is None:
        keeps = bool(desks.settings.keep_questions)
        return _page(request, member, Asked(), live, status=404, missing=answer_id, keeps=keeps)
    asked, then = Asked(question=kept.question, previous=kept.previous or "", language=kept.language), None
    try:
        here = asked.of(live)
        then = asked.of(opened.library(live, index, kept.generation))
    except QuestionError as error:
        return _page(request, member, asked, live, problems=_problem(error, "question"))
    except PlainIndexError as error:
        problems = _problem(error, "beside")
    else:
        problems = {}
    found = replay(kept.answer, here, then)
    there = then if then and then.library is not live else None
    asked = asked.model_copy(update={"beside": kept.generation if there else ""})
    return _page(
        request, member, asked, live, here=here, there=there, kept=kept, replayed=found, problems=problems
    )


def _page(
    request: Request,
    member: Member,
    asked: Asked,
    live: Library,
    *,
    here: Inspection | None = None,
    there: Inspection | None = None,
    kept: Kept | None = None,
    replayed: Replay | None = None,
    problems: Mapping[str, str] = NONE,
    status: int = 200,
    **more: Any,
) -> Response:
    shown = [_shown(one, one.library is live) for one in (here, there) if one]
    compared: Difference | None = differences(here, there) if here and there else None
    return desk_page(
        request,
        member,
        "inspect.html",
        title=TITLE,
        status=status,
        asked=asked,
        shown=shown,
        compared=compared,
        kept=kept,
        replayed=replayed,
        given=_given(kept, live) if kept else "",
        problems=problems,
        generations=generations(live, state_of(request).settings.index),
        languages=live.languages.values(),
        limit=MAX_QUESTION,
        **{"missing": "", "keeps": False, **more},
    )


class Patients(NamedTuple):
    """An inspection as it is shown, and the answer as the patient's page has it."""

    way: Shown
    answer: Markup


def _shown(inspection: Inspection, in_use: bool) -> Patients:
    way = Shown.of(inspection, in_use=in_use)
    return Patients(way, _sheet(way.fragment, inspection.library.languages))


def _given(kept: Kept, live: Library) -> Markup:
    """An answer as it was given; a quote that is not in the summaries any more is shown without its place."""
    return _sheet(Fragment.of(kept.answer, live.studies, inspected=True), live.languages)


def _sheet(fragment: Fragment, languages: Languages) -> Markup:
    """An answer as the patient's page has it."""
    visit = Visit(named(languages, fragment.answer.language) or ENGLISH, languages=languages)
    # Rendered from templates that escape everything that is not theirs.
    return Markup(render(fragment, visit))  # noqa: S704


def _problem(error: QuestionError | PlainIndexError, field: str) -> dict[str, str]:
    """What was wrong, by the field of the form that it belongs to."""
    if isinstance(error, QuestionError):
        return {"question": str(error)}
    if isinstance(error, GoneIndexError):
        return {field: "This generation is not on the disk any more. Choose another one."}
    reason = (
        error.reason if isinstance(error, StaleIndexError) else "one of its files is not as it was written"
    )
    return {field: f"This generation cannot be asked: {reason}. Choose another one."}
