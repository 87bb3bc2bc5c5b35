"""备份: facts, drives that come and go, a backup with its steps, verification, the log, the look."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counselroom.desktop.drives import Drive
from counselroom.services.backups import make_backup
from counselroom.ui.backup_words import age_word
from counselroom.ui.drive_watch import DriveWatch
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.backup import FILE, STATE, BackupPage
from counselroom.ui.room import Room
from counselroom.ui.sizes import size_text
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.tokens import Mode, TextScale
from counselroom.vault.progress import Step
from tests.conftest import HandClock
from tests.services.world import MORNING, World
from tests.ui.looks import SIZES, faults
from tests.ui.rooms import HandFiles, OneStick, alone, window_on

Open = tuple[MainWindow, Room, World]


@pytest.fixture
def clock() -> HandClock:
    return HandClock(MORNING)


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Open]:
    with window_on(tmp_path, icons, qtbot, clock) as found:
        yield found


def page_of(opened: Open, qtbot: QtBot) -> BackupPage:
    window, _room, _world = opened
    window.go_to("backup")
    page = window.page()
    assert isinstance(page, BackupPage)
    qtbot.waitUntil(lambda: page._last.fact() != "" and page._place.currentData() not in ("", None), timeout=5000)
    return page


def back_up(page: BackupPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page._start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page._run is None, timeout=20_000)


def test_before_the_first_backup(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(opened, qtbot)
    assert (page._last.fact(), page._drill.fact()) == ("还没有", "还没有演练")
    assert "两周" in page._due.line()
    assert page._empty.isVisibleTo(page)
    assert not page._table.isVisibleTo(page)
    assert page._place.currentData() == str(tmp_path / "备份盘")
    assert "可用 1.0 GB" in page._place.currentText()
    assert "至少留 3 份" in page._kept.text()


def test_a_backup_is_made_in_steps_and_logged(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window, room, _world = opened
    page = page_of(opened, qtbot)
    said: list[str] = []
    steps: list[int] = []
    room.messages.done.connect(lambda sentence, undo: said.append(sentence))
    qtbot.mouseClick(page._start, Qt.MouseButton.LeftButton)
    run, dialog = page._run, page._dialog
    assert run is not None
    assert dialog is not None
    assert dialog.isVisible()
    assert not page._start.isEnabled()
    run.stepped.connect(lambda *step: steps.append(dialog._lines.current()))
    qtbot.waitUntil(lambda: page._run is None, timeout=20_000)
    assert not dialog.isVisible()
    assert {0, 1, 2, 3} <= set(steps) | {0}
    assert steps == sorted(steps)
    (file,) = (tmp_path / "备份盘").glob("*.crbackup")
    assert file.name in said[0]
    qtbot.waitUntil(lambda: page._model.rowCount() == 1)
    assert page._model.index(0, FILE).data() == file.name
    assert page._model.index(0, STATE).data() == "已核验"
    assert "备份盘" in page._last.line()
    assert "今天" in page._last.fact()
    assert "备份" in page._due.fact()
    assert page._start.isEnabled()
    assert window._status._backup.text().startswith("上次备份 今天")


def test_a_backup_goes_on_in_the_background_and_can_be_stopped(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    _window, room, _world = opened
    page = page_of(opened, qtbot)
    said: list[str] = []
    room.messages.done.connect(lambda sentence, undo: said.append(sentence))
    qtbot.mouseClick(page._start, Qt.MouseButton.LeftButton)
    assert page._dialog is not None
    qtbot.keyClick(page._dialog, Qt.Key.Key_Escape)
    assert page._progress is not None
    page._progress.cancelled.emit()
    qtbot.waitUntil(lambda: page._run is None, timeout=20_000)
    assert "停" in said[0]
    assert page._progress is None
    assert list((tmp_path / "备份盘").iterdir()) == []


def test_the_dialog_cancels(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(opened, qtbot)
    qtbot.mouseClick(page._start, Qt.MouseButton.LeftButton)
    assert page._dialog is not None
    page._dialog.stop_button.click()
    assert not page._dialog.stop_button.isEnabled()
    qtbot.waitUntil(lambda: page._run is None, timeout=20_000)
    assert list((tmp_path / "备份盘").iterdir()) == []


def test_a_stick_that_is_gone_is_said(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    page = page_of(opened, qtbot)
    qtbot.mouseClick(page._start, Qt.MouseButton.LeftButton)
    assert page._run is not None
    page._run.stepped.connect(lambda step, *rest: shutil.rmtree(tmp_path / "备份盘", ignore_errors=True))
    (tmp_path / "备份盘").rmdir()
    qtbot.waitUntil(lambda: page.banner_text() != "", timeout=20_000)
    assert page._start.isEnabled()


def test_sticks_come_and_go(opened: Open, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counselroom.ui.drive_watch.LOOK_EVERY", 10)
    _window, room, _world = opened
    page = page_of(opened, qtbot)
    assert isinstance(room.drives, OneStick)
    one = room.drives._drives[0]
    room.drives._drives = (Drive(Path("/media/示例U盘B"), "vfat", 21_400_000_000, removable=True, writable=True), one)
    qtbot.waitUntil(lambda: page._place.count() == 2)
    assert page._place.itemText(0) == "示例U盘B，可用 21 GB"
    assert page._place.currentData() == str(one.mount)
    room.drives._drives = (Drive(Path("/media/locked"), "vfat", 1, removable=True, writable=False),)
    qtbot.waitUntil(lambda: page._place.currentText() == "没有插 U 盘")
    assert not page._start.isEnabled()


def test_a_watch_that_is_stopped_looks_no_more(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("counselroom.ui.drive_watch.LOOK_EVERY", 5)
    looks: list[int] = []

    class Counting(OneStick):
        def removable(self) -> tuple[Drive, ...]:
            looks.append(1)
            if len(looks) == 2:
                raise OSError
            return ()

    watch = DriveWatch(Counting())
    watch.start()
    qtbot.waitUntil(lambda: len(looks) > 3)
    watch.stop()
    seen = len(looks)
    qtbot.wait(80)
    assert len(looks) <= seen + 1


def test_another_folder_is_kept_over_a_lock(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window, room, _world = opened
    page = page_of(opened, qtbot)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    assert isinstance(room.files, HandFiles)
    room.files.answers = [folder, None]
    qtbot.mouseClick(page._browse, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page._browse, Qt.MouseButton.LeftButton)
    assert page.state() == {"place": str(folder)}
    other = BackupPage(room, "backup")
    qtbot.addWidget(other)
    other.restore(page.state())
    assert other.state() == {"place": str(folder)}
    other.restore({"place": "/nowhere"})
    assert other.state() == {"place": str(folder)}
    back_up(page, qtbot)
    assert len(list(folder.glob("*.crbackup"))) == 1
    assert window.page() is page


def test_a_file_is_verified_and_a_damaged_one_named(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    _window, room, _world = opened
    page = page_of(opened, qtbot)
    back_up(page, qtbot)
    (file,) = (tmp_path / "备份盘").glob("*.crbackup")
    assert isinstance(room.files, HandFiles)
    room.files.answers = [file, file]
    qtbot.mouseClick(page._prove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "可以用" in page.banner_text(), timeout=20_000)
    content = bytearray(file.read_bytes())
    content[9000] ^= 1
    file.write_bytes(content)
    qtbot.mouseClick(page._prove, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "可以用" not in page.banner_text() and page.banner_text() != "", timeout=20_000)
    qtbot.waitUntil(lambda: page._model.rowCount() == 1 and page._model.index(0, STATE).data() == "不要使用")
    qtbot.waitUntil(lambda: page._last.fact() == "还没有")
    assert page._prove.isEnabled()


def test_a_line_of_the_log_leads_to_its_restore(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    _window, room, _world = opened
    page = page_of(opened, qtbot)
    back_up(page, qtbot)
    qtbot.waitUntil(lambda: page._model.rowCount() == 1)
    wanted: list[object] = []
    room.ways.page_wanted.disconnect()
    room.ways.page_wanted.connect(lambda key, arguments: wanted.append((key, arguments)))
    page._table.acted.emit(page._model.index(0, 0))
    (file,) = (tmp_path / "备份盘").glob("*.crbackup")
    assert wanted == [("restore", {"file": str(file), "name": file.name})]


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_the_look(opened: Open, qtbot: QtBot, tmp_path: Path, mode: Mode) -> None:
    window, room, world = opened
    folder = tmp_path / "备份盘"
    alone(room, lambda: make_backup(world.me, world.desk, folder, entropy=room.entropy, place="示例U盘A"))
    page = page_of(opened, qtbot)
    qtbot.waitUntil(lambda: page._model.rowCount() == 1)
    room.icons.theme.set_mode(mode)
    page.show_banner("U 盘在写到 62% 时被拔出，这份备份不能用。本机资料和以前的备份都在。请插回 U 盘后重新备份。")
    known = frozenset({"counselroom", "crbackup"})
    for size in SIZES:
        window.resize(*size)
        assert faults(page, known | frozenset({"GB", "KB", "MB"})) == []
    room.icons.theme.set_scale(TextScale.LARGEST)
    assert faults(page, known | frozenset({"GB", "KB", "MB"})) == []


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_the_look_of_the_steps(opened: Open, qtbot: QtBot, mode: Mode) -> None:
    window, room, _world = opened
    page = page_of(opened, qtbot)
    room.icons.theme.set_mode(mode)
    from counselroom.ui.backup_run import BackupRun
    from counselroom.ui.dialogs.back_up import BackUpDialog

    run = BackupRun(room, Path("/media/示例U盘A"), "示例U盘A")
    dialog = BackUpDialog(room, run, 21_400_000_000, window)
    dialog.open()
    run.stepped.emit(Step.IMAGE, 3, 4)
    assert dialog._lines.current() == 1
    run.stepped.emit(Step.READ_BACK, 0, 1_800_000_000)
    for _tick in range(2000):
        room.now()
    run.stepped.emit(Step.READ_BACK, 900_000_000, 1_800_000_000)
    assert dialog._size.text() == "1.8 GB"
    assert "50%，每秒" in dialog._lines._rest.text()
    assert "约" in dialog._lines._rest.text()
    for size in SIZES:
        window.resize(*size)
        assert faults(dialog) == []
    run.stepped.emit(Step.VERIFY, 2, 2)
    assert dialog._lines.current() == 3
    dialog.close()
    QApplication.processEvents()
    assert page._run is None


def test_sizes_and_ages_in_words() -> None:
    assert [size_text(size) for size in (900, 64_000, 1_800_000_000, 640_000_000, 21_400_000_000)] == [
        "0.9 KB",
        "64 KB",
        "1.8 GB",
        "640 MB",
        "21 GB",
    ]
    assert age_word(MORNING.date(), MORNING.date()) == "今天"
