"""Looks at the bytes of a roster file before any parser does: what it really is, and whether it may be unpacked.

A file is known by its content and never by its name. Runs inside the limited child process, because listing a
hostile package is already work.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from enum import StrEnum

from counselroom.imports.limits import Limits
from counselroom.imports.refusal import FileRefusedError, Refusal

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGINNING_OF_XLS = b"\x09\x08\x10\x00\x00\x06\x05\x00"
"""The head of the first record of an .xls workbook (BOF, 16 bytes, BIFF8, globals); twelve more bytes follow."""
_FILE_PASS = b"\x2f\x00"
"""The record that says that all later ones are encrypted; it comes second."""
_ZIP = b"PK\x03\x04"
_BOMS_OF_TEXT = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_OTHER_MAGIC = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"MZ",
    b"\x7fELF",
    b"{\\rtf",
    b"SQLite format 3",
)
_CHUNK = 256 * 1024
_LOOK_BACK = 16
_DECLARED_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([^"']{0,40})["']""")
_SAFE_ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
_DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MACRO_PARTS = ("vbaproject", "xl/macrosheets/", "xl/activex/", "xl/ctrlprops/activex")
_LINK_PARTS = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
_UNIX_TYPE_BITS = 0xF000
_UNIX_REGULAR = (0, 0x8000)
_ENCRYPTED_BIT = 0x1


class Content(StrEnum):
    """What a roster file may be."""

    XLSX = "xlsx"
    XLS = "xls"
    TEXT = "text"


def content_of(data: bytes, limits: Limits) -> Content:
    """Return what `data` is, after every check that needs no parser.

    Raises:
        FileRefusedError: it is none of the three, or breaks a limit, or holds what a roster has no need of.
    """
    if len(data) > limits.file_bytes:
        raise FileRefusedError(Refusal.TOO_BIG)
    if not data.strip(b"\0 \t\r\n"):
        raise FileRefusedError(Refusal.EMPTY)
    if data.startswith(_ZIP):
        _check_package(data, limits)
        return Content.XLSX
    if data.startswith(_OLE):
        _check_compound_file(data)
        return Content.XLS
    _check_text(data)
    return Content.TEXT


def _check_text(data: bytes) -> None:
    if data.startswith(_OTHER_MAGIC):
        raise FileRefusedError(Refusal.OTHER_FORMAT)
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml", b"<head")):
        # Many school systems send a web page under the name .xls; the office program opens it, a parser must not guess.
        raise FileRefusedError(Refusal.WEB_PAGE)
    if not data.startswith(_BOMS_OF_TEXT) and b"\0" in data:
        raise FileRefusedError(Refusal.NOT_A_TABLE)


def _check_compound_file(data: bytes) -> None:
    """Look for the names of storages, which an OLE file keeps in UTF-16, that a plain .xls does not have."""
    names = {
        "EncryptedPackage": Refusal.PASSWORD,
        "_VBA_PROJECT": Refusal.MACROS,
        "WordDocument": Refusal.OTHER_FORMAT,
        "PowerPoint Document": Refusal.OTHER_FORMAT,
    }
    for name, reason in names.items():
        if name.encode("utf-16-le") in data:
            raise FileRefusedError(reason)
    beginning = data.find(_BEGINNING_OF_XLS)
    if beginning >= 0 and data[beginning + len(_BEGINNING_OF_XLS) + 12 :].startswith(_FILE_PASS):
        raise FileRefusedError(Refusal.PASSWORD)


def _check_package(data: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            _check_parts(parts, len(data), limits)
            _check_kind({part.filename.lower() for part in parts})
            _unpack(package, parts, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError) as error:
        # RuntimeError and NotImplementedError are what zipfile raises for encrypted parts and unknown methods
        raise FileRefusedError(Refusal.DAMAGED) from error


def _check_parts(parts: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    if len(parts) > limits.parts:
        raise FileRefusedError(Refusal.ODD_PACKAGE)
    seen: set[str] = set()
    for part in parts:
        name = part.orig_filename
        unix_type = (part.external_attr >> 16) & _UNIX_TYPE_BITS
        if (
            name.startswith("/")
            or "\\" in name
            or ":" in name
            or "\0" in name
            or ".." in name.split("/")
            or name.lower() in seen
            or (unix_type not in _UNIX_REGULAR and not part.is_dir())
            or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        ):
            raise FileRefusedError(Refusal.ODD_PACKAGE)
        seen.add(name.lower())
        if part.flag_bits & _ENCRYPTED_BIT:
            raise FileRefusedError(Refusal.PASSWORD)
        _check_size(name, part.file_size, part.compress_size, limits)
    if sum(part.compress_size for part in parts) > size:  # parts that overlap: one stream counted many times
        raise FileRefusedError(Refusal.ODD_PACKAGE)
    _check_size("", sum(part.file_size for part in parts), size, limits)


def _check_size(name: str, unpacked: int, packed: int, limits: Limits) -> None:
    most = limits.shared_strings_bytes if name.lower().endswith("sharedstrings.xml") else limits.unpacked_bytes
    if unpacked > most or (unpacked > limits.ratio_from_bytes and unpacked > packed * limits.ratio):
        raise FileRefusedError(Refusal.UNPACKS_TOO_BIG)


def _check_kind(names: set[str]) -> None:
    if any(mark in name for name in names for mark in _MACRO_PARTS):
        raise FileRefusedError(Refusal.MACROS)
    if any(name.startswith(_LINK_PARTS) for name in names):
        raise FileRefusedError(Refusal.EXTERNAL_LINKS)
    if "[content_types].xml" not in names or not any(name.endswith("workbook.xml") for name in names):
        raise FileRefusedError(Refusal.OTHER_FORMAT)


def _unpack(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Unpack every part once without keeping it: sizes may be forged, and document types hide in the XML."""
    total = 0
    for part in parts:
        is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
        read = 0
        tail = b""
        with package.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                if is_xml:
                    _check_xml(tail + chunk, first=read == 0)
                    tail = chunk[-_LOOK_BACK:]
                read += len(chunk)
                total += len(chunk)
                _check_size(part.filename, read, max(part.compress_size, 1), limits)
                _check_size("", total, max(total, 1), limits)


def _check_xml(text: bytes, *, first: bool) -> None:
    """Refuse document types and entities, and any encoding in which they could not be seen."""
    if first:
        head = text.removeprefix(b"\xef\xbb\xbf").lstrip()
        encoding = _DECLARED_ENCODING.match(head)
        if not head.startswith(b"<") or (encoding and encoding[1].lower() not in _SAFE_ENCODINGS) or b"\0" in head:
            raise FileRefusedError(Refusal.ODD_PACKAGE)
    if _DTD.search(text):
        raise FileRefusedError(Refusal.ODD_PACKAGE)
