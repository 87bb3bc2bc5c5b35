"""Starting the window: without a screen, without a vault, with one that was chosen."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from counselroom.desktop.machine_settings import MachineSettings, SettingsFile
from counselroom.desktop.relauncher import Handover
from counselroom.ui import start
from counselroom.ui.beginning import Begun, Tools
from counselroom.ui.pages.no_vault import NoVaultPage
from counselroom.ui.program import Frame
from counselroom.ui.theme.theme import Theme
from counselroom.ui.widgets.button import Button
from counselroom.vault.keys.argon import FLOOR
from tests.conftest import CHINA, HandClock, MemoryAnchors, counting_ids
from tests.services.world import MORNING, opened_copy
from tests.ui.rooms import HandFiles


def noon() -> datetime:
    return datetime(2026, 3, 12, 14, 6, tzinfo=CHINA)


def closed_vault(folder: Path) -> Path:
    with opened_copy(folder, HandClock(MORNING)):
        return folder


def test_without_a_screen_there_is_one_sentence(tmp_path: Path) -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden} | {"HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "counselroom"], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "没有屏幕" in done.stderr


def test_nonsense_on_the_handover_is_a_usage_error(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "counselroom", "--after-lock"],
        env={**os.environ, "HOME": str(tmp_path)},
        input=b"{}\n",
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (2, b"")


def tools(*answers: Path | None) -> Tools:
    anchors = MemoryAnchors()
    return Tools(HandClock(), random.Random(4).randbytes, counting_ids(), lambda: anchors, FLOOR, HandFiles(*answers))


def test_a_folder_without_a_vault_is_refused_with_a_sentence(theme: Theme, tmp_path: Path, qtbot: QtBot) -> None:
    page = NoVaultPage(theme, noon)
    qtbot.addWidget(page)
    chosen: list[Path] = []
    page.chosen.connect(chosen.append)
    page.choose(tmp_path)
    assert chosen == []
    assert "资料库" in page.sentence()
    page.choose(closed_vault(tmp_path / "vault"))
    assert chosen == [tmp_path / "vault"]


def test_the_vault_of_last_time_is_opened_again(tmp_path: Path) -> None:
    folder = closed_vault(tmp_path / "vault")
    settings = SettingsFile(tmp_path / "window.json")
    assert start._known_vault(settings, folder, None) == (folder, "")
    assert SettingsFile(tmp_path / "window.json").current.vault == str(folder)
    assert start._known_vault(settings, None, None) == (folder, "")
    told = Handover(str(folder), "", 0, 0, 800, 600, maximized=False)
    assert start._known_vault(SettingsFile(tmp_path / "other.json"), None, told) == (folder, "")


def test_a_restore_that_was_cut_short_is_finished_first(tmp_path: Path) -> None:
    folder = closed_vault(tmp_path / "vault")
    folder.rename(tmp_path / "vault.incoming")
    assert start._known_vault(SettingsFile(tmp_path / "window.json"), folder, None) == (folder, "")
    assert not (tmp_path / "vault.incoming").exists()


def test_a_vault_that_is_gone_can_be_chosen_anew(theme: Theme, tmp_path: Path, qtbot: QtBot) -> None:
    folder = closed_vault(tmp_path / "vault")
    settings = SettingsFile(tmp_path / "window.json")
    settings.change(MachineSettings(vault=str(tmp_path / "gone")))
    assert start._known_vault(settings, tmp_path / "gone", None) == (None, "")
    frame = Frame(theme)
    qtbot.addWidget(frame)
    QTimer.singleShot(50, lambda: button(frame, "打开已有资料库").click())
    assert start._begin(frame, theme, settings, tools(folder), "") == Begun(folder)
    assert settings.current.vault == str(folder)
    assert frame.isVisible()
    frame.may_close = True


def test_a_damaged_key_file_is_told_and_the_window_can_be_closed(theme: Theme, tmp_path: Path, qtbot: QtBot) -> None:
    folder = closed_vault(tmp_path / "vault")
    for name in ("vault.keys", "vault.keys.2"):
        (folder / name).write_bytes(b"damaged")
    settings = SettingsFile(tmp_path / "window.json")
    found, sentence = start._known_vault(settings, folder, None)
    assert found is None
    said: list[str] = []
    frame = Frame(theme)
    qtbot.addWidget(frame)

    def look() -> None:
        (page,) = frame.findChildren(NoVaultPage)
        said.append(page.sentence())
        frame.close()

    QTimer.singleShot(50, look)
    assert start._begin(frame, theme, settings, tools(), sentence) is None
    assert "损坏" in said[0]
    assert not frame.isVisible()


def button(window: QWidget, text: str) -> Button:
    (found,) = [button for button in window.findChildren(Button) if button.accessibleName() == text]
    return found
