"""How much a fault test does: the share of CI by default, more by `make faults`, all by `make faults FULL=1`."""

from __future__ import annotations

import os


def count(*, ci: int, more: int, full: int) -> int:
    """Return the number of repetitions asked for by the environment variable FAULTS (unset, `more` or `full`)."""
    return {"": ci, "more": more, "full": full}[os.environ.get("FAULTS", "")]
