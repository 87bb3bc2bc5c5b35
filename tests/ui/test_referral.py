"""The page of a referral and its dialogs: the gate, the emergency branch, the excerpt, the reply with its scan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from counselroom.rules.counselling import ConsentKind
from counselroom.rules.referral import ConsentAnswer, ReferralState, ReferralUrgency
from counselroom.services import referrals
from counselroom.services.attachments import list_attachments
from counselroom.ui.dialogs.referral_completion import ReferralCompletionDialog
from counselroom.ui.dialogs.referral_feedback import ReferralFeedbackDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.referral import ReferralPage
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.question import Question
from tests.conftest import HandClock
from tests.services.world import World
from tests.ui import looks
from tests.ui.rooms import HandFiles, alone, window_on
from tests.ui.test_every_page import rest

Opened = tuple[MainWindow, Room, World]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        yield parts


def page_of(opened: Opened, qtbot: QtBot, **arguments: str) -> ReferralPage:
    window, room, _world = opened
    window.go_to("referral", arguments)
    rest(room, qtbot)
    page = window.page()
    assert isinstance(page, ReferralPage)
    return page


def fill(page: ReferralPage) -> None:
    page.form.lines["to_name"].setText("青禾市第三医院")
    page.form.notes["reason"].setPlainText("持续失眠")
    page.form.notes["summary"].setPlainText("近一月情绪低落")


def issue(page: ReferralPage, opened: Opened, qtbot: QtBot) -> None:
    page.issue_button.click()
    question = next(found for found in opened[0].findChildren(Question) if found.isVisible())
    question.act_button.click()
    rest(opened[1], qtbot)


def issued(world: World, **changes: Any) -> str:
    return referrals.issue_referral(world.me, world.desk, world.referral(**changes)).value.id


def emergency(world: World) -> str:
    return issued(world, urgency=ReferralUrgency.EMERGENCY, emergency_basis="有自伤计划", supervisor_opinion=None)


def test_the_gate_says_what_is_missing_and_leads_there(opened: Opened, qtbot: QtBot) -> None:
    page = page_of(opened, qtbot, student=opened[2].students[0])
    assert page.gate.links() == [
        "写接收机构",
        "写转介原因",
        "写必要摘要",
        "写督导意见",
        "记下监护人的意见",
    ]
    page.issue_button.click()
    assert page.form.lines["to_name"].hasFocus()
    fill(page)
    page.form.notes["supervisor_opinion"].setPlainText("同意转介")
    page.form.choose("guardian_consent", ConsentAnswer.REFUSED.value)
    assert page.gate.links() == ["记下监护人的意见"]
    page.form.choose("guardian_consent", ConsentAnswer.AGREED.value)
    assert page.gate.links() == []
    issue(page, opened, qtbot)
    assert page.form.isHidden()
    assert "青禾市第三医院" in page.issued_view.text()
    assert page.steps.text().startswith("转介 10月12日，就诊 等待中")
    assert not page.reply_button.isHidden()
    assert page.print_button.kind() == "primary"
    looks.settle()
    assert page.print_button.x() > page.reply_button.x()  # the primary button stands last


def test_a_consent_on_file_is_noted_with_one_button(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    page = page_of(opened, qtbot, student=world.students[0])
    wanted: list[tuple[str, object]] = []
    room.ways.dialog_wanted.disconnect()
    room.ways.dialog_wanted.connect(lambda key, arguments: wanted.append((key, arguments)))
    assert page.gate.take_button.isHidden()
    page.gate.consent_button.click()
    assert wanted == [("consent", {"student": world.students[0]})]
    alone(room, lambda: world.consent(kind=ConsentKind.GUARDIAN))
    page = page_of(opened, qtbot, student=world.students[0])
    page.gate.take_button.click()
    assert "记下监护人的意见" not in page.gate.links()
    assert page.gate.take_button.isHidden()


def test_an_emergency_goes_out_and_is_completed_in_time(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    page = page_of(opened, qtbot, student=world.students[0])
    fill(page)
    page.form.choose("urgency", ReferralUrgency.EMERGENCY.value)
    assert page.gate.links() == ["写明紧急依据"]
    page.form.notes["emergency_basis"].setPlainText("有自伤计划，当场送医")
    issue(page, opened, qtbot)
    assert "还缺材料" in page._completion.accessibleName()
    page.complete_button.click()
    rest(room, qtbot)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, ReferralCompletionDialog)
    assert dialog.fields["late"].isHidden()
    dialog.opinion.setPlainText("同意转介")
    dialog.answer.setCurrentIndex(dialog.answer.findData(ConsentAnswer.AGREED.value))
    dialog.save_button.click()
    rest(room, qtbot)
    assert window.dialogs.dialog is None
    assert page._completion.isHidden()
    assert "事后补录" in page.issued_view.text()


def test_a_late_completion_needs_its_reason(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    row = emergency(world)
    world.clock.moment += timedelta(days=4)
    window.dialogs.open("referral_completion", {"referral": row})
    rest(room, qtbot)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, ReferralCompletionDialog)
    assert not dialog.fields["late"].isHidden()
    dialog.opinion.setPlainText("同意")
    dialog.save_button.click()
    rest(room, qtbot)
    assert "理由" in dialog._error.text() or "原因" in dialog._error.text()
    dialog.late.setText("主任外出")
    dialog.save_button.click()
    rest(room, qtbot)
    assert window.dialogs.dialog is None


def test_an_excerpt_stays_until_the_director_agreed_to_its_words(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    page = page_of(opened, qtbot, student=world.students[0])
    fill(page)
    assert page.gate._excerpt.text() == "辅导记录一个字也不带出。"
    page.form.takes_excerpt.box.click()
    page.form.notes["session_excerpt"].setPlainText("学生说最近睡不着")
    assert "不会带出" in page.gate._excerpt.text()
    page.gate.approve_button.click()
    rest(room, qtbot)
    assert page.gate.approve_button.isHidden()
    row = page.state()["referral"]
    assert alone(room, lambda: referrals.referral(world.me, world.desk, row)).excerpt_approved
    page.form.notes["session_excerpt"].setPlainText("学生说最近睡不着，也不想吃饭")
    assert not page.gate.approve_button.isHidden()


def test_what_is_not_whole_is_kept_as_a_draft_of_the_student(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    page = page_of(opened, qtbot, student=world.students[0])
    page.form.notes["reason"].setPlainText("持续失眠")
    window.go_to("students")
    rest(room, qtbot)
    assert alone(room, lambda: world.sql("SELECT count(*) FROM referral")) == [(0,)]
    page = page_of(opened, qtbot, student=world.students[1])
    assert page.form.notes["reason"].toPlainText() == ""
    page = page_of(opened, qtbot, student=world.students[0])
    assert page.form.notes["reason"].toPlainText() == "持续失眠"
    fill(page)
    window.go_to("students")
    rest(room, qtbot)
    assert alone(room, lambda: world.sql("SELECT state FROM referral")) == [("assessed",)]
    assert page_of(opened, qtbot, student=world.students[0]).form.lines["to_name"].text() == ""


def test_a_reply_is_recorded_with_its_scan(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    window, room, world = opened
    row = issued(world)
    scan = tmp_path / "回执.pdf"
    scan.write_bytes(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    assert isinstance(room.files, HandFiles)
    room.files.answers.append(scan)
    page = page_of(opened, qtbot, referral=row)
    page.reply_button.click()
    rest(room, qtbot)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, ReferralFeedbackDialog)
    assert dialog.institution.text() == "青禾市第三医院"
    dialog.save_button.click()
    assert dialog.fields["advice"].error()
    dialog.days["seen_on"].setText("2026-10-11")
    dialog.days["next_visit_on"].setText("2026-10-26")
    dialog.kind.setCurrentText("门诊随访")
    dialog.attendance.setCurrentText("可在校并定期复诊")
    dialog.advice.setPlainText("每两周复诊")
    dialog.attach_button.click()
    dialog.save_button.click()
    rest(room, qtbot)
    assert window.dialogs.dialog is None
    assert "门诊随访。每两周复诊" in page.issued_view.text()
    assert "就诊 10月11日，反馈 10月12日" in page.steps.text()
    assert page.reply_button.isHidden()
    view = alone(room, lambda: referrals.referral(world.me, world.desk, row))
    assert view.state is ReferralState.FEEDBACK_RECEIVED
    kept = alone(room, lambda: list_attachments(world.me, world.desk, "referral", row))
    assert [one.name for one in kept] == ["回执.pdf"]
    assert "附件 1 个" in page.header._meta.text()


def test_a_scan_that_is_gone_leaves_nothing_half_recorded(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    window, room, world = opened
    row = issued(world)
    window.dialogs.open("referral_feedback", {"referral": row})
    rest(room, qtbot)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, ReferralFeedbackDialog)
    dialog.advice.setPlainText("门诊随访")
    dialog.restore({**dialog.state(), "file": str(tmp_path / "没有.pdf")})
    dialog.save_button.click()
    rest(room, qtbot)
    assert "什么也没有登记" in dialog._error.text()
    assert alone(room, lambda: world.sql("SELECT count(*) FROM referral_feedback")) == [(0,)]
    dialog.finish()


def test_it_is_printed_for_the_recipient_once_it_is_issued(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    page = page_of(opened, qtbot, referral=issued(world))
    wanted: list[dict[str, str]] = []
    room.ways.page_wanted.disconnect()
    room.ways.page_wanted.connect(lambda _key, arguments: wanted.append(arguments))
    page.print_button.click()
    assert (wanted[0]["form"], wanted[0]["audience"]) == ("F-50", "hospital")
