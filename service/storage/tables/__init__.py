"""The tables, one file a part of the desks; importing this package makes them all known to `metadata`."""

from service.storage.tables import accounts, audit, checks, figures, judging, kept, shelf
from service.storage.tables.base import metadata

__all__ = ["accounts", "audit", "checks", "figures", "judging", "kept", "metadata", "shelf"]
