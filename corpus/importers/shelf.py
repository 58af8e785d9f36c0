"""Shelf: which studies are there already, so that none comes in twice and no id is given twice."""

from collections.abc import Iterable
from typing import NamedTuple

from corpus.importers.plaintext import ascii_letters
from corpus.importers.records import Record, plain_title
from corpus.studies import Study


class _Identity(NamedTuple):
    """What tells studies apart; None where it is not known."""

    doi: str | None
    pmid: str | None
    pmcid: str | None
    title: str
    author: str | None
    year: int | None


class Shelf:
    """The studies of a folder and of an import so far.

    Args:
        ids: ids that are taken whatever stands in their files.
    """

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._ids = set(ids)
        self._identities: dict[str, _Identity] = {}
        self._by_key: dict[str, list[str]] = {}

    def add(self, study: Study) -> None:
        """Puts a study on the shelf."""
        author = study.authors[0] if study.authors else None
        identity = _Identity(
            doi=study.doi.casefold() if study.doi else None,
            pmid=study.pmid,
            pmcid=study.pmcid,
            title=plain_title(study.title),
            author=_first_letters(author),
            year=study.year,
        )
        self._ids.add(study.study_id)
        self._identities[study.study_id] = identity
        for key in _keys(identity):
            self._by_key.setdefault(key, []).append(study.study_id)

    def find(self, record: Record) -> str | None:
        """The id of the same study, or None.

        Two are the same if they share a DOI, a PubMed or a PubMed Central number; or if they share the title,
        not both have such numbers of one kind, and neither the first author nor the year (one apart may be
        the online edition) contradicts it.
        """
        identity = _Identity(
            doi=record.doi.casefold() if record.doi else None,
            pmid=record.pmid,
            pmcid=record.pmcid,
            title=plain_title(record.title),
            author=_first_letters(record.authors[0].short if record.authors else None),
            year=record.year,
        )
        for key in _keys(identity):
            for study_id in self._by_key.get(key, []):
                if _is_same(identity, self._identities[study_id]):
                    return study_id
        return None

    def free_id(self, wanted: str) -> str:
        """The id, or where it is taken the id with `_2`, `_3`, ... behind it."""
        number, study_id = 1, wanted
        while study_id in self._ids:
            number += 1
            study_id = f"{wanted}_{number}"
        return study_id


def _keys(identity: _Identity) -> list[str]:
    numbers = (
        f"{name}:{getattr(identity, name)}" for name in ("doi", "pmid", "pmcid") if getattr(identity, name)
    )
    return [*numbers, f"title:{identity.title}"]


def _is_same(one: _Identity, other: _Identity) -> bool:
    numbers = [(getattr(one, name), getattr(other, name)) for name in ("doi", "pmid", "pmcid")]
    both = [pair for pair in numbers if all(pair)]
    if both:
        return any(first == second for first, second in both)
    if one.author and other.author and one.author != other.author:
        return False
    years_differ = one.year is not None and other.year is not None and abs(one.year - other.year) > 1
    return one.title == other.title and bool(one.title) and not years_differ


def _first_letters(author: str | None) -> str | None:
    """The family name of `Deng D`, for comparing: without initials, which sources abbreviate differently."""
    words = (author or "").split()
    return ascii_letters(" ".join(words[:-1] or words)) or None
