"""What a file is, by its content."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.vault.media_types import UNKNOWN, is_recording, media_type_of


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"BM\x01\x02\x03\x04\0\0\0\0\x36", "image/bmp"),
        (b"BMI 20.1", "text/plain"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0XXXX", UNKNOWN),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"ID3\x03", "audio/mpeg"),
        (b"#!AMR\n", "audio/amr"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (zipped("[Content_Types].xml", "word/document.xml"), OFFICE + "wordprocessingml.document"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), OFFICE + "spreadsheetml.sheet"),
        (zipped("[Content_Types].xml", "ppt/x.xml"), OFFICE + "presentationml.presentation"),
        (zipped("[Content_Types].xml", "other/x.xml"), "application/zip"),
        (zipped("photo.jpg"), "application/zip"),
        (b"PK\x03\x04 broken", UNKNOWN),
        ("自我描述".encode(), "text/plain"),
        ("自我描述".encode("gb18030"), "text/plain"),
        (b"\x81", UNKNOWN),
        (b"a\0b", UNKNOWN),
        (b"", "text/plain"),
    ],
)
def test_the_content_tells(data: bytes, expected: str) -> None:
    assert media_type_of(data) == expected


@settings(deadline=None)
@given(st.sampled_from([b"", b"PK\x03\x04", b"RIFF", b"\0\0\0\0ftyp", b"BM"]), st.binary(max_size=64))
def test_any_bytes_have_a_type(start: bytes, rest: bytes) -> None:
    assert "/" in media_type_of(start + rest)


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [("audio/wav", True), ("video/mp4", True), ("image/png", False), ("text/plain", False), (UNKNOWN, False)],
)
def test_recordings(media_type: str, expected: bool) -> None:
    assert is_recording(media_type) is expected
