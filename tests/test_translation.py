"""Translation: who asks in another language than the library's is told so in it."""

import pytest

from service.answering import answer_question
from service.answers import NoticeKind, Outcome
from service.languages import load_languages
from service.library import Library
from service.translation import NOT_SEARCHED, telling_words, written_in

LANGUAGES = load_languages()
SPANISH = LANGUAGES["es"]


@pytest.mark.parametrize(
    "question",
    [
        "¿ayudan las células madre?",
        "ayudan las celulas madre",
        "¿Es seguro?",
        "me duele el pecho y no puedo respirar",
        "Cuantas personas murieron",
        "¿Qué efectos secundarios hubo?",
        "mi hijo tiene lupus, sirve el tratamiento?",
        "quiero morir",
    ],
)
def test_spanish_is_told_by_its_words(question: str) -> None:
    """A question in Spanish is known as one, with accents and without."""
    assert written_in(question, LANGUAGES) is SPANISH


@pytest.mark.parametrize(
    "question",
    [
        "Did it help the kidneys?",
        "lupus",
        "What did Wang et al. find in Los Angeles?",
        "Was de la Cruz one of the authors of the trial?",
        "SLEDAI",
        "no",
        "is la Paz a place where they did the study",
        "ES cells or MSC?",
        "helfen die Stammzellen?",
        "les cellules souches aident-elles ?",
        "💊",
    ],
)
def test_other_questions_are_not_spanish(question: str) -> None:
    """English with Spanish names in it, single words and other languages are not taken for Spanish."""
    assert written_in(question, LANGUAGES) is None


def test_no_telling_word_is_an_english_function_word() -> None:
    """The list has words, without accents, and none of them is also counted as English but rare ones."""
    from index.function_words import FUNCTION_WORDS  # noqa: PLC0415

    words = telling_words("es")
    assert {"celulas", "que", "¿"} <= words
    assert words & FUNCTION_WORDS <= {"use", "no"}
    assert telling_words("xx") == frozenset()


def test_a_card_is_shown_in_both_languages(library: Library) -> None:
    """Somebody in danger who writes Spanish on an English page gets the whole card in Spanish as well."""
    answer = answer_question("me duele el pecho y no puedo respirar", library.sources)
    assert (answer.outcome, answer.language) == (Outcome.screened, "en")
    assert answer.notice is not None
    assert answer.notice.title == "This may be an emergency. Call 911 now."
    own = answer.translation
    assert own is not None
    assert own.notice is not None
    assert (own.language, own.notice.kind) == ("es", NoticeKind.emergency)
    assert own.notice.title == "Esto puede ser una emergencia. Llame al 911 ahora mismo."
    assert [(contact.name, contact.number) for contact in own.notice.contacts] == [("Emergencias", "911")]


def test_a_question_that_was_not_understood_is_not_said_to_have_no_answer(library: Library) -> None:
    """A question in Spanish that finds nothing is told that the library is in English, in both languages."""
    answer = answer_question("¿ayudan las células madre?", library.sources)
    assert answer.outcome is Outcome.no_evidence
    assert answer.message == NOT_SEARCHED
    assert not answer.topics
    assert answer.translation is not None
    assert answer.translation.message == SPANISH.gettext(NOT_SEARCHED) != NOT_SEARCHED
    assert answer.translation.notice is None


def test_in_its_own_language_nothing_is_said_twice(library: Library) -> None:
    """On a Spanish page a Spanish question gets one card, and an English one gets nothing added."""
    answer = answer_question("ya no quiero vivir", library.sources, language=SPANISH)
    assert answer.notice is not None
    assert answer.notice.title == "Usted importa y no tiene que enfrentar esto a solas."
    assert answer.translation is None
    assert answer_question("Is there parking?", library.sources, language=SPANISH).translation is None


@pytest.mark.parametrize(
    "question", ["Did it help the kidneys?", "Is there parking?", "my chest hurts, i cant breathe"]
)
def test_english_questions_get_no_translation(library: Library, question: str) -> None:
    """A question in the library's language is answered as ever."""
    assert answer_question(question, library.sources).translation is None


def test_an_answer_in_spanish_quotes_in_english(library: Library) -> None:
    """In Spanish all fixed words are Spanish; quotes, titles, terms and cautions are the library's own."""
    english = answer_question("Did it help the kidneys?", library.sources)
    spanish = answer_question("Did it help the kidneys?", library.sources, language=SPANISH)
    assert spanish.language == "es"
    assert [part.text for part in spanish.statements] == [part.text for part in english.statements]
    assert spanish.terms == english.terms
    pairs = zip(spanish.studies, english.studies, strict=True)
    for ours, theirs in pairs:
        assert (ours.title, ours.cautions, ours.who) == (theirs.title, theirs.cautions, theirs.who)
        assert (ours.design, ours.finding) == (theirs.design, theirs.finding)
        assert not {ours.label, ours.design_label, ours.finding_label} & {
            theirs.label,
            theirs.design_label,
            theirs.finding_label,
        }
        assert not set(ours.explained) & set(theirs.explained)
    for question in spanish.ask_your_doctor:
        assert question.startswith("¿") or "¿" in question
    assert spanish.disclaimer.startswith("Esto es información educativa general")
