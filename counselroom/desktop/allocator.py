"""How the C library keeps freed memory: as little of it as it can, since the window stays open all day."""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_BLOCK = 128 * 1024


def keep_little() -> None:
    """Share one heap among all threads and give back what is freed; for the C library of GNU, else nothing.

    Before the first thread: each of the lanes would have a heap of its own, and keep what the other could use
    (measured on a school of 20,000 students: 12 MB).
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:  # another C library
        return
    for what, value in ((_M_ARENA_MAX, 1), (_M_MMAP_THRESHOLD, _BLOCK), (_M_TRIM_THRESHOLD, _BLOCK)):
        mallopt(what, value)
