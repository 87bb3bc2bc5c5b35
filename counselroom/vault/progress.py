"""How long work on a vault tells what it is doing, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from counselroom.errors import UserError
from counselroom.i18n import _


class Step(StrEnum):
    """A part of a backup, verification or restore; a page shows its name and a bar."""

    CHECK = "check"
    """Checking the vault."""
    IMAGE = "image"
    """Making the encrypted image."""
    COPY = "copy"
    """Writing it to the medium."""
    READ_BACK = "read_back"
    """Reading it back from the medium."""
    VERIFY = "verify"
    """Opening the finished file and checking its content."""
    RESTORE = "restore"
    """Writing the new vault."""
    PRINT = "print"
    """Sending sheets to a printer."""
    COUNT = "count"
    """Counting records."""


Progress = Callable[[Step, int, int], None]
"""Called with the step, what is done of it and the whole, in bytes or pages of one unit."""
Cancel = Callable[[], bool]
"""Asked often; True stops the work."""


class Cancelled(UserError):
    """The user stopped the work. Nothing half done is left."""

    def __init__(self) -> None:
        super().__init__(_("Stopped."), _("Nothing was left half done."))


def silent(step: Step, done: int, whole: int) -> None:
    """Take progress and show nothing."""
    del step, done, whole


def never() -> bool:
    """Return False: nobody stops the work."""
    return False


def stop_if(cancel: Cancel) -> None:
    """Raise Cancelled when the work is to stop."""
    if cancel():
        raise Cancelled
