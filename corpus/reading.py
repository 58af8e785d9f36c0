"""How hard a text is to read: its grade, and the words that need a plain meaning."""

import re
from collections.abc import Iterable, Sequence

from corpus.sentences import Span

STAND_IN = "it"
"""Takes the place of what is left out, so that the sentence around it stays whole."""

HARD_SYLLABLES = 4

EASY_WORDS = frozenset(
    """
    ability accidental accurately activities activity actually additional adolescent agriculture
    alcoholic alternative altogether american anniversary annually anxiety anybody apparently appreciate
    approximately authority automatic automatically available beneficial biology calculated calculator
    categories category celebration centimeter certificate comfortable communicate communication
    community comparable comparison comparisons competition complicated considerable consideration
    continually continuing conversation databases definitely deliberately delivery developing
    development difficulties difficulty disability disagreement disappointed disappointing discoveries
    discovery economy education educational electricity elevator eliminate emergencies emergency
    emotional encouraging entirely environment essentially estimated evaluate evaluated eventually
    everybody evidently examination experience experienced experiences experiment experiments
    explanation explanations facility february generally generation gradually identical identified
    identify identity imagination immediate immediately impossible independent independently individual
    individually individuals information international interrupted introduction investigate invisible
    invitation january kilometer laboratories laboratory limitation limitations machinery majority
    manufacturer material mathematics medication medications military milliliter milliliters minority
    mysterious nationality naturally necessarily necessary obviously occasional occasionally occupation
    operation operations opportunity ordinarily ordinary organization original originally participant
    participants participate participated participating particular particularly percentages permanently
    personality personally photography physically population possibility potentially preparation
    preparations presentation previously primarily probability professional publication publications
    realistic reality reasonable recommended regularly relationship relatively reliable repeatedly
    reputation responsibility responsible satisfactory scientific secondary security separately
    seriously similarity similarly situation situations society specifically successfully supervision
    technology television temporarily temporary traditional transportation ultimately unavailable
    uncertainty uncomfortable undecided understandable unexpected unexpectedly unfortunately university
    unnecessary unrelated unreliable unusual unusually usually vaccination voluntary
    """.split()
)
"""Words of four syllables or more that everybody knows; reviewed one by one, in lower case."""

_DRUG_STEMS = re.compile(
    r"\w{3,}(?:mab|nib|limus|solone|sone|sporine?|quine|prine|phamide|trexate|phenolate|cillin|mycin"
    r"|floxacin|conazole|sartan|statin)s?",
    re.IGNORECASE,
)
"""Endings of the names of drugs that are met in lupus care (WHO's stems for international names)."""


def reading_grade(text: str, *, leave_out: Iterable[str] = ()) -> float:
    """The reading grade of a text, after Flesch and Kincaid as textstat counts it.

    0.39 * words per sentence + 11.8 * syllables per word - 15.59 (Kincaid et al., 1975).

    Args:
        text: plain paragraphs.
        leave_out: phrases that do not count, such as study titles and names of drugs. Each becomes one
            short word: cut out without a trace, it would shorten its sentence and flatter the grade.

    Returns:
        A school grade, about 0 to 20; 0 for a text without words.
    """
    import textstat  # noqa: PLC0415 - 0.1 s to import, and only checks need it

    spaced = _spaced(text)
    # A library's titles are many, and a text names few of them.
    for phrase in sorted((one for one in leave_out if _spaced(one) in spaced), key=len, reverse=True):
        words = r"\s+".join(re.escape(word) for word in phrase.split())
        text = re.sub(rf"(?<!\w){words}(?!\w)", STAND_IN, text, flags=re.IGNORECASE)
    # textstat ends a sentence at every full stop: "1.5" and "et al." would make text look easier than it is.
    text = re.sub(r"(?<=\d)\.(?=\d)|(?<=\bet al)\.(?=[\s,])", "", text)
    return float(textstat.flesch_kincaid_grade(text))


def _spaced(text: str) -> str:
    return " ".join(text.split()).casefold()


def hard_words(text: str, *, known: Sequence[Span] = ()) -> list[Span]:
    """The words that a plain text should not use without a meaning beside them.

    Hard are words of HARD_SYLLABLES or more that are not in EASY_WORDS, abbreviations in capitals, names
    with digits such as C3, and names of drugs. Proper names within a sentence are not.

    Args:
        text: plain paragraphs.
        known: spans that the glossary explains; words within them are skipped.

    Returns:
        Spans in the order of the text.
    """
    covered = {position for span in known for position in range(span.start, span.end)}
    return [
        Span(match.start(), match.end())
        for match in re.finditer(r"[^\W\d_]+(?:-?\d+\w*)?", text)
        if match.start() not in covered and _is_hard(match, text)
    ]


def _is_hard(match: re.Match[str], text: str) -> bool:
    word = match.group()
    if re.search(r"\d", word):
        return bool(re.fullmatch(r"[^\W\d_]+\d\w*|[^\W\d_]*[A-Z][^\W\d_]*-\d\w*", word))
    if re.search(r"[A-Z]{2}", word):
        return True
    if word[0].isupper() and not _opens_sentence(match.start(), text):
        return False
    return bool(_DRUG_STEMS.fullmatch(word)) or (
        word.lower() not in EASY_WORDS and _syllables(word) >= HARD_SYLLABLES
    )


def _opens_sentence(start: int, text: str) -> bool:
    before = text[:start].rstrip(" \t\n(\"'“‘")  # noqa: RUF001 - quotes as texts have them
    return not before or before[-1] in ".!?:" or text.count("\n", len(before), start) > 1


def _syllables(word: str) -> int:
    """How many syllables a word has.

    For a word that its dictionary lacks, textstat counts the places to hyphenate, which are too few for
    medical words ("pro-tein-uria"); there the groups of vowels are counted too.
    """
    import textstat  # noqa: PLC0415 - as above
    from textstat.backend.utils import get_cmudict  # noqa: PLC0415

    counted = int(textstat.syllable_count(word))
    if word.lower() in get_cmudict("en_US"):
        return counted
    return max(counted, len(re.findall(r"[aeiouyäöü]+", re.sub(r"(?<!l)e$", "", word.lower()))))
