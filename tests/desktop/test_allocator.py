"""What is freed goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PLAY = """
import ctypes, sys
from pathlib import Path
if "keep" in sys.argv:
    from counselroom.desktop.allocator import keep_little
    keep_little()
C = ctypes.CDLL(None)
C.malloc.restype, C.malloc.argtypes, C.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1])
C.free(C.malloc(30 << 20))  # from now on the library would keep blocks up to this size
blocks = [C.malloc(4 << 20) for _ in range(8)]
for block in blocks:
    ctypes.memset(block, 1, 4 << 20)
before = resident()
for block in blocks[:-1]:  # the last one stays above them
    C.free(block)
print((before - resident()) * 4096 >> 20)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux: the C library of GNU")
def test_freed_blocks_are_given_back() -> None:
    def given_back(*words: str) -> int:
        return int(subprocess.run([sys.executable, "-c", _PLAY, *words], capture_output=True, check=True).stdout)

    assert given_back() < 8
    assert given_back("keep") >= 28
