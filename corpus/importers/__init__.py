"""Importers: records from exchange formats and research pages as draft study files."""

from corpus.importers.detect import Format
from corpus.importers.importing import Draft, ImportReport, import_files

__all__ = ["Draft", "Format", "ImportReport", "import_files"]
