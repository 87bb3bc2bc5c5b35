"""Tries what was typed in a thread of its own, and makes the next try wait after several failures."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from counselroom.i18n import _
from counselroom.ui.messages import plain_sentence
from counselroom.vault.keys.slots import WrongSecret
from counselroom.vault.keys.unlocking import Credential, Sheet

FREE_TRIES = 3
"""Failures after which nobody waits."""
LONGEST_WAIT = 60
"""Seconds between two tries at most."""


def wait_after(failures: int) -> int:
    """Return the seconds to wait after so many failures in a row: 0, 0, 0, 2, 4, 8 … 60."""
    return 0 if failures <= FREE_TRIES else min(LONGEST_WAIT, 2 ** min(failures - FREE_TRIES, 6))


class Unlocker(QObject):
    """Opens the vault with a credential; one try at a time.

    Attributes:
        opened: carries what `opening` returned.
        refused: carries the sentence and the seconds to wait before the next try.
        waiting: carries the seconds that are left to wait; 0 when the next try is free.
    """

    opened = Signal(object)
    refused = Signal(str, int)
    waiting = Signal(int)
    _finished = Signal(object, object)

    def __init__(self, opening: Callable[[Credential], object], parent: QObject | None = None) -> None:
        """Take what opens the vault: it takes a second and runs in a thread."""
        super().__init__(parent)
        self._opening = opening
        self._failures = 0
        self._left = 0
        self._is_trying = False
        self._thread: threading.Thread | None = None
        self._finished.connect(self._settle)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._second)

    def attempt(self, credential: Credential) -> bool:
        """Try a credential; False while another one is tried or the wait is not over."""
        if self._is_trying or self._left:
            return False
        self._is_trying = True
        self._thread = threading.Thread(target=self._try, args=(credential,), name="unlocking", daemon=True)
        self._thread.start()
        return True

    def _try(self, credential: Credential) -> None:
        try:
            result = self._opening(credential)
        except Exception as error:  # noqa: BLE001 - not handled here: every failure is told on the window's thread
            self._finished.emit(credential, error)
        else:
            self._finished.emit(None, result)

    def _settle(self, credential: Credential | None, result: object) -> None:
        if self._thread is not None:
            self._thread.join()  # it has just told its result; it may not be the last to hold this object
            self._thread = None
        self._is_trying = False
        if credential is None:
            self._failures = 0
            self.opened.emit(result)
            return
        if not isinstance(result, WrongSecret):
            assert isinstance(result, Exception)  # noqa: S101 - `_try` sends nothing else beside a credential
            self.refused.emit(plain_sentence(result), 0)
            return
        self._failures += 1
        self._left = wait_after(self._failures)
        if self._left:
            self._timer.start()
        self.refused.emit(_wrong(credential), self._left)

    def _second(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self._timer.stop()
        self.waiting.emit(self._left)


def _wrong(credential: Credential) -> str:
    if isinstance(credential, Sheet):
        return _("This sheet opens nothing here. The records are safe. Please check that it is the newest sheet.")
    return _("The passphrase is wrong; the records are safe. Please check capitals and input method, and try again.")
