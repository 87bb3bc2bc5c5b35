"""The watch of this machine's session."""

from __future__ import annotations

import sys
from collections.abc import Callable

from counselroom.desktop.session import Leave, SessionWatch


class NoSessionWatch:
    """A system that tells nothing we understand; idle time and the clock still lock the room."""

    def start(self, leave: Leave) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


class LinuxSession:
    """The watch of Linux, imported (30 ms) when there is something to lock."""

    def __init__(self) -> None:
        self._watch: SessionWatch | None = None

    def start(self, leave: Leave) -> None:
        """Watch from now on."""
        from counselroom.desktop.linux_session import LinuxSessionWatch

        self._watch = LinuxSessionWatch()
        self._watch.start(leave)

    def stop(self) -> None:
        """Watch no more."""
        if self._watch is not None:
            self._watch.stop()


def session_watch_of_this_machine(window: Callable[[], int], platform: str = sys.platform) -> SessionWatch:
    """Return the watch of this system.

    Args:
        window: returns the native handle of the program's window, which Windows sends its messages to.
        platform: as `sys.platform` names it.
    """
    if platform.startswith("linux"):
        return LinuxSession()
    if platform == "win32":
        import ctypes

        from counselroom.desktop.qt_windows_session import WindowsSessionWatch

        library = ctypes.WinDLL  # type: ignore[attr-defined,unused-ignore]  # of Windows only
        return WindowsSessionWatch(window, library("wtsapi32"))
    return NoSessionWatch()
