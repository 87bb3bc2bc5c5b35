"""Every page of an encrypted database and its write-ahead log, decrypted one by one without SQLite.

SQLite shows what rows hold; what was deleted and still lies in free space is seen only here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4096
RESERVE = 80
"""Bytes at the end of a page: 16 of IV, 64 of HMAC."""
SALT = 16
"""The first page begins with the salt in clear."""


def _decrypted(page: bytes, key: str, start: int) -> bytes:
    end = PAGE - RESERVE
    decryptor = Cipher(algorithms.AES(bytes.fromhex(key)), modes.CBC(page[end : end + 16])).decryptor()
    return decryptor.update(page[start:end]) + decryptor.finalize()


def decrypted_pages(database: Path, key: str) -> Iterator[bytes]:
    """Yield the plain content of every page of the database and of every frame of its log."""
    content = database.read_bytes()
    for at in range(0, len(content), PAGE):
        yield _decrypted(content[at : at + PAGE], key, 0 if at else SALT)
    log = database.with_name(database.name + "-wal")
    frames = log.read_bytes()[32:] if log.exists() else b""
    for at in range(0, len(frames), PAGE + 24):
        number = int.from_bytes(frames[at : at + 4], "big")
        yield _decrypted(frames[at + 24 : at + 24 + PAGE], key, SALT if number == 1 else 0)


def pages_with(database: Path, key: str, text: str) -> int:
    """Count the pages on which `text` can be read."""
    pages = list(decrypted_pages(database, key))
    assert any(b"CREATE TABLE" in page for page in pages), "the pages were not decrypted"
    return sum(text.encode() in page for page in pages)
