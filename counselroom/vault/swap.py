"""Putting a restored vault in the place of the present one, which is kept."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.vault.keys.durable import sync_folder

KEPT = "-before-restore-"
"""Between the name of a vault's folder and the time at which it was replaced."""
INCOMING = ".incoming"
"""Suffix of a restored vault on its way into the place."""


RESTORED = ".restored-"
"""Between the name of a vault's folder and the time at which another one was restored beside it."""


class SwapFailed(UserError):
    """The folders could not be exchanged."""


def swap_in(restored: Path, current: Path, now: datetime) -> Path:
    """Put the closed vault `restored` in the place of the closed vault `current`, and return where that is kept.

    Both must be on one disk. Killed at any moment, no vault is lost: `finish_swap` completes what was begun.
    What fails half-way is taken back.

    Args:
        restored: folder of the restored vault; it is gone afterwards.
        current: folder of the present vault.
        now: the present, for the name of the kept folder.

    Raises:
        SwapFailed: a folder is in use or not on one disk; the present vault is in its place, or will be put there by
            `finish_swap`.
    """
    kept = current.with_name(f"{current.name}{KEPT}{now:%Y%m%d-%H%M%S}")
    incoming = current.with_name(current.name + INCOMING)
    try:
        restored.rename(incoming)
        current.rename(kept)
        incoming.rename(current)
    except OSError:
        raise _undone(restored, current, incoming, kept) from None
    with suppress(OSError):  # the names are changed; were they lost with the power, `finish_swap` changes them again
        sync_folder(current.parent)
    return kept


def _undone(restored: Path, current: Path, incoming: Path, kept: Path) -> SwapFailed:
    """Put back what was moved, the present vault first, and return what to say."""
    happened = _("The restored vault could not be put in the place of the present one.")
    try:
        if kept.exists() and not current.exists():
            kept.rename(current)
        if incoming.exists() and not restored.exists():
            incoming.rename(restored)
    except OSError:
        return SwapFailed(
            happened,
            _("Both are whole; the present one is in the folder {folder}.").format(
                folder=current.name if current.exists() else kept.name
            ),
            _("Please restart the computer and open the program again; it then completes the exchange."),
        )
    return SwapFailed(
        happened,
        _("Both vaults are unchanged."),
        _("Please close the program everywhere, and restore to a folder on the same disk."),
    )


def place_beside(current: Path, now: datetime) -> Path:
    """Return a free place for a restored vault on the disk of the present one; what was left of earlier tries goes.

    A try that was stopped by a lock leaves a whole encrypted vault that nobody opened.
    """
    for left in current.parent.glob(f"{current.name}{RESTORED}*"):
        shutil.rmtree(left, ignore_errors=True)
    return current.with_name(f"{current.name}{RESTORED}{now:%Y%m%d-%H%M%S}")


def finish_swap(current: Path) -> bool:
    """Complete an exchange that was interrupted; called before a vault is opened. Returns whether there was one."""
    incoming = current.with_name(current.name + INCOMING)
    if current.exists() or not incoming.is_dir():
        return False
    incoming.rename(current)
    sync_folder(current.parent)
    return True
