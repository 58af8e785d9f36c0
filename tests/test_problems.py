import json

import pytest

from service.problems import DETAILS, URGENT, Problem, ProblemError, problem_of


def test_body_is_a_problem_document() -> None:
    """The body has the members of RFC 9457 and the id that finds the request in the log."""
    problem = problem_of(404)
    assert json.loads(problem.body()) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": DETAILS[404],
        "error_id": problem.error_id,
    }


def test_each_problem_has_its_own_id() -> None:
    """Two problems of the same kind can be told apart."""
    assert problem_of(500).error_id != problem_of(500).error_id


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 413, 415, 418, 422, 429, 500, 503])
def test_every_status_has_a_plain_sentence(status: int) -> None:
    """Each status is explained in whole sentences without the words of programmers."""
    detail = problem_of(status).detail
    assert detail.endswith((".", "}."))
    assert not {"error", "exception", "invalid", "null", "parse"} & set(
        detail.lower().replace(".", "").split()
    )


def test_given_sentence_goes_first() -> None:
    """A more exact sentence replaces the usual one, and headers come along."""
    problem = problem_of(503, "Not just now.", {"Retry-After": "2"})
    assert (problem.detail, problem.headers["Retry-After"]) == ("Not just now.", "2")


def test_error_carries_its_problem() -> None:
    """An error raised deep down knows the whole problem."""
    error = ProblemError(404, "No such study.")
    assert isinstance(error.problem, Problem)
    assert (error.problem.status, error.problem.detail) == (404, "No such study.")


@pytest.mark.parametrize("status", [403, 413, 429, 500, 503])
def test_an_unanswered_question_comes_with_where_to_get_help(status: int) -> None:
    """Nobody looked at what the person wrote, so what they are told ends with whom to call."""
    problem = problem_of(status)
    assert problem.urgent == URGENT
    assert json.loads(problem.body())["detail"] == f"{DETAILS[status]} {URGENT}"


@pytest.mark.parametrize("status", [404, 405, 422])
def test_other_problems_stay_short(status: int) -> None:
    """Where no question was lost, nothing is added."""
    assert json.loads(problem_of(status).body())["detail"] == DETAILS[status]
