"""Views: what the template of each page sees, made from records.

Pure: no request and no settings come in here, and nothing is rendered.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self
from urllib.parse import quote

from corpus.studies import Study
from service.answers import Outcome
from service.followup import carry_on
from service.fragment import Fragment, Link
from service.languages import ENGLISH, Language, fixed
from service.listing import Kind, Listing, kinds_of
from service.problems import Problem
from service.summary import Summary, back_href

ERROR_TITLES = {
    404: fixed("This page does not exist"),
    413: fixed("That is too much text"),
    429: fixed("Too many questions at once"),
    500: fixed("Something went wrong on our side"),
    503: fixed("We cannot answer just now"),
}
"""A heading for each status that people meet."""


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says about where it comes from, and in which language.

    Attributes:
        keep_questions: days for which scrubbed questions are kept; 0 where none are.
    """

    name: str
    publisher: str
    updated: date | None
    corpus_version: str
    generation: str
    language: Language = ENGLISH
    keep_questions: int = 0


@dataclass(frozen=True, slots=True)
class AskForm:
    """The question form.

    Attributes:
        question: what stands in its field.
        previous: what goes along unseen, for a next question that leans on it.
        problem: a plain sentence when the question cannot be taken.
    """

    question: str = ""
    previous: str = ""
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class HomePage:
    """The first page: what this is, the form, what the library covers.

    Attributes:
        kinds: how many studies there are of each kind, strongest first.
        years: the first and the last year of the studies; None where no year is known.
    """

    template: ClassVar[str] = "home.html"

    site: Site
    form: AskForm
    suggestions: Sequence[str]
    kinds: Sequence[Kind]
    count: int
    years: tuple[int, int] | None

    @classmethod
    def of(cls, site: Site, suggestions: Sequence[str], studies: Collection[Study]) -> Self:
        """The page of a library with an empty form."""
        years = [study.year for study in studies if study.year]
        span = (min(years), max(years)) if years else None
        kinds = tuple(kinds_of(studies, site.language))
        return cls(site, AskForm(), suggestions, kinds, len(studies), span)


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One answer, and the form for another question.

    Attributes:
        asked: the question; empty where it is not shown again.
        alone: a safety card stands on the page, and nothing beside it may take up a second of attention.
    """

    template: ClassVar[str] = "answer.html"

    site: Site
    form: AskForm
    fragment: Fragment
    asked: str
    alone: bool

    @classmethod
    def of(cls, site: Site, question: str, fragment: Fragment, *, previous: str | None = None) -> Self:
        """The page; a screened question is not shown again, since others may look at the same screen.

        The form is empty after an answer, for the next question, and has the question in it after none, to
        be put in other words.
        """
        answer = fragment.answer
        alone = answer.outcome is Outcome.screened
        asked = "" if alone else question
        before = previous if answer.read_with_previous else None
        rest = asked if answer.outcome is Outcome.no_evidence else ""
        form = AskForm(rest, previous=carry_on(asked, before))
        return cls(site, form, fragment, asked=asked, alone=alone)


@dataclass(frozen=True, slots=True)
class RefusedPage:
    """The form again, with what was wrong with the question."""

    template: ClassVar[str] = "refused.html"

    site: Site
    form: AskForm


@dataclass(frozen=True, slots=True)
class ThanksPage:
    """What follows feedback where the page has no script."""

    template: ClassVar[str] = "thanks.html"

    site: Site


@dataclass(frozen=True, slots=True)
class StudiesPage:
    """The studies of the library, those that were chosen."""

    template: ClassVar[str] = "studies.html"

    site: Site
    listing: Listing


@dataclass(frozen=True, slots=True)
class StudyPage:
    """A whole summary, and the form for a question about it.

    Attributes:
        back: the address of the list that it was found in.
    """

    template: ClassVar[str] = "study.html"

    site: Site
    summary: Summary
    form: AskForm
    back: str

    @classmethod
    def of(cls, site: Site, summary: Summary, *, found_in: str = "") -> Self:
        """The page of a summary; `found_in` is the query of the list that led to it."""
        return cls(site, summary, AskForm(summary.opening), back_href(found_in))


@dataclass(frozen=True, slots=True)
class AboutPage:
    """Who is behind it, how answers are made, what is stored, the limits.

    Attributes:
        count: how many summaries there are.
        checked: how many of them a clinician has checked.
        contact: where to tell of a mistake; None where the operator named no address.
    """

    template: ClassVar[str] = "about.html"

    site: Site
    count: int
    checked: int
    contact: Link | None

    @classmethod
    def of(cls, site: Site, studies: Collection[Study], contact: str) -> Self:
        """The page of a library; `contact` is an e-mail address, an address on the web, or empty."""
        checked = sum(study.reviewed_by is not None for study in studies)
        link = Link(contact, contact if "://" in contact else f"mailto:{quote(contact, safe='@+')}")
        return cls(site, len(studies), checked, link if contact else None)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What went wrong with a request, in plain words.

    Attributes:
        urgent: what somebody in danger must read; empty where no question went unanswered.
        reference: finds the request's line in the log.
    """

    template: ClassVar[str] = "error.html"

    site: Site
    title: str
    detail: str
    urgent: str
    reference: str

    @classmethod
    def of(cls, site: Site, problem: Problem) -> Self:
        """The page of a problem, in the language of the site."""
        say = site.language.gettext
        title = ERROR_TITLES.get(problem.status, fixed("This did not work"))
        return cls(
            site=site,
            title=say(title),
            detail=say(problem.detail),
            urgent=say(problem.urgent),
            reference=problem.error_id,
        )


Page = HomePage | AnswerPage | ThanksPage | RefusedPage | StudiesPage | StudyPage | AboutPage | ErrorPage
