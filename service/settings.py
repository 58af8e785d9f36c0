"""Settings: read from the environment (PLAINCITE_...) by entry points only; rooms take plain values."""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from corpus.studies import LIBRARY
from service.sites import SITE_ID, clean_origin

PREFIX = "PLAINCITE_"
CONTACT = re.compile(r"https?://[^\s/]+(?:/\S*)?|[^\s@:/?&<>\"]+@[^\s@:/?&<>\"]+\.[^\s@:/?&<>\"]+")
RATE = re.compile(r"[1-9]\d{0,5}/(?:second|minute|hour|day)(?:;[1-9]\d{0,5}/(?:second|minute|hour|day))*")
"""How often something may be done: one limit or more, all of which hold."""

ISSUER = re.compile(r"https://[^\s?#]+|http://(?:localhost|127\.0\.0\.1)(?::\d+)?(?:/[^\s?#]*)?")
"""An OpenID provider; without TLS only on this machine."""

Shown = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class SettingsError(Exception):
    """A setting that cannot be used; the text is one line that names the variable or the option."""


def _split_origins(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(dict.fromkeys(clean_origin(part.strip()) for part in value.split(",") if part.strip()))


def _split_sites(value: object) -> object:
    if not isinstance(value, str):
        return value
    sites: dict[str, tuple[str, ...]] = {}
    for part in filter(None, map(str.strip, value.split(";"))):
        site, _, origins = (text.strip() for text in part.partition("="))
        if not SITE_ID.fullmatch(site) or not origins:
            raise ValueError(
                f"{part!r} is no site; write clinic=https://clinic.example https://www.clinic.example, "
                "the id in small letters, digits and hyphens, and a semicolon between two sites"
            )
        if site in sites:
            raise ValueError(f"{site} stands there twice; write all its origins after one {site}=")
        sites[site] = tuple(dict.fromkeys(clean_origin(origin) for origin in origins.split()))
    return sites


def _split_networks(value: object) -> object:
    """Addresses and networks; a wrong one would silently be trusted as a name by who compares them."""
    if not isinstance(value, str):
        return value
    return tuple(_check_network(part.strip()) for part in value.split(",") if part.strip())


def _check_network(given: str) -> str:
    try:
        return str(ip_network(given)) if "/" in given else str(ip_address(given))
    except ValueError:
        raise ValueError(
            f"{given} is no address and no network; write 10.0.0.5, fd00::5 or 172.16.0.0/12"
        ) from None


def _check_rate(value: object) -> object:
    if not isinstance(value, str):
        return value
    rate = "".join(value.lower().split())
    if rate in {"", "off"}:
        return ""
    if not RATE.fullmatch(rate):
        raise ValueError(f"{value.strip()!r} is no rate; write 30/minute;300/hour, or off for no limit")
    return rate


def _check_contact(value: str) -> str:
    contact = value.strip()
    if contact and not CONTACT.fullmatch(contact):
        raise ValueError(
            f"{contact[:60]!r} is no contact; write name@example.org or https://example.org/contact"
        )
    return contact


def _check_off(value: object) -> object:
    return "off" if isinstance(value, str) and value.strip().lower() == "off" else value


def _check_address(value: str) -> str:
    address = value.strip()
    host, _, port = address.rpartition(":")
    if address and not (host and port.isdecimal() and int(port) <= 65535):  # noqa: PLR2004  # the last port
        raise ValueError(f"{address[:60]!r} is no address; write 127.0.0.1:9464")
    return address


def _check_issuer(value: str) -> str:
    issuer = value.strip()
    if issuer and not ISSUER.fullmatch(issuer):
        raise ValueError(f"{issuer[:60]!r} is no issuer; write https://login.example.org")
    return issuer


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
    contact: Annotated[str, AfterValidator(_check_contact)] = Field(
        "", description="Where people tell of a mistake: an e-mail address or a web address."
    )
    emergency_number: Shown = Field("911", description="Number on the emergency card.")
    crisis_name: Shown = Field("988 Suicide & Crisis Lifeline", description="Name of the crisis line.")
    crisis_number: Shown = Field("988", description="Number of the crisis line.")
    origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_origins)] = Field(
        (), description="Origins whose pages may ask through the widget, separated by commas."
    )
    sites: Annotated[Mapping[str, tuple[str, ...]], NoDecode, BeforeValidator(_split_sites)] = Field(
        {},
        description="The same with public ids for the log: clinic=https://clinic.example;charity=https://...",
    )
    rate: Annotated[str, BeforeValidator(_check_rate)] = Field(
        "30/minute;300/hour", description="How often one address may ask; off for no limit."
    )
    rate_overall: Annotated[str, BeforeValidator(_check_rate)] = Field(
        "600/minute", description="How often all addresses together may ask; off for no limit."
    )
    proxies: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_networks)] = Field(
        (),
        description="Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas.",
    )
    database: Annotated[Shown, BeforeValidator(_check_off)] = Field(
        "sqlite:///var/plaincite.db",
        description="Where the desks keep accounts and drafts: SQLite or PostgreSQL; off for no desks.",
    )
    keep_questions: int = Field(
        0,
        ge=0,
        le=365,
        description="Days for which scrubbed questions are kept for the review queue; 0 keeps none.",
    )
    outgoing: bool = Field(
        False, description="Whether staff may have the links of studies checked, over the network."
    )
    metrics: Annotated[str, AfterValidator(_check_address)] = Field(
        "", description="Internal address for Prometheus, as 127.0.0.1:9464: /metrics answers there alone."
    )
    oidc_issuer: Annotated[str, AfterValidator(_check_issuer)] = Field(
        "", description="OpenID Connect: the provider's issuer, as https://login.example.org."
    )
    oidc_client_id: str = Field("", description="OpenID Connect: our id at the provider.")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="OpenID Connect: our secret at the provider."
    )
    oidc_name: Shown = Field("single sign-on", description="OpenID Connect: what the login button calls it.")
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
