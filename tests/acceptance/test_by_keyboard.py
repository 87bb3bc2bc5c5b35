"""First run to first backup, a student by initials, a blank F-50, lock and unlock: keys alone, on a real screen.

The program is the real one in a process of its own; what it left is read afterwards with the typed passphrase.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from counselroom import app
from counselroom.desktop.clock import SystemClock
from counselroom.services.accounts import actor_at_the_desk
from counselroom.services.desk import Desk
from counselroom.services.students import count_students
from counselroom.vault.check import check_vault
from counselroom.vault.keys.unlocking import Passphrase
from counselroom.vault.vault import unlock_vault
from counselroom.vault.verification import verify_backup
from tests.acceptance.screen import MISSING, Screen, screen
from tests.conftest import MemoryAnchors

NAMES = ("张晓明", "李小红", "王小刚", "陈小甲", "陈小乙", "陈小丙", "陈小丁", "陈小戊")

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs Linux with a screen: {' '.join(MISSING)}")


def test_from_the_first_run_to_a_backup_and_back_through_a_lock(tmp_path: Path) -> None:
    roster, stick = tmp_path / "roster.csv", tmp_path / "usb"
    stick.mkdir()
    lines = [f"{name},女,2026{number:04},初一,{number % 3 + 1}班" for number, name in enumerate(NAMES)]
    roster.write_text("\n".join(["姓名,性别,学号,年级,班级", *lines]), encoding="utf-8")
    a_printer(tmp_path)
    with screen(tmp_path) as shown:
        shown.start()
        passphrase = first_run(shown, roster, stick)
        find_by_initials(shown)
        print_a_blank_form(shown, tmp_path)
        lock_and_unlock(shown, passphrase)
        close(shown)
    what_is_left(tmp_path, stick, passphrase)


def step(shown: Screen, number: int) -> dict[str, Any]:
    return shown.until(lambda seen: any(text.startswith(f"第 {number} 步") for text in seen["texts"]), f"step {number}")


def first_run(shown: Screen, roster: Path, stick: Path) -> str:
    """Go through the wizard and return the passphrase."""
    shown.until(lambda seen: bool(seen["focus"]), "the first page")
    shown.tab_to("新建资料库")
    shown.press("Return")
    step(shown, 1)
    shown.press("Return")
    offered = step(shown, 2)["texts"]
    passphrase = next(str(text) for text in offered if re.fullmatch(r"[a-z]+( [a-z]+){5}", text))
    shown.type(passphrase)
    shown.press("Return")
    copy_the_sheets(shown)
    step(shown, 4)
    shown.type("Qinghe 1")
    shown.press("Tab")
    shown.type("QH")
    shown.tab_to("您的姓名")
    shown.type("Lin")
    shown.tab_to("下一步")
    shown.press("Return")
    step(shown, 5)
    shown.press("Return")
    choose(shown, "选择名册文件", roster)
    shown.until_text("新增 8 人")
    shown.tab_to("导入", kind="Button", exact=True)
    shown.press("Return")
    shown.until_text("已导入")
    shown.tab_to("下一步")
    shown.press("Return")
    step(shown, 6)
    shown.tab_to("选择文件夹", kind="Button")
    shown.press("Return")
    choose(shown, "备份文件夹", stick)
    shown.tab_to("立即备份")
    shown.press("Return")
    shown.until(lambda seen: not seen["described"].get("完成"), "the first backup", patience=90)
    shown.tab_to("完成", kind="Button")
    shown.press("Return")
    shown.until(lambda seen: seen["page"] == "今日", "the room")
    return passphrase


def copy_the_sheets(shown: Screen) -> None:
    """Copy both sheets by hand and type back the groups that are asked for."""
    asked = [text for text in step(shown, 3)["texts"] if re.fullmatch(r"恢复单 [AB] 第 \d 组", text)]
    shown.tab_to("显示数字")
    shown.press("space")
    digits = {"A": sheet(shown, "A")}
    shown.tab_to("恢复单 A", kind="Segment", back=True)
    shown.press("Right")
    digits["B"] = sheet(shown, "B")
    for text in asked:
        which, number = re.findall(r"[AB]|\d", text)
        shown.tab_to(text)
        shown.type(digits[which][int(number) - 1])
    shown.tab_to("我已把恢复单")
    shown.press("space")
    shown.tab_to("下一步")
    shown.press("Return")


def sheet(shown: Screen, which: str) -> list[str]:
    name = f"恢复单 {which}"
    return str(shown.until(lambda seen: name in seen["described"], name)["described"][name]).split("，")


def choose(shown: Screen, title: str, path: Path) -> None:
    """Type a path into the program's own file dialog."""
    shown.until(lambda seen: seen["window"] == title, title)
    shown.tab_to("", kind="QLineEdit")
    shown.press("ctrl+a")
    shown.type(str(path))
    shown.press("Return")
    shown.until(lambda seen: seen["window"] != title, "the dialog closed")


def find_by_initials(shown: Screen) -> None:
    shown.press("ctrl+k")
    shown.until(lambda seen: "搜索" in seen["focus"], "the palette")
    shown.type("zxm")
    shown.until(lambda seen: seen["found"] > 0, "a hit")
    shown.press("Return")
    shown.until(lambda seen: seen["page"] == "学生档案" and "张晓明" in seen["texts"], "the record")


def a_printer(home: Path) -> None:
    """Put a printer into the person's path that keeps what it is given."""
    tools = home / "bin"
    tools.mkdir()
    answers = {
        "lpstat": (
            'case "$1" in -e) echo Laser;; -d) echo "system default destination: Laser";;'
            ' *) echo "printer Laser is idle.";; esac'
        ),
        "lp": f'cat > "{home}/printed.pdf"',
    }
    for name, words in answers.items():
        (tools / name).write_text(f"#!/bin/sh\n{words}\n", encoding="utf-8")
        (tools / name).chmod(0o755)


def print_a_blank_form(shown: Screen, home: Path) -> None:
    shown.press("ctrl+k")
    shown.until(lambda seen: "搜索" in seen["focus"], "the palette")
    shown.type("F-50")
    shown.until(lambda seen: seen["found"] > 0, "the form")
    shown.press("Return")
    shown.until(lambda seen: "预览" in seen["page"], "the preview")
    shown.until_text("1 / 1")
    shown.press("ctrl+p")
    shown.until(lambda _seen: (home / "printed.pdf").exists(), "the paper")


def lock_and_unlock(shown: Screen, passphrase: str) -> None:
    before = shown.until(lambda seen: bool(seen["page"]), "a page")
    shown.press("F12")
    locked = shown.until(lambda seen: seen["pid"] != before["pid"] and seen["kind"] == "PassphraseEdit", "the lock")
    assert locked["page"] == ""
    shown.type(passphrase)
    shown.press("Return")
    after = shown.until(lambda seen: bool(seen["page"]), "the room again")
    assert after["page"] == before["page"]


def close(shown: Screen) -> None:
    pid = int(shown.now()["pid"])
    shown.press("alt+F4")
    shown.until_gone(pid)


def text_of(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True)
    return done.stdout.decode()


def what_is_left(home: Path, stick: Path, passphrase: str) -> None:
    """Read the vault and the stick: what the keys have done is there, and nothing else lies about in clear."""
    assert "转介" in text_of(home / "printed.pdf")
    (backup,) = stick.glob("*.crbackup")
    assert not verify_backup(backup).genuine  # without a secret nothing can be said of its origin
    (records,) = home.rglob("records.db")
    vault = unlock_vault(records.parent, Passphrase(passphrase, None), anchors=MemoryAnchors(), now=SystemClock().now)
    try:
        desk = Desk(vault, SystemClock(), app.new_id)
        assert count_students(actor_at_the_desk(desk), desk) == len(NAMES)
        report = check_vault(vault)
        assert report.ok, report.findings
    finally:
        vault.close()
    texts = [path for path in home.rglob("*") if path.is_file() and path.suffix not in {".csv", ".db", ".crbackup"}]
    for path in texts:
        if "observed" not in path.name:
            assert "张晓明".encode() not in path.read_bytes(), path.name
