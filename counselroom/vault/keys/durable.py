"""Writing a file so that a power cut leaves the old content or the new, never a mixture."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PART = ".part"
"""Suffix of the file that is being written; one left behind by a crash is overwritten by the next write."""


def write_durably(path: Path, data: bytes) -> None:
    """Replace the content of `path` by `data`: temporary file beside it, fsync, rename, fsync of the folder.

    Raises:
        OSError: the disk is full, the folder missing or not writable; the old content is intact.
    """
    part = path.with_name(path.name + PART)
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
    sync_folder(path.parent)


@contextmanager
def flushing(stream: BinaryIO) -> Iterator[Callable[[], None]]:
    """Make a large file durable while it is written, so that little is left to wait for at its end.

    What is given is called now and then while `stream` is written: it has the medium write what the file was given so
    far, in a thread of its own, and waits for the call before, so that the writer is never far ahead of a slow medium.
    All is durable when this is left without an exception, and is then read from the medium and not from memory, where
    the system can be told so.

    Raises:
        OSError: the medium failed, in this call or an earlier one.
    """
    under_way: list[Future[None]] = []

    def flush() -> None:
        stream.flush()
        if under_way:
            under_way.pop().result()
        under_way.append(other.submit(os.fsync, stream.fileno()))

    with ThreadPoolExecutor(1) as other:
        yield flush
        flush()
        under_way.pop().result()
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def sync_folder(folder: Path) -> None:
    """Make renamed and new names in `folder` durable. Windows has no such call and needs none on NTFS."""
    if os.name == "nt":  # pragma: no cover
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
