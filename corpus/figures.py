"""The figures in a text, written in digits or in words, and those that no fact bears out."""

import re
from decimal import Decimal
from typing import NamedTuple

from corpus.sentences import Span


class Figure(NamedTuple):
    """A number in a text; its sign is left out, as a hyphen before it may be a minus or a range.

    Attributes:
        value: "34" for 34%, for thirty-four and for 34.
        percent: it is a percentage: 34% and 34 people are different figures.
        about: the text says "about" before it.
        span: where it stands, its percent sign included.
    """

    value: Decimal
    percent: bool
    about: bool
    span: Span


_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_VALUES = {
    "a": 1,
    "an": 1,
    **{word: value for value, word in enumerate([*_ONES, *_TEENS], start=1)},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
}
LOOK_BACK = 20
"""Characters before a figure in which "about" is looked for."""

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_DIGITS = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_SMALL = rf"(?:{'|'.join(_TENS)})(?:[-\s](?:{'|'.join(_ONES)}))?|{'|'.join([*_TEENS, *_ONES])}"
_SCALE = "|".join(_SCALES)
# "one" is mostly no figure ("one study found"); it is where it counts people or a share of a number.
_COUNTING_ONE = rf"""(?=\s+(?:
    (?:person|people|patient|participant|man|woman)\b
  | (?:of|in)\s+(?:the\s+)?(?:\d|(?:{_SMALL})\b)
))"""

_FIGURE = re.compile(
    rf"""(?:
        # Not within a word or a number, and not in a name such as C3, Th1 or IL-2.
        (?<![\w.]) (?<!(?-i:[A-Z])-)
        (?P<digits>{_DIGITS})
        (?: \s*[x×]\s*10 (?: \^(?P<power>\d\d?)(?!\d) | (?P<superscript>[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}}) ) )?
        (?: [-\s](?P<scales>(?:{_SCALE})(?:\s(?:{_SCALE}))*)\b )?
      |
        \b(?: (?P<words>{_SMALL}|(?<!half\s)an?)[-\s](?P<word_scales>(?:{_SCALE})(?:\s(?:{_SCALE}))*)
              (?: \s(?:and\s)?(?P<rest>{_SMALL})\b (?: \s(?P<last>{_SCALE})\b )? )?
          | (?P<one>one){_COUNTING_ONE}
          | (?!one\b)(?P<small>{_SMALL})
        )\b
        # Fractions in words are no figures: two thirds, a half.
        (?![-\s](?:half|halves|thirds?|quarters?|fourths?|fifths?|sixths?|eighths?|tenths?)\b)
    )
    (?P<half>\s+and\s+a\s+half\b)?
    (?P<percent>\s*% | \s*per\s?cent\b)?
    """,  # noqa: RUF001 - the multiplication sign as texts have it
    re.VERBOSE | re.IGNORECASE,
)
_ABOUT = re.compile(r"\babout\s+$", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-|–|to)\s*")  # noqa: RUF001 - the dash as texts have it
_DAY_OF_URINE = re.compile(r"24[-\s]h(?:ours?)?\s+(?:urin|protein)", re.IGNORECASE)


def figures(text: str) -> list[Figure]:
    """The figures in a text, in order.

    Counted are digits ("1,234", "-0.5", "34%", "2 x 10^8"), number words from two to ninety-nine, hundreds,
    thousands, millions ("one million") and percentages in words; in "5 to 10%" both are percentages.
    Left out are names that carry digits (C3, IL-2, CD86), fractions in words (half, two thirds), "zero", and
    "one" except where it counts people or a share ("one patient", "one of the 12").
    """
    found: list[Figure] = []
    for match in _FIGURE.finditer(text):
        about = _ABOUT.search(text[max(0, match.start() - LOOK_BACK) : match.start()]) is not None
        figure = Figure(_value(match), bool(match["percent"]), about, Span(*match.span()))
        if found and figure.percent and _RANGE.fullmatch(text[found[-1].span.end : match.start()]):
            found[-1] = found[-1]._replace(percent=True)
        found.append(figure)
    return found


def missing_figures(text: str, facts_text: str) -> list[Figure]:
    """The figures of a text that its facts do not have.

    A percentage must be a percentage in the facts, a count a count. Fewer decimals than in the facts
    are allowed where the text says "about": "about 17 months" for 17.2. "24-hour urine" is the name of a
    test and needs no fact.
    """
    facts = figures(facts_text)
    exact = {(fact.value, fact.percent) for fact in facts}
    return [
        figure
        for figure in figures(text)
        if (figure.value, figure.percent) not in exact
        and not _DAY_OF_URINE.match(text, figure.span.start)
        and not (figure.about and any(_rounds_to(fact, figure) for fact in facts))
    ]


def _value(match: re.Match[str]) -> Decimal:
    if match["digits"]:
        value = Decimal(match["digits"].replace(",", ""))
        power = match["power"] or (match["superscript"] or "0").translate(_SUPERSCRIPTS)
        value = value.scaleb(int(power))
    else:
        value = Decimal(_small(match["words"] or match["one"] or match["small"]))
    for scale in (match["scales"] or match["word_scales"] or "").lower().split():
        value *= _SCALES[scale]
    if match["rest"]:
        value += _small(match["rest"])
        value *= _SCALES[match["last"].lower()] if match["last"] else 1
    return value + Decimal("0.5") if match["half"] else value


def _small(words: str) -> int:
    return sum(_VALUES[word] for word in re.split(r"[-\s]", words.lower()))


def _rounds_to(fact: Figure, figure: Figure) -> bool:
    """Whether a fact lies at most half a unit of the figure's last decimal away from it."""
    unit = Decimal(1).scaleb(int(figure.value.as_tuple().exponent))
    return fact.percent == figure.percent and abs(fact.value - figure.value) * 2 <= unit
