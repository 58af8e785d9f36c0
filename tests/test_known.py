"""Known questions as a library's file has them, as the index keeps them, and what they make likelier."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.check import check_known, check_library
from corpus.errors import KnownQuestionsError
from corpus.fingerprint import corpus_sha256
from corpus.known import KNOWN_NAME, Sentences, read_known, strays
from corpus.passages import Passage, split_study
from corpus.studies import LIBRARY, Study, load_studies
from evaluation.options import OWN_QUESTIONS
from evaluation.questions import one_line, read_questions
from index.build import build_index
from index.encoder import TokenVectors
from index.known import STRANGENESS, Recalled, settle
from index.late import likeness
from index.search import PassageIndex
from index.store import current_generation
from service.evidence import WELL_KNOWN, Evidence, ReadSentences, read_passages, select_evidence
from service.library import Library
from service.remembering import DOUBT, LIFT, lift_known
from tests.studies import make_study
from tests.toy import ToyEncoder

TEXT = """# What people ask.

? did it leak less
doe2020: Protein in the urine fell in 9 of 10 people.
doe2020: Kidneys leaked less …

? what did it cost
not answered
"""
SHA = "0" * 64


def known_file(folder: Path, text: str = TEXT) -> Path:
    path = folder / KNOWN_NAME
    path.write_text(text, encoding="utf-8")
    return path


def passages_of(*studies: Study) -> list[Passage]:
    return [passage for study in studies for passage in split_study(study)]


def built(folder: Path, text: str, *studies: Study, encoder: ToyEncoder | None = None) -> PassageIndex:
    """An index with known questions, by the toy encoder."""
    folder.mkdir(exist_ok=True)
    known = read_known(known_file(folder, text))
    encoder = encoder or ToyEncoder()
    build_index(
        studies, folder / "index", encoder, drafts=False, corpus_sha256=SHA, progress=False, known=known
    )
    return PassageIndex.load(folder / "index", ToyEncoder())


def test_file_is_read_with_its_lines(tmp_path: Path) -> None:
    """A question, its sentences whole or by their opening, and one that nothing answers."""
    first, second = read_known(known_file(tmp_path))
    assert (first.question, first.line) == ("did it leak less", 3)
    assert [(a.study_id, a.text, a.is_opening, a.line) for a in first.answers] == [
        ("doe2020", "Protein in the urine fell in 9 of 10 people.", False, 4),
        ("doe2020", "Kidneys leaked less", True, 5),
    ]
    assert (second.question, second.answers) == ("what did it cost", ())


def test_library_without_the_file_knows_no_question(tmp_path: Path) -> None:
    """It is not needed, and its absence is no fault."""
    assert read_known(tmp_path / KNOWN_NAME) == ()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("doe2020: One.\n", 1, "a question begins with"),
        ("? a\n\n? b\ndoe2020: One.\n", 1, "has no sentence"),
        ("? a\nnot answered\ndoe2020: One.\n", 1, "keep one of the two"),
        ("? a\nThe cells helped.\n", 2, "study: its words"),
        ("? a\nnot answered\n? A!\nnot answered\n", 3, "stands in line 1 already"),
        ("? ...\nnot answered\n", 1, "no words"),
        (f"? {'a ' * 600}\nnot answered\n", 1, "at most 1000"),
    ],
)
def test_fault_names_file_and_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    """Whatever is wrong, one line says where and what to do."""
    path = known_file(tmp_path, text)
    with pytest.raises(KnownQuestionsError, match=words) as error:
        read_known(path)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert "\n" not in str(error.value)


def test_bytes_that_are_no_text_are_a_fault(tmp_path: Path) -> None:
    """As of every file of a library."""
    (tmp_path / KNOWN_NAME).write_bytes(b"? a\xff\nnot answered\n")
    with pytest.raises(KnownQuestionsError, match="not UTF-8"):
        read_known(tmp_path / KNOWN_NAME)


def test_sentence_is_found_wherever_its_study_says_it(tmp_path: Path) -> None:
    """In each place where a study says the very same; an opening that fits several sentences fits none."""
    study = make_study(
        key_messages="Nobody died. Protein fell.",
        side_effects_and_safety="Nobody died. Protein rose.",
    )
    text = "? a\ndoe2020: Nobody died.\n? b\ndoe2020: Protein …\n? c\ndoe2020: Protein r…\n"
    known = read_known(known_file(tmp_path, text))
    sentences = Sentences(passages_of(study))
    found = [sentences.find(each.answers[0]) for each in known]
    assert [len(each) for each in found] == [2, 0, 1]


def test_sentence_that_is_gone_is_left_to_do(tmp_path: Path) -> None:
    """Whoever changes a summary is told, with the line, and is not kept from it."""
    text = f"{TEXT}\n? and how\ndoe2020: No such words.\nroe2021: Nor these.\n"
    _, faults = check_known(known_file(tmp_path, text).parent, [make_study()])
    assert [(fault.line, fault.level) for fault in faults] == [(11, "todo"), (12, "todo")]
    assert "“No such words.”" in faults[0].message
    assert "roe2021" in faults[1].message


def test_file_that_cannot_be_read_is_an_error_of_the_library(tmp_path: Path) -> None:
    """`plaincite corpus check` tells it beside everything else."""
    known_file(tmp_path, "no question\n")
    report = check_library(tmp_path, today=date(2026, 11, 23))
    assert [fault.line for fault in report.errors if fault.path.name == KNOWN_NAME] == [1]


def test_known_questions_belong_to_the_library_as_built(tmp_path: Path) -> None:
    """Changing them makes an index stale, as changing a summary does."""
    (tmp_path / "doe2020.md").write_text("", encoding="utf-8")
    without = corpus_sha256(tmp_path)
    known_file(tmp_path)
    assert corpus_sha256(tmp_path) != without


def test_question_whose_sentences_are_gone_is_not_taken_for_unanswered(tmp_path: Path) -> None:
    """It is known no more; that nothing answers it is not known either."""
    text = "? a\ndoe2020: Gone.\n? b\nnot answered\n? c\ndoe2020: Nobody died.\n"
    settled = settle(read_known(known_file(tmp_path, text)), passages_of(make_study()))
    assert [each.question for each in settled] == ["b", "c"]


def test_like_questions_speak_for_their_sentences(tmp_path: Path) -> None:
    """The same question gives nearly all to its sentences, one with no word in common nothing."""
    opened = built(tmp_path, TEXT, make_study())
    every = [passage.quote(span) for passage in opened.passages for span in passage.sentences]
    recalled = opened.known.recall(*_asked("did it leak less"))
    ranked = sorted(zip(recalled.shares, every, strict=True), reverse=True)
    assert {text for _, text in ranked[:2]} == {
        "Protein in the urine fell in 9 of 10 people.",
        "Kidneys leaked less protein after treatment.",
    }
    assert ranked[0][0] == pytest.approx(1 / (1 + STRANGENESS), abs=0.01)
    assert recalled.alike[0].question == "did it leak less"
    assert recalled.alike[0].likeness == pytest.approx(1.0, abs=1e-3)
    strange = opened.known.recall(*_asked("zebra"))
    assert float(strange.shares.max()) < 0.01
    assert strange.unanswered < 0.01
    assert opened.known.recall(*_asked("what did it cost")).unanswered > 0.9


def test_index_without_known_questions_recalls_nothing(tmp_path: Path) -> None:
    """Nor does an index that was built before there were any."""
    opened = built(tmp_path, "", make_study())
    current = current_generation(tmp_path / "index")
    assert current
    assert not (current / "known").exists()
    assert len(opened.known) == 0
    recalled = opened.known.recall(*_asked("did it leak less"))
    assert (float(recalled.shares.sum()), recalled.unanswered, recalled.alike) == (0.0, 0.0, ())


def test_known_questions_are_not_encoded_twice(tmp_path: Path) -> None:
    """A build takes over what the one before it has encoded."""
    built(tmp_path, TEXT, make_study())
    again = ToyEncoder()
    opened = built(tmp_path, f"{TEXT}\n? and the skin\nnot answered\n", make_study(), encoder=again)
    assert again.encoded == 1
    assert len(opened.known) == 3


def test_likeness_asks_both_ways() -> None:
    """A question that asks for more is less like one, whichever of the two it is."""
    short, long = (_asked(text)[1] for text in ("did it help", "did it help the kidneys and the skin"))
    assert likeness(short, [short, long])[0] == pytest.approx(1.0, abs=1e-5)
    assert likeness(short, [long])[0] == pytest.approx(likeness(long, [short])[0], abs=1e-5)
    assert likeness(short, [long])[0] < 0.95


def test_known_answers_are_likelier_and_doubt_weighs_on_all(tmp_path: Path) -> None:
    """In log odds: LIFT for the share that a sentence answers, less DOUBT for the share that nothing does."""
    opened = built(tmp_path, TEXT, make_study())
    vector, tokens = ToyEncoder().encode_question("less protein in the urine")
    passages = list(opened.passages)
    own = TokenVectors.alike(tokens.tokens, tokens.vectors)
    before = read_passages(passages, opened, own)
    shares = opened.known.recall(vector, tokens.vectors).shares
    shares[:] = 0.0
    shares[1] = 0.5
    recalled = Recalled(shares, 0.25, opened.known.recall(vector, tokens.vectors).alike)
    after = lift_known(before, passages, opened, recalled)
    moved = [item.moved(-0.25 * DOUBT) for item in before.sentences]
    moved[1] = before.sentences[1].moved(0.5 * LIFT - 0.25 * DOUBT)
    assert [item.score for item in after.sentences] == pytest.approx([item.score for item in moved])
    assert [item.known for item in after.sentences] == pytest.approx(list(map(float, shares)))


def test_question_without_words_gets_no_score_from_known_ones(tmp_path: Path) -> None:
    """What the reader makes nothing of stays nothing."""
    opened = built(tmp_path, TEXT, make_study())
    read = ReadSentences([], read_passages([], opened, ToyEncoder().encode_question("?")[1]).reading)
    assert lift_known(read, [], opened, opened.known.recall(*_asked("less"))) == read


def test_silence_that_is_known_to_answer_is_an_answer() -> None:
    """“The sources do not say …” comes first where people have said that it is what can be said."""
    study = make_study(what_they_found="The sources do not say who paid. Protein in the urine fell.")
    (place,) = [passage for passage in split_study(study) if passage.section == "what-they-found"]
    silent, says = (
        Evidence(passage=place, sentence=span, quote=span, score=score)
        for span, score in zip(place.sentences, (0.95, 0.9), strict=True)
    )
    assert select_evidence([silent, says])[0] is says
    known = replace(silent, known=WELL_KNOWN)
    assert select_evidence([known, says])[0] is known


def test_shipped_questions_stand_and_are_none_that_are_measured_on() -> None:
    """Each sentence of the library's own file is there, and no question of the evaluation is among them."""
    studies = load_studies(LIBRARY)
    known = read_known(LIBRARY / KNOWN_NAME)
    assert list(strays(known, passages_of(*studies))) == []
    measured = read_questions(OWN_QUESTIONS, {study.study_id: study for study in studies})
    asked = {_words(question.question) for question in measured}
    assert [each.question for each in known if _words(each.question) in asked] == []
    assert sum(not each.answers for each in known) > len(known) / 5


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("anybody had to go onto a kidney machine for good?", "ended up on dialysis for good"),
        ("Have doctors noted a bad reaction that they put down to the infusion itself", "blamed on"),
    ],
)
def test_other_words_find_what_is_known(library: Library, question: str, words: str) -> None:
    """Questions that share hardly a word with their answer are answered by what others asked."""
    answer = library.ask(question)
    quotes = [*answer.statements, *(said for side in answer.contrast for said in side.statements)]
    assert words in " ".join(quote.text for quote in quotes)


def _asked(question: str) -> tuple:  # type: ignore[type-arg]
    vector, tokens = ToyEncoder().encode_question(question)
    return vector, tokens.vectors


def _words(text: str) -> str:
    return "".join(letter if letter.isalnum() else " " for letter in one_line(text).casefold()).strip()
