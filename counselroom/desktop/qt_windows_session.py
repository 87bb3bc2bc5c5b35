"""Session lock, user switch and sleep on Windows: messages to a window of the program.

Not tried on Windows yet: no such computer was at hand. What a message means is decided by a pure function and tested.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication

from counselroom.desktop.session import Cause, Leave

WM_POWERBROADCAST = 0x0218
WM_WTSSESSION_CHANGE = 0x02B1
_PBT_APMSUSPEND, _PBT_APMRESUMESUSPEND, _PBT_APMRESUMEAUTOMATIC = 0x04, 0x07, 0x12
_WTS_CONSOLE_DISCONNECT, _WTS_REMOTE_DISCONNECT, _WTS_SESSION_LOGOFF, _WTS_SESSION_LOCK = 0x2, 0x4, 0x6, 0x7
_NOTIFY_FOR_THIS_SESSION = 0

_CAUSES = {
    (WM_POWERBROADCAST, _PBT_APMSUSPEND): Cause.SLEEP,
    (WM_POWERBROADCAST, _PBT_APMRESUMESUSPEND): Cause.WOKE,
    (WM_POWERBROADCAST, _PBT_APMRESUMEAUTOMATIC): Cause.WOKE,
    (WM_WTSSESSION_CHANGE, _WTS_CONSOLE_DISCONNECT): Cause.USER_SWITCHED,
    (WM_WTSSESSION_CHANGE, _WTS_REMOTE_DISCONNECT): Cause.USER_SWITCHED,
    (WM_WTSSESSION_CHANGE, _WTS_SESSION_LOGOFF): Cause.USER_SWITCHED,
    (WM_WTSSESSION_CHANGE, _WTS_SESSION_LOCK): Cause.SESSION_LOCKED,
}


class NativeMessage(ctypes.Structure):
    """The beginning of Windows' MSG: whom it is for, what it is, and its first parameter."""

    _fields_ = (("window", ctypes.c_void_p), ("message", ctypes.c_uint), ("wparam", ctypes.c_size_t))


def cause_of_message(message: int, wparam: int) -> Cause | None:
    """Return why a window message wants the room locked, or None.

    Windows grants about two seconds after the word of sleep and cannot be held up longer; the cover is there by then.
    """
    return _CAUSES.get((message, wparam))


class WindowsSessionWatch(QAbstractNativeEventFilter):
    """Reads the messages of Windows that pass through Qt."""

    def __init__(self, window: Callable[[], int], wtsapi: Any) -> None:
        """Take what returns the handle of the window, and the library `wtsapi32`."""
        super().__init__()
        self._window = window
        self._wtsapi = wtsapi
        self._leave: Leave | None = None
        self._registered = 0

    def start(self, leave: Leave) -> None:
        """Watch from now on."""
        self._leave = leave
        handle = self._window()
        if self._wtsapi.WTSRegisterSessionNotification(ctypes.c_void_p(handle), _NOTIFY_FOR_THIS_SESSION):
            self._registered = handle
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(self)

    def stop(self) -> None:
        """Watch no more."""
        self._leave = None
        application = QCoreApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self)
        if self._registered:
            self._wtsapi.WTSUnRegisterSessionNotification(ctypes.c_void_p(self._registered))
            self._registered = 0

    def nativeEventFilter(  # noqa: N802 - Qt's name
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        """Look at a message and let it go on to where it was sent."""
        if QByteArray(kind).data() == b"windows_generic_MSG" and self._leave is not None:
            seen = NativeMessage.from_address(int(message))
            cause = cause_of_message(seen.message, seen.wparam)
            if cause is not None:
                self._leave(cause)
        return False, 0
