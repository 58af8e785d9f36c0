import json
from pathlib import Path

import pytest

from service.answers import Answer
from service.batch import batch_answers
from service.wording import Reference, abstain
from tests.studies import make_study

STUDIES = {"doe2020": make_study()}


def ask(question: str, previous: str | None) -> Answer:
    name = f"{question} after {previous}" if previous else question
    return abstain([], STUDIES, None, Reference(name, "c", "g"))


def answered(tmp_path: Path, content: bytes) -> list[dict[str, object]]:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(content)
    return [json.loads(line) for line in batch_answers(path, ask)]


def test_one_answer_a_line_in_order(tmp_path: Path) -> None:
    """Each question line gets its answer, in the order of the file."""
    lines = answered(tmp_path, b'{"question": "one?"}\n{"question": "two?"}')
    assert [line["answer_id"] for line in lines] == ["one?", "two?"]


@pytest.mark.parametrize(
    "bad",
    [
        b"not json",
        b"",
        b"[]",
        b'{"query": "x"}',
        b'{"question": 7}',
        b'{"question": "and then?", "previous": 7}',
        b'{"question": "and then?", "previous": "' + b"x" * 2000 + b'"}',
        b'{"question": ""}',
        b'{"question": "\xff"}',
        b'{"question": "' + b"x" * 2000 + b'"}',
        b"[" * 100_000,
    ],
)
def test_a_bad_line_gets_its_error_and_the_rest_goes_on(tmp_path: Path, bad: bytes) -> None:
    """Whatever a line holds, it gets one line of JSON that says what is wrong, and the next is answered."""
    lines = answered(tmp_path, bad + b'\n{"question": "two?"}\n')
    assert len(lines) == 2
    assert lines[0]["line"] == 1
    assert lines[0]["error"]
    assert lines[1]["answer_id"] == "two?"


def test_a_line_may_have_the_question_before(tmp_path: Path) -> None:
    """A line's "previous" goes along with its question; without one, or an empty one, it stands alone."""
    lines = answered(
        tmp_path,
        b'{"question": "and then?", "previous": " one? "}\n'
        b'{"question": "two?", "previous": ""}\n{"question": "three?", "previous": null}',
    )
    assert [line["answer_id"] for line in lines] == ["and then? after one?", "two?", "three?"]
