import re
from pathlib import Path

import pytest

from service.settings import Settings, SettingsError, load_settings, settings_help, settings_table, variable

README = Path(__file__).parents[1] / "README.md"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)


def test_defaults() -> None:
    """Without any setting the service listens on this machine alone and lets no other origin ask."""
    settings = load_settings()
    assert (settings.host, settings.port, settings.origins) == ("127.0.0.1", 8000, ())
    assert (settings.sites, settings.proxies) == ({}, ())
    assert (settings.emergency_number, settings.crisis_number) == ("911", "988")


def test_environment_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable sets a field, and a command's own option goes before it."""
    monkeypatch.setenv("PLAINCITE_PORT", "9000")
    monkeypatch.setenv("PLAINCITE_SITE_NAME", " Lupus answers ")
    assert load_settings().port == 9000
    assert load_settings(port=9001).port == 9001
    assert load_settings().site_name == "Lupus answers"


def test_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty emergency number never reaches a card: the default stands."""
    monkeypatch.setenv("PLAINCITE_EMERGENCY_NUMBER", "")
    assert load_settings().emergency_number == "911"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "abc", "PLAINCITE_PORT: .*'abc'"),
        ("PORT", "70000", "PLAINCITE_PORT: .*65535.*'70000'"),
        ("PORT", "-1", "PLAINCITE_PORT: .*'-1'"),
        ("LOG_LEVEL", "loud", "PLAINCITE_LOG_LEVEL: .*'debug'.*'loud'"),
        ("ORIGINS", "https://a.org/x", "PLAINCITE_ORIGINS: https://a.org/x is no origin"),
        ("ORIGINS", "https://a.org, *", r"PLAINCITE_ORIGINS: \* is no origin"),
        ("ORIGINS", "https://a.org/", "PLAINCITE_ORIGINS: https://a.org/ is no origin"),
        ("ORIGINS", "a.org", "PLAINCITE_ORIGINS: a.org is no origin"),
        ("ORIGINS", "null", "PLAINCITE_ORIGINS: null is no origin"),
        ("ORIGINS", "https://user@a.org", "PLAINCITE_ORIGINS: https://user@a.org is no origin"),
        ("ORIGINS", "https://clínica.org", "browsers send https://xn--clnica-4va.org"),
        ("SITES", "https://a.org", "PLAINCITE_SITES: 'https://a.org' is no site; write clinic=https://"),
        ("SITES", "clinic=", "PLAINCITE_SITES: 'clinic=' is no site"),
        ("SITES", "My Clinic=https://a.org", "PLAINCITE_SITES: 'My Clinic=https://a.org' is no site"),
        ("SITES", "clinic=https://a.org/x", "PLAINCITE_SITES: https://a.org/x is no origin"),
        ("SITES", "a=https://a.org;a=https://b.org", "PLAINCITE_SITES: a stands there twice"),
        ("RATE", "many", "PLAINCITE_RATE: 'many' is no rate; write 30/minute;300/hour, or off"),
        ("RATE", "0/minute", "PLAINCITE_RATE: '0/minute' is no rate"),
        ("RATE", "5/minute,", "PLAINCITE_RATE: '5/minute,' is no rate"),
        ("RATE_OVERALL", "5/fortnight", "PLAINCITE_RATE_OVERALL: '5/fortnight' is no rate"),
        ("PROXIES", "*", r"PLAINCITE_PROXIES: \* is no address and no network; write 10.0.0.5"),
        ("PROXIES", "proxy.local", "PLAINCITE_PROXIES: proxy.local is no address"),
        ("PROXIES", "10.0.0.5/8", "PLAINCITE_PROXIES: 10.0.0.5/8 is no address and no network"),
        ("CRISIS_NUMBER", "  ", "PLAINCITE_CRISIS_NUMBER: "),
        ("PROT", "8001", "PLAINCITE_PROT: there is no such setting; did you mean PLAINCITE_PORT?"),
        ("SECRET_SAUCE", "8001", "PLAINCITE_SECRET_SAUCE: there is no such setting; .*--help"),
    ],
)
def test_bad_setting_is_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    """A setting that cannot be used, or that does not exist, is refused in one line that names it."""
    monkeypatch.setenv(f"PLAINCITE_{name}", value)
    with pytest.raises(SettingsError, match=says) as caught:
        load_settings()
    assert "\n" not in str(caught.value)


def test_bad_option_is_named_as_option() -> None:
    """A bad value from the command line is told by its option, not by a variable that nobody set."""
    with pytest.raises(SettingsError, match=r"^--port: .*'abc'"):
        load_settings(port="abc")


def test_all_problems_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever made two mistakes learns of both."""
    monkeypatch.setenv("PLAINCITE_PORT", "abc")
    monkeypatch.setenv("PLAINCITE_ORIGIN", "https://a.org")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "PLAINCITE_PORT:" in str(caught.value)
    assert "did you mean PLAINCITE_ORIGINS?" in str(caught.value)


def test_origins_are_as_browsers_send_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Origins lose capitals, repetitions and ports that browsers leave out, and keep unusual ports."""
    monkeypatch.setenv(
        "PLAINCITE_ORIGINS",
        "https://A.org:443, http://b.org:8080 ,,http://c.org:80,https://a.org,http://[::1]",
    )
    assert load_settings().origins == ("https://a.org", "http://b.org:8080", "http://c.org", "http://[::1]")


def test_sites_have_ids_and_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each site has an id and its origins, cleaned as those without an id are."""
    monkeypatch.setenv(
        "PLAINCITE_SITES",
        "clinic=https://A.org:443  https://www.a.org https://a.org ; charity = http://c.org;",
    )
    expected = {"clinic": ("https://a.org", "https://www.a.org"), "charity": ("http://c.org",)}
    assert load_settings().sites == expected


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        ("5/minute", "5/minute"),
        (" 5 / Minute ; 60/hour", "5/minute;60/hour"),
        ("off", ""),
        ("OFF", ""),
        ("", "30/minute;300/hour"),
    ],
)
def test_a_rate_can_be_set_and_turned_off(monkeypatch: pytest.MonkeyPatch, written: str, rate: str) -> None:
    """A rate is one limit or several; only the word off turns it off, an empty variable counts as not set."""
    monkeypatch.setenv("PLAINCITE_RATE", written)
    assert load_settings().rate == rate


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy is named by its address, or by the network that it is in."""
    monkeypatch.setenv("PLAINCITE_PROXIES", "127.0.0.1, ::1, 172.16.0.0/12,fd00::/8")
    assert load_settings().proxies == ("127.0.0.1", "::1", "172.16.0.0/12", "fd00::/8")


def test_help_lists_every_setting_with_its_default() -> None:
    """`plaincite serve --help` has a line for each setting: variable, meaning, default."""
    lines = settings_help().splitlines()
    assert [line.split()[0] for line in lines] == [variable(name) for name in Settings.model_fields]
    assert "PLAINCITE_PORT" in lines[1]
    assert lines[1].endswith("[8000]")
    assert all(
        info.description and info.description in settings_help() for info in Settings.model_fields.values()
    )


def test_help_names_no_folder_of_this_machine() -> None:
    """The listing is the same on every machine."""
    assert not re.search(r"\[/|`/", settings_help() + "\n".join(settings_table()))


def test_readme_lists_the_settings_as_they_are() -> None:
    """The table in the README is the one that the code gives."""
    text = README.read_text(encoding="utf-8")
    assert "<!-- settings -->" in text
    assert "\n".join(settings_table()) in text


@pytest.mark.parametrize("contact", ["help@clinic.example", "https://clinic.example/contact?topic=1", ""])
def test_a_contact_is_an_address(monkeypatch: pytest.MonkeyPatch, contact: str) -> None:
    """Where people tell of a mistake is an e-mail address, a web address, or not said."""
    monkeypatch.setenv("PLAINCITE_CONTACT", f" {contact} ")
    assert load_settings().contact == contact


@pytest.mark.parametrize(
    "contact", ["the front desk", "javascript:alert(1)", "@clinic", "a@b", "mailto:a@b.c", "a b@c.d"]
)
def test_a_contact_that_leads_nowhere_is_refused(monkeypatch: pytest.MonkeyPatch, contact: str) -> None:
    """What is no address would stand on the page as a dead link, so the service does not start with it."""
    monkeypatch.setenv("PLAINCITE_CONTACT", contact)
    with pytest.raises(SettingsError, match=r"^PLAINCITE_CONTACT: .*no contact"):
        load_settings()
