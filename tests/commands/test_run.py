"""The command line: what it answers, how it refuses, and its exit codes; never a traceback."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from counselroom.commands import init as init_command
from counselroom.commands.run import _MODULES, DONE, REFUSED, USAGE, run_command
from counselroom.errors import Bug
from counselroom.services.forms import all_forms
from counselroom.vault.keys.argon import FLOOR
from tests.conftest import PASSPHRASE, HandClock, MemoryAnchors
from tests.services.world import MORNING, opened_world, template

WRONG = "wrong-passphrase-of-somebody-99"
ROSTER = (
    "姓名,学号,性别,班级\n仇英豪,20260001,男,初一（1）班\n单于晴,20260002,女,初一（1）班\n,20260003,女,初一（1）班\n"
)


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


Say = Callable[..., Said]


@pytest.fixture(autouse=True)
def anchors(monkeypatch: pytest.MonkeyPatch) -> MemoryAnchors:
    """No test touches the keychain of this machine."""
    kept = MemoryAnchors()
    for name in ("room", "init", "restore", "check"):
        monkeypatch.setattr(f"counselroom.commands.{name}.anchors", lambda: kept)
    monkeypatch.setattr(init_command, "calibrate", lambda: FLOOR)
    return kept


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    def run(*arguments: object) -> Said:
        code = run_command([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        if code == REFUSED and not captured.out:
            assert captured.err.count("\n") == 1
        return Said(code, captured.out, captured.err)

    return run


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase.txt"
    path.write_text(f"\ufeff{PASSPHRASE}\r\nmore\n", encoding="utf-8")
    return path


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """A closed vault with a school."""
    shutil.copytree(template().folder, tmp_path / "vault")
    return tmp_path / "vault"


@pytest.fixture
def backup(tmp_path: Path, vault: Path, secret: Path, say: Say) -> Path:
    (tmp_path / "stick").mkdir()
    said = say("backup", vault, tmp_path / "stick", "--passphrase-file", secret, "--json")
    assert (said.code, said.err) == (DONE, "")
    assert said.data["size"] == Path(said.data["file"]).stat().st_size
    return Path(said.data["file"])


def sheet_file(tmp_path: Path) -> Path:
    path = tmp_path / "sheet.txt"
    path.write_text(template().sheet_a, encoding="utf-8")
    return path


# The frame.


@pytest.mark.parametrize("name", list(_MODULES))
def test_every_command_explains_itself(say: Say, name: str) -> None:
    said = say(name, "--help")
    assert (said.code, said.err) == (DONE, "")
    assert f"counselroom {name}" in said.out
    assert "--json" in said.out


def test_the_overview_names_every_command(say: Say) -> None:
    said = say("--help")
    assert said.code == DONE
    for name in _MODULES:
        assert f"  {name} " in said.out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("fly",),
        ("forms", "--loud"),
        ("forms", "more"),
        ("print",),
        ("print", "F-11", "--blank"),
        ("print", "F-11", "--blank", "-o", "x.pdf", "--audience", "world"),
        ("backup", "vault"),
        ("restore", "x"),
        ("init", "vault", "--school", "某校", "--type", "castle", "--sheets", "x"),
        ("demo", "out", "--students", "many"),
        ("demo", "out", "--students", "1"),
        ("demo", "out", "--sessions", "200001"),
        ("verify",),
    ],
)
def test_wrong_use_is_told_in_one_line_after_the_usage(say: Say, arguments: tuple[str, ...]) -> None:
    said = say(*arguments)
    assert (said.code, said.out) == (USAGE, "")
    assert said.err.startswith("usage: counselroom")
    assert said.err.rstrip("\n").splitlines()[-1].startswith("counselroom")


def fails_with(monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    def run(options: object) -> None:
        raise failure

    monkeypatch.setattr("counselroom.commands.forms.run", run)


@pytest.mark.parametrize(
    ("failure", "word"),
    [
        (KeyboardInterrupt(), "停止"),
        (PermissionError(13, "Permission denied", "/secret/place"), "Permission denied"),
        (OSError(), "OSError"),
        (Bug("a promise of ours"), "a promise of ours"),
    ],
)
def test_whatever_fails_is_one_sentence(
    say: Say, monkeypatch: pytest.MonkeyPatch, failure: BaseException, word: str
) -> None:
    fails_with(monkeypatch, failure)
    said = say("forms")
    assert (said.code, said.out) == (REFUSED, "")
    assert word in said.err
    assert "/secret/place" not in said.err


# forms and blank prints need no vault.


def test_forms_are_listed(say: Say) -> None:
    said = say("forms")
    assert said.code == DONE
    assert len(said.out.splitlines()) == len(all_forms())
    listed = {form["id"]: form for form in say("forms", "--json").data["forms"]}
    assert set(listed) == set(all_forms())
    assert listed["F-50"]["audiences"] == ["hospital", "guardian", "room"]
    assert (listed["F-11"]["secrecy"], listed["F-11"]["title"]) == ("S3", "个别咨询记录表")


def test_a_blank_form_is_printed_and_nothing_is_written_over(say: Say, tmp_path: Path) -> None:
    target = tmp_path / "blank.pdf"
    said = say("print", "F-50", "--blank", "-o", target, "--json")
    assert (said.code, said.data) == (DONE, {"file": str(target), "form": "F-50"})
    before = target.read_bytes()
    assert before.startswith(b"%PDF-")
    assert say("print", "F-06", "--blank", "-o", target).code == REFUSED
    assert target.read_bytes() == before
    assert say("print", "F-50", "--blank", "--audience", "room", "-o", tmp_path / "room.pdf").code == DONE
    for arguments in (("F-99",), ("F-11", "--audience", "peer")):
        assert say("print", *arguments, "--blank", "-o", tmp_path / "no.pdf").code == REFUSED
    assert say("print", "F-50", "--blank", "-o", tmp_path / "missing" / "x.pdf").code == REFUSED
    assert not (tmp_path / "no.pdf").exists()


# A filled form.


@pytest.fixture
def referral(tmp_path: Path) -> tuple[Path, str]:
    folder = tmp_path / "vault"
    with opened_world(folder, HandClock(MORNING)) as world:
        referral_id = world.referral()
    return folder, referral_id


def test_a_filled_form_is_printed_logged_and_voided_when_the_disk_fails(
    say: Say, tmp_path: Path, secret: Path, referral: tuple[Path, str]
) -> None:
    folder, referral_id = referral
    target = tmp_path / "referral.pdf"
    common = ("print", "F-50", folder, "--ref", referral_id, "--passphrase-file", secret)
    said = say(*common, "--audience", "guardian", "-o", target, "--json")
    assert said.code == DONE
    assert (said.data["copy_no"], said.data["form"], said.data["warnings"]) == (1, "F-50", [])
    assert target.read_bytes().startswith(b"%PDF-")
    no_folder = tmp_path / "missing" / "x.pdf"
    assert say(*common, "--audience", "guardian", "-o", no_folder).code == REFUSED
    again = say(*common, "--audience", "room", "--recipient", "档案柜", "-o", tmp_path / "second.pdf", "--json")
    assert again.data["copy_no"] == 3
    refused = say(*common, "--audience", "hospital", "-o", tmp_path / "third.pdf")
    assert refused.code == REFUSED
    assert "签发" in refused.err
    assert say(*common, "--audience", "peer", "-o", tmp_path / "third.pdf").code == REFUSED
    assert not (tmp_path / "third.pdf").exists()


def test_a_filled_form_needs_vault_record_and_reader(say: Say, tmp_path: Path, vault: Path, secret: Path) -> None:
    for arguments in (
        (vault, "--ref", "x"),
        (vault, "--audience", "room"),
        ("--ref", "x", "--audience", "room"),
    ):
        said = say("print", "F-50", *arguments, "-o", tmp_path / "x.pdf", "--passphrase-file", secret)
        assert said.code == REFUSED
        assert "--blank" in said.err


# Secrets.


def test_a_wrong_passphrase_then_the_right_one(say: Say, tmp_path: Path, vault: Path, secret: Path) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text(WRONG, encoding="utf-8")
    said = say("check", vault, "--passphrase-file", wrong)
    assert (said.code, said.out) == (REFUSED, "")
    assert WRONG not in said.err
    said = say("check", vault, "--passphrase-file", secret, "--json")
    assert said.code == DONE
    assert said.data["sound"]
    assert (said.data["findings"], said.data["read_only"]) == ([], None)
    assert said.data["audit_rows"] > 10
    assert say("check", vault, "--passphrase-file", sheet_file(tmp_path)).code == DONE


def test_a_passphrase_from_standard_input_and_from_the_prompt(
    say: Say, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSPHRASE}\nmore\n"))
    assert say("check", vault, "--passphrase-file", "-").code == DONE
    monkeypatch.setattr("getpass.getpass", lambda prompt: PASSPHRASE)
    assert say("check", vault).code == DONE

    def nobody(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody)
    said = say("check", vault)
    assert said.code == REFUSED
    assert "--passphrase-file" in said.err


@pytest.mark.parametrize("content", [None, b"", b"\r\n", b"\xff\xfe\xff"])
def test_a_passphrase_file_that_says_nothing(say: Say, tmp_path: Path, vault: Path, content: bytes | None) -> None:
    path = tmp_path / "empty.txt"
    if content is not None:
        path.write_bytes(content)
    said = say("check", vault, "--passphrase-file", path)
    assert (said.code, said.out) == (REFUSED, "")


def test_no_vault_is_no_vault_and_none_is_made(say: Say, tmp_path: Path, secret: Path) -> None:
    for name in ("missing", "empty"):
        folder = tmp_path / name
        if name == "empty":
            folder.mkdir()
        said = say("check", folder, "--passphrase-file", secret)
        assert said.code == REFUSED
        assert not folder.exists() or list(folder.iterdir()) == []


# init.


def test_a_vault_is_made_with_two_sheets_that_open_it(
    say: Say, tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, sheets = tmp_path / "new", tmp_path / "sheets"
    arguments = ("init", folder, "--school", "青禾市示例中学", "--type", "junior", "--sheets", sheets)
    said = say(*arguments, "--counsellor", "林老师", "--code", "QH", "--passphrase-file", secret, "--json")
    assert (said.code, said.err) == (DONE, "")
    assert said.data["sheets"] == [str(sheets / "sheet-A.pdf"), str(sheets / "sheet-B.pdf")]
    for path in said.data["sheets"]:
        text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()
        assert "青禾市示例中学" in text
    digits = subprocess.run(
        ["pdftotext", "-layout", said.data["sheets"][1], "-"], capture_output=True, check=True
    ).stdout.decode()
    assert sum(character.isdigit() for character in digits) >= 48
    assert say("check", folder, "--passphrase-file", secret).code == DONE
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert say(*arguments, "--passphrase-file", secret).code == REFUSED
    other = ("init", folder, "--school", "别校", "--type", "junior", "--sheets", tmp_path / "others")
    assert say(*other, "--passphrase-file", secret).code == REFUSED
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert not (tmp_path / "others").exists()


def test_a_new_passphrase_is_typed_twice_and_strong(say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("init", tmp_path / "new", "--school", "某校", "--type", "senior", "--sheets", tmp_path / "sheets")
    typed = iter([PASSPHRASE, WRONG, "12345678", "12345678", PASSPHRASE, PASSPHRASE])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    assert say(*arguments).code == REFUSED
    assert say(*arguments).code == REFUSED
    assert not (tmp_path / "new").exists()
    assert say(*arguments).code == DONE


# Rosters.


def test_a_roster_is_looked_at_then_imported(say: Say, tmp_path: Path, vault: Path, secret: Path) -> None:
    roster = tmp_path / "名册.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    arguments = ("import-roster", vault, roster, "--passphrase-file", secret, "--json")
    looked = say(*arguments, "--dry-run")
    assert looked.code == DONE
    counts = ("new", "updated", "unchanged", "refused", "dry_run")
    assert [looked.data[name] for name in counts] == [2, 0, 0, 1, True]
    done = say(*arguments)
    assert (done.code, [done.data[name] for name in counts]) == (DONE, [2, 0, 0, 1, False])
    (refused,) = done.data["refused_rows"]
    assert refused["reason"]
    again = say(*arguments[:-1])
    assert again.code == DONE
    assert "2" in again.out.splitlines()[0]
    assert [say(*arguments).data[name] for name in counts[:3]] == [0, 0, 2]
    strange = tmp_path / "strange.csv"
    strange.write_bytes(b"\x00\x01\x02" * 100)
    for path in (strange, tmp_path / "missing.csv"):
        assert say("import-roster", vault, path, "--passphrase-file", secret).code == REFUSED


# Backups.


def test_a_backup_is_verified_with_and_without_a_secret(
    say: Say, tmp_path: Path, backup: Path, vault: Path, secret: Path
) -> None:
    plain = say("verify", backup, "--json")
    assert plain.code == DONE
    assert (plain.data["whole"], plain.data["genuine"]) == (True, False)
    sheet = sheet_file(tmp_path)
    for arguments in (("--vault", vault, "--passphrase-file", secret), ("--sheet", "--passphrase-file", sheet)):
        said = say("verify", backup, *arguments, "--json")
        assert (said.code, said.data["genuine"]) == (DONE, True)
        assert said.data["rows"] == plain.data["rows"]
    assert say("verify", backup).out != say("verify", backup, "--sheet", "--passphrase-file", sheet).out


@pytest.mark.parametrize("place", [0.01, 0.5, 0.999])
def test_a_flipped_bit_is_refused(say: Say, tmp_path: Path, backup: Path, place: float) -> None:
    content = bytearray(backup.read_bytes())
    content[int(len(content) * place)] ^= 8
    damaged = tmp_path / "damaged.crbackup"
    damaged.write_bytes(content)
    said = say("verify", damaged)
    assert (said.code, said.out) == (REFUSED, "")
    restored = say("restore", damaged, tmp_path / "restored", "--passphrase-file", sheet_file(tmp_path))
    assert restored.code == REFUSED
    assert not (tmp_path / "restored").exists()


def test_a_backup_becomes_a_new_vault(say: Say, tmp_path: Path, backup: Path) -> None:
    sheet, folder = sheet_file(tmp_path), tmp_path / "restored"
    said = say("restore", backup, folder, "--passphrase-file", sheet, "--json")
    assert (said.code, said.data["vault"]) == (DONE, str(folder))
    assert say("check", folder, "--passphrase-file", sheet).code == DONE
    assert say("restore", backup, folder, "--passphrase-file", sheet).code == REFUSED
    other = tmp_path / "other"
    wrong = tmp_path / "wrong.txt"
    wrong.write_text(WRONG, encoding="utf-8")
    assert say("restore", backup, other, "--passphrase-file", wrong).code == REFUSED
    assert say("verify", tmp_path / "none.crbackup").code == REFUSED
    assert not other.exists()


def test_a_backup_to_nowhere_is_refused(say: Say, tmp_path: Path, vault: Path, secret: Path) -> None:
    assert say("backup", vault, tmp_path / "missing", "--passphrase-file", secret).code == REFUSED
    assert not (tmp_path / "missing").exists()


# A vault that is not in order.


def test_a_check_that_finds_something_answers_with_1(
    say: Say, vault: Path, secret: Path, anchors: MemoryAnchors, tmp_path: Path
) -> None:
    old = shutil.copytree(vault, tmp_path / "old")
    assert say("check", vault, "--passphrase-file", secret).code == DONE
    before = {path.name: path.read_bytes() for path in old.iterdir()}
    said = say("check", old, "--passphrase-file", secret, "--json")
    assert said.code == REFUSED
    assert not said.data["sound"]
    assert said.data["read_only"]
    assert {path.name: path.read_bytes() for path in old.iterdir()} == before


# The demonstration.


def test_the_demonstration_plays_every_step(say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counselroom.vault.creation.calibrate", lambda: FLOOR)
    out = tmp_path / "demo-out"
    # Without the window: it dresses the whole application, and has its test in a process of its own (test_wheel).
    said = say("demo", out, "--students", 100, "--sessions", 2, "--no-window", "--json")
    assert (said.code, said.data["held"]) == (DONE, True)
    assert len(said.data["steps"]) == 20
    assert (out / "passphrase.txt").read_text(encoding="utf-8").strip()
    assert len(list((out / "printed").glob("*.pdf"))) >= 10
    assert list((out / "usb").glob("*.crbackup"))
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "thesis.txt").write_text("mine", encoding="utf-8")
    assert say("demo", taken).code == REFUSED
    assert (taken / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_the_demonstration_stops_at_the_first_step_that_fails(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from counselroom.commands import demo
    from counselroom.demo.stage import Stage, require

    def fails(stage: Stage) -> str:
        require(held=False, sentence="这一步不成立。")
        return ""

    monkeypatch.setattr("counselroom.vault.creation.calibrate", lambda: FLOOR)
    monkeypatch.setattr(demo, "_STEPS", (fails, *demo._STEPS))
    said = say("demo", tmp_path / "demo-out", "--students", 100, "--no-window")
    assert said.code == REFUSED
    assert "✗ 这一步不成立。" in said.out
    assert said.out.count("✓") == 1


# A process of its own.


def process(
    *arguments: object, home: Path, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the program as a user does, without the keychain of this machine."""
    values = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        **{name: os.environ[name] for name in ("SYSTEMROOT", "COVERAGE_PROCESS_START") if name in os.environ},
        **environment,
    }
    command = [sys.executable, "-m", "counselroom", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, env=values, timeout=120, start_new_session=True)


def test_the_program_itself_checks_a_vault(tmp_path: Path, vault: Path) -> None:
    done = process("check", vault, "--passphrase-file", "-", "--json", home=tmp_path, stdin=PASSPHRASE.encode())
    assert (done.returncode, done.stderr) == (DONE, b"")
    assert json.loads(done.stdout)["sound"]
    nobody = process("check", vault, home=tmp_path)
    assert nobody.returncode == REFUSED
    assert b"Traceback" not in nobody.stderr
    assert nobody.stderr.decode().count("\n") == 1
    (written,) = tmp_path.rglob("counselroom.log")
    assert os.name == "nt" or written.stat().st_mode & 0o077 == 0


def test_a_console_that_knows_no_chinese_stops_nothing(tmp_path: Path) -> None:
    done = process("forms", home=tmp_path, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (DONE, b"")
    assert len(done.stdout.splitlines()) == len(all_forms())
    wrong = process("fly", home=tmp_path)
    assert wrong.returncode == USAGE
