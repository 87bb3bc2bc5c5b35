"""Keeping the window out of screen sharing and screenshots, where the system can."""

from __future__ import annotations

import ctypes
import sys
from typing import Any, Protocol

_WDA_NONE, _WDA_EXCLUDEFROMCAPTURE = 0x00, 0x11


class CaptureBlock(Protocol):
    """Hides a window from whoever records the screen."""

    def set_blocked(self, window: int, *, blocked: bool) -> bool:
        """Hide the window with this native handle from recordings, or show it again; False where that can't be done."""
        ...


class NoCaptureBlock:
    """X11 has no such thing, and Wayland asks the user before anything is recorded."""

    def set_blocked(self, window: int, *, blocked: bool) -> bool:
        """Do nothing."""
        del window, blocked
        return False


class WindowsCaptureBlock:
    """Windows 10 2004 and later leave the window out; older ones refuse. Not tried on Windows yet."""

    def __init__(self, user32: Any) -> None:
        """Take the library `user32`."""
        self._user32 = user32

    def set_blocked(self, window: int, *, blocked: bool) -> bool:
        """Hide the window with this native handle from recordings, or show it again; False when Windows refuses."""
        affinity = _WDA_EXCLUDEFROMCAPTURE if blocked else _WDA_NONE
        return bool(self._user32.SetWindowDisplayAffinity(ctypes.c_void_p(window), affinity))


def capture_block_of_this_machine(platform: str = sys.platform) -> CaptureBlock:
    """Return what hides windows here; `platform` as `sys.platform` names it."""
    if platform == "win32":
        library = ctypes.WinDLL  # type: ignore[attr-defined,unused-ignore]  # of Windows only
        return WindowsCaptureBlock(library("user32"))
    return NoCaptureBlock()
