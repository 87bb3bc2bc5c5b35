"""No picture of this process's memory is left on a disk, and no other process of the same user may read it."""

from __future__ import annotations

import ctypes
import sys

_PR_SET_DUMPABLE = 4


def forbid_dumps() -> None:
    """Forbid core dumps and, on Linux, debuggers of the same user; programs started from here are not touched by that.

    Root can still look, on every system. On Windows this does nothing: dumps of crashes are the system's setting there.
    """
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
