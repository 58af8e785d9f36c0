"""The hash of a library folder: tells whether an index was built from the summaries as they are now."""

import hashlib
from pathlib import Path

from corpus.errors import LibraryError
from corpus.known import KNOWN_NAME
from corpus.studies import GLOSSARY_NAME, study_files


def corpus_sha256(folder: Path) -> str:
    """The SHA-256, in hexadecimal, of the names and bytes of a library's files.

    These are its study files, its glossary and its known questions: all that an index is built from.

    Drafts and retired studies count too: publishing one changes its file, and the hash with it.

    Raises:
        LibraryError: there is no such folder, or a file of it cannot be read.
    """
    total = hashlib.sha256()
    beside = (folder / name for name in (GLOSSARY_NAME, KNOWN_NAME))
    for path in [*study_files(folder), *(path for path in beside if path.is_file())]:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise LibraryError(folder, f"{path.name} cannot be read: {error.strerror}") from error
        total.update(hashlib.sha256(path.name.encode()).digest() + hashlib.sha256(content).digest())
    return total.hexdigest()
