import pytest

from corpus.glossary import load_glossary
from corpus.studies import GLOSSARY_NAME, LIBRARY, load_studies
from index.function_words import FUNCTION_WORDS
from service.answers import Respelling
from service.restriction import StudyNames
from service.spelling import Speller

STUDIES = load_studies(LIBRARY)
ENGLISH = {"tang", "lang", "smith", "wong", "trial", "harvard", "clinic", "trail", "nature", "english"}
SPELLER = Speller(
    [
        *(section.text for study in STUDIES for section in study.sections),
        *(study.title for study in STUDIES),
        *(
            " ".join((term.term, *term.forms, *term.lay))
            for term in load_glossary(LIBRARY / GLOSSARY_NAME).terms
        ),
        *FUNCTION_WORDS,
    ]
)
NAMES = StudyNames(STUDIES, SPELLER.knows, lambda word: word in ENGLISH or SPELLER.knows(word))

NANJING = {
    "gu2014", "liang2010_dah", "liang2010_pilot", "sun2010", "wang2013", "wang2014", "wang2018", "wen2019",
}  # fmt: skip
REVIEWS = {"liu2018", "zhou2020"}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what did the Deng trial find", {"deng2017"}),
        ("what did deng et al find?", {"deng2017"}),
        ("Deng et al. (2017)", {"deng2017"}),
        ("what did Deng and colleagues report in 2017?", {"deng2017"}),
        ("who paid for Deng's study", {"deng2017"}),
        ("which deaths were there in Deng's placebo group?", {"deng2017"}),
        ("what was the aim of Wen and Farge-Bancel?", {"wen2019"}),
        ("the Labopin study", {"wen2019"}),
        ("how many reached kidney remission in gu 2014", {"gu2014"}),
        ("what did wang find in 2018", {"wang2018"}),
        ("did Deng find side effects?", {"deng2017"}),
        ("the Wang 2018 paper", {"wang2018"}),
        ("the Wang studies", {"wang2013", "wang2014", "wang2018"}),
        ("the study by Bai", {"bai2017"}),
        ("the yang trail", {"yang2014"}),
        ("compare Deng 2017 and Gu 2014", {"deng2017", "gu2014"}),
        ("did the Deng trial or the Gu study report deaths", {"deng2017", "gu2014"}),
        ("what came out of Sun's work, the cord one from 2010", {"sun2010"}),
        ("what did the Liang papers from 2010 say", {"liang2010_pilot", "liang2010_dah"}),
        ("WHO PAID FOR THE DENG TRIAL", {"deng2017"}),
        ("was the tang 2016 trial a success", {"zhou2020"}),
    ],
)
def test_authors_and_years_name_studies(question: str, expected: set[str]) -> None:
    """An author or a year counts beside a word such as "study"; one that a summary cites is read there."""
    named = NAMES.find(question)
    assert named.studies == expected
    assert named.unknown == ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("the one from 2019", {"wen2019"}),
        ("the 2020 review", {"zhou2020"}),
        ("the five-year study", {"wang2018"}),
        ("the 5 year follow-up study", {"wang2018"}),
        ("side effects in the 3 year study", {"bai2017"}),
        ("the study that went on for three years", {"bai2017"}),
        ("the six month trial", {"deng2017"}),
        ("is there a comparison group in the 2018 follow-up study", {"wang2018"}),
        ("the one in Nanjing", NANJING),
        ("the Kunming study", {"bai2017"}),
        ("kunming series, how many patients", {"bai2017"}),
        ("the ten people from Kunming", {"bai2017"}),
        ("effect sizes in the pooled chinese review", {"liu2018"}),
        ("the sichuan trial", {"yang2014"}),
        ("the Beike trial", {"deng2017"}),
        ("what came out in Stem Cell Reports", {"wang2018"}),
    ],
)
def test_times_and_places_name_studies(question: str, expected: set[str]) -> None:
    """A year, a length, a place or who paid, beside "study" or "the one", names the studies that fit."""
    assert NAMES.find(question).studies == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("the placebo trial", {"deng2017"}),
        ("who paid for the study that had a placebo", {"deng2017"}),
        ("who were the people in the study where some of them got a fake infusion", {"deng2017"}),
        ("why did the double-blind trial turn out so", {"deng2017"}),
        ("the pilot study", {"liang2010_pilot"}),
        ("the 2010 pilot", {"liang2010_pilot"}),
        ("the case report", {"liang2010_dah"}),
        ("the multicenter study by Wang", {"wang2014"}),
        ("the four-centre trial", {"wang2014"}),
        ("what do the pooled reviews say", REVIEWS),
        ("is the meta-analysis any good", REVIEWS),
        ("the Gu randomised trial", {"gu2014"}),
        ("the biggest study", {"wang2013"}),
        ("the smallest study", {"liang2010_dah"}),
        ("the longest study", {"wang2018"}),
        ("the most recent study", {"zhou2020"}),
        ("the latest trial", {"deng2017"}),
        ("the study of 69 patients", {"wen2019"}),
        ("how many in the group of 87", {"wang2013"}),
        ("of the eighty one patients, how many", {"gu2014", "wang2018"}),
        ("how did Liang's 15 patients do", {"liang2010_pilot"}),
        ("did 12 people in the Liang studies get worse", {"liang2010_pilot", "liang2010_dah"}),
        ("did one patient in the Liang papers get worse", {"liang2010_pilot", "liang2010_dah"}),
        (
            "how does the study by the Wang group differ from other studies",
            {"wang2013", "wang2014", "wang2018"},
        ),
        ("Deng study, Gu study and Sun study: who died", {"deng2017", "gu2014", "sun2010"}),
        ("of the 15 people with lupus of the kidneys in the Sun study, how many relapsed", {"sun2010"}),
        ("of all the people in the reviews, how many", REVIEWS),
    ],
)
def test_designs_and_sizes_name_studies(question: str, expected: set[str]) -> None:
    """How a study was made and how large it was names it, and never overrules an author."""
    assert NAMES.find(question).studies == expected


@pytest.mark.parametrize(
    ("question", "apart"),
    [
        ("compare Deng 2017 and Gu 2014", [{"deng2017"}, {"gu2014"}]),
        ("does the review of 2018 say the same as the 2020 one?", [{"liu2018"}, {"zhou2020"}]),
        ("four-year study and five-year study side by side", [{"wang2013"}, {"wang2018"}]),
        ("the cord study of 16 patients or the bigger one with 87", [{"sun2010"}, {"wang2013"}]),
        (
            "which of the two 2010 papers, Liang's pilot or the one by Sun?",
            [{"liang2010_pilot"}, {"sun2010"}],
        ),
        ("do the pooled reviews agree", [{"liu2018"}, {"zhou2020"}]),
        ("Liang's 15 patients compared with Sun's 16", [{"liang2010_pilot"}, {"sun2010"}]),
        ("do other studies agree with the Deng trial", []),
        ("what does the meta-analysis say about urine protein", []),
        ("of the 81 people, how many", []),
        ("the 2017 Deng trial", []),
        ("does it work", []),
    ],
)
def test_studies_named_side_by_side_are_told_apart(question: str, apart: list[set[str]]) -> None:
    """Each of several names wants an answer; a name that leaves open which of two is meant does not."""
    assert [set(each) for each in NAMES.find(question).apart] == apart


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("what did the Harvard trial find?", "Harvard"),
        ("what did the Smith trial find", "Smith"),
        ("the Mayo Clinic study", "Mayo Clinic"),
        ("smith et al 2015", "smith 2015"),
        ("wong et al", "wong"),
        ("what happened in the 2009 study", "2009"),
        ("the Deng 2015 trial", "Deng 2015"),
        ("the Spanish study", "Spanish"),
        ("the american study", "american"),
        ("the trial in Texas", "Texas"),
        ("the ten-year study", "ten year"),
        ("what does the Cochrane review say", "Cochrane"),
    ],
)
def test_names_that_no_study_has_are_told(question: str, unknown: str) -> None:
    """A study that the library does not have is never answered from others."""
    named = NAMES.find(question)
    assert named.unknown == (unknown,)
    assert named.studies == frozenset()


@pytest.mark.parametrize(
    "question",
    [
        "does sun make lupus worse",
        "did it help the kidneys",
        "what happened after five years",
        "how many people were alive after 5 years",
        "is this study any good",
        "a randomised trial",
        "which trials found nothing",
        "my doctor, Dr Wang, says it works",
        "she heard that it cured a cousin in china",
        "were the trials done in China",
        "the lupus trial",
        "THE LUPUS TRIAL",
        "the SLEDAI study",
        "phase III trials",
        "Does Stem Cell Therapy Work",
        "10 people died",
        "erratum 2011",
        "another one in Panama",
        "the Nature paper",
        "",
        "???",
    ],
)
def test_other_questions_are_not_restricted(question: str) -> None:
    """What is an ordinary word, a time, a place of life or somebody's doctor names no study, known or not."""
    named = NAMES.find(question)
    assert (named.studies, named.unknown, named.rest) == (frozenset(), (), question)


@pytest.mark.parametrize(
    ("question", "expected", "read"),
    [
        ("the Dengg trial", {"deng2017"}, ("Dengg", "Deng")),
        ("wnag 2018", {"wang2018"}, ("wnag", "Wang")),
        ("wong 2018", set(), None),
        ("weng 2019", {"wen2019"}, ("weng", "Wen")),
        ("Zhuo 2020 review", {"zhou2020"}, ("Zhuo", "Zhou")),
        ("lang 2010", set(), None),
    ],
)
def test_misspelt_authors_are_read(question: str, expected: set[str], read: tuple[str, str] | None) -> None:
    """A letter too many, too few or swapped is forgiven and told; another person's real name stays."""
    named = NAMES.find(question)
    assert named.studies == expected
    assert named.respellings == ((Respelling(typed=read[0], read=read[1]),) if read else ())


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("who paid for the Deng trial?", "who paid for?"),
        ("side effects in Deng et al. 2017", "side effects."),
        ("what happened in the 6 month study", "what happened"),
        ("how many died in the placebo trial?", "how many died?"),
        ("out of 81 people how many died", "out of 81 people how many died"),
        ("what was the aim of Wen and Farge-Bancel?", "what was the aim?"),
        ("what came out of Sun's work in Arthritis and Rheumatism", "what came out"),
    ],
)
def test_names_are_left_out_of_what_is_read(question: str, left: str) -> None:
    """A study does not say its own name, so the words that name it are not looked for in its sentences."""
    assert NAMES.find(question).rest == left


def test_a_library_without_studies_names_none() -> None:
    """Where there are no studies, nothing is named and nothing fails."""
    empty = StudyNames([], SPELLER.knows, SPELLER.knows)
    assert empty.find("the biggest study of 81 people from Nanjing in 2018").studies == frozenset()
