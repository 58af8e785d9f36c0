"""Highlight: the clause of a quoted sentence that answers, where one clearly does.

A wrong highlight is worse than none, so there is one only in a long sentence, only where one clause matches
the question clearly better than every other, and never on a clause that the next one takes back.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.sentences import Span
from index.encoder import TokenVectors
from index.function_words import FUNCTION_WORDS
from index.late import best_matches
from index.search import PassageIndex
from service.evidence import Evidence

LEAST_WORDS = 13
"""A shorter sentence is read at a glance."""

CLEARLY = 0.1
"""How much better, as a mean cosine, the best clause must match than any other."""

ASKS_FIGURE = re.compile(
    r"\b(?:how (?:many|much|long|old|often|soon|high|low|big|large|far)|percent\w*|proportion|share|number|"
    r"average|median|dose|rate)\b",
    re.IGNORECASE,
)
"""Questions that are answered by a number."""

_FIGURE = re.compile(
    r"\d|\b(?:none|nobody|once|twice|half|two|three|four|five|six|seven|eight|nine|ten)\b", re.I
)
_BREAK = re.compile(
    r"[,;:]\s+|\s[–—-]\s|\s+(?=(?:and|or|but|while|whereas|although|though|so|yet)\s)"  # noqa: RUF001
)
_JOINT = re.compile(r"(?:and|or|but|so|yet)\s+", re.IGNORECASE)
_TAKES_BACK = re.compile(
    r"(?:but|while|whereas|although|though|yet|except|unless|if|however)\b", re.IGNORECASE
)
_VERB = (
    r"(?:is|are|was|were|has|have|had|does|do|did|can|could|may|might|must|will|would|came|come|comes|got|get|"
    r"rose|fell|went|took|gave|gives?|made|makes|held|kept|left|put|ran|saw|said|says|began|grew|means?|lists?|"
    r"marks?|shows?|counts?|reached|improved|worsened|showed|died|survived|stayed|remained|reported|averaged|"
    r"dropped|changed|ended|lasted|happened|occurred|recovered|relapsed|differed|concluded|judged|needed|wanted|"
    r"asked|helped|worked|seemed|increased|decreased|caused|allowed)"
)
"""Words that make a clause; participles such as "called" or "treated" do not, so some clauses stay in one."""

_SAYS = re.compile(rf"\b{_VERB}\b")
_GOES_ON = re.compile(
    rf"(?:(?:and|or|but) )?(?:which|who|whose|that|where|when|as|because|in which|{_VERB})\b", re.I
)
"""How a piece begins that is no clause of its own: with a relative word, or without a subject."""
_PREPOSITION = re.compile(
    r"(?:of|in|at|after|before|within|with|without|by|for|from|during|on|over|among|until|since|under|about)\b",
    re.I,
)
"""How a sentence opens that first says when or of whom it speaks: "Of the 37 people who improved, 9 ..."."""


def mark_answers(
    items: Sequence[Evidence], question: str, tokens: TokenVectors, index: PassageIndex
) -> list[Evidence]:
    """The same quotes, each with its answering clause where that can be told.

    Args:
        items: what is to be quoted.
        question: its words.
        tokens: its tokens, from the model that the index was built with.
        index: where the sentences' tokens are stored.
    """
    says = [
        place for place, word in enumerate(tokens.tokens) if word.isalnum() and word not in FUNCTION_WORDS
    ]
    asked = tokens.vectors[says]
    return [
        item.marked(clause) if (clause := _answering_clause(item, asked, question, index)) else item
        for item in items
    ]


def clauses(sentence: str) -> list[Span]:
    """The clauses of a sentence, in order, without what joins them; a list is part of its clause."""
    hidden = re.sub(r"\([^()]*\)", lambda match: "x" * len(match.group()), sentence)
    parts = _with_verbs(hidden, list(_pieces(hidden)))
    return [_trimmed(sentence, part) for part in parts]


def choose_clause(
    sentence: str,
    spans: Sequence[Span],
    vectors: NDArray[np.floating],
    asked: NDArray[np.float32],
    *,
    figure: bool,
) -> Span | None:
    """The clause that answers, None where none clearly does.

    Args:
        sentence: its words.
        spans: where in it each of its tokens stands.
        vectors: those of its tokens, (tokens, dimension), unit length.
        asked: those of the question's content words, (words, dimension), unit length.
        figure: whether a number is asked for.
    """
    found = clauses(sentence)
    is_long = len(sentence.split()) >= LEAST_WORDS
    # A sentence beyond what the model reads has fewer vectors than tokens.
    if not is_long or len(found) == 1 or not len(asked) or len(spans) != len(vectors):
        return None
    inside = [[span.start >= part.start and span.end <= part.end for span in spans] for part in found]
    scores = best_matches(asked, [vectors[np.array(mask, dtype=bool)] for mask in inside]).mean(axis=0)
    if figure:
        scores = np.where([bool(_FIGURE.search(sentence[slice(*part)])) for part in found], scores, -1)
    best, second = np.argsort(-scores, kind="stable")[:2]
    clearly = scores[best] - scores[second] >= CLEARLY
    return found[best] if clearly and not _is_taken_back(sentence, found[best]) else None


def _answering_clause(
    item: Evidence, asked: NDArray[np.float32], question: str, index: PassageIndex
) -> Span | None:
    if item.sentence not in item.passage.sentences or item.quote.end > item.sentence.end:
        return None
    stored = index.sentences_of(item.passage)[item.passage.sentences.index(item.sentence)]
    spans = index.encoder.token_spans(item.text)
    figure = ASKS_FIGURE.search(question) is not None
    clause = choose_clause(item.text, spans, stored.tokens, asked, figure=figure)
    start = item.sentence.start
    return Span(start + clause.start, start + clause.end) if clause else None


def _pieces(text: str) -> Iterator[Span]:
    gaps = [match.span() for match in _BREAK.finditer(text)]
    ends = [*(start for start, _ in gaps), len(text)]
    yield from (Span(start, end) for start, end in zip([0, *(end for _, end in gaps)], ends, strict=True))


def _with_verbs(text: str, pieces: Sequence[Span]) -> list[Span]:
    """Pieces put together until each says something.

    One without a verb belongs to the one before, or, where it opens the sentence or stands between two others
    ("albumin, C3 and C4 rose"), to the one after; so do relative clauses to what they tell of.
    """
    parts: list[Span] = []
    is_open = False
    for piece in pieces:
        own = text[slice(*piece)]
        is_frame = not parts and _PREPOSITION.match(own) is not None
        says = _SAYS.search(own) is not None and not _GOES_ON.match(own) and not is_frame
        if parts and (is_open or not says):
            parts[-1] = Span(parts[-1].start, piece.end)
        else:
            parts.append(piece)
        is_open = is_open if _GOES_ON.match(own) else not says
    return parts


def _trimmed(sentence: str, part: Span) -> Span:
    text = sentence[slice(*part)]
    joint = _JOINT.match(text)
    start = part.start + (joint.end() if joint else 0)
    return Span(start, part.start + len(text.rstrip(" .,;:!?")))


def _is_taken_back(sentence: str, clause: Span) -> bool:
    """Whether a clause is narrowed by what follows ("..., but ..."), or narrows another ("while ...")."""
    after = sentence[clause.end :].lstrip(" ,;:–—-")  # noqa: RUF001
    return any(_TAKES_BACK.match(text) for text in (after, sentence[slice(*clause)]))
