import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator

import pytest

from service.logs import JsonLines, configure_logging, note

MARK = "xq7-my-kidneys-xq7"


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a process that logs at level debug writes to stderr."""
    written = io.StringIO()
    root = logging.getLogger()
    before = (root.handlers, root.level)
    monkeypatch.setattr(sys, "stderr", written)
    configure_logging("debug")
    yield written
    root.handlers = before[0]
    root.setLevel(before[1])
    logging.captureWarnings(capture=False)
    for name in ("plaincite", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_record_is_one_line_of_json(lines: io.StringIO) -> None:
    """An event is one JSON line with time, level, logger, event and its own fields, whatever is in them."""
    logging.getLogger("plaincite.test").info("an event", extra={"place": "a\nb\u2028c"})
    (line,) = lines.getvalue().splitlines()
    record = json.loads(line)
    assert record.pop("time").endswith("+00:00")
    assert record == {
        "level": "INFO",
        "logger": "plaincite.test",
        "event": "an event",
        "place": "a\nb\u2028c",
    }


def test_error_is_told_by_type_and_place(lines: io.StringIO) -> None:
    """An exception's line names its type, its causes and their places, and leaves out what they say."""
    try:
        try:
            raise KeyError(MARK)
        except KeyError as error:
            raise ValueError(f"cannot use {MARK}") from error
    except ValueError:
        logging.getLogger("plaincite.test").exception("crash")
    assert MARK not in lines.getvalue()
    trace = json.loads(lines.getvalue())["trace"]
    assert [part for part in trace if not part.startswith(" ")] == [
        "builtins.ValueError",
        "builtins.KeyError",
    ]
    assert any("test_logs.py" in part for part in trace)


def test_what_other_libraries_say_is_kept_as_a_place(lines: io.StringIO) -> None:
    """A library's own message may quote what it works on, so only where it was said is written."""
    logging.getLogger("multipart").warning("cannot read %s", MARK)
    logging.getLogger("asyncio").error(f"task with {MARK} failed", exc_info=ValueError(MARK))
    assert MARK not in lines.getvalue()
    assert [json.loads(line)["event"].split(":")[0] for line in lines.getvalue().splitlines()] == [
        "test_logs"
    ] * 2


def test_details_of_libraries_are_left_out(lines: io.StringIO) -> None:
    """At level debug only plaincite itself becomes talkative."""
    logging.getLogger("multipart").debug("details")
    logging.getLogger("plaincite.test").debug("details")
    assert [json.loads(line)["logger"] for line in lines.getvalue().splitlines()] == ["plaincite.test"]


def test_warnings_are_kept_as_a_place(lines: io.StringIO) -> None:
    """A Python warning goes to the log without its text."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"unexpected value {MARK}", stacklevel=1)
    assert MARK not in lines.getvalue()
    assert json.loads(lines.getvalue())["logger"] == "py.warnings"


def test_level_is_kept(lines: io.StringIO) -> None:
    """At level error, information is left out."""
    configure_logging("error")
    logging.getLogger("plaincite.requests").info("request")
    logging.getLogger("uvicorn.error").info("started")
    assert lines.getvalue() == ""


def test_text_kept_by_another_handler_is_not_used() -> None:
    """An exception's text that another handler left on the record does not come out here."""
    record = logging.makeLogRecord(
        {"name": "plaincite.test", "levelname": "ERROR", "msg": "crash", "exc_text": MARK}
    )
    assert MARK not in JsonLines().format(record)


def test_note_outside_of_a_request_does_nothing() -> None:
    """The same code answers on the command line, where there is no line to add to."""
    assert note(outcome="answered") is None
