"""Leaning: which neighbours a sentence needs to be understood, or not to mislead.

Told from how sentences are worded. Nothing is brought along from another paragraph: it is about something
else.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, reduce

from corpus.sentences import Span, split_sentences
from corpus.studies import Study
from service.evidence import REPEATED, Evidence, words_of
from service.reasons import Reason, Tell, untold

LEANING = re.compile(
    r"(?!it (?:is|was|remains) (?:not |un|still )?(?:known|clear|unclear|possible|likely))"
    r"(?:(?:and |but )?(?:so|this|that|these|those|they|it|its|their|them|he|she|his|her|both|such)|also,|"
    r"(?:the )?(?:others?|rest|remaining|remainder)|another|neither|nor|one of the \d had|"
    r"(?:in|for|with|at|by|during|among) "
    r"(?:that|this|these|those|them|both|all,|the others?|the rest|the same)|"
    r"(?:\w+ ){0,2}of (?:these|those(?! who)|them|the others?|the rest|the remaining)|"
    r"all (?:of )?(?:them|two|three|four|five)|however|but|yet|still|even so|instead|nevertheless|"
    r"nonetheless|conversely|meanwhile|likewise|similarly|(?:in|by) contrast|on the other hand|"
    r"at the same time|as a result|because of (?:this|that)|for (?:this|that) reason|therefore|thus|hence|"
    r"then|(?:later|afterwards?|together|in total),|the same)(?:\b|(?<=,))"
    r"|(?:\w+ ){1,6}it (?:was|were|is) \d"
    r"|.*(?<!\bin )\b(?:these|those) \d",
    re.IGNORECASE,
)
"""How a sentence is worded that cannot be understood without the one before it."""

TAKING_BACK = re.compile(
    r"(?:however|but|yet|still|even so|nevertheless|nonetheless|on the other hand|(?:in|by) contrast|"
    r"unfortunately)\b"
    r"|(?:this|that|these|those|it|they|(?:the )?others?)\b[^.;:]{0,80}\b(?:not|never|cannot|no|unlikely)\b"
    r"|.*\b(?:no longer|(?:from|by) chance)\b",
    re.IGNORECASE,
)
"""How a sentence is worded that takes back or narrows the one before it."""

NARROWING = re.compile(
    r"\b(?:no clear|not clearly|not differ|(?<!which does )not (?:prove|mean))\b", re.IGNORECASE
)
"""Words that narrow the sentence before, where that one is about the same thing."""

OTHER_GROUP = re.compile(
    r"\b(?:placebo|dummy|sham|the others?|the rest|(?<!no )(?:control|comparison) groups?|"
    r"(?<!no )controls)\b",
    re.IGNORECASE,
)
"""Words for the people that a result is compared with."""

OPENING = 5
"""Words in which a sentence says what it is about."""

CONTENT = 4
"""Letters from which a word there is counted: shorter ones join others."""


def in_context(
    items: Iterable[Evidence], studies: Mapping[str, Study], tell: Tell = untold
) -> list[Evidence]:
    """The quotes: each sentence with the neighbours it needs; those of a section in a row become one.

    What answers is marked where it leans on the rest, unless that would leave unmarked what takes it back.

    Args:
        items: sentences, most direct first.
        studies: by their ids; theirs are the texts that the sentences stand in.
        tell: is told of those that another quote says with more.
    """
    quotes: list[Evidence] = []
    for item in items:
        text = studies[item.study_id].section(item.passage.section).text
        new = replace(item, quote=with_neighbours(text, item.quote))
        near = [old for old in quotes if _same_section(old, new) and in_a_row(text, old.quote, new.quote)]
        told = [old for old in quotes if old not in near and _tells_again(text[slice(*new.quote)], new, old)]
        tell(Reason.within_another, told)
        place = min(map(quotes.index, [*near, *told]), default=len(quotes))
        quotes = [old for old in quotes if old not in near + told]
        quotes.insert(place, reduce(_joined, [*near, new]))
    return [item.marked(item.sentence) if _only_leans(item, studies) else item for item in quotes]


def _only_leans(item: Evidence, studies: Mapping[str, Study]) -> bool:
    """Whether its quote is the sentence with what it leans on, and nothing else."""
    own = studies[item.study_id].section(item.passage.section).text[slice(*item.sentence)]
    is_last = item.quote.start < item.sentence.start and item.quote.end == item.sentence.end
    return is_last and LEANING.match(own) is not None


def _joined(first: Evidence, second: Evidence) -> Evidence:
    """Two quotes in a row as one, in the first one's place; both sentences answer."""
    sentence, quote = (
        Span(min(one.start, other.start), max(one.end, other.end))
        for one, other in ((first.sentence, second.sentence), (first.quote, second.quote))
    )
    return replace(first, sentence=sentence, quote=quote)


def _tells_again(quote: str, new: Evidence, old: Evidence) -> bool:
    """Whether a quote of a study says, beside something new, what another one of it said."""
    theirs = words_of(old.text)
    return new.study_id == old.study_id and len(theirs & words_of(quote)) >= REPEATED * len(theirs)


def _same_section(one: Evidence, other: Evidence) -> bool:
    return (one.study_id, one.passage.section) == (other.study_id, other.passage.section)


def with_neighbours(text: str, sentence: Span) -> Span:
    """What is to be quoted of a section for some sentence of it.

    That is the sentence, those before it that it leans on ("They ...", "Of these, ..."), and those after it
    that take it back ("However, ...") or give the other group's figure ("With placebo, 4 of 6 ...").

    Args:
        text: the section's text.
        sentence: offsets in it of one of its sentences, or of several that follow each other.
    """
    spans = _sentences(text)
    own = [
        number for number, span in enumerate(spans) if span.start < sentence.end and sentence.start < span.end
    ]
    if not own:
        return sentence
    first, last = own[0], own[-1]
    while first > 0 and _needs_before(text, *spans[first - 1 : first + 1]):
        first -= 1
    while last + 1 < len(spans) and _needs_after(text, *spans[last : last + 2]):
        last += 1
    return Span(spans[first].start, spans[last].end)


def in_a_row(text: str, one: Span, other: Span) -> bool:
    """Whether two quotes of a section overlap, or follow each other within a paragraph."""
    early, late = sorted((one, other))
    return late.start <= early.end or (
        not text[early.end : late.start].strip() and not _is_break(text, early, late)
    )


@lru_cache(maxsize=256)
def _sentences(text: str) -> Sequence[Span]:
    return tuple(split_sentences(text))


def _needs_before(text: str, one: Span, other: Span) -> bool:
    before, own = text[slice(*one)], text[slice(*other)]
    return not _is_break(text, one, other) and (bool(LEANING.match(own)) or _gives_other_group(before, own))


def _needs_after(text: str, one: Span, other: Span) -> bool:
    own, after = text[slice(*one)], text[slice(*other)]
    takes_back = TAKING_BACK.match(after) or _narrows(own, after)
    return not _is_break(text, one, other) and (bool(takes_back) or _gives_other_group(own, after))


def _gives_other_group(one: str, after: str) -> bool:
    """Whether a figure of one group is followed by that of the group it is compared with."""
    is_pair = not OTHER_GROUP.search(one) and OTHER_GROUP.search(after) and not re.search(r"\bthan\b", after)
    return bool(is_pair) and all(re.search(r"\d", sentence) for sentence in (one, after))


def _narrows(one: str, after: str) -> bool:
    """Whether a sentence says of the same thing that it was not so, or need not be."""
    if NARROWING.search(one) or not NARROWING.search(after):
        return False
    opening = re.findall(r"\w+", after.lower())[:OPENING]
    return sum(word in one.lower() for word in opening if len(word) >= CONTENT) > 1


def _is_break(text: str, one: Span, other: Span) -> bool:
    return re.search(r"\n\s*(?:\n|[-*•] )", text[one.end : other.start + 2]) is not None
