"""States of a print."""

from __future__ import annotations

from enum import StrEnum


class PrintState(StrEnum):
    """What became of a print; `voided` when the printer or the disk failed."""

    PRINTED = "printed"
    SAVED = "saved"
    VOIDED = "voided"
