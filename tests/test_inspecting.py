"""The inspector's own words: service/inspecting and service/reasons."""

import dataclasses
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.passages import split_study
from index.errors import DamagedIndexError, GoneIndexError, StaleIndexError
from index.fusion import fuse, reorder
from service.answers import Outcome
from service.balance import Topic, balance
from service.evidence import Evidence, select_evidence
from service.inspecting.comparing import differences
from service.inspecting.generations import Opened, generations
from service.inspecting.inspection import Became, Fate, Inspection, Ledger, inspect_question
from service.inspecting.passages import candidates_of
from service.inspecting.replaying import is_like, replay
from service.inspecting.sentences import read_sentences
from service.inspecting.views import Shown
from service.inspecting.words import FATES, KINDS, REASONS, percent, said_of, screened, understood, verdict
from service.leaning import in_context
from service.library import Library
from service.reasons import Reason
from service.remembering import DOUBT, LIFT
from service.schemas import QuestionError
from tests.generations import QUESTION, TwoGenerations, build_two, toy_library
from tests.studies import make_study
from tests.toy import ToyEncoder

if TYPE_CHECKING:
    from corpus.studies import Study

ASKED = (
    "did it help the kidneys?",
    "does it work?",
    "is it safe?",
    "who paid for the deng study",
    "leaky kidneys - did they get beter",
    "should I stop prednisone and try this?",
    "I cant breathe and my chest hurts right now",
    "what is the capital of France",
    "does insurance cover it",
    "what did the Smith 2015 trial find?",
    "why did the trial prove that it cures lupus?",
    "¿ayudan las células madre?",
    "x",
)


@pytest.fixture(scope="module")
def ask(library: Library) -> Callable[[str], Inspection]:
    return lambda question: inspect_question(library, question)


def without_id(answer: object) -> dict[str, object]:
    return {**answer.model_dump(), "answer_id": ""}  # type: ignore[attr-defined]


@pytest.mark.parametrize("question", ASKED)
def test_what_is_inspected_is_what_patients_get(
    library: Library, ask: Callable[[str], Inspection], question: str
) -> None:
    """The answer of an inspection is that of the service, in all but its id."""
    assert without_id(ask(question).answer) == without_id(library.ask(question))


def test_follow_up_and_language_are_inspected_too(library: Library) -> None:
    """The question before and the language of the answer count as they do for patients."""
    before = "what did the Deng trial find?"
    inspection = inspect_question(library, "who paid for it?", before, language="es")
    assert without_id(inspection.answer) == without_id(library.ask("who paid for it?", before, language="es"))
    assert inspection.answer.language == "es"
    assert any(line.name == "Read together" for line in understood(inspection))


def test_question_that_cannot_be_taken_is_refused(library: Library) -> None:
    """An empty question is refused as everywhere."""
    with pytest.raises(QuestionError):
        inspect_question(library, " ")


def test_nobody_is_told_of_an_inspection(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal of the public side hears of patients' questions alone."""

    class Deaf:
        def tell(self, event: object) -> None:
            raise AssertionError(event)

    monkeypatch.setattr(library, "journal", Deaf())
    inspect_question(library, "did it help the kidneys?")
    with pytest.raises(AssertionError):
        library.ask("did it help the kidneys?")


@pytest.mark.parametrize("question", ASKED)
def test_every_sentence_that_was_read_has_a_fate(ask: Callable[[str], Inspection], question: str) -> None:
    """A sentence is quoted, or left out for a reason; what is quoted is what the answer quotes."""
    inspection = ask(question)
    rows = read_sentences(inspection)
    assert all(row.became.fate is not Fate.left or row.became.reason for row in rows)
    quotes = [
        *inspection.answer.statements,
        *(s for side in inspection.answer.contrast for s in side.statements),
    ]
    text = "\n".join(statement.text for statement in quotes)
    for row in rows:
        is_shown = row.became.fate in {Fate.quoted, Fate.against, Fate.along}
        assert not is_shown or row.text in text
    assert [row.likely for row in rows] == sorted((row.likely for row in rows), reverse=True)


REACHED = {
    Reason.unknown_study: "what did the Smith 2015 trial find?",
    Reason.unknown_subject: "was earlier belimumab less common in remission?",
    Reason.other_people: "did lupus activity go down in children?",
    Reason.no_dose: "how much prednisone should I take?",
    Reason.off_topic: "did it help the kidneys?",
    Reason.no_groups: "is it better than placebo for the kidneys?",
    Reason.no_reason: "why did the trial prove that it cures lupus?",
    Reason.unsure: "does insurance cover it",
    Reason.behind: "Where do the cells come from that are given to lupus patients?",
    Reason.enough: "Where do the cells come from that are given to lupus patients?",
    Reason.repeats: "Where do the cells come from that are given to lupus patients?",
    Reason.said_twice: "Where do the cells come from that are given to lupus patients?",
    Reason.study_full: "how many went into remission with placebo in the Deng trial",
    Reason.side_full: "leaky kidneys - did they get beter",
    Reason.weaker_study: "does it work?",
    Reason.as_a_whole: "is it safe?",
    Reason.says_something: "which studies do not report side effects?",
    Reason.says_nothing: "do people die from this",
}


@pytest.mark.parametrize(("reason", "question"), REACHED.items())
def test_reason_is_given_where_the_spine_leaves_a_sentence_out(
    ask: Callable[[str], Inspection], reason: Reason, question: str
) -> None:
    """Each reason is told by the code that leaves the sentence out, for a real question."""
    inspection = ask(question)
    assert reason in {row.became.reason for row in read_sentences(inspection)}
    assert reason in inspection.ledger


def evidence(study: "Study", section: str, number: int, score: float) -> Evidence:
    passage = next(one for one in split_study(study) if one.section == section)
    span = passage.sentences[number]
    return Evidence(passage=passage, sentence=span, quote=span, score=score)


def reached_by_hand() -> Iterator[tuple[Reason, Ledger, Evidence]]:
    """The reasons that the library's own questions do not need."""
    source = make_study(what_they_found="Protein fell. https://example.org/a 2019;5:1-2")
    line = evidence(source, "what-they-found", 1, 0.9)
    ledger = Ledger()
    select_evidence([evidence(source, "what-they-found", 0, 0.95), line], tell=ledger)
    yield Reason.no_sentence, ledger, line

    said = "Protein in the urine fell in nine of ten people"
    study = make_study(key_messages=f"{said}.", what_they_found=f"{said}. However, it came back in two.")
    first, second = evidence(study, "key-messages", 0, 0.9), evidence(study, "what-they-found", 0, 0.8)
    ledger = Ledger()
    in_context([first, second], {study.study_id: study}, ledger)
    yield Reason.within_another, ledger, first

    case = make_study("case2020", finding="harm", design="case_report")
    item = evidence(case, "side-effects-and-safety", 0, 0.8)
    sure = [evidence(study, "side-effects-and-safety", 0, 0.9), item]
    ledger = Ledger()
    balance(sure, [], {study.study_id: study, case.study_id: case}, Topic.safety, tell=ledger)
    yield Reason.weak_design, ledger, item


BY_HAND = {reason: (ledger, item) for reason, ledger, item in reached_by_hand()}


@pytest.mark.parametrize("reason", BY_HAND)
def test_reason_is_given_by_hand(reason: Reason) -> None:
    """A citation line, what another quote says with more, and a report on one person are told as such."""
    ledger, item = BY_HAND[reason]
    assert ledger.reason_of(item) is reason


def test_each_reason_and_class_has_words_and_was_reached() -> None:
    """No reason is without a test, none without words, and no fate or class either."""
    assert REACHED.keys() | BY_HAND.keys() == set(Reason)
    assert REASONS.keys() == set(Reason)
    assert FATES.keys() == set(Fate) - {Fate.left}
    assert all(KINDS.values())


def test_quote_that_is_not_in_its_source_is_told(library: Library) -> None:
    """A sentence that was chosen and could not be proven says so, as do the verdict and the proof."""
    index = library.index
    changed = {
        study_id: study.model_copy(
            update={"sections": tuple(s.model_copy(update={"text": "!" + s.text}) for s in study.sections)}
        )
        for study_id, study in index.studies.items()
    }
    broken = object.__new__(type(index))
    broken.__dict__.update(index.__dict__, studies=changed)
    inspection = inspect_question(
        Library(dataclasses.replace(library.sources, index=broken)), "did it help the kidneys?"
    )
    assert inspection.answer.outcome is Outcome.no_evidence
    assert Fate.unproven in {row.became.fate for row in read_sentences(inspection)}
    assert "letter for letter" in verdict(inspection)
    proofs = Shown.of(inspection).proofs
    assert proofs
    assert all(proof.number is None and not proof.source for proof in proofs)


def test_scores_of_passages_add_up(ask: Callable[[str], Inspection], library: Library) -> None:
    """The fused score is that of the two beside it, the place follows from it and the third one."""
    rows = [row for row in candidates_of(ask("did it help the kidneys?")) if row.scores]
    scores = [row.scores for row in rows if row.scores]
    fusion = library.index.fusion
    assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) == len(library.index.passages)
    dense = np.array([one.dense.value for one in scores], np.float32)
    lexical = np.array([one.lexical.value if one.lexical else 0.0 for one in scores], np.float32)
    fused = np.array([one.fused.value for one in scores], np.float32)
    assert fused == pytest.approx(fuse(dense, lexical, fusion.lexical_weight), abs=1e-5)
    late = [one for one in scores if one.late]
    assert len(late) == fusion.late_passages
    first = sorted(late, key=lambda one: one.fused.rank)
    matched = np.array([one.late.value for one in first if one.late], np.float32)
    final = reorder(np.sort(fused)[::-1], matched, fusion.late_weight)[: len(first)]
    assert [first[place] for place in np.argsort(-final, kind="stable")] == late
    for values in (dense, fused):
        ranks = [1 + sum(other > value for other in values) for value in values]
        assert ranks == [getattr(one, "dense" if values is dense else "fused").rank for one in scores]


def test_second_look_of_the_search_is_told(library: Library) -> None:
    """Where the search looked again, the passages that it was moved towards are named."""
    index = library.index
    narrow = object.__new__(type(index))
    narrow.__dict__.update(index.__dict__, fusion=dataclasses.replace(index.fusion, depth=10))
    vector, tokens = index.encoder.encode_question("did it help the kidneys?")
    found = narrow.find(vector, tokens.vectors, "did it help the kidneys?", 10)
    assert found.hits == narrow.search_vector(vector, tokens.vectors, "did it help the kidneys?", 10)
    assert len(found.candidates.towards) == index.fusion.feedback_passages
    assert len(index.find(vector, tokens.vectors, "x", 100).candidates.towards) == 0
    assert len(found.candidates.numbers) > len(found.hits) == 10


def test_passages_tell_what_became_of_them(ask: Callable[[str], Inspection]) -> None:
    """Of a named study all passages are read, wherever search places them; those of others are not."""
    rows = candidates_of(ask("who paid for the deng study"))
    assert {row.is_read for row in rows} == {True, False}
    assert {row.study for row in rows if row.is_read} == {"Deng et al., 2017"}
    assert sum(row.quoted for row in rows) == 1
    assert all((row.best is not None) == row.is_read for row in rows)


def test_likelihood_follows_from_matches_and_known_questions(
    ask: Callable[[str], Inspection], library: Library
) -> None:
    """What the table shows of a sentence is what it was judged by."""
    judgement = library.index.encoder.judgement
    inspection = ask("how many people died?")
    assert inspection.trace.looked
    doubt = DOUBT * inspection.trace.looked.recalled.unanswered
    for row in read_sentences(inspection)[:20]:
        assert row.matches is not None
        points = (
            judgement.match * row.matches.match
            + judgement.worst * row.matches.worst
            + judgement.passage * row.matches.passage
            + judgement.offset
            + LIFT * row.known
            - doubt
        )
        assert row.likely == pytest.approx(1 / (1 + math.exp(-points)), abs=1e-4)


def test_sentences_that_name_what_was_asked_are_marked(ask: Callable[[str], Inspection]) -> None:
    """Those whose odds were tripled, and no others; a question without a term of the glossary has none."""
    rows = read_sentences(ask("did anyone get pneumonia?"))
    lifted = [row for row in rows if row.lifted]
    assert lifted
    assert lifted == [row for row in rows if "pneumonia" in row.text.lower()]
    assert not any(row.lifted for row in read_sentences(ask("how many people were there?")))


def test_missed_word_is_named(ask: Callable[[str], Inspection]) -> None:
    """A sentence about something else misses the very word that makes the difference."""
    rows = read_sentences(ask("does insurance cover it"))
    assert {row.missed.word for row in rows[:10] if row.missed} <= {"insurance", "cover"}


def test_question_without_words_has_no_scores(ask: Callable[[str], Inspection]) -> None:
    """Where there is nothing to match there is nothing to show, and nothing breaks."""
    rows = read_sentences(ask("?"))
    assert all(row.matches is None and row.missed is None and row.likely == 0 for row in rows)


VERDICTS = {
    "I cant breathe and my chest hurts right now": "Stopped by the screening: somebody may be in danger now.",
    "what is the weather tomorrow": "our library does not say",
    "is it safe?": "whatever they score",
    "did it help the kidneys?": "% likely to answer; 70% is needed.",
    "what did the Smith 2015 trial find?": "not in the library: “Smith 2015”",
    "why did the trial prove that it cures lupus?": "takes for granted",
    "how much prednisone should I take?": "No sentence that was read speaks of what was asked.",
    "does insurance cover it": "70% is needed.",
}


@pytest.mark.parametrize(("question", "told"), VERDICTS.items())
def test_verdict_tells_what_decided(ask: Callable[[str], Inspection], question: str, told: str) -> None:
    """One or two plain sentences say what came of a question, and why."""
    assert told in verdict(ask(question))


def test_rule_that_fired_is_named_with_its_reason_and_pattern(
    ask: Callable[[str], Inspection], library: Library
) -> None:
    """The gate's line has the rule of the rules file, why it is there, and the pattern that matched."""
    lines = {line.name: line for line in screened(ask("should I stop prednisone?"))}
    rule = next(one for one in library.sources.screen.rules.rules if one.rule_id == lines["Rule"].value)
    assert lines["Rule"].note == rule.why
    assert lines["It matched"].value in {text for _, text in rule.patterns}
    assert lines["Class"].value == "personal advice"
    assert [line.value for line in screened(ask("did it help the kidneys?"))] == ["none"]


def test_graver_rule_comes_first_and_the_others_are_told(ask: Callable[[str], Inspection]) -> None:
    """A question of two classes names both; the one that counts comes first."""
    lines = list(screened(ask("I cant breathe and my chest hurts, should I stop prednisone?")))
    assert lines[0].value == "emergency"
    assert [line.value for line in lines if line.name == "Would be as well"] == ["personal advice"]


def test_failed_gate_is_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the gate itself fails, the inspector says so."""

    def fail(_: str) -> None:
        raise RuntimeError

    monkeypatch.setattr(library.sources.screen, "check", fail)
    assert any("failed" in line.note for line in screened(inspect_question(library, "did it help?")))


def test_query_is_told_with_what_was_added_and_dropped(ask: Callable[[str], Inspection]) -> None:
    """Words that were added, dropped and read as others are told, each once."""
    lines = {line.name: line for line in understood(ask("leaky kidneys - did they get beter"))}
    assert lines["Searched for"].note == "Added: proteinuria."
    assert lines["Read as another word"].value == "“beter” as “better”"
    named = {line.name: line for line in understood(ask("who paid for the deng study"))}
    assert "deng" in named["Searched for"].note
    assert named["Names"].value == "Deng et al., 2017"


def test_percentages_never_say_certain_or_impossible() -> None:
    """Rounding makes no likelihood a certainty."""
    assert [percent(share) for share in (0.9999, 0.994, 0.7, 0.004)] == [
        "over 99%",
        "over 99%",
        "70%",
        "under 1%",
    ]
    assert said_of(Became(Fate.left)) == "Left out"


@pytest.fixture
def shelf(library: Library, tmp_path: Path) -> TwoGenerations:
    return build_two(tmp_path / "index", library)


def test_generations_on_the_disk_are_listed(shelf: TwoGenerations) -> None:
    """The generation in use comes first; each says when it was built and how many studies it has."""
    first, second = generations(shelf.live, shelf.folder)
    assert (first.name, first.in_use, first.studies) == (shelf.live.generation, True, 1)
    assert (second.name, second.in_use, second.can_be_asked) == (shelf.older, False, True)
    assert generations(shelf.live, shelf.folder / "nowhere") == []


def test_older_generation_is_answered_from(shelf: TwoGenerations) -> None:
    """The same question gets the older generation's words, and the differences are told."""
    opened = Opened()
    older = opened.library(shelf.live, shelf.folder, shelf.older)
    assert opened.library(shelf.live, shelf.folder, shelf.older) is older
    assert opened.library(shelf.live, shelf.folder, "") is shelf.live
    assert opened.library(shelf.live, shelf.folder, shelf.live.generation) is shelf.live
    now, then = inspect_question(shelf.live, QUESTION), inspect_question(older, QUESTION)
    assert then.answer.index_generation == shelf.older
    found = differences(now, then)
    assert not found.is_none
    assert ["8 of 10" in said.text for said in found.only_here] == [True]
    assert ["9 of 10" in said.text for said in found.only_there] == [True]
    said = found.only_here[0]
    assert said.there is None
    assert said.here is not None
    assert differences(now, inspect_question(shelf.live, QUESTION)).is_none


def test_other_outcome_is_told(library: Library) -> None:
    """Two answers that end in another way say so, and what differs beside the quotes."""
    one, other = (inspect_question(library, asked) for asked in ("is it safe?", "does insurance cover it"))
    lines = " ".join(differences(one, other).lines)
    assert "The outcome: an answer here, “our library does not say” there." in lines
    assert "the opening sentence" in lines


def test_generation_that_cannot_be_asked_is_refused(shelf: TwoGenerations, library: Library) -> None:
    """One that is gone, damaged, or of another model, is refused by an error that says which."""
    with pytest.raises(GoneIndexError):
        Opened().library(shelf.live, shelf.folder, "../../etc")
    stranger = toy_library(shelf.folder, ToyEncoder(), library)
    stranger.index.encoder = ToyEncoder(name="other")
    assert [one.can_be_asked for one in generations(stranger, shelf.folder)] == [False, False]
    with pytest.raises(StaleIndexError):
        Opened().library(stranger, shelf.folder, shelf.older)
    passages = shelf.folder / "generations" / shelf.older / "passages.jsonl"
    passages.write_bytes(passages.read_bytes().replace(b"9 of 10", b"7 of 10"))
    with pytest.raises(DamagedIndexError):
        Opened().library(shelf.live, shelf.folder, shelf.older)


def test_replay_says_whether_the_answer_is_still_the_same_and_why_not(shelf: TwoGenerations) -> None:
    """The same; another one since the library changed; for a reason unknown; not for the library's sake."""
    older = Opened().library(shelf.live, shelf.folder, shelf.older)
    now, then = inspect_question(shelf.live, QUESTION), inspect_question(older, QUESTION)
    same = replay(now.answer, now, now)
    assert same.is_same
    assert "is the one that was given then" in same.lines[0]
    changed = replay(then.answer, now, then)
    assert not changed.is_same
    assert "The library has changed" in changed.lines[1]
    assert "cannot be asked any more" in replay(then.answer, now, None).lines[1]
    nothing = then.answer.model_copy(update={"outcome": Outcome.no_evidence, "statements": ()})
    assert not is_like(nothing, then.answer)
    assert "The library is not the reason" in replay(nothing, now, then).lines[1]


def test_view_has_the_proof_of_each_quote(ask: Callable[[str], Inspection]) -> None:
    """Each quote stands marked in its source's paragraph, with its place and the link to the paper."""
    shown = Shown.of(ask("did it help the kidneys?"))
    assert [proof.number for proof in shown.proofs] == list(range(1, len(shown.proofs) + 1))
    assert len(shown.proofs) > 1
    for proof in shown.proofs:
        runs = [run for paragraph in proof.source for run in paragraph.runs]
        assert "".join(run.text for run in runs if run.marked) == proof.text
        assert proof.paper is not None
        assert str(proof.paper.href).startswith("https://doi.org/")
    assert sum(one.sentences for one in shown.tallies) == len(shown.sentences)
    assert [one.is_kept for one in shown.tallies] == sorted(
        (one.is_kept for one in shown.tallies), reverse=True
    )
    assert shown.fragment.inspected
