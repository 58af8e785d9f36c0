"""The first tables."""

from alembic import op

from service.storage.append_only import protect
from service.storage.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables."""
    metadata.create_all(op.get_bind())
    protect(op.get_bind())
