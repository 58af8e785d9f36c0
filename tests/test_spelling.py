import pytest

from index.function_words import FUNCTION_WORDS
from service.answers import Respelling
from service.lookalikes import HURRIED, MEDICAL
from service.spelling import Speller

LIBRARY = [
    "Proteinuria and cyclophosphamide in the kidneys. Mycophenolate, prednisone, azathioprine, plaquenil.",
    "Hydroxychloroquine happened. Mesenchymal stem cells from umbilical cord. Lupus nephritis, remission.",
    "A placebo group; follow up of people for months. Alveolar hemorrhage. Blood tests, infusion, bleeding.",
    "Recovery, hypertension, arthritis, creatinine, dialysis, pneumonia, SLEDAI, controlled, treatment.",
    " ".join(sorted(FUNCTION_WORDS)),
]
HARD = [
    "proteinuria, cyclophosphamide, hydroxychloroquine, mycophenolate, prednisone, azathioprine, plaquenil",
    "lupus nephritis, mesenchymal stem cells, umbilical cord, placebo, alveolar hemorrhage, infusion",
    "creatinine, dialysis, pneumonia, SLEDAI, remission, hypertension, arthritis, kidney",
]
SPELLER = Speller(LIBRARY, HARD, names=["deng", "badoglio"])
ENGLISH = set(
    "insurance kidney people protect cyclone recover research measure everything taper connection score "
    "fusion hobby seventeen lung rumble harvard".split()
)


def mended(question: str) -> str:
    return SPELLER.mend(question, ENGLISH.__contains__).question


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("did protienuria go down?", "did proteinuria go down?"),
        ("PROTENURIA", "proteinuria"),
        ("prtienuria", "proteinuria"),
        ("cyclofosfamide, or hydroxycloroquine", "cyclophosphamide, or hydroxychloroquine"),
        ("siklofosfamide", "cyclophosphamide"),
        ("hydrocloroquine", "hydroxychloroquine"),
        ("mikofenolate", "mycophenolate"),
        ("azathioprin and predisone", "azathioprine and prednisone"),
        ("plackuenil", "plaquenil"),
        ("nefritis", "nephritis"),
        ("lupis", "lupus"),
        ("mesencymal", "mesenchymal"),
        ("umbilicle", "umbilical"),
        ("plasebo", "placebo"),
        ("numonia", "pneumonia"),
        ("kreatinin", "creatinine"),
        ("dyalisis", "dialysis"),
        ("remishun", "remission"),
        ("alveoler hemorage", "alveolar hemorrhage"),
        ("lung bleding", "lung bleeding"),
        ("sledia", "sledai"),
        ("mounths", "months"),
        ("blod", "blood"),
        ("the reserch", "the research"),
        ("mesure evrything", "measure everything"),
        ("any conection", "any connection"),
        ("scor", "score"),
        ("wich othr pepole", "which other people"),
        ("what happend befor", "what happened before"),
    ],
)
def test_misspelt_words_are_put_right(question: str, expected: str) -> None:
    """A word that is none is read as the known word that it sounds and looks most like."""
    assert mended(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("stemcells", "stem cells"),
        ("umbilicalcord", "umbilical cord"),
        ("foll ow up", "follow up"),
        ("re mission", "remission"),
        ("an in-fusion", "an infusion"),
        ("stem cells", "stem cells"),
        ("with out", "with out"),
    ],
)
def test_words_are_parted_and_joined(question: str, expected: str) -> None:
    """Words that were run together or torn apart are read as the library writes them; negations stay."""
    assert mended(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [("didnt it", "didn't it"), ("whats teh SLEDAI", "what's the SLEDAI"), ("wont hlep", "won't hlep")],
)
def test_hurried_words_are_read_and_not_told(question: str, expected: str) -> None:
    """Contractions get their apostrophe, short forms their letters; nobody needs to be told that."""
    found = SPELLER.mend(question, ENGLISH.__contains__)
    assert found.question == expected
    assert found.respellings == ()


@pytest.mark.parametrize(
    "question",
    [
        "does insurance protect people",
        "proteinuria in the kidneys",
        "tapering",
        "ciclosporin voclosporin",
        "rituximab adalimumab",
        "nephrotic nephrosis neuritis",
        "arteritis hypotension",
        "diabetic atrial infarction creatine motility",
        "recurrent infective hypertensive controls",
        "my miRNA and HAART, or SLED",
        "my hubby was rambling",
        "Deng and Badoglio at Harvard",
        "kid",
        "",
        "患者 2,5?",
    ],
)
def test_what_is_no_misspelling_is_left_alone(question: str) -> None:
    """Real words, other drugs and diseases, names, short words and other scripts are not touched."""
    assert mended(question) == question


@pytest.mark.parametrize(
    "question",
    ["no not never without none cannot", "seventeen fourty fivteen", "12 1.5 3rd", "nver", "witout"],
)
def test_numbers_and_negations_are_neither_changed_nor_made(question: str) -> None:
    """A guess never turns an answer round: nothing becomes a number or a negation, or is one no more."""
    assert mended(question) == question


def test_every_known_word_and_lookalike_stays() -> None:
    """No word of the library, and none of the list of lookalikes, is read as another one."""
    words = {word for text in LIBRARY for word in text.lower().replace(".", " ").replace(",", " ").split()}
    for word in sorted((words | MEDICAL) - HURRIED.keys()):
        assert mended(word) == word


def test_changes_are_told() -> None:
    """What was typed and what was read are given once each, as typed."""
    respellings = SPELLER.mend("Protienuria? protienuria! Protienuria", ENGLISH.__contains__).respellings
    assert respellings == (
        Respelling(typed="Protienuria", read="proteinuria"),
        Respelling(typed="protienuria", read="proteinuria"),
    )


def test_joined_words_are_told() -> None:
    """What was put together or taken apart is told as well."""
    respellings = SPELLER.mend("foll ow up of stemcells", ENGLISH.__contains__).respellings
    assert respellings == (
        Respelling(typed="foll ow", read="follow"),
        Respelling(typed="stemcells", read="stem cells"),
    )


def test_a_word_that_could_be_either_of_two_is_left_alone() -> None:
    """Where two known words are as near, neither is guessed."""
    assert Speller(["infection", "injection"]).mend("inection", {}.__contains__).respellings == ()


def test_known_words_have_forms() -> None:
    """A library's word is known with another ending, too."""
    assert SPELLER.knows("infusion")
    assert SPELLER.knows("infusions")
    assert not SPELLER.knows("insurance")
