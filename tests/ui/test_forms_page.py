"""The page of forms: find and print blank ones, print one form for a class, look at and correct the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from counselroom import resources
from counselroom.desktop.printer import not_responding
from counselroom.printing.definitions import Audience
from counselroom.rules.printing import PrintState
from counselroom.services.print_log import print_log
from counselroom.services.prints import PrintRequest, print_form
from counselroom.services.students import StudentData, add_student
from counselroom.ui.dialogs.void_print import VoidPrintDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.forms import FormsPage
from counselroom.ui.pages.print_preview import PrintPreviewPage
from counselroom.ui.palette_actions import form_actions
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from tests.conftest import HandClock
from tests.printing.pdf import bare, text_of
from tests.services.world import NAMES, World
from tests.ui import looks
from tests.ui.rooms import HandFiles, HandPrinters, window_on

T = TypeVar("T")
Opened = tuple[MainWindow, Room, World]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        yield parts


def done(opened: Opened, work: Callable[[], T]) -> T:
    return opened[1].tasks.change(work).result(20)


def forms_page(opened: Opened, view: str) -> FormsPage:
    opened[0].go_to("forms", {"view": view})
    page = opened[0].page()
    assert isinstance(page, FormsPage)
    return page


def printers_of(opened: Opened) -> HandPrinters:
    printers = opened[1].printers
    assert isinstance(printers, HandPrinters)
    return printers


def catalogue(opened: Opened, qtbot: QtBot) -> FormsPage:
    page = forms_page(opened, "list")
    qtbot.waitUntil(
        lambda: page.view("list")._model.rowCount() > 3 and page.view("list")._printer.is_ready(), timeout=20_000
    )
    return page


@pytest.mark.parametrize("typed", ["F-50", "f50", "转介", "zhuanjie", "xsxlzjd"])
def test_a_form_is_found_by_number_title_pinyin_and_initials(opened: Opened, qtbot: QtBot, typed: str) -> None:
    view = catalogue(opened, qtbot).view("list")
    if typed == "zhuanjie":
        typed = "xueshengxinlizhuanjie"
    view.search.setText(typed)
    assert [view._model.key_at(row) for row in range(view._model.rowCount())] == ["F-50"]
    (action,) = [action for action in form_actions(view._lines) if action.fits(typed)]
    assert action.arguments == {"form": "F-50"}
    assert "F-50" in action.label()


def test_enter_shows_the_blank_form(opened: Opened, qtbot: QtBot) -> None:
    view = catalogue(opened, qtbot).view("list")
    view.table.setCurrentIndex(view._model.index(view._model.row_of("F-19"), 0))
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    page = opened[0].page()
    assert isinstance(page, PrintPreviewPage)
    assert page.state()["form"] == "F-19"


def test_several_blank_forms_are_printed_at_once(opened: Opened, qtbot: QtBot) -> None:
    view = catalogue(opened, qtbot).view("list")
    for form_id in ("F-06", "F-50"):
        view.table.setCurrentIndex(view._model.index(view._model.row_of(form_id), 0))
        QTest.keyClick(view.table, Qt.Key.Key_Space)
    assert view._count.text() == "已勾选 2 种"
    view._printer._copies.setCurrentIndex(2)
    view._print.click()
    qtbot.waitUntil(lambda: not view._ticked, timeout=20_000)
    orders = [(order.job_name, order.copies) for _pdf, order in printers_of(opened).printed]
    assert orders == [("F-06", 3), ("F-50", 3)]
    assert all("青禾市示例中学" in bare(text_of(pdf)) for pdf, _order in printers_of(opened).printed)


def batch(opened: Opened, qtbot: QtBot, rows: int) -> FormsPage:
    page = forms_page(opened, "batch")
    view = page.view("batch")
    qtbot.waitUntil(lambda: view.form.findData("F-19") >= 0 and view._unit.count() > 1, timeout=20_000)
    view.form.setCurrentIndex(view.form.findData("F-19"))
    qtbot.waitUntil(lambda: view._model.rowCount() == rows and view._printer.is_ready(), timeout=20_000)
    return page


def cards(opened: Opened) -> None:
    world = opened[2]
    for number in range(3):
        world.card(student=number)


def test_one_form_is_printed_for_a_class(opened: Opened, qtbot: QtBot) -> None:
    world = opened[2]
    done(opened, lambda: cards(opened))
    done(opened, lambda: add_student(world.me, world.desk, StudentData("无班同学")))
    view = batch(opened, qtbot, 3).view("batch")
    view._unit.setCurrentIndex(view._unit.findData(world.people.class_id))
    qtbot.waitUntil(lambda: view._model.rowCount() == 3, timeout=20_000)
    view.table.setCurrentIndex(view._model.index(1, 0))
    QTest.keyClick(view.table, Qt.Key.Key_Space)
    assert view._count.text() == "共 3 份，将打印 2 份"
    view._print.click()
    qtbot.waitUntil(lambda: view._job is None and len(printers_of(opened).printed) == 2, timeout=20_000)
    texts = [bare(text_of(pdf)) for pdf, _order in printers_of(opened).printed]
    assert [NAMES[0] in texts[0], NAMES[2] in texts[1]] == [True, True]
    assert not any(NAMES[1] in text for text in texts)
    looks.settle()
    assert [view._model.index(row, 4).data() for row in range(3)] == ["已打印", "—", "已打印"]
    assert view._count.text() == "共 3 份，将打印 0 份", "what was printed is not printed again"
    assert done(opened, lambda: print_log(world.me, world.desk)).total == 2


def test_a_batch_ends_with_the_printer_and_goes_on_where_it_stopped(opened: Opened, qtbot: QtBot) -> None:
    world = opened[2]
    done(opened, lambda: cards(opened))
    view = batch(opened, qtbot, 3).view("batch")
    printers_of(opened).failure = not_responding()
    view._print.click()
    qtbot.waitUntil(lambda: bool(opened[0].page().banner_text()), timeout=20_000)
    assert "份号已作废" in opened[0].page().banner_text()
    lines = done(opened, lambda: print_log(world.me, world.desk)).lines
    assert [line.state for line in lines] == [PrintState.VOIDED]
    printers_of(opened).failure = None
    view._print.click()
    qtbot.waitUntil(lambda: view._job is None and len(printers_of(opened).printed) == 3, timeout=20_000)


def test_names_in_a_batch_are_masked_until_f8(opened: Opened, qtbot: QtBot) -> None:
    done(opened, lambda: cards(opened))
    view = batch(opened, qtbot, 3).view("batch")
    assert view._model.index(2, 1).data() == "张同学"
    QTest.keyClick(opened[0], Qt.Key.Key_F8)
    assert view._model.index(2, 1).data() == NAMES[2]


def test_a_copy_is_made_void_with_a_reason(opened: Opened, qtbot: QtBot) -> None:
    window, _room, world = opened
    card = done(opened, world.card)
    request = PrintRequest("F-19", card.id, Audience.ARCHIVE)
    done(opened, lambda: print_form(world.me, world.desk, request))
    view = forms_page(opened, "log").view("log")
    qtbot.waitUntil(lambda: view._model.rowCount() == 1, timeout=20_000)
    assert view._model.index(0, 5).data() == "已打印"
    view.table.act(0)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, VoidPrintDialog)
    dialog._act.click()
    assert dialog._field.error() == "请写明理由。"
    dialog._reason.insert("卡纸")
    dialog._act.click()
    qtbot.waitUntil(lambda: window.dialogs.dialog is None, timeout=20_000)
    qtbot.waitUntil(lambda: view._model.index(0, 5).data() == "已作废", timeout=20_000)
    assert any(line.reason == "卡纸" for line in done(opened, world.audit))
    view._pills["saved"].click()
    qtbot.waitUntil(lambda: view._model.rowCount() == 0, timeout=20_000)
    assert view._empty.isVisible()
    view._pills["voided"].click()
    qtbot.waitUntil(lambda: view._model.rowCount() == 1, timeout=20_000)
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    page = opened[0].page()
    assert isinstance(page, PrintPreviewPage)
    qtbot.waitUntil(page._choices.is_ready, timeout=20_000)


def test_the_schools_own_layout_is_taken_in_and_given_up(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    _window, room, _world = opened
    view = catalogue(opened, qtbot).view("list")
    assert isinstance(room.files, HandFiles)
    source = resources.read_text("forms/F-06.toml").replace('id = "F-06"', 'id = "F-06.school"')
    (tmp_path / "F-06.school.toml").write_text(source, encoding="utf-8")
    (tmp_path / "F-11.school.toml").write_text("[form", encoding="utf-8")
    room.files.answers = [tmp_path / "F-11.school.toml", tmp_path / "F-06.school.toml"]
    view._own.click()
    qtbot.waitUntil(lambda: "第 1 行" in opened[0].page().banner_text(), timeout=20_000)
    view._own.click()
    qtbot.waitUntil(lambda: any(line.is_own for line in view._lines), timeout=20_000)
    row = view._model.row_of("F-06")
    assert view._model.index(row, 1).data() == "心理辅导预约单（本校样式）"
    view.table.setCurrentIndex(view._model.index(row, 0))
    assert view._own.text() == "恢复原来的样式"
    view._own.click()
    qtbot.waitUntil(lambda: not any(line.is_own for line in view._lines), timeout=20_000)
    assert view._own.text() == "换用本校样式"
