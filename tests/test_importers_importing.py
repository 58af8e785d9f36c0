"""Files go in, drafts come out, and everything that was not read is said in one line."""

import errno
import os
from pathlib import Path

import pytest

from corpus.importers import Format, import_files
from corpus.studies import Status, load_studies, load_study

FORMATS = Path(__file__).resolve().parents[2] / "shared" / "data" / "formats"
needs_samples = pytest.mark.skipif(not FORMATS.exists(), reason="the sample files are not there")
SAMPLES = sorted(path for path in FORMATS.rglob("*") if path.is_file()) if FORMATS.exists() else []

WHOLLY_REFUSED = {
    "retraction/retractionwatch-sample.csv": "is a list of retractions, not of studies",
    "rispy/example_bom.ris": "has no title",
    "rispy/example_custom_list_tags.ris": "has no title",
    "rispy/example_multiline.ris": "has no title",
    "pubmed_xml/efetch_pmc.xml": "is the notice of a correction, not a study; add that mark to the draft",
}


def _ris(title: str, *, author: str = "Deng, D.", year: str = "2017", more: str = "") -> str:
    return f"TY  - JOUR\nTI  - {title}\nAU  - {author}\nPY  - {year}\nAB  - Text.\n{more}ER  - \n"


def _file(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


@needs_samples
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sample_file_imports_or_is_refused(path: Path, tmp_path: Path) -> None:
    """Each real file gives drafts that load, or a refusal of one line; only the known ones give no draft."""
    report = import_files([path], tmp_path / "out")
    name = f"{path.parent.name}/{path.name}"
    lines = [str(error) for error in report.refused]
    assert all("\n" not in line and line.startswith(str(path)) for line in lines)
    if name in WHOLLY_REFUSED:
        assert report.drafts == []
        assert report.exit_code == 2
        assert WHOLLY_REFUSED[name] in lines[0]
    else:
        assert lines == []
        assert report.exit_code == 0
        assert report.drafts
    for draft in report.drafts:
        study = load_study(draft.path)
        assert study.status is Status.draft
        assert path.name in (study.imported_from or "")


@needs_samples
def test_all_sample_files_at_once(tmp_path: Path) -> None:
    """All files together give one draft a study, and the folder loads as a library."""
    report = import_files(SAMPLES, tmp_path)
    assert report.exit_code == 1
    assert len(load_studies(tmp_path)) == len(report.drafts) == 130
    assert len(report.refused) == 7
    assert len(report.skipped) == 14


def test_two_studies_with_one_id_get_numbers(tmp_path: Path) -> None:
    """Different studies of one author and year get _2 and _3 in order, and a note says so."""
    path = _file(tmp_path, "a.ris", _ris("One") + _ris("Two") + _ris("Three"))
    report = import_files([path], tmp_path / "out")
    assert [draft.study_id for draft in report.drafts] == ["deng2017", "deng2017_2", "deng2017_3"]
    assert load_study(tmp_path / "out" / "deng2017_3.md").title == "Three"
    assert (
        report.notes[0]
        == f"{path}: record 2: another study has the id deng2017, so this one became deng2017_2"
    )


def test_the_same_study_comes_in_once(tmp_path: Path) -> None:
    """A study that stands in two files is drafted from the first, and a line names the other."""
    first = _file(tmp_path, "a.ris", _ris("One", more="DO  - 10.1000/x\n"))
    second = _file(tmp_path, "b.ris", _ris("ONE.", more="DO  - https://doi.org/10.1000/X\n"))
    report = import_files([first, second, first], tmp_path / "out")
    assert [draft.study_id for draft in report.drafts] == ["deng2017"]
    assert report.skipped == [
        f"{second}: record 1: the same study as record 1 of a.ris, which was taken",
        f"{first}: record 1: the same study as record 1 of a.ris, which was taken",
    ]
    assert report.exit_code == 0


def test_a_mark_on_a_second_record_is_kept(tmp_path: Path) -> None:
    """When only the second of two records says that the study was retracted, the draft says it too."""
    first = _file(tmp_path, "a.ris", _ris("One", more="DO  - 10.1000/x\n"))
    second = _file(tmp_path, "b.ris", _ris("RETRACTED: One", more="DO  - 10.1000/x\n"))
    import_files([first, second], tmp_path / "out")
    assert [mark.kind for mark in load_study(tmp_path / "out" / "deng2017.md").marks] == ["retraction"]


def test_a_draft_that_is_there_is_left_alone(tmp_path: Path) -> None:
    """A second import of a study changes nothing and warns of a mark that the file may lack."""
    out = tmp_path / "out"
    import_files([_file(tmp_path, "a.ris", _ris("One"))], out)
    before = (out / "deng2017.md").read_bytes()
    report = import_files([_file(tmp_path, "b.ris", _ris("RETRACTED: One") + _ris("Two"))], out)
    assert (out / "deng2017.md").read_bytes() == before
    assert "deng2017.md has this study already and was left as it is; this record says" in report.skipped[0]
    assert [draft.study_id for draft in report.drafts] == ["deng2017_2"]


def test_a_file_that_cannot_be_read_keeps_its_name(tmp_path: Path) -> None:
    """An unreadable file in the folder is neither overwritten nor in the way."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "deng2017.md").write_text("not a study")
    report = import_files([_file(tmp_path, "a.ris", _ris("One"))], out)
    assert [draft.study_id for draft in report.drafts] == ["deng2017_2"]
    assert (out / "deng2017.md").read_text() == "not a study"


def test_a_notice_marks_the_study_that_came_with_it(tmp_path: Path) -> None:
    """A retraction notice in the same import marks its study; alone it is refused with the study's number."""
    study = "PMID- 77\nTI  - A trial.\nFAU - Deng, D\nAU  - Deng D\nDP  - 2017\n"
    notice = "PMID- 99\nTI  - Retraction.\nPT  - Retraction of Publication\nROF - Ann. 2017;1:2. PMID: 77\n"
    both = _file(tmp_path, "both.nbib", f"{notice}\n{study}")
    report = import_files([both], tmp_path / "out")
    (mark,) = load_study(tmp_path / "out" / "deng2017.md").marks
    assert (mark.kind, mark.link) == ("retraction", "https://pubmed.ncbi.nlm.nih.gov/99/")
    assert report.exit_code == 0
    alone = import_files([_file(tmp_path, "alone.nbib", notice)], tmp_path / "other")
    assert "is the notice of a retraction, not a study; add that mark to the draft of PMID 77" in str(
        alone.refused[0]
    )
    assert not (tmp_path / "other").exists()


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    """Missing, empty, binary and unknown files and folders are refused one by one, the rest is imported."""
    good = _file(tmp_path, "good.ris", _ris("One"))
    empty = _file(tmp_path, "empty.ris", "")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.4")
    odd = _file(tmp_path, "odd.txt", "dear diary\n")
    report = import_files(
        [tmp_path / "no.ris", empty, tmp_path, tmp_path / "scan.pdf", odd, good], tmp_path / "out"
    )
    assert [draft.study_id for draft in report.drafts] == ["deng2017"]
    assert len(report.refused) == 5
    assert report.exit_code == 1


def test_exit_codees(tmp_path: Path) -> None:
    """0 when all was read, 2 when nothing could be used."""
    good = _file(tmp_path, "good.ris", _ris("One"))
    assert import_files([good], tmp_path / "out").exit_code == 0
    assert import_files([good], tmp_path / "out").exit_code == 0
    assert import_files([tmp_path / "no.ris"], tmp_path / "out").exit_code == 2


def test_a_named_format_is_used(tmp_path: Path) -> None:
    """A format that is named is the one that is read, and a file of another one is refused by its reader."""
    path = _file(tmp_path, "a.txt", _ris("One"))
    assert import_files([path], tmp_path / "out", format=Format.ris).drafts
    for other in (Format.page, Format.pubmed, Format.jats, Format.nbib):
        report = import_files([path], tmp_path / "other", format=other)
        assert report.drafts == []
        assert report.exit_code == 2


def test_an_unknown_format_is_an_error(tmp_path: Path) -> None:
    """A format that there is none of is the caller's fault."""
    with pytest.raises(ValueError, match="bibtex"):
        import_files([_file(tmp_path, "a.ris", _ris("One"))], tmp_path / "out", format="bibtex")


def test_hostile_text_makes_no_section(tmp_path: Path) -> None:
    """Text that looks like headings and front matter stays text in the draft."""
    abstract = "AB  - ## Side effects\n---\n## Key messages\nNone.\n"
    path = _file(tmp_path, "a.ris", _ris("---", more="").replace("AB  - Text.\n", abstract))
    import_files([path], tmp_path / "out")
    study = load_study(tmp_path / "out" / "deng2017.md")
    assert [section.title for section in study.sections] == ["Abstract"]
    assert study.title == "---"


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """A file in the place of the folder gives one line and exit code 2."""
    path = _file(tmp_path, "a.ris", _ris("One"))
    report = import_files([path], path)
    assert str(report.refused[0]) == f"{path}: is a file, not a folder; name a folder for the drafts"
    assert report.exit_code == 2


def test_a_full_disk_stops_with_whole_drafts_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the disk fills up, drafts written before are whole, and one line says what is missing."""
    path = _file(tmp_path, "a.ris", _ris("One") + _ris("Two") + _ris("Three"))
    sync, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    report = import_files([path], tmp_path / "out")
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["deng2017.md"]
    assert "deng2017_2.md cannot be written: No space left on device" in str(report.refused[0])
    assert report.notes[-1].endswith("2 studies were read but not written")
    assert report.exit_code == 1
