import pytest

from service.sites import NO_SUCH_SITE, NOT_ITS_SITE, SiteError, Sites, clean_origin

CLINIC, CHARITY, PLAIN = "https://clinic.example", "https://charity.example", "https://plain.example"
SITES = Sites.of([PLAIN], {"clinic": [CLINIC, "https://www.clinic.example"], "charity": [CHARITY]})


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Clinic.Example", CLINIC),
        ("https://clinic.example:443", CLINIC),
        ("https://clinic.example:8443", "https://clinic.example:8443"),
        ("http://clinic.example:80", "http://clinic.example"),
        ("http://clinic.example:443", "http://clinic.example:443"),
        ("http://[::1]:0080", "http://[::1]"),
        ("https://xn--clnica-bza.example", "https://xn--clnica-bza.example"),
    ],
)
def test_an_origin_is_as_browsers_send_it(given: str, origin: str) -> None:
    """Capitals and usual ports go, unusual ports stay."""
    assert clean_origin(given) == origin


@pytest.mark.parametrize(
    "given",
    [
        "",
        "*",
        "null",
        "clinic.example",
        "https://",
        "https://clinic.example/",
        "https://clinic.example/page",
        "https://clinic.example?x",
        "https://user@clinic.example",
        "https://clinic.example:0",
        "https://clinic.example:65536",
        "https://clinic..example",
        "https://*.clinic.example",
        "ftp://clinic.example",
        "https://clinic.example https://other.example",
    ],
)
def test_what_is_no_origin_is_refused(given: str) -> None:
    """Whatever no browser ever sends as an origin is refused in a line that shows one."""
    with pytest.raises(ValueError, match=r"write each as https://example.org"):
        clean_origin(given)


def test_other_letters_are_named_as_browsers_write_them() -> None:
    """Who writes a host in letters of their own is told what browsers make of it."""
    with pytest.raises(ValueError, match=r"browsers send https://xn--clnica-4va.example"):
        clean_origin("https://clínica.example")


def test_origins_of_sites_may_ask() -> None:
    """The origins of a site with an id need not be listed a second time."""
    assert SITES.origins == {PLAIN, CLINIC, "https://www.clinic.example", CHARITY}


@pytest.mark.parametrize(
    ("given", "origin", "site"),
    [
        ("clinic", CLINIC, "clinic"),
        ("clinic", None, "clinic"),
        ("", CHARITY, "charity"),
        ("", PLAIN, None),
        ("", None, None),
    ],
)
def test_the_site_that_asks_is_told_apart(given: str, origin: str | None, site: str | None) -> None:
    """A site is known by the id that its page gives, or by its origin where it gives none."""
    assert SITES.asking(given, origin) == site


@pytest.mark.parametrize(
    ("given", "origin", "says"),
    [
        ("hospital", CLINIC, NO_SUCH_SITE),
        ("CLINIC", CLINIC, NO_SUCH_SITE),
        ("clinic", CHARITY, NOT_ITS_SITE),
        ("clinic", PLAIN, NOT_ITS_SITE),
    ],
)
def test_no_page_takes_the_id_of_another(given: str, origin: str, says: str) -> None:
    """An id that is not known, or belongs to another site, is refused with what to look up."""
    with pytest.raises(SiteError) as refused:
        SITES.asking(given, origin)
    assert str(refused.value) == says
