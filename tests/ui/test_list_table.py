"""The table: keys, clicks, grounds, the ring, chips, tooltips."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QToolTip
from pytestqt.qtbot import QtBot

from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode, TextScale
from counselroom.ui.widgets import chip_face
from counselroom.ui.widgets.list_roles import ListRole
from counselroom.ui.widgets.list_table import ListTable, RowHeight
from tests.ui.looks import colour_at, colours_of, settle
from tests.ui.stage import show, without_focus

CHIP_COLUMN, NUMBER_COLUMN, ACTION_COLUMN = 1, 2, 3


def item(text: str, **roles: object) -> QStandardItem:
    made = QStandardItem(text)
    for name, value in roles.items():
        made.setData(value, ListRole[name])
    return made


@pytest.fixture
def table(theme: Theme, icons: Icons, qtbot: QtBot) -> ListTable:
    model = QStandardItemModel()
    model.setHorizontalHeaderLabels(["姓名", "状态", "次数", ""])
    for name, due in (("李同学", False), ("张同学", True), ("孙同学的名字长得放不下", False)):
        number = item("12")
        number.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        face = chip_face.under_way()
        row = [item(name, AFTER="首次"), item(face.text, CHIP=face), number, item("", ACTION="写记录", DUE=due)]
        model.appendRow(row)
    model.appendRow([item("吴同学", TONE="ink2", BOLD=True), item(""), item(""), item("")])
    made = ListTable(icons, "今日来访")
    model.setParent(made)
    made.setModel(model)
    show(qtbot, made).resize(640, 320)
    made.setColumnWidth(0, 120)
    without_focus()
    settle()
    return made


def point(table: ListTable, row: int, column: int = 0) -> QPoint:
    return table.visualRect(table.model().index(row, column)).center()


def on_action(table: ListTable, row: int) -> QPoint:
    rect = table.visualRect(table.model().index(row, ACTION_COLUMN))
    return QPoint(rect.right() - 20, rect.center().y())


def ground(table: ListTable, row: int) -> str:
    rect = table.row_rect(row)
    return colour_at(table.viewport(), rect.left() + 6, rect.center().y())


def test_rows_have_the_ground_of_their_state(theme: Theme, table: ListTable, qtbot: QtBot) -> None:
    table.selectRow(1)
    qtbot.mouseMove(table.viewport(), point(table, 2))
    for mode in Mode:
        theme.set_mode(mode)
        settle()
        assert [ground(table, row) for row in (0, 1, 2)] == [
            theme.colour(name).name() for name in ("surface", "accent_soft", "hover")
        ]
        rect = table.row_rect(0)
        assert colour_at(table.viewport(), 200, rect.bottom()) == theme.colour("line").name()
    QApplication.sendEvent(table, QEvent(QEvent.Type.Leave))
    assert table.hovered_row() == -1


def test_the_row_in_focus_has_a_ring(theme: Theme, table: ListTable) -> None:
    table.setCurrentIndex(table.model().index(0, 0))
    rect = table.row_rect(0)
    accent = theme.colour("accent").name()
    assert colour_at(table.viewport(), 0, rect.center().y()) != accent
    table.setFocus()
    settle()
    assert [colour_at(table.viewport(), x, rect.center().y()) for x in (0, 1)] == [accent, accent]
    assert colour_at(table.viewport(), 300, rect.top()) == accent
    assert colour_at(table.viewport(), -1, rect.center().y()) == accent
    assert colour_at(table.viewport(), 0, table.row_rect(1).center().y()) != accent


def test_keys_open_act_mark_and_move(table: ListTable, qtbot: QtBot) -> None:
    told: list[tuple[str, int]] = []
    for name in ("opened", "acted", "marked"):
        getattr(table, name).connect(lambda index, name=name: told.append((name, index.row())))
    table.setCurrentIndex(QModelIndex())
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert told == []  # no row yet
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    table.act(3)
    assert told == [("opened", 0), ("acted", 1), ("marked", 1)]


def test_tab_leaves_the_table(table: ListTable) -> None:
    assert not table.tabKeyNavigation()


def test_a_click_on_the_action_acts_and_elsewhere_does_not(table: ListTable, qtbot: QtBot) -> None:
    told: list[tuple[str, int]] = []
    for name in ("opened", "acted"):
        getattr(table, name).connect(lambda index, name=name: told.append((name, index.row())))
    view = table.viewport()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=on_action(table, 1))
    qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=on_action(table, 1))
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=point(table, 2))
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=point(table, 2))
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(20, view.height() - 3))
    told_before = list(told)
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=on_action(table, 0))
    assert told_before == [("acted", 1), ("opened", 2)]
    assert ("opened", 0) not in told
    qtbot.mouseMove(view, on_action(table, 0))
    assert view.cursor().shape() is Qt.CursorShape.PointingHandCursor
    qtbot.mouseMove(view, point(table, 0))
    assert view.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_the_due_row_has_the_one_filled_action(theme: Theme, table: ListTable) -> None:
    accent = theme.colour("accent").name()

    def filled(row: int) -> bool:
        rect = table.visualRect(table.model().index(row, ACTION_COLUMN))
        return colour_at(table.viewport(), rect.right() - 9, rect.center().y() - 9) == accent

    assert [filled(row) for row in (0, 1, 2)] == [False, True, False]


def test_chips_are_painted_in_the_cell(theme: Theme, table: ListTable) -> None:
    seen = colours_of(table.viewport())
    assert seen[theme.colour("accent_soft").name()] > 1000
    assert seen[theme.colour("accent_line").name()] > 100


def test_heads_are_not_bold_and_rows_follow_setting_and_scale(theme: Theme, table: ListTable) -> None:
    assert not table.horizontalHeader().highlightSections()
    assert table.rowHeight(0) == 40
    table.set_row_height(RowHeight.COMPACT)
    assert table.rowHeight(0) == 34
    table.set_row_height(RowHeight.ROOMY)
    assert table.rowHeight(0) == 44
    theme.set_scale(TextScale.LARGEST)
    assert table.rowHeight(0) == 54
    assert table.horizontalHeader().height() == 42


def test_columns_fit_their_content_with_room_to_spare(table: ListTable) -> None:
    table.resizeColumnsToContents()
    delegate = table.itemDelegate()
    for column in range(3):
        index = table.model().index(0, column)
        assert table.columnWidth(column) >= delegate.sizeHint(QStyleOptionViewItem(), index).width()


def help_at(table: ListTable, index: QModelIndex) -> str:
    told: list[str] = []
    option = QStyleOptionViewItem()
    option.rect = table.visualRect(index)
    place = table.visualRect(index).center()
    event = QHelpEvent(QEvent.Type.ToolTip, place, table.viewport().mapToGlobal(place))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QToolTip, "showText", lambda _place, text, _view: told.append(text))
        table.itemDelegate().helpEvent(event, table, option, index)
    return "".join(told)


def test_what_does_not_fit_is_shown_whole_as_a_tooltip(table: ListTable) -> None:
    model = table.model()
    assert help_at(table, model.index(2, 0)) == "孙同学的名字长得放不下 首次"
    table.setColumnWidth(0, 400)
    assert help_at(table, model.index(2, 0)) == ""
    table.setColumnWidth(CHIP_COLUMN, 40)
    assert help_at(table, model.index(0, CHIP_COLUMN)) == "进行中"
    model.setData(model.index(0, CHIP_COLUMN), chip_face.focus_tier().masked(), ListRole.CHIP)
    table.setColumnWidth(CHIP_COLUMN, 20)
    assert help_at(table, model.index(0, CHIP_COLUMN)) == ""


def test_a_screen_reader_hears_the_word_of_a_chip(table: ListTable) -> None:
    assert table.model().index(0, CHIP_COLUMN).data() == "进行中"
    assert table.accessibleName() == "今日来访"
