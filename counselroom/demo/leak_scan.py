"""Looks for plain text where there must be none.

A marker is looked for in every encoding a Chinese machine might write (UTF-8, UTF-16LE, GB18030), and inside zip
members, zlib streams and PDF streams as well. The test-suite uses the same scan, with a control that must be found.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ENCODINGS = ("utf-8", "utf-16-le", "gb18030")
_ZLIB_START = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_DEPTH = 3
_SHORTEST = 6
_LARGEST_STREAM = 64 * 1024 * 1024


@dataclass(frozen=True)
class Leak:
    """A marker found in a file; `index` is the marker's place in the list, so that a report holds no content."""

    path: Path
    index: int
    encoding: str


def scan(roots: Iterable[Path], markers: tuple[str, ...], leave_out: frozenset[Path] = frozenset()) -> list[Leak]:
    """Return every marker found in a file below `roots`, by file and encoding.

    Args:
        roots: files or folders; a root that does not exist is an error of the caller.
        markers: texts of at least three Chinese or six Latin characters; shorter ones would be found by chance.
        leave_out: files or folders that may hold plain text because the user asked for it.

    Raises:
        ValueError: a marker is too short, or a root does not exist.
    """
    if any(len(marker.encode(code)) < _SHORTEST for marker in markers for code in ENCODINGS):
        message = "a marker needs at least six bytes in every encoding, or chance will find it"
        raise ValueError(message)
    needles = [(index, code, marker.encode(code)) for index, marker in enumerate(markers) for code in ENCODINGS]
    leaks = []
    for path in _files(roots, leave_out):
        unpacked = layers(path.read_bytes())
        found = {(index, code) for index, code, needle in needles if any(needle in layer for layer in unpacked)}
        leaks += [Leak(path, index, code) for index, code in sorted(found)]
    return leaks


def _files(roots: Iterable[Path], leave_out: frozenset[Path]) -> Iterable[Path]:
    for root in roots:
        if not root.exists():
            message = "nothing to scan"
            raise ValueError(message)
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and not any(path == out or out in path.parents for out in leave_out):
                yield path


def layers(content: bytes, depth: int = _DEPTH) -> list[bytes]:
    """Return the content and everything that can be unpacked from it, `depth` levels deep."""
    found = [content]
    if depth == 0:
        return found
    for inner in (*_members(content), *_streams(content)):
        found += layers(inner, depth - 1)
    return found


def _members(content: bytes) -> Iterable[bytes]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                yield member.filename.encode()
                if member.file_size <= _LARGEST_STREAM:
                    yield archive.read(member)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError):
        return  # looks like a zip file by chance


def _streams(content: bytes) -> Iterable[bytes]:
    for match in _ZLIB_START.finditer(content):
        try:
            inner = zlib.decompressobj().decompress(content[match.start() :], _LARGEST_STREAM)
        except zlib.error:
            continue
        if len(inner) >= _SHORTEST:
            yield inner
