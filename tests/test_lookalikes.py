from service.lookalikes import HURRIED, MEDICAL
from service.spelling import UNTOUCHED


def test_hurried_forms_are_read_as_other_words() -> None:
    """No short form stands for itself, and none turns into a bare negation or a number."""
    assert all(word != read for word, read in HURRIED.items())
    assert not UNTOUCHED & set(HURRIED.values())


def test_words_of_medicine_are_no_short_forms() -> None:
    """A word is either to be left alone or to be written out, in lower case."""
    assert not MEDICAL & HURRIED.keys()
    assert all(word == word.lower() and word.isalpha() for word in MEDICAL)
