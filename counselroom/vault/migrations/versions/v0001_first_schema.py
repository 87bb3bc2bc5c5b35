"""The first schema. Vaults with it were created whole; there is nothing older to come from."""

from __future__ import annotations

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Do nothing."""
