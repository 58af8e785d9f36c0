"""Identifiers and years, read out of the many ways in which sources write them."""

import re

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_REGISTRIES = re.compile(
    r"ClinicalTrials\.gov|ISRCTN|ANZCTR|ChiCTR|CRiS|CTRI|DRKS|EudraCT|IRCT|JapicCTI|JMACCT|jRCT|JPRN|NTR|PACTR|"
    r"PROSPERO|ReBec|REPEC|RPCEC|SLCTR|TCTR|UMIN[- ]?CTR|LBCTR",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://[^\s<>\"]+")


def find_doi(text: str | None) -> str | None:
    """The first DOI of a text, without `https://doi.org/` before it or a full stop after it."""
    match = _DOI.search(text or "")
    if not match:
        return None
    doi = match.group().rstrip(".,;")
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip(".,;")
    return doi


def find_pmid(text: str | None) -> str | None:
    """The PubMed number that a text names as such (`PMID: 123` or a PubMed address)."""
    match = re.search(
        r"(?:\bPMID:?\s*|pubmed(?:\.ncbi\.nlm\.nih\.gov)?/)(\d{1,8})\b", text or "", re.IGNORECASE
    )
    return match.group(1) if match else None


def find_pmcid(text: str | None) -> str | None:
    """The PubMed Central number of a text, with its letters (`PMC7157802`)."""
    match = re.search(r"\bPMC\d+\b", text or "")
    return match.group() if match else None


def find_year(text: str | None) -> int | None:
    """The first year from 1900 to 2099 in a text."""
    match = _YEAR.search(text or "")
    return int(match.group()) if match else None


def find_link(text: str | None) -> str | None:
    """The first web address of a text."""
    match = _LINK.search(text or "")
    return match.group().rstrip(".,;)") if match else None


def is_trial_registry(name: str) -> bool:
    """Whether a data bank that PubMed names registers trials or reviews (others keep sequences)."""
    return _REGISTRIES.fullmatch(name.strip()) is not None


def doi_link(doi: str) -> str:
    """The address under which a DOI resolves."""
    return f"https://doi.org/{doi}"


def pubmed_link(pmid: str) -> str:
    """The address of a PubMed record."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"


def journal_line(name: str | None, volume: str | None, issue: str | None, pages: str | None) -> str | None:
    """The journal as citations give it, as far as known: `Clinical Rheumatology 33(11):1611-1619`."""
    if not name:
        return None
    place = (volume or "") + (f"({issue})" if issue else "") + (f":{pages}" if pages else "")
    return f"{name} {place}" if place else name
