"""Words: a question as plain words in clauses, whatever way it was typed.

The screening rules speak of plain lower-case words. Here capitals, accents, curly quotes, hidden
characters, text speak, stretched or swapped letters are taken away, and the question is cut into the
clauses that each say one thing, so that a denial in one says nothing about the next.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED = re.compile(r"([^\W\d_])\1")
_VOWELS = re.compile("[aeiou]")
_SPACED_OUT = re.compile(r"\b(?:[^\W\d_][ .*_-]){3,}[^\W\d_]\b")
_PIECE = re.compile(
    r"(?P<word>[^\W\d_](?:[^\W_]|[@$*'](?=[^\W_]))*)|(?P<number>\d+(?:[.,]\d+)*)|(?P<comma>[,،、])"
    r"|(?P<end>[.?!…¿¡]+(?=\s|$)|[?!¿¡]+|\n)|(?P<pause>[;:()\[\]{}\"“”«»—\u2013]|\s-+\s)"
)
_HIDDEN = frozenset({"Mn", "Cf", "Cc", "Cs", "Co"})
_LEET = str.maketrans("013457@$", "oieastas")
_QUOTES = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u0060\u00b4\u02b9\u2032\uff07", "'"))
SHORTEST_FORGIVEN = 5
"""Letters from which one wrong letter is forgiven; shorter words have too many real neighbours."""


FEWEST_CONSONANTS = 4
"""Consonants by which a word without its vowels is known; fewer stand for too many words."""


class Speech(NamedTuple):
    """How people type, as the rules file lists it.

    Attributes:
        spelled_out: a text-speak word, or a pair of words, and the words it stands for.
        left_out: words that change nothing and are dropped.
        openers: words that open a new clause after a comma or a joining word.
        verbs: words that do the same as the second word after it ("no cough, fever is 40").
        joiners: the joining words.
        carriers: words whose meaning carries on after a comma ("no fever, chest pain or cough").
        forgiven: every way to leave one letter out of a word that matters, and that word.
        skeletons: the consonants of such a word, as text messages write it, and that word.
        real_words: words that look like one of those and are not.
    """

    spelled_out: Mapping[str, tuple[str, ...]]
    left_out: frozenset[str]
    openers: frozenset[str]
    verbs: frozenset[str]
    joiners: frozenset[str]
    carriers: frozenset[str]
    forgiven: Mapping[str, str]
    skeletons: Mapping[str, str]
    real_words: frozenset[str]


class Clause(NamedTuple):
    """The words of one clause and the number, from 0, of the sentence it is part of."""

    words: tuple[str, ...]
    sentence: int


def clean_text(text: str) -> str:
    """The text in lower case without accents, hidden or control characters; line breaks stay."""
    text = unicodedata.normalize("NFKD", text.translate(_QUOTES)).lower()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    hidden = (c for c in set(text) if c != "\n" and unicodedata.category(c) in _HIDDEN)
    return text.translate(dict.fromkeys(map(ord, hidden)))


def split_clauses(text: str, speech: Speech) -> list[Clause]:
    """The clauses of a text that `clean_text` has gone over; none is empty."""
    text = _SPACED_OUT.sub(lambda letters: re.sub(r"[ .*_-]", "", letters.group()), text)
    text = _STRETCHED.sub(r"\1\1", text)
    clauses: list[Clause] = []
    words: list[str] = []
    sentence = 0
    pieces = list(_pieces(text, speech))
    for here, (kind, piece) in enumerate(pieces):
        ahead = [text for _, text in pieces[here + 1 : here + 4] if text not in speech.left_out]
        opens = not speech.openers.isdisjoint(ahead[:1]) or not speech.verbs.isdisjoint(ahead[1:2])
        cut = (
            kind in {"end", "pause"}
            or (opens and piece in speech.joiners)
            or (kind == "comma" and (opens or speech.carriers.isdisjoint(words)))
        )
        if cut and words:
            clauses.append(Clause(tuple(words), sentence))
            words = []
        sentence += kind == "end"
        if kind != "word" or cut or piece in speech.left_out:
            continue
        pair = f"{words[-1]} {piece}" if words else piece
        if pair in speech.spelled_out:
            words[-1:] = speech.spelled_out[pair]
        else:
            words.append(piece)
    if words:
        clauses.append(Clause(tuple(words), sentence))
    return clauses


def _pieces(text: str, speech: Speech) -> Iterator[tuple[str, str]]:
    for match in _PIECE.finditer(text):
        kind, piece = match.lastgroup or "", match.group()
        if "'" in piece:
            plain = piece.replace("'", "")
            piece = plain[:-1] if piece.endswith("'s") and plain not in speech.spelled_out else plain
        if piece in speech.spelled_out:
            yield from ((kind, word) for word in speech.spelled_out[piece])
        else:
            yield ("word" if kind == "number" else kind), piece


def corrected(word: str, speech: Speech) -> str | None:
    """The word that was probably meant by an unknown one.

    Digits for letters ("d1e"), letters held down ("diee"), no vowels ("brth"), or one letter wrong.
    """
    meant = word.translate(_LEET).replace("*", "")
    if meant == word:
        meant = _DOUBLED.sub(r"\1", word)
    if len(word) > 1 and meant != word and (len(meant) < SHORTEST_FORGIVEN or meant in speech.forgiven):
        return speech.forgiven.get(meant, meant)
    if word in speech.skeletons:
        return speech.skeletons[word]
    if len(word) < SHORTEST_FORGIVEN or word in speech.real_words:
        return None
    return next((speech.forgiven[form] for form in _one_left_out(word) if form in speech.forgiven), None)


def forgive(words: Iterable[str]) -> dict[str, str]:
    """Each way to write one of the words with a letter left out, and the word.

    Two words that share a form are one left out, one added, swapped or wrong letter apart (the symmetric
    deletion of SymSpell, Garbe 2012); no dictionary of the language is needed.
    """
    return {form: word for word in words for form in _one_left_out(word)}


def skeletons(words: Iterable[str]) -> dict[str, str]:
    """The consonants of each word that has enough of them to be known by, and the word."""
    bare = {_VOWELS.sub("", word): word for word in words}
    return {consonants: word for consonants, word in bare.items() if len(consonants) >= FEWEST_CONSONANTS}


def _one_left_out(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
