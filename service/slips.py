"""Slips: how far a word is from another, as people misspell: by ear, by a letter, by letters swapped."""

import re
from collections.abc import Iterator
from itertools import takewhile

VOWELS = frozenset("aeiouy")

_SOUNDS = (
    (r"^(?:pn|kn|gn)", "n"),
    (r"^ps", "s"),
    (r"^wh", "w"),
    (r"(?:s?s|t|c)ion|sh[uo]n", "sun"),
    (r"ph", "f"),
    (r"sch|ch|ck|cq|q", "k"),
    (r"sc(?=[eiy])|c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"x", "ks"),
    (r"z", "s"),
    (r"(?<=[rtg])h", ""),
    (r"y", "i"),
    (r"ae|oe", "e"),
    (r"(.)\1+", r"\1"),
    (r"(?<=...)e$", ""),
)
"""Spellings that sound alike in English, in the order in which they are made one.

The idea is that of Metaphone (Philips 1990), with the letters that names of drugs and diseases have.
"""

_RULES = tuple((re.compile(pattern), sound) for pattern, sound in _SOUNDS)

CHEAP, DEAR, DEAREST = 1, 2, 3
"""What a slip costs: of a vowel, or neighbours swapped; of a consonant; a consonant for a vowel."""

_ENDING = re.compile(
    r"(?:itis|osis|otic|oses|emia|aemia|uria|pathy|oma|penia|ectomy|scopy|gram|mab|nib|lone|sone|pril|olol|"
    r"statin|cillin|mycin|azole|tension|toma|cytosis|lysis|genic)$"
)
"""Endings that tell one disease, test or drug from another: nephrosis is not a slip for nephritis."""

_OPENING = re.compile(r"^(?:hypo|hyper|anti|intra|inter|pre|post|micro|macro|mono|poly)")
"""Beginnings that turn a word round: hypotension is not a slip for hypertension."""


STEM = 5
"""Letters that two forms of one word have in common."""

_SUFFIX = re.compile(
    r"(?:s|e|es|ed|ing|t|nt|ant|ent|tic|al|ic|ical|ary|ory|y|or|er|ous|able|ly|ity|ation|ence|ance|ce|cy|"
    r"ive|ist|ism|iz?e|ise|ised|ized|ine|ible|ful|less|ness|ment|ia|um|us|a|oid|ase|some)?"
)
"""What makes another form of a word; who writes it has not misspelt the form that the library has."""


def sound_of(word: str) -> str:
    """A word as it sounds: "siklofosfamide" and "cyclophosphamide" are the same.

    Args:
        word: in lower case.
    """
    for pattern, sound in _RULES:
        word = pattern.sub(sound, word)
    return word


def is_another(typed: str, meant: str) -> bool:
    """Whether two words are alike and yet two: nephrosis and nephritis, hypotension and hypertension."""
    ending, opening = _ENDING.search(typed), _OPENING.search(typed)
    other = _OPENING.search(meant)
    if ending and not meant.endswith(ending.group()):
        return True
    return opening is not None and other is not None and opening.group() != other.group()


def is_other_form(typed: str, meant: str) -> bool:
    """Whether a word is another form of one, rightly spelt: "recurrent" of "recurrence"."""
    stem = _shared(typed, meant)
    return stem >= STEM and _SUFFIX.fullmatch(typed[stem:]) is not None


def cost(typed: str, meant: str, most: int) -> int | None:
    """What the slips between two words cost; None where that is more than `most`.

    The optimal string alignment distance (Damerau 1964) with unlike weights: vowels are misspelt by ear.

    Args:
        typed: as it sounds.
        meant: as it sounds.
        most: the highest cost of use.
    """
    if abs(len(typed) - len(meant)) > most:
        return None
    before: list[int] = []
    row = [0]
    for letter in meant:
        row.append(row[-1] + _one(letter))
    for place, letter in enumerate(typed, start=1):
        last, row = row, [row[0] + _one(letter)]
        for at, other in enumerate(meant, start=1):
            best = min(
                last[at - 1] + (0 if letter == other else _two(letter, other)),
                last[at] + _one(letter),
                row[at - 1] + _one(other),
            )
            if place > 1 and at > 1 and letter == meant[at - 2] and typed[place - 2] == other:
                best = min(best, before[at - 2] + CHEAP)
            row.append(best)
        before = last
        if min(*row, *last) > most:
            return None
    return row[-1] if row[-1] <= most else None


def _one(letter: str) -> int:
    return CHEAP if letter in VOWELS else DEAR


def _two(letter: str, other: str) -> int:
    if (letter in VOWELS) != (other in VOWELS):
        return DEAREST
    return CHEAP if letter in VOWELS else DEAR


def near_spellings(word: str) -> Iterator[str]:
    """A word with a vowel put in, with a letter doubled, or with neighbours swapped; the first letter stays.

    No vowel is changed for another or left out: a hubby is no hobby, and veins are not Venus.
    """
    for place in range(1, len(word) + 1):
        head, tail = word[:place], word[place:]
        yield from (head + vowel + tail for vowel in ("aeiou" if tail else "e"))
        yield head + head[-1] + tail
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def is_one_slip(typed: str, meant: str) -> bool:
    """Whether two words differ by one letter at most: added, left out, changed, or swapped with the next.

    That is an optimal string alignment distance (Damerau 1964) of at most 1.
    """
    if abs(len(typed) - len(meant)) > 1:
        return False
    same = _shared(typed, meant)
    rest, other = typed[same:], meant[same:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]


def is_miswritten(typed: str, name: str) -> bool:
    """Whether a name has a letter too many, too few, or swapped; with another letter it is another name."""
    if typed == name or not is_one_slip(typed, name):
        return False
    return len(typed) != len(name) or sorted(typed) == sorted(name)


def _shared(one: str, other: str) -> int:
    """How many letters two words have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
