from datetime import date
from pathlib import Path

import pytest

from corpus.check import check_library
from corpus.proof import Proof, ProofReader
from corpus.studies import study_files
from tests.summaries import GLOSSARY, SUMMARY, line_of

TODAY = date(2026, 11, 23)
FILES = {"doe2020.md": SUMMARY.encode(), "glossary.yaml": GLOSSARY.encode()}


def proof_of(text: str, **others: str) -> Proof:
    files = {
        **FILES,
        "doe2020.md": text.encode(),
        **{f"{name}.md": own.encode() for name, own in others.items()},
    }
    return ProofReader().read("doe2020.md", files, today=TODAY)


def test_a_right_summary_has_a_grade_and_passages_and_no_faults() -> None:
    """Its proof tells what could be retrieved, sentence by sentence, and which words are explained."""
    proof = proof_of(SUMMARY)
    assert proof.faults == ()
    assert proof.study is not None
    assert proof.grade is not None
    sentences = [passage.quote(span) for passage in proof.passages for span in passage.sentences]
    assert "Nine of 12 people (75%) got better with the cells." in sentences
    assert [term.term for term in proof.explained] == ["lupus nephritis", "C3"]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("One person had a lung infection.", "Four had a fever.", "One person had", "'Four' is in no fact"),
        ("C3 in the blood rose", "Creatinine clearance rose", "C3 in the blood", "hard"),
        ("design: randomized_trial", "design: trial", "design:", "Input should be"),
        ("## What they found", "## Found", "## Found", "add the section"),
        ("year: 2020", "year: 2020\nyear: 2021", "year: 2020", "duplicate"),
    ],
)
def test_each_fault_says_its_line(old: str, new: str, line: str, message: str) -> None:
    """What `plaincite corpus check` finds in a file, a proof finds in a text, with the line to go to."""
    proof = proof_of(SUMMARY.replace(old, new))
    (fault,) = [fault for fault in proof.errors if message in fault.message]
    if fault.line:
        assert abs(fault.line - line_of(old)) <= 1, line


def test_a_study_that_another_file_has_is_told() -> None:
    """The same paper twice is a fault of the one that is worked on."""
    twin = SUMMARY.replace("id: doe2020", "id: adams2020")
    assert [fault.rule for fault in proof_of(SUMMARY, adams2020=twin).errors] == ["duplicate"]


def test_a_file_that_cannot_be_read_does_not_hide_the_others() -> None:
    """Somebody else's broken file is no fault of this one."""
    assert proof_of(SUMMARY, broken="no front matter").faults == ()


def test_a_text_that_is_no_study_has_one_fault() -> None:
    """Without front matter there is nothing to look at but that."""
    proof = proof_of("Just words.\n")
    assert proof.study is None
    assert [fault.line for fault in proof.errors] == [1]


def test_a_changed_neighbour_is_read_again() -> None:
    """What is kept of other files is kept by their content."""
    reader = ProofReader()
    twin = SUMMARY.replace("id: doe2020", "id: adams2020")
    other = twin.replace("xyz.1", "xyz.2").replace("12345678", "1").replace("Outcomes of", "Results of")
    for text, faults in ((other, 0), (twin, 1), (other, 0)):
        files = {**FILES, "adams2020.md": text.encode()}
        assert len(reader.read("doe2020.md", files, today=TODAY).errors) == faults


def test_the_glossary_has_a_proof_too() -> None:
    """A term that stands twice is told with its line."""
    twice = GLOSSARY + "- term: C3\n  meaning: Another meaning.\n"
    proof = ProofReader().read("glossary.yaml", {**FILES, "glossary.yaml": twice.encode()}, today=TODAY)
    (fault,) = proof.errors
    assert fault.line == len(GLOSSARY.splitlines()) + 1
    assert ProofReader().read("glossary.yaml", FILES, today=TODAY).faults == ()


def test_other_files_have_no_rules() -> None:
    """Suggested questions are plain lines; there is nothing that a check could find."""
    files = {**FILES, "suggestions.txt": b"Was it safe?\n"}
    assert ProofReader().read("suggestions.txt", files, today=TODAY).faults == ()


def test_proofs_agree_with_the_check_of_the_whole_library(library_folder: Path) -> None:
    """Each study of the real library has the faults and the grade that `plaincite corpus check` gives it."""
    report = check_library(library_folder, today=TODAY)
    files = {path.name: path.read_bytes() for path in library_folder.iterdir()}
    reader = ProofReader()
    for path in study_files(library_folder):
        proof = reader.read(path.name, files, today=TODAY)
        expected = [fault.message for fault in report.faults if fault.path == path]
        assert [fault.message for fault in proof.faults] == expected
        assert proof.grade == next(grade.grade for grade in report.grades if grade.study_id == path.stem)
