"""Importing rosters into a real vault: nothing before the confirmation, all or nothing after it, nobody twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from counselroom.imports.reader import RosterRefused
from counselroom.rules.access import Role
from counselroom.rules.people import Relation, SpecialGroup, StudentStatus
from counselroom.rules.roster import NearKind
from counselroom.rules.roster_columns import ColumnMapping
from counselroom.rules.roster_problems import Problem, RowProblem
from counselroom.rules.roster_words import Field
from counselroom.rules.school import UnitKind
from counselroom.services import roster_import, roster_sentences, school, students
from counselroom.services.desk import AccessDenied
from counselroom.services.roster_import import RosterPreview, RosterResult, import_roster, preview_roster
from tests.conftest import HandClock
from tests.rosters import HEAD, saved, student_row, text_table, xls, xlsx
from tests.services.world import MORNING, World, opened_world

SHORT = ["学号", "姓名", "班级", "出生日期", "电话"]


def previewed(world: World, rows: Any, folder: Path, **how: Any) -> RosterPreview:
    return preview_roster(world.me, world.desk, saved(folder, text_table(rows), "名册.csv"), **how)


def imported(world: World, rows: Any, folder: Path, **how: Any) -> RosterResult:
    return import_roster(world.me, world.desk, previewed(world, rows, folder, **how)).value


def counts(result: RosterResult) -> tuple[int, int, int, int]:
    return result.new, result.updated, result.unchanged, len(result.refused)


def plan_counts(preview: RosterPreview) -> tuple[int, int, int, int]:
    return len(preview.plan.new), len(preview.plan.updated), preview.plan.unchanged, len(preview.refused)


def one(world: World, number: str) -> students.StudentView:
    (found,) = (
        view for view in students.list_students(world.me, world.desk, status=None) if view.data.student_no == number
    )
    return found


def test_a_preview_writes_nothing(world: World, tmp_path: Path) -> None:
    before, audit = world.dump(), world.audit()
    preview = previewed(world, [HEAD, *(student_row(index) for index in range(30)), student_row(1)], tmp_path)
    assert plan_counts(preview) == (30, 0, 0, 1)
    assert world.dump() == before
    assert world.audit() == audit


def test_an_import_writes_what_the_preview_showed(world: World, tmp_path: Path) -> None:
    rows = [HEAD, student_row(1, 班级="七年级（2）班", 备注="留守"), student_row(2), student_row(2)]
    preview = previewed(world, rows, tmp_path)
    done = import_roster(world.me, world.desk, preview)
    assert counts(done.value) == plan_counts(preview) == (2, 0, 0, 1)
    assert done.changes.concerns("student")
    assert done.changes.concerns("org_unit")
    assert done.value.units == 3
    view = one(world, "202600001")
    assert view.status is StudentStatus.ENROLLED
    assert view.class_name == "七年级2班"
    assert view.special_groups == {SpecialGroup.LEFT_BEHIND}
    (guardian,) = students.list_guardians(world.me, world.desk, view.id)
    assert (guardian.name, guardian.relation, guardian.phone, guardian.position) == (
        "示例1",
        Relation.MOTHER,
        "13900000001",
        1,
    )


def test_an_import_leaves_one_audit_row_without_content(world: World, tmp_path: Path) -> None:
    before = len(world.audit())
    preview = previewed(world, [HEAD, *(student_row(index) for index in range(20))], tmp_path)
    import_roster(world.me, world.desk, preview)
    (line,) = world.audit()[before:]
    assert (line.actor_id, line.action, line.entity, line.entity_id) == (world.me.account_id, "import", "student", "")
    assert len(line.digest) == 64
    assert line.digest != preview.digest


def test_a_second_import_changes_nothing(world: World, tmp_path: Path) -> None:
    rows = [HEAD, *(student_row(index, 班级=f"七年级{index % 3 + 1}班") for index in range(40))]
    assert counts(imported(world, rows, tmp_path)) == (40, 0, 0, 0)
    before = world.dump()
    shuffled = [HEAD, *reversed(rows[1:])]
    done = import_roster(world.me, world.desk, previewed(world, shuffled, tmp_path))
    assert counts(done.value) == (0, 0, 40, 0)
    assert not done.changes.concerns("student", "guardian", "org_unit")
    after = world.dump()
    assert {name for name in after if after[name] != before[name]} == set()


def test_an_update_shows_every_field_before_and_after(world: World, tmp_path: Path) -> None:
    imported(world, [HEAD, student_row(1), student_row(2)], tmp_path)
    changed = student_row(1, 班级="八年级1班", 联系电话="13999999999", 备注="单亲", 出生日期="")
    preview = previewed(world, [HEAD, changed, student_row(2)], tmp_path)
    assert plan_counts(preview) == (0, 1, 1, 0)
    (update,) = preview.plan.updated
    (change,) = update.changes
    assert (change.field, getattr(change.before, "label", ""), getattr(change.after, "label", "")) == (
        Field.CLASS,
        "七年级2班",
        "八年级1班",
    )
    before = one(world, "202600001")
    assert import_roster(world.me, world.desk, preview).value.updated == 1
    after = one(world, "202600001")
    assert after.seen > before.seen
    assert (after.id, after.class_name, after.data.birth_date) == (before.id, "八年级1班", before.data.birth_date)
    assert after.special_groups == {SpecialGroup.SINGLE_PARENT}
    (guardian,) = students.list_guardians(world.me, world.desk, after.id)
    assert guardian.phone == "13999999999"


def test_every_field_is_written_and_corrected(world: World, tmp_path: Path) -> None:
    heading = [
        "学号",
        "姓名",
        "性别",
        "出生日期",
        "班级",
        "手机",
        "备用电话",
        "家庭住址",
        "宿舍",
        "民族",
        "政治面貌",
        "学籍状态",
    ]
    first = [
        "1",
        "张晓明",
        "男",
        "2010-1-1",
        "1班",
        "13900000001",
        "13900000002",
        "云岭路",
        "3-201",
        "汉族",
        "群众",
        "休学",
    ]
    second = [
        "1",
        "张小明",
        "女",
        "2010-1-1",
        "2班",
        "13900000003",
        "13900000004",
        "南湖路",
        "5-1",
        "苗族",
        "团员",
        "在读",
    ]
    imported(world, [heading, first], tmp_path)
    view = one(world, "1")
    assert view.status is StudentStatus.ON_LEAVE
    assert counts(imported(world, [heading, second], tmp_path)) == (0, 1, 0, 0)
    after = one(world, "1")
    assert after.status is StudentStatus.ON_LEAVE  # leaving and coming back have their own path
    assert after.data != view.data
    assert [after.data.name, after.data.phone, after.data.backup_phone, after.data.address] == [
        "张小明",
        "13900000003",
        "13900000004",
        "南湖路",
    ]
    assert [after.data.dorm, after.data.ethnicity, after.data.political_status, after.class_name] == [
        "5-1",
        "苗族",
        "团员",
        "2班",
    ]
    assert counts(imported(world, [heading, second], tmp_path)) == (0, 0, 1, 0)


def test_students_and_guardians_a_roster_leaves_out_stay(world: World, tmp_path: Path) -> None:
    rows = [HEAD, *(student_row(index) for index in range(10))]
    imported(world, rows, tmp_path)
    before = world.sql("SELECT count(*) FROM student")
    imported(world, [HEAD, student_row(3, 监护人="", 关系="", 联系电话="")], tmp_path)
    assert world.sql("SELECT count(*) FROM student") == before
    assert len(students.list_guardians(world.me, world.desk, one(world, "202600003").id)) == 1


def test_guardians_are_added_behind_and_corrected_in_place(world: World, tmp_path: Path) -> None:
    heading = ["学号", "姓名", "父亲姓名", "父亲电话", "母亲姓名", "母亲电话"]
    imported(world, [heading, ["1", "张晓明", "", "13900000001", "", ""]], tmp_path)
    (only,) = students.list_guardians(world.me, world.desk, one(world, "1").id)
    assert (only.name, only.relation) == ("父亲", Relation.FATHER)
    imported(world, [heading, ["1", "张晓明", "张大", "13900000001", "李四", "13900000002"]], tmp_path)
    found = students.list_guardians(world.me, world.desk, one(world, "1").id)
    assert [(guardian.person_id == only.person_id, guardian.name, guardian.position) for guardian in found] == [
        (True, "张大", 1),
        (False, "李四", 2),
    ]


def test_classes_are_found_or_added_where_they_stand(world: World, tmp_path: Path) -> None:
    heading = ["学号", "姓名", "学院", "年级", "班级", "专业"]
    rows = [
        ["1", "张晓明", "示例学院", "2024级", "2班", "软件工程"],
        ["2", "李晓明", "示例学院", "2024级", "2班", "软件工程"],
        ["3", "王晓明", "示例学院", "2025级", "2班", "软件工程"],
        ["4", "赵晓明", "", "", "", ""],
        ["5", "钱晓明", "", "", "初二（3）班", ""],
    ]
    result = imported(world, [heading, *rows], tmp_path)
    assert (result.new, result.units) == (5, 7)
    assert one(world, "1").data.class_id == one(world, "2").data.class_id != one(world, "3").data.class_id
    assert one(world, "4").data.class_id is None
    units = {unit.id: unit for unit in school.list_units(world.me, world.desk)}
    klass = units[one(world, "1").data.class_id or ""]
    grade = units[klass.parent_id or ""]
    college = units[grade.parent_id or ""]
    assert [(unit.kind, unit.name, unit.entry_year) for unit in (klass, grade, college)] == [
        (UnitKind.CLASS, "软件工程2班", 2024),
        (UnitKind.GRADE, "2024级", None),
        (UnitKind.COLLEGE, "示例学院", None),
    ]
    # told in part, it is the only class it can be; told for another grade, it is not
    assert imported(world, [["学号", "姓名", "班级"], ["6", "孙晓明", "3班"]], tmp_path).units == 0
    assert imported(world, [["学号", "姓名", "年级", "班级"], ["7", "周晓明", "2026级", "3班"]], tmp_path).units == 2


def test_students_are_found_by_name_reading_and_number(world: World, tmp_path: Path) -> None:
    imported(world, [SHORT, ["A0099", "单龘雅", "", "", ""], ["A0100", "仇明", "", "", ""]], tmp_path)
    for words in ("单龘雅", "shandaya", "sdy", "a0099"):
        assert [view.data.name for view in students.find_people(world.me, world.desk, words)] == ["单龘雅"]
    imported(world, [SHORT, ["A0100", "仇明远", "", "", ""]], tmp_path)
    assert [view.data.name for view in students.find_people(world.me, world.desk, "qiumingyuan")] == ["仇明远"]
    assert [view.data.name for view in students.find_people(world.me, world.desk, "a0100")] == ["仇明远"]


def test_a_number_that_comes_later_is_given_to_its_student(world: World, tmp_path: Path) -> None:
    imported(world, [SHORT, ["", "张一鸣", "1班", "2010-1-1", ""]], tmp_path)
    assert counts(imported(world, [SHORT, ["", "张一鸣", "1班", "2010-1-1", ""]], tmp_path)) == (0, 0, 1, 0)
    assert counts(imported(world, [SHORT, ["B7", "张一鸣", "1班", "2010-1-1", ""]], tmp_path)) == (0, 1, 0, 0)
    assert [view.data.name for view in students.find_people(world.me, world.desk, "b7")] == ["张一鸣"]
    assert counts(imported(world, [SHORT, ["", "张一鸣", "1班", "2010-1-1", ""]], tmp_path)) == (0, 0, 1, 0)


def test_near_duplicates_are_reported_and_imported(world: World, tmp_path: Path) -> None:
    imported(world, [SHORT, ["20260001", "张一鸣", "1班", "2010-1-1", ""]], tmp_path)
    preview = previewed(world, [SHORT, ["20260007", "张一鸣", "1班", "2010-1-1", ""]], tmp_path)
    assert [near.kind for near in preview.near] == [
        NearKind.SAME_NAME_AND_CLASS,
        NearKind.SAME_NAME_AND_BIRTH_DATE,
        NearKind.ONE_CHARACTER,
    ]
    assert preview.near_count == 3
    assert preview.near[0].other.student_id == one(world, "20260001").id
    assert import_roster(world.me, world.desk, preview).value.new == 1
    assert previewed(world, [SHORT, ["20260001", "张一鸣", "2班", "2010-1-1", ""]], tmp_path).near == ()


def test_rows_that_clash_with_the_vault_are_refused_in_the_order_of_the_file(world: World, tmp_path: Path) -> None:
    imported(world, [SHORT, ["1", "张一鸣", "", "", ""]], tmp_path)
    rows = [
        SHORT,
        ["2", "", "1班", "", ""],
        ["1", "王若曦", "", "", ""],
        ["3", "赵钱", "", "", ""],
        ["3", "赵钱", "", "", ""],
    ]
    result = imported(world, rows, tmp_path)
    assert counts(result) == (1, 0, 0, 3)
    assert [(row.row, row.problems[0].problem) for row in result.refused] == [
        (2, Problem.NO_NAME),
        (3, Problem.NUMBER_OF_ANOTHER),
        (5, Problem.DUPLICATE_NUMBER),
    ]
    assert one(world, "1").data.name == "张一鸣"


def test_a_voided_student_is_neither_changed_nor_doubled(world: World, tmp_path: Path) -> None:
    imported(world, [SHORT, ["1", "张一鸣", "", "", ""]], tmp_path)
    with world.desk.vault.change() as session:
        session.execute(text("UPDATE student SET voided_at = created_at WHERE student_no = '1'"))
    result = imported(world, [SHORT, ["1", "张一鸣", "2班", "", ""]], tmp_path)
    assert [row.problems[0].problem for row in result.refused] == [Problem.VOIDED_STUDENT]


def test_the_vault_may_not_change_between_preview_and_import(world: World, tmp_path: Path) -> None:
    preview = previewed(world, [SHORT, ["1", "张一鸣", "", "", ""]], tmp_path)
    students.add_student(world.me, world.desk, students.StudentData("张一鸣", "1"))
    before = world.dump()
    with pytest.raises(roster_import.RosterStale) as caught:
        import_roster(world.me, world.desk, preview)
    assert caught.value.next_step
    assert world.dump() == before


def test_an_import_is_all_or_nothing(world: World, tmp_path: Path) -> None:
    rows = [HEAD, *(student_row(index) for index in range(1_100))]
    preview = previewed(world, rows, tmp_path)
    before, audit = world.dump(), world.audit()

    def pull_the_plug(done: int) -> None:
        if done >= 1_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_roster(world.me, world.desk, preview, progress=pull_the_plug)
    assert world.dump() == before
    assert world.audit() == audit


def test_progress_is_told(world: World, tmp_path: Path) -> None:
    told: list[int] = []
    rows = [HEAD, *(student_row(index) for index in range(1_200))]
    import_roster(world.me, world.desk, previewed(world, rows, tmp_path), progress=told.append)
    assert told == [1_000, 1_200]
    told.clear()
    read: list[int] = []
    rows = [HEAD, *(student_row(index, 班级="九年级9班") for index in range(1_100))]
    preview = previewed(world, rows, tmp_path, progress=read.append)
    import_roster(world.me, world.desk, preview, progress=told.append)
    assert told == [1_000, 1_100]
    assert read == [500, 1_000]


def test_an_import_takes_few_statements(world: World, tmp_path: Path) -> None:
    """Thousands of students, dozens of statements: what makes 50,000 possible."""
    preview = previewed(world, [HEAD, *(student_row(index) for index in range(1_000))], tmp_path)
    seen: list[str] = []
    event.listen(world.desk.vault._engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
    import_roster(world.me, world.desk, preview)
    assert 10 < len(seen) < 60


@pytest.mark.parametrize("make", [xlsx, xls])
def test_workbooks_are_imported_too(world: World, tmp_path: Path, make: Any) -> None:
    rows = [
        ["示例中学学生花名册", "", "", "", ""],
        ["制表人：示例老师", "", "", "日期：2026.9.1", ""],
        ["", "", "", "", ""],
        ["序号", "学 号", "姓  名", "家长", ""],
        ["", "", "", "姓名", "电话"],
        [1.0, 202600001.0, " 吕　𬱖丁 ", "尹示例", 13900000000.0],
        [2.0, "202600002", "雷样源", "陈示例", "13900000001"],
        ["合计", "2人", "", "", ""],
    ]
    path = saved(tmp_path, make(rows, merges=[(0, 0, 0, 4)]))
    preview = preview_roster(world.me, world.desk, path)
    assert (preview.sheet, preview.sheets) == ("花名册", ("花名册",))
    assert plan_counts(preview) == (2, 0, 0, 0)
    import_roster(world.me, world.desk, preview)
    assert one(world, "202600001").data.name == "吕𬱖丁"


def test_another_sheet_and_corrected_columns(world: World, tmp_path: Path) -> None:
    path = saved(tmp_path, xlsx([["x"]] * 9, sheets={"七年级": [["代码", "称呼"], ["0012", "张一鸣"]]}))
    mapping = ColumnMapping({0: Field.NUMBER, 1: Field.NAME}, heading_line=1)
    preview = preview_roster(world.me, world.desk, path, mapping, "七年级")
    assert [(student.number, student.name) for student in preview.plan.new] == [("0012", "张一鸣")]


def test_a_table_without_a_heading_is_told(world: World, tmp_path: Path) -> None:
    with pytest.raises(roster_import.NoHeading) as caught:
        previewed(world, [["1", "张三"]], tmp_path)
    assert caught.value.next_step


def test_tables_side_by_side_are_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(roster_import.TablesSideBySide):
        previewed(world, [["学号", "姓名", "学号", "姓名"], ["1", "张三", "2", "李四"]], tmp_path)


def test_a_refused_file_and_a_cancelled_reading(world: World, tmp_path: Path) -> None:
    with pytest.raises(RosterRefused):
        preview_roster(world.me, world.desk, tmp_path / "missing.xlsx")
    with pytest.raises(RosterRefused):
        previewed(world, [HEAD, *([student_row(1)] * 40_000)], tmp_path, cancelled=lambda: True)


def test_only_those_who_may_import(world: World, tmp_path: Path) -> None:
    preview = previewed(world, [HEAD, student_row(1)], tmp_path)
    nobody = replace(world.me, roles=frozenset({Role.SYS_ADMIN}))
    with pytest.raises(AccessDenied):
        preview_roster(nobody, world.desk, tmp_path / "名册.csv")
    with pytest.raises(AccessDenied):
        import_roster(nobody, world.desk, preview)
    assert [line.action for line in world.audit()[-2:]] == ["denied:read", "denied:import"]
    assert import_roster(world.archivist, world.desk, preview).value.new == 1


@pytest.mark.parametrize("problem", list(Problem))
def test_every_problem_has_its_own_sentence(problem: Problem) -> None:
    sentence = roster_sentences.problem_sentence(RowProblem(37, problem, None, 12))
    assert "37" in sentence
    others = [roster_sentences.problem_sentence(RowProblem(37, other)) for other in Problem if other is not problem]
    assert sentence not in others


def test_a_refusal_names_only_the_reasons_that_refuse(world: World, tmp_path: Path) -> None:
    (refused,) = previewed(world, [SHORT, ["", "张三1", "", "2010-13-1", ""]], tmp_path).refused
    assert {problem.problem for problem in refused.problems} == {
        Problem.ODD_NAME,
        Problem.BAD_DATE,
        Problem.NO_IDENTITY,
    }
    assert roster_sentences.refusal_sentence(refused) == roster_sentences.problem_sentence(
        RowProblem(2, Problem.NO_IDENTITY)
    )
    assert len({roster_sentences.near_sentence(kind) for kind in NearKind}) == len(NearKind)


# What no sequence of imports may do: double a student, or lose one.

NAMES = ("张一鸣", "李若曦", "王子轩", "张一鸣", "欧阳雨")
STEP = st.lists(
    st.tuples(
        st.integers(0, len(NAMES) - 1),
        st.sampled_from(["七年级1班", "七年级2班", "八年级1班"]),
        st.sampled_from(["", "13900000001", "13900000002"]),
        st.sampled_from(["", "示例甲", "示例乙"]),
        st.sampled_from(["", "留守", "单亲、困难"]),
    ),
    max_size=8,
)


@contextmanager
def a_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Path]]:
    folder = tmp_path_factory.mktemp("imports")
    with opened_world(folder / "vault", HandClock(MORNING)) as world:
        yield world, folder


@settings(deadline=None, max_examples=6, database=None)
@given(steps=st.lists(STEP, min_size=2, max_size=4), unnumbered=st.booleans())
def test_no_sequence_of_imports_doubles_or_loses_a_student(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[tuple[int, str, str, str, str]]], unnumbered: bool
) -> None:
    heading = ["姓名", "出生日期", "班级", "电话", "监护人", "备注", *([] if unnumbered else ["学号"])]
    with a_room(tmp_path_factory) as (world, folder):
        there = world.sql("SELECT count(*) FROM student")[0][0]
        seen: set[int] = set()
        ids: dict[int, str] = {}
        guardians: dict[int, set[str]] = {}
        for step in steps:
            rows = []
            for who, klass, phone, guardian, remark in step:
                # without a number the class is part of what tells a student apart, and stays
                row = [NAMES[who], f"2010-1-{who + 1}", "七年级1班" if unnumbered else klass, phone, guardian, remark]
                rows.append([*row, *([] if unnumbered else [f"R{who}"])])
            firsts = {row[0]: row for row in reversed(step)}
            result = imported(world, [heading, *rows], folder) if rows else None
            if result is None:
                continue
            assert result.new == len(firsts.keys() - seen)
            assert result.new + result.updated + result.unchanged == len(firsts)
            assert len(result.refused) == len(rows) - len(firsts)
            seen |= firsts.keys()
            for who in firsts:
                guardians.setdefault(who, set()).update({firsts[who][3]} - {""})
            assert world.sql("SELECT count(*) FROM student")[0][0] == there + len(seen)
            for who in seen:
                (found,) = world.sql(
                    "SELECT s.id, p.name FROM student s JOIN person p ON p.id = s.id WHERE p.birth_date = :born",
                    born=f"2010-01-0{who + 1}",
                )
                assert ids.setdefault(who, found[0]) == found[0]
                assert found[1] == NAMES[who]
                names = world.sql(
                    "SELECT p.name FROM guardian g JOIN person p ON p.id = g.person_id WHERE g.student_id = :id",
                    id=found[0],
                )
                assert sorted(name for (name,) in names) == sorted(guardians[who])
            again = previewed(world, [heading, *rows], folder).plan
            assert (again.new, again.updated) == ((), ())
