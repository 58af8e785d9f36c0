"""The JSON API: answers, studies, and whether the service is alive and ready."""

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from corpus.studies import ID_PATTERN
from service.answers import Answer
from service.cross_origin import foreign_origin
from service.library import Library, OverloadedError
from service.live import Live
from service.logs import note
from service.problems import URGENT, ProblemError
from service.schemas import Alive, Ask, ProblemDetails, Ready, Studies, StudyText
from service.sites import SiteError, Sites
from service.wording import study_card

PROBLEMS = {"model": ProblemDetails, "content": {"application/problem+json": {}}}

router = APIRouter(responses={"default": {**PROBLEMS, "description": "What went wrong, in plain words."}})


logger = logging.getLogger("plaincite.api")


def library_of(request: Request) -> Library:
    """The library that the service answers from now; a request keeps the one that it began with."""
    live: Live = request.app.state.live
    return live.library


def note_site(request: Request, given: str) -> None:
    """Puts the public id of the site that asks into the request's line of the log.

    Args:
        request: the request, with the origin of the page that sent it.
        given: the id that came with the question; empty where none did.

    Raises:
        ProblemError: there is no such site, or the page does not belong to it.
    """
    sites: Sites = request.app.state.sites
    try:
        site = sites.asking(given, foreign_origin(request.headers))
    except SiteError as error:
        raise ProblemError(403, str(error), urgent=URGENT) from error
    if site:
        note(site=site)


async def _library(request: Request) -> Library:
    # A plain function would be sent to a thread, and each thread that answers keeps some memory.
    return library_of(request)


Shelf = Annotated[Library, Depends(_library)]


@router.post("/api/answers", tags=["answers"])
async def create_answer(request: Request, asked: Ask, library: Shelf) -> Answer:
    """Answers a question in the summaries' own words, cited, or says that the library does not say."""
    note_site(request, asked.site or "")
    return await library.ask_soon(asked.question, asked.previous, language=asked.language)


@router.get("/api/studies", tags=["studies"])
async def list_studies(library: Shelf) -> Studies:
    """The studies that questions are answered from."""
    cards = tuple(study_card(study) for study in library.studies.values())
    return Studies(corpus_version=library.corpus_version, studies=cards)


@router.get("/api/studies/{study_id}", tags=["studies"])
async def read_study(study_id: str, library: Shelf) -> StudyText:
    """A study with its whole summary: what citations point into."""
    study = library.studies.get(study_id) if ID_PATTERN.fullmatch(study_id) else None
    if study is None:
        raise ProblemError(
            404, "Our library has no study with this id. /api/studies lists those that it has."
        )
    return StudyText.of(study)


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", tags=["service"])
async def healthz() -> Alive:
    """Whether the process runs."""
    return Alive()


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", tags=["service"])
async def readyz(library: Shelf) -> Ready:
    """Whether questions are answered: a real one is put to the index."""
    try:
        await library.check_soon()
    except OverloadedError:
        raise
    except Exception as error:
        logger.exception("not ready")
        raise ProblemError(503, "The index is loaded but does not answer.") from error
    return Ready(
        index_generation=library.generation,
        corpus_version=library.corpus_version,
        studies=len(library.studies),
    )
