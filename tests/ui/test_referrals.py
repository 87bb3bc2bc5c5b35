"""The list of referrals: filters, what presses, the next step of each row, masked names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from counselroom.rules.referral import ReferralUrgency, Standing
from counselroom.services import referrals
from counselroom.ui.dialogs.new_referral import NewReferralDialog
from counselroom.ui.dialogs.referral_feedback import ReferralFeedbackDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.referrals import ACTION, STANDING, STUDENT, TO, ReferralsPage
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from tests.conftest import HandClock
from tests.services.world import NAMES, World
from tests.ui.rooms import window_on
from tests.ui.test_every_page import rest

Opened = tuple[MainWindow, Room, World]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        yield parts


def page_of(opened: Opened, qtbot: QtBot) -> ReferralsPage:
    window, room, _world = opened
    QTest.keyClick(window, Qt.Key.Key_7, Qt.KeyboardModifier.AltModifier)
    rest(room, qtbot)
    page = window.page()
    assert isinstance(page, ReferralsPage)
    return page


def column(page: ReferralsPage, number: int) -> list[str]:
    return [page.model.index(row, number).data() for row in range(page.model.rowCount())]


def three(world: World) -> list[str]:
    """Return ids of one without a reply, one that waits, one draft."""
    late = referrals.issue_referral(world.me, world.desk, world.referral()).value.id
    world.clock.moment += timedelta(days=9)
    waits = referrals.issue_referral(world.me, world.desk, world.referral(student_id=world.students[1])).value.id
    return [late, waits, world.referral(student_id=world.students[2])]


def test_an_empty_list_says_where_a_referral_begins(opened: Opened, qtbot: QtBot) -> None:
    page = page_of(opened, qtbot)
    assert page.table.isHidden()
    assert "还没有转介" in page._empty._sentence.text()


def test_a_new_referral_asks_for_the_student_by_initials(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    page = page_of(opened, qtbot)
    page._empty_button.click()
    rest(room, qtbot)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, NewReferralDialog)
    dialog.go_on()
    dialog.first().setText("周校外")  # type: ignore[attr-defined]  # a line
    dialog._who._typed("周校外")
    rest(room, qtbot)
    dialog._who._take_item(dialog._who.list.item(0))  # a parent, whom nobody refers
    dialog.go_on()
    assert window.dialogs.dialog is dialog
    assert dialog._who.field.error() == "请选择名册里的一位学生。"
    line = dialog._who.line
    line.clear()
    QTest.keyClicks(line, "zxm")
    rest(room, qtbot)
    QTest.keyClick(line, Qt.Key.Key_Return)
    rest(room, qtbot)
    assert window.dialogs.dialog is None
    assert window.page().key == "referral"
    assert window.page().state()["student"] == world.students[2]


def test_rows_filters_and_masking(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    three(world)
    page = page_of(opened, qtbot)
    assert column(page, STANDING) == ["未反馈 9 天", "待就诊", "草稿"]
    assert column(page, ACTION) == ["登记回执", "登记回执", "继续填写"]
    assert NAMES[0] not in column(page, STUDENT)
    assert "青禾市第三医院" not in column(page, TO)
    room.masking.toggle("referrals")
    assert column(page, STUDENT)[0] == NAMES[0]
    assert column(page, TO)[0] == "青禾市第三医院"
    page.pills[Standing.WAITING.value].click()
    assert column(page, STANDING) == ["待就诊"]
    page.search.setText("没有这样的")
    assert page.table.isHidden()
    page._empty_button.click()
    page.pills["all"].click()
    page.search.setText(NAMES[2])
    assert column(page, STANDING) == ["草稿"]


def test_the_next_step_is_one_key(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    three(world)
    page = page_of(opened, qtbot)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(room, qtbot)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, ReferralFeedbackDialog)
    dialog.advice.setPlainText("门诊随访")
    dialog.save_button.click()
    rest(room, qtbot)
    assert column(page, STANDING)[-1] == "已反馈"
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    rest(room, qtbot)
    assert window.page().key == "referral"


def test_an_emergency_that_lacks_something_stands_first(opened: Opened, qtbot: QtBot) -> None:
    _window, _room, world = opened
    three(world)
    data = {"urgency": ReferralUrgency.EMERGENCY, "emergency_basis": "有自伤计划", "supervisor_opinion": None}
    referrals.issue_referral(world.me, world.desk, world.referral(**data))
    page = page_of(opened, qtbot)
    assert column(page, STANDING)[0].startswith("补材料 剩 ")
    assert column(page, ACTION)[0] == "补齐材料"
