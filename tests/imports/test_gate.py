"""What a roster file may be, seen before any parser opens it."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from counselroom.imports.gate import Content, content_of
from counselroom.imports.limits import LIMITS, Limits
from counselroom.imports.refusal import FileRefusedError, Refusal
from tests.rosters import repacked, text_table, xls, xlsx

ROWS = [["学号", "姓名"], ["1", "张三"]]
SMALL = replace(LIMITS, file_bytes=200_000, unpacked_bytes=300_000, shared_strings_bytes=5_000, ratio_from_bytes=50_000)


def refusal(data: bytes, limits: Limits = SMALL) -> Refusal:
    with pytest.raises(FileRefusedError) as caught:
        content_of(data, limits)
    return caught.value.reason


def package(parts: dict[str, bytes], **info: int) -> bytes:
    """Return a package with exactly these parts, and attributes of the last."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
        for attribute, value in info.items():
            setattr(entry, attribute, value)
    return stream.getvalue()


WORKBOOK = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}


def test_a_file_is_known_by_its_content() -> None:
    assert content_of(xlsx(ROWS), LIMITS) is Content.XLSX
    assert content_of(xls(ROWS), LIMITS) is Content.XLS
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        assert content_of(text_table(ROWS, encoding), LIMITS) is Content.TEXT


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b" \r\n\t"])
def test_a_file_without_anything_is_empty(data: bytes) -> None:
    assert refusal(data) is Refusal.EMPTY


def test_the_size_of_a_file_is_limited() -> None:
    assert content_of(b"a," * 100_000, SMALL) is Content.TEXT
    assert refusal(b"a," * 100_000 + b"a") is Refusal.TOO_BIG


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7 ...", Refusal.OTHER_FORMAT),
        (b"\x89PNG\r\n", Refusal.OTHER_FORMAT),
        (b"SQLite format 3\0", Refusal.OTHER_FORMAT),
        (b"  \r\n<HTML><table>", Refusal.WEB_PAGE),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", Refusal.WEB_PAGE),
        (b"<!DOCTYPE html>", Refusal.WEB_PAGE),
        (b"a,b\0,c", Refusal.NOT_A_TABLE),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, reason: Refusal) -> None:
    assert refusal(data) is reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("EncryptedPackage", Refusal.PASSWORD),
        ("_VBA_PROJECT_CUR", Refusal.MACROS),
        ("WordDocument", Refusal.OTHER_FORMAT),
    ],
)
def test_a_compound_file_tells_what_it_holds(name: str, reason: Refusal) -> None:
    assert refusal(xls(ROWS) + name.encode("utf-16-le")) is reason


def test_an_encrypted_old_workbook_is_refused() -> None:
    data = bytearray(xls(ROWS))
    second = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    data[second : second + 2] = b"\x2f\x00"
    assert refusal(bytes(data)) is Refusal.PASSWORD


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("xl/vbaProject.bin", Refusal.MACROS),
        ("xl/macrosheets/sheet1.xml", Refusal.MACROS),
        ("xl/activeX/activeX1.xml", Refusal.MACROS),
        ("xl/externalLinks/externalLink1.xml", Refusal.EXTERNAL_LINKS),
        ("xl/connections.xml", Refusal.EXTERNAL_LINKS),
        ("../../etc/cron.d/x", Refusal.ODD_PACKAGE),
        ("/etc/passwd", Refusal.ODD_PACKAGE),
        ("xl\\..\\x.xml", Refusal.ODD_PACKAGE),
        ("C:/x.xml", Refusal.ODD_PACKAGE),
        ("XL/Workbook.xml", Refusal.ODD_PACKAGE),
    ],
)
def test_parts_a_roster_has_no_need_of_are_refused(name: str, reason: Refusal) -> None:
    assert content_of(package(WORKBOOK), SMALL) is Content.XLSX
    assert refusal(package({**WORKBOOK, name: b"<a/>"})) is reason


@pytest.mark.parametrize("parts", [{"mimetype": b"x"}, {"[Content_Types].xml": b"<a/>", "xl/workbook.bin": b"x"}])
def test_other_packages_are_refused(parts: dict[str, bytes]) -> None:
    assert refusal(package(parts)) is Refusal.OTHER_FORMAT


def test_a_link_in_the_package_is_refused() -> None:
    assert refusal(package(WORKBOOK | {"x.xml": b"<a/>"}, external_attr=(stat.S_IFLNK | 0o777) << 16)) is (
        Refusal.ODD_PACKAGE
    )
    assert content_of(package(WORKBOOK | {"x/": b""}, external_attr=(stat.S_IFDIR | 0o755) << 16), SMALL)


def test_the_number_of_parts_is_limited() -> None:
    many = {f"xl/media/{index}.xml": b"<a/>" for index in range(LIMITS.parts - 2)}
    assert content_of(package({**WORKBOOK, **many}), SMALL)
    assert refusal(package({**WORKBOOK, **many, "more.xml": b"<a/>"})) is Refusal.ODD_PACKAGE


def test_a_bomb_is_refused_by_its_ratio_and_by_its_size() -> None:
    assert content_of(package({**WORKBOOK, "a.bin": bytes(40_000)}), SMALL)
    assert refusal(package({**WORKBOOK, "a.bin": bytes(60_000)})) is Refusal.UNPACKS_TOO_BIG
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as new:
        for name, content in {**WORKBOOK, "a.bin": bytes(150_000)}.items():
            new.writestr(name, content)
    assert content_of(stored.getvalue(), SMALL)
    assert refusal(stored.getvalue(), replace(SMALL, unpacked_bytes=150_000)) is Refusal.UNPACKS_TOO_BIG
    strings = b"<sst>" + bytes(range(33, 127)) * 60
    assert refusal(package({**WORKBOOK, "xl/sharedStrings.xml": strings.replace(b"<", b"")})) is (
        Refusal.UNPACKS_TOO_BIG
    )


def test_the_whole_package_has_a_ratio_too() -> None:
    parts = {f"{index}.bin": bytes(49_000) for index in range(6)}
    assert refusal(package({**WORKBOOK, **parts})) is Refusal.UNPACKS_TOO_BIG


def forged(data: bytes, name: bytes, change: Callable[[bytearray, int], None]) -> bytes:
    """Change the directory's entry of a part, at whose beginning `change` gets its offset."""
    found = bytearray(data)
    at = found.index(b"PK\x01\x02")
    while found[at + 46 : at + 46 + len(name)] != name:
        at = found.index(b"PK\x01\x02", at + 4)
    change(found, at)
    return bytes(found)


def test_a_forged_size_does_not_hide_a_bomb() -> None:
    data = package({**WORKBOOK, "xl/a.xml": b"<a>" + bytes(49) * 5_000})

    def claim_ten_bytes(found: bytearray, at: int) -> None:
        found[at + 24 : at + 28] = struct.pack("<I", 10)

    # what is read beyond the claim has the wrong check sum: damaged, and never unpacked to its end
    assert refusal(forged(data, b"xl/a.xml", claim_ten_bytes)) is Refusal.DAMAGED


def test_parts_that_share_bytes_are_refused() -> None:
    data = package({**WORKBOOK, "a.bin": bytes(range(256)) * 40})

    def claim_more(found: bytearray, at: int) -> None:
        found[at + 20 : at + 24] = struct.pack("<I", len(data) + 1)

    assert refusal(forged(data, b"a.bin", claim_more)) is Refusal.ODD_PACKAGE


def test_an_encrypted_or_strangely_packed_part_is_refused() -> None:
    data = package(WORKBOOK)

    def encrypt(found: bytearray, at: int) -> None:
        found[at + 8] |= 1

    def pack_strangely(found: bytearray, at: int) -> None:
        found[at + 10 : at + 12] = struct.pack("<H", 12)

    assert refusal(forged(data, b"xl/workbook.xml", encrypt)) is Refusal.PASSWORD
    assert refusal(forged(data, b"xl/workbook.xml", pack_strangely)) is Refusal.ODD_PACKAGE


@pytest.mark.parametrize(
    "part",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<!doctype a><a/>",
        b"<a>" + b"x" * (256 * 1024 - 8) + b"<!ENTITY b>",
        "<?xml version='1.0' encoding='utf-16'?><a/>".encode("utf-16"),
        b'<?xml version="1.0" encoding="GB2312"?><a/>',
        b"<a\0/>",
        b"no xml",
    ],
)
def test_a_document_type_has_no_place_in_a_workbook(part: bytes) -> None:
    limits = replace(SMALL, ratio=10_000, unpacked_bytes=10**7)
    assert refusal(package({**WORKBOOK, "xl/a.xml": part}), limits) is Refusal.ODD_PACKAGE


def test_a_plain_part_is_let_through() -> None:
    part = b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>\n<a>' + b"ab" * 10_000 + b"</a>"
    assert content_of(repacked(xlsx(ROWS), xl__a_dot_xml=part), SMALL) is Content.XLSX


@pytest.mark.parametrize("length", [30, 200, -30])
def test_a_cut_package_is_damaged(length: int) -> None:
    assert refusal(xlsx(ROWS)[:length]) is Refusal.DAMAGED
