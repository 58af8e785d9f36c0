"""Problem: what went wrong with a request, in plain words (RFC 9457, problem details for HTTP)."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

MEDIA_TYPE = "application/problem+json"

DETAILS = {
    400: 'This could not be read. Send JSON, such as {"question": "Did it help the kidneys?"}.',
    404: "There is nothing at this address.",
    405: "This address does not take that kind of request.",
    413: "That is too much text. A question may have at most 1,000 characters.",
    415: "Send the question as JSON, with the header Content-Type: application/json.",
    422: 'Send one field, the question, as text: {"question": "Did it help the kidneys?"}.',
    500: "Something went wrong on our side, so there is no answer. Please try again.",
    503: "Many people are asking at the moment. Please try again in a few seconds.",
}
"""A plain sentence for each status; whatever has none gets OTHERWISE."""

OTHERWISE = "This request could not be answered."


def new_error_id() -> str:
    """Names one error, in the answer and in the log alike; made at random, says nothing of the request."""
    return secrets.token_hex(6)


class ProblemError(Exception):
    """Ends a request with a problem.

    Attributes:
        problem: what the one who asked is told.
    """

    def __init__(self, status: int, detail: str) -> None:
        self.problem = Problem(status, detail)
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong.

    Attributes:
        status: the HTTP status, 400 to 599.
        detail: a plain sentence; never the question, never how the code failed.
        error_id: finds the request's line in the log.
        headers: headers that belong to it, such as Allow or Retry-After.
    """

    status: int
    detail: str
    error_id: str = field(default_factory=new_error_id)
    headers: Mapping[str, str] = field(default_factory=dict)

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
            "detail": self.detail,
            "error_id": self.error_id,
        }
        return json.dumps(members, ensure_ascii=False).encode()


def problem_of(status: int, detail: str | None = None, headers: Mapping[str, str] | None = None) -> Problem:
    """The problem of a status, with its usual sentence where no other is given."""
    return Problem(status, detail or DETAILS.get(status, OTHERWISE), headers=headers or {})
