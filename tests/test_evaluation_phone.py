"""The slow phone: a real service and a real browser, measured by the command that people run."""

import json
import subprocess
from pathlib import Path

from playwright.sync_api import Browser

from tests.conftest import PLAINCITE, ROOT, settings_for


def run(*options: str, index: Path, **more: str) -> "subprocess.CompletedProcess[str]":
    # A process of its own: playwright takes no second one beside the browser of the other tests.
    command = [PLAINCITE, "evaluate", "phone", "--json", *options]
    environment = settings_for(index) | more
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_page_and_widget_are_measured(real_index: Path, browser: Browser) -> None:  # noqa: ARG001  # or skipped
    """Each row has the wait and its parts, in view, with the bytes and requests that it took."""
    done = run("--questions", "1", "--network", "slow 4G", index=real_index)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    assert [row["place"] for row in rows] == ["widget", "page"]
    for row in rows:
        assert row["visible"] >= row["request to last byte"] >= 150, "quicker than the network lets it be"
        assert row["in view"] == 1
        assert row["answer kB"] > 1
    assert rows[0]["requests"] == 1


def test_what_cannot_be_measured_is_told_in_one_line(real_index: Path, tmp_path: Path) -> None:
    """Without a browser, or on a network that there is not, one line says what to do."""
    for done, words in (
        (run("--questions", "1", index=real_index, PATH=str(tmp_path)), "apt-get install chromium"),
        (run("--network", "2G", index=real_index), "there are: slow 4G"),
    ):
        assert done.returncode == 2
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
