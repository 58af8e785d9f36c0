"""Persons: the names of people in a text, told by the words around them, by lists, and by being no word.

Names are guessed generously. A word is left only where it is one of the library, the language or medicine.
Whatever else people type, a name that no list has or a word that cannot be read, is taken out, because it
cannot be told from a name.
"""

import re
from collections.abc import Iterator, Sequence

from service.cues import (
    AFTER_EPONYM,
    AND,
    CALLINGS,
    CARE_HOME,
    FAREWELL,
    GREETINGS,
    INTRODUCED,
    LIVING,
    NOT_ALONE,
    PARTICLES,
    PERSONAL_VERBS,
    PRESENTED,
    RELATIVES,
    STOPPING,
    STUDIES,
    TIMES,
    TITLES,
)
from service.mentions import Mention, mentions
from service.mentions import Token as Spoken
from service.typed import POSSESSIVE, TypedText
from service.vocabulary import Vocabulary

NAME, WORD, PLACE = "name", "word", "place"
"""What stands for a person's name, for a word that nobody knows, and for where somebody lives."""

MOST_NAMES = 4
"""Words that a name has at most, where the words before say that one follows."""

INITIALS = 3
"""Letters that somebody's initials have at most."""

_SHORT_GAP = re.compile(r"[\s,:]*(?:is )?")


def without_persons(text: str, vocabulary: Vocabulary) -> str:
    """The text with "[name]" for each person's name, "[word]" for each word that nobody knows."""
    typed = TypedText(text, vocabulary)
    marks = _Finder(typed).find()
    out, at = [], 0
    for number in sorted(marks):
        token = typed.tokens[number]
        out += [text[at : token.start], f"[{marks[number]}]"]
        at = token.end - 2 if POSSESSIVE.search(token.text) else token.end
    return _joined("".join([*out, text[at:]]))


def _joined(text: str) -> str:
    """The same with one mark for a name of several words, its initials included."""
    text = re.sub(r"\b[A-Z]\.\s*(?=\[name\])", "", text)
    text = re.sub(r"\[name\](?:\s+[A-Z]\.?(?=\s+\[name\]))", "[name]", text)
    for mark in (NAME, PLACE):
        text = re.sub(rf"\[{mark}\](?:[ \t.‐‑-]*\[{mark}\])+", f"[{mark}]", text)  # noqa: RUF001
    return re.sub(r"\[place\](?:,? \[(?:place|name|word)\])+", "[place]", text)


class _Finder:
    """Finds the names in one text: first those that something announces, then all others."""

    def __init__(self, typed: TypedText) -> None:
        self.typed = typed
        self.tokens = typed.tokens
        self.found: dict[int, str] = {}
        self.cited = self._cited()

    def find(self) -> dict[int, str]:
        """The numbers of the words to be taken out, each with what stands for it."""
        self._take_introduced()
        self._take_presented()
        self._take_living()
        self._take_hospitals()
        self._take_titled()
        self._take_signed()
        self._take_alone()
        self._take_beside()
        return self.found

    def _cited(self) -> set[int]:
        """Words that name a study by its author: "the Deng trial", "Gu et al.", in the library or not."""
        spans = [
            (token.start, token.end) for mention in mentions(self.typed.text) for token in _author(mention)
        ]
        return {
            n for n, token in enumerate(self.tokens) for start, end in spans if start <= token.start < end
        }

    def _take_introduced(self) -> None:
        """Takes what follows "my name is", whatever it is, up to a word that ends a name."""
        typed = self.typed
        for first in self._after(INTRODUCED):
            for n in self._run(first, MOST_NAMES):
                ends = typed.word(n) in (STOPPING if n == first else STOPPING - PARTICLES)
                is_more = n == first or typed.is_maybe(n) or typed.stands_out(n) or not typed.is_known(n)
                if ends or not is_more:
                    break
                self._take(n)

    def _take_presented(self) -> None:
        """Takes what follows "I'm", "my daughter", "hello", where it can be a name."""
        close = [
            n + 1
            for n, token in enumerate(self.tokens[:-1])
            if token.word in RELATIVES | GREETINGS | CALLINGS
            and _SHORT_GAP.fullmatch(self.typed.text[token.end : self.tokens[n + 1].start])
        ]
        for n in (*self._after(PRESENTED), *close):
            if self.typed.word(n) not in STOPPING and self._may_be_name(n):
                self._take(n)

    def _take_titled(self) -> None:
        """Takes what follows "Dr." and is no ordinary word."""
        for n, token in enumerate(self.tokens[:-1]):
            if token.word not in TITLES or not self.typed.are_together(n, n + 1):
                continue
            if token.word == "ms" and token.text != "Ms" and not self.typed.is_firm(n + 1):
                continue  # multiple sclerosis
            for after in self._run(n + 1, 2):
                if not self._may_be_titled(after):
                    break
                self._take(after)

    def _may_be_titled(self, n: int) -> bool:
        typed, word = self.typed, self.typed.word(n)
        if word in STOPPING and not typed.has_capital(n):
            return False
        is_ordinary = typed.vocabulary.is_word(word) and not typed.is_firm(n) and not typed.has_capital(n)
        return not is_ordinary or (typed.is_maybe(n) and word not in NOT_ALONE)

    def _take_signed(self) -> None:
        """Takes who signs a letter, at the end of the text or of a line."""
        for match in FAREWELL.finditer(self.typed.text):
            inside = [
                n for n, token in enumerate(self.tokens) if match.start("name") <= token.start < match.end()
            ]
            ordinary = any(self.typed.word(n) in STOPPING for n in inside)
            if inside and not ordinary and self._may_sign(inside[0]):
                for n in inside:
                    self._take(n)

    def _may_sign(self, n: int) -> bool:
        text = self.tokens[n].text
        initials = (
            text.isupper() and len(text) <= INITIALS and not self.typed.vocabulary.is_word(text.lower())
        )
        return initials or self._may_be_name(n) or self.typed.is_maybe(n)

    def _take_living(self) -> None:
        """Takes the place that follows "I live in", and what stands with it ("toledo, ohio")."""
        for first in self._after(LIVING):
            for n in range(first, min(first + MOST_NAMES, len(self.tokens))):
                between = self.typed.text[self.tokens[n - 1].end : self.tokens[n].start] if n > first else ""
                if between.strip() not in {"", ","} or not self._may_be_place(n):
                    break
                self._take(n, PLACE)

    def _may_be_place(self, n: int) -> bool:
        token, word = self.tokens[n], self.typed.word(n)
        if not token.is_word or word in STOPPING:
            return False
        is_written_so = self.typed.has_capital(n) or token.text.isupper()
        return is_written_so or not self.typed.vocabulary.is_common(word)

    def _take_hospitals(self) -> None:
        """Takes the name of a hospital, where it is written as one."""
        for n, token in enumerate(self.tokens):
            if token.word not in CARE_HOME or not self.typed.has_capital(n):
                continue
            for before in range(n - 1, max(-1, n - 1 - MOST_NAMES), -1):
                if not self.typed.has_capital(before) or not self.typed.are_together(before, before + 1):
                    break
                if self.typed.word(before) not in CARE_HOME | STOPPING:
                    self._take(before, PLACE)

    def _take_alone(self) -> None:
        """Takes the names that nothing announces, and the words that nobody knows."""
        typed = self.typed
        for n, token in enumerate(self.tokens):
            is_author = n in self.cited or token.word in typed.vocabulary.authors
            if n in self.found or is_author or not token.is_word:
                continue
            if typed.is_firm(n):
                if not self._is_eponym(n):
                    self._take(n)
            elif typed.is_maybe(n):
                if self._is_spoken_of(n):
                    self._take(n)
            elif typed.is_unknown(n):
                self._take(n, NAME if typed.stands_out(n) else WORD)

    def _take_beside(self) -> None:
        """Takes what stands right beside a name and can be part of it."""
        for n in range(len(self.tokens)):
            if self.found.get(n) == NAME and n + 1 not in self.found:
                if self._goes_on(n + 1):
                    self._take(n + 1)
                else:
                    self._take_behind_particles(n + 1)
                    self._take_next_in_list(n + 1)
        for n in range(len(self.tokens) - 1, 0, -1):
            if self.found.get(n) == NAME and n - 1 not in self.found and self._begins(n - 1):
                self._take(n - 1)

    def _goes_on(self, n: int) -> bool:
        """Whether a word after a name is its next part."""
        if not self._may_be_part(n, n - 1):
            return False
        if self.typed.has_capital(n - 1) and self.tokens[n].text.islower():
            return False  # "Dwayne read that": who writes one name with a capital writes both so
        return self.typed.is_maybe(n) or self.typed.stands_out(n) or self.typed.is_firm(n)

    def _begins(self, n: int) -> bool:
        """Whether a word before a name is its first part."""
        if not self._may_be_part(n, n + 1):
            return False
        is_first = self.typed.has_capital(n) or self.typed.word(n) not in NOT_ALONE
        return (self.typed.is_given(n) and is_first) or self.typed.is_firm(n)

    def _may_be_part(self, n: int, name: int) -> bool:
        if not 0 <= n < len(self.tokens) or n in self.cited or not self.tokens[n].is_word:
            return False
        is_ordinary = self.typed.word(n) in STOPPING | AFTER_EPONYM
        return not is_ordinary and self.typed.are_together(min(n, name), max(n, name))

    def _take_behind_particles(self, n: int) -> None:
        """Takes the rest of "Maria de la Cruz", "Jan van der Berg"."""
        end = n
        while self.typed.word(end) in PARTICLES and end - n < INITIALS:
            end += 1
        if not n < end < len(self.tokens) or not self.tokens[end].is_word:
            return
        if self.typed.is_maybe(end) or self.typed.is_firm(end) or self.typed.has_capital(end):
            self.found |= dict.fromkeys(range(n, end + 1), NAME)

    def _take_next_in_list(self, n: int) -> None:
        """Takes the second of "anna and grace"."""
        is_list = self.typed.word(n) in AND and n + 1 < len(self.tokens) and n + 1 not in self.found
        if is_list and self.typed.is_given(n + 1) and self.typed.word(n + 1) not in NOT_ALONE:
            self._take(n + 1)

    def _may_be_name(self, n: int) -> bool:
        """Whether a word can be a name where one is expected."""
        typed = self.typed
        if typed.is_firm(n) or typed.is_unknown(n):
            return True
        is_alone = typed.word(n) not in NOT_ALONE or typed.word(n + 1) in PERSONAL_VERBS
        return (typed.is_given(n) and is_alone) or (typed.is_maybe(n) and typed.has_capital(n))

    def _is_eponym(self, n: int) -> bool:
        return any(self.typed.word(after) in AFTER_EPONYM for after in (n + 1, n + 2))

    def _is_spoken_of(self, n: int) -> bool:
        """Whether an everyday word stands as a name stands: with a capital that it would not have else."""
        typed, word = self.typed, self.typed.word(n)
        is_abbreviation = typed.vocabulary.is_word(word) and self.tokens[n].text.isupper()
        if self._is_eponym(n) or typed.word(n - 1) in TIMES or is_abbreviation:
            return False
        if typed.stands_out(n):
            return not typed.word(n + 1).isdigit()
        opens = typed.tells and self.tokens[n].opens and typed.is_given(n)
        return opens and typed.word(n + 1) in PERSONAL_VERBS and word not in NOT_ALONE

    def _take(self, n: int, mark: str = NAME) -> None:
        if self.tokens[n].is_word:
            self.found[n] = mark

    def _after(self, pattern: re.Pattern[str]) -> Iterator[int]:
        ends = {match.end() for match in pattern.finditer(self.typed.text)}
        return (n for n, token in enumerate(self.tokens) if token.start in ends)

    def _run(self, first: int, most: int) -> Iterator[int]:
        """Words that stand side by side, from one on."""
        for n in range(first, min(first + most, len(self.tokens))):
            apart = n > first and not self.typed.are_together(n - 1, n)
            if apart or not self.tokens[n].is_word:
                return
            yield n


def _author(mention: Mention) -> Sequence[Spoken]:
    """The words of a mention that stand where authors stand, whether or not anybody has heard of them."""
    if mention.noun is None:
        return mention.before if mention.sure else ()
    return mention.before[-1:] if mention.noun.word in STUDIES else ()
