"""Attachments: scans, photos and recordings as hashed pieces inside the vault.

A backup has to fit on a FAT32 stick, hence the limits: 20 MB an item, pictures made no larger than a screen needs, and
a banner when all together reach 2 GB. Pictures are always written anew, which also drops where and with which
telephone they were taken.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.safekeeping import Attachment, AttachmentChunk
from counselroom.vault.media_types import media_type_of

MEGABYTE: Final = 1024 * 1024
CHUNK_SIZE: Final = MEGABYTE
"""Bytes of a piece; the last one is shorter."""
LARGEST_ITEM: Final = 20 * MEGABYTE
"""Bytes of the largest attachment; a picture may be larger before it is made small."""
BANNER_FROM: Final = 2 * 1024 * MEGABYTE
"""Bytes of all attachments together from which on the user is told."""
LONGEST_EDGE: Final = 2000
"""Pixels of the longer edge of a stored picture."""
_LARGEST_PICTURE: Final = 64 * MEGABYTE
"""Bytes of the largest picture before it is made small."""
_MOST_PIXELS: Final = 120_000_000
"""A picture with more pixels (telephones make 108 million) is refused unseen: a small file can claim any size."""
_REWRITTEN: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "JPEG", "image/bmp": "PNG"}


class AttachmentRefused(UserError):
    """A file can't be attached; nothing was stored."""


class AttachmentDamaged(UserError):
    """A stored attachment is not what was attached."""


@dataclass(frozen=True)
class Stored:
    """An attachment as it is stored.

    Attributes:
        id: its id.
        name: its file name.
        media_type: found from the content, never from the name.
        size: bytes stored.
        sha256: of the bytes stored, hex.
    """

    id: str
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Usage:
    """How much room attachments take.

    Attributes:
        count: number of attachments.
        size: bytes of all together.
    """

    count: int
    size: int

    @property
    def is_large(self) -> bool:
        """True when the user should be told, because a backup may outgrow a FAT32 stick."""
        return self.size >= BANNER_FROM


def attach(
    session: Session,
    data: bytes,
    *,
    name: str,
    entity: str,
    entity_id: str,
    subject_person: str | None,
    common: Mapping[str, Any],
) -> Stored:
    """Store a file with a record, in the caller's transaction, and read it back.

    Args:
        session: the caller's transaction.
        data: the content of the file.
        name: its file name, without folders.
        entity: table of the record it belongs to.
        entity_id: id of that record.
        subject_person: id of the person it is about, or None.
        common: the common columns of the new row.

    Raises:
        AttachmentRefused: the file is empty, too large, or a picture that can't be read.
        AttachmentDamaged: what was stored is not what was given.
    """
    media_type = media_type_of(data)
    is_picture = media_type in _REWRITTEN
    if not data or len(data) > (_LARGEST_PICTURE if is_picture else LARGEST_ITEM):
        happened = _("The file is too large: 20 MB is the most.") if data else _("The file is empty.")
        raise AttachmentRefused(happened, _("Nothing was attached."), _("Please choose another file."))
    if is_picture:
        data, media_type = _rewritten(data, media_type)
    digest = hashlib.sha256(data).hexdigest()
    row = Attachment(
        **common,
        entity=entity,
        entity_id=entity_id,
        subject_person=subject_person,
        name=name,
        media_type=media_type,
        size=len(data),
        sha256=digest,
    )
    session.add(row)
    session.flush()
    pieces = [data[start : start + CHUNK_SIZE] for start in range(0, len(data), CHUNK_SIZE)]
    session.execute(
        insert(AttachmentChunk),
        [
            {"attachment_id": row.id, "seq": seq, "data": piece, "sha256": hashlib.sha256(piece).digest()}
            for seq, piece in enumerate(pieces)
        ],
    )
    if read(session, row.id) != data:
        raise _damaged()
    return Stored(row.id, name, media_type, len(data), digest)


def read(session: Session, attachment_id: str) -> bytes:
    """Return the content of an attachment after comparing all its hashes.

    Raises:
        AttachmentDamaged: a piece is missing or changed, or there is no such attachment.
    """
    row = session.execute(
        select(Attachment.size, Attachment.sha256).where(Attachment.id == attachment_id)
    ).one_or_none()
    pieces = session.execute(
        select(AttachmentChunk.data, AttachmentChunk.sha256)
        .where(AttachmentChunk.attachment_id == attachment_id)
        .order_by(AttachmentChunk.seq)
    ).all()
    data = b"".join(piece for piece, _digest in pieces)
    if (
        row is None
        or any(hashlib.sha256(piece).digest() != digest for piece, digest in pieces)
        or (len(data), hashlib.sha256(data).hexdigest()) != (row.size, row.sha256)
    ):
        raise _damaged()
    return data


def usage(session: Session) -> Usage:
    """Return how much room all attachments take."""
    count, size = session.execute(select(func.count(), func.coalesce(func.sum(Attachment.size), 0))).one()
    return Usage(count, size)


def _damaged() -> AttachmentDamaged:
    return AttachmentDamaged(
        _("This attachment is damaged."),
        _("The record itself is intact."),
        _("Please let the vault be checked; an older backup may hold the attachment whole."),
    )


def _rewritten(data: bytes, media_type: str) -> tuple[bytes, str]:
    """Return a picture with at most 2,000 pixels an edge and nothing but its pixels, upright."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # late: only who attaches a picture waits for it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our limit is lower
            with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP", "BMP"]) as image:
                if image.width * image.height > _MOST_PIXELS:
                    raise _unreadable()
                image.thumbnail((LONGEST_EDGE, LONGEST_EDGE))  # before turning: a JPEG is then unpacked small at once
                upright = ImageOps.exif_transpose(image)
        if upright.mode.startswith("I"):  # 16 bits of grey, as some scanners write; `convert` would only clip them
            upright = upright.convert("I").point(lambda grey: grey * (1 / 256))
        kind = _REWRITTEN[media_type]
        plain = upright.convert(_mode(upright.mode, kind))
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError, Image.DecompressionBombError):
        raise _unreadable() from None
    # A new image, so that no metadata of the old one is written along.
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    buffer = io.BytesIO()
    clean.save(buffer, kind, quality=88, optimize=True)
    return buffer.getvalue(), f"image/{kind.lower()}"


def _mode(mode: str, kind: str) -> str:
    """Return the pixel format to store: grey stays grey, transparency stays where the format has it."""
    if mode in ("1", "L", "I"):
        return "L"
    return "RGBA" if kind == "PNG" and mode in ("RGBA", "LA", "PA", "P") else "RGB"


def _unreadable() -> AttachmentRefused:
    return AttachmentRefused(
        _("This picture can't be read."), _("Nothing was attached."), _("Please save it again and attach the new file.")
    )
