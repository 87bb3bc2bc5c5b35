"""The six steps of the first run by name and order."""

from __future__ import annotations

from counselroom.i18n import pgettext

KEYS = ("place", "passphrase", "sheets", "school", "roster", "backup")
"""Their keys, in order; the draft of an interrupted first run holds one."""


def step_names() -> tuple[str, ...]:
    """Return what the left side calls them."""
    return (
        pgettext("wizard", "Make the vault"),
        pgettext("wizard", "Set the passphrase"),
        pgettext("wizard", "Print the sheets"),
        pgettext("wizard", "The school"),
        pgettext("wizard", "Import the roster"),
        pgettext("wizard", "Backup stick"),
    )


def number_of(key: str) -> int:
    """Return the place of a step, from 1."""
    return KEYS.index(key) + 1
