"""The page and the dialogs of registers: from the keyboard to the vault and back."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from counselroom.services import registers
from counselroom.services.register_rows import RowFilter
from counselroom.ui.dialogs.register_entry import RegisterEntryDialog
from counselroom.ui.dialogs.register_export import RegisterExportDialog
from counselroom.ui.dialogs.register_void import RegisterVoidDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.print_preview import PrintPreviewPage
from counselroom.ui.pages.registers import RegistersPage
from counselroom.ui.registers.written import day_text, number_of
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from tests.conftest import HandClock
from tests.services.own_register import KEY, with_own_registers
from tests.services.register_rows_support import filed
from tests.services.world import World
from tests.ui import looks
from tests.ui.rooms import HandFiles, window_on
from tests.ui.test_every_page import rest

Opened = tuple[MainWindow, Room, World]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        yield parts


def page_of(opened: Opened, qtbot: QtBot, **arguments: object) -> RegistersPage:
    window, room, _world = opened
    window.go_to("registers", arguments)
    rest(room, qtbot)
    page = window.page()
    assert isinstance(page, RegistersPage)
    return page


def dialog_of(opened: Opened, qtbot: QtBot) -> RegisterEntryDialog:
    rest(opened[1], qtbot)
    dialog = opened[0].dialogs.dialog
    assert isinstance(dialog, RegisterEntryDialog)
    return dialog


def texts(page: RegistersPage, column: int) -> list[str]:
    return [page.model.index(row, column).data() for row in range(page.model.rowCount())]


def test_a_row_is_typed_in_and_stands_in_the_list(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    page = page_of(opened, qtbot, register="F-61")
    assert page.model.rowCount() == 0
    page.new_button.click()
    dialog = dialog_of(opened, qtbot)
    assert dialog.form.answers()["date"] == world.clock.now().date().isoformat()
    dialog.form.show_answers(
        {"date": "2026年10月8日", "name": "周老师", "role": "full_time", "training": "危机干预", "hours": "8"}
    )
    QTest.keyClick(dialog.form.fields["name"].editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(room, qtbot)
    assert opened[0].dialogs.dialog is None
    assert texts(page, 0) == ["2026-10-08"]
    assert page._foot.text() == "1 行　学时合计 8"


@pytest.mark.parametrize("size", looks.SIZES)
def test_the_columns_share_the_width_of_any_window(opened: Opened, qtbot: QtBot, size: tuple[int, int]) -> None:
    window, _room, world = opened
    filed(world, "F-61", training="危机干预与学校心理辅导的衔接")
    window.resize(*size)
    page = page_of(opened, qtbot, register="F-61")
    looks.settle()
    assert page.table.horizontalScrollBar().maximum() == 0
    assert page.table.columnWidth(0) >= page.table.sizeHintForColumn(0) / 1.08  # a date is never shortened


def test_what_is_missing_is_said_at_its_field(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    page_of(opened, qtbot, register="F-61").new_button.click()
    dialog = dialog_of(opened, qtbot)
    dialog.file_button.click()
    rest(room, qtbot)
    assert window.dialogs.dialog is dialog
    assert "姓名" in dialog.form.fields["name"].error()
    assert dialog.form.fields["date"].error() == ""
    dialog.finish()


def test_fields_come_and_go_with_the_answers(opened: Opened, qtbot: QtBot) -> None:
    page_of(opened, qtbot, register="F-75").new_button.click()
    dialog = dialog_of(opened, qtbot)
    assert dialog.form.fields["user"].isHidden()
    for kind, shown in (("use", {"user"}), ("stock", {"area"}), ("check", set())):
        dialog.form.show_answers({"kind": kind, "user": "林老师", "area": 20})
        assert {name for name in ("user", "area") if not dialog.form.fields[name].isHidden()} == shown
    assert set(dialog.form.entry().data) & {"user", "area"} == set()
    dialog.finish()


def test_keys_open_and_void_and_undo(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    first, second = filed(world, "F-61", 1), filed(world, "F-61", 2)
    page = page_of(opened, qtbot, register="F-61", row=first.id)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Up)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    dialog = dialog_of(opened, qtbot)
    assert dialog.arguments["row"] == second.id
    dialog.finish()
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    rest(room, qtbot)
    void = window.dialogs.dialog
    assert isinstance(void, RegisterVoidDialog)
    said: list[object] = []
    room.messages.done.connect(lambda _words, undo: said.append(undo))
    void._void()
    assert window.dialogs.dialog is void
    field = void.first()
    assert isinstance(field, QLineEdit)
    field.setText("重复登记")
    void._void()
    rest(room, qtbot)
    assert page.model.rowCount() == 1
    assert said[-1] is not None
    page._voided.setChecked(True)
    rest(room, qtbot)
    assert sorted(texts(page, 1)) == ["已作废", "已登记"]


def test_a_correction_needs_its_reason(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    row = filed(world, "F-61", hours=8)
    page_of(opened, qtbot, register="F-61", row=row.id).edit_button.click()
    dialog = dialog_of(opened, qtbot)
    assert dialog.draft_button.isHidden()
    dialog.file_button.click()
    assert dialog._why.error()
    dialog.restore({"answers": {**dialog.form.answers(), "hours": 16}, "reason": "学时写错"})
    dialog.file_button.click()
    rest(room, qtbot)
    found = registers.list_rows(world.me, world.desk, "F-61", RowFilter(with_void=True))
    assert {each.data["hours"]: each.void_reason for each in found.rows} == {8: "学时写错", 16: None}
    window.dialogs.open("register_entry", {"register": "F-61", "row": row.id})
    assert dialog_of(opened, qtbot).file_button.isHidden()
    dialog_of(opened, qtbot).finish()


def test_words_are_looked_for_in_the_rows_that_are_not_shown_too(
    opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _window, _room, world = opened
    monkeypatch.setattr(registers, "SHOWN_AT_MOST", 2)
    for days, name in enumerate(("林老师", "周老师", "吴老师", "郑主任")):
        filed(world, "F-61", days, name=name)
    page = page_of(opened, qtbot, register="F-61")
    assert page.model.rowCount() == 2
    page.search.setText("林老师")
    assert page.model.rowCount() == 0
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=5000)
    assert "1" in page._foot.text()
    page.search.clear()
    assert page.model.rowCount() == 2


def test_words_and_heads_arrange_the_list(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    for number, hours in ((1, 30), (2, 4), (3, 200)):
        filed(world, "F-61", number, hours=hours, training=f"培训{number}")
    page = page_of(opened, qtbot, register="F-61")
    column = next(n for n in range(page.model.columnCount()) if page.model.is_right(n))
    page.model.sort(column, Qt.SortOrder.AscendingOrder)
    assert texts(page, column) == ["4", "30", "200"]
    page.search.setText("培训3")
    assert (texts(page, column), page._foot.text()) == (["200"], "1 行　学时合计 200")
    page.search.setText("没有")
    assert not page._empty.isHidden()
    assert page.state()["words"] == "没有"
    page.search.setText("")
    rest(room, qtbot)
    assert page.model.rowCount() == 3


def test_names_in_a_secret_register_are_masked(opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    with_own_registers(monkeypatch)
    filed(opened[2], KEY)
    page = page_of(opened, qtbot, register=KEY)
    line = [page.model.index(0, column).data() for column in range(page.model.columnCount())]
    assert "欧阳同学" in line
    assert not [cell for cell in line if "若曦" in cell or "经过" in cell]
    opened[1].masking.toggle("registers")
    assert "欧阳若曦" in [page.model.index(0, column).data() for column in range(page.model.columnCount())]


def test_a_table_is_exported_with_a_reason(
    tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock, opened: Opened
) -> None:
    window, room, world = opened
    filed(world, "F-61", hours=8)
    target = tmp_path / "台账.xlsx"
    files = room.files
    assert isinstance(files, HandFiles)
    files.answers = [target]
    page_of(opened, qtbot, register="F-61").export_button.click()
    dialog = window.dialogs.dialog
    assert isinstance(dialog, RegisterExportDialog)
    dialog._export()
    assert not target.exists()
    dialog.restore({"reason": "学期统计"})
    dialog._export()
    rest(room, qtbot)
    sheet = openpyxl.load_workbook(BytesIO(target.read_bytes())).active
    assert sheet is not None
    assert sheet.max_row == 2
    assert [line.reason for line in world.audit() if line.action == "export"] == ["学期统计"]


@pytest.mark.parametrize(
    ("typed", "day"),
    [("2026-1-2", "2026-01-02"), ("2026/01/02", "2026-01-02"), ("2026年1月2日", "2026-01-02"),
     ("2026.1.2", "2026-01-02"),
     ("2026-13-01", "2026-13-01"), ("明天", "明天"), ("", "")],
)  # fmt: skip
def test_days_are_read_however_they_are_written(typed: str, day: str) -> None:
    assert day_text(typed) == day


@pytest.mark.parametrize(("typed", "number"), [("8", 8), (" 1,200 ", 1200), ("八", "八"), ("-1", "-1"), ("", "")])
def test_numbers_are_read_or_left(typed: str, number: object) -> None:
    assert number_of(typed) == number


def test_a_register_of_sheets_is_printed_as_a_list_too(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    filed(world, "F-29")
    page = page_of(opened, qtbot, register="F-29")
    assert page.list_button.isVisibleTo(page)
    page.list_button.click()
    rest(room, qtbot)
    preview = window.page()
    assert isinstance(preview, PrintPreviewPage)
    qtbot.waitUntil(lambda: preview._sheet is not None, timeout=20_000)
    assert "一览" in preview._sheet.file_name  # type: ignore[union-attr] # waited for
    assert not page_of(opened, qtbot, register="F-61").list_button.isVisibleTo(window)


def test_what_the_year_asks_for_is_shown_by_person(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    filed(world, "F-61", 1, name="周老师", role="full_time", hours=12)
    page = page_of(opened, qtbot, register="F-61")
    assert page.people.isHidden()
    page.by_person.click()
    assert page.table.isHidden()
    model = page.people.model()
    assert [model.index(0, column).data() for column in range(5)] == ["周老师", "专职教师", "40", "12", "缺 28"]
    assert page._foot.text() == "2026-2027 学年　1 人　共缺 28"
    assert page.void_button.isHidden()
    state = page.state()
    page.by_person.click()
    assert not page.void_button.isHidden()
    assert not page.table.isHidden()
    page.restore(state)
    rest(room, qtbot)
    assert not page.people.isHidden()
    assert page_of(opened, qtbot, register="F-29").by_person.isHidden()
