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
    """The studies of a folder, or of an import so far, under keys.

    Args:
        ids: study ids that are taken, whatever stands in their files.
    """

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._ids = set(ids)
        self._identities: dict[str, _Identity] = {}
        self._by_trait: dict[str, list[str]] = {}

    def add(self, key: str, work: Record | Study) -> None:
        """Puts a study on the shelf, under its id or another key."""
        self._ids.add(key)
        self._identities[key] = _identity(work)
        for trait in _traits(self._identities[key]):
            self._by_trait.setdefault(trait, []).append(key)

    def find(self, work: Record | Study) -> str | None:
        """The key of the same study, or None.

        Two are the same if they share a DOI, a PubMed or a PubMed Central number; or if they share the title,
        not both have such numbers of one kind, and neither the first author nor the year (one apart may be
        the online edition) contradicts it.
        """
        identity = _identity(work)
        for trait in _traits(identity):
            for key in self._by_trait.get(trait, []):
                if _is_same(identity, self._identities[key]):
                    return key
        return None

    def free_id(self, wanted: str) -> str:
        """The study id, or where it is taken the id with `_2`, `_3`, ... behind it."""
        number, study_id = 1, wanted
        while study_id in self._ids:
            number += 1
            study_id = f"{wanted}_{number}"
        return study_id


def _identity(work: Record | Study) -> _Identity:
    first = work.authors[0] if work.authors else ""
    return _Identity(
        doi=work.doi.casefold() if work.doi else None,
        pmid=work.pmid,
        pmcid=work.pmcid,
        title=plain_title(work.title),
        author=_family_letters(first if isinstance(first, str) else first.short),
        year=work.year,
    )


def _traits(identity: _Identity) -> list[str]:
    names = [name for name in ("doi", "pmid", "pmcid") if getattr(identity, name)]
    return [*(f"{name}:{getattr(identity, name)}" for name in names), f"title:{identity.title}"]


def _is_same(one: _Identity, other: _Identity) -> bool:
    numbers = [(one.doi, other.doi), (one.pmid, other.pmid), (one.pmcid, other.pmcid)]
    both = [pair for pair in numbers if all(pair)]
    if both:
        return any(first == second for first, second in both)
    if one.author and other.author and one.author != other.author:
        return False
    years_differ = one.year is not None and other.year is not None and abs(one.year - other.year) > 1
    return one.title == other.title and bool(one.title) and not years_differ


def _family_letters(author: str) -> str | None:
    """The family name of `Deng D`, for comparing: without initials, which sources abbreviate differently."""
    words = author.split()
    return ascii_letters(" ".join(words[:-1] or words)) or None
