from __future__ import annotations

import ast
import csv
import importlib.util
import io
import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import apsw
import pytest

from counselroom.vault.keys.recovery_code import encode
from counselroom.vault.verification import open_image, root_from_sheet, verify_backup
from tests.vault.backup_support import Office
from tests.vault.test_verification import mac_key, reseal

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "emergency_reader.py"
DATA = ROOT / "tests" / "data"
STORED = sorted(DATA.glob("backup-v*.crbackup"))


@pytest.fixture(scope="module")
def reader() -> ModuleType:
    specification = importlib.util.spec_from_file_location("emergency_reader", SCRIPT)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def facts_of(stored: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stored.with_suffix(".json").read_text(encoding="utf-8"))
    return found


def run(backup: Path, folder: Path, digits: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(backup), str(folder)],
        input=digits + "\n",
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={"PYTHONIOENCODING": "utf-8", "PYTHONUTF8": "1"},
    )


def read_csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_it_imports_nothing_of_ours_and_two_libraries() -> None:
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    foreign = {name.split(".")[0] for name in imported} - sys.stdlib_module_names
    assert foreign == {"cryptography", "sqlcipher3"}


def test_there_is_a_stored_backup_of_every_format_version() -> None:
    assert [stored.name for stored in STORED] == ["backup-v1.crbackup"]


@pytest.mark.parametrize("stored", STORED, ids=lambda stored: stored.stem)
@pytest.mark.parametrize("sheet", ["sheet_a", "sheet_b"])
def test_a_stored_backup_becomes_tables(stored: Path, sheet: str, tmp_path: Path) -> None:
    facts = facts_of(stored)
    done = run(stored, tmp_path / "out", facts[sheet])
    assert (done.returncode, done.stderr) == (0, "")
    assert "明文" in done.stdout
    written = {path.stem: len(read_csv(path)) - 1 for path in (tmp_path / "out").iterdir()}
    assert {table: count for table, count in written.items() if count} == facts["rows"]
    people = read_csv(tmp_path / "out" / "person.csv")
    name = people[0].index("name")
    assert [row[name].removeprefix("'") for row in people[1:]] == facts["people"]
    assert people[-1][name].startswith("'=")  # nothing that a spreadsheet would calculate
    parameter = read_csv(tmp_path / "out" / "parameter.csv")
    assert json.loads(parameter[1][parameter[0].index("value")]) == "第一行\n第二行"


@pytest.mark.parametrize("stored", STORED, ids=lambda stored: stored.stem)
def test_the_program_reads_every_stored_backup(stored: Path) -> None:
    facts = facts_of(stored)
    for sheet in ("sheet_a", "sheet_b"):
        found = verify_backup(stored, sheet=facts[sheet])
        assert found.genuine


@pytest.mark.parametrize("stored", STORED, ids=lambda stored: stored.stem)
def test_a_second_implementation_reads_the_same_rows_in_place(stored: Path) -> None:
    """SQLite3 Multiple Ciphers shares no code of encryption with SQLCipher."""
    facts = facts_of(stored)
    header = verify_backup(stored).header
    root = root_from_sheet(header, facts["sheet_a"])
    key = root.backup_database_key(bytes.fromhex(header.salt))
    other = apsw.Connection(
        f"{stored.resolve().as_uri()}?mode=ro&immutable=1",
        flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI,
    )
    other.pragma("cipher", "sqlcipher")
    other.pragma("legacy", 4)
    other.execute(f"PRAGMA key = \"x'{key}'\"")
    with closing(open_image(stored, header, root)) as ours:
        for table in facts["rows"]:
            theirs = other.execute(f'SELECT * FROM "{table}"').fetchall()
            assert theirs == ours.execute(f'SELECT * FROM "{table}"').fetchall()
            assert len(theirs) == facts["rows"][table]
    assert other.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    other.close()


def test_a_backup_of_today_is_read_too(tmp_path: Path) -> None:
    office = Office(tmp_path / "office")
    office.add_students(4)
    made = office.backup()
    done = run(made.path, tmp_path / "out", office.sheet_b.replace("-", " "))
    office.vault.close()
    assert done.returncode == 0, done.stderr
    assert len(read_csv(tmp_path / "out" / "student.csv")) == 5


STRANGER = encode(bytes(range(16)))


@pytest.mark.parametrize(
    ("digits", "word"),
    [("", "digits"), ("12", "digits"), ("123456" * 8, "digits"), (STRANGER, "sheet does not open")],
)
def test_wrong_digits_are_refused_with_a_sentence(digits: str, word: str, tmp_path: Path) -> None:
    done = run(STORED[0], tmp_path / "out", digits)
    assert done.returncode == 1
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_damaged_cut_and_foreign_files_are_refused(tmp_path: Path) -> None:
    digits = facts_of(STORED[0])["sheet_a"]
    raw = STORED[0].read_bytes()
    image = bytearray(raw)
    image[9000] ^= 1
    length = bytearray(raw)
    length[-20] ^= 0x40
    for content in (bytes(image), bytes(length), raw[:-1], raw[:-4096], raw[4096:], raw + b"\0", b"", b"x" * 99):
        path = tmp_path / "bad.crbackup"
        path.write_bytes(content)
        done = run(path, tmp_path / "out", digits)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
    assert run(tmp_path / "none.crbackup", tmp_path / "out", digits).returncode == 1


def test_a_folder_in_use_and_a_wrong_call(reader: ModuleType, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert reader.main([str(STORED[0]), str(tmp_path)]) == 1
    assert reader.main([]) == 2
    assert "Usage" in capsys.readouterr().err


def test_a_forgery_and_a_newer_format_are_refused(reader: ModuleType, tmp_path: Path) -> None:
    office = Office(tmp_path / "office")
    made = office.backup().path
    with pytest.raises(reader.Refused, match="without the keys"):
        reader.open_image(reseal(made, rows=1), office.sheet_a)
    with pytest.raises(reader.Refused, match="newer"):
        reader.open_image(reseal(made, format=2, key=mac_key(office, made)), office.sheet_a)
    office.vault.close()
