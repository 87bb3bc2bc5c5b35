"""The record page: what it shows, what F8 covers, what opening leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from counselroom.rules.people import SpecialGroup, StudentStatus
from counselroom.services import cases, sessions, students
from counselroom.ui.dialogs.attachment_view import AttachmentDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.student_record import StudentRecordPage
from counselroom.ui.record.number_button import NumberButton, covered
from counselroom.ui.record.timeline_model import TimelineRole
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode, TextScale
from counselroom.ui.widgets.question import Question
from tests.conftest import HandClock
from tests.services.care_support import confirmed, proposed
from tests.services.world import World
from tests.ui import looks
from tests.ui.rooms import window_on

T = TypeVar("T")
Opened = tuple[MainWindow, Room, World]
LATIN = looks.KNOWN_LATIN | {"QH", "DA", "GA", "ZJ", "pdf", "png"}
"""Codes of numbers, and endings of file names."""


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        yield parts


def filled(world: World) -> str:
    """Give the first student something of every kind and return the id of the signed note."""
    note = world.note("睡眠由五小时回到六小时半，能连续三天完成晨读。谈到月考前的紧张，练习了呼吸。" * 2)
    sessions.amend_note(world.me, world.desk, note, "三天更正为两天", "学生自述")
    world.consent()
    world.card()
    world.referral()
    groups = frozenset({SpecialGroup.LEFT_BEHIND, SpecialGroup.SINGLE_PARENT, SpecialGroup.OTHER})
    students.set_special_groups(world.me, world.desk, world.students[0], groups, world.clock.now().date())
    return note


def on_lane(room: Room, work: Callable[[], T]) -> T:
    """Do something with the vault on the lane that has its connection, and wait for it."""
    return room.tasks.change(work).result(30)


def open_record(opened: Opened, qtbot: QtBot, student: int = 0, **more: str) -> StudentRecordPage:
    window, _room, world = opened
    window.go_to("student_record", {"student": world.students[student], **more})
    page = window.page()
    assert isinstance(page, StudentRecordPage)
    qtbot.waitUntil(lambda: page._record is not None, timeout=10_000)
    looks.settle()
    return page


def spoken(page: StudentRecordPage) -> str:
    model = page._timeline.model
    return "\n".join(str(model.index(row).data()) for row in range(model.rowCount()))


def readings(room: Room, world: World) -> int:
    """Return how often a student's record was opened so far, asked on the lane that is free for it."""
    lines = on_lane(room, world.audit)
    return sum(line.entity == "student" and line.action == "read" for line in lines)


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_it_looks_right(opened: Opened, qtbot: QtBot, theme: Theme, mode: Mode) -> None:
    window, room, world = opened
    on_lane(room, lambda: filled(world))
    theme.set_mode(mode)
    found = []
    for width, height in looks.SIZES:
        window.resize(width, height)
        tabs = ("timeline", "sessions", "files", "accesses") + (("facts", "open") if width < 1200 else ())
        for tab in tabs:
            open_record(opened, qtbot, tab=tab)
            found += [f"{width} {tab}: {fault}" for fault in looks.faults(window, LATIN)]
    theme.set_scale(TextScale.LARGEST)
    window.resize(1440, 900)
    open_record(opened, qtbot)
    found += [f"largest: {fault}" for fault in looks.faults(window, LATIN)]
    assert found == []


def test_opened_on_purpose_it_shows_names_and_f8_covers_them(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    on_lane(room, lambda: filled(world))
    page = open_record(opened, qtbot)
    assert page.header.title() == "欧阳若曦"
    assert "练习了呼吸" in spoken(page)
    assert "三天更正为两天" in spoken(page)
    room.masking.toggle(page.key)
    assert page.header.title() == "欧阳同学"
    assert "练习了呼吸" not in spoken(page)
    assert "三天更正为两天" not in spoken(page)
    texts = [looks.text_of(widget) for widget in looks.shown(window)] + [w.toolTip() for w in looks.shown(window)]
    assert not any("若曦" in text or "20250301" in text or "2012" in text for text in texts)


def test_after_a_lock_it_is_covered_at_the_same_place(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    _window, room, world = opened
    note = on_lane(room, lambda: filled(world))
    page = open_record(opened, qtbot)
    page._timeline.list.setCurrentIndex(page._timeline.model.index(page._timeline.model.row_of(note)))
    kept = page.state()
    assert kept["entry"] == note
    again = StudentRecordPage(room, "again")  # a place that nobody opened on purpose
    qtbot.addWidget(again)
    again.restore(kept)
    qtbot.waitUntil(lambda: again._record is not None)
    assert again.header.title() == "欧阳同学"
    assert again.state() == kept


def test_a_number_is_shown_while_it_is_pressed(opened: Opened, qtbot: QtBot) -> None:
    page = open_record(opened, qtbot)
    button = next(button for button in page.findChildren(NumberButton) if button.accessibleName().startswith("父亲"))
    assert button.text() == covered("13811112222") == "138****2222"
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    assert button.text() == "13811112222"
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert button.text() == "138****2222"
    assert covered("110") == "1****10"


def test_pills_choose_kinds(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    on_lane(room, lambda: filled(world))
    page = open_record(opened, qtbot)
    whole = page._timeline.model.rowCount()
    page._timeline.pills["referrals"].click()
    assert page._timeline.model.rowCount() == 2  # the term and the referral
    assert page.state()["group"] == "referrals"
    assert not page._timeline.pills["registers"].isVisible()
    page._timeline.pills["all"].click()
    assert page._timeline.model.rowCount() == whole


def test_a_restricted_case_is_not_on_a_colleagues_page(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    note = on_lane(room, lambda: filled(world))
    (case,) = on_lane(room, lambda: world.sql("SELECT case_id FROM session_record WHERE id = :note", note=note))[0]
    page = open_record(opened, qtbot)
    assert "睡眠" in spoken(page)
    on_lane(room, lambda: cases.restrict_case(world.me, world.desk, case, restricted=True))
    object.__setattr__(page.room, "actor", world.colleague)
    page._reload()
    qtbot.waitUntil(lambda: "睡眠" not in spoken(page))
    assert "GA-" not in spoken(page)


def test_it_reads_again_only_when_it_is_seen(opened: Opened, qtbot: QtBot) -> None:
    """Every reading leaves a trace, so none is done for nobody."""
    window, room, world = opened
    page = open_record(opened, qtbot)
    window.go_to("settings")
    before = readings(room, world)
    room.tasks.change(lambda: students.set_status(world.me, world.desk, world.students[0], StudentStatus.ON_LEAVE))
    qtbot.waitUntil(lambda: page._is_stale)
    looks.settle()
    assert readings(room, world) == before
    window.go_to("student_record")
    qtbot.waitUntil(lambda: page._record is not None and page._record.view.status is StudentStatus.ON_LEAVE)


def test_accesses_tell_who_opened_it(opened: Opened, qtbot: QtBot) -> None:
    page = open_record(opened, qtbot, tab="accesses")
    model = page._accesses.model()
    row = [model.index(0, column).data() for column in range(model.columnCount())]
    assert row[1:4] == ["林老师", "打开", "本档案"]


def test_a_file_is_attached_and_the_original_deleted_on_demand(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    window, room, world = opened
    page = open_record(opened, qtbot)
    plain = tmp_path / "记录卡.pdf"
    plain.write_bytes(b"%PDF-1.4\n" + b"x" * 300)
    room.files.answers.append(plain)  # type: ignore[attr-defined]
    page.attach()
    qtbot.waitUntil(lambda: bool(window.findChildren(Question)), timeout=5000)
    (question,) = window.findChildren(Question)
    assert plain.exists()
    question.act_button.click()
    qtbot.waitUntil(lambda: not plain.exists())
    qtbot.waitUntil(lambda: "记录卡.pdf" in spoken(page))
    page._open_key(next(entry.entity_id for entry in page._record.timeline.entries if entry.number == "记录卡.pdf"))
    (dialog,) = window.findChildren(AttachmentDialog)
    qtbot.waitUntil(lambda: "不能" in dialog._words.text() or "程序" in dialog._words.text(), timeout=5000)
    dialog.reject()
    del world


def test_a_picture_is_shown_from_memory(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    from PIL import Image

    from counselroom.services.attachments import attach_file

    window, room, world = opened
    Image.new("RGB", (300, 200), "#206C5D").save(tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    on_lane(room, lambda: attach_file(world.me, world.desk, "student", world.students[0], "扫描.png", data))
    page = open_record(opened, qtbot)
    page._open_key(next(entry.entity_id for entry in page._record.timeline.entries if entry.number == "扫描.png"))
    (dialog,) = window.findChildren(AttachmentDialog)
    qtbot.waitUntil(lambda: bool(dialog._pictures))
    looks.settle()
    assert looks.faults(dialog, LATIN) == []
    assert dialog._pictures[0][0].pixmap().toImage().pixelColor(40, 40).name() == "#206c5d"
    dialog.reject()


def test_recordings_are_only_listed(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    dialog = AttachmentDialog(room, "0" * 32, "录音.mp3", "audio/mpeg", window)
    qtbot.addWidget(dialog)
    assert "录音" in dialog._words.text()
    assert not any(
        isinstance(part, QAbstractButton) and part is not dialog.close_button for part in looks.shown(dialog)
    )


def test_an_unknown_student_is_said_and_the_page_stays_usable(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    window.go_to("student_record", {"student": "0" * 32})
    qtbot.waitUntil(lambda: "没有这名学生" in window.page().banner_text())
    assert looks.faults(window) == []


def test_heads_of_terms_are_passed_over_by_the_keyboard(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    on_lane(room, lambda: filled(world))
    page = open_record(opened, qtbot)
    page._timeline.list.setFocus()
    QTest.keyClick(page._timeline.list, Qt.Key.Key_Down)
    assert page._timeline.list.currentIndex().data(TimelineRole.ENTRY) is not None


def wanted(opened: Opened) -> list[tuple[str, dict[str, str]]]:
    """Catch what is opened from the record instead of opening it."""
    window, room, _world = opened
    found: list[tuple[str, dict[str, str]]] = []
    room.ways.page_wanted.disconnect(window.go_to)
    room.ways.dialog_wanted.disconnect(window.dialogs.open)
    room.ways.page_wanted.connect(lambda key, arguments: found.append((key, arguments)))
    room.ways.dialog_wanted.connect(lambda key, arguments: found.append((key, arguments)))
    return found


def test_enter_leads_to_the_page_of_the_row(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    note = on_lane(room, lambda: filled(world))
    tier = on_lane(room, lambda: proposed(world)).id
    page = open_record(opened, qtbot)
    found = wanted(opened)
    for row in range(page._timeline.model.rowCount()):
        index = page._timeline.model.index(row)
        if index.data(TimelineRole.ENTRY) is not None:
            page._timeline.list.setCurrentIndex(index)
            QTest.keyClick(page._timeline.list, Qt.Key.Key_Return)
    keys = {key for key, _arguments in found}
    assert keys == {"note", "case", "consent", "archive", "referral", "decide_tier"}
    arguments = dict(found)
    assert arguments["note"] == {"session": note}
    assert arguments["decide_tier"] == {"tier": tier, "place": "student_record"}
    assert arguments["archive"]["student"] == world.students[0]


def test_what_can_be_done_from_the_record(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    page = open_record(opened, qtbot)
    found = wanted(opened)
    page._actions.note_button.click()
    page._actions.book_button.click()
    for action in page._actions.menu.actions():
        action.trigger()
    assert [key for key, _arguments in found] == [
        "open_case", "appointment", "propose_tier", "add_task", "consent", "archive", "referral", "assessment",
        "start_crisis", "student_status",
    ]  # fmt: skip
    assert {arguments["student"] for _key, arguments in found} == {world.students[0]}
    case = on_lane(room, world.case)
    page._reload()
    qtbot.waitUntil(lambda: any(entry.entity_id == case for entry in page._entries()))
    page._actions.note_button.click()
    assert found[-1] == ("note", {"case": case})


def test_the_tier_and_what_is_open_stand_in_the_record(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    on_lane(room, lambda: confirmed(world))
    page = open_record(opened, qtbot)
    assert [chip.text() for chip in page.header._chips] == ["重点干预"]
    panel = page._open.care
    texts = [label.text() for label in panel.findChildren(QLabel)]
    assert "到宿舍了解情况" in texts
    found = wanted(opened)
    next(button for button in panel.findChildren(QAbstractButton) if button.text() == "完成").click()
    assert found[0][0] == "task_done"
    room.masking.toggle(page.key)
    assert page.header._chips[0].face().shape_only
