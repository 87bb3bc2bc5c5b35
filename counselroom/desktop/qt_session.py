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


def session_watch_of_this_machine(window: Callable[[], int], platform: str = sys.platform) -> SessionWatch:
    """Return the watch of this system.

    Args:
        window: returns the native handle of the program's window, which Windows sends its messages to.
        platform: as `sys.platform` names it.
    """
    if platform.startswith("linux"):
        from counselroom.desktop.linux_session import LinuxSessionWatch

        return LinuxSessionWatch()
    if platform == "win32":
        import ctypes

        from counselroom.desktop.qt_windows_session import WindowsSessionWatch

        library = ctypes.WinDLL  # type: ignore[attr-defined,unused-ignore]  # of Windows only
        return WindowsSessionWatch(window, library("wtsapi32"))
    return NoSessionWatch()
