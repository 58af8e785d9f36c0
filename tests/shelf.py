"""A shelf of real studies with answers put together by hand, for pages that need a certain answer."""

from collections.abc import Callable, Sequence
from datetime import date

import anyio.to_thread

from corpus.sentences import Span, split_sentences
from corpus.studies import LIBRARY, Study, load_studies
from service.answers import (
    DISCLAIMER,
    Answer,
    Citation,
    Contact,
    Contrast,
    Highlight,
    Notice,
    NoticeKind,
    Outcome,
    Statement,
    Term,
    Topic,
)
from service.doctor import WITHOUT_EVIDENCE, questions_to_ask
from service.languages import ENGLISH, load_languages
from service.wording import ANSWERED, NO_EVIDENCE, SCREENED, study_card

STUDIES = {study.study_id: study for study in load_studies(LIBRARY)}
NAMES = {"answer_id": "0f3c9a", "corpus_version": "2026-11-22-5d2c", "index_generation": "20261122-1"}


class Shelf:
    """What the pages see of a library; every question gets the answer that was put there."""

    site_name = "Lupus study answers"
    publisher = "A clinic"
    contact = "help@clinic.example"
    suggestions = ("Did it help the kidneys?", "How many people died?")
    corpus_version = NAMES["corpus_version"]
    generation = NAMES["index_generation"]
    updated = date(2026, 11, 22)
    languages = load_languages()
    keep_questions = 0

    def __init__(self, answer: Answer | Callable[[str], Answer], studies: Sequence[Study] = ()) -> None:
        self.studies = {study.study_id: study for study in studies} or STUDIES
        self._answer = answer

    async def ask_soon(
        self,
        question: str,
        previous: str | None = None,  # noqa: ARG002
        *,
        language: str = ENGLISH.code,  # noqa: ARG002
    ) -> Answer:
        if isinstance(self._answer, Answer):
            return self._answer
        return await anyio.to_thread.run_sync(self._answer, question)


def cite(number: int, study: Study, section_name: str, *, first: int = 0, last: int = 0) -> Statement:
    """The sentences `first` to `last` of a section; only the last one is what answers."""
    section = study.section(section_name)
    spans = split_sentences(section.text)
    whole, answering = Span(spans[first].start, spans[last].end), spans[last]
    return Statement(
        text=section.text[whole.start : whole.end],
        citation=Citation(
            number=number,
            study_id=study.study_id,
            section=section.name,
            section_title=section.title,
            start=whole.start,
            end=whole.end,
            source_sha256=section.sha256,
            highlight=None if first == last else Highlight(start=answering.start, end=answering.end),
        ),
    )


def notice(kind: NoticeKind, title: str, text: str, *contacts: Contact) -> Notice:
    return Notice(
        kind=kind, title=title, text=text, contacts=contacts, version="1", reviewed="not yet reviewed"
    )


def answered(given: Notice | None = None) -> Answer:
    wang, deng = STUDIES["wang2018"], STUDIES["deng2017"]
    cards = study_card(wang), study_card(deng)
    return Answer(
        outcome=Outcome.answered,
        message=ANSWERED,
        statements=(
            cite(1, wang, "what-they-found", last=1),
            cite(2, wang, "side-effects-and-safety"),
        ),
        contrast=(
            Contrast(
                study_id=deng.study_id,
                why="This study found no difference between its groups.",
                statements=(cite(3, deng, "what-they-found"),),
            ),
        ),
        studies=cards,
        terms=(
            Term(term="full remission", meaning="No sign is left.", words=("complete remission",)),
            Term(term="remission", meaning="The illness is quiet.", words=("remission",)),
            Term(term="placebo", meaning="A dummy treatment.", words=("placebo",)),
        ),
        notice=given,
        ask_your_doctor=questions_to_ask(cards, {deng.study_id}, None),
        disclaimer=DISCLAIMER,
        **NAMES,
    )


def no_evidence(given: Notice | None = None) -> Answer:
    return Answer(
        outcome=Outcome.no_evidence,
        message=NO_EVIDENCE,
        topics=tuple(
            Topic(
                study_id=study_id,
                label=study_card(STUDIES[study_id]).label,
                title=STUDIES[study_id].title,
            )
            for study_id in ("zhou2020", "wen2019")
        ),
        suggestions=Shelf.suggestions,
        notice=given,
        ask_your_doctor=WITHOUT_EVIDENCE,
        disclaimer=DISCLAIMER,
        **NAMES,
    )


def screened(kind: NoticeKind, *contacts: Contact) -> Answer:
    titles = {NoticeKind.emergency: "This may be an emergency", NoticeKind.crisis: "You are not alone"}
    text = "Call now.\n\nDo not wait for an answer from this page."
    card = notice(kind, titles.get(kind, "We only know the studies in this library"), text, *contacts)
    return Answer(outcome=Outcome.screened, message=SCREENED, notice=card, disclaimer=DISCLAIMER, **NAMES)


EMERGENCY = screened(NoticeKind.emergency, Contact(name="Emergency services", number="911"))
CRISIS = screened(NoticeKind.crisis, Contact(name="988 Suicide & Crisis Lifeline", number="988"))
ADVICE = notice(
    NoticeKind.personal_advice,
    "We cannot say what is right for you",
    "Do not start, stop or change a treatment without your care team.",
)
