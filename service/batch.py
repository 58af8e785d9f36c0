"""Questions in batches: a file in, one answer a line out."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from service.answers import Answer
from service.schemas import QuestionError, clean_previous, clean_question


def batch_answers(path: Path, ask: Callable[[str, str | None], Answer]) -> Iterator[str]:
    """Answers a file of questions, one JSON line for each line, in order.

    A line is {"question": ...}, or with the question before it {"question": ..., "previous": ...}.

    A line that holds no usable question gets `{"error": ..., "line": N}` and the rest goes on.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield ask(*_questions_of(line)).model_dump_json()
            except QuestionError as error:
                yield json.dumps({"error": str(error), "line": number})


def _questions_of(line: bytes) -> tuple[str, str | None]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise QuestionError('This line is not JSON; write {"question": "..."}.') from None
    question = record.get("question") if isinstance(record, dict) else None
    if not isinstance(question, str):
        raise QuestionError('This line has no "question" text; write {"question": "..."}.')
    previous = record.get("previous")
    if not isinstance(previous, str | None):
        raise QuestionError('The "previous" of this line is no text; write "previous": "...".')
    return clean_question(question), clean_previous(previous)
