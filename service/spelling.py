"""Spelling: a word that is none is read as the library's word that it sounds or looks most like."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from index.function_words import FUNCTION_WORDS
from service.answers import Respelling
from service.lookalikes import HURRIED, MEDICAL
from service.slips import CHEAP, DEAR, cost, is_another, is_one_slip, is_other_form, near_spellings, sound_of
from service.traits import NUMBERS

FORGIVEN = ((14, 5), (11, 4), (8, 3), (6, 2), (5, 1))
"""From how many letters on which cost of slips is forgiven in a hard word (see slips.cost)."""

PLAIN_FORGIVEN = ((5, 1),)
"""The same for all other words: people can write those, so an unknown word is more likely another one."""

LEAST_LENGTH = 6
"""Letters from which a plain word may have one wrong consonant."""

PART = 3
"""Letters that each half of two words run together must have."""

UNTOUCHED = frozenset("no not nor never none nothing nobody neither without cannot".split()) | NUMBERS.keys()
"""Never made of another word: a guess must not turn an answer round or change a number."""

ENDINGS = ("s", "es", "d", "ed", "er", "ly", "ing")
"""What may stand at the end of a right word without changing which word it is."""

WORD = re.compile(r"[^\W\d_]+")


class Mended(NamedTuple):
    """A question with its misspelt words put right."""

    question: str
    respellings: tuple[Respelling, ...]


class Speller:
    """The words of a library, by how they begin when spoken, which people rarely get wrong.

    Args:
        texts: what the words are taken from.
        hard: names of drugs, diseases and the like, which are misspelt in worse ways.
        names: further words that are right and that no other is read as.
    """

    def __init__(self, texts: Iterable[str], hard: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        rows = [[word.lower() for word in WORD.findall(text)] for text in texts]
        self._counts = Counter(word for row in rows for word in row)
        self._pairs = {pair for row in rows for pair in pairwise(row)}
        self._hard = frozenset(word for text in hard for word in WORD.findall(text.lower()))
        self._names = {name: sound_of(name) for name in names}
        self._by_sound: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for word in sorted(self._counts.keys() - UNTOUCHED):
            if len(word) >= PART:
                self._by_sound[sound_of(word)[:1]].append((sound_of(word), word))

    def knows(self, word: str) -> bool:
        """Whether a word, in lower case, is one of the library's, by itself or with another ending."""
        return any(form in self._counts for form in _forms(word))

    def mend(self, question: str, is_word: Callable[[str], bool]) -> Mended:
        """Puts right what is near enough to a known word, what was run together and what was torn apart.

        A real word is never changed, however like another it is: hypotension is not hypertension, and one
        drug's name is not another's. Numbers and negations are neither changed nor made.

        Args:
            question: any text.
            is_word: whether the encoder knows a word, in lower case, as one piece.
        """
        whole = self._joined(question)
        found = {
            word: read
            for word in dict.fromkeys(_judged(whole.question))
            if (read := self._read(word.lower(), is_word))
        }
        mended = WORD.sub(lambda match: found.get(match.group(), match.group()), whole.question)
        told = (
            Respelling(typed=typed, read=read)
            for typed, read in found.items()
            if typed.lower() not in HURRIED and read not in FUNCTION_WORDS
        )
        return Mended(mended, (*whole.respellings, *told))

    def _read(self, word: str, is_word: Callable[[str], bool]) -> str | None:
        """What a word is read as; None where it stays."""
        if word in HURRIED and word not in self._counts:
            return HURRIED[word]
        is_left = len(word) < PART or word in UNTOUCHED | MEDICAL or word in self._names
        if is_left or word in self._counts or is_word(word):
            return None
        alike = self._by_sound[sound_of(word)[:1]]
        if any(map(is_word, _forms(word))) or self.knows(word):
            # "tapering" is right because "taper" is; "bleding" would be, by "bled", but for "bleeding".
            return next((known for sound, known in alike if sound == sound_of(word)), None)
        return self._parted(word) or self._nearest(word, is_word)

    def _parted(self, word: str) -> str | None:
        """Two words that stand side by side in the library, where a word is both of them run together."""
        halves = ((word[:place], word[place:]) for place in range(PART, len(word) - PART + 1))
        pairs = (pair for pair in halves if pair in self._pairs and not UNTOUCHED & set(pair))
        return next((" ".join(pair) for pair in pairs), None)

    def _joined(self, question: str) -> Mended:
        """The text with each of the library's words that was torn apart ("re mission") in one piece."""
        torn: dict[str, str] = {}
        for one, other in pairwise(WORD.finditer(question)):
            parts = one.group().lower(), other.group().lower()
            whole = "".join(parts)
            is_known = len(whole) >= PART * 2 and whole in self._counts and whole not in UNTOUCHED
            if is_known and not all(part in self._counts for part in parts):
                typed = question[one.start() : other.end()]
                if typed in {f"{one.group()}{gap}{other.group()}" for gap in (" ", "-")}:
                    torn[typed] = whole
        for typed, read in torn.items():
            question = question.replace(typed, read)
        return Mended(question, tuple(Respelling(typed=typed, read=read) for typed, read in torn.items()))

    def _nearest(self, word: str, is_word: Callable[[str], bool]) -> str | None:
        """The known word that costs the fewest slips; None where none is near, or two are as near."""
        near = [*self._near(word), *_common(word, is_word), *self._near_names(word)]
        if not near:
            return None
        least = min(slips for slips, _ in near)
        best = {known for slips, known in near if slips == least}
        if len(best) > 1:
            written = {known: cost(word, known, len(word)) or 0 for known in best}
            best = {known for known in best if written[known] == min(written.values())}
        best = best & FUNCTION_WORDS or best & self._counts.keys() or best
        # A misspelt name is left to whoever knows which study it names.
        return best.pop() if len(best) == 1 and not best & self._names.keys() else None

    def _near(self, word: str) -> Iterator[tuple[int, str]]:
        """The library's words within reach, each with what it costs."""
        sound = sound_of(word)
        for heard, known in self._by_sound[sound[:1]]:
            shorter = min(len(word), len(known))
            forgiven = FORGIVEN if known in self._hard else PLAIN_FORGIVEN
            most = next((most for length, most in forgiven if shorter >= length), 0)
            slips = cost(sound, heard, most)
            if slips is None and len(known) >= LEAST_LENGTH and is_one_slip(word, known):
                slips = DEAR
            if slips is None or (slips and is_another(word, known)):
                continue
            if slips <= CHEAP or not is_other_form(word, known):
                yield slips, known

    def _near_names(self, word: str) -> Iterator[tuple[int, str]]:
        sound = sound_of(word)
        slips = ((cost(sound, heard, CHEAP), name) for name, heard in self._names.items())
        return ((found, name) for found, name in slips if found is not None)


def _common(word: str, is_word: Callable[[str], bool]) -> Iterator[tuple[int, str]]:
    """Common words that one cheap slip is away; short words have too many, so only function words count."""
    for known in set(near_spellings(word)) - UNTOUCHED:
        if (min(len(word), len(known)) > PART and is_word(known)) or known in FUNCTION_WORDS:
            yield min(CHEAP, cost(sound_of(word), sound_of(known), CHEAP) or 0), known


def _judged(question: str) -> Iterator[str]:
    """The words of a question that may be misspelt: none with capitals within it, such as "miRNA"."""
    shouts = question.isupper()
    return (word for word in WORD.findall(question) if shouts or word[1:].islower())


def _forms(word: str) -> Iterator[str]:
    """A word, and what it may be another form of: "tapering" of "taper", "scarring" of "scar"."""
    yield word
    yield word + "s"
    for ending in ENDINGS:
        stem = word.removesuffix(ending)
        if len(stem) >= PART and stem != word and (ending != "d" or stem.endswith("e")):
            yield stem
            yield stem + "e"
            if stem[-1] == stem[-2]:
                yield stem[:-1]
