import re
import subprocess
from pathlib import Path

import click
import pytest

from corpus.studies import Study
from plaincite import cli
from service.settings import settings_table
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "evaluation/README.md"]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_settings_in_the_readme_are_those_of_the_code() -> None:
    """The README's table of settings is, line by line, what the code says."""
    assert "\n".join(settings_table()) in README


def test_every_command_is_in_the_readme() -> None:
    """Each command of the command line is named in the README, and none that is not there."""
    context = click.Context(cli)
    commands = {name: cli.get_command(context, name) for name in cli.list_commands(context)}
    ours = {
        name if not hasattr(command, "commands") else f"{name} {sub}"
        for name, command in commands.items()
        for sub in getattr(command, "commands", {"": None})
    }
    subs = {name.partition(" ")[2] for name in ours if not name.startswith("evaluate")} - {""}
    named = set(re.findall(rf"\| `plaincite ([a-z]+(?: (?:{'|'.join(sorted(subs))})\b)?)", README))
    assert {name for name in ours if not name.startswith("evaluate")} == named - {"evaluate"}
    assert all(name.split()[1] in README for name in ours if name.startswith("evaluate"))


def test_every_front_matter_field_is_documented() -> None:
    """CONTRIBUTING.md names each field of a study file."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    fields = {field.alias or name for name, field in Study.model_fields.items()} - {"sections"}
    assert {name for name in fields if f"`{name}`" not in text} == set()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_between_documents_lead_somewhere(name: str) -> None:
    """A relative link in a document leads to a file that is there."""
    path = ROOT / name
    targets = re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not (path.parent / target).exists()] == []


def test_files_named_in_the_architecture_are_there() -> None:
    """ARCHITECTURE.md names no file that does not exist, and every module of the rooms."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for room in ("corpus", "index", "service", "evaluation"):
        named = set(re.findall(rf"`{room}/([a-z0-9_/]+\.py)`", text))
        there = {path.relative_to(ROOT / room).as_posix() for path in (ROOT / room).rglob("*.py")}
        assert named - there == set()
        assert {name for name in there if not name.endswith("__init__.py")} - named == set()
