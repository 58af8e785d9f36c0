"""Problem: what went wrong with a request, in plain words (RFC 9457, problem details for HTTP)."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from service.languages import fixed

MEDIA_TYPE = "application/problem+json"

DETAILS = {
    400: fixed('This could not be read. Send JSON, such as {"question": "Did it help the kidneys?"}.'),
    403: fixed("This page is not allowed to ask the answer service. Whoever runs the service can allow it."),
    404: fixed("There is nothing at this address."),
    405: fixed("This address does not take that kind of request."),
    413: fixed("That is too much text. A question may have at most 1,000 characters."),
    415: fixed("Send the question as JSON, with the header Content-Type: application/json."),
    422: fixed('Send one field, the question, as text: {"question": "Did it help the kidneys?"}.'),
    429: fixed("There were too many questions at once. Please wait a minute and ask again."),
    500: fixed("Something went wrong on our side, so there is no answer. Please try again."),
    503: fixed("Many people are asking at the moment. Please try again in a few seconds."),
}
"""A plain sentence for each status; whatever has none gets OTHERWISE."""

OTHERWISE = fixed("This request could not be answered.")

URGENT = fixed("If you need help now, call your local emergency number.")
"""What somebody in danger must read where an answer would have been: nobody has looked at their question."""

UNANSWERED = frozenset({403, 413, 429, 500, 503})
"""The statuses of a question that was not even read, through no fault of who asked."""


def new_error_id() -> str:
    """Names one error, in the answer and in the log alike; made at random, says nothing of the request."""
    return secrets.token_hex(6)


class ProblemError(Exception):
    """Ends a request with a problem.

    Attributes:
        problem: what the one who asked is told.
    """

    def __init__(self, status: int, detail: str, *, urgent: str = "") -> None:
        self.problem = Problem(status, detail, urgent=urgent)
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong.

    Attributes:
        status: the HTTP status, 400 to 599.
        detail: a plain sentence; never the question, never how the code failed.
        error_id: finds the request's line in the log.
        headers: headers that belong to it, such as Allow or Retry-After.
        urgent: URGENT where a question went unanswered, else empty.
    """

    status: int
    detail: str
    error_id: str = field(default_factory=new_error_id)
    headers: Mapping[str, str] = field(default_factory=dict)
    urgent: str = ""

    @property
    def title(self) -> str:
        """The status in words, as RFC 9457 asks of the type about:blank."""
        return HTTPStatus(self.status).phrase

    def body(self) -> bytes:
        """The problem as application/problem+json."""
        members = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": f"{self.detail} {self.urgent}".strip(),
            "error_id": self.error_id,
        }
        return json.dumps(members, ensure_ascii=False).encode()


def problem_of(status: int, detail: str | None = None, headers: Mapping[str, str] | None = None) -> Problem:
    """The problem of a status, with its usual sentence where no other is given."""
    urgent = URGENT if status in UNANSWERED else ""
    return Problem(status, detail or DETAILS.get(status, OTHERWISE), headers=headers or {}, urgent=urgent)
