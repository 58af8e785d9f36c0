"""The editor of the library desk: a text beside what would become of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from corpus.errors import CorpusError
from corpus.known import KNOWN_NAME
from corpus.proof import Proof
from index.errors import PlainIndexError
from service.accounts.accounts import Member
from service.desks.desks import state_of
from service.desks.diffs import diff
from service.desks.guard import Staff
from service.desks.pages import desk_page, desk_piece
from service.desks.shelf import name_or_404, sheet_or_404
from service.desks.workshop import workshop_of
from service.publishing.editing import OvertakenError, Sheet, as_published, save_draft
from service.publishing.failures import reason_of
from service.publishing.folder import read_files
from service.publishing.summaries import MOST_CHARACTERS, MOST_QUESTIONS, clean_text
from service.publishing.trial import Trial
from service.publishing.versions import text_of
from service.schemas import QuestionError

router = APIRouter(prefix="/staff/library")

TOO_LONG = "This is longer than {most:,} characters, and was not saved."


@router.post("/check")
def check(
    request: Request,
    member: Staff,  # noqa: ARG001  # the guard
    *,
    key: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """The proof of a text, as a piece of a page: what the editor's script asks for while somebody types."""
    name = name_or_404(key)
    return desk_piece(request, "_proof.html", **_proof_of(request, name, clean_text(text)))


@router.get("/{key}/edit")
def edit(request: Request, member: Staff, key: str, *, saved: int = 0) -> Response:
    """The editor."""
    sheet = sheet_or_404(request, key)
    return _page(request, member, key, sheet, text=sheet.text, saved=saved)


@router.post("/{key}/edit")
def act(
    request: Request,
    member: Staff,
    key: str,
    *,
    text: Annotated[str, Form()] = "",
    why: Annotated[str, Form()] = "",
    question: Annotated[str, Form()] = "",
    seen: Annotated[int, Form()] = 0,
    action: Annotated[str, Form()] = "check",
) -> Response:
    """Checks, saves, tries a question, or saves and leads on to publishing."""
    sheet, written, reason = sheet_or_404(request, key), clean_text(text), " ".join(why.split())
    typed: dict[str, Any] = {"text": written, "why": why, "question": question}
    most = MOST_QUESTIONS if sheet.name == KNOWN_NAME else MOST_CHARACTERS
    if len(written) > most:
        return _page(request, member, key, sheet, problem=TOO_LONG.format(most=most), status=422, **typed)
    if action in {"save", "publish"}:
        desks = state_of(request)
        try:
            with desks.database.begin() as connection:
                version = save_draft(
                    connection,
                    read_files(workshop_of(request).press.corpus),
                    sheet.name,
                    written,
                    seen=seen,
                    member=member.name,
                    at=desks.now(),
                    why=reason,
                )
        except OvertakenError as error:
            with desks.database.reading() as connection:
                theirs = text_of(connection, error.newest)
            rows = diff(theirs, written)
            return _page(request, member, key, sheet, status=409, newest=error.newest, rows=rows, **typed)
        if action == "publish":
            return RedirectResponse(f"/staff/library/{key}/publish", 303)
        saved = version.number if version else sheet.seen
        return RedirectResponse(f"/staff/library/{key}/edit?saved={saved}", 303)
    asked = _ask(request, sheet.name, written, question) if question.strip() else {}
    return _page(request, member, key, sheet, **typed, **asked)


def _ask(request: Request, name: str, text: str, question: str) -> dict[str, Any]:
    """What came of a question with the draft in the library, or why nothing did."""
    workshop, desks = workshop_of(request), state_of(request)
    files = read_files(workshop.press.corpus)
    files[name] = as_published(name, text, desks.now().date()).encode()
    try:
        trial = workshop.trials.ask(desks.library, files, name.removesuffix(".md"), question)
    except QuestionError as error:
        return {"problem_question": str(error)}
    except (CorpusError, PlainIndexError, OSError) as error:
        return {"problem_question": f"This could not be tried: {reason_of(error)}."}
    return {"trial": trial}


def _proof_of(request: Request, name: str, text: str) -> dict[str, Any]:
    """The proof of a text as it would be if it were published, and its lines."""
    press, today = workshop_of(request).press, state_of(request).now().date()
    published = as_published(name, text, today)
    files = {**read_files(press.corpus), name: published.encode()}
    proof: Proof = press.proofs.read(name, files, today=today)
    return shown_proof(proof, published)


def shown_proof(proof: Proof, text: str, *, brief: bool = False) -> dict[str, Any]:
    """What `_proof.html` names; `brief` is without what could be quoted."""
    sentences = sum(len(passage.sentences) for passage in proof.passages)
    return {"proof": proof, "lines": text.split("\n"), "sentences": sentences, "brief": brief}


def _page(
    request: Request,
    member: Member,
    key: str,
    sheet: Sheet,
    *,
    text: str,
    why: str = "",
    question: str = "",
    trial: Trial | None = None,
    status: int = 200,
    **more: Any,
) -> Response:
    said = {"saved": 0, "problem": "", "problem_question": "", "newest": None, "rows": [], **more}
    return desk_page(
        request,
        member,
        "shelf_editor.html",
        title=f"Edit {sheet.name}",
        status=status,
        key=key,
        sheet=sheet,
        text=text,
        why=why,
        question=question,
        trial=trial,
        **said,
        **_proof_of(request, sheet.name, text),
    )
