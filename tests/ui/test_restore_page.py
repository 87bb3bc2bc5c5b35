"""从备份恢复 and 演练恢复: what is said, what is asked, what is safe, and the exchange for real."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from counselroom.services.backups import make_backup
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.backup_parts import step_word
from counselroom.ui.pages.drill import DrillPage
from counselroom.ui.pages.restore import RestorePage
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.tokens import Mode, TextScale
from counselroom.ui.widgets.secret_field import SHEET, SecretField
from counselroom.vault.keys.unlocking import Passphrase, Sheet
from counselroom.vault.progress import Step
from counselroom.vault.swap import RESTORED
from tests.conftest import PASSPHRASE, HandClock
from tests.services.world import MORNING, World, template
from tests.ui.looks import KNOWN_LATIN, SIZES, faults
from tests.ui.rooms import HandFiles, alone, window_on

Open = tuple[MainWindow, Room, World]
KNOWN = KNOWN_LATIN | frozenset({"counselroom", "crbackup", "pytest", "root", "tmp"})


@pytest.fixture
def clock() -> HandClock:
    return HandClock(MORNING)


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Open]:
    with window_on(tmp_path, icons, qtbot, clock) as found:
        yield found


@pytest.fixture
def backup(opened: Open, tmp_path: Path, clock: HandClock) -> Path:
    """A backup, and a note that is newer."""
    _window, room, world = opened
    made = alone(room, lambda: make_backup(world.me, world.desk, tmp_path / "备份盘", entropy=room.entropy)).value
    clock.moment += timedelta(days=1)
    alone(room, lambda: world.note("近来失眠"))
    return made.path


def restore_page(opened: Open, **arguments: str) -> RestorePage:
    window = opened[0]
    window.go_to("restore", arguments)
    page = window.page()
    assert isinstance(page, RestorePage)
    return page


def compared(opened: Open, backup: Path, qtbot: QtBot) -> RestorePage:
    page = restore_page(opened, file=str(backup), name=backup.name)
    qtbot.waitUntil(lambda: page._found is not None, timeout=20_000)
    return page


def test_without_a_file_nothing_is_offered(opened: Open) -> None:
    page = restore_page(opened)
    assert not page._check.isEnabled()
    assert not page._compared.isVisibleTo(page)
    assert not page._confirm.isVisibleTo(page)
    page.show_subject({"file": "", "name": "counselroom-1.crbackup"})
    assert "counselroom-1.crbackup" in page._name.text()
    assert "保持原样" in page._safe.accessibleName()


def test_the_comparison_is_said_in_words(opened: Open, backup: Path, qtbot: QtBot) -> None:
    page = compared(opened, backup, qtbot)
    assert "昨天 09:00" in page._says.text()
    assert "本机" in page._says.text()
    assert "份记录比备份新" in page._note.text()
    rows = {page._model.index(row, 0).data(): row for row in range(page._model.rowCount())}
    lost = page._model.index(rows["辅导记录"], 3)
    assert lost.data() == "1"
    assert not page._act.isEnabled()
    page._secret.setText(PASSPHRASE)
    assert not page._act.isEnabled()
    page._reason.setText("硬盘坏了")
    assert page._act.isEnabled()
    assert PASSPHRASE not in str(page.state())


def test_nothing_lost_and_no_account_are_said(opened: Open, tmp_path: Path, qtbot: QtBot) -> None:
    _window, room, world = opened
    made = alone(room, lambda: make_backup(world.me, world.desk, tmp_path / "备份盘", entropy=room.entropy)).value
    page = compared(opened, made.path, qtbot)
    assert "不会失去" in page._note.text()
    from dataclasses import replace

    assert page._found is not None
    page._found = replace(page._found, has_account=False)
    page._show_found()
    assert "还没有您的账户" in page._note.text()
    assert not page._confirm.isVisibleTo(page)


def test_a_damaged_file_and_a_stop_are_said(opened: Open, backup: Path, qtbot: QtBot) -> None:
    page = restore_page(opened)
    room = opened[1]
    assert isinstance(room.files, HandFiles)
    content = bytearray(backup.read_bytes())
    content[9000] ^= 1
    damaged = backup.with_name("damaged.crbackup")
    damaged.write_bytes(content)
    room.files.answers = [None, damaged]
    qtbot.mouseClick(page._choose, Qt.MouseButton.LeftButton)
    assert page._path is None
    qtbot.mouseClick(page._choose, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "damaged" not in page.banner_text() and page.banner_text() != "", timeout=20_000)
    assert page._found is None
    page.show_subject({"file": str(backup)})
    page._stop()
    qtbot.waitUntil(lambda: page._job is None, timeout=20_000)
    assert page._found is not None or "什么都没有改变" in page.banner_text()


def test_a_wrong_secret_changes_nothing(opened: Open, backup: Path, tmp_path: Path, qtbot: QtBot) -> None:
    page = compared(opened, backup, qtbot)
    page._reason.setText("硬盘坏了")
    page._secret.setText("mu chuang yu dian qiu feng")
    qtbot.mouseClick(page._act, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page._job is None, timeout=20_000)
    assert "口令" in page.banner_text()
    assert page._secret.text() == ""
    assert list(tmp_path.glob(f"*{RESTORED}*")) == []


@pytest.mark.parametrize("kind", ["passphrase", "sheet"])
def test_the_restored_vault_is_handed_to_the_exchange(
    opened: Open, backup: Path, tmp_path: Path, qtbot: QtBot, kind: str
) -> None:
    room = opened[1]
    page = compared(opened, backup, qtbot)
    wanted: list[Path] = []
    room.ways.exchange_wanted.connect(wanted.append)
    page._reason.setText("硬盘坏了")
    if kind == "sheet":
        page._secret._kind._segments[SHEET].click()
    page._secret.setText(PASSPHRASE if kind == "passphrase" else template().sheet_a)
    page._secret.submitted.emit()
    qtbot.waitUntil(lambda: bool(wanted), timeout=30_000)
    assert wanted[0].parent == tmp_path
    assert (wanted[0] / "records.db").is_file()
    assert ("restore", "硬盘坏了") in [(line.action, line.reason) for line in alone(room, opened[2].audit)]


def test_file_and_reason_are_kept_over_a_lock(opened: Open, backup: Path, qtbot: QtBot) -> None:
    page = compared(opened, backup, qtbot)
    page._reason.setText("硬盘坏了")
    page._secret.setText(PASSPHRASE)
    other = RestorePage(opened[1], "restore")
    qtbot.addWidget(other)
    other.restore(page.state())
    assert other.state() == page.state() == {"file": str(backup), "reason": "硬盘坏了"}
    assert other._secret.text() == ""
    assert other._check.isEnabled()
    assert other._found is None


def test_the_secret_field(icons: Icons, qtbot: QtBot) -> None:
    field = SecretField(icons, "口令", sheets=True)
    qtbot.addWidget(field)
    field.setText("abc")
    assert field.credential("用户 1") == Passphrase("abc", "用户 1")
    field._show.click()
    assert field._show.text() == "隐藏"
    field.set_error("口令不对。")
    assert field.error() == "口令不对。"
    field._edit.caps_lock_seen.emit(True)
    field.setText("abcd")
    assert field.error() == ""
    field._kind._segments[SHEET].click()
    assert field.text() == ""
    field.setText("1")
    assert field.credential("用户 1") == Sheet("1")
    field.clear()
    assert field._show.text() == "显示"


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_the_look_of_a_restore(opened: Open, backup: Path, qtbot: QtBot, mode: Mode) -> None:
    window, room, _world = opened
    page = compared(opened, backup, qtbot)
    room.icons.theme.set_mode(mode)
    for size in SIZES:
        window.resize(*size)
        page._name.setText("示例U盘A/counselroom-20261012-090000.crbackup")
        assert faults(page, KNOWN) == []
    room.icons.theme.set_scale(TextScale.LARGEST)
    assert faults(page, KNOWN) == []


def drill_page(opened: Open) -> DrillPage:
    window = opened[0]
    window.go_to("drill")
    page = window.page()
    assert isinstance(page, DrillPage)
    return page


def test_a_drill_with_the_paper(opened: Open, backup: Path, tmp_path: Path, qtbot: QtBot) -> None:
    _window, room, world = opened
    page = drill_page(opened)
    assert not page._begin_button.isEnabled()
    assert isinstance(room.files, HandFiles)
    room.files.answers = [None, backup]
    qtbot.mouseClick(page._choose, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page._choose, Qt.MouseButton.LeftButton)
    assert not page._begin_button.isEnabled()
    before = sorted(path.name for path in tmp_path.iterdir())
    page._digits.setText("000000-000000")
    qtbot.mouseClick(page._begin_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.banner_text() != "", timeout=20_000)
    page._digits.setText(template().sheet_a)
    assert template().sheet_a not in str(page.state())
    page._digits.returnPressed.emit()
    qtbot.waitUntil(lambda: page._result.isVisible(), timeout=30_000)
    assert "份记录" in page._says.text()
    assert "留痕完整" in page._note.text()
    assert page._digits.text() == ""
    rows = {page._model.index(row, 0).data(): page._model.index(row, 1).data() for row in range(page._model.rowCount())}
    assert rows["学生"] == "3"
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert "backup_drilled" in {line.action for line in alone(room, world.audit)}


def test_a_drill_without_the_paper_and_its_state(opened: Open, backup: Path, qtbot: QtBot) -> None:
    page = drill_page(opened)
    page.restore({"file": str(backup), "way": "vault"})
    assert page.state() == {"file": str(backup), "way": "vault"}
    assert not page._field.isVisibleTo(page)
    page._begin()
    page._stop()
    qtbot.waitUntil(lambda: page._job is None, timeout=20_000)
    page.hide_banner()
    page._begin()
    qtbot.waitUntil(lambda: page._result.isVisible(), timeout=30_000)


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_the_look_of_a_drill(opened: Open, backup: Path, qtbot: QtBot, mode: Mode) -> None:
    window, room, _world = opened
    page = drill_page(opened)
    page.restore({"file": str(backup), "way": "vault"})
    page._begin()
    qtbot.waitUntil(lambda: page._result.isVisible(), timeout=30_000)
    room.icons.theme.set_mode(mode)
    for size in SIZES:
        window.resize(*size)
        page._name.setText("示例U盘A/counselroom-20261012-090000.crbackup")
        assert faults(page, KNOWN) == []


def test_every_step_has_words() -> None:
    steps = (Step.CHECK, Step.IMAGE, Step.COPY, Step.READ_BACK, Step.VERIFY, Step.RESTORE)
    assert all(step_word(step) for step in steps)
