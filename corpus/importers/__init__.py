"""Importers: records from exchange formats and research pages as draft study files."""

from corpus.importers.detect import Format
from corpus.importers.importing import import_files
from corpus.importers.report import Draft, ImportReport, format_report

__all__ = ["Draft", "Format", "ImportReport", "format_report", "import_files"]
