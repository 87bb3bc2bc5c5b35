"""应急读取：没有本软件时，用一张恢复单读出备份。 Reads a backup without the program, with a recovery sheet alone.

用法 Usage:  pip install sqlcipher3 cryptography;  python emergency_reader.py BACKUP.crbackup OUTPUT_FOLDER
恢复单的 48 位数字在提示后输入，不写在命令里。 The 48 digits are asked for; they never stand in the command.

It needs nothing of the program, only the two libraries, and reads every format version ever written (now: 1). The
format: an SQLCipher 4 image, then `header JSON | zeros | HMAC-SHA256 | SHA-256 | header length | magic`, padded to
4096 bytes. The header holds the root key wrapped (RFC 3394) under a key from the sheet's 128 bits; HKDF-SHA256 with the
labels below gives the other keys. The output is in clear: every table becomes a CSV file that anybody can read.
"""

from __future__ import annotations

import csv
import getpass
import hashlib
import hmac
import json
import re
import struct
import sys
import unicodedata
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives import keywrap
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlcipher3 import dbapi2

PAGE = 4096
TAIL = struct.Struct(">32s32sI16s")
MAGIC = b"counselroom-bkp\n"


class Refused(Exception):
    """The backup or the digits are not usable; the text says why."""


def derived(key: bytes, label: str, salt: bytes) -> bytes:
    """Return the 32 bytes that HKDF-SHA256 gives for a purpose."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=label.encode()).derive(key)


def sheet_secret(digits: str) -> bytes:
    """Return the 16 bytes of a sheet: eight groups of six digits, each eleven times a 16-bit number."""
    text = re.sub(r"\D", "", unicodedata.normalize("NFKC", digits))
    groups = [int(text[at : at + 6]) for at in range(0, len(text), 6)]
    wrong = [str(number) for number, group in enumerate(groups, 1) if group % 11 or group >= 720_896]
    if len(text) != 48 or wrong:
        raise Refused(f"恢复单数字有误（第 {'、'.join(wrong) or '?'} 组）。 The digits of the sheet are not right.")
    return b"".join((group // 11).to_bytes(2, "big") for group in groups)


def read_header(stream: BinaryIO) -> tuple[dict[str, Any], bytes, bytes]:
    """Return header, bytes under the HMAC, and HMAC, after comparing the SHA-256 of the whole file."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - TAIL.size))
    tail = stream.read()
    if len(tail) != TAIL.size or tail[-16:] != MAGIC:
        raise Refused("不是完整的备份文件。 This is not a complete backup.")
    mac, digest, length, _magic = TAIL.unpack(tail)
    whole, rest = hashlib.sha256(), size - TAIL.size + 32
    stream.seek(0)
    while rest > 0:
        chunk = stream.read(min(rest, 1 << 20))
        whole.update(chunk)
        rest -= len(chunk) or rest
    trailer = -(-(length + TAIL.size) // PAGE) * PAGE
    if whole.digest() != digest or not PAGE <= trailer < size:
        raise Refused("备份已损坏。 The backup is damaged.")
    stream.seek(size - trailer)
    sealed = stream.read(trailer - TAIL.size)
    return json.loads(sealed[:length]), sealed, mac


def root_key(header: dict[str, Any], secret: bytes) -> bytes:
    """Return the root key from the slot that the sheet opens."""
    for slot in header["recovery_slots"]:
        try:
            wrapping = derived(secret, "cc/sheet/1", bytes.fromhex(slot["salt"]))
            return keywrap.aes_key_unwrap(wrapping, bytes.fromhex(slot["wrapped"]))
        except keywrap.InvalidUnwrap:
            continue
    raise Refused("这张恢复单打不开这份备份。 This sheet does not open this backup.")


def open_image(path: Path, digits: str) -> dbapi2.Connection:
    """Return a read-only connection to the image inside the backup, which is not changed."""
    with path.open("rb") as stream:
        header, sealed, mac = read_header(stream)
    if header.get("format") != 1:
        raise Refused("备份格式较新，请使用新版工具。 A newer format: use a newer reader.")
    root, salt = root_key(header, sheet_secret(digits)), bytes.fromhex(header["salt"])
    if not hmac.compare_digest(mac, hmac.digest(derived(root, "cc/backup-mac/1", salt), sealed, "sha256")):
        raise Refused("备份被人改动过。 The backup was changed by somebody without the keys.")
    connection = dbapi2.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{derived(root, 'cc/backup-db/1', salt).hex()}'\"")
    return connection


def cell(value: object) -> object:
    """Return a value as it goes into a CSV cell: bytes as hex, and nothing that a spreadsheet would calculate."""
    if isinstance(value, bytes):
        return value.hex()
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r＝＋－＠") else value


def write_tables(connection: dbapi2.Connection, folder: Path) -> dict[str, int]:
    """Write every table as `TABLE.csv` (UTF-8 with a mark, so that spreadsheets show Chinese) and return row counts."""
    virtual = [
        name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'")
    ]
    counts = {}
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        if any(table == name or table.startswith(f"{name}_") for name in virtual):
            continue  # the full-text index, which holds nothing of its own
        rows = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a name from the schema
        with (folder / f"{table}.csv").open("x", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(column[0] for column in rows.description)
            counts[table] = 0
            for row in rows:
                writer.writerow(map(cell, row))
                counts[table] += 1
    return counts


def main(arguments: list[str]) -> int:
    """Read BACKUP with the digits from the terminal (or standard input) and write CSV files to OUTPUT_FOLDER."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    backup, folder = map(Path, arguments)
    if folder.exists() and any(folder.iterdir()):
        print("输出文件夹不是空的。 The output folder is not empty.", file=sys.stderr)
        return 1
    try:
        digits = getpass.getpass("恢复单 48 位数字 / digits: ") if sys.stdin.isatty() else sys.stdin.readline()
        connection = open_image(backup, digits)
        folder.mkdir(parents=True, exist_ok=True)
        counts = write_tables(connection, folder)
    except (Refused, OSError, dbapi2.Error) as refused:
        print(refused, file=sys.stderr)
        return 1
    for table, count in counts.items():
        print(f"{table}: {count}")
    print("注意：这些文件是明文，用完请安全删除。 These files are in clear: delete them after use.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
