"""import_files: files in, draft study files out, and a report of what could not be read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from corpus.drafts import write_draft
from corpus.errors import ImportRefusedError, LibraryError, StudyFileError
from corpus.importers import jats, nbib, page, pubmed, ris
from corpus.importers.decoding import load_content
from corpus.importers.detect import HEAD_BYTES, Format, detect_format, why_unknown
from corpus.importers.records import (
    Found,
    Notice,
    PageFooter,
    Record,
    Remark,
    all_marks,
    study_id_of,
    study_of,
)
from corpus.importers.report import Draft, ImportReport
from corpus.importers.shelf import Shelf
from corpus.studies import scan_studies, study_files

READERS: dict[Format, Callable[[bytes, Path], Iterator[Found]]] = {
    Format.page: page.read,
    Format.pubmed: pubmed.read,
    Format.nbib: nbib.read,
    Format.ris: ris.read,
    Format.jats: jats.read,
}
"""The reader of each format: the bytes of a file and its path in, what it holds out."""


def import_files(paths: Sequence[Path], out: Path, format: str = "auto") -> ImportReport:  # noqa: A002
    """Turns the records of files into draft study files.

    A record or file that cannot be read is refused and the rest goes on. A study that stands in the folder
    already, or came earlier in the same import, is left out; no file is ever overwritten.

    Args:
        paths: the files.
        out: the folder for the drafts; made where it is missing.
        format: their format by its name in Format, or `auto` to tell it from each file.

    Returns:
        The report; its lines name file and record.

    Raises:
        ValueError: there is no format of that name.
    """
    report = ImportReport()
    found = [(path, item) for path in paths for item in _read(path, format)]
    records = [(path, item) for path, item in found if isinstance(item, Record)]
    notices = [item for _, item in found if isinstance(item, Notice)]
    report.refused += [item for _, item in found if isinstance(item, ImportRefusedError)]
    report.notes += [str(item) for _, item in found if isinstance(item, Remark)]
    report.pages += [item for _, item in found if isinstance(item, PageFooter)]
    _write(_marked(_merged(records, report), notices, report), out, report)
    return report


def _read(path: Path, format: str) -> Iterable[Found]:  # noqa: A002
    try:
        content = load_content(path)
    except ImportRefusedError as error:
        return [error]
    known = detect_format(path, content[:HEAD_BYTES]) if format == "auto" else Format(format)
    if known is None:
        return [ImportRefusedError(path, why_unknown(content[:HEAD_BYTES]))]
    return READERS[known](content, path)


def _merged(records: list[tuple[Path, Record]], report: ImportReport) -> list[tuple[Path, Record]]:
    """Each study once, as it came first; a later record of it can only add its marks."""
    shelf = Shelf()
    first: list[tuple[Path, Record]] = []
    for path, record in records:
        place = shelf.find(record)
        if place is None:
            shelf.add(str(len(first)), record)
            first.append((path, record))
            continue
        kept_path, kept = first[int(place)]
        first[int(place)] = (kept_path, kept.with_marks(all_marks(record)))
        same = f"the same study as record {kept.label} of {kept_path.name}, which was taken"
        report.skipped.append(f"{path}: record {record.label}: {same}")
    return first


def _marked(
    records: list[tuple[Path, Record]], notices: list[Notice], report: ImportReport
) -> list[tuple[Path, Record]]:
    """The records with the marks of the notices that came with them; other notices are refused."""
    for notice in notices:
        concerned = [place for place, (_, record) in enumerate(records) if notice.concerns(record)]
        for place in concerned:
            path, record = records[place]
            records[place] = (path, record.with_marks((notice.mark,)))
            marked = f"record {notice.label} marks record {record.label} of {path.name}"
            report.notes.append(f"{notice.path}: {marked}: {notice.mark.note}")
        if not concerned:
            report.refused.append(_unused(notice))
    return records


def _unused(notice: Notice) -> ImportRefusedError:
    named = [*notice.dois, *(f"PMID {pmid}" for pmid in notice.pmids)]
    target = ", ".join(named) or "a study that it does not name"
    kind = notice.mark.kind.replace("_", " ")
    problem = f"is the notice of a {kind}, not a study; add that mark to the draft of {target}"
    return ImportRefusedError(notice.path, problem, record=notice.label)


def _write(records: list[tuple[Path, Record]], out: Path, report: ImportReport) -> None:
    written = 0
    try:
        shelf = _shelf_of(out)
        for path, record in records:
            _write_one(record, path, out, shelf, report)
            written += 1
    except LibraryError as error:
        # The folder or the disk is at fault: every further draft would fail the same way.
        report.refused.append(error)
        report.notes.append(f"{out}: {len(records) - written} studies were read but not written")


def _write_one(record: Record, path: Path, out: Path, shelf: Shelf, report: ImportReport) -> None:
    if there := shelf.find(record):
        report.skipped.append(f"{path}: record {record.label}: {_left_alone(there, record)}")
        return
    wanted = study_id_of(record)
    study_id = shelf.free_id(wanted)
    try:
        study, problems = study_of(record, study_id)
        target = write_draft(study, out, problems)
    except StudyFileError as error:
        report.refused.append(ImportRefusedError(path, error.problem, record=record.label))
        return
    except ValueError as error:
        report.refused.append(ImportRefusedError(path, str(error), record=record.label))
        return
    shelf.add(study_id, study)
    report.drafts.append(Draft(study_id, target, study.title))
    report.notes += [f"{path}: {study_id}: {problem}" for problem in problems]
    if study_id != wanted:
        other = f"another study has the id {wanted}, so this one became {study_id}"
        report.notes.append(f"{path}: record {record.label}: {other}")


def _left_alone(study_id: str, record: Record) -> str:
    marks = all_marks(record)
    warning = f"; this record says {marks[0].note!r}: see that the file says so too" if marks else ""
    return f"{study_id}.md has this study already and was left as it is{warning}"


def _shelf_of(out: Path) -> Shelf:
    """The studies that stand in the folder already; of unreadable files only the name is known."""
    try:
        if not out.exists():
            return Shelf()
        if not out.is_dir():
            raise LibraryError(out, "is a file, not a folder; name a folder for the drafts")
        studies, _ = scan_studies(out)
        shelf = Shelf(path.stem for path in study_files(out))
    except OSError as error:
        raise LibraryError(out, f"cannot be read: {error.strerror}") from error
    for study in studies:
        shelf.add(study.study_id, study)
    return shelf
