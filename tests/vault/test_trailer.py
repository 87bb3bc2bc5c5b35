from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import struct
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.errors import Bug
from counselroom.vault import trailer
from counselroom.vault.trailer import (
    Header,
    ImageDigest,
    TrailerDamaged,
    TrailerMissing,
    TrailerTooNew,
    compare_digests,
    read,
    seal,
)

KEY = bytes(range(32))
SLOT = {"kind": "sheet_a", "salt": "ab" * 16, "wrapped": "cd" * 40}
MADE = datetime(2026, 11, 22, 13, 7, tzinfo=timezone(timedelta(hours=8)))


def a_header(image: bytes, **changes: Any) -> Header:
    fields: dict[str, Any] = {
        "vault_id": "0123456789abcdef" * 2,
        "generation": 12,
        "audit_seq": 345,
        "audit_hash": "a1" * 32,
        "rows": 6789,
        "image_bytes": len(image),
        "image_sha256": hashlib.sha256(image).hexdigest(),
        "created_at": MADE,
        "salt": "0f" * 16,
        "root_fingerprint": "12ab34cd",
        "recovery_slots": (SLOT, SLOT | {"kind": "sheet_b"}),
    }
    return Header(**fields | changes)


def a_file(pages: int = 3, **changes: Any) -> bytes:
    image = bytes(index % 251 for index in range(pages * trailer.PAGE))
    digest = ImageDigest()
    digest.update(image[:100])
    digest.update(image[100:])
    return image + seal(digest, a_header(image, **changes), KEY)


def check(raw: bytes) -> Header:
    stream = io.BytesIO(raw)
    found = read(stream)
    compare_digests(stream, found, lambda _done: None)
    return found.header


def rehashed(raw: bytes, header: bytes, *, pad: bytes = b"") -> bytes:
    """A forger's file: another header, every digest that needs no key made anew."""
    tail = struct.Struct(">32s32sI16s")
    image = raw[: 3 * trailer.PAGE]
    size = -(-(len(header) + tail.size) // trailer.PAGE) * trailer.PAGE
    sealed = (header + pad).ljust(size - tail.size, b"\0")
    mac = raw[-84:-52]
    return image + sealed + tail.pack(mac, hashlib.sha256(image + sealed + mac).digest(), len(header), raw[-16:])


def test_what_was_written_is_read() -> None:
    raw = a_file()
    assert len(raw) == 4 * trailer.PAGE
    header = check(raw)
    assert header == a_header(raw[: 3 * trailer.PAGE])
    assert header.created_at.utcoffset() == timedelta(hours=8)
    assert read(io.BytesIO(raw)).is_genuine(KEY)
    assert not read(io.BytesIO(raw)).is_genuine(bytes(32))


def test_reading_reports_its_progress_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trailer, "CHUNK", 5000)
    stream, seen = io.BytesIO(a_file()), []
    compare_digests(stream, read(stream), seen.append)
    assert seen == [5000, 10000, 12288]


@pytest.mark.parametrize("pages", [1, 2, 300])
def test_every_size_of_image(pages: int) -> None:
    assert check(a_file(pages)).image_bytes == pages * trailer.PAGE


def test_a_header_just_longer_than_a_page_takes_two() -> None:
    slots = ({"filler": "x" * 4000},)
    raw = a_file(recovery_slots=slots)
    assert len(raw) == 5 * trailer.PAGE
    assert check(raw).recovery_slots == slots


def test_every_changed_byte_of_the_trailer_is_refused() -> None:
    raw = a_file()
    refused = 0
    for position in range(3 * trailer.PAGE, len(raw)):
        for flip in (0x01, 0x20, 0x80):
            changed = bytearray(raw)
            changed[position] ^= flip
            with pytest.raises((TrailerMissing, TrailerDamaged, TrailerTooNew)):
                check(bytes(changed))
            refused += 1
    assert refused == 3 * trailer.PAGE


@pytest.mark.parametrize("cut", [1, 16, 84, 4095, 4096, 4097, 8192, 16383, 16384])
def test_a_cut_file_is_refused(cut: int) -> None:
    raw = a_file()
    for rest in (raw[:-cut], raw[cut:]):
        with pytest.raises((TrailerMissing, TrailerDamaged)):
            check(rest)


@pytest.mark.parametrize("more", [b"\0", b"\0" * 4096, b"x" * 4096, b"counselroom-bkp\n"])
def test_an_appended_byte_is_refused(more: bytes) -> None:
    raw = a_file()
    for longer in (raw + more, more + raw, raw[:4096] + more + raw[4096:]):
        with pytest.raises((TrailerMissing, TrailerDamaged)):
            check(longer)


def test_the_same_trailer_twice_is_refused() -> None:
    raw = a_file()
    with pytest.raises(TrailerDamaged, match="image size"):
        check(raw + raw[-4096:])


def test_a_file_that_shrinks_while_it_is_read_is_refused() -> None:
    found = read(io.BytesIO(a_file()))
    with pytest.raises(TrailerDamaged, match="end"):
        compare_digests(io.BytesIO(bytes(5000)), found, lambda _done: None)


def test_an_image_of_the_right_hash_under_another_mac_is_refused() -> None:
    raw = a_file()
    stream = io.BytesIO(raw)
    found = dataclasses.replace(read(stream), mac=bytes(32))
    with pytest.raises(TrailerDamaged, match="digest"):
        compare_digests(stream, found, lambda _done: None)


def fields_of(raw: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(raw[3 * trailer.PAGE :].split(b"\0")[0])
    return found


def compact(fields: object) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def test_the_forger_of_these_tests_changes_nothing_when_he_changes_nothing() -> None:
    raw = a_file()
    assert rehashed(raw, compact(fields_of(raw))) == raw


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("generation", -1),
        ("generation", 2**53),
        ("generation", True),
        ("generation", 1.0),
        ("generation", "12"),
        ("audit_seq", None),
        ("rows", []),
        ("image_bytes", 0),
        ("image_bytes", 4095),
        ("image_bytes", 4096),
        ("image_sha256", "A1" * 32),
        ("audit_hash", "a1" * 31),
        ("audit_hash", "a1" * 32 + "\n"),
        ("salt", 7),
        ("root_fingerprint", "12ab34cg"),
        ("vault_id", "../../etc"),
        ("vault_id", "short"),
        ("vault_id", 12345678),
        ("created_at", "2026-11-22T13:07:00"),
        ("created_at", "2026-11-22 13:07:00+08:00"),
        ("created_at", "2026-11-22T13:07+08:00"),
        ("created_at", "yesterday"),
        ("created_at", 5),
        ("recovery_slots", {}),
        ("recovery_slots", ["x"]),
        ("recovery_slots", [{}, {}, {}, {}, {}]),
        ("cipher", "none"),
        ("format", 0),
        ("format", True),
        ("format", "1"),
        ("extra", 1),
    ],
)
def test_a_field_out_of_its_range_is_refused_although_the_hash_is_right(field: str, value: object) -> None:
    raw = a_file()
    with pytest.raises(TrailerDamaged):
        check(rehashed(raw, compact(fields_of(raw) | {field: value})))


def test_a_missing_field_is_refused() -> None:
    raw = a_file()
    fields = fields_of(raw)
    for name in list(fields):
        with pytest.raises(TrailerDamaged):
            check(rehashed(raw, compact({key: value for key, value in fields.items() if key != name})))


def test_another_spelling_of_the_same_header_is_refused() -> None:
    raw = a_file()
    fields = fields_of(raw)
    plain = compact(fields)
    for other in (
        json.dumps(fields, sort_keys=True).encode(),
        b" " + plain,
        plain + b" ",
        plain.replace(b'"rows":6789', b'"rows":6789,"rows":6789'),
        plain.replace(b"sheet_a", b"\\u0073heet_a"),
        plain.replace(b'"rows":6789', b'"rows":6.789e3'),
        plain.replace(b'"rows":6789', b'"rows":NaN'),
        plain.replace(b"sheet_a", "表".encode()),
        plain.replace(b'"rows":6789', b'"rows":' + b"9" * 5000),
        b"[]",
        b"",
        b"[" * 60_000,
    ):
        with pytest.raises(TrailerDamaged):
            check(rehashed(raw, other))


def test_a_newer_format_is_told_from_damage() -> None:
    raw = a_file()
    with pytest.raises(TrailerTooNew):
        check(rehashed(raw, compact({"format": 2, "anything": "else"})))


def test_padding_is_zero_and_no_longer_than_needed() -> None:
    raw = a_file()
    plain = compact(fields_of(raw))
    with pytest.raises(TrailerDamaged, match="padding"):
        check(rehashed(raw, plain, pad=b"\x01"))
    wide = raw[:-84].ljust(5 * trailer.PAGE - 84, b"\0") + raw[-84:]
    with pytest.raises(TrailerDamaged):
        check(wide)


def test_a_header_longer_than_the_limit_is_neither_written_nor_read() -> None:
    image = bytes(trailer.PAGE)
    with pytest.raises(Bug, match="length"):
        a_header(image, recovery_slots=({"filler": "x" * trailer.HEADER_LIMIT},)).to_bytes()
    raw = a_file()
    long = compact(fields_of(raw) | {"recovery_slots": [{"filler": "x" * trailer.HEADER_LIMIT}]})
    with pytest.raises(TrailerDamaged, match="size"):
        check(rehashed(raw, long))


def test_a_naive_time_is_our_bug() -> None:
    with pytest.raises(Bug, match="created_at"):
        a_header(bytes(4096), created_at=datetime(2026, 1, 1)).to_bytes()  # noqa: DTZ001 - the point of the test


def test_sealing_another_image_is_our_bug() -> None:
    digest = ImageDigest()
    digest.update(bytes(4096))
    with pytest.raises(Bug, match="another image"):
        seal(digest, a_header(bytes(8192)), KEY)


def test_files_too_short_to_be_a_backup() -> None:
    for raw in (b"", b"x", bytes(4095), bytes(4096), bytes(8192)):
        with pytest.raises(TrailerMissing):
            check(raw)


def test_an_image_is_never_missing() -> None:
    with pytest.raises(TrailerDamaged, match="size"):
        check(a_file()[3 * trailer.PAGE :])


hex_digits = st.text("0123456789abcdef", min_size=64, max_size=64)
counts = st.integers(0, 2**53 - 1)
plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
headers = st.builds(
    Header,
    vault_id=st.uuids().map(lambda value: value.hex),
    generation=counts,
    audit_seq=counts,
    audit_hash=hex_digits,
    rows=counts,
    image_bytes=st.integers(1, 2**40).map(lambda pages: pages * 4096),
    image_sha256=hex_digits,
    created_at=st.datetimes(timezones=st.sampled_from([UTC, MADE.tzinfo])).map(lambda at: at.replace(microsecond=0)),
    salt=hex_digits.map(lambda text: text[:32]),
    root_fingerprint=hex_digits.map(lambda text: text[:8]),
    recovery_slots=st.lists(st.dictionaries(st.text(max_size=8), plain_json, max_size=4), max_size=4).map(tuple),
)


@given(headers)
@settings(deadline=None)
def test_any_header_survives_the_way_there_and_back(header: Header) -> None:
    raw = header.to_bytes()
    assert Header.from_bytes(raw) == header
    assert Header.from_bytes(raw).to_bytes() == raw


@given(st.binary(max_size=300) | plain_json.map(compact))
@settings(deadline=None, max_examples=300)
def test_the_parser_raises_nothing_but_its_own_findings(raw: bytes) -> None:
    with pytest.raises((TrailerDamaged, TrailerTooNew)):
        Header.from_bytes(raw)


@given(st.data())
@settings(deadline=None, max_examples=300)
def test_no_mutated_header_is_read_as_another_without_being_canonical(data: st.DataObject) -> None:
    raw = bytearray(a_header(bytes(4096)).to_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = Header.from_bytes(bytes(raw))
    except (TrailerDamaged, TrailerTooNew):
        return
    assert found.to_bytes() == bytes(raw)


@given(st.binary(max_size=200), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=300)
def test_any_file_with_our_magic_is_refused_or_whole(body: bytes, length: int) -> None:
    raw = body.ljust(2 * trailer.PAGE - 20, b"\0") + struct.pack(">I", length) + b"counselroom-bkp\n"
    with pytest.raises((TrailerDamaged, TrailerTooNew)):
        check(raw)
