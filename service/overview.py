"""Overview: "does it work?" has nothing to look up; it gets the main messages of the strongest studies."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from corpus.glossary import Glossary
from corpus.passages import Passage
from corpus.sentences import Span
from corpus.studies import Study
from index.function_words import FUNCTION_WORDS
from service.balance import (
    AGAINST_CONTROLS,
    ASKS,
    COMPARING,
    MAIN_MESSAGE,
    MIXED,
    NEGATIVE,
    POSITIVE,
    Topic,
    strength,
)
from service.evidence import Evidence
from service.reasons import Reason, Tell, untold
from service.sayings import is_quotable

OPENING = 3
"""Sentences of a section's first paragraph that are a study's main message, with both groups of a trial."""

AS_A_WHOLE = {
    Topic.effect: re.compile(
        r"\b(?:work(?:s|ed|ing)?|help(?:s|ed|ful|ing)?|effective\w*|efficacy|benefit\w*|(?<!for )good|useful|"
        r"worth|hope|success\w*|better|improv\w*|cure[sd]?|heal(?:s|ed)?|results?|outcomes?|pro(?:of|ves?|ved|ven)|evidence|"
        r"do anything|(?:make|made) (?:a|any) difference|pros and cons|find|found|show|conclude\w*)\b",
        re.IGNORECASE,
    ),
    Topic.safety: re.compile(
        r"\b(?:safe\w*|unsafe|danger\w*|risk(?:s|y)?|harm(?:s|ed|ful)?|hurt(?:s|ing)?|"
        r"(?:go(?:es)?|went) wrong|downsides?|drawbacks?|(?:any|some)thing bad|bad things?)\b",
        re.IGNORECASE,
    ),
}
"""Words that name a topic and nothing in particular of it."""

BENEFIT = re.compile(
    r"\b(?:work(?:s|ed|ing)?|help(?:s|ed|ful|ing)?|effective\w*|efficacy|benefit\w*|any good|useful|worth|"
    r"success\w*|improv\w*|cure[sd]?|heal(?:s|ed)?|do anything|(?:make|made) (?:a|any) difference)\b",
    re.IGNORECASE,
)
"""Words that ask for benefit beside a word of harm; "is there proof that it is safe?" asks for harm alone."""

_PARTICULAR = re.compile(
    r"(?:(?:and|so|but|ok|then|also|well)[ ,]+)*"
    r"(?:(?:in|from|at|to|by|for|on) )?"
    r"(?:(?:who|whom|whose|where|when|which|why)\b|how (?:long|often|many|much|old|far|soon)\b|"
    r"(?!what happened\b|how (?:did|do|have|has)\b.*\b(?:do|done)\W*$)"
    r"(?:how|what)\b.*\b(?:given?|gave|gets?|got|taken?|takes|uses?|used|made|put)\b)",
    re.IGNORECASE,
)

IN_THE_BALANCE = re.compile(r"\bpros and cons\b|\bgood and (?:the )?bad\b", re.IGNORECASE)

COMMON_WORDS = frozenset("treatment treatments therapy people patient patients result results".split())
"""Words of medical questions that no sentence needs to match."""

PLAIN_WORDS = COMMON_WORDS | frozenset(
    """
    authors bad big came chance chances conclusion conclusions doctor doctors ever evidence experts
    finding findings gist great health hope human humans little make message much nah nope overall
    paper papers person persons point procedure rate reactions real really report reported reports
    research said say says scientists sick sort studies study summary takeaway tell tells term
    therapies trial trials whole work works worse wrong
    """.split()
)
"""Words that make a question of effect or safety no more particular."""


def is_general(question: str, studies: Iterable[Study]) -> bool:
    """Whether nothing is left of a question but a topic, a usual comparison, and the library's subject.

    "Does it work?" and "how many people died?" are; "did it help the kidneys?" is not.
    """
    known = FUNCTION_WORDS | PLAIN_WORDS | subject_words(tuple(study.title for study in studies))
    rest = question
    for words in (*ASKS.values(), AGAINST_CONTROLS):
        rest = words.sub(" ", rest)
    return known.issuperset(re.findall(r"[^\W_]+", rest.lower()))


def asks_as_a_whole(question: str, topic: Topic | None) -> bool:
    """Whether a general question asks for a topic as a whole or for none, so that no one sentence answers it.

    "Is it safe?" does; "how many people died?" asks for something that a sentence may say.
    """
    return topic is None or AS_A_WHOLE[topic].search(question) is not None


def asks_for_one_thing(question: str) -> bool:
    """Whether a question asks for one thing, although none of its words names it: "who was in the trial?"."""
    return _PARTICULAR.match(question) is not None


def asks_for_both(question: str) -> bool:
    """Whether a question asks for benefit and harm at once: "is it safe, and does it work?"."""
    return IN_THE_BALANCE.search(question) is not None or (
        BENEFIT.search(question) is not None and AS_A_WHOLE[Topic.safety].search(question) is not None
    )


def term_in(question: str, glossary: Glossary, studies: Iterable[Study]) -> str | None:
    """The first term of the glossary in a question that is not what the whole library is about anyway."""
    subject = subject_words(tuple(study.title for study in studies))
    terms = (term.term for term, _ in glossary.find(question, lay=True))
    return next((term for term in terms if not subject.issuperset(term.lower().split())), None)


@lru_cache(maxsize=8)
def subject_words(all_titles: tuple[str, ...]) -> frozenset[str]:
    """What the whole library is about: the words, singular and plural, that half of the titles have."""
    titles = [set(re.findall(r"[a-z]+", title.lower())) for title in all_titles]
    counts = Counter(word for title in titles for word in title)
    words = {word for word, count in counts.items() if count * 2 >= len(titles)}
    return frozenset(words | {f"{word}s" for word in words})


def overview(
    passages: Sequence[Passage],
    studies: Mapping[str, Study],
    topic: Topic,
    question: str = "",
    tell: Tell = untold,
) -> tuple[list[Evidence], list[Evidence]]:
    """One main message a side: of mixed findings and of benefit, and against them of no difference or harm.

    Each is that of the strongest study of its side. A comparison with other treatment is answered by studies
    with groups, that of no difference first.

    Returns:
        Statements and contrast; both empty where no study speaks on the topic.
    """
    compares = AGAINST_CONTROLS.search(question) is not None
    messages = {
        study_id: message
        for study_id, theirs in _by_study(passages).items()
        if not compares or studies[study_id].design in COMPARING
        if (message := _main_message(theirs, topic))
    }
    order = sorted(
        messages, key=lambda study_id: (_is_aside(messages[study_id]), strength(studies[study_id]))
    )
    mixed, positive, negative = (
        [messages[study_id] for study_id in order if studies[study_id].finding in side][:1]
        for side in (MIXED, POSITIVE, NEGATIVE)
    )
    tell(Reason.weaker_study, (messages[study_id] for study_id in order))
    if compares or not (mixed or positive):
        return [*negative, *mixed], positive
    return [*mixed, *positive], negative


def overviews(
    passages: Sequence[Passage],
    studies: Mapping[str, Study],
    topics: Iterable[Topic],
    question: str = "",
    tell: Tell = untold,
) -> tuple[list[Evidence], list[Evidence]]:
    """The overviews of several topics as one: what two of them have stands once."""
    sides = [overview(passages, studies, topic, question, tell) for topic in topics]
    statements, contrast = (
        list(dict.fromkeys(item for side in each for item in side)) for each in zip(*sides, strict=True)
    )
    return statements, contrast


def main_messages(passages: Sequence[Passage], topic: Topic) -> list[Evidence]:
    """The opening of each study's section on the topic, for a question about the study as a whole."""
    section = MAIN_MESSAGE[topic]
    openings = {passage.study_id: passage for passage in reversed(passages) if passage.section == section}
    return [_opening(openings[study_id]) for study_id in sorted(openings)]


def _by_study(passages: Iterable[Passage]) -> Mapping[str, Sequence[Passage]]:
    found: dict[str, list[Passage]] = {}
    for passage in passages:
        found.setdefault(passage.study_id, []).append(passage)
    return found


def _main_message(passages: Iterable[Passage], topic: Topic) -> Evidence | None:
    """What a study says first on a topic: in its key messages, or where it speaks of it; None if nothing."""
    said = [
        Evidence(passage=passage, sentence=span, quote=span, score=1.0)
        for section in (MAIN_MESSAGE[Topic.effect], MAIN_MESSAGE[topic])
        for passage in passages
        if passage.section == section
        for span in passage.sentences
    ]
    speaking = (
        item for item in said if topic is Topic.effect or _is_aside(item) or ASKS[topic].search(item.text)
    )
    first = next((item for item in speaking if is_quotable(item.text)), None)
    return None if first is None or first.is_silent else first


def _is_aside(message: Evidence) -> bool:
    """Whether it is not important enough to the study to stand among its key messages."""
    return message.passage.section != MAIN_MESSAGE[Topic.effect]


def _opening(passage: Passage) -> Evidence:
    paragraph = passage.start + len(passage.text.split("\n\n", 1)[0])
    sentences = [span for span in passage.sentences[:OPENING] if span.end <= paragraph]
    whole = Span(sentences[0].start, sentences[-1].end)
    return Evidence(passage=passage, sentence=whole, quote=whole, score=1.0)
