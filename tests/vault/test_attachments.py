"""Attachments: what goes in comes out, hashed piece by piece; pictures are made small and forget their place."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.orm import Session

from counselroom.rules.secrecy import Secrecy
from counselroom.vault.attachments import (
    BANNER_FROM,
    CHUNK_SIZE,
    LARGEST_ITEM,
    AttachmentDamaged,
    AttachmentRefused,
    Stored,
    Usage,
    attach,
    read,
    usage,
)
from counselroom.vault.schema import create_schema
from tests.vault.sample_rows import fill
from tests.vault.storage import NOW, engine_over, open_raw, session_on

COMMON = {
    "created_at": NOW,
    "created_by": "a",
    "updated_at": NOW,
    "updated_by": "a",
    "academic_year": None,
    "term": None,
    "secrecy": Secrecy.S3,
}


@pytest.fixture(scope="module")
def engine() -> Iterator[Any]:
    raw = open_raw(Path(":memory:"))
    engine = engine_over(raw)
    with engine.begin() as connection:
        create_schema(connection)
    with session_on(engine) as session, session.begin():
        fill(session)
        for table in ("attachment_chunk", "attachment"):
            session.execute(text(f"DELETE FROM {table}"))
    yield engine
    raw.close()


@pytest.fixture
def session(engine: Any) -> Iterator[Session]:
    with session_on(engine) as session:
        yield session
        session.rollback()


def put(session: Session, data: bytes, attachment_id: str = "one") -> Stored:
    return attach(
        session,
        data,
        name="扫描件.pdf",
        entity="consent",
        entity_id="consent",
        subject_person="student",
        common=COMMON | {"id": attachment_id},
    )


def picture(mode: str = "RGB", size: tuple[int, int] = (60, 40), kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, options.pop("fill", None) or 0).save(buffer, kind, **options)
    return buffer.getvalue()


def stored_picture(session: Session) -> Image.Image:
    return Image.open(io.BytesIO(read(session, "one")))


@pytest.mark.parametrize("size", [1, 1000, CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 3 * CHUNK_SIZE])
def test_a_file_comes_back_as_it_was(session: Session, size: int) -> None:
    data = b"%PDF-" + random.Random(size).randbytes(size)
    stored = put(session, data)
    assert read(session, "one") == data
    assert (stored.size, stored.media_type, stored.name) == (size + 5, "application/pdf", "扫描件.pdf")
    pieces = session.execute(text("SELECT length(data) FROM attachment_chunk ORDER BY seq")).scalars().all()
    assert max(pieces) <= CHUNK_SIZE
    assert len(pieces) == -(-(size + 5) // CHUNK_SIZE)
    assert usage(session) == Usage(1, size + 5)


def test_the_largest_file_is_kept_and_a_larger_one_refused(session: Session) -> None:
    assert put(session, b"\0" * LARGEST_ITEM).size == LARGEST_ITEM
    with pytest.raises(AttachmentRefused) as refused:
        put(session, b"\0" * (LARGEST_ITEM + 1), "two")
    assert "20 MB" in refused.value.sentence()
    assert usage(session).count == 1


def test_a_picture_too_large_to_be_looked_at_is_refused(session: Session) -> None:
    with pytest.raises(AttachmentRefused):
        put(session, picture("1", (8, 8)) + bytes(64 * 1024**2))


def test_an_empty_file_is_refused(session: Session) -> None:
    with pytest.raises(AttachmentRefused):
        put(session, b"")
    assert usage(session) == Usage(0, 0)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE attachment_chunk SET data = x'00' WHERE seq = 1",
        "DELETE FROM attachment_chunk WHERE seq = 2",
        "DELETE FROM attachment_chunk WHERE seq = 1",
        "DELETE FROM attachment_chunk",
        "UPDATE attachment SET size = 1",
        "UPDATE attachment SET sha256 = 'x'",
        "UPDATE attachment_chunk SET seq = seq + 10 WHERE seq = 0",
    ],
)
def test_damage_is_found(session: Session, damage: str) -> None:
    put(session, random.Random(1).randbytes(2 * CHUNK_SIZE + 5))
    session.execute(text(damage))
    with pytest.raises(AttachmentDamaged):
        read(session, "one")


def test_a_missing_attachment_is_told(session: Session) -> None:
    with pytest.raises(AttachmentDamaged):
        read(session, "unknown")


def test_what_is_not_stored_as_given_is_told_at_once(session: Session) -> None:
    session.execute(
        text(
            "CREATE TEMP TRIGGER spoil AFTER INSERT ON main.attachment_chunk BEGIN"
            " UPDATE attachment_chunk SET data = x'00', sha256 = NEW.sha256; END"
        )
    )
    with pytest.raises(AttachmentDamaged):
        put(session, b"%PDF-1")


def test_a_hash_that_fits_the_wrong_content_is_told(session: Session) -> None:
    import hashlib

    spoiled = hashlib.sha256(b"\0")
    session.execute(
        text(
            "CREATE TEMP TRIGGER spoil AFTER INSERT ON main.attachment_chunk BEGIN"
            f" UPDATE attachment_chunk SET data = x'00', sha256 = x'{spoiled.hexdigest()}';"
            f" UPDATE attachment SET size = 1, sha256 = '{spoiled.hexdigest()}'; END"
        )
    )
    with pytest.raises(AttachmentDamaged):
        put(session, b"%PDF-1")


@pytest.mark.parametrize(
    ("size", "expected"),
    [((4000, 3000), (2000, 1500)), ((100, 5000), (40, 2000)), ((2000, 2000), (2000, 2000)), ((60, 40), (60, 40))],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP"])
def test_a_picture_is_made_small(session: Session, size: tuple[int, int], expected: tuple[int, int], kind: str) -> None:
    stored = put(session, picture(size=size, kind=kind))
    image = stored_picture(session)
    assert image.size == expected
    assert stored.media_type == Image.MIME[image.format or ""]
    assert image.format == {"JPEG": "JPEG", "WEBP": "JPEG", "PNG": "PNG", "BMP": "PNG"}[kind]


def test_a_picture_forgets_where_it_was_taken_and_stands_upright(session: Session) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "TELEPHONE"
    exif.get_ifd(0x8825)[2] = (30.0, 40.0, 50.0)
    data = picture(size=(60, 40), kind="JPEG", exif=exif, comment=b"NOTE")
    assert b"TELEPHONE" in data
    put(session, data)
    image = stored_picture(session)
    assert image.size == (40, 60)
    assert dict(image.getexif()) == {}
    for trace in (b"TELEPHONE", b"NOTE", b"Exif"):
        assert trace not in read(session, "one")


@pytest.mark.parametrize(
    ("mode", "kind", "stored"),
    [
        ("L", "JPEG", "L"),
        ("1", "PNG", "L"),
        ("RGBA", "PNG", "RGBA"),
        ("P", "PNG", "RGBA"),
        ("CMYK", "JPEG", "RGB"),
        ("RGBA", "WEBP", "RGB"),
        ("I;16", "PNG", "L"),
    ],
)
def test_kinds_of_pictures(session: Session, mode: str, kind: str, stored: str) -> None:
    put(session, picture(mode, kind=kind))
    assert stored_picture(session).mode == stored


def test_sixteen_bits_of_grey_are_not_clipped(session: Session) -> None:
    put(session, picture("I;16", fill=40000))
    assert stored_picture(session).getpixel((0, 0)) == 156


def test_a_picture_that_claims_to_be_huge_is_refused(session: Session) -> None:
    for edge in (11_000, 12_000, 20_000):
        header = bytearray(picture("1", (8, 8)))
        header[16:24] = edge.to_bytes(4, "big") * 2
        crc = __import__("zlib").crc32(bytes(header[12:29]))
        header[29:33] = crc.to_bytes(4, "big")
        with pytest.raises(AttachmentRefused):
            put(session, bytes(header))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP"])
def test_a_damaged_picture_is_refused_or_kept_but_never_breaks(session: Session, kind: str) -> None:
    chance = random.Random(kind)
    whole = picture(size=(40, 30), kind=kind)
    refused = 0
    for turn in range(60):
        spoiled = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            spoiled[chance.randrange(12, len(spoiled))] = chance.randrange(256)
        try:
            put(session, bytes(spoiled[: chance.randrange(len(whole) // 2, len(whole))]), str(turn))
        except AttachmentRefused:
            refused += 1
    assert refused > 0


def test_what_is_no_known_picture_is_kept_as_it_is(session: Session) -> None:
    assert put(session, b"GIF89a" + bytes(30)).media_type == "image/gif"
    assert read(session, "one") == b"GIF89a" + bytes(30)


def test_the_banner_begins_at_two_gigabytes() -> None:
    assert not Usage(3, BANNER_FROM - 1).is_large
    assert Usage(3, BANNER_FROM).is_large
    assert BANNER_FROM == 2 * 1024**3
