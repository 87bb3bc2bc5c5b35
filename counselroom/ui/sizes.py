"""Amounts of data in words a teacher knows: 1.8 GB, 640 MB."""

from __future__ import annotations

_STEPS = ((10**9, "GB"), (10**6, "MB"), (10**3, "KB"))


def size_text(size: int) -> str:
    """Return bytes in the largest fitting unit, one decimal below ten of it."""
    for unit, name in _STEPS:
        if size >= unit or name == "KB":
            value = size / unit
            return f"{value:,.1f} {name}" if value < 10 else f"{value:,.0f} {name}"
    return ""  # pragma: no cover - the loop returns at the smallest unit
