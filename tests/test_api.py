import hashlib
import json
import os
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest

from corpus.studies import LIBRARY, load_studies
from service.answers import DISCLAIMER
from service.library import Library, load_suggestions
from tests.conftest import Served

MARK = "zebrafinch-4711"
JSON = {"Content-Type": "application/json"}
SUGGESTIONS = load_suggestions(LIBRARY)


def ask(client: httpx.Client, question: str) -> dict[str, Any]:
    response = client.post("/api/answers", json={"question": question})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def statements(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [*answer["statements"], *(own for side in answer["contrast"] for own in side["statements"])]


@pytest.mark.parametrize("question", SUGGESTIONS)
def test_suggested_question_is_answered(client: httpx.Client, question: str) -> None:
    """Each question that the home page suggests gets an answer with at least one statement."""
    answer = ask(client, question)
    assert (answer["outcome"], bool(answer["statements"])) == ("answered", True)


@pytest.mark.parametrize("question", SUGGESTIONS)
def test_quotes_are_in_their_sources(client: httpx.Client, question: str) -> None:
    """Every quote is, character for character, what the cited section has, and the section's hash fits."""
    answer = ask(client, question)
    for number, statement in enumerate(statements(answer), start=1):
        citation = statement["citation"]
        study = client.get(f"/api/studies/{citation['study_id']}").json()
        (section,) = (part for part in study["sections"] if part["name"] == citation["section"])
        assert section["text"][citation["start"] : citation["end"]] == statement["text"]
        assert hashlib.sha256(section["text"].encode()).hexdigest() == citation["source_sha256"]
        assert citation["number"] == number
    cited = {statement["citation"]["study_id"] for statement in statements(answer)}
    assert {card["study_id"] for card in answer["studies"]} == cited


@pytest.mark.parametrize(
    ("question", "outcome", "notice"),
    [
        ("Did it help the kidneys?", "answered", None),
        ("What is the capital of France?", None, "off_topic"),
        ("my chest hurts and I cant breathe", "screened", "emergency"),
        ("everyone would be better off without me", "screened", "crisis"),
        ("should I stop my prednisone?", None, "personal_advice"),
        ("🙂🙂🙂", "no_evidence", None),
        ("<script>alert(1)</script>", None, "abuse_or_injection"),
        ("它对肾脏有帮助吗?", None, None),
        ("هل ساعد العلاج الكلى", None, None),
    ],
)
def test_every_answer_has_all_its_parts(
    client: httpx.Client, question: str, outcome: str | None, notice: str | None
) -> None:
    """Whatever was asked in whatever script, the answer carries the disclaimer and what names it."""
    answer = ask(client, question)
    assert answer["disclaimer"] == DISCLAIMER
    assert all(answer[name] for name in ("message", "answer_id", "corpus_version", "index_generation"))
    assert outcome is None or answer["outcome"] == outcome
    assert (answer["notice"] or {}).get("kind") == notice
    if answer["outcome"] != "answered":
        assert statements(answer) == []


@pytest.mark.parametrize(
    ("body", "headers", "status", "says"),
    [
        (b'{"question": ""}', JSON, 422, "Please write a question"),
        (b'{"question": " \\n\\t\\u0000 "}', JSON, 422, "Please write a question"),
        (
            json.dumps({"question": "x" * 1001}).encode(),
            JSON,
            422,
            "it has 1,001 characters, and at most 1,000",
        ),
        (
            json.dumps({"question": "x" * 100_000}).encode(),
            JSON,
            422,
            "it has 100,000 characters, and at most 1,000",
        ),
        (b'{"question": null}', JSON, 422, "Send one field, the question"),
        (b'{"question": 7}', JSON, 422, "Send one field, the question"),
        (b'{"question": ["Did it help?"]}', JSON, 422, "Send one field, the question"),
        (b'{"question": "Did it help?", "k": 3}', JSON, 422, "Send one field, the question"),
        (b'{"query": "Did it help?"}', JSON, 422, "Send one field, the question"),
        (b"{}", JSON, 422, "Send one field, the question"),
        (b"[]", JSON, 422, "Send one field, the question"),
        (b"null", JSON, 422, "Send one field, the question"),
        (b"", JSON, 422, "Send one field, the question"),
        (b'{"question": "\\ud800"}', JSON, 422, "Please write a question"),
        (b'{"question": "Did it', JSON, 400, "This could not be read"),
        (b'{"question": "\xff\xfe"}', JSON, 400, "This could not be read"),
        (b"[" * 15_000, JSON, 400, "This could not be read"),
        (b'{"question": ' + b"9" * 6000 + b"}", JSON, 400, "This could not be read"),
        (b'{"question": "Did it help?"}', {}, 415, "Content-Type: application/json"),
        (b'{"question": "Did it help?"}', {"Content-Type": "text/plain"}, 415, "application/json"),
        (b"question=Did+it", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "application/json"),
    ],
)
def test_bad_body_is_explained(
    client: httpx.Client, body: bytes, headers: dict[str, str], status: int, says: str
) -> None:
    """What cannot be a question is refused with problem details in plain words."""
    response = client.post("/api/answers", content=body, headers=headers)
    problem = response.json()
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert set(problem) == {"type", "title", "status", "detail", "error_id"}
    assert problem["status"] == status
    assert says in problem["detail"]


def test_other_methods_are_refused(client: httpx.Client) -> None:
    """A question can only be posted, and the refusal says so as a problem."""
    response = client.get("/api/answers", params={"question": "Did it help?"})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.headers["content-type"] == "application/problem+json"


def test_studies_are_listed(client: httpx.Client) -> None:
    """The list has every published study's card, in order of the ids."""
    listed = client.get("/api/studies").json()
    published = [study.study_id for study in load_studies(LIBRARY) if study.status == "published"]
    assert [card["study_id"] for card in listed["studies"]] == published
    assert listed["corpus_version"] == ask(client, "Did it help the kidneys?")["corpus_version"]


def test_study_is_served_as_it_is_stored(client: httpx.Client) -> None:
    """A study comes with its card, its bibliography and its sections, unchanged and with their hashes."""
    (stored,) = (study for study in load_studies(LIBRARY) if study.study_id == "deng2017")
    served = client.get("/api/studies/deng2017").json()
    assert [(part["name"], part["title"], part["text"], part["sha256"]) for part in served["sections"]] == [
        (part.name, part.title, part.text, part.sha256) for part in stored.sections
    ]
    assert (served["doi"], served["people"], served["design"]) == (stored.doi, stored.people, stored.design)


@pytest.mark.parametrize(
    "name", ["deng1917", "DENG2017", "..", "%00", "x" * 5000, quote("<script>"), "deng2017%20"]
)
def test_unknown_study_is_a_problem(client: httpx.Client, name: str) -> None:
    """A study that the library does not have, or a name that is none, is 404 and is not repeated."""
    response = client.get(f"/api/studies/{name}")
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")
    assert "script" not in response.text


def test_alive_and_ready(client: httpx.Client) -> None:
    """The service says that it is alive, and that it is ready with which index."""
    answer = ask(client, "Did it help the kidneys?")
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {
        "status": "ready",
        "index_generation": answer["index_generation"],
        "corpus_version": answer["corpus_version"],
        "studies": 13,
    }
    assert [client.head(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]


def test_parallel_questions_are_not_mixed_up(client: httpx.Client, library: Library) -> None:
    """32 questions at once get exactly the answers that they get one by one, each with an id of its own."""
    topics = (
        "kidneys",
        "deaths",
        "infections",
        "remission",
        "relapse",
        "side effects",
        "children",
        "placebo",
    )
    asked = [
        f"{start} {topic}?"
        for topic in topics
        for start in ("Tell me about", "How many", "What about", "Any")
    ]
    alone = [library.ask(question).model_dump(mode="json", exclude={"answer_id"}) for question in asked]
    with ThreadPoolExecutor(len(asked)) as people:
        answers = list(people.map(lambda question: ask(client, question), asked))
    assert len({answer.pop("answer_id") for answer in answers}) == len(asked) == 32
    assert answers == alone
    assert len({json.dumps(answer) for answer in answers}) > 8


def _raw(url: str, request: bytes) -> bytes:
    address = urlsplit(url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_no_question_in_any_log_line(server: Served, client: httpx.Client) -> None:
    """However a question comes in, at log level debug, no line of the log has a word of it."""
    long, form = f"{MARK} " * 200, {"Content-Type": "application/x-www-form-urlencoded"}
    sent: list[Callable[[], Any]] = [
        lambda: client.post("/api/answers", json={"question": f"Did {MARK} help the kidneys?"}),
        lambda: client.post("/api/answers", json={"question": long}),
        lambda: client.post("/api/answers", json={"question": f"my chest hurts, {MARK}"}),
        lambda: client.post("/api/answers", json={MARK: MARK}),
        lambda: client.post("/api/answers", content=f'{{"question": "{MARK}'.encode(), headers=JSON),
        lambda: client.post("/api/answers", content=MARK.encode() + b"\xff", headers=JSON),
        lambda: client.post("/api/answers", content=MARK.encode()),
        lambda: client.post("/api/answers", content=MARK.encode() * 10_000, headers=JSON),
        lambda: client.post("/api/answers", json={"question": "Did it help?"}, headers={"User-Agent": MARK}),
        lambda: client.post("/ask", data={"question": f"Did {MARK} help?"}),
        lambda: client.post("/ask", data={"question": long}),
        lambda: client.post("/ask", files={MARK: (MARK, MARK.encode())}),
        lambda: client.post("/ask", content=f"question=%ZZ{MARK}&&==;{MARK}".encode(), headers=form),
        lambda: client.post("/fragment", data={"question": f"Did {MARK} help?"}),
        lambda: client.get("/", params={"question": MARK}),
        lambda: client.get(f"/{MARK}"),
        lambda: client.get(f"/api/studies/{MARK}", params={"q": MARK}),
        lambda: client.get(f"/studies/{MARK}"),
        lambda: client.get(f"/static/{MARK}"),
        lambda: client.get("/", headers={"Referer": f"http://{MARK}/", "Cookie": MARK}),
        lambda: client.request(MARK.replace("-", "").upper(), "/api/answers"),
        lambda: _raw(server.url, f"GET /{MARK} HTTP/9.9\r\n\r\n".encode()),
        lambda: _raw(server.url, f"{MARK}\r\n\r\n".encode()),
        lambda: _raw(server.url, f"GET / HTTP/1.1\r\nHost: {MARK}\r\nUpgrade: {MARK}\r\n\r\n".encode()),
        lambda: _raw(
            server.url, f"POST /api/answers HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{MARK}".encode()
        ),
    ]
    before = len(server.log.read_text().splitlines())
    for send in sent:
        send()
    deadline = time.monotonic() + 10
    while len(server.log.read_text().splitlines()) < before + len(sent) and time.monotonic() < deadline:
        time.sleep(0.05)
    written = server.log.read_text()
    assert MARK not in written.lower()
    assert MARK.replace("-", "") not in written.lower()
    assert len(written.splitlines()) >= before + len(sent)


def lines_with(server: Served, name: str, value: object) -> list[dict[str, Any]]:
    """The log, once it has a line where `name` is `value`: lines are written after answers went out."""
    deadline = time.monotonic() + 60
    while True:
        lines = [json.loads(line) for line in server.log.read_text().splitlines() if line.endswith("}")]
        if any(line.get(name) == value for line in lines) or time.monotonic() > deadline:
            return lines
        time.sleep(0.05)


def test_a_request_is_one_line_of_json(server: Served, client: httpx.Client) -> None:
    """An answered question leaves one line: route, status, time taken, and what came of it."""
    answer = ask(client, "Did it help the kidneys?")
    lines = lines_with(server, "answer_id", answer["answer_id"])
    (line,) = (line for line in lines if line.get("answer_id") == answer["answer_id"])
    taken = line.pop("milliseconds")
    line.pop("time")
    assert 0 < taken < 60_000
    assert line == {
        "level": "INFO",
        "logger": "plaincite.requests",
        "event": "request",
        "method": "POST",
        "route": "/api/answers",
        "status": 200,
        "outcome": "answered",
        "answer_id": answer["answer_id"],
        "statements": len(answer["statements"]),
    }


def test_log_tells_routes_not_paths(server: Served, client: httpx.Client) -> None:
    """Requests are told by their route, wherever they went."""
    problem = client.get("/api/studies/none_such").json()
    client.get("/static/style.css")
    lines = lines_with(server, "route", "/static")
    assert [line["route"] for line in lines if line.get("error_id") == problem["error_id"]] == [
        "/api/studies/{study_id}"
    ]
    assert "/static" in {line.get("route") for line in lines}


def test_memory_does_not_grow_with_questions(server: Served, client: httpx.Client) -> None:
    """Thirty long and different questions leave the process no larger than some megabytes more."""
    long = "was it safe for the kidneys " * 30
    for number in range(10):
        ask(client, f"{number} {long}")
    before = _resident(server.process.pid)
    for number in range(30):
        ask(client, f"{number} again {long}")
    assert _resident(server.process.pid) - before < 30e6


def _resident(pid: int) -> int:
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:  # noqa: PTH123  # no path of ours
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_follow_up_is_read_with_the_question_before(client: httpx.Client) -> None:
    """A short question is read together with the one sent along, and the answer says so."""
    asked = {"question": "who paid for it?", "previous": "What did the Deng trial find?"}
    answer = client.post("/api/answers", json=asked).json()
    assert answer["read_with_previous"] is True
    assert {quote["citation"]["study_id"] for quote in answer["statements"]} == {"deng2017"}
    alone = client.post("/api/answers", json={"question": "who paid for it?"}).json()
    assert alone["read_with_previous"] is False


@pytest.mark.parametrize("previous", ["x" * 1001, 7, ["a"]])
def test_a_question_before_that_cannot_be_taken_is_refused(client: httpx.Client, previous: object) -> None:
    """A question before that is too long or no text is 422 in a plain sentence."""
    response = client.post("/api/answers", json={"question": "and then?", "previous": previous})
    assert response.status_code == 422
    assert response.json()["detail"]


def test_the_question_before_is_in_no_log(client: httpx.Client, server: Served) -> None:
    """What was sent along is written down no more than the question itself."""
    client.post("/api/answers", json={"question": "and in men?", "previous": "Did ZEBRAFINCH help?"})
    client.post("/ask", data={"question": "and in men?", "previous": "Did ZEBRAFINCH help?"})
    assert "ZEBRAFINCH" not in server.log.read_text()


@pytest.mark.parametrize(
    ("given", "spoken"), [({}, "en"), ({"language": "es-US"}, "es"), ({"language": "xx"}, "en")]
)
def test_an_answer_says_its_language(client: httpx.Client, given: dict[str, str], spoken: str) -> None:
    """The fixed words are in the wished language, English where there is none such; quotes never change."""
    question = {"question": "Did it help the kidneys?"}
    answer = client.post("/api/answers", json=question | given).json()
    english = client.post("/api/answers", json=question).json()
    assert answer["language"] == spoken
    assert (answer["message"] == english["message"]) is (spoken == "en")
    assert [part["text"] for part in answer["statements"]] == [part["text"] for part in english["statements"]]
