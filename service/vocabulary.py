"""Vocabulary: whether a word is one of the language, of the library or of medicine, or may be a name."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml import YAML

from index.function_words import FUNCTION_WORDS
from service.lookalikes import HURRIED, MEDICAL
from service.slips import near_spellings
from service.translation import plain

NAMES = Path(__file__).with_name("names.yaml")

SHORT_MISSPELT = 5
"""Letters up to which a word is no misspelt one: too many names are like a short word."""

HALF = 3
"""Letters that each half of a compound word has at least ("breast" and "feeding")."""

SUFFIXES = re.compile(
    r"\w{3,}(?:mab|nib|cept|statin|sartan|prazole|azole|cillin|mycin|oxacin|olol|pril|dipine|gliptin|glutide|"
    r"parin|xaban|setron|triptan|profen|coxib|sone|solone|onide|limus|zolamide|quine|cycline|"
    r"itis|osis|oses|emia|aemia|uria|pathy|pathies|pathic|ectomy|otomy|ostomy|plasty|scopy|graphy|gram|"
    r"algia|algic|logy|logic|logical|logist|lysis|lytic|penia|penic|philia|plegia|trophy|trophic|genic|genesis|"
    r"cyte|cytes|cytic|cytosis|blast|blasts|oma|omas|toxic|toxicity|emic|emias|itic|otic|ization|isation|"
    r"globulin|globulins|globin|kine|kines|ferase|genase|ase|ases|amine|amide|idine|oxide|phage|phages|"
    r"tion|tions|sion|sions|ism|isms|oid|ness|ment|ments|ously|ically|ized|ised|izing|ising|hood|"
    r"suppressant|suppressants|suppression|suppressive|inflammatory|therapy|therapies|therapeutic|vascular|"
    r"nephritic|rheumatic|arthritic|lupus|antibody|antibodies)"
)
"""How words of medicine end, so that one which no list has is known for one."""

LONG_SUFFIXES = re.compile(
    r"\w{5,}(?:al|ally|ic|ics|ous|ive|ives|ary|aries|ory|ular|ium|ins?|ol|ones?|ides?|ates?|ated|ene|ents?|ants?|"
    r"[ae]nce|scope|gens?|eal|ine|ines|ies|ture|tures|ency|ancy)"
)
"""Endings that names have as well, but hardly ever such long ones that no list has."""


class Names(NamedTuple):
    """The lists of names.yaml.

    Attributes:
        firm: names and hardly ever anything else.
        given: first names that are everyday words.
        family: family names that are everyday words.
        words: what is no name: medicines, eponyms, and everyday words that no other list has.
    """

    firm: frozenset[str]
    given: frozenset[str]
    family: frozenset[str]
    words: frozenset[str]


@cache
def load_names(path: Path = NAMES) -> Names:
    """The lists, read once."""
    lists = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    firm, given, family, medical, everyday = (
        frozenset(lists[key].split()) for key in ("names", "given", "family", "medical", "everyday")
    )
    return Names(firm, given, family, medical | everyday)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What tells a word from a name.

    Attributes:
        is_word: whether a word, in lower case without accents, is one of the library or the language.
        is_common: whether it is one that everybody uses.
        mends: whether a word that is none is clearly a misspelt one.
        authors: family names of the library's authors.
    """

    is_word: Callable[[str], bool]
    is_common: Callable[[str], bool]
    mends: Callable[[str], bool] = lambda _: False
    authors: Collection[str] = field(default=frozenset())


@cache
def _hurried() -> frozenset[str]:
    return frozenset(HURRIED) | frozenset(word.replace("'", "") for word in HURRIED.values())


def is_known(word: str, text: str, vocabulary: Vocabulary, names: Names) -> bool:
    """Whether a word, typed as `text`, is one of the language, the library or medicine."""
    if word in FUNCTION_WORDS | MEDICAL | names.words | _hurried() or vocabulary.is_word(word):
        return True
    parts = [part for part in re.split(r"['’]", plain(text)) if part]  # noqa: RUF001
    if len(parts) > 1:
        return all(len(part) <= 2 or vocabulary.is_word(part) or part in FUNCTION_WORDS for part in parts)  # noqa: PLR2004
    if SUFFIXES.fullmatch(word) or (text.islower() and LONG_SUFFIXES.fullmatch(word)):
        return True
    if any(_is_stem(stem, vocabulary, names) for stem in _stems(word)):
        return True
    if text.islower() and (FUNCTION_WORDS & set(near_spellings(word)) or _is_misspelt(word, vocabulary)):
        return True
    return text.islower() and any(
        _is_stem(word[:at], vocabulary, names) and _is_stem(word[at:], vocabulary, names)
        for at in range(HALF, len(word) - HALF + 1)
    )


def _is_misspelt(word: str, vocabulary: Vocabulary) -> bool:
    """Whether it is a common word with a cheap slip in it."""
    return len(word) > SHORT_MISSPELT and any(map(vocabulary.is_common, near_spellings(word)))


def _is_stem(word: str, vocabulary: Vocabulary, names: Names) -> bool:
    return len(word) >= HALF and word not in names.firm and vocabulary.is_word(word)


def _stems(word: str) -> Iterator[str]:
    """What a word may be a form of."""
    for prefix in (
        "un",
        "non",
        "anti",
        "re",
        "pre",
        "post",
        "over",
        "under",
        "auto",
        "immuno",
        "hyper",
        "hypo",
        "co",
        "sub",
    ):
        if word.startswith(prefix) and len(word) - len(prefix) > HALF:
            yield word.removeprefix(prefix)
    yield from (word + ending for ending in ("s", "e", "ed", "ing", "ion", "ions"))
    for ending in (
        "s",
        "es",
        "d",
        "ed",
        "er",
        "ers",
        "ly",
        "ing",
        "ings",
        "ness",
        "able",
        "less",
        "ful",
        "al",
        "ally",
        "y",
        "ish",
    ):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= HALF:
            yield stem
            yield stem + "e"
            if stem[-1] == stem[-2]:
                yield stem[:-1]
            if stem.endswith("i"):
                yield stem[:-1] + "y"
