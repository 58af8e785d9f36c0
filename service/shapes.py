"""Shapes: how e-mail addresses, links, numbers, dates and addresses are written, as patterns."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from index.function_words import FUNCTION_WORDS

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|"
    r"septiembre|octubre|noviembre|diciembre)\b"
)
FIGURES = r"\d{1,4}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}"
WRITTEN = (
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+|de\s+)?{MONTH}\.?(?:,?\s+(?:de[l ]\s*)?\d{{4}}|\s+\d{{2}}\b)?|"
    rf"{MONTH}\.?\s+(?:the\s+)?\d{{1,2}}(?:(?:st|nd|rd|th)(?:,?\s+\d{{4}})?|,?\s+\d{{4}})\b"
)
NUMBER_WORD = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|cero|uno|dos|tres|cuatro|cinco|"
    r"seis|siete|ocho|nueve)"
)
TOP_LEVEL = (
    "com|org|net|edu|gov|io|info|me|co|us|uk|ca|au|nz|ie|de|fr|es|it|mx|ar|cl|pe|br|in|cn|jp|eu|app|dev|blog|"
    "health|ai|tv|link|site|online|page"
)
PROVIDERS = (
    "gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|live|msn|proton|protonmail|gmx|mail|comcast|verizon"
)
NETWORKS = (
    "instagram|insta|twitter|facebook|fb|snapchat|snap|tiktok|tik tok|telegram|whatsapp|discord|reddit|"
    "linkedin|skype|wechat|youtube|handle|username|user name|usuario"
)
RECORDS = (
    r"m\.?r\.?n|(?:medical |health |hospital )?record|chart|patient|case|file|member|membership|"
    r"policy|insurance|account|acct|claim|group|hospital|social security|ssn|ss|nhs|chi|medicare|medicaid|"
    r"passport|licen[cs]e|driver'?s licen[cs]e|ticket|order|reference|ref|confirmation|specimen|accession|id|"
    r"d\.?n\.?i|n\.?i\.?e|n\.?s\.?s|curp|rfc|c[eé]dula|pasaporte|expediente|historia|historia cl[ií]nica|"
    r"p[oó]liza|seguro social|tarjeta"
)
STREETS = (
    r"street|st|avenue|ave|road|rd|lane|ln|boulevard|blvd|terrace|crescent|parkway|pkwy|highway|hwy|turnpike"
)
CAPITAL_STREETS = r"Drive|Dr|Court|Ct|Way|Place|Pl|Circle|Cir|Square|Sq|Close|Grove|Row|Loop|Trail|Gardens"
AFTER_STREET = (
    r"(?:\.?,?\s*(?:apt|apartment|unit|suite|ste|flat|floor|piso|room|rm|depto|#)\.?\s*#?\s*\w{1,5}\b)?"
    r"(?:,\s*[A-Z][a-z.'-]+(?:\s[A-Z][a-z.'-]+){0,2})?(?:,?\s+[A-Z]{2}\b\.?)?"
    r"(?:,?\s+\d{5}(?:-\d{4})?\b|,?\s+[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b)?"
)
SHORTEST_PHONE = 7
"""Digits of the shortest numbers that people write."""

YEARS = re.compile(r"\D*(?:(?:19|20)\d\d\D*)+")


class Particular(NamedTuple):
    """One shape of what tells who somebody is.

    Attributes:
        mark: what stands for it afterwards.
        pattern: its shape.
        is_one: whether a match really is one.
    """

    mark: str
    pattern: re.Pattern[str]
    is_one: Callable[[re.Match[str]], bool] = lambda _: True


def _is_phone(match: re.Match[str]) -> bool:
    """Whether digits in groups are a telephone number: not two years, not a row of small numbers."""
    raw = match.group()
    groups = re.findall(r"\d+", re.split("[ex]", raw)[0])
    digits = "".join(groups)
    if raw.startswith("+"):
        return len(digits) >= SHORTEST_PHONE
    if len(digits) < SHORTEST_PHONE or YEARS.fullmatch(raw):
        return False
    if len(groups) > 1 and max(map(len, groups)) <= 2:  # noqa: PLR2004  # "6 12 24 36", but "06 12 34 56 78"
        return len(digits) >= 9 and min(map(len, groups)) == 2  # noqa: PLR2004
    return not re.fullmatch(r"\d{1,2}\.\d+(?:\s\d{1,2}\.\d+)*", raw)


def _has_code(match: re.Match[str]) -> bool:
    """Whether what follows "record number" is one: three digits, and no year."""
    code = match.group("code")
    digits = sum(character.isdigit() for character in code)
    return digits >= 3 and not re.fullmatch(r"(?:19|20)\d\d", code)  # noqa: PLR2004


def _is_long_number(match: re.Match[str]) -> bool:
    """Whether a long number is anybody's: round ones are counts ("150000 platelets")."""
    return not match.group().endswith("000")


def _is_code(match: re.Match[str]) -> bool:
    """Whether letters with digits are somebody's: four digits, which no dose, marker or score has."""
    raw = match.group()
    is_amount = re.fullmatch(r"\d+[a-zµ]{1,6}", raw, re.IGNORECASE)
    is_year = re.fullmatch(r"[A-Za-z-]+(?:19|20)\d\d", raw)
    return sum(each.isdigit() for each in raw) >= 4 and not is_amount and not is_year  # noqa: PLR2004


def _is_street(match: re.Match[str]) -> bool:
    """Whether the words before "street" are a street's: "2 years ago at st" are none."""
    words = re.findall(r"[^\W\d_]+", match.group("name").lower())
    return bool(words) and not any(word in FUNCTION_WORDS or word in COUNTED for word in words)


COUNTED = frozenset(
    "year years yr yrs month months week weeks day days hour hours mg ml mcg g kg patients people women men "
    "children times doses dose cells infusions injections percent ago later study trial dr".split()
)


def _shape(mark: str, *patterns: str, is_one: Callable[[re.Match[str]], bool] = lambda _: True) -> Particular:
    return Particular(mark, re.compile("|".join(patterns), re.IGNORECASE), is_one)


def _reaching() -> Iterator[Particular]:
    """What reaches somebody over a network."""
    yield _shape(
        "email",
        r"(?<![\w.+%-])[\w.+%-]++\s?@\s?[\w-]++(?:\s?\.\s?[a-z]{2,})+",
        r"(?<!\S)[^\s@]++@\S+",
        r"(?<![\w.+-])[\w.+-]++\s*(?:\(at\)|\[at\]|\{at\}|<at>|\bat\b|\barroba\b)\s*[\w-]+"
        r"(?:\s*(?:\(dot\)|\[dot\]|\{dot\}|\bdot\b|\bpunto\b)\s*[a-z]{2,})+",
        rf"(?<![\w.+-])[\w.+-]++\s+(?:at|arroba)\s+(?:{PROVIDERS})(?:\.|\s)(?:com|net|org|es|co|me|mx)\b",
    )
    yield _shape(
        "link",
        r"\b(?:https?|ftp)://\S*[^\s.,;:!?)]",
        r"\bwww\.\S*[^\s.,;:!?)]",
        rf"(?<![\w.-])(?:[a-z0-9-]++\.)+(?:{TOP_LEVEL})\b(?:/\S*[^\s.,;:!?)])?",
    )
    yield _shape(
        "handle",
        r"(?<![\w@])@[\w.]*\w",
        r"(?<![\w/])/?[ur]/[\w-]{3,}",
        r"\b\w++#\d{4}\b",
        r"(?<![\w.])[^\W_]++_[\w.]*\w",
        rf"(?P<before>\b(?:{NETWORKS})\b(?:\s+(?:is|name|handle|account|user|id|es|me|as|on|at))*\s*[:=@]?\s*)"
        r"[\w.-]*(?:\d|\w\.\w)[\w.-]*",
    )


def _dates() -> Iterator[Particular]:
    """Days: of birth above all, but any day of anybody's."""
    born = (
        r"d\.?o\.?b\.?|date of birth|birth ?date|birthda(?:y|te)|born|nacid[oa]|nac[ií]|fecha de nacimiento"
    )
    month = rf"{MONTH}\.?\s+(?:de[l]?\s+)?\d{{2,4}}"
    yield _shape(
        "date",
        rf"(?P<before>\b(?:{born})\b\W{{0,3}}(?:(?:is|was|on|in|el|en|es)\b\W?\s?)*)"
        rf"(?:{FIGURES}|{WRITTEN}|{month}|\d{{1,2}}\s?[/-]\s?\d{{1,2}}|\d{{4,8}}\b)",
    )
    yield _shape("date", rf"(?<![\d.]){FIGURES}(?![\d.]*\d)", rf"\b(?:{WRITTEN})")


def _certain_numbers() -> Iterator[Particular]:
    """Numbers whose shape says what they are."""
    yield _shape(
        "number",
        r"\b\d{3}-\d{2}-\d{4}\b",
        r"\b\d{1,3}(?:\.\d{1,3}){3}\b",
        r"\b(?:\d{4}[ -]){3}\d{1,7}\b",
        r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b",
    )


def _records() -> Iterator[Particular]:
    """Numbers that are called what they are."""
    called = r"(?:number|no|nr|num|id|identifier|code|n[uú]mero|is|es|was)"
    yield _shape(
        "number",
        rf"(?P<before>\b(?:{RECORDS})\b[\s:#=.-]*(?:{called}\b[\s:#=.-]*)*#?\s*)"
        r"(?P<code>[a-z]{0,4}[\s-]?\d[\w-]*(?:[\s/-]\d[\w-]*)*)",
        is_one=_has_code,
    )


def _phones() -> Iterator[Particular]:
    """What is written as telephone numbers are, whether or not such a number is in use."""
    yield _shape(
        "phone",
        r"(?<!\d)\+?\(?\d(?:[\s().-]{0,3}\d){6,17}(?:,?\s?(?:ext|extension|x)\.?\s?\d{1,6}\b)?",
        is_one=_is_phone,
    )
    yield _shape("phone", rf"\b(?:{NUMBER_WORD}[\s,-]+){{6,}}{NUMBER_WORD}\b")


def _addresses() -> Iterator[Particular]:
    """Where somebody lives."""
    house = r"\b\d{1,6}[a-zA-Z]?,?\s+"
    sure = rf"{house}(?P<name>(?:[\w.'-]+\s+){{1,3}}?)(?i:{STREETS})\b\.?{AFTER_STREET}"
    written = rf"{house}(?P<name>(?:[A-Z][\w.'-]*\s+){{1,3}}?)(?:{CAPITAL_STREETS})\b\.?{AFTER_STREET}"
    yield Particular("address", re.compile(sure), _is_street)
    yield Particular("address", re.compile(written), _is_street)
    yield _shape(
        "address",
        r"(?P<before>\b(?:lives?|living|reside|address)\s?(?:is|at|:)\s+)"
        r"(?=[^.;\n]*\d)[^.;\n]{3,60}?(?=[.;\n]|$|\s(?:and|but|so|my|i)\b)",
        r"\bp\.?\s?o\.?\s?box\s+\d+",
    )
    yield _shape(
        "address",
        r"\b(?:calle|avda|avenida|av\.|plaza|paseo|carretera|camino|colonia|col\.|c/)\s+"
        r"[^\d.;\n]{2,40}?,?\s*(?:n[uú]mero\s+)?#?\d{1,5}"
        r"(?:,?\s*(?:\d{1,2}\s?[ºªo°]\s?\w?|piso\s\w+|depto\.?\s\w+))?(?:,?\s*\d{5}\b)?",
    )
    yield _shape(
        "address",
        r"(?P<before>\b(?:zip|zip ?code|c\.?p\.?|c[oó]digo postal)\W{0,3}(?:is\s+|es\s+)?)\d{5}(?:-\d{4})?",
    )
    british, canadian = r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b", r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z]\s\d[A-Z]\d\b"
    american = r"\b(?:[A-Z][a-z]+,?\s+)?[A-Z]{2}\s+\d{5}(?:-\d{4})?\b"
    yield Particular("address", re.compile(f"{british}|{canadian}|{american}"))


def _remaining() -> Iterator[Particular]:
    """Numbers that may be anything, and an age that few people reach."""
    yield _shape("number", r"\b\d{5,}\b(?!,\d)(?!\.\d)", is_one=_is_long_number)
    yield _shape(
        "number",
        r"(?<![\w.-])(?=[a-z0-9-]*[a-z])(?=[a-z0-9-]*\d)[a-z0-9]+(?:-[a-z0-9]+)*(?!\w)",
        is_one=_is_code,
    )
    yield _shape("age", r"\b(?:9\d|1[0-2]\d)(?=[\s-]?(?:y/?o\b|(?:years?|yrs?)[\s-]?old))")


SHAPED = (*_reaching(), *_certain_numbers(), *_dates(), *_records())
LIKELY = (*_phones(), *_addresses(), *_remaining())
"""In the order in which they are looked for, telephone numbers that are in use between the two: what one
takes is not looked at again."""
