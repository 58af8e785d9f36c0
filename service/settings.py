"""Settings: read from the environment (PLAINCITE_...) by entry points only; rooms take plain values."""

import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from corpus.studies import LIBRARY

PREFIX = "PLAINCITE_"
ORIGIN = re.compile(r"https?://(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::\d{1,5})?")

Shown = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class SettingsError(Exception):
    """A setting that cannot be used; the text is one line that names the variable or the option."""


def _split_origins(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(dict.fromkeys(_check_origin(part.strip()) for part in value.split(",") if part.strip()))


def _check_origin(given: str) -> str:
    """An origin as browsers send it: scheme, host in lower case, port only where it is unusual."""
    origin = given.lower()
    if not ORIGIN.fullmatch(origin):
        raise ValueError(
            f"{given} is no origin; write each as https://example.org, without a path, a last slash or a *"
        )
    if origin.startswith("https://") and origin.endswith(":443"):
        return origin.removesuffix(":443")
    if origin.startswith("http://") and origin.endswith(":80"):
        return origin.removesuffix(":80")
    return origin


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """What an operator may set. Each field's description is what `plaincite serve --help` prints."""

    # An empty variable counts as not set: an empty emergency number must never reach a card.
    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    host: Shown = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    corpus: Path = Field(LIBRARY, description="Folder of study summaries.")
    index: Path = Field(Path("var/index"), description="Folder of index generations.")
    encoders: Path = Field(Path("var/encoders"), description="Folder of exported models.")
    model: Shown = Field(
        "all-MiniLM-L6-v2",
        description="The packaged model's name, or the folder of any sentence-transformers model.",
    )
    site_name: Shown = Field("plaincite", description="Name shown on the pages.")
    publisher: str = Field("", description="Who publishes the library, shown on every page.")
    emergency_number: Shown = Field("911", description="Number on the emergency card.")
    crisis_name: Shown = Field("988 Suicide & Crisis Lifeline", description="Name of the crisis line.")
    crisis_number: Shown = Field("988", description="Number of the crisis line.")
    origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_origins)] = Field(
        (), description="Origins whose pages may ask through the widget, separated by commas."
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = Field(
        "info", description="debug, info, warning or error."
    )


def load_settings(**given: Any) -> Settings:
    """The settings of the environment, with the command's own options before them.

    Args:
        given: options by field name, for those that were given.

    Raises:
        SettingsError: a value cannot be used, or a PLAINCITE_ variable is none of ours. A misspelt
            variable is refused, not passed over: its value would silently not count.
    """
    problems = list(_unknown_variables())
    try:
        settings = Settings(**given)
    except ValidationError as error:
        problems += [_problem(part["loc"], part["msg"], part.get("input"), given) for part in error.errors()]
    if problems:
        raise SettingsError("; ".join(problems))
    return settings


def _unknown_variables() -> Iterator[str]:
    for name in sorted(os.environ):
        field = name.upper().removeprefix(PREFIX).lower()
        if name.upper().startswith(PREFIX) and field not in Settings.model_fields:
            near = difflib.get_close_matches(field, Settings.model_fields, n=1)
            hint = f"did you mean {variable(near[0])}?" if near else "plaincite serve --help lists them"
            yield f"{name}: there is no such setting; {hint}"


def _problem(place: tuple[int | str, ...], message: str, value: object, given: dict[str, Any]) -> str:
    field = str(place[0]) if place else ""
    name = f"--{field.replace('_', '-')}" if field in given else variable(field)
    message = message.removeprefix("Value error, ")
    if isinstance(value, str | int | float) and str(value) not in message:
        message += f" (it is {str(value)[:60]!r})"
    return f"{name}: {message[:1].lower()}{message[1:]}"


def variable(field: str) -> str:
    """The environment variable of a field."""
    return f"{PREFIX}{field.upper()}"


def settings_help(settings: type[Settings] = Settings) -> str:
    """The settings, one a line, for `plaincite serve --help`."""
    rows = list(_rows(settings))
    width = max(len(name) for name, _, _ in rows)
    return "\n".join(f"{name:<{width}}  {text} [{default}]" for name, text, default in rows)


def settings_table(settings: type[Settings] = Settings) -> list[str]:
    """The settings as the lines of the Markdown table that stands in the README."""
    head = ["| variable | what it sets | default |", "|---|---|---|"]
    return head + [f"| `{name}` | {text} | {f'`{default}`'} |" for name, text, default in _rows(settings)]


def _rows(settings: type[Settings]) -> Iterator[tuple[str, str, str]]:
    for field, info in settings.model_fields.items():
        default = "corpus/library" if info.default == LIBRARY else info.default
        yield variable(field), info.description or "", str(default or "none")
