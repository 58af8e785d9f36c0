"""LexicalIndex: BM25 over title and text, kept by tantivy."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.errors import DamagedIndexError
from index.function_words import FUNCTION_WORDS

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]

TITLE_WEIGHT = 0.25
"""What a word in the title counts on top: title and text are searched as one, and the title once more."""

QUERY_WORDS = 256
"""Most different words of a query that are looked up: a pasted page must not stop the service."""

_TOKENIZER = "plain_english"
_LONGEST_WORD = 40
_LEAST_HEAP = 15_000_000
_MOST_HEAP = 1_000_000_000
_HEAP_PER_CHARACTER = 6


class LexicalIndex:
    """Documents of a title and a text, numbered from 0 in the order they were given.

    Scores are BM25 with tantivy's fixed k1 = 1.2 and b = 0.75 (Robertson and Zaragoza 2009, "The
    Probabilistic Relevance Framework: BM25 and Beyond"), with TITLE_WEIGHT for the title. Words are
    folded to lower-case ASCII ("Sjögren" finds "Sjogren") and stemmed.
    """

    def __init__(self, index: Any) -> None:
        index.register_tokenizer(_TOKENIZER, _analyser())
        self._schema = index.schema
        self._searcher = index.searcher()
        self._query_words = _analyser(tantivy.Filter.custom_stopword(sorted(FUNCTION_WORDS)))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    @classmethod
    def build(cls, folder: Path, documents: Iterable[tuple[str, str]]) -> Self:
        """Writes a new index.

        One thread and one segment: the same documents give the same scores and the same order of ties.

        Args:
            folder: an empty folder, made where missing; opening and searching leave its files unchanged.
            documents: pairs of title and text.
        """
        folder.mkdir(parents=True, exist_ok=True)
        pairs = list(documents)
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer(_TOKENIZER, _analyser())
        characters = sum(len(title) + len(text) for title, text in pairs)
        heap = min(max(_HEAP_PER_CHARACTER * characters, _LEAST_HEAP), _MOST_HEAP)
        writer = index.writer(heap_size=heap, num_threads=1)
        for number, (title, text) in enumerate(pairs):
            document = tantivy.Document()
            # add_unsigned, never from_dict: tantivy stores a plain Python integer as signed, and the
            # writer's thread dies of it in a field declared unsigned.
            document.add_unsigned("number", number)
            document.add_text("title", encodable(title))
            document.add_text("text", encodable(f"{title} {text}"))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def open(cls, folder: Path, *, count: int) -> Self:
        """Opens what `build` wrote.

        Args:
            folder: the folder.
            count: how many documents it must hold.

        Raises:
            DamagedIndexError: the folder is missing, cannot be read, or holds another number of documents.
        """
        try:
            opened = cls._open(folder)
        except (ValueError, OSError) as error:
            raise DamagedIndexError(folder, f"it cannot be read ({' '.join(str(error).split())})") from error
        if len(opened) != count:
            raise DamagedIndexError(folder, f"it holds {len(opened)} documents, expected {count}")
        return opened

    @classmethod
    def _open(cls, folder: Path) -> Self:
        if os.access(folder, os.W_OK):
            return cls(tantivy.Index.open(str(folder)))
        # tantivy locks what it opens by a file in its folder, which a read-only one refuses: it gets a
        # copy, gone again as soon as it is mapped into memory.
        with TemporaryDirectory() as copy:
            shutil.copytree(folder, copy, dirs_exist_ok=True)
            return cls(tantivy.Index.open(copy))

    def search(self, query: str, k: int) -> tuple[Numbers, Floats]:
        """The numbers of the documents with the highest scores above 0, best first, ties by number.

        The query is a bag of words, not a query language: no word or sign in it means anything else.

        Args:
            query: any text.
            k: how many at most.
        """
        words = self.words(query)
        if not words or k <= 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        hits = self._searcher.search(self._any_of(words), min(k, max(len(self), 1)), count=False).hits
        addresses = [address for _, address in hits]
        numbers = np.array(self._searcher.fast_field_values("number", addresses), np.int64)
        scores = np.array([score for score, _ in hits], np.float32)
        order = np.lexsort((numbers, -scores))
        return numbers[order], scores[order]

    def words(self, query: str) -> list[str]:
        """The different words of a query as they are looked up: folded, stemmed, function words left out."""
        return list(dict.fromkeys(self._query_words.analyze(encodable(query))))[:QUERY_WORDS]

    def _any_of(self, words: list[str]) -> Any:
        clauses = []
        for field, weight in (("title", TITLE_WEIGHT), ("text", 1.0)):
            for word in words:
                term = tantivy.Query.term_query(self._schema, field, word, index_option="freq")
                clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(term, weight)))
        return tantivy.Query.boolean_query(clauses)


def _analyser(*filters: Any) -> Any:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    folding = (
        tantivy.Filter.remove_long(_LONGEST_WORD),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
    )
    for step in (*folding, *filters, tantivy.Filter.stemmer("english")):
        builder = builder.filter(step)
    return builder.build()


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", fast=True)
    builder.add_text_field("title", tokenizer_name=_TOKENIZER, index_option="freq")
    builder.add_text_field("text", tokenizer_name=_TOKENIZER, index_option="freq")
    return builder.build()


def encodable(text: str) -> str:
    """The text without halves of characters (lone surrogates), which JSON may carry and UTF-8 may not."""
    return text.encode("utf-8", errors="replace").decode("utf-8")
