"""How the window says things: what was done as a toast, what went wrong as a banner that stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from counselroom import log
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.vault.progress import Cancelled

if TYPE_CHECKING:
    from counselroom.services.changes import Undo

_log = log.get(__name__)


class Messages(QObject):
    """Turns results and failures into sentences; the main window shows them.

    Attributes:
        done: carries a sentence in the past tense and what takes it back: an `Undo`, a function, or None.
        failed: carries the sentences of a failure; they stay until they are read.
    """

    done = Signal(str, object)
    failed = Signal(str)

    def say(self, sentence: str, undo: Undo | Callable[[], None] | None = None) -> None:
        """Say that something was done, with what takes it back."""
        self.done.emit(sentence, undo)

    def tell(self, error: BaseException) -> None:
        """Say what went wrong. What the user stopped is said like something done; what is our fault is logged."""
        if isinstance(error, Cancelled):
            self.done.emit(error.sentence(), None)
        elif isinstance(error, UserError):
            self.failed.emit(error.sentence())
        else:
            self.failed.emit(plain_sentence(error))


def plain_sentence(error: BaseException) -> str:
    """Return the sentence for a failure, a plain one for a mistake of ours, which is written to the log."""
    if isinstance(error, UserError):
        return error.sentence()
    _log.error("a mistake of the program", exc_info=(type(error), error, error.__traceback__))
    return _("The program made a mistake here. What was saved is safe. Please try again; if it happens again, restart.")
