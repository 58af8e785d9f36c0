import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.conftest import ENCODERS, ROOT, settings_for


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an empty environment in which only the built wheel is installed.

    The dependencies are lent from this environment (they take minutes to install); plaincite itself is not:
    its modules must all come out of the wheel.
    """
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    home = folder / "environment"
    venv.create(home, with_pip=False)
    install = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*install, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    site = next((home / "lib").glob("python*/site-packages"))
    # A plain path line: the lender's own .pth files, and with them its editable plaincite, are not read.
    (site / "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return home / "bin" / "python"


def test_wheel_answers_a_question(installed: Path, tmp_path: Path) -> None:
    """The wheel carries library, templates and rules: installed alone, it builds its index and answers."""
    environment = settings_for(tmp_path / "index", ENCODERS=str(ENCODERS))

    def run(*arguments: str) -> str:
        command = [str(installed), "-m", "plaincite", *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [str(installed), "-c", "import corpus, plaincite; print(corpus.__file__, plaincite.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(ROOT / "corpus") not in where.stdout
    run("index", "build")
    assert "kidney" in run("ask", "did it help the kidneys?").lower()


def test_wheel_must_never_be_uploaded(installed: Path) -> None:
    """The wheel says that it is private, so that a registry refuses it."""
    metadata = next(installed.parent.parent.rglob("plaincite-*.dist-info/METADATA")).read_text(
        encoding="utf-8"
    )
    assert "Private :: Do Not Upload" in metadata
