"""The list of students, duplicates, the next school year, and the dialogs that change a student."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from counselroom.rules.people import Gender, Relation, SpecialGroup, StudentStatus
from counselroom.rules.school import UnitKind
from counselroom.services import school, sessions, students
from counselroom.services.student_lists import Care, SortBy, student_rows
from counselroom.ui.dialogs.guardians import GuardiansDialog
from counselroom.ui.dialogs.student_form import StudentForm, parsed_day
from counselroom.ui.dialogs.student_status import StudentStatusDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.models.students import CLASS, LAST, NAME, NUMBER
from counselroom.ui.pages.duplicates import DuplicatesPage
from counselroom.ui.pages.roll_over import RollOverPage
from counselroom.ui.pages.student_record import StudentRecordPage
from counselroom.ui.pages.students import StudentsPage
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode
from counselroom.ui.widgets.question import Question
from tests.conftest import HandClock
from tests.services.world import NAMES, World
from tests.ui import looks
from tests.ui.rooms import window_on

T = TypeVar("T")
Opened = tuple[MainWindow, Room, World]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        yield parts


def on_lane(room: Room, work: Callable[[], T]) -> T:
    return room.tasks.change(work).result(30)


def open_list(opened: Opened, qtbot: QtBot) -> StudentsPage:
    window, _room, _world = opened
    window.go_to("students")
    page = window.page()
    assert isinstance(page, StudentsPage)
    qtbot.waitUntil(lambda: page._model.rowCount() > 0, timeout=10_000)
    return page


def names(page: StudentsPage) -> list[str]:
    page.room.masking.show_on_purpose(page.key)
    return [str(page._model.index(row, NAME).data()) for row in range(page._model.rowCount())]


@pytest.mark.parametrize("size", looks.SIZES)
def test_the_columns_share_the_width_of_any_window(opened: Opened, qtbot: QtBot, size: tuple[int, int]) -> None:
    page = open_list(opened, qtbot)
    opened[0].resize(*size)
    looks.settle()
    assert page._table.horizontalScrollBar().maximum() == 0
    assert not page._table.isColumnHidden(LAST)
    page._table.resize(420, 300)
    looks.settle()
    assert page._table.isColumnHidden(LAST)
    assert page._table.horizontalScrollBar().maximum() == 0


def dialog_of(opened: Opened, key: str, **arguments: str) -> Any:
    window, _room, _world = opened
    window.dialogs.open(key, arguments)
    assert window.dialogs.dialog is not None
    return window.dialogs.dialog


# The list.


def test_enter_and_a_double_click_open_the_record(opened: Opened, qtbot: QtBot) -> None:
    window, _room, world = opened
    page = open_list(opened, qtbot)
    page._table.setCurrentIndex(page._model.index(0, NAME))
    QTest.keyClick(page._table, Qt.Key.Key_Return)
    record = window.page()
    assert isinstance(record, StudentRecordPage)
    assert record.state()["student"] == world.students[0]


def test_heads_sort_and_sort_back(opened: Opened, qtbot: QtBot) -> None:
    page = open_list(opened, qtbot)
    head = page._table.horizontalHeader()
    page._sort_by(NUMBER)
    qtbot.waitUntil(lambda: names(page) == list(reversed(NAMES)))
    assert head.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
    page._sort_by(NUMBER)
    qtbot.waitUntil(lambda: names(page) == list(NAMES))
    page._sort_by(CLASS)
    assert page.state()["sort"] == "class"


def test_pills_narrow_to_ones_own_and_survive_a_lock(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    page = open_list(opened, qtbot)
    on_lane(room, lambda: sessions.start_note(world.me, world.desk, world.case(student=1), world.draft("没写完")))
    page._pills[Care.UNSIGNED].click()
    qtbot.waitUntil(lambda: names(page) == [NAMES[1]])
    page._pills[Care.IN_CARE].click()
    qtbot.waitUntil(lambda: names(page) == [NAMES[1]] and page.state()["care"] == "in_care")
    kept = page.state()
    page._pills[Care.ON_LEAVE].click()
    qtbot.waitUntil(page._empty.isVisible)
    page._empty_action.click()  # shows all
    qtbot.waitUntil(lambda: len(names(page)) == 3)
    page.restore(kept)
    qtbot.waitUntil(lambda: names(page) == [NAMES[1]])


def test_a_colleagues_cases_narrow_nothing(opened: Opened) -> None:
    _window, room, world = opened
    on_lane(room, lambda: world.note("我们谈的事", world.colleague, student=2))
    for care in (Care.IN_CARE, Care.UNSIGNED):
        assert on_lane(room, lambda care=care: student_rows(world.me, world.desk, care=care)).rows == ()
    row = on_lane(room, lambda: student_rows(world.me, world.desk)).rows[2]
    assert (row.sessions, row.last_on) == (0, None)
    row = on_lane(room, lambda: student_rows(world.colleague, world.desk)).rows[2]
    assert (row.sessions, row.last_on) == (1, date(2026, 10, 12))


def test_every_sort_comes_in_pieces_without_gaps(opened: Opened) -> None:
    _window, room, world = opened
    for sort in SortBy:
        for descending in (False, True):
            found = [
                on_lane(
                    room,
                    lambda at=at, sort=sort, descending=descending: student_rows(
                        world.me, world.desk, sort=sort, descending=descending, offset=at, limit=1
                    ),
                )
                .rows[0]
                .id
                for at in range(3)
            ]
            assert sorted(found) == sorted(world.students)


def test_space_peeks_in_a_wide_window_only(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    page = open_list(opened, qtbot)
    page._table.setCurrentIndex(page._model.index(0, NAME))
    page._table.marked.emit(page._table.currentIndex())
    assert not page._peek.isVisible()
    window.resize(1700, 900)
    looks.settle()
    page._table.marked.emit(page._table.currentIndex())
    qtbot.waitUntil(lambda: page._peek._found is not None)
    assert looks.faults(window) == []
    texts = [looks.text_of(widget) for widget in looks.shown(page._peek)]
    assert "欧阳同学" in texts
    assert not any("若曦" in text or "20250301" in text for text in texts)
    room.masking.toggle(page.key)
    looks.settle()
    assert "欧阳若曦" in [looks.text_of(widget) for widget in looks.shown(page._peek)]
    page._peek.open_button.click()
    assert isinstance(window.page(), StudentRecordPage)


def test_an_empty_search_offers_what_helps(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    page = open_list(opened, qtbot)
    page._search.setText("不在")
    qtbot.waitUntil(page._empty.isVisible)
    page._empty_action.click()
    assert page._left.isChecked()
    qtbot.waitUntil(lambda: page._empty_action.text() == "清空搜索")
    assert looks.faults(window) == []
    page._empty_action.click()
    qtbot.waitUntil(lambda: page._model.rowCount() == 3)


# Dialogs.


def test_a_student_is_added_and_the_record_opens(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    form: StudentForm = dialog_of(opened, "student_form")
    form.save()
    assert form._fields["name"].error()
    form._texts["name"].setText("孙小圆")
    form._texts["birth_date"].setText("2012年")
    form.save()
    assert form._fields["birth_date"].error()
    form._texts["birth_date"].setText("2012.3.4")
    form._groups[SpecialGroup.MIGRANT].setChecked(True)
    form._gender.setCurrentIndex(form._gender.findData(Gender.FEMALE.value))
    form.save_button.click()
    qtbot.waitUntil(lambda: isinstance(window.page(), StudentRecordPage))
    student = window.page().state()["student"]
    view = on_lane(room, lambda: students.student(world.me, world.desk, student))
    assert (view.data.name, view.data.birth_date, view.data.gender) == ("孙小圆", date(2012, 3, 4), Gender.FEMALE)
    assert view.special_groups == {SpecialGroup.MIGRANT}


def test_an_edited_student_can_be_undone_with_the_groups(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    form: StudentForm = dialog_of(opened, "student_form", student=world.students[0])
    qtbot.waitUntil(lambda: form._texts["name"].text() == NAMES[0])
    assert not form.has_text()
    form._texts["dorm"].setText("9-909")
    form._groups[SpecialGroup.ORPHAN].setChecked(True)
    assert form.has_text()
    form.save_button.click()
    qtbot.waitUntil(lambda: window.dialogs.dialog is None)

    def view() -> students.StudentView:
        return on_lane(room, lambda: students.student(world.me, world.desk, world.students[0]))

    assert (view().data.dorm, view().special_groups) == ("9-909", {SpecialGroup.ORPHAN})
    window._toast.undo()
    qtbot.waitUntil(lambda: view().data.dorm == "3-201")
    assert view().special_groups == frozenset()


def test_a_number_that_belongs_to_another_is_said_and_nothing_typed_is_lost(opened: Opened, qtbot: QtBot) -> None:
    form: StudentForm = dialog_of(opened, "student_form")
    form._texts["name"].setText("孙小圆")
    form._texts["student_no"].setText("20250301")
    form.save_button.click()
    qtbot.waitUntil(lambda: "学号" in form._error.text() or "number" in form._error.text())
    assert form._texts["name"].text() == "孙小圆"
    form.finish()


def test_leave_and_return(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    dialog: StudentStatusDialog = dialog_of(opened, "student_status", student=world.students[0])
    qtbot.waitUntil(lambda: dialog._view is not None)
    dialog.save()
    assert dialog._error.text()  # the state is what it was
    dialog._status.setCurrentIndex(dialog._status.findData(StudentStatus.TRANSFERRED.value))
    dialog._day.setText("2099-01-01")
    dialog.save()
    assert dialog._day_field.error()
    dialog._day.setText("2026-10-01")
    dialog._reason.setText("随父母迁居")
    dialog.save()
    qtbot.waitUntil(lambda: window.dialogs.dialog is None)
    view = on_lane(room, lambda: students.student(world.me, world.desk, world.students[0]))
    assert view.status is StudentStatus.TRANSFERRED
    assert on_lane(room, lambda: world.audit()[-1].reason or world.audit()[-2].reason) == "随父母迁居"


def test_guardians_are_added_moved_by_key_and_taken_off(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    dialog: GuardiansDialog = dialog_of(opened, "guardians", student=world.students[0])
    qtbot.waitUntil(lambda: dialog._model.rowCount() == 1)
    dialog._add_another()
    dialog.save()
    assert dialog._name.error()
    dialog._texts["name"].setText("李某")
    dialog._texts["phone"].setText("13900009999")
    dialog.save()
    qtbot.waitUntil(lambda: dialog._model.rowCount() == 2)

    def found() -> list[tuple[str, Relation]]:
        views = on_lane(room, lambda: students.list_guardians(world.me, world.desk, world.students[0]))
        return [(view.name, view.relation) for view in views]

    assert found()[1] == ("李某", Relation.MOTHER)
    dialog.list.setCurrentIndex(dialog._model.index(1, 0))
    assert dialog._texts["name"].text() == "李某"
    dialog.call_earlier_or_later(-1)
    qtbot.waitUntil(lambda: found()[0][0] == "李某")
    qtbot.waitUntil(lambda: str(dialog._model.item(0).text()).startswith("1. 母亲"))
    dialog.call_earlier_or_later(-1)  # nothing is before the first
    dialog.list.setCurrentIndex(dialog._model.index(0, 0))
    said: list[str] = []
    room.messages.done.connect(lambda sentence, _undo: said.append(sentence))
    dialog.remove()
    qtbot.waitUntil(lambda: "移出" in "".join(said))
    qtbot.waitUntil(lambda: len(found()) == 1)
    window._toast.undo()
    qtbot.waitUntil(lambda: len(found()) == 2)
    dialog.finish()


def test_days_are_read_as_people_write_them() -> None:
    assert parsed_day("2012-05-31") == parsed_day("2012.5.31") == parsed_day(" 2012/5/31 ") == date(2012, 5, 31)
    assert [parsed_day(text) for text in ("", "31.5.2012", "2012-13-01", "昨天", "2012-5")] == [None] * 5


# Duplicates and the next school year.


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_both_pages_look_right(opened: Opened, qtbot: QtBot, theme: Theme, mode: Mode) -> None:
    window, room, world = opened
    on_lane(room, lambda: twin(world))
    theme.set_mode(mode)
    found = []
    for width, height in looks.SIZES:
        window.resize(width, height)
        window.go_to("duplicates")
        page = window.page()
        assert isinstance(page, DuplicatesPage)
        qtbot.waitUntil(lambda page=page: page._sides is not None, timeout=10_000)
        found += [f"{width}: {fault}" for fault in looks.faults(window)]
        window.go_to("roll_over")
        other = window.page()
        assert isinstance(other, RollOverPage)
        qtbot.waitUntil(lambda other=other: other._counts is not None, timeout=10_000)
        found += [f"{width}: {fault}" for fault in looks.faults(window)]
    assert found == []


def twin(world: World) -> str:
    data = students.StudentData("张晓明", class_id=world.people.class_id, dorm="1-101")
    return students.add_student(world.me, world.desk, data).value.id


def test_a_pair_is_merged_with_a_reason_and_a_question(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    on_lane(room, lambda: twin(world))
    window.go_to("duplicates")
    page = window.page()
    assert isinstance(page, DuplicatesPage)
    qtbot.waitUntil(lambda: page._sides is not None, timeout=10_000)
    winner, loser = (side.view.id for side in page._sides or ())
    page._merge_first.click()
    assert page._reason_field.error()
    assert not window.findChildren(Question)
    page._reason.setText("学籍号相同，电话核对过")
    page._merge_first.click()
    (question,) = window.findChildren(Question)
    question.keep_button.click()
    assert on_lane(room, lambda: students.count_students(world.me, world.desk)) == 4
    page._merge_first.click()
    window.findChildren(Question)[-1].act_button.click()
    qtbot.waitUntil(page._empty.isVisible, timeout=10_000)
    kept = on_lane(room, lambda: world.sql("SELECT id FROM student WHERE voided_at IS NULL ORDER BY id"))
    assert (loser,) not in kept
    assert (winner,) in kept


def test_two_students_are_told_apart_for_good_and_that_is_taken_back(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    on_lane(room, lambda: twin(world))
    window.go_to("duplicates")
    page = window.page()
    assert isinstance(page, DuplicatesPage)
    qtbot.waitUntil(lambda: page._sides is not None, timeout=10_000)
    page._apart.click()
    qtbot.waitUntil(page._empty.isVisible, timeout=10_000)
    page._search()
    qtbot.wait(50)
    assert page._empty.isVisible()
    window._toast.undo()
    qtbot.waitUntil(page._table.isVisible, timeout=10_000)


def test_who_may_not_merge_is_told(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    on_lane(room, lambda: twin(world))
    object.__setattr__(room, "actor", world.colleague)
    page = DuplicatesPage(room, "duplicates")
    qtbot.addWidget(page)
    page.resize(window.size())
    page.show()
    qtbot.waitUntil(lambda: page._sides is not None, timeout=10_000)
    assert not page._merge_first.isVisible()
    assert "负责人" in page._hint.text()


def test_the_school_moves_up_after_a_question(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened

    def more() -> None:
        grade = school.add_unit(world.me, world.desk, UnitKind.GRADE, "初三年级").value
        unit = school.add_unit(world.me, world.desk, UnitKind.CLASS, "初三（1）班", grade.id, 2024).value
        data = students.StudentData("周大", student_no="20240101", class_id=unit.id)
        students.add_student(world.me, world.desk, data)

    on_lane(room, more)
    window.go_to("roll_over")
    page = window.page()
    assert isinstance(page, RollOverPage)
    qtbot.waitUntil(lambda: page._counts is not None, timeout=10_000)
    page._held_edit.setText("20250301 999")
    page._find_held()
    qtbot.waitUntil(lambda: "999" in page._held_field.error())
    page._ask()
    assert not window.findChildren(Question)
    page._held_edit.setText("20250301")
    page._find_held()
    qtbot.waitUntil(lambda: not page._held_field.error() and page._counts is not None and page._counts.moved == 2)
    page._model.setData(page._model.index(0, 3), "初三（1）班")
    qtbot.waitUntil(lambda: page._counts is not None and page._counts.new_classes == 0)
    assert page.state()["written"] == {world.people.class_id: "初三（1）班"}
    page._model.setData(page._model.index(0, 3), "初三（3）班")
    assert page.state()["written"] == {}
    page._ask()
    (question,) = window.findChildren(Question)
    question.act_button.click()
    qtbot.waitUntil(lambda: on_lane(room, lambda: world.sql("SELECT status FROM student WHERE student_no = '20240101'"))
                    == [("graduated",)])  # fmt: skip
    rows = on_lane(room, lambda: world.sql("SELECT s.student_no, u.name FROM student s JOIN org_unit u"
                                           " ON u.id = s.class_id ORDER BY 1"))  # fmt: skip
    assert rows[1:] == [("20250301", "初二（3）班"), ("20250302", "初三（3）班"), ("20250303", "初三（3）班")]


def test_two_classes_in_one_are_refused_before_anything_happens(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened

    def more() -> None:
        grade = school.list_units(world.me, world.desk, UnitKind.GRADE)[0]
        unit = school.add_unit(world.me, world.desk, UnitKind.CLASS, "初二（4）班", grade.id, 2025).value
        data = students.StudentData("周大", student_no="20250401", class_id=unit.id)
        students.add_student(world.me, world.desk, data)

    on_lane(room, more)
    window.go_to("roll_over")
    page = window.page()
    assert isinstance(page, RollOverPage)
    qtbot.waitUntil(lambda: page._counts is not None, timeout=10_000)
    page._model.setData(page._model.index(1, 3), "初三（3）班")
    qtbot.waitUntil(lambda: "同一个班" in page._error.text())
    assert not page._do.isEnabled()
