"""Writing a small file so that a power cut leaves the old content or the new, never a mixture."""

from __future__ import annotations

import os
from pathlib import Path

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


def sync_folder(folder: Path) -> None:
    """Make renamed and new names in `folder` durable. Windows has no such call and needs none on NTFS."""
    if os.name == "nt":  # pragma: no cover
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
