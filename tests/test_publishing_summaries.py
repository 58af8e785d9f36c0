from pathlib import Path

import pytest

from corpus.studies import Status, parse_study
from service.publishing.summaries import clean_text, id_fault, new_summary, with_field
from tests.summaries import SUMMARY


def test_a_field_is_set_and_every_other_line_stays() -> None:
    """Comments, quotes and order of a file that people keep in git are left as they are."""
    before = SUMMARY.replace("status: published", "# seen by two\nstatus: draft")
    after = with_field(before, "status", "published")
    changed = [pair for pair in zip(before.split("\n"), after.split("\n"), strict=True) if pair[0] != pair[1]]
    assert changed == [("status: draft", "status: published")]


def test_a_missing_field_is_added_to_the_front_matter() -> None:
    """Below the front matter the same words are text."""
    without = SUMMARY.replace("status: published\n", "") + "\nstatus: of the trial\n"
    after = with_field(without, "status", "retired")
    assert parse_study(after, Path("doe2020.md")).status is Status.retired
    assert after.endswith("\nstatus: of the trial\n")


@pytest.mark.parametrize("text", ["", "No front matter.\n", "---\nid: x\n"])
def test_a_text_without_front_matter_is_left_to_the_checks(text: str) -> None:
    """Nothing is guessed about a text that is no study."""
    assert with_field(text, "status", "published") == text


def test_what_a_browser_sends_is_kept_with_line_feeds() -> None:
    """A form's line ends would make every line a change in git."""
    assert clean_text("\ufeff---\r\nid: x\r\n---\r\n\r\n\r\n") == "---\nid: x\n---\n"
    assert clean_text("") == "\n"


@pytest.mark.parametrize("title", ["Cells", 'It\'s: a "trial" # of', "'quoted'", "- list", "a: b"])
def test_a_new_summary_reads_back_with_its_title(title: str) -> None:
    """Whatever the title has in it, the template is a draft that can be read."""
    study = parse_study(new_summary("lee2022", title), Path("lee2022.md"))
    assert (study.study_id, study.title, study.status) == ("lee2022", title, Status.draft)
    assert study.sections[0].title == "Key messages"
    assert len(study.sections) == 5


def test_ids_are_plain_and_free_of_the_desks_addresses() -> None:
    """An id is part of addresses for good."""
    assert id_fault("wang2018") == id_fault("liang2010_pilot") == ""
    for wrong in ("", "Wang2018", "2018wang", "wang-2018", "../x", "new", "retractions", "a" * 61):
        assert id_fault(wrong), wrong
