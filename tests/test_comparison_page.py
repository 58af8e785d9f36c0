"""The comparison's page: one file, in a real browser, on a phone and on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement
from playwright.sync_api import Page

from evaluation.comparing.comparison_page import render_page, write_page
from evaluation.comparing.findings import Findings, Inputs, compare_files
from evaluation.errors import InputFileError
from tests.browser import axe_violations, open_details, overflow
from tests.comparisons import EVIL, TURNED, run_of, write_collection, write_runs

RUNS = {
    "plain": run_of([2] * 11 + [1]),
    f"evil {TURNED} {EVIL}".replace("/", "\u2215"): run_of([1] * 11 + [2]),
    "$third_{": run_of([5] * 12),
}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    folder = tmp_path_factory.mktemp("collection")
    return compare_files(write_runs(folder, RUNS), write_collection(folder))


@pytest.fixture(scope="module")
def rendered(findings: Findings) -> str:
    return render_page(findings)


@pytest.fixture
def opened(page: Page, rendered: str, tmp_path: Path) -> Iterator[Page]:
    """The page from its file; the test fails when it says anything on the console or asks for more."""
    path = tmp_path / "page.html"
    write_page(path, rendered)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(error.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    yield page
    assert said == []
    assert asked == [path.as_uri()]


def parse(page: str) -> HtmlElement:
    return html.document_fromstring(page)


def words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_has_everything_that_was_found(rendered: str, findings: Findings) -> None:
    """Files with hashes, tables, verdicts, a plot of each kind with its numbers, wins and losses."""
    page = parse(rendered)
    text = words(page.find("body"))
    assert all(source.sha256 in text for source in findings.sources)
    assert all(" ".join(item.verdict.split()) in text for item in findings.comparison.differences)
    assert all(" ".join(remark.split()) in text for remark in findings.remarks)
    assert page.xpath("//figure/@aria-labelledby") == [
        "differences-2-heading",
        "differences-3-heading",
        "recall-heading",
        "risk-heading",
    ]
    for figure in page.xpath("//figure"):
        assert figure.xpath(".//*[name() = 'svg'][@role = 'img']")
        assert figure.xpath(".//details//tbody/tr")
    (numbers,) = page.xpath("//figure[@aria-labelledby = 'differences-2-heading']//tbody")
    assert [cell.text_content() for cell in numbers[0]] == ["q0", "0.6309", "1.0000", "+0.3691"]
    assert len(numbers) == 12
    headings = [words(item) for item in page.xpath("//h3") if "Largest" in words(item)]
    assert len(headings) == 4
    assert len(page.xpath("//article")) == (10 + 1) + (0 + 10)


def test_every_hit_shows_its_judgment_on_both_sides(rendered: str) -> None:
    """Side by side, five hits of each run; judged relevant, judged 0 and not judged look different."""
    example = parse(rendered).xpath("//article")[0]
    left, right = example.xpath(".//div[@class = 'sides']/div")
    assert [words(item) for item in left.xpath(".//*[contains(@class, 'grade')]")] == [
        "judged 0",
        "judged 1",
        "not judged",
        "not judged",
        "not judged",
    ]
    assert words(right.xpath(".//*[contains(@class, 'grade')]")[0]) == "judged 1"
    assert "right-0 (the other: rank 2)" in words(right)
    assert "The whole text" in words(right)


def test_nothing_of_a_file_becomes_markup(rendered: str) -> None:
    """Markup in names, questions and documents is shown as text."""
    page = parse(rendered)
    assert not page.xpath("//script | //img | //link | //iframe | //@onerror | //@href | //@src")
    assert EVIL in page.xpath("//p[@class = 'question']")[0].text_content()
    assert "<script>" not in rendered
    assert "<img" not in rendered


def test_turned_text_stays_where_it_is(rendered: str) -> None:
    """Marks that turn the direction are gone from names and shut into an element of their own elsewhere."""
    page = parse(rendered)
    for element in page.iter():
        if isinstance(element.tag, str) and "\u202e" in (element.text or ""):
            assert element.tag == "bdi" or element.get("dir") == "auto"
        assert "\u202e" not in (element.tail or "")


def test_tables_have_captions_and_scopes(rendered: str) -> None:
    """Who cannot see a table is told what it is and what each cell belongs to."""
    page = parse(rendered)
    for table in page.xpath("//table"):
        assert words(table.find("caption"))
        assert all(cell.get("scope") for cell in table.iter("th"))


def test_the_same_findings_give_the_same_bytes(findings: Findings, rendered: str) -> None:
    """A page can be made again and compared: no date of now, nothing by chance."""
    assert render_page(findings) == rendered


def test_without_texts_there_are_ids(tmp_path: Path) -> None:
    """Judgments alone are enough; the page says why it shows ids only."""
    inputs = Inputs(write_collection(tmp_path).qrels)
    runs = write_runs(tmp_path, {"one": run_of([2] * 12), "other": run_of([1] * 12)})
    page = parse(render_page(compare_files(runs, inputs)))
    assert "no corpus was given: passages are shown by their ids" in words(page)
    assert not page.xpath("//*[@class = 'question'] | //*[@class = 'text']")


def test_runs_that_are_the_same_make_a_page(tmp_path: Path) -> None:
    """No win, no loss, one question and no curve: still a page, without faults."""
    inputs = write_collection(tmp_path, questions=1)
    runs = write_runs(tmp_path, {"one": run_of([1]), "other": run_of([1])})
    page = parse(render_page(compare_files(runs, inputs)))
    assert "have the same nDCG@10 on the one question" in words(page)
    assert len(page.xpath("//figure")) == 2


def test_a_page_is_written_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    """What was there is replaced; where that is not possible, nothing is left behind."""
    path = tmp_path / "page.html"
    write_page(path, "old")
    write_page(path, "new")
    assert path.read_text() == "new"
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(InputFileError, match="it cannot be written"):
        write_page(folder, "page")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["folder", "page.html"]


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(opened: Page, width: int) -> None:
    """Opened from its file, on a phone and on a screen: no rule broken, nothing wider than the window."""
    opened.set_viewport_size({"width": width, "height": 800})
    open_details(opened)
    assert axe_violations(opened) == []
    assert overflow(opened) == 0
    assert opened.title() == "Comparison: 3 runs, 12 judged questions"


def test_plots_can_be_seen(opened: Page) -> None:
    """Each plot has a size, and its words are text in the page's own letters."""
    opened.set_viewport_size({"width": 320, "height": 800})
    for plot in opened.locator("svg.plot").all():
        box = plot.bounding_box()
        assert box is not None
        assert box["width"] > 400
        assert 150 < box["height"] < 600
    assert opened.locator("svg.plot text", has_text="risk: 1 - mean measure").count() == 1


def test_prints_on_a4_with_no_plot_cut(opened: Page) -> None:
    """On paper no plot crosses the end of a page, and no scrollbar hides a column."""
    assert opened.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    opened.emulate_media(media="print")
    opened.set_viewport_size({"width": 688, "height": 1000})
    for kind in ("figure", ".example", "tr"):
        broken = opened.locator(kind).evaluate_all("all => all.map(one => getComputedStyle(one).breakInside)")
        assert set(broken) == {"avoid"}
    heights = opened.locator("figure").evaluate_all("all => all.map(one => one.offsetHeight)")
    assert max(heights) < 1000
    cut = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
    assert opened.locator(".scroll").evaluate_all(cut) == []
