"""Strength: how much of a new password a guesser would have to guess (after NIST SP 800-63B, 3.1.1.2).

There are no rules on capitals, digits or signs: those make passwords worse. What counts is what is left
once all that guessers try first is taken as one thing: common words, runs, repetitions, years, the own name.
"""

import re
import unicodedata
from collections.abc import Callable

LEAST = 12
"""Characters. (The standard asks for 8 where something else protects the account as well, and for 15 where
nothing does: here, wrong guesses are slowed down to some hundred a day.)"""

MOST = 1024
"""Bytes: a longer text would only cost time."""

LEAST_TO_GUESS = 7
"""Things that have to be guessed one by one: letters, or whole words and runs that count as one."""

LEAST_OF_NAME = 4
"""Letters from which on a part of the own name counts as a word."""

COMMON = frozenset(
    """
    password passwort passwd passcode passphrase parola contrasena senha motdepasse secret secreto
    geheim login logon letmein welcome willkommen bienvenue hello hallo bonjour access account admin
    administrator root user guest test testing tester temp temporary default changeme change please
    master manager service support system server computer internet office windows google facebook
    yahoo twitter instagram linkedin youtube apple samsung iloveyou love lover loveme loveyou
    forever family baby babygirl angel princess prince queen king honey sweet sweetheart darling
    friend friends mother father mommy daddy sister brother monkey dragon tiger lion eagle bear wolf
    horse kitty kitten puppy doggy chicken turtle dolphin butterfly flower rose rainbow sunshine
    summer winter spring autumn sommer herbst fruehling monday tuesday wednesday thursday friday
    saturday sunday january february march april june july august september october november
    december football baseball basketball soccer hockey golf tennis liverpool chelsea arsenal
    barcelona juventus yankees lakers cowboys steelers superman batman spiderman pokemon naruto
    starwars matrix jordan michael michelle jessica jennifer ashley amanda daniel david andrew
    anthony thomas robert matthew joshua charlie george james william richard joseph christian
    alexander nicole samantha sarah elizabeth maria anna laura martin peter hannah olivia sophie
    emma thunder lightning shadow hunter killer ninja warrior soldier ranger fighter phoenix falcon
    mustang ferrari porsche mercedes corvette harley yamaha toyota honda money dollar million lucky
    lucky7 freedom peace heaven jesus christ god church faith hope trust trustno blessed diamond
    golden silver purple orange yellow green black white red blue pink banana cookie chocolate
    cheese pepper ginger coffee pizza whatever nothing something asdf asdfgh zxcvbn qwerty qwertz
    azerty abc abcd abcdef qazwsx plaincite lupus kidney stemcell stem cell study clinic hospital
    doctor nurse patient medicine medical health science research library staff evaluator london
    paris berlin america england canada australia germany france spain italy india mexico newyork
    texas california
""".split()
)
"""What leaked passwords are most often made of, and words that lie near in this service."""

ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "1234567890",
    "!@#$%^&*()",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
"""Keys beside each other, and the ways up and down that are walked as well."""

SHORTEST_RUN = 3

LOOKALIKES = str.maketrans("@40135$7!", "aaoiessti")
"""Signs that people put for letters; guessers do the same."""

YEAR = re.compile(r"(?:19|20)\d\d")


class WeakPasswordError(ValueError):
    """The password is too easily guessed; the text says why."""


def check_strength(password: str, name: str) -> None:
    """Checks that a new password is not too easily guessed.

    Args:
        password: the password.
        name: the account's name.

    Raises:
        WeakPasswordError: it is, or it is too long.
    """
    if len(password.encode(errors="replace")) > MOST:
        raise WeakPasswordError(f"A password may have {MOST:,} bytes at most.")
    if len(password) < LEAST:
        raise WeakPasswordError(
            f"A password needs at least {LEAST} characters; a few words in a row will do."
        )
    if things_to_guess(password, name) < LEAST_TO_GUESS:
        raise WeakPasswordError(
            "This password is easily guessed: common words, names, years, runs of keys and repetitions count "
            "for little. Take a few words that do not belong together."
        )


def things_to_guess(password: str, name: str = "") -> int:
    """How many things in a row somebody has to guess who tries the likely ones first."""
    plain = unicodedata.normalize("NFKC", password).lower()
    words = COMMON | {part for part in re.split(r"[^a-z]+", name.lower()) if len(part) >= LEAST_OF_NAME}
    meant = plain.translate(LOOKALIKES)
    place = count = 0
    while place < len(plain):
        steps = (_word(plain, place, words), _word(meant, place, words), _run(plain, place))
        place += max(1, *steps, _repetition(plain, place))
        count += 1
    return count


def _word(text: str, place: int, words: frozenset[str]) -> int:
    """Letters of the longest common word, or of the year, that begins here."""
    year = YEAR.match(text, place)
    if year:
        return len(year[0])
    longest = max(map(len, words))
    ends = range(min(len(text), place + longest), place + 2, -1)
    return next((end - place for end in ends if text[place:end] in words), 0)


def _run(text: str, place: int) -> int:
    """Letters of the run that begins here: one letter again and again, the alphabet, a row of keys."""
    longest = max(
        _length(text, place, lambda one, next_: one == next_),
        _length(text, place, lambda one, next_: ord(next_) - ord(one) == 1),
        _length(text, place, lambda one, next_: ord(one) - ord(next_) == 1),
        _length(text, place, lambda one, next_: any(one + next_ in row for row in ROWS)),
        _length(text, place, lambda one, next_: any(next_ + one in row for row in ROWS)),
    )
    return longest if longest >= SHORTEST_RUN else 0


def _length(text: str, place: int, follows: Callable[[str, str], bool]) -> int:
    end = place + 1
    while end < len(text) and follows(text[end - 1], text[end]):
        end += 1
    return end - place


def _repetition(text: str, place: int) -> int:
    """Letters from here on that only repeat those just before."""
    longest = 0
    for size in range(2, place + 1):
        end = place
        while end < len(text) and text[end] == text[end - size]:
            end += 1
        if end - place >= size:
            longest = max(longest, end - place)
    return longest
