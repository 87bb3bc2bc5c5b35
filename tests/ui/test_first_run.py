"""From nothing to the room: the whole first run by keyboard on a real vault, interrupted at each step, and refusals."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QWidget
from pytestqt.qtbot import QtBot

from counselroom.desktop.machine_settings import SettingsFile
from counselroom.rules.access import Role
from counselroom.services import school
from counselroom.services.backups import last_backup
from counselroom.services.drafts import find_draft
from counselroom.services.first_run import PLACE
from counselroom.services.student_lists import student_rows
from counselroom.ui.beginning import Beginning, Begun, Tools
from counselroom.ui.first_run.first_run_window import FirstRunWindow
from counselroom.ui.first_run.group_check import difference, two_groups
from counselroom.ui.first_run.new_vault import NewVaultWizard
from counselroom.ui.first_run.restore_wizard import RestoreWizard
from counselroom.ui.main_window import MainWindow
from counselroom.ui.opening import open_vault_for_window
from counselroom.ui.pages.no_vault import NoVaultPage
from counselroom.ui.program import Frame, Program
from counselroom.ui.room import Opened, Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode
from counselroom.ui.widgets.button import Button
from counselroom.vault.keys.argon import FLOOR
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.unlocking import Credential, Passphrase, Sheet
from tests.conftest import HandClock, MemoryAnchors, counting_ids
from tests.rosters import xlsx
from tests.ui.looks import KNOWN_LATIN, SIZES, faults
from tests.ui.rooms import FakeRelauncher, HandFiles, HandIdle, OneStick, room_in

LONG = 60_000
"""Milliseconds a step may take on a busy computer."""
NAMES = frozenset({"OneDrive", "iCloud", "Dropbox", "WPS", "crbackup", "counselroom", "stick"})
"""Proper names and kinds of files that stand in Latin letters on these pages."""
ROSTER = (
    ("学号", "姓名", "性别", "班级", "家长", "家长电话"),
    ("20250301", "单青禾", "女", "初二（3）班", "单建国", "13800000001"),
    ("20250302", "张晓明", "男", "初二（3）班", "张建国", "13800000002"),
    ("20250302", "赵重号", "男", "初二（3）班", "赵建国", "13800000003"),
)


@dataclass
class Stage:
    """One computer: what lies on its disk, and the program on it."""

    place: Path
    theme: Theme
    icons: Icons
    qtbot: QtBot
    clock: HandClock = field(default_factory=HandClock)
    anchors: MemoryAnchors = field(default_factory=MemoryAnchors)
    files: HandFiles = field(default_factory=HandFiles)
    new_id: Callable[[], str] = field(default_factory=counting_ids)
    rooms: list[Room] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.settings = SettingsFile(self.place / "window.json")
        self.stick = self.place / "stick"
        self.stick.mkdir()
        self.tools = Tools(
            self.clock,
            random.Random(4).randbytes,
            self.new_id,
            lambda: self.anchors,
            FLOOR,
            self.files,
            OneStick(self.stick),
        )

    def frame(self) -> Frame:
        frame = Frame(self.theme)
        self.frames.append(frame)
        frame.resize(1440, 900)
        frame.show()
        frame.activateWindow()
        self.qtbot.waitUntil(frame.isActiveWindow)
        return frame

    def begin(self) -> tuple[Beginning, list[Begun | None]]:
        settled: list[Begun | None] = []
        beginning = Beginning(self.frame(), self.theme, self.settings, self.tools)
        beginning.settled.connect(settled.append)
        return beginning, settled

    def program(self, begun: Begun) -> Program:
        program = Program(
            self.theme,
            begun.folder,
            SlotFile.read(begun.folder).logins(),
            open_room=lambda credential: self.open(begun.folder, credential),
            make_room=self.room,
            settings=self.settings,
            relauncher=FakeRelauncher(),
            idle=HandIdle(),
            now=self.clock.now,
            frame=self.frames[-1],
        )
        if begun.opened is not None:
            program.begin(begun.opened, begun.login)
        return program

    def open(self, folder: Path, credential: Credential) -> Opened:
        return open_vault_for_window(folder, credential, anchors=self.anchors, clock=self.clock, new_id=self.new_id)

    def room(self, opened: Opened) -> Room:
        world = SimpleNamespace(desk=opened.desk, me=opened.actor, clock=self.clock)
        room = room_in(cast("Any", world), self.icons, self.place, self.stick, files=self.files)
        self.rooms.append(room)
        return room

    def close(self, program: Program | None = None) -> None:
        """End the program as a lock does."""
        if program is not None and program.window is not None:
            program.window.autosave.close()
        for room in self.rooms:
            room.tasks.close()
            room.desk.vault.close()
        self.rooms.clear()
        for frame in self.frames:
            frame.may_close = True
            frame.close()
            frame.deleteLater()
        self.frames.clear()

    def type(self, text: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        if text.isascii():
            QTest.keyClicks(focus, text)
        else:  # Chinese comes from an input method, not from keys
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(focus, event)

    def key(self, key: Qt.Key) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)

    def enter(self) -> None:
        self.key(Qt.Key.Key_Return)

    def tab_to(self, wanted: QWidget) -> None:
        """Go to a control with the Tab key alone."""
        for _press in range(60):
            if QApplication.focusWidget() is wanted:
                return
            self.key(Qt.Key.Key_Tab)
        message = f"Tab does not lead to {wanted.accessibleName()}"
        raise AssertionError(message)


@pytest.fixture
def stage(tmp_path: Path, theme: Theme, icons: Icons, qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(tmp_path, theme, icons, qtbot)
    yield made
    made.close()


def button(window: QWidget, text: str) -> Button:
    (found,) = [
        button for button in window.findChildren(Button) if button.accessibleName() == text and button.isVisible()
    ]
    return found


def new_vault(stage: Stage, folder: Path) -> tuple[Program, FirstRunWindow, str]:
    """Do the first two steps by keyboard; return the program, the window of the others, and the passphrase."""
    beginning, settled = stage.begin()
    stage.enter()  # 新建资料库 has the keyboard
    wizard = beginning.page()
    assert isinstance(wizard, NewVaultWizard)
    QTest.keyClick(wizard.place.first(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    stage.type(str(folder))
    stage.enter()
    stage.qtbot.waitUntil(lambda: wizard.wizard.step() is wizard.passphrase, timeout=LONG)
    phrase = wizard.passphrase.offered()
    assert not button(wizard, "建立资料库").isEnabled()
    stage.type(phrase)
    stage.enter()
    stage.qtbot.waitUntil(lambda: bool(settled), timeout=LONG)
    begun = settled[0]
    assert begun is not None
    program = stage.program(begun)
    assert isinstance(program.window, FirstRunWindow)
    return program, program.window, phrase


def prove_sheets(stage: Stage, window: FirstRunWindow) -> None:
    """Type four groups back and tick the box."""
    stage.qtbot.waitUntil(lambda: window.sheets.sheets() is not None and not window.sheets.is_busy(), timeout=LONG)
    sheets = window.sheets.sheets()
    assert sheets is not None
    for (which, number), edit in zip(window.sheets.check.places(), window.sheets.check.edits(), strict=True):
        stage.tab_to(edit)
        assert not window.sheets.digits_shown()
        stage.type(sheets.digits("A" if which == "A" else "B").split("-")[number - 1])
    assert not button(window, "下一步").isEnabled()
    stage.tab_to(window.sheets.tick.box)
    stage.key(Qt.Key.Key_Space)
    assert button(window, "下一步").isEnabled()
    stage.enter()
    assert window.page() is window.school


def fill_school(stage: Stage, window: FirstRunWindow) -> None:
    for text in ("青禾市示例中学", "qh"):
        stage.type(text)
        stage.key(Qt.Key.Key_Tab)
    stage.tab_to(window.school._person)
    stage.type("林老师")
    assert window.school.missing() == ""
    stage.enter()
    stage.qtbot.waitUntil(lambda: window.page() is window.roster, timeout=LONG)


def test_by_keyboard_from_nothing_to_the_first_backup(stage: Stage) -> None:
    program, window, phrase = new_vault(stage, stage.place / "home/vault")
    sheets = window.sheets.sheets()
    assert sheets is not None
    prove_sheets(stage, window)
    assert window.sheets.sheets() is None
    fill_school(stage, window)
    file = stage.place / "roster.xlsx"
    file.write_bytes(xlsx(ROSTER))
    stage.files.answers.append(file)
    stage.enter()  # 选择文件
    view = window.roster.view
    stage.qtbot.waitUntil(lambda: view.preview() is not None and not view.is_busy(), timeout=LONG)
    assert "新增 2 人" in view.counts()
    assert "不导入 1 行" in view.counts()
    assert {"columns", "lines", "refused", "surnames"} <= set(view.preview_view.keys())
    assert student_rows(window.room.actor, window.room.desk).total == 0
    stage.tab_to(button(window, "导入"))
    stage.enter()
    stage.qtbot.waitUntil(lambda: view.result() is not None, timeout=LONG)
    stage.tab_to(button(window, "下一步"))
    stage.enter()
    assert window.page() is window.backup
    stage.qtbot.waitUntil(lambda: window.backup._place.count() == 1, timeout=LONG)
    stage.tab_to(button(window, "立即备份"))
    stage.enter()
    stage.qtbot.waitUntil(lambda: not window.backup.missing(), timeout=LONG)
    assert len(list(stage.stick.glob("*.crbackup"))) == 1
    stage.tab_to(button(window, "完成"))
    stage.enter()
    stage.qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=LONG)
    main = program.window
    assert isinstance(main, MainWindow)
    assert main.page().key == "today"
    room = program._room
    assert room is not None
    assert room.user_name == "林老师"
    profile = school.school_profile(room.actor, room.desk)
    assert profile is not None
    assert (profile.name, profile.code) == ("青禾市示例中学", "QH")
    assert student_rows(room.actor, room.desk).total == 2
    assert find_draft(room.actor, room.desk, PLACE) is None
    assert last_backup(room.actor, room.desk) is not None
    stage.close(program)
    opened = stage.open(stage.place / "home/vault", Passphrase(phrase, "用户 1"))
    assert opened.first_run is None
    assert opened.user_name == "林老师"
    opened.desk.vault.close()
    stage.open(stage.place / "home/vault", Sheet(sheets.b)).desk.vault.close()


def test_interrupted_at_each_step_it_goes_on_there(stage: Stage) -> None:
    folder = stage.place / "vault"
    program, window, phrase = new_vault(stage, folder)
    first = window.sheets.sheets()
    assert first is not None

    def again(program: Program) -> tuple[Program, FirstRunWindow]:
        stage.close(program)
        opened = stage.open(folder, Passphrase(phrase, "用户 1"))
        assert opened.first_run is not None
        stage.frame()
        fresh = stage.program(Begun(folder, "用户 1", opened))
        assert isinstance(fresh.window, FirstRunWindow)
        return fresh, fresh.window

    program, window = again(program)
    assert window.page() is window.sheets
    stage.qtbot.waitUntil(lambda: window.sheets.sheets() is not None, timeout=LONG)
    assert window.sheets.sheets() != first  # kept nowhere, so that there are new ones
    prove_sheets(stage, window)
    stage.type("青禾市示")
    program, window = again(program)
    assert window.page() is window.school
    assert window.school.state()["name"] == "青禾市示"
    stage.type("例中学")
    window.school._code.setText("QH")
    window.school._person.setText("林老师")
    stage.enter()
    stage.qtbot.waitUntil(lambda: window.page() is window.roster, timeout=LONG)
    file = stage.place / "roster.xlsx"
    file.write_bytes(xlsx(ROSTER))
    window.roster.view.load(file)
    stage.qtbot.waitUntil(lambda: not window.roster.view.is_busy(), timeout=LONG)
    program, window = again(program)
    assert window.page() is window.roster
    stage.qtbot.waitUntil(lambda: window.roster.view.preview() is not None, timeout=LONG)
    stage.qtbot.waitUntil(lambda: not window.roster.view.is_busy(), timeout=LONG)
    button(window, "先跳过").click()
    program, window = again(program)
    assert window.page() is window.backup
    button(window, "上一步").click()
    assert window.page() is window.roster
    stage.qtbot.waitUntil(lambda: not window.roster.is_busy(), timeout=LONG)
    button(window, "先跳过").click()
    button(window, "以后再做，到时提醒").click()
    stage.qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=LONG)
    stage.close(program)


def test_the_folder_chosen_is_remembered_before_there_is_a_vault(stage: Stage) -> None:
    beginning, _settled = stage.begin()
    beginning.make()
    wizard = beginning.page()
    assert isinstance(wizard, NewVaultWizard)
    first = wizard
    first.place.set_folder(stage.place / "vault")
    stage.enter()
    stage.qtbot.waitUntil(lambda: first.wizard.step() is first.passphrase, timeout=LONG)
    stage.close()
    beginning, _settled = stage.begin()
    page = beginning.page()
    assert isinstance(page, NoVaultPage)
    button(page, "继续新建资料库").click()
    wizard = beginning.page()
    assert isinstance(wizard, NewVaultWizard)
    assert wizard.wizard.step() is wizard.passphrase
    assert wizard.place.folder() == stage.place / "vault"
    button(wizard, "上一步").click()
    assert wizard.wizard.step() is wizard.place
    button(wizard, "上一步").click()
    assert isinstance(beginning.page(), NoVaultPage)


@pytest.mark.parametrize(
    ("name", "words"), [("OneDrive/vault", "OneDrive"), ("full", "不是空的"), ("坚果云", "坚果云"), ("file", "写入")]
)
def test_unfit_folders_are_refused_with_a_sentence(stage: Stage, name: str, words: str) -> None:
    (stage.place / "full").mkdir()
    (stage.place / "full/letter.txt").write_text("x")
    (stage.place / "file").write_text("x")
    beginning, _settled = stage.begin()
    beginning.make()
    wizard = beginning.page()
    assert isinstance(wizard, NewVaultWizard)
    target = stage.place / name / "below" if name == "file" else stage.place / name
    wizard.place.set_folder(target)
    stage.enter()
    stage.qtbot.waitUntil(lambda: bool(wizard.place.error()), timeout=LONG)
    assert words in wizard.place.error()
    assert wizard.wizard.step() is wizard.place
    assert faults(wizard, KNOWN_LATIN | NAMES) == []


def test_weak_and_mistyped_passphrases_do_not_go_on(stage: Stage) -> None:
    beginning, _settled = stage.begin()
    beginning.make()
    wizard = beginning.page()
    assert isinstance(wizard, NewVaultWizard)
    wizard.place.set_folder(stage.place / "vault")
    stage.enter()
    step = wizard.passphrase
    stage.qtbot.waitUntil(lambda: wizard.wizard.step() is step, timeout=LONG)
    before = step.offered()
    button(wizard, "换一组").click()
    assert step.offered() != before
    step.use("own")
    step._own.setText("short")
    assert step.strength() == "太短"
    step._own.setText("aaaaaaaaaaaaaaaa")
    stage.qtbot.waitUntil(lambda: step.strength() == "太容易猜到", timeout=LONG)
    assert step.missing()
    step._own.setText("qingcaodi-yueguang-shanlu-27")
    stage.qtbot.waitUntil(lambda: step.strength() == "很好", timeout=LONG)
    step._again.setText("qingcaodi-yueguang-shanlu-28")
    assert "再输入一遍" in step.missing()
    step._again.setText("qingcaodi-yueguang-shanlu-27")
    assert step.missing() == ""
    step._login.setText(" ")
    assert step.missing()


def test_wrong_groups_are_named(stage: Stage) -> None:
    program, window, _phrase = new_vault(stage, stage.place / "vault")
    sheets = window.sheets.sheets()
    assert sheets is not None
    check = window.sheets.check
    which, number = check.places()[0]
    right = sheets.digits("A").split("-")[number - 1]
    check.edits()[0].setText(right[:3] + str((int(right[3]) + 1) % 10) + right[4:])
    assert "第 4 位" in check.errors()[0]
    assert f"恢复单 {which} 第 {number} 组" in window.sheets.missing()
    check.edits()[0].setText(right)
    assert check.errors()[0] == ""
    stage.files.answers.append(stage.place)
    button(window, "存为 PDF").click()
    stage.qtbot.waitUntil(lambda: (stage.place / "sheet-B.pdf").exists() and not window.sheets.is_busy(), timeout=LONG)
    assert "没有加密" in window.sheets.sentence()
    (stage.place / "Dropbox").mkdir()
    stage.files.answers.append(stage.place / "Dropbox")
    button(window, "存为 PDF").click()
    stage.qtbot.waitUntil(lambda: "Dropbox" in window.sheets.sentence(), timeout=LONG)
    button(window, "打印 A、B 两张").click()
    stage.qtbot.waitUntil(lambda: "已送往" in window.sheets.sentence(), timeout=LONG)
    button(window, "重新生成").click()
    stage.qtbot.waitUntil(lambda: window.sheets.sheets() not in (None, sheets), timeout=LONG)
    stage.close(program)


def test_dates_of_terms_are_checked(stage: Stage) -> None:
    program, window, _phrase = new_vault(stage, stage.place / "vault")
    form = window.school._terms
    assert form.error() == ""
    begin, end, stop, second, *_rest = form.edits()
    kept = end.date()
    end.setDate(begin.date().addDays(-1))
    assert "第 1 学期" in form.error()
    end.setDate(kept)
    stop.setDate(kept.addDays(1))
    assert "最后可预约日" in form.error()
    stop.setDate(kept)
    second.setDate(kept)
    assert "第 2 学期" in form.error()
    boxes = window.school.findChildren(QCheckBox)
    boxes[1].setChecked(False)
    assert window.school.setup().roles == frozenset({Role.COUNSELLOR, Role.CENTER_DIRECTOR})
    stage.close(program)


def test_an_existing_vault_is_offered_and_a_backup_is_restored(stage: Stage) -> None:
    folder = stage.place / "vault"
    program, window, _phrase = new_vault(stage, folder)
    sheets = window.sheets.sheets()
    assert sheets is not None
    prove_sheets(stage, window)
    fill_school(stage, window)
    button(window, "先跳过").click()
    window.backup.use_folder(stage.stick)
    window.backup.begin()
    stage.qtbot.waitUntil(lambda: not window.backup.missing(), timeout=LONG)
    stage.close(program)
    beginning, settled = stage.begin()
    beginning.make()
    wizard = beginning.page()
    assert isinstance(wizard, NewVaultWizard)
    wizard.place.set_folder(folder)
    stage.enter()
    stage.qtbot.waitUntil(lambda: bool(wizard.place.error()), timeout=LONG)
    button(wizard, "打开这个资料库").click()
    assert settled == [Begun(folder)]

    beginning, settled = stage.begin()
    button(stage.frames[-1], "从备份恢复").click()
    restore = beginning.page()
    assert isinstance(restore, RestoreWizard)
    (stage.place / "letter.crbackup").write_text("x" * 9000)
    restore.file.load(stage.place / "letter.crbackup")
    stage.qtbot.waitUntil(lambda: bool(restore.file.sentence()), timeout=LONG)
    (backup,) = stage.stick.glob("*.crbackup")
    stage.files.answers.append(backup)
    stage.enter()
    stage.qtbot.waitUntil(lambda: restore.file.facts() is not None, timeout=LONG)
    assert faults(restore, KNOWN_LATIN | NAMES) == []
    stage.tab_to(button(restore, "下一步"))
    stage.enter()
    stage.type("000011 " * 7 + "000022")
    stage.enter()
    stage.qtbot.waitUntil(lambda: bool(restore.sheet.error()), timeout=LONG)
    stage.type(sheets.a)
    stage.enter()
    stage.qtbot.waitUntil(lambda: restore.wizard.step() is restore.place, timeout=LONG)
    restore.place.set_folder(stage.place / "restored/vault")
    stage.enter()
    stage.qtbot.waitUntil(lambda: restore.wizard.step() is restore.passphrase, timeout=LONG)
    stage.type(restore.passphrase.offered())
    stage.enter()
    stage.qtbot.waitUntil(lambda: bool(settled), timeout=LONG)
    begun = settled[0]
    assert begun is not None
    program = stage.program(begun)
    main = program.window
    assert isinstance(main, MainWindow)
    assert "已恢复" in main.page().banner_text()
    assert begun.folder == stage.place / "restored/vault"
    stage.close(program)
    opened = stage.open(begun.folder, Sheet(sheets.b))
    assert (opened.first_run, opened.user_name) == (None, "林老师")
    opened.desk.vault.close()


def test_every_step_looks_right_at_all_sizes(stage: Stage) -> None:
    known = KNOWN_LATIN | NAMES
    beginning, settled = stage.begin()
    frame = stage.frames[-1]

    def look(what: str) -> None:
        for mode in (Mode.LIGHT, Mode.DARK):
            stage.theme.set_mode(mode)
            for size in SIZES:
                frame.resize(*size)
                assert faults(frame, known) == [], f"{what} {mode} {size}"
        stage.theme.set_mode(Mode.LIGHT)

    look("no vault")
    beginning.make()
    wizard = beginning.page()
    assert isinstance(wizard, NewVaultWizard)
    look("place")
    wizard.place.set_folder(stage.place / "vault")
    wizard.place.go()
    stage.qtbot.waitUntil(lambda: wizard.wizard.step() is wizard.passphrase, timeout=LONG)
    wizard.passphrase.use("own")
    look("passphrase")
    wizard.passphrase.use("offered")
    wizard.passphrase._again.setText(wizard.passphrase.offered())
    wizard.passphrase.go()
    stage.qtbot.waitUntil(lambda: bool(settled), timeout=LONG)
    begun = settled[0]
    assert begun is not None
    program = stage.program(begun)
    window = program.window
    assert isinstance(window, FirstRunWindow)
    look("sheets")
    prove_sheets(stage, window)
    look("school")
    fill_school(stage, window)
    look("roster")
    file = stage.place / "名册.xlsx"
    file.write_bytes(xlsx(ROSTER))
    window.roster.view.load(file)
    stage.qtbot.waitUntil(lambda: window.roster.view.preview() is not None, timeout=LONG)
    for key in window.roster.view.preview_view.keys():  # noqa: SIM118 - not a dict
        window.roster.view.preview_view.turn_to(key)
        look(f"roster {key}")
    button(window, "先跳过").click()
    look("backup")
    stage.close(program)


def test_two_groups_are_any_two() -> None:
    seen = {two_groups(random.Random(seed).randbytes) for seed in range(2000)}
    assert len(seen) == 56
    assert all(one != other and {one, other} <= set(range(1, 9)) for one, other in seen)


def test_the_digit_that_differs_is_named() -> None:
    assert difference("123456", "123456") == ""
    assert "第 6 位" in difference("123457", "123456")
    assert "6 位" in difference("12345", "123456")
