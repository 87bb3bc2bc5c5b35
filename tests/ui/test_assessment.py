"""The page of a risk assessment: what follows is said as one ticks, signing begins the 专案, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from counselroom.rules.crisis_words import CrisisLevel
from counselroom.services import crisis, crisis_assessments
from counselroom.ui.dialogs.register_entry import RegisterEntryDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.models.registers import STATE
from counselroom.ui.pages.assessment import AssessmentPage
from counselroom.ui.pages.registers import RegistersPage
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.typed_moments import moment_text, parsed_moment
from counselroom.ui.widgets.list_roles import ListRole
from counselroom.ui.widgets.question import Question
from tests.conftest import HandClock
from tests.services.crisis_support import assessment_data
from tests.services.world import MORNING, NAMES, World
from tests.ui.rooms import alone, window_on
from tests.ui.test_every_page import rest

Opened = tuple[MainWindow, Room, World]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        yield parts


def page_of(opened: Opened, qtbot: QtBot, **arguments: str) -> AssessmentPage:
    window, room, _world = opened
    window.go_to("assessment", arguments)
    rest(room, qtbot)
    page = window.page()
    assert isinstance(page, AssessmentPage)
    return page


def fill(page: AssessmentPage) -> None:
    page.form.notes["emotion"].setPlainText("近两周明显低落")
    page.form.notes["opinion"].setPlainText("建议专人陪护")
    page.outcome.pills[CrisisLevel.MODERATE].click()


def answer(room: Room, qtbot: QtBot, window: MainWindow) -> None:
    question = next(found for found in window.findChildren(Question) if found.isVisible())
    question.act_button.click()
    rest(room, qtbot)


def test_what_follows_is_said_as_one_ticks(opened: Opened, qtbot: QtBot) -> None:
    page = page_of(opened, qtbot, student=opened[2].students[0])
    assert len(page.form.criteria.boxes) == 22
    assert page.outcome.found_field.isHidden()
    page.form.criteria.boxes["C18"].box.click()
    assert "签名即启动专案" in page.outcome.follows_text()
    assert not page.outcome.found_field.isHidden()
    page.form.criteria.boxes["C18"].box.click()
    page.outcome.pills[CrisisLevel.MILD].click()
    assert "请班主任在班级里留意" in page.outcome.follows_text()
    assert page.outcome.found_field.isHidden()
    page.outcome.pills[CrisisLevel.SEVERE].click()
    assert "立即送专科医院" in page.outcome.follows_text()


def test_what_is_missing_leads_to_its_field(opened: Opened, qtbot: QtBot) -> None:
    page = page_of(opened, qtbot, student=opened[2].students[0])
    assert page.outcome.links() == ["选定程度", "写书面意见", "写下所见所闻的事实"]
    page.sign_button.click()  # leads to the first of them and asks nothing
    assert page.outcome.pills[CrisisLevel.MILD].hasFocus()
    fill(page)
    page.form.criteria.boxes["C22"].box.click()
    assert page.outcome.links() == ["写明自定标准指什么"]
    page.form.lines["assessed_at"].setText("2026-13-40 09:00")
    page.sign_button.click()
    assert page.form.fields["assessed_at"].error()


def test_the_signature_begins_the_case_at_the_time_it_was_found(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    page = page_of(opened, qtbot, student=world.students[0])
    fill(page)
    page.form.criteria.boxes["C18"].box.click()
    assert page.outcome.links() == ["写报给学校领导的事实"]
    page.outcome.facts.setPlainText("同学告诉班主任")
    page.outcome.found_at.setText(moment_text(MORNING - timedelta(hours=2), MORNING))
    page.sign_button.click()
    answer(room, qtbot, window)
    (event_id,) = alone(room, lambda: world.sql("SELECT id FROM crisis_event"))[0]
    event = alone(room, lambda: crisis.event(world.me, world.desk, event_id))
    assert (event.data.found_at, event.data.facts) == (MORNING - timedelta(hours=2), "同学告诉班主任")
    assert page.form.isHidden()
    assert "近两周明显低落" in page.signed_view.text()
    assert page.sign_button.isHidden()
    wanted: list[tuple[str, object]] = []
    room.ways.page_wanted.disconnect()
    room.ways.page_wanted.connect(lambda key, arguments: wanted.append((key, arguments)))
    page.event_button.click()
    page.print_button.click()
    assert wanted[0] == ("crisis", {"event": event_id})
    assert wanted[1][0] == "print_preview"


def test_a_second_assessment_belongs_to_the_case_that_runs(opened: Opened, qtbot: QtBot) -> None:
    _window, _room, world = opened
    first = crisis_assessments.draft_assessment(world.me, world.desk, assessment_data(world)).value
    crisis_assessments.sign_assessment(world.me, world.desk, first.id)
    page = page_of(opened, qtbot, student=world.students[0])
    page.form.criteria.boxes["C19"].box.click()
    assert "Z2026-001 正在进行" in page.outcome.follows_text()
    assert page.outcome.found_field.isHidden()
    assert page.earlier.model.rowCount() == 1
    page.earlier.table.opened.emit(page.earlier.model.index(0, 0))
    rest(opened[1], qtbot)
    assert not page.signed_view.isHidden()


def test_what_was_typed_is_stored_when_the_page_is_left(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    page = page_of(opened, qtbot, student=world.students[0])
    fill(page)
    window.go_to("students")
    rest(room, qtbot)
    lines = alone(room, lambda: crisis_assessments.list_assessments(world.me, world.desk, world.students[0]))
    assert [line.signed_at for line in lines] == [None]
    page = page_of(opened, qtbot, student=world.students[0])
    assert page.form.notes["opinion"].toPlainText() == "建议专人陪护"
    assert page.outcome.level() is CrisisLevel.MODERATE
    window.go_to("students")
    rest(room, qtbot)
    assert len(alone(room, lambda: crisis_assessments.list_assessments(world.me, world.desk, world.students[0]))) == 1


def test_words_that_are_no_time_stay_when_the_page_is_turned(opened: Opened, qtbot: QtBot) -> None:
    """The draft is stored without them, once; the words stand in the field and in what is kept over a lock."""
    window, room, world = opened
    page = page_of(opened, qtbot, student=world.students[0])
    fill(page)
    page.outcome.facts.setPlainText("课间同学告诉班主任")
    for name, words in (("assessed_at", "上午第二节课后"), ("reassess_on", "下周三")):
        page.form.lines[name].setText(words)
    page.outcome.found_at.setText("早上")
    typed = page.writing.values()
    written = []
    for _turn in range(2):
        window.go_to("students")
        rest(room, qtbot)
        assert page.state()["typed"] == typed
        written.append(sum(entry.entity == "crisis_assessment" and entry.action != "read" for entry in world.audit()))
        window.go_to("assessment")
        rest(room, qtbot)
        assert page.writing.values() == typed
    assert written[0] == written[1], "what cannot be stored is not stored again and again"
    assert len(world.dump()["crisis_assessment"]) == 1
    assert page._sheet is not None
    assert page._sheet.view is not None
    assert page._sheet.view.data.reassess_on is None
    assert page._sheet.view.data.opinion == "建议专人陪护"


def test_a_review_is_noted_once(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    data = assessment_data(world, level=CrisisLevel.MILD, criteria=("C01",))
    row = crisis_assessments.draft_assessment(world.me, world.desk, data).value
    crisis_assessments.sign_assessment(world.me, world.desk, row.id)
    page = page_of(opened, qtbot, assessment=row.id)
    assert not page.review_button.isHidden()
    page.review_button.click()
    rest(room, qtbot)
    assert page.review_button.isHidden()
    assert "复核" in page.header._meta.text()


def test_anothers_assessment_asks_why_and_f8_covers(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    data = assessment_data(world, level=CrisisLevel.MILD, criteria=("C01",))
    row = crisis_assessments.draft_assessment(world.colleague, world.desk, data).value
    crisis_assessments.sign_assessment(world.colleague, world.desk, row.id)
    page = page_of(opened, qtbot, assessment=row.id)
    assert not page.cover.reason.isHidden()
    page.cover.reason.setText("复核危机评估")
    page.cover.show_button.click()
    rest(room, qtbot)
    assert NAMES[0] in page.header._meta.text()
    assert "近两周明显低落" in page.signed_view.text()
    assert any(line.reason == "复核危机评估" for line in alone(room, world.audit))
    room.masking.toggle("assessment")
    assert NAMES[0] not in page.header._meta.text()
    assert not page.signed_view.isVisible()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-10-11 08:05", MORNING.replace(day=11, hour=8, minute=5)),
        ("10-11 08：05", MORNING.replace(day=11, hour=8, minute=5)),
        ("7:30", MORNING.replace(hour=7, minute=30)),
        ("2026/10/11 7:30", MORNING.replace(day=11, hour=7, minute=30)),
        ("昨天", None),
        ("2026-02-30 08:00", None),
        ("8", None),
    ],
)
def test_moments_as_they_are_written(text: str, moment: object) -> None:
    assert parsed_moment(text, MORNING) == moment


def report(opened: Opened, qtbot: QtBot, urgency: str) -> RegisterEntryDialog:
    window, room, world = opened
    window.dialogs.open("register_entry", {"register": "F-40", "student": world.students[0], "name": NAMES[0]})
    rest(room, qtbot)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, RegisterEntryDialog)
    answers = {"time": "07:10", "reporter": "周老师", "facts": "课间说不想活了", "urgency": urgency}
    dialog.form.show_answers({**dialog.form.answers(), **answers})
    return dialog


def test_a_report_leads_to_its_assessment(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    report(opened, qtbot, "soon").next_button.click()
    rest(room, qtbot)
    page = window.page()
    assert isinstance(page, AssessmentPage)
    assert page.outcome.found_at.text() == "2026-10-12 07:10"
    assert page.outcome.facts.toPlainText() == "课间说不想活了"
    assert page.form.source.currentData() == "teacher"
    fill(page)
    page.sign_button.click()
    answer(room, qtbot, window)
    ((source, row),) = alone(room, lambda: world.sql("SELECT source_entity, source_id FROM crisis_assessment"))
    assert source == "register_row"
    window.go_to("registers", {"register": "F-40"})
    rest(room, qtbot)
    registers = window.page()
    assert isinstance(registers, RegistersPage)
    assert registers.model.index(0, STATE).data() == "已登记"
    assert alone(room, lambda: world.sql("SELECT register FROM register_row WHERE id = :row", row=row)) == [("F-40",)]


def test_an_urgent_report_is_assessed_at_once_and_another_is_not(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    report(opened, qtbot, "normal").file_button.click()
    rest(room, qtbot)
    assert window.page().key != "assessment"
    window.go_to("registers", {"register": "F-40"})
    rest(room, qtbot)
    registers = window.page()
    assert isinstance(registers, RegistersPage)
    assert registers.model.index(0, STATE).data() == "待评估"
    chip = registers.model.index(0, STATE).data(ListRole.CHIP)
    assert (chip.text, chip.tone) == ("待评估", "amber")
    registers.next_button.click()
    rest(room, qtbot)
    assert window.page().key == "assessment"
    window.go_to("registers")
    report(opened, qtbot, "crisis").file_button.click()
    rest(room, qtbot)
    assert window.page().key == "assessment"
