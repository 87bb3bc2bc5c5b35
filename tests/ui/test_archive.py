"""The archive of one student in the window: its card typed in, kept, filed, corrected; the index of the volume."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from counselroom.rules.archive import FamilyStructure
from counselroom.services import archives
from counselroom.services.archive_index import Volume, volume
from counselroom.services.card_fields import card_of
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.archive import ArchivePage
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.question import Question
from tests.conftest import HandClock
from tests.services.test_archives import FULL
from tests.services.world import World
from tests.ui.rooms import alone, window_on

Opened = tuple[MainWindow, Room, World]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        yield parts


def page_of(opened: Opened, qtbot: QtBot, student: int = 0, **more: str) -> ArchivePage:
    window, _room, world = opened
    window.go_to("archive", {"student": world.students[student], **more})
    page = window.page()
    assert isinstance(page, ArchivePage)
    qtbot.waitUntil(lambda: page._volume is not None and page._volume.student_id == world.students[student])
    return page


def stored(opened: Opened, student: int = 0) -> Volume:
    _window, room, world = opened
    return alone(room, lambda: volume(world.me, world.desk, world.students[student]))


def press(root: QWidget, words: str) -> None:
    buttons = (button for button in root.findChildren(QAbstractButton) if button.isVisible())
    next(button for button in buttons if button.text() == words).click()


def form(opened: Opened, qtbot: QtBot) -> FormDialog:
    window, _room, _world = opened
    qtbot.waitUntil(lambda: window.dialogs.dialog is not None)
    found = window.dialogs.dialog
    assert isinstance(found, FormDialog)
    qtbot.waitUntil(lambda: bool(found.about.text()))
    return found


def answer(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(Question)))
    next(each for each in window.findChildren(Question) if each.isVisible()).act_button.click()


def test_an_archive_is_opened_and_its_card_typed_in_and_filed(opened: Opened, qtbot: QtBot) -> None:
    _window, room, _world = opened
    page = page_of(opened, qtbot)
    page._reasons.set_value("census")
    press(page, "建档")
    qtbot.waitUntil(lambda: page._volume is not None and page._volume.archive is not None)
    assert "QH-2026-2027-DA-0001" in page.header._meta.text()
    line = page.form.findChild(QLineEdit)
    assert line is not None
    line.setFocus()
    QTest.keyClicks(line, "mother")
    page.form._editors["family_structure"].set_value(FamilyStructure.SINGLE.value)
    press(page.header, "保存")
    qtbot.waitUntil(lambda: stored(opened).card is not None)
    card = stored(opened).card
    assert card is not None
    assert card.data.family_members[0].relation == "mother"
    assert card.data.family_structure is FamilyStructure.SINGLE
    page.form._editors["interests"].set_value("画画")
    page._form_changed()
    press(page.header, "入卷")
    answer(opened, qtbot)
    qtbot.waitUntil(
        lambda: page._volume is not None and page._volume.card is not None and not page._save_button.isVisible()
    )
    card = stored(opened).card
    assert card is not None
    assert card.data.interests == "画画"
    assert card.filed_at is not None
    assert page.form.fields["interests"].editor.isReadOnly()
    press(page.header, "更正")
    dialog = form(opened, qtbot)
    press(dialog, "追加更正")
    assert dialog.fields["text"].error()
    dialog.restore({"text": "另有妹妹一人", "reason": "家长补充"})
    press(dialog, "追加更正")
    qtbot.waitUntil(lambda: "另有妹妹一人" in page._corrections.text())
    assert [item.data.title for item in stored(opened).lines] == ["心理档案卡"]
    del room


def test_what_was_typed_is_kept_over_a_lock_and_when_the_page_is_left(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    alone(room, lambda: world.card(FULL))
    page = page_of(opened, qtbot)
    qtbot.waitUntil(lambda: page.form.answers()["interests"] == "画画")
    page.form._editors["interests"].set_value("画画、长跑")
    page._form_changed()
    kept = page.state()
    again = ArchivePage(room, "again")
    qtbot.addWidget(again)
    again.restore(kept)
    qtbot.waitUntil(lambda: again._is_touched)
    assert card_of(again.form.answers()) == replace(FULL, interests="画画、长跑")
    again._is_touched = False
    window.go_to("students")
    qtbot.waitUntil(lambda: (found := stored(opened).card) is not None and found.data.interests == "画画、长跑")


def test_a_day_that_is_none_is_said_and_nothing_is_stored(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    alone(room, lambda: world.card(FULL))
    page = page_of(opened, qtbot)
    qtbot.waitUntil(lambda: page.form.answers()["interests"] == "画画")
    page.form._editors["collected_on"].set_value("九月")
    page._form_changed()
    press(page.header, "保存")
    assert page.form.fields["collected_on"].error()
    card = stored(opened).card
    assert card is not None
    assert card.data == FULL


def test_papers_are_added_changed_taken_out_and_filed(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened

    def begin() -> None:
        world.card()
        world.consent()
        world.note("睡眠好转")

    alone(room, begin)
    page = page_of(opened, qtbot, tab="index")
    qtbot.waitUntil(lambda: page.index.waiting.rowCount() == 2)
    press(page.index, "全部加入")
    qtbot.waitUntil(lambda: page.index.lines.rowCount() == 2)
    assert not page.index._below.isVisible()
    press(page.index, "添加材料")
    dialog = form(opened, qtbot)
    dialog.restore({"title": "家访记录", "pages": "x"})
    press(dialog, "加入目录")
    assert dialog.fields["pages"].error()
    dialog.restore({"pages": "3"})
    press(dialog, "加入目录")
    qtbot.waitUntil(lambda: page.index.lines.rowCount() == 3)
    assert [page.index.lines.index(row, 4).data() for row in range(3)] == ["1", "2", "3–5"]
    page.index.table.setFocus()
    page.index.table.setCurrentIndex(page.index.lines.index(2, 0))
    QTest.keyClick(page.index.table, Qt.Key.Key_Return)
    dialog = form(opened, qtbot)
    qtbot.waitUntil(lambda: dialog.text("title") == "家访记录")
    dialog.restore({"pages": "1"})
    press(dialog, "保存条目")
    qtbot.waitUntil(lambda: page.index.lines.index(2, 4).data() == "3")
    page.index.table.setCurrentIndex(page.index.lines.index(2, 0))
    press(page.index, "移出")
    qtbot.waitUntil(lambda: page.index.lines.rowCount() == 2)
    press(page.header, "入卷")
    answer(opened, qtbot)
    qtbot.waitUntil(lambda: all(line.filed_at is not None for line in stored(opened).lines))
    qtbot.waitUntil(lambda: not page._file_button.isEnabled())
    del window


def test_masked_it_shows_neither_name_nor_card(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    alone(room, lambda: world.card(FULL))
    page = page_of(opened, qtbot)
    assert page.header.title() == "欧阳若曦"
    room.masking.toggle(page.key)
    assert page.header.title() == "欧阳同学"
    assert not page.form.isVisible()
    assert "DA-0001" not in page.header._meta.text()


def test_both_papers_are_printed_from_their_view(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    card = alone(room, lambda: world.card(FULL))
    page = page_of(opened, qtbot)
    found: list[dict[str, str]] = []
    room.ways.page_wanted.disconnect(window.go_to)
    room.ways.page_wanted.connect(lambda _key, arguments: found.append(arguments))
    press(page.header, "打印")
    page._views.set_current("index")
    page._turn("index")
    press(page.header, "打印")
    assert [(each["form"], each["entity_id"]) for each in found] == [("F-19", card.id), ("F-20", card.archive_id)]


def test_an_unknown_student_is_said(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    window.go_to("archive", {"student": "none"})
    qtbot.waitUntil(lambda: "没有这名学生" in window.page().banner_text())


def test_who_may_not_write_reads_only(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    card = alone(room, lambda: world.card(FULL))
    alone(room, lambda: archives.file_card(world.archivist, world.desk, card.id))
    object.__setattr__(room, "actor", world.archivist)
    page = page_of(opened, qtbot)
    qtbot.waitUntil(lambda: page.form.answers()["interests"] == "画画")
    assert not page._save_button.isVisible()
    assert not page._correct_button.isVisible()
    assert page.form.fields["interests"].editor.isReadOnly()
    del window
