"""The lock: cover, drafts, jobs, vault, a fresh process, and the end of this one, in this order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from counselroom import log
from counselroom.desktop.relauncher import Handover, Relauncher
from counselroom.errors import UserError

_log = log.get(__name__)


class Lock(QObject):
    """Locks once; afterwards this process has nothing left to do.

    Attributes:
        ended: the fresh process shows itself: this one ends.
        stranded: nothing fresh came; the vault is closed, the cover stays. Carries what the closing has to say.
    """

    ended = Signal()
    stranded = Signal(str)

    def __init__(
        self,
        *,
        cover: Callable[[], None],
        save: Callable[[], None],
        close: Callable[[], str],
        relauncher: Relauncher,
        parent: QObject | None = None,
    ) -> None:
        """Take the steps.

        Args:
            cover: hides everything at once, on this thread.
            save: posts the drafts to the change lane, on this thread.
            close: waits for the lanes, closes the vault and returns what the user must hear of it, or nothing; may
                take 2 s, in a thread of its own.
            relauncher: starts the fresh process.
            parent: owner.
        """
        super().__init__(parent)
        self._cover = cover
        self._save = save
        self._close = close
        self._relauncher = relauncher
        self._is_locking = False

    def lock(self, handover: Handover | None) -> None:
        """Lock; with None the program ends instead of starting anew. A second call does nothing."""
        if self._is_locking:
            return
        self._is_locking = True
        self._cover()
        self._save()
        threading.Thread(target=self._leave, args=(handover,), name="locking", daemon=True).start()

    def _leave(self, handover: Handover | None) -> None:
        try:
            notice = self._close()
        except UserError as error:
            _log.exception("the vault could not be closed in order")  # what was saved before is safe
            notice = error.sentence()
        if handover is None or self._relauncher.start(replace(handover, notice=notice)):
            self.ended.emit()
        else:
            self.stranded.emit(notice)
