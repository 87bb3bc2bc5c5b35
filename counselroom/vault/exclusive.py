"""One process at a time: the lock beside the vault, shared by the window and the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from filelock import BaseFileLock, FileLock, Timeout

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.vault.opening import inaccessible

LOCK_NAME: Final = "vault.lock"


class VaultInUse(UserError):
    """Another process, or another window of this one, has the vault open."""


def hold(folder: Path) -> BaseFileLock:
    """Take the lock of the vault in `folder` and return it; the operating system frees it when the process dies.

    Raises:
        VaultInUse: somebody else holds it.
        DatabaseInaccessible: the folder can't be written to.
    """
    lock = FileLock(folder / LOCK_NAME, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise VaultInUse(
            _("The vault is already open in another window of this computer."),
            _("Nothing was changed."),
            _("Please go on there, or close it there first."),
        ) from None
    except OSError:
        raise inaccessible() from None
    return lock
