"""设置: each section saves at once, can be taken back, keeps what is typed, and looks right."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counselroom.desktop.machine_settings import MachineSettings, SettingsFile
from counselroom.rules.access import Role
from counselroom.rules.school import DayKind, SchoolType, UnitKind
from counselroom.services import accounts, paper_heads, parameters, school, users
from counselroom.services.users import list_users
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.print_preview import PrintPreviewPage
from counselroom.ui.pages.settings import SECTIONS, SettingsPage, section_word
from counselroom.ui.room import Room
from counselroom.ui.settings.appearance import AppearanceSection
from counselroom.ui.settings.audit import AuditSection
from counselroom.ui.settings.backups import BackupsSection
from counselroom.ui.settings.calendar import CalendarSection
from counselroom.ui.settings.parameters import ParametersSection
from counselroom.ui.settings.personal import PersonalSection
from counselroom.ui.settings.privacy import PrivacySection
from counselroom.ui.settings.school import SchoolSection
from counselroom.ui.settings.section import Section
from counselroom.ui.settings.sheets import SheetsSection
from counselroom.ui.settings.units import UnitsSection
from counselroom.ui.settings.users import UsersSection
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.tokens import Mode, TextScale
from counselroom.vault.keys.slots import MachineSecretMissing, WrongSecret
from counselroom.vault.keys.unlocking import Passphrase, Sheet, open_slot
from tests.conftest import PASSPHRASE, HandClock
from tests.services.world import MORNING, World, template
from tests.ui.looks import KNOWN_LATIN, SIZES, faults
from tests.ui.rooms import HandCapture, HandFiles, HandSecrets, alone, window_on

Open = tuple[MainWindow, Room, World]
S = TypeVar("S", bound=Section)
PHRASE = "shan lu qing cao yue guang"


@pytest.fixture
def clock() -> HandClock:
    return HandClock(MORNING)


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Open]:
    with window_on(tmp_path, icons, qtbot, clock) as found:
        yield found


def section(opened: Open, key: str, kind: type[S]) -> S:
    window = opened[0]
    window.go_to("settings", {"section": key})
    page = window.page()
    assert isinstance(page, SettingsPage)
    found = page.section()
    assert isinstance(found, kind)
    return found


def undo(opened: Open) -> None:
    """Take the last change back, once the window has heard of it."""
    alone(opened[1], lambda: None)
    QApplication.processEvents()
    opened[0]._toast.undo()


def opens(room: Room, credential: Passphrase | Sheet) -> bool:
    try:
        open_slot(room.desk.vault.slots().slots, credential)[1].wipe()
    except WrongSecret:
        return False
    return True


def test_appearance_holds_at_once_and_can_be_taken_back(opened: Open, tmp_path: Path) -> None:
    found = section(opened, "appearance", AppearanceSection)
    theme = opened[1].icons.theme
    found.mode._segments["dark"].click()
    found.scale._segments["largest"].click()
    found.language._segments["en"].click()
    assert (theme.mode, theme.scale) == (Mode.DARK, TextScale.LARGEST)
    assert SettingsFile(tmp_path / "window.json").current == MachineSettings(
        mode="dark", text_scale="largest", language="en"
    )
    undo(opened)
    assert SettingsFile(tmp_path / "window.json").current.language == "zh_CN"
    assert found.language.current() == "zh_CN"
    found.mode._segments["system"].click()
    assert theme.mode is Mode.SYSTEM
    assert theme.shown_mode in (Mode.LIGHT, Mode.DARK)
    theme._follow()
    theme.set_scale(TextScale.STANDARD)
    assert found.scale.current() == "standard"


def test_masking_is_changed_everywhere(opened: Open) -> None:
    found = section(opened, "privacy", PrivacySection)
    masking = opened[1].masking
    assert masking.face("students").name("张晓明", "20250303") == "张同学"
    found.style_box._segments["code"].click()
    found.class_box._segments["covered"].click()
    face = masking.face("students")
    assert face.name("张晓明", "20250303") == "学生 …303"
    assert face.name("张晓明") == "学生 …"
    assert face.class_name("初二（3）班") == ""
    masking.show_on_purpose("students")
    assert masking.face("students").class_name("初二（3）班") == "初二（3）班"
    found.idle.setCurrentIndex(found.idle.findData(15))
    assert opened[1].settings.current.idle_minutes == 15
    undo(opened)
    assert opened[1].settings.current.idle_minutes == 5
    assert found.idle.currentData() == 5


def test_a_passphrase_is_bound_to_this_computer_and_freed(opened: Open, qtbot: QtBot) -> None:
    found = section(opened, "personal", PersonalSection)
    room = opened[1]
    secrets = room.machine_secrets
    assert isinstance(secrets, HandSecrets)
    qtbot.waitUntil(lambda: found.name.text() == "林老师")
    assert not found.bind.isEnabled()
    found.bind_secret.setText(PHRASE)
    found.bind.click()
    qtbot.waitUntil(lambda: found.error() != "", timeout=10_000)
    secrets.answers = False
    found.bind_secret.setText(PASSPHRASE)
    found.bind.click()
    qtbot.waitUntil(lambda: "钥匙串" in found.error(), timeout=10_000)
    assert opens(room, Passphrase(PASSPHRASE, "用户 1"))
    secrets.answers = True
    found.bind_secret.setText(PASSPHRASE)
    found.bind.click()
    qtbot.waitUntil(lambda: found.bind.text() == "不再绑定", timeout=10_000)
    assert "只能在这台电脑" in found._binding.text()
    assert opens(room, Passphrase(PASSPHRASE, "用户 1", secrets.secret))
    with pytest.raises(MachineSecretMissing):
        opens(room, Passphrase(PASSPHRASE, "用户 1"))
    assert opens(room, Sheet(template().sheet_a))
    found.bind_secret.setText(PASSPHRASE)
    found.bind.click()
    qtbot.waitUntil(lambda: found.bind.text() == "绑定到这台电脑", timeout=10_000)
    assert secrets.secret is None
    assert opens(room, Passphrase(PASSPHRASE, "用户 1"))


def test_no_change_waits_for_a_key_to_be_derived(opened: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    found = section(opened, "personal", PersonalSection)
    room = opened[1]
    qtbot.waitUntil(lambda: found.name.text() == "林老师")
    begun, gate = threading.Event(), threading.Event()
    derive = users.ready_change

    def slow(*arguments: Any, **named: Any) -> Any:
        begun.set()
        assert gate.wait(10)
        return derive(*arguments, **named)

    monkeypatch.setattr(users, "ready_change", slow)
    found.old.setText(PASSPHRASE)
    found.new.setText(PHRASE)
    found.again.setText(PHRASE)
    qtbot.waitUntil(found.act.isEnabled)
    found.act.click()
    assert begun.wait(10)
    assert alone(room, lambda: "done") == "done"  # the change lane is free meanwhile
    gate.set()
    qtbot.waitUntil(lambda: found.old.text() == "", timeout=10_000)
    assert opens(room, Passphrase(PHRASE, "用户 1"))


def test_recordings_of_the_screen_are_switched(opened: Open) -> None:
    found = section(opened, "privacy", PrivacySection)
    switch = opened[1].block_capture
    assert isinstance(switch, HandCapture)
    assert switch.blocked == [True]
    assert "不会录到" in found.capture_box.accessibleDescription()
    found.capture_box._segments["allowed"].click()
    assert (switch.blocked[-1], opened[1].settings.current.capture) == (False, "allowed")
    undo(opened)
    assert (switch.blocked[-1], opened[1].settings.current.capture) == (True, "blocked")
    assert found.capture_box.current() == "blocked"
    switch.can = False
    found.capture_box._segments["allowed"].click()
    found.capture_box._segments["blocked"].click()
    assert "不要共享屏幕" in found.capture_box.accessibleDescription()


def test_the_own_name_is_saved_when_the_field_is_left(opened: Open, qtbot: QtBot) -> None:
    found = section(opened, "personal", PersonalSection)
    room, world = opened[1], opened[2]
    qtbot.waitUntil(lambda: found.name.text() == "林老师")
    assert "用户 1" in found._login.text()
    found.name.setText("林 岚")
    assert found.state() == {"name": "林 岚"}
    found.name.editingFinished.emit()
    names = lambda: {view.name for view in alone(room, lambda: accounts.list_accounts(world.me, world.desk))}  # noqa: E731
    qtbot.waitUntil(lambda: "林 岚" in names())
    undo(opened)
    qtbot.waitUntil(lambda: found.name.text() == "林老师")
    found.name.setText("")
    found.name.editingFinished.emit()
    assert found.name.text() == "林老师"
    found.restore({"name": "另一名"})
    assert found.name.text() == "另一名"


def test_the_passphrase_is_changed_with_the_old_one(opened: Open, qtbot: QtBot) -> None:
    found = section(opened, "personal", PersonalSection)
    room = opened[1]
    said: list[str] = []
    room.messages.done.connect(lambda sentence, undo: said.append(sentence))
    assert not found.act.isEnabled()
    found.offer_button.click()
    phrase = found.new.text()
    assert len(phrase.split()) == 6
    qtbot.waitUntil(found.strength.accepted)
    found.old.setText("wrong one entirely")
    found.again.setText("another")
    assert found.act.isEnabled()
    found.act.click()
    assert found.again.error() == "和上面输入的不一样。"
    found.again.setText(phrase)
    found.again.submitted.emit()
    qtbot.waitUntil(lambda: "口令" in found.error(), timeout=20_000)
    found.old.setText(PASSPHRASE)
    found.act.click()
    qtbot.waitUntil(lambda: bool(said), timeout=20_000)
    assert opens(room, Passphrase(phrase, "用户 1"))
    assert not opens(room, Passphrase(PASSPHRASE, "用户 1"))
    assert found.new.text() == found.old.text() == ""
    assert phrase not in str(found.state())


def test_new_sheets_count_after_they_were_typed_back(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    found = section(opened, "sheets", SheetsSection)
    room = opened[1]
    found.secret.setText("wrong one entirely")
    found.begin.click()
    qtbot.waitUntil(lambda: found.error() != "", timeout=20_000)
    found.secret.setText(PASSPHRASE)
    found.begin.click()
    qtbot.waitUntil(lambda: found._sheets is not None, timeout=20_000)
    assert found._paper.isVisible()
    assert not found.act.isEnabled()
    sheets = found._sheets
    assert sheets is not None
    assert sheets.a not in str(opened[0].state())
    folder = tmp_path / "sheets"
    folder.mkdir()
    assert isinstance(room.files, HandFiles)
    room.files.answers = [folder]
    found.save_button.click()
    qtbot.waitUntil(lambda: found.save_button.isEnabled(), timeout=20_000)
    for (which, number), edit in zip(found.check.places(), found.check.edits(), strict=True):
        edit.setText(sheets.digits(which).split("-")[number - 1])
    assert found.act.isEnabled()
    assert opens(room, Sheet(template().sheet_a))
    found.act.click()
    qtbot.waitUntil(lambda: not found._paper.isVisible(), timeout=20_000)
    assert opens(room, Sheet(sheets.a))
    assert opens(room, Sheet(sheets.b))
    assert not opens(room, Sheet(template().sheet_a))
    assert found._sheets is None


def test_new_sheets_can_be_left(opened: Open, qtbot: QtBot) -> None:
    found = section(opened, "sheets", SheetsSection)
    found.secret.setText(PASSPHRASE)
    found.secret.submitted.emit()
    qtbot.waitUntil(lambda: found._sheets is not None, timeout=20_000)
    found.which._segments["B"].click()
    found.leave.click()
    assert found._sheets is None
    assert opens(opened[1], Sheet(template().sheet_a))


def test_the_school_is_saved_field_by_field(opened: Open, qtbot: QtBot) -> None:
    found = section(opened, "school", SchoolSection)
    room, world = opened[1], opened[2]
    profile = lambda: alone(room, lambda: school.school_profile(world.me, world.desk))  # noqa: E731
    qtbot.waitUntil(lambda: found.code.text() == "QH")
    found.school_name.setText("青禾市另一中学")
    found.school_name.editingFinished.emit()
    qtbot.waitUntil(lambda: profile().name == "青禾市另一中学")
    undo(opened)
    qtbot.waitUntil(lambda: found.school_name.text() == "青禾市示例中学")
    found.code.setText("青禾")
    found.code.editingFinished.emit()
    qtbot.waitUntil(lambda: "代码" in found.error())
    assert found.code.text() == "青禾"
    found.code.setText("qh2")
    found.code.editingFinished.emit()
    qtbot.waitUntil(lambda: profile().code == "QH2")


def test_rooms_are_added_and_taken_out_of_use(opened: Open, qtbot: QtBot) -> None:
    found = section(opened, "school", SchoolSection)
    qtbot.waitUntil(lambda: found._rooms.rowCount() == 3)
    found.room_line.field.setText("宣泄室")
    assert found.state() == {"name": "宣泄室", "row": ""}
    found.room_line.button.click()
    qtbot.waitUntil(lambda: found._rooms.rowCount() == 4 and found.room_line.field.text() == "")
    found.table.acted.emit(found._rooms.index(0, 2))
    qtbot.waitUntil(lambda: found._rooms.index(0, 1).data() == "已停用")
    undo(opened)
    qtbot.waitUntil(lambda: found._rooms.index(0, 1).data() == "使用中")


def test_a_room_is_renamed_by_enter_and_enter(opened: Open, qtbot: QtBot) -> None:
    found = section(opened, "school", SchoolSection)
    qtbot.waitUntil(lambda: found._rooms.rowCount() == 3)
    before = found._rooms.index(0, 0).data()
    found.table.setCurrentIndex(found._rooms.index(0, 0))
    qtbot.keyClick(found.table, Qt.Key.Key_Return)
    assert (found.room_line.field.text(), found.room_line.button.text()) == (before, "改名")
    typed = found.state()
    found.room_line.keep.click()
    assert found.state() == {"name": "", "row": ""}
    found.restore({**typed, "name": "沙盘室二"})
    found.room_line.field.returnPressed.emit()
    qtbot.waitUntil(lambda: "沙盘室二" in [found._rooms.index(row, 0).data() for row in range(3)])
    assert found.room_line.button.text() == "添加房间"
    undo(opened)
    qtbot.waitUntil(lambda: found._rooms.index(0, 0).data() == before)


def unit_names(found: UnitsSection) -> list[str]:
    return [found.model.index(row, 0).data() for row in range(found.model.rowCount())]


def test_units_are_added_renamed_and_closed_with_undo(opened: Open, qtbot: QtBot) -> None:
    found = section(opened, "units", UnitsSection)
    qtbot.waitUntil(lambda: unit_names(found) == ["初二年级", "　初二（3）班"])
    assert [found.kind.itemText(place) for place in range(found.kind.count())] == ["年级", "班级"]
    assert found.first() is found.table
    assert found.model.index(0, 3).data() == "3", "the students of its classes"
    found.above.setCurrentIndex(1)
    found.year.setText("2025")
    found.line.field.setText("初二（10）班")
    typed = found.state()
    found.line.field.returnPressed.emit()
    qtbot.waitUntil(
        lambda: unit_names(found)[1:] == ["　初二（3）班", "　初二（10）班"] and not found.line.field.text()
    )
    assert found.model.index(2, 2).data() == "2025"
    undo(opened)
    qtbot.waitUntil(lambda: found.model.index(2, 4).data() == "已关闭")
    found.table.acted.emit(found.model.index(2, 5))
    qtbot.waitUntil(lambda: found.model.index(2, 4).data() == "使用中")
    found.table.setCurrentIndex(found.model.index(2, 0))
    qtbot.keyClick(found.table, Qt.Key.Key_Return)
    found.line.field.setText("初二（11）班")
    found.line.field.returnPressed.emit()
    qtbot.waitUntil(lambda: unit_names(found)[2] == "　初二（11）班")
    undo(opened)
    qtbot.waitUntil(lambda: unit_names(found)[2] == "　初二（10）班")
    found.table.acted.emit(found.model.index(1, 5))
    qtbot.waitUntil(lambda: "还有学生" in found.error())
    found.restore(typed)
    assert found.state() == typed


def test_units_of_a_university_and_of_an_empty_school(opened: Open, qtbot: QtBot) -> None:
    room, world = opened[1], opened[2]
    profile = school.SchoolProfile("青禾大学", "QH", SchoolType.UNIVERSITY, "心理中心")
    alone(room, lambda: school.set_school_profile(world.me, world.desk, profile))
    alone(room, lambda: school.add_unit(world.me, world.desk, UnitKind.COLLEGE, "文学院"))
    found = section(opened, "units", UnitsSection)
    qtbot.waitUntil(lambda: found.kind.count() == 3)
    assert found.kind.itemText(0) == "二级学院"
    qtbot.waitUntil(lambda: unit_names(found)[0] == "文学院")
    assert found.model.index(0, 1).data() == "二级学院"
    found._show(())
    assert found.table.isHidden()
    assert found.first() is found.line.field


def test_terms_and_days(opened: Open, qtbot: QtBot) -> None:
    found = section(opened, "calendar", CalendarSection)
    room, world = opened[1], opened[2]
    qtbot.waitUntil(lambda: found.year.count() >= 2)
    assert found.year.currentData() == "2026-2027"
    assert found.terms()[0].ends_on == date(2027, 1, 20)
    found.dates[0][1].setDate(QDate(2026, 8, 1))
    found.save.click()
    qtbot.waitUntil(lambda: found.error() != "")
    assert found.terms()[0].ends_on == date(2026, 8, 1)
    found.dates[0][1].setDate(QDate(2027, 1, 22))
    found.save.click()
    terms = lambda: alone(room, lambda: school.list_terms(world.me, world.desk))  # noqa: E731
    qtbot.waitUntil(lambda: terms()[0].ends_on == date(2027, 1, 22))
    undo(opened)
    qtbot.waitUntil(lambda: terms()[0].ends_on == date(2027, 1, 20))
    found.day.setDate(QDate(2026, 10, 1))
    found.what.setText("国庆")
    assert found.state()["what"] == "国庆"
    found.mark.click()
    qtbot.waitUntil(lambda: found._model.rowCount() == 1)
    assert [found._model.index(0, column).data() for column in range(3)] == ["2026-10-01", "放假", "国庆"]
    found.table.acted.emit(found._model.index(0, 3))
    qtbot.waitUntil(lambda: found._model.rowCount() == 0)
    undo(opened)
    qtbot.waitUntil(lambda: found._model.rowCount() == 1)
    found.kind.setCurrentIndex(found.kind.findData(DayKind.EXAM))
    found.mark.click()
    qtbot.waitUntil(lambda: found._model.rowCount() == 2)
    found.restore({"year": "2027-2028", "what": "期末"})
    assert found.terms()[0].starts_on == date(2027, 9, 1)


def test_backups_are_set_for_the_school(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    found = section(opened, "backups", BackupsSection)
    room, world = opened[1], opened[2]
    qtbot.waitUntil(lambda: found.day.isEnabled())
    assert found.day.currentText() == "周五"
    value = lambda key: {  # noqa: E731
        each.definition.key: each.value
        for each in alone(room, lambda: parameters.list_parameters(world.me, world.desk))
    }[key]
    found.day.setCurrentIndex(found.day.findData("monday"))
    qtbot.waitUntil(lambda: value("backup_reminder_day") == "monday")
    found.numbers["backup_keep_daily"].setValue(9)
    qtbot.waitUntil(lambda: value("backup_keep_daily") == 9)
    undo(opened)
    qtbot.waitUntil(lambda: found.numbers["backup_keep_daily"].value() == 7)
    assert isinstance(room.files, HandFiles)
    room.files.answers = [None, tmp_path]
    found._choose.click()
    found._choose.click()
    assert room.settings.current.backup_place == found.place.text() == str(tmp_path)
    found._none.click()
    assert room.settings.current.backup_place == ""


def test_parameters_show_where_they_come_from(opened: Open, qtbot: QtBot) -> None:
    found = section(opened, "parameters", ParametersSection)
    qtbot.waitUntil(lambda: found._model.rowCount() > 10)
    row = found._model.row_of("small_cell")
    assert found._model.index(row, 2).data() == "默认"
    assert "制度原文" in found._model.index(row, 3).data()
    found.table.setCurrentIndex(found._model.index(row, 0))
    assert found.number.value() == 5
    found.number.setValue(8)
    found.save.click()
    qtbot.waitUntil(lambda: found._model.index(row, 2).data() == "本校")
    assert found.state() == {"parameter": "small_cell"}
    found.reset.click()
    qtbot.waitUntil(lambda: found._model.index(row, 2).data() == "默认")
    undo(opened)
    qtbot.waitUntil(lambda: found._model.index(row, 1).data() == "8 人")
    found.restore({"parameter": "guardian_consent_policy"})
    assert found.choice.currentText() == "告知即可"
    found.choice.setCurrentIndex(found.choice.findData("required"))
    found.save.click()
    row = found._model.row_of("guardian_consent_policy")
    qtbot.waitUntil(lambda: found._model.index(row, 1).data() == "必须同意")


def test_users_come_change_and_go(opened: Open, qtbot: QtBot) -> None:
    found = section(opened, "users", UsersSection)
    room, world = opened[1], opened[2]
    qtbot.waitUntil(lambda: found._model.rowCount() == 4)
    found.name.setText("何主任")
    found.new_roles.boxes[Role.CRISIS_HEAD].setChecked(True)
    assert found.add.isEnabled()
    assert not found.phrase.isEnabled()
    assert found.state() == {"name": "何主任", "login": "", "roles": ["crisis_head"]}
    found.new_roles.boxes[Role.COUNSELLOR].setChecked(True)
    assert not found.add.isEnabled()
    found.login.setText("用户 2")
    found.offer_button.click()
    phrase = found.phrase.text()
    found._may_add()
    found.add.click()
    qtbot.waitUntil(lambda: found._model.rowCount() == 5, timeout=20_000)
    qtbot.waitUntil(lambda: found.name.text() == "")
    assert opens(room, Passphrase(phrase, "用户 2"))
    lines = {line.account.name: line for line in alone(room, lambda: list_users(world.me, world.desk))}
    row = found._model.row_of(lines["何主任"].account.id)
    found.table.setCurrentIndex(found._model.index(row, 0))
    assert found.roles.roles() == {Role.CRISIS_HEAD, Role.COUNSELLOR}
    found.roles.boxes[Role.CRISIS_HEAD].setChecked(False)
    found.save_roles.click()
    qtbot.waitUntil(lambda: found._model.index(row, 1).data() == "心理教师")
    undo(opened)
    qtbot.waitUntil(lambda: found._model.index(row, 1).data() == "心理教师、危机工作负责人")
    found.secret.setText("wrong one entirely")
    found.close_button.click()
    qtbot.waitUntil(lambda: found.error() != "", timeout=20_000)
    found.secret.setText(PASSPHRASE)
    found.close_button.click()
    qtbot.waitUntil(lambda: found._model.index(row, 3).data() == "已停用", timeout=20_000)
    assert not opens(room, Passphrase(phrase, "用户 2"))
    mine = found._model.row_of(world.me.account_id)
    found.table.setCurrentIndex(found._model.index(mine, 0))
    assert not found.close_button.isVisibleTo(found)


def test_the_audit_log_is_read_verified_and_taken_out(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    found = section(opened, "audit", AuditSection)
    room = opened[1]
    qtbot.waitUntil(lambda: found._model.rowCount() > 10 and found.person.count() > 1)
    assert found._model.index(0, 1).data() == "林老师"
    found.action.setCurrentIndex(found.action.findData("manage_school"))
    found.show_button.click()
    qtbot.waitUntil(lambda: {line.action for line in found._lines} == {"修改学校设置"})
    found.verify.click()
    qtbot.waitUntil(lambda: "没有缺失" in found._sound.text(), timeout=20_000)
    assert not found.export.isEnabled()
    found.reason.setText("教育局检查")
    assert isinstance(room.files, HandFiles)
    room.files.answers = [None, tmp_path / "nowhere" / "a.xlsx", tmp_path / "audit.xlsx"]
    found.export.click()
    found.export.click()
    qtbot.waitUntil(lambda: "没有能写到" in found.error(), timeout=20_000)
    found.export.click()
    qtbot.waitUntil(lambda: (tmp_path / "audit.xlsx").exists() and found.reason.text() == "", timeout=20_000)
    found.restore({"since": "2020-01-01", "until": "nonsense", "reason": "检查"})
    assert found.state() == {"since": "2020-01-01", "until": "2026-10-12", "reason": "检查"}


def test_the_audit_log_is_printed_as_it_was_looked_at(opened: Open, qtbot: QtBot) -> None:
    found = section(opened, "audit", AuditSection)
    assert not found.print.isEnabled()
    qtbot.waitUntil(lambda: found._model.rowCount() > 10)
    found.print.click()
    page = opened[0].page()
    assert isinstance(page, PrintPreviewPage)
    qtbot.waitUntil(lambda: page._choices._reason_field.isVisibleTo(page), timeout=20_000)
    assert page._sheet is None
    page._look_because("教育局检查")
    qtbot.waitUntil(lambda: page._sheet is not None, timeout=20_000)
    assert page._prepared is not None
    assert page._prepared.form_id == "F-68"
    assert str(found._lines[0].seq) in page._subject["entity_id"]


def test_the_page_keeps_section_and_text(opened: Open, qtbot: QtBot) -> None:
    school_section = section(opened, "school", SchoolSection)
    school_section.room_line.field.setText("宣泄室")
    page = opened[0].page()
    assert isinstance(page, SettingsPage)
    other = SettingsPage(opened[1], "settings")
    qtbot.addWidget(other)
    other.restore(page.state())
    assert other.section().state() == {"row": "", "name": "宣泄室"}
    other.restore({"section": "gone", "typed": {"gone": {}}})
    assert isinstance(other.section(), SchoolSection)
    assert all(section_word(key) for key in SECTIONS)


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize("key", list(SECTIONS))
def test_the_look(opened: Open, qtbot: QtBot, key: str, mode: Mode) -> None:
    window, room, _world = opened
    found = section(opened, key, Section)
    room.icons.theme.set_mode(mode)
    qtbot.wait(150)
    known = KNOWN_LATIN | frozenset({"English", "QH"})
    for size in SIZES:
        window.resize(*size)
        assert faults(window.page(), known) == []
    room.icons.theme.set_scale(TextScale.LARGEST)
    assert faults(window.page(), known) == []
    assert found.title


def test_the_head_of_the_papers_is_set_once(opened: Open, qtbot: QtBot) -> None:
    found = section(opened, "school", SchoolSection)
    room, world = opened[1], opened[2]
    qtbot.waitUntil(lambda: found._head is not None)
    found.prefix.setText("青中心辅〔2026〕")
    found.prefix.editingFinished.emit()
    head = lambda: alone(room, lambda: paper_heads.paper_head(world.me, world.desk))  # noqa: E731
    qtbot.waitUntil(lambda: head().prefix == "青中心辅〔2026〕")
    undo(opened)
    qtbot.waitUntil(lambda: found.prefix.text() == "")
