"""Listing: the studies of a library as its page shows them."""

import re

import pytest
from lxml import html
from lxml.html import HtmlElement

from corpus.studies import Study
from service.languages import ENGLISH
from service.listing import Listing, kinds_of
from service.rendering import render
from service.views import Site, StudiesPage
from service.visit import Visit
from tests.generated import generated
from tests.shelf import STUDIES
from tests.studies import make_draft, make_study

REAL = tuple(STUDIES.values())
Pairs = list[tuple[str, str]]


def listing(pairs: Pairs | None = None, studies: tuple[Study, ...] = REAL) -> Listing:
    return Listing.of(studies, pairs or [], ENGLISH)


def show(pairs: Pairs | None = None, studies: tuple[Study, ...] = REAL) -> HtmlElement:
    page = StudiesPage(Site("Answers", "A clinic", None, "c1", "g1"), listing(pairs, studies))
    return html.document_fromstring(render(page, Visit()))


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [("design", "cohort")],
        [("people", "20-99"), ("from", "2014")],
        [("finding", "harm"), ("to", "2012")],
    ],
)
def test_each_count_is_what_the_choice_would_show(pairs: Pairs) -> None:
    """The number beside a choice is the number of studies that choosing it shows, all else as it is."""
    studies = generated(120)
    found = listing(pairs, studies)
    for field in found.fields:
        others = [(name, value) for name, value in pairs if name != field.name]
        assert field.number == len(listing(others, studies).rows)
        for option in field.options:
            assert option.number == len(listing([*others, (field.name, option.value)], studies).rows)


def test_only_what_the_library_has_can_be_chosen() -> None:
    """A kind of study that the library lacks is no choice, unless the address asks for it."""
    values = {field.name: [option.value for option in field.options] for field in listing().fields}
    assert "controlled_study" not in values["design"]
    assert values["people"] == ["under-20", "20-99", "100-499", "unknown"]
    assert values["from"] == sorted({str(study.year) for study in REAL})
    (design, *_) = listing([("design", "controlled_study")]).fields
    assert [(one.label, one.number) for one in design.options if one.chosen] == [
        ("Study with a comparison group", 0)
    ]


def test_the_page_says_how_many_are_shown() -> None:
    """Title and heading name the number of studies shown and of all."""
    page = show([("design", "cohort")])
    assert words(page.xpath("//h2[@id='list_title']")[0]) == "3 of 13 studies shown"
    assert page.findtext(".//title").startswith("3 of 13 studies")
    assert len(page.xpath("//ol[@class='cards']/li")) == 3


def test_each_choice_can_be_taken_out() -> None:
    """Links take out one choice, saying what is left then, or all of them, and keep the order."""
    page = show([("design", "cohort"), ("from", "2018"), ("sort", "largest")])
    links = {words(link): link.get("href") for link in page.xpath("//div[@class='chosen']//a")}
    assert links == {
        "Take out (then 4 studies)": "/studies?from=2018&sort=largest",
        "Take out (then 3 studies)": "/studies?design=cohort&sort=largest",
        "Clear all choices": "/studies?sort=largest",
    }
    assert page.xpath("//form[@class='filter']//input[@name='sort']/@value") == ["largest"]
    assert page.xpath("//select[@name='design']/option[@selected]/@value") == ["cohort"]
    assert not show().xpath("//div[@class='chosen'] | //input[@name='sort']")


def test_an_empty_list_says_what_that_means() -> None:
    """Where nothing fits, the page says so, draws nothing, and says that this tells only of the library."""
    page = show([("design", "cohort"), ("finding", "mixed")])
    assert "0 of 13 studies shown" in words(page)
    assert "This tells only what is in this library" in words(page)
    assert not page.xpath("//section[@class='picture']")
    assert "0 of 0 studies shown" in words(show(studies=()))


def test_faults_of_an_address_are_told() -> None:
    """What an address asks for and there is not is said above the list, and the rest of it counts."""
    page = show([("design", "<i>"), ("finding", "mixed")])
    (note,) = page.xpath("//div[@role='alert']")
    assert "a kind of study that we do not know: “<i>”." in words(note)
    assert len(page.xpath("//ol[@class='cards']/li")) == 1


def test_studies_of_unknown_year_are_not_passed_over() -> None:
    """Where only the choice of years leaves out studies whose year is not known, the page says how many."""
    studies = (*REAL, make_draft())
    sentence = "One more study fits, but its year is not known to us."
    assert sentence in words(show([("from", "2018")], studies))
    assert sentence not in words(show([], studies))
    assert sentence not in words(show([("from", "2018"), ("design", "cohort")], studies))


def test_a_row_has_what_a_reader_needs() -> None:
    """Each row has label, title, finding with its mark, kind, people, year, first caution and marks."""
    page = show()
    (row,) = page.xpath("//li[@id='row-liang2010_pilot']")
    for part in (
        "A 2010 trial of 15 people",
        STUDIES["liang2010_pilot"].title,
        "Reported an improvement",
        "rial without a comparison group",
        "Erratum: ",
        STUDIES["liang2010_pilot"].cautions[0],
        "more points)",
    ):
        assert part in words(row)
    assert row.xpath(".//dd[@class='found']//*[@href='#mark-circle-benefit']")
    assert "Not known to us" in words(page.xpath("//li[@id='row-yang2014']")[0])


def test_a_row_leads_to_its_study_and_back() -> None:
    """The link of a row carries the choices along, so that the study's page can lead back to them."""
    assert show().xpath("//li[@id='row-wen2019']//h3/a/@href") == ["/studies/wen2019"]
    (href,) = show([("design", "cohort"), ("from", "2018")]).xpath("//li[@id='row-wen2019']//h3/a/@href")
    assert href == "/studies/wen2019?list=design%3Dcohort%26from%3D2018"


@pytest.mark.parametrize("studies", [REAL, REAL[:1], generated(300)], ids=["real", "one", "three hundred"])
def test_picture_table_and_list_show_the_same_studies(studies: tuple[Study, ...]) -> None:
    """Both drawings, the table and the list each have a link for every study, and the same symbols."""
    page = show(studies=studies)
    wanted = sorted(f"/studies/{study.study_id}" for study in studies)
    for place in (
        "//*[@class='wide']//a",
        "//*[@class='narrow']//a",
        "//tbody//a",
        "//ol[@class='cards']//h3/a",
    ):
        assert sorted(page.xpath(f"{place}/@href")) == wanted, place
    used = set(page.xpath("//*[@href[starts-with(., '#')]]/@href"))
    assert not {href for href in used if href[1:] not in set(page.xpath("//@id"))}
    names = page.xpath("//*[@class='wide']//a/title/text()")
    assert len(names) == len(studies)
    assert all(re.match(r".+: An? .+\. .+\.$", name) for name in names)


def test_the_table_has_the_exact_numbers() -> None:
    """The table under the picture has year, people, kind and finding of each study in words and digits."""
    rows = [[words(cell) for cell in row] for row in show().xpath("//tbody/tr")]
    assert ["Deng et al., 2017", "2017", "18"] in [row[:3] for row in rows]
    assert ["Zhou et al., 2020", "2020", "Not known to us"] in [row[:3] for row in rows]
    assert all(all(row) for row in rows)


def test_the_legend_names_what_is_drawn() -> None:
    """The legend explains the shapes and signs that are in the picture, and no others."""
    legend = words(show(studies=(make_study(),)).xpath("//div[@class='legend']")[0])
    assert legend == (
        "The sign: what was found Reported an improvement "
        "The shape: what kind of study Ring: trial or follow-up study without a comparison group"
    )
    retracted = make_study(marks="[{kind: retraction, note: Gone}]", design="randomized_trial")
    page = show(studies=(retracted,))
    assert "Crossed out: withdrawn, or in doubt" in words(page.xpath("//div[@class='legend']")[0])
    assert all("Withdrawn, or in doubt." in name for name in page.xpath("//svg//a/title/text()"))
    assert "Withdrawn, or in doubt." in words(page.xpath("//tbody")[0])


def test_kinds_are_counted_strongest_first() -> None:
    """The home page's list of kinds adds up to the library, in the order of their strength."""
    kinds = list(kinds_of(REAL, ENGLISH))
    assert [kind.number for kind in kinds] == [2, 2, 4, 3, 1, 1]
    assert kinds[1].label == "Trial with groups chosen by chance"
    assert kinds[1].href == "/studies?design=randomized_trial"
