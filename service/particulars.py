"""Particulars: e-mail addresses, numbers, dates, addresses and the like, taken out by their shape."""

import re
from collections.abc import Callable, Iterable
from functools import partial

from phonenumbers import Leniency, PhoneNumberMatcher

from service.shapes import LIKELY, SHAPED, SHORTEST_PHONE, YEARS, Particular

CITED = re.compile(
    r"\b(?:NCT\s?\d{8}|PM(?:C)?ID:?\s?\d{5,9}|PMC\s?\d{5,9}|ISRCTN\s?\d{6,9}|ChiCTR[\w-]+|"
    r"(?:doi:?\s?)?10\.\d{4,}/[^\s\"<>]*[^\s\"<>.,;:)?!])",
    re.IGNORECASE,
)
"""What a study is cited by: it names no patient, and without it nobody knows which study is asked about."""


REGIONS = ("US", "GB", "ES")
"""Whose numbers are known without the code of their country."""

HELD = "\ue000"
"""Stands for a citation meanwhile: a letter that nobody types (questions are rid of it before)."""


def without_particulars(text: str) -> str:
    """The text with a mark for each particular: "[email]", "[phone]", "[date]", ..."""
    cited = [match.group() for match in CITED.finditer(text)]
    kept = iter(cited)
    text = CITED.sub(HELD, text)
    text = _without(SHAPED, text)
    text = _without_phones(text)
    text = _without(LIKELY, text)
    return re.sub(HELD, lambda _: next(kept), text)


def _without(particulars: Iterable[Particular], text: str) -> str:
    for mark, pattern, is_one in particulars:
        text = pattern.sub(partial(_marked, mark=mark, is_one=is_one), text)
    return text


def _without_phones(text: str) -> str:
    """The text without the telephone numbers that are in use somewhere, however they are written."""
    if sum(map(str.isdigit, text)) < SHORTEST_PHONE:
        return text
    for region in REGIONS:
        found = PhoneNumberMatcher(text, region, leniency=Leniency.VALID)
        for match in reversed([each for each in found if not YEARS.fullmatch(each.raw_string)]):
            text = f"{text[: match.start]}[phone]{text[match.end :]}"
    return text


def _marked(match: re.Match[str], mark: str, is_one: Callable[[re.Match[str]], bool]) -> str:
    return f"{match.groupdict().get('before') or ''}[{mark}]" if is_one(match) else match.group()
