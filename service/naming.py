"""Naming: a sentence that names what a question names, in the glossary's terms, is likelier to answer it.

"Did anyone get pneumonia?" is to find the sentence with the pneumonia, however else that is put. The reader
sees likeness of words and nothing of which of them matter to a clinic; the glossary was written for that.
"""

import math
import re
from collections.abc import Iterable
from functools import lru_cache

from corpus.glossary import SHORT, Glossary
from corpus.studies import Study
from service.evidence import ReadSentences
from service.overview import subject_words

LIFT = math.log(3)
"""Added to the log odds. Chosen on the tuning questions; from 1.0 to 2.0 it made no difference there."""


def lift_naming(
    read: ReadSentences, question: str, glossary: Glossary, studies: Iterable[Study]
) -> ReadSentences:
    """The same sentences; those that name each term that the question names with three times the odds.

    What the whole library is about ("lupus", "stem cells") is no such term.

    Args:
        read: scored.
        question: with the library's words for everyday ones.
        glossary: the terms.
        studies: all of the library; their titles say what it is about.
    """
    subject = subject_words(tuple(study.title for study in studies))
    named = {
        term.term: _pattern((term.term, *term.forms))
        for term, _ in glossary.find(question, lay=True)
        if not subject.issuperset(term.term.lower().split())
    }
    names = [
        bool(named) and all(words.search(item.text) for words in named.values()) for item in read.sentences
    ]
    lifted = [
        item.moved(LIFT) if is_named else item for item, is_named in zip(read.sentences, names, strict=True)
    ]
    return read._replace(sentences=lifted, named=names)


@lru_cache(maxsize=1024)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """A term's names as whole words; an abbreviation counts in capitals alone."""
    return re.compile(rf"\b(?:{'|'.join(map(_spelling, names))})\b")


def _spelling(name: str) -> str:
    if name.isupper() and len(name) <= SHORT:
        return re.escape(name)
    words = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", name)))
    return f"(?i:{words})"
