"""The known questions: what people ask, and which sentences of the library answer it, one at a time."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from corpus.errors import KnownQuestionsError
from corpus.known import KNOWN_NAME, MAX_QUESTION, KnownQuestion
from service.accounts.accounts import Member
from service.desks.desks import state_of
from service.desks.guard import Staff
from service.desks.pages import desk_page
from service.desks.workshop import workshop_of
from service.evidence import Evidence, rank
from service.library import Library
from service.publishing.editing import OvertakenError, Sheet, open_sheet, save_draft
from service.publishing.folder import read_files
from service.publishing.known import Answer, entries, entry_of, with_question, without_question
from service.schemas import QuestionError
from service.wording import study_reference

router = APIRouter(prefix="/staff/library/questions")

SHOWN = 50
"""Questions that the list shows at most; whoever wants another one looks for its words."""

LIKELIEST = 25
"""Sentences that are offered at once, beside those that are ticked; the others are behind one more click."""

UNREADABLE = "The file of known questions cannot be read: {problem}. Mend it as text first."
OVERTAKEN = "Somebody else has saved known questions meanwhile. Look at what you ticked, then save once more."
SCREENED = (
    "This question gets a safety card or a notice, and nothing is searched for it. So it cannot be known."
)
NONE_TICKED = "Tick the sentences that answer it, or choose that nothing in the library does."
BOTH = "Sentences are ticked, and nothing is said to answer it. Keep one of the two."


class Choice(NamedTuple):
    """A sentence that may be ticked.

    Attributes:
        value: what the form sends: its study and its words.
        study: who and when.
        section: its heading; empty where the library does not read the sentence for this question.
        is_ticked: whether it is said to answer.
        is_quoted: whether people who ask this are shown it today.
    """

    value: str
    text: str
    study: str
    section: str
    is_ticked: bool
    is_quoted: bool


@router.get("")
def overview(request: Request, member: Staff, words: str = "", saved: str = "") -> Response:
    """The questions that are known, those with certain words in them, and a place to begin another."""
    sheet = _sheet(request)
    try:
        every: Sequence[KnownQuestion] = entries(sheet.text)
        problem = ""
    except KnownQuestionsError as error:
        every, problem = (), _unreadable(error)
    wanted = words.casefold().split()
    found = [each for each in every if all(word in each.question.casefold() for word in wanted)]
    return desk_page(
        request,
        member,
        "known.html",
        title="Known questions",
        sheet=sheet,
        every=every,
        found=found,
        shown=found[-SHOWN:][::-1],
        words=words,
        problem=problem,
        saved=saved,
        limit=MAX_QUESTION,
    )


@router.post("/settle")
def settle(request: Request, member: Staff, *, question: Annotated[str, Form()] = "") -> Response:
    """The sentences that may answer a question, to be ticked."""
    return _page(request, member, _sheet(request), question)


@router.post("/save")
def save(
    request: Request,
    member: Staff,
    *,
    question: Annotated[str, Form()] = "",
    answer: Annotated[list[str], Form()] = [],  # noqa: B006  # FastAPI copies it
    unanswered: Annotated[bool, Form()] = False,
    seen: Annotated[int, Form()] = 0,
    action: Annotated[str, Form()] = "save",
) -> Response:
    """Keeps what was ticked in the draft of the file, or takes the question out of it."""
    sheet, asked = _sheet(request), " ".join(question.split())
    typed: dict[str, Any] = {"ticked": answer, "unanswered": unanswered}
    answers = [Answer(study_id, text) for study_id, _, text in (each.partition(": ") for each in answer)]
    if action != "remove" and bool(answer) == unanswered:
        problem = BOTH if unanswered else NONE_TICKED
        return _page(request, member, sheet, asked, problem=problem, status=422, **typed)
    desks = state_of(request)
    try:
        text = (
            without_question(sheet.text, asked)
            if action == "remove"
            else with_question(sheet.text, asked, answers)
        )
        with desks.database.begin() as connection:
            save_draft(
                connection,
                read_files(workshop_of(request).press.corpus),
                KNOWN_NAME,
                text,
                seen=seen,
                member=member.name,
                at=desks.now(),
                why="one known question taken out" if action == "remove" else "one known question",
            )
    except KnownQuestionsError as error:
        return _page(request, member, sheet, asked, problem=_unreadable(error), status=422, **typed)
    except OvertakenError:
        return _page(request, member, _sheet(request), asked, problem=OVERTAKEN, status=409, **typed)
    if action == "publish":
        return RedirectResponse("/staff/library/known/publish", 303)
    return RedirectResponse(f"/staff/library/questions?saved={action}", 303)


def _sheet(request: Request) -> Sheet:
    desks = state_of(request)
    files = read_files(workshop_of(request).press.corpus)
    with desks.database.begin() as connection:
        return open_sheet(connection, files, KNOWN_NAME, desks.now())


def _unreadable(error: KnownQuestionsError) -> str:
    where = f"line {error.line}: " if error.line else ""
    return UNREADABLE.format(problem=f"{where}{error.problem}")


def _page(
    request: Request,
    member: Member,
    sheet: Sheet,
    question: str,
    *,
    ticked: Sequence[str] | None = None,
    unanswered: bool = False,
    problem: str = "",
    status: int = 200,
) -> Response:
    asked, library = " ".join(question.split()), state_of(request).library
    entry, choices = None, list[Choice]()
    try:
        entry = entry_of(sheet.text, asked)
        trace = library.trace(asked)
        quoted = {item.text for side in trace.quoted for item in side}
        if trace.read is None:
            problem, status = problem or SCREENED, 422
        else:
            choices = list(_choices(trace.read.sentences, library, entry, ticked, quoted))
        choices += _unread(entry, choices, library, ticked)
    except QuestionError as error:
        problem, status = str(error), 422
    except KnownQuestionsError as error:
        problem, status = _unreadable(error), 422
    is_unanswered = unanswered if ticked is not None else entry is not None and not entry.answers
    first = [one for place, one in enumerate(choices) if place < LIKELIEST or one.is_ticked or one.is_quoted]
    return desk_page(
        request,
        member,
        "known_question.html",
        title="Which sentences answer it?",
        status=status,
        sheet=sheet,
        question=asked,
        entry=entry,
        first=sorted(first, key=lambda one: not one.is_ticked),
        rest=[one for one in choices if one not in first],
        is_unanswered=is_unanswered,
        problem=problem,
        limit=MAX_QUESTION,
    )


def _choices(
    sentences: Iterable[Evidence],
    library: Library,
    entry: KnownQuestion | None,
    ticked: Sequence[str] | None,
    quoted: set[str],
) -> Iterable[Choice]:
    """Every sentence that was read, the likeliest first, each once a study."""
    seen: set[str] = set()
    for item in rank(sentences):
        words = " ".join(item.text.split())
        value = f"{item.study_id}: {words}"
        if value in seen:
            continue
        seen.add(value)
        known = entry.answers if entry else ()
        was = any(one.study_id == item.study_id and one.fits(words) for one in known)
        study = library.studies[item.study_id]
        yield Choice(
            value=value,
            text=words,
            study=study_reference(study),
            section=study.section(item.passage.section).title,
            is_ticked=was if ticked is None else value in ticked,
            is_quoted=item.text in quoted,
        )


def _unread(
    entry: KnownQuestion | None, choices: Sequence[Choice], library: Library, ticked: Sequence[str] | None
) -> Iterable[Choice]:
    """What is said to answer and was not read: of another study than is named, of a draft, or gone.

    Without them, whoever changes a question would take out what they were not shown.
    """
    read = [one.value.partition(": ") for one in choices]
    for answer in entry.answers if entry else ():
        if any(study_id == answer.study_id and answer.fits(text) for study_id, _, text in read):
            continue
        study = library.studies.get(answer.study_id)
        value = f"{answer.study_id}: {answer.written}"
        yield Choice(
            value=value,
            text=answer.written,
            study=study_reference(study) if study else answer.study_id,
            section="",
            is_ticked=ticked is None or value in ticked,
            is_quoted=False,
        )
