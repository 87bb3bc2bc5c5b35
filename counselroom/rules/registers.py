"""States of a row of a register."""

from __future__ import annotations

from enum import StrEnum


class RegisterState(StrEnum):
    """A draft is edited; a filed row is only voided, with a reason, and written anew."""

    DRAFT = "draft"
    FILED = "filed"
