"""The trailer of a backup file: pure bytes, no database and no key handling.

A backup file is an SQLCipher image (a multiple of 4 KiB) followed by this trailer, padded to 4 KiB so that the file
stays a whole number of pages and SQLCipher can open the image in place::

    header JSON | zeros | HMAC-SHA256 (32) | SHA-256 (32) | length of the header (4, big-endian) | magic (16)

The SHA-256 covers every byte before it, so that damage is found without any secret. The HMAC covers header and
zeros; the header holds the SHA-256 of the image, so that the HMAC covers the image too and a header can be proved
genuine without reading gigabytes from a stick. The bytes behind the SHA-256 have one possible value each: the header
must be exactly what writing it again gives, the padding zero and as short as possible. Hence any changed, appended,
cut or swapped byte is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from counselroom.errors import Bug

FORMAT = 1
"""The version of the file format this program writes; it reads this one and older ones."""
PAGE = 4096
"""Bytes of an SQLCipher page; image and trailer are multiples of it."""
HEADER_LIMIT = 64 * 1024
"""Bytes a header may have, so that a hostile length can't take memory."""
CIPHER_PROFILE = "sqlcipher-4"
"""SQLCipher 4 defaults with a raw key: AES-256-CBC, HMAC-SHA512, 4 KiB pages."""
CHUNK = 1024 * 1024
"""Bytes read at a time."""

_MAGIC = b"counselroom-bkp\n"
_TAIL = struct.Struct(">32s32sI16s")
_COUNT_LIMIT = 2**53
_SLOT_LIMIT = 4
_HEX = {count: re.compile(rf"[0-9a-f]{{{count}}}\Z") for count in (8, 32, 64)}
_VAULT_ID = re.compile(r"[0-9a-f]{32}\Z")

Json = dict[str, Any]


class TrailerMissing(ValueError):
    """The file doesn't end like a backup: cut off, overwritten at its end, or never one."""


class TrailerDamaged(ValueError):
    """The file ends like a backup, but its bytes are not as they were written."""


class TrailerTooNew(ValueError):
    """An intact trailer of a format that a newer program wrote."""


@dataclass(frozen=True)
class Header:
    """What a backup says about itself in clear. Names no person and holds no count of any single table.

    Attributes:
        vault_id: id of the vault.
        generation: generation of the vault when the image was made; orders backups whatever the clock said.
        audit_seq: number of the last audit row in the image, 0 when there is none.
        audit_hash: hash of that row, 64 hex digits.
        rows: rows of all tables together.
        image_bytes: size of the image, a multiple of 4096.
        image_sha256: SHA-256 of the image, 64 hex digits.
        created_at: when the image was made, aware, whole seconds.
        salt: 16 bytes as hex, from which root key and salt give this backup's database and MAC key.
        root_fingerprint: 8 hex digits that tell which root key and recovery sheets belong to this backup.
        recovery_slots: the wrapped root key, once per recovery sheet; never a passphrase slot.
        cipher: profile of the image's encryption.
        format: version of this format.
    """

    vault_id: str
    generation: int
    audit_seq: int
    audit_hash: str
    rows: int
    image_bytes: int
    image_sha256: str
    created_at: datetime
    salt: str
    root_fingerprint: str
    recovery_slots: tuple[Json, ...] = field(repr=False)
    cipher: str = CIPHER_PROFILE
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        """Return the one canonical form of this header: sorted keys, no spaces, ASCII.

        Raises:
            Bug: a field is outside its range, or the whole longer than `HEADER_LIMIT`.
        """
        fields = asdict(self) | {
            "created_at": self.created_at.isoformat(timespec="seconds"),
            "recovery_slots": list(self.recovery_slots),
        }
        raw = _canonical(fields)
        fault = _fault(fields)
        if fault or len(raw) > HEADER_LIMIT:
            message = f"not a header that could be read back: {fault or 'length'}"
            raise Bug(message)
        return raw

    @classmethod
    def from_bytes(cls, raw: bytes) -> Header:
        """Read a header strictly: one spelling, known fields, each in its range.

        Raises:
            TrailerTooNew: a header of a newer format.
            TrailerDamaged: anything else that this program would not have written.
        """
        try:
            fields = json.loads(raw.decode("ascii"), parse_float=_refuse, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise TrailerDamaged("json") from None
        if not isinstance(fields, dict) or _canonical(fields) != raw:
            raise TrailerDamaged("spelling")
        if _is_count(fields.get("format")) and fields["format"] > FORMAT:
            raise TrailerTooNew
        if fields.keys() != cls.__dataclass_fields__.keys():
            raise TrailerDamaged("fields")
        if fault := _fault(fields):
            raise TrailerDamaged(fault)
        return cls(
            **fields
            | {
                "created_at": datetime.fromisoformat(fields["created_at"]),
                "recovery_slots": tuple(fields["recovery_slots"]),
            }
        )


@dataclass(frozen=True)
class Trailer:
    """A trailer as read from a file whose structure is right. Its digests are not yet compared.

    Attributes:
        header: the header.
        sealed: header and padding, the bytes under the HMAC.
        mac: the HMAC as stored.
        digest: the SHA-256 as stored.
    """

    header: Header
    sealed: bytes
    mac: bytes
    digest: bytes

    def is_genuine(self, mac_key: bytes) -> bool:
        """Return whether the header was written by a holder of `mac_key` (32 bytes, of this header's salt)."""
        return hmac.compare_digest(self.mac, _mac(self.sealed, mac_key))


class ImageDigest:
    """Running SHA-256 and size of an image, fed in pieces while it is copied."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.size = 0

    def update(self, chunk: bytes) -> None:
        """Add the next bytes of the image."""
        self._hash.update(chunk)
        self.size += len(chunk)

    def hex(self) -> str:
        """Return the SHA-256 of the image so far as 64 hex digits."""
        return self._hash.hexdigest()

    def continued(self, more: bytes) -> bytes:
        """Return the SHA-256 of the image followed by `more`, without changing this one."""
        both = self._hash.copy()
        both.update(more)
        return both.digest()


def seal(image: ImageDigest, header: Header, mac_key: bytes) -> bytes:
    """Return the bytes to append to the image that `image` was fed with.

    Raises:
        Bug: the header is not about this image.
    """
    if (header.image_bytes, header.image_sha256) != (image.size, image.hex()):
        message = "the header is of another image"
        raise Bug(message)
    raw = header.to_bytes()
    sealed = raw + bytes(_trailer_size(len(raw)) - _TAIL.size - len(raw))
    mac = _mac(sealed, mac_key)
    return sealed + _TAIL.pack(mac, image.continued(sealed + mac), len(raw), _MAGIC)


def read(stream: BinaryIO) -> Trailer:
    """Read the trailer at the end of a seekable file and check its structure; reads at most 68 KiB.

    Raises:
        TrailerMissing: the file doesn't end with the magic.
        TrailerDamaged: it does, but lengths, padding or header are not what this program writes.
        TrailerTooNew: a newer format.
    """
    size = stream.seek(0, 2)
    if size < PAGE:
        raise TrailerMissing
    stream.seek(size - _TAIL.size)
    mac, digest, header_size, magic = _TAIL.unpack(_exactly(stream, _TAIL.size))
    if magic != _MAGIC:
        raise TrailerMissing
    trailer_size = _trailer_size(header_size)
    if header_size > HEADER_LIMIT or size % PAGE or size <= trailer_size:
        raise TrailerDamaged("size")
    stream.seek(size - trailer_size)
    sealed = _exactly(stream, trailer_size - _TAIL.size)
    if any(sealed[header_size:]):
        raise TrailerDamaged("padding")
    header = Header.from_bytes(sealed[:header_size])
    if header.image_bytes != size - trailer_size:
        raise TrailerDamaged("image size")
    return Trailer(header, sealed, mac, digest)


def compare_digests(stream: BinaryIO, trailer: Trailer, step: Callable[[int], None]) -> None:
    """Read the whole file in pieces and compare both SHA-256 with the trailer.

    Args:
        stream: the file the trailer was read from.
        trailer: its trailer.
        step: called with the number of image bytes read so far; may raise to cancel.

    Raises:
        TrailerDamaged: a digest differs, or the file ended early.
    """
    image = ImageDigest()
    stream.seek(0)
    for chunk in pieces(stream, trailer.header.image_bytes):
        image.update(chunk)
        step(image.size)
    if image.hex() != trailer.header.image_sha256:
        raise TrailerDamaged("image")
    if image.continued(trailer.sealed + trailer.mac) != trailer.digest:
        raise TrailerDamaged("digest")


def pieces(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield `size` bytes of a stream in pieces of at most `CHUNK`. Raises TrailerDamaged when it ends early."""
    while size:
        chunk = _exactly(stream, min(CHUNK, size))
        size -= len(chunk)
        yield chunk


def _exactly(stream: BinaryIO, size: int) -> bytes:
    raw = stream.read(size)
    if len(raw) != size:
        raise TrailerDamaged("end")
    return raw


def _trailer_size(header_size: int) -> int:
    return -(-(header_size + _TAIL.size) // PAGE) * PAGE


def _mac(sealed: bytes, mac_key: bytes) -> bytes:
    return hmac.digest(mac_key, sealed, "sha256")


def _canonical(fields: Json) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _refuse(text: str) -> None:
    raise ValueError(text)


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < _COUNT_LIMIT


def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment.isoformat(timespec="seconds") == value


def _fault(fields: Json) -> str:
    """Return the name of the first field that is out of its range, or an empty string."""
    for name in ("generation", "audit_seq", "rows", "image_bytes"):
        if not _is_count(fields[name]):
            return name
    for name, digits in (("audit_hash", 64), ("image_sha256", 64), ("salt", 32), ("root_fingerprint", 8)):
        if not (isinstance(fields[name], str) and _HEX[digits].match(fields[name])):
            return name
    if not (isinstance(fields["vault_id"], str) and _VAULT_ID.match(fields["vault_id"])):
        return "vault_id"
    if fields["image_bytes"] == 0 or fields["image_bytes"] % PAGE:
        return "image_bytes"
    if not _is_moment(fields["created_at"]):
        return "created_at"
    slots = fields["recovery_slots"]
    if not (isinstance(slots, list) and len(slots) <= _SLOT_LIMIT and all(isinstance(slot, dict) for slot in slots)):
        return "recovery_slots"
    if fields["cipher"] != CIPHER_PROFILE:
        return "cipher"
    return "" if _is_count(fields["format"]) and fields["format"] == FORMAT else "format"
