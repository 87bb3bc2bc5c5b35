"""What a file is, found from its first bytes: a name says what somebody wants it to be."""

from __future__ import annotations

import io
import zipfile
from typing import Final

UNKNOWN: Final = "application/octet-stream"
_STARTS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"#!AMR", "audio/amr"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
)
_RIFF: Final = {b"WAVE": "audio/wav", b"WEBP": "image/webp", b"AVI ": "video/x-msvideo"}
_BRANDS: Final = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"M4A ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"avif": "image/avif",
}
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_ZIPPED: Final = {
    "word/": _OFFICE + "wordprocessingml.document",
    "xl/": _OFFICE + "spreadsheetml.sheet",
    "ppt/": _OFFICE + "presentationml.presentation",
}


def media_type_of(data: bytes) -> str:
    """Return the media type of a file's content; `UNKNOWN` when it is none of those a room keeps."""
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12], UNKNOWN)
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "video/mp4")
    if data[:4] == b"PK\x03\x04":
        return _zipped(data)
    if data[:2] == b"BM" and data[6:10] == bytes(4):  # two letters alone could begin a text
        return "image/bmp"
    for start, media_type in _STARTS:
        if data.startswith(start):
            return media_type
    return "text/plain" if _is_text(data) else UNKNOWN


def is_recording(media_type: str) -> bool:
    """Return True for sound and film, which need a consent of their own (R-14)."""
    return media_type.startswith(("audio/", "video/"))


def _zipped(data: bytes) -> str:
    """Tell an office document from another archive by the names in it, without unpacking anything."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return UNKNOWN
    if "[Content_Types].xml" in names:
        for folder, media_type in _ZIPPED.items():
            if any(name.startswith(folder) for name in names):
                return media_type
    return "application/zip"


def _is_text(data: bytes) -> bool:
    if b"\0" in data:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
