"""Translation: a question in another language than the library's is told so, in its own words.

Somebody in danger must not have to read the card in a language that may be the helper's and not theirs. Which
language a question is written in is told by words that only this language has: data, in
`catalogues/CODE.words`, so that it can be reviewed and another language added.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from index.function_words import FUNCTION_WORDS
from service.answers import Answer, Notice, NoticeKind, Outcome, Translation
from service.languages import CATALOGUES, Language, Languages, fixed
from service.wording import SCREENED

FEWEST = 2
"""Telling words of a language that a question must have; one may stand in a name."""

WORD = re.compile(r"[^\W\d_]+|[¿¡]")

NOT_SEARCHED = fixed("The summaries in our library are in English. Please ask your question in English.")
ONLY_ENGLISH = fixed("The summaries in our library are in English.")


def written_in(question: str, languages: Languages) -> Language | None:
    """The language that a question is clearly written in, None where that is the library's or cannot be told.

    It has at least FEWEST words that tell of the language, and more of them than English function words.
    """
    words = [plain(word) for word in WORD.findall(question)]
    english = sum(word in FUNCTION_WORDS for word in words)
    counts = {
        code: sum(word in telling_words(code) for word in words)
        for code, language in languages.items()
        if not language.is_of_library
    }
    code = max(counts, key=lambda code: counts[code], default="")
    return languages[code] if counts.get(code, 0) >= max(FEWEST, english + 1) else None


def speak_to(
    own: Language | None,
    answer: Answer,
    language: Language,
    notice_in: Callable[[NoticeKind, str, Language], Notice],
) -> Answer:
    """The answer with what matters most of it in the question's own language too.

    Args:
        own: the language that the question is written in; None where that is the library's.
        answer: what the question got.
        language: what that is in.
        notice_in: makes a safety card in a language, by its class and its name.
    """
    if own is None:
        return answer
    said = {Outcome.screened: SCREENED, Outcome.no_evidence: NOT_SEARCHED}.get(answer.outcome, ONLY_ENGLISH)
    told: dict[str, object] = {}
    if answer.outcome is Outcome.no_evidence:
        # Nothing was found for want of the language: that the library does not say would be untrue.
        told |= {"message": language.gettext(NOT_SEARCHED), "topics": ()}
    if own is not language:
        notice = notice_in(answer.notice.kind, answer.notice.card, own) if answer.notice else None
        told["translation"] = Translation(language=own.code, message=own.gettext(said), notice=notice)
    return answer.model_copy(update=told)


@cache
def telling_words(code: str, folder: Path = CATALOGUES) -> frozenset[str]:
    """The words that tell of a language, without accents; none where nobody has listed any."""
    try:
        lines = (folder / f"{code}.words").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return frozenset()
    words = (word for line in lines if not line.startswith("#") for word in line.split())
    return frozenset(map(plain, words))


def plain(word: str) -> str:
    """A word in lower case without accents, as people type in a hurry."""
    parts = unicodedata.normalize("NFD", word.lower())
    return unicodedata.normalize("NFC", "".join(part for part in parts if not unicodedata.combining(part)))
