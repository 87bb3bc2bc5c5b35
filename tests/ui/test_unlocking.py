"""The locked pages: what they ask for, what they say, and how long a next try has to wait."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from counselroom.errors import UserError
from counselroom.ui.pages.cover import Cover
from counselroom.ui.pages.lock_screen import LockScreen
from counselroom.ui.pages.unlock import UnlockPage, waiting_sentence
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode
from counselroom.ui.unlocking import Unlocker, wait_after
from counselroom.vault.keys.slots import WrongSecret
from counselroom.vault.keys.unlocking import Credential, Passphrase, Sheet
from tests.conftest import CHINA


def noon() -> datetime:
    return datetime(2026, 3, 12, 14, 6, tzinfo=CHINA)


def test_the_wait_grows_to_a_minute() -> None:
    assert [wait_after(failures) for failures in range(1, 12)] == [0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60]


class Door:
    """An opening that a test opens by hand."""

    def __init__(self) -> None:
        self.threads: list[int] = []

    def __call__(self, credential: Credential) -> str:
        self.threads.append(threading.get_ident())
        if isinstance(credential, Passphrase) and credential.text == "right":
            return "room"
        if isinstance(credential, Passphrase) and credential.text == "broken":
            raise UserError("磁盘读不出来。")
        raise WrongSecret


@pytest.fixture
def door() -> Door:
    return Door()


def told(unlocker: Unlocker) -> list[tuple[str, int]]:
    heard: list[tuple[str, int]] = []
    unlocker.refused.connect(lambda sentence, wait: heard.append((sentence, wait)))
    return heard


def test_keys_are_derived_beside_the_window(door: Door, qtbot: QtBot) -> None:
    unlocker = Unlocker(door)
    with qtbot.waitSignal(unlocker.opened) as opened:
        assert unlocker.attempt(Passphrase("right"))
        assert not unlocker.attempt(Passphrase("right"))
    assert opened.args == ["room"]
    assert door.threads != [threading.get_ident()]
    assert len(door.threads) == 1


def test_three_wrong_tries_are_free_and_the_fourth_makes_wait(door: Door, qtbot: QtBot) -> None:
    unlocker = Unlocker(door)
    heard = told(unlocker)
    for tries in range(1, 5):
        assert unlocker.attempt(Passphrase("wrong"))
        qtbot.waitUntil(lambda tries=tries: len(heard) == tries)
    assert [wait for _sentence, wait in heard] == [0, 0, 0, 2]
    assert not unlocker.attempt(Passphrase("right"))
    left: list[int] = []
    unlocker.waiting.connect(left.append)
    unlocker._timer.setInterval(1)
    qtbot.waitUntil(lambda: left == [1, 0])
    with qtbot.waitSignal(unlocker.opened):  # the thread must be through before its unlocker goes
        assert unlocker.attempt(Passphrase("right"))
    assert len(door.threads) == 5


def test_a_success_forgets_the_failures(door: Door, qtbot: QtBot) -> None:
    unlocker = Unlocker(door)
    heard = told(unlocker)
    for text in ("wrong", "wrong", "wrong"):
        with qtbot.waitSignal(unlocker.refused):
            unlocker.attempt(Passphrase(text))
    with qtbot.waitSignal(unlocker.opened):
        unlocker.attempt(Passphrase("right"))
    with qtbot.waitSignal(unlocker.refused):
        unlocker.attempt(Passphrase("wrong"))
    assert heard[-1][1] == 0


def test_another_failure_is_told_and_not_counted(door: Door, qtbot: QtBot) -> None:
    unlocker = Unlocker(door)
    heard = told(unlocker)
    for _number in range(5):
        with qtbot.waitSignal(unlocker.refused):
            unlocker.attempt(Passphrase("broken"))
    assert heard == [("磁盘读不出来。", 0)] * 5


def test_a_wrong_sheet_is_not_called_a_passphrase(door: Door, qtbot: QtBot) -> None:
    unlocker = Unlocker(door)
    with qtbot.waitSignal(unlocker.refused) as refused:
        unlocker.attempt(Sheet("1"))
    assert "恢复单" in refused.args[0]
    assert "口令" not in refused.args[0]


def secret_of(page: UnlockPage | LockScreen) -> QLineEdit:
    (field,) = page.findChildren(QLineEdit)
    return field


def shown(page: UnlockPage, qtbot: QtBot) -> UnlockPage:
    qtbot.addWidget(page)
    page.resize(1093, 550)
    page.show()
    return page


def test_enter_submits_user_and_passphrase(theme: Theme, qtbot: QtBot) -> None:
    page = shown(UnlockPage(theme, noon, ["用户 1", "用户 2"]), qtbot)
    sent: list[Credential] = []
    page.submitted.connect(sent.append)
    field = secret_of(page)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert sent == []
    assert field.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClicks(field, "secret")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert sent == [Passphrase("secret", "用户 1")]
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert len(sent) == 1


def test_a_refusal_keeps_the_text_selected_and_says_why(theme: Theme, qtbot: QtBot) -> None:
    page = shown(UnlockPage(theme, noon, ["用户 1"]), qtbot)
    field = secret_of(page)
    qtbot.keyClicks(field, "secret")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    page.refuse("口令不对。", 8)
    assert field.selectedText() == "secret" or field.hasSelectedText()
    assert page.sentence() == "口令不对。请等 8 秒再试，时间会逐次加长。"
    assert field.accessibleDescription() == page.sentence()
    sent: list[Credential] = []
    page.submitted.connect(sent.append)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert sent == []
    page.count_down(0)
    assert page.sentence() == "口令不对。"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert len(sent) == 1


def test_a_sheet_takes_the_place_of_the_passphrase(theme: Theme, qtbot: QtBot) -> None:
    page = shown(UnlockPage(theme, noon, ["用户 1"]), qtbot)
    page.use_sheet(wanted=True)
    sent: list[Credential] = []
    page.submitted.connect(sent.append)
    field = secret_of(page)
    assert field.echoMode() is QLineEdit.EchoMode.Normal
    qtbot.keyClicks(field, "123456 7")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert sent == [Sheet("123456 7")]


def test_caps_lock_is_told_by_a_letter(theme: Theme, qtbot: QtBot) -> None:
    page = shown(UnlockPage(theme, noon, ["用户 1"]), qtbot)
    field = secret_of(page)
    qtbot.keyClick(field, "A")
    assert page.sentence() == "大写锁定已开"
    qtbot.keyClick(field, "a")
    assert page.sentence() == ""
    qtbot.keyClick(field, "A", Qt.KeyboardModifier.ShiftModifier)
    assert page.sentence() == ""


def test_the_lock_screen_takes_keys_at_once_and_names_nobody(theme: Theme, qtbot: QtBot) -> None:
    page = LockScreen(theme, noon, "林老师")
    qtbot.addWidget(page)
    page.show()
    sent: list[Credential] = []
    page.submitted.connect(sent.append)
    qtbot.keyClicks(page.focusWidget(), "geheim")
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    assert sent == [Passphrase("geheim", "林老师")]
    texts = [label.text() for label in page.findChildren(type(page._sentence))]
    assert not any("林" in text for text in texts)
    page.refuse("口令不对。", 2)
    assert page.sentence() == "口令不对。" + waiting_sentence(2)
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Return)
    assert len(sent) == 1


def test_the_cover_has_no_field(theme: Theme, qtbot: QtBot) -> None:
    page = Cover(theme, noon)
    qtbot.addWidget(page)
    page.show()
    assert page.findChildren(QLineEdit) == []
    qtbot.keyClicks(page, "what was meant for a note")
    assert page.sentence() == "正在锁定…"
    assert not page.close_button.isVisible()


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("size", [(1440, 900), (1366, 688), (1093, 550)])
def test_everything_fits(theme: Theme, qtbot: QtBot, mode: Mode, size: tuple[int, int]) -> None:
    theme.set_mode(mode)
    page = UnlockPage(theme, noon, ["用户 1"])
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    page.refuse("口令不对，资料没有受影响。请检查大小写和输入法，再试一次。", 8)
    qtbot.wait(1)
    assert page.size().toTuple() == size
    assert not page.grab().isNull()


def test_the_locked_process_knows_no_record() -> None:
    """Importing what a locked window needs must not bring in what reads a vault."""
    code = """
import sys
import counselroom.app, counselroom.ui.program
heavy = {"sqlalchemy", "sqlcipher3", "pypinyin", "matplotlib", "reportlab", "qtawesome", "keyring", "pydantic"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
