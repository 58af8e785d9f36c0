"""Exports of the Retraction Watch database, made row by row as the real ones are."""

import csv
import io
from collections.abc import Mapping, Sequence

COLUMNS = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,"
    "RetractionNature,Reason,Paywalled,Notes,"
).split(",")

USUAL = {
    "Record ID": "4036",
    "Title": "Outcomes of mesenchymal interventions",
    "Journal": "A Journal",
    "RetractionDate": "2/6/2010 0:00",
    "RetractionDOI": "10.1000/notice.1",
    "RetractionPubMedID": "20137807",
    "OriginalPaperDate": "2/28/1998 0:00",
    "OriginalPaperDOI": "10.1000/xyz.1",
    "OriginalPaperPubMedID": "12345678",
    "RetractionNature": "Retraction",
    "Reason": "Falsification/Fabrication of Data;Investigation by Company/Institution;",
    "Paywalled": "No",
}


def export(*rows: Mapping[str, str], columns: Sequence[str] = COLUMNS, delimiter: str = ",") -> bytes:
    """An export with these rows; what a row does not name is as in USUAL."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        assert set(row) <= set(COLUMNS)
        writer.writerow([{**USUAL, **row}.get(name, "") for name in columns])
    return text.getvalue().encode()
