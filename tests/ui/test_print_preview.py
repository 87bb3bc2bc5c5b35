"""The print preview by hand and by keyboard: what is shown, what is printed, what is logged, what is voided."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from counselroom.desktop.printer import Printer, not_responding
from counselroom.printing.definitions import Audience
from counselroom.rules.printing import PrintState
from counselroom.services import referrals
from counselroom.services.page_images import page_sizes
from counselroom.services.print_log import LogLines, print_log
from counselroom.services.print_making import PrintRequest
from counselroom.services.prints import print_blank, print_form
from counselroom.ui.dialogs.save_pdf import SavePdfDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.print_preview import PrintPreviewPage
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.tokens import TextScale
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
    """Do something with the vault on the lane, on which the window may be working too."""
    return opened[1].tasks.change(work).result(20)


def log_of(opened: Opened) -> LogLines:
    world = opened[2]
    return done(opened, lambda: print_log(world.me, world.desk))


def issued(world: World, **changes: object) -> str:
    referral_id = world.referral(**changes)
    referrals.issue_referral(world.me, world.desk, referral_id)
    return referral_id


def preview(opened: Opened, qtbot: QtBot, **arguments: str) -> PrintPreviewPage:
    window, _room, _world = opened
    window.go_to("print_preview", arguments)
    page = window.page()
    assert isinstance(page, PrintPreviewPage)
    qtbot.waitUntil(page._paper.has_page, timeout=20_000)
    qtbot.waitUntil(page._choices.is_ready, timeout=20_000)
    return page


def of_referral(opened: Opened, qtbot: QtBot, **changes: object) -> tuple[PrintPreviewPage, str]:
    referral_id = done(opened, lambda: issued(opened[2], **changes))
    return preview(opened, qtbot, form="F-50", entity="referral", entity_id=referral_id), referral_id


def printers_of(room: Room) -> HandPrinters:
    assert isinstance(room.printers, HandPrinters)
    return room.printers


def words(page: PrintPreviewPage) -> str:
    looks.settle()
    return "\n".join(label.text() for label in page._choices.findChildren(QLabel) if label.isVisibleTo(page))


def test_a_blank_form_is_printed_by_keyboard_alone(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, "F-50")
    qtbot.waitUntil(lambda: window._search.palette.isVisible() and bool(window._search._actions), timeout=20_000)
    looks.settle()
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.page().key == "print_preview")
    page = window.page()
    assert isinstance(page, PrintPreviewPage)
    qtbot.waitUntil(page._choices.is_ready, timeout=20_000)
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(printers_of(room).printed), timeout=20_000)
    pdf, order = printers_of(room).printed[0]
    assert (order.printer, order.copies, order.job_name) == ("room", 1, "F-50")
    assert "青禾市示例中学" in bare(text_of(pdf))
    assert log_of(opened).total == 0, "a blank form holds nothing"


def test_ctrl_p_before_the_printers_are_known_prints_once_they_are(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    printers_of(room).slow.clear()
    window.go_to("print_preview", {"form": "F-06"})
    page = window.page()
    assert isinstance(page, PrintPreviewPage)
    looks.settle()
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    looks.settle()
    assert not page._choices.is_ready()
    assert not printers_of(room).printed
    printers_of(room).slow.set()
    qtbot.waitUntil(lambda: bool(printers_of(room).printed), timeout=20_000)
    qtbot.waitUntil(page._choices.is_ready, timeout=20_000)
    looks.settle()
    assert len(printers_of(room).printed) == 1


def test_two_copies_have_two_numbers_and_the_queue_no_name(opened: Opened, qtbot: QtBot) -> None:
    _window, room, _world = opened
    page, _referral_id = of_referral(opened, qtbot)
    page._choices._copies.setCurrentIndex(1)
    QTest.keyClick(opened[0], Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(printers_of(room).printed) == 2, timeout=20_000)
    texts = [bare(text_of(pdf)) for pdf, _order in printers_of(room).printed]
    assert "第1份共2份" in texts[0]
    assert "第2份共2份" in texts[1]
    assert not any(name in order.job_name for name in NAMES for _pdf, order in printers_of(room).printed)
    lines = log_of(opened).lines
    assert [(line.copy_no, line.state, line.recipient, line.purpose) for line in lines] == [
        (2, PrintState.PRINTED, "医疗机构", "转介就诊"),
        (1, PrintState.PRINTED, "医疗机构", "转介就诊"),
    ]


def test_what_is_printed_is_what_the_service_makes(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    page, referral_id = of_referral(opened, qtbot)
    shown = page._sheet
    assert shown is not None
    page._choices._purpose.setFocus()
    QTest.keyClick(page._choices._purpose, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(printers_of(room).printed), timeout=20_000)
    assert printers_of(room).printed[0][0] == shown.pdf
    request = PrintRequest("F-50", referral_id, Audience.HOSPITAL)
    again = done(opened, lambda: print_form(world.me, world.desk, request)).value
    assert again.copy_no == 2


def test_a_printer_that_does_not_respond_voids_the_number(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    page, _referral_id = of_referral(opened, qtbot)
    printers_of(room).failure = not_responding()
    page._choices.print_wanted.emit()
    qtbot.waitUntil(lambda: bool(window.page().banner_text()), timeout=20_000)
    assert "打印机没有响应" in window.page().banner_text()
    assert "第 1 份的份号已作废" in window.page().banner_text()
    assert [line.state for line in log_of(opened).lines] == [PrintState.VOIDED]
    qtbot.waitUntil(page._choices.is_ready, timeout=20_000)
    printers_of(room).failure = None
    page._choices.print_wanted.emit()
    qtbot.waitUntil(lambda: bool(printers_of(room).printed), timeout=20_000)
    assert "第2份" in bare(text_of(printers_of(room).printed[0][0]))


def test_the_reader_decides_what_is_on_the_page(opened: Opened, qtbot: QtBot) -> None:
    page, _referral_id = of_referral(opened, qtbot, supervisor_opinion="同意转介并跟进")
    assert page._sheet is not None
    assert "同意转介并跟进" not in bare(text_of(page._sheet.pdf))
    before = page._sheet
    page._choices._audience.setCurrentIndex(page._choices._audience.findData("room"))
    qtbot.waitUntil(lambda: page._sheet is not before, timeout=20_000)
    assert page._sheet is not None
    assert "同意转介并跟进" in bare(text_of(page._sheet.pdf))
    assert page._choices.recipient() == "本校心理辅导室"


def test_session_text_is_unticked_and_needs_the_director(opened: Opened, qtbot: QtBot) -> None:
    world = opened[2]
    page, _referral_id = of_referral(opened, qtbot, session_excerpt="他说睡不着")
    box = page._choices._boxes["session_excerpt"]
    assert (box.isChecked(), box.isEnabled()) == (False, False)
    assert "需中心主任同意" in words(page)

    def agree() -> str:
        referral_id = world.referral(session_excerpt="他说睡不着")
        referrals.approve_excerpt(world.me, world.desk, referral_id)
        referrals.issue_referral(world.me, world.desk, referral_id)
        return referral_id

    agreed = done(opened, agree)
    page = preview(opened, qtbot, form="F-50", entity="referral", entity_id=agreed)
    looks.settle()
    box = page._choices._boxes["session_excerpt"]
    before = page._sheet
    box.click()
    qtbot.waitUntil(lambda: page._sheet is not before, timeout=20_000)
    assert page._sheet is not None
    assert "他说睡不着" in bare(text_of(page._sheet.pdf))


def test_the_checks_name_signatures_blanks_and_other_students(opened: Opened, qtbot: QtBot) -> None:
    page, _referral_id = of_referral(opened, qtbot, reason=f"与{NAMES[2]}争吵")
    said = words(page)
    assert "打印后手签" in said
    assert "打印后加盖" in said
    assert "处留白" in said
    assert f"“转介原因”里写到其他学生：{NAMES[2]}" in said
    assert page._paper._marks, "places to sign are marked on the screen"


def test_the_page_is_covered_while_names_are_masked(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    page, _referral_id = of_referral(opened, qtbot, reason=f"与{NAMES[2]}争吵")
    QTest.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: not page._paper.has_page())
    assert "遮名时页面被盖住" in page._paper._words
    assert NAMES[2] not in words(page)
    QTest.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(page._paper.has_page, timeout=20_000)


def test_the_paper_is_white_in_the_dark(opened: Opened, qtbot: QtBot, icons: Icons) -> None:
    from counselroom.ui.theme.tokens import Mode

    icons.theme.set_mode(Mode.DARK)
    page = preview(opened, qtbot, form="F-50")
    qtbot.waitUntil(lambda: page._paper.has_page())
    paper = page._paper.paper().toRect()
    assert looks.colour_at(page._paper.viewport(), paper.left() + 6, paper.top() + 6) == "#ffffff"
    assert looks.colour_at(page._paper.viewport(), 4, paper.top() + 40) != "#ffffff"


def test_zoom_keys_zoom_the_page_and_not_the_text(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    page = preview(opened, qtbot, form="F-19")
    whole = page._paper.scale()
    QTest.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    larger = page._paper.scale()
    assert larger > whole
    QTest.keyClick(window, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert page._paper.scale() < larger
    QTest.keyClick(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert page._paper.scale() == whole
    assert room.icons.theme.scale is TextScale.STANDARD


def test_pages_are_turned(opened: Opened, qtbot: QtBot) -> None:
    page = preview(opened, qtbot, form="F-19")
    assert page._bar._pages.text() == "1 / 2"
    page._paper.setFocus()
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier)
    page._paper.keyPressEvent(key)
    qtbot.waitUntil(lambda: page._bar._pages.text() == "2 / 2")
    page._bar._back.click()
    qtbot.waitUntil(lambda: page._bar._pages.text() == "1 / 2")


def test_a_filled_form_is_saved_with_a_reason_and_logged(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    window, room, world = opened
    page, _referral_id = of_referral(opened, qtbot)
    assert isinstance(room.files, HandFiles)
    room.files.answers = [tmp_path / "out.pdf"]
    page._choices.save_wanted.emit()
    dialog = window.dialogs.dialog
    assert isinstance(dialog, SavePdfDialog)
    assert not any(name in str(dialog.arguments["file_name"]) for name in NAMES)
    dialog._act.click()
    assert dialog._field.error() == "请写明理由。"
    assert not (tmp_path / "out.pdf").exists()
    dialog._reason.insert("U 盘带去医院")
    dialog._act.click()
    qtbot.waitUntil(lambda: window.dialogs.dialog is None, timeout=20_000)
    assert "第1份" in bare(text_of((tmp_path / "out.pdf").read_bytes()))
    (line,) = log_of(opened).lines
    assert line.state is PrintState.SAVED
    assert any(each.reason == "U 盘带去医院" and each.action == "print" for each in done(opened, world.audit))


def test_a_file_that_cannot_be_written_voids_the_number(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    window, room, _world = opened
    page, _referral_id = of_referral(opened, qtbot)
    assert isinstance(room.files, HandFiles)
    room.files.answers = [tmp_path / "no folder" / "out.pdf"]
    page._choices.save_wanted.emit()
    dialog = window.dialogs.dialog
    assert isinstance(dialog, SavePdfDialog)
    dialog._reason.insert("带走")
    dialog._act.click()
    qtbot.waitUntil(lambda: dialog._act.isEnabled(), timeout=20_000)
    assert "没有写成" in "".join(label.text() for label in dialog.findChildren(QLabel))
    assert [line.state for line in log_of(opened).lines] == [PrintState.VOIDED]
    dialog.finish()


def test_a_blank_form_is_saved_without_a_question(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    window, room, _world = opened
    page = preview(opened, qtbot, form="F-06")
    assert isinstance(room.files, HandFiles)
    room.files.answers = [tmp_path / "F-06.pdf"]
    page._choices.save_wanted.emit()
    qtbot.waitUntil(lambda: (tmp_path / "F-06.pdf").exists(), timeout=20_000)
    assert window.dialogs.dialog is None
    saved = (tmp_path / "F-06.pdf").read_bytes()
    assert len(page_sizes(saved)) == len(page_sizes(print_blank("F-06")))
    assert log_of(opened).total == 0


def test_without_a_printer_a_pdf_is_offered(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    printers_of(room).printers = ()
    window.go_to("print_preview", {"form": "F-06"})
    page = window.page()
    assert isinstance(page, PrintPreviewPage)
    qtbot.waitUntil(lambda: page._choices._save.isEnabled(), timeout=20_000)
    assert not page._choices.is_ready()
    assert "没有打印机，可以导出 PDF" in words(page)


def test_a_stopped_printer_is_said(opened: Opened, qtbot: QtBot) -> None:
    _window, room, _world = opened
    printers_of(room).printers = (
        Printer("one", "一楼", is_default=True),
        Printer("two", "二楼", is_ready=False),
    )
    page = preview(opened, qtbot, form="F-06")
    page._choices._printer.setCurrentIndex(1)
    assert "不能打印" in page._choices._printer_field.error()


def test_a_record_of_somebody_else_asks_the_director_for_a_reason(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    note = done(opened, lambda: world.note("一段会谈", world.colleague))
    window.go_to("print_preview", {"form": "F-11", "entity": "session_record", "entity_id": note})
    page = window.page()
    assert isinstance(page, PrintPreviewPage)
    qtbot.waitUntil(lambda: "理由" in page._paper._words or page._choices._reason_field.isVisible(), timeout=20_000)
    assert not page._choices.is_ready()
    page._choices._reason.insert("抽查记录")
    QTest.keyClick(page._choices._reason, Qt.Key.Key_Return)
    qtbot.waitUntil(page._choices.is_ready, timeout=20_000)
    page._choices.print_wanted.emit()
    qtbot.waitUntil(lambda: bool(printers_of(room).printed), timeout=20_000)
    assert any(line.action == "print" and line.reason == "抽查记录" for line in done(opened, world.audit))


def test_another_sheet_of_the_same_student_is_one_click_away(opened: Opened, qtbot: QtBot) -> None:
    world = opened[2]
    done(opened, world.card)
    page, _referral_id = of_referral(opened, qtbot)
    titles = [page._offers.list.item(row).text() for row in range(page._offers.list.count())]
    assert [title.split("\n")[0] for title in titles] == [
        "学生心理健康档案卡",
        "心理档案卷首页与卷内目录",
        "学生心理转介单",
    ]
    page._offers.list.setCurrentRow(0)
    qtbot.waitUntil(lambda: page._sheet is not None and len(page._sizes) == 2, timeout=20_000)
    assert page.state()["form"] == "F-19"


def test_only_the_newest_drawing_is_shown(opened: Opened, qtbot: QtBot) -> None:
    """A drawing that was overtaken by another choice does not come back over it."""
    _window, room, _world = opened
    page, _referral_id = of_referral(opened, qtbot)
    hold = threading.Event()
    room.tasks.job(lambda _job: hold.wait(5), lambda _done: None, reads=False)
    page._choices._recipient.setText("甲医院")
    page._draw()
    page._choices._recipient.setText("乙医院")
    page._draw()
    seen = []
    original = page._choices.show_sheet
    page._choices.show_sheet = lambda sheet, face: (seen.append(bare(text_of(sheet.pdf))), original(sheet, face))  # type: ignore[method-assign, assignment, func-returns-value]
    hold.set()
    qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    looks.settle()
    assert len(seen) == 1
    assert "乙医院" in seen[0]


def test_the_whole_set_is_printed_each_copy_for_its_reader(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    agreed = done(opened, lambda: world.referral(supervisor_opinion="同意转介并跟进"))
    done(opened, lambda: referrals.issue_referral(world.me, world.desk, agreed))
    page = preview(opened, qtbot, form="F-50", entity="referral", entity_id=agreed)
    assert page._choices._set.isVisible()
    page._choices._set.setChecked(True)
    page._choices.print_wanted.emit()
    qtbot.waitUntil(lambda: len(printers_of(room).printed) == 3, timeout=20_000)
    texts = [bare(text_of(pdf)) for pdf, _order in printers_of(room).printed]
    for text, label in zip(texts, ("第一联交接收机构", "第二联交监护人", "第三联本校存档"), strict=True):
        assert label in text
    assert ["同意转介并跟进" in text for text in texts] == [False, False, True]
    lines = log_of(opened).lines
    assert sorted(line.recipient for line in lines) == ["医疗机构", "本校心理辅导室", "监护人"]
    assert sorted(line.copy_no for line in lines) == [1, 2, 3]
    looks.settle()
    assert looks.cut_texts(page._choices) == []


def test_no_picture_is_kept_of_a_page_that_nobody_sees(opened: Opened, qtbot: QtBot) -> None:
    page = preview(opened, qtbot, form="F-06")
    size = page._paper.size()
    opened[0].go_to("today")
    assert not page._paper.has_page()
    opened[0].go_to("print_preview")
    qtbot.waitUntil(page._paper.has_page, timeout=20_000)
    assert page._paper.size() == size
