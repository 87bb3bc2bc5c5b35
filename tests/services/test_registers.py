"""Registers: entered, filed, voided, counted, found, printed and exported by a definition alone."""

from __future__ import annotations

import string
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from counselroom.errors import UserError
from counselroom.model.registers import RegisterRow
from counselroom.printing.definitions import Audience
from counselroom.rules.access import Role
from counselroom.rules.registers import RegisterState
from counselroom.services import attachments, registers, search, timeline
from counselroom.services.access import AccessDenied
from counselroom.services.print_preview import draw, prepare
from counselroom.services.prints import PrintRequest, print_blank, print_form
from counselroom.services.register_definitions import RegisterField, applying, printable, register_named, shown_text
from counselroom.services.register_entries import EntryRefused, kept_answers
from counselroom.services.register_exports import export_rows
from counselroom.services.register_papers import list_key
from counselroom.services.register_rows import RowFilter
from counselroom.services.registers import Entry
from counselroom.services.undo import take_back
from counselroom.vault import deeds
from tests.printing.pdf import text_of
from tests.services.own_register import KEY, LIST_KEY, with_own_registers
from tests.services.register_rows_support import entry_for, filed
from tests.services.world import World

SHIPPED = ("F-29", "F-40", "F-61", "F-75")


def rows(world: World, key: str = "F-61", wanted: RowFilter | None = None, **filters: Any) -> list[dict[str, Any]]:
    found = registers.list_rows(world.me, world.desk, key, wanted or RowFilter(**filters))
    return [dict(row.data) for row in found.rows]


# Entering and editing.


@pytest.mark.parametrize("key", SHIPPED)
def test_a_row_is_entered_and_counted(world: World, key: str) -> None:
    row = filed(world, key)
    assert row.state is RegisterState.FILED
    assert (row.academic_year, row.term) == ("2026-2027", "2026-2027-1")
    assert row.owner == world.me.person_id
    found = registers.list_rows(world.me, world.desk, key)
    assert [each.id for each in found.rows] == [row.id]
    assert found.sums.rows == found.total == 1
    assert {name: row.data[name] for name in found.register.counted} == dict(found.sums.sums)
    counts = {each.register.key: each.rows for each in registers.list_registers(world.me, world.desk)}
    assert counts == {**dict.fromkeys(SHIPPED, 0), key: 1}
    ((form_id, version, hash_, secrecy),) = world.sql(
        "SELECT form_id, form_version, form_hash, secrecy FROM register_row"
    )
    assert (form_id, version, secrecy) == (key, 1, register_named(key).secrecy)
    assert world.sql("SELECT count(*) FROM form_in_use WHERE hash = :h", h=hash_) == [(1,)]


def test_a_draft_lacks_what_it_lacks_and_is_edited(world: World) -> None:
    done = registers.add_row(world.me, world.desk, "F-61", Entry({"name": "周老师"}), file=False)
    assert done.value.state is RegisterState.DRAFT
    assert done.value.occurred_on == world.clock.now().date()
    assert registers.list_rows(world.me, world.desk, "F-61").sums.rows == 0
    changed = Entry({"name": "周老师", "date": "2027-03-01", "hours": "12"})
    edited = registers.edit_row(world.me, world.desk, done.value.id, changed, seen=done.value.updated_at)
    assert (edited.value.data["hours"], edited.value.term) == (12, "2026-2027-2")
    with pytest.raises(EntryRefused) as refused:
        registers.edit_row(world.me, world.desk, done.value.id, changed, file=True)
    assert set(refused.value.fields) == {"role", "training"}
    assert edited.changes.undo is not None
    take_back(world.me, world.desk, edited.changes.undo)
    assert rows(world) == [{"name": "周老师"}]
    whole = entry_for(register_named("F-61"), world)
    assert registers.edit_row(world.me, world.desk, done.value.id, whole, file=True).value.state is RegisterState.FILED


def test_a_filed_row_does_not_change_in_the_database_either(world: World) -> None:
    row = filed(world, "F-61")
    with pytest.raises(UserError, match="不能再改"):
        registers.edit_row(world.me, world.desk, row.id, entry_for(register_named("F-61"), world, 2))
    for change in ({"data": {"hours": 9}}, {"state": RegisterState.DRAFT}, {"occurred_on": date(2026, 1, 1)}):
        with pytest.raises(Exception, match="protected: register_row"), world.desk.change() as work:
            work.session.execute(update(RegisterRow).values(**change))


def test_a_row_that_moved_on_is_not_written_over(world: World) -> None:
    draft = registers.add_row(world.me, world.desk, "F-61", Entry({"name": "周老师"}), file=False)
    world.clock.moment += timedelta(minutes=1)
    registers.edit_row(world.me, world.desk, draft.value.id, Entry({"name": "吴老师"}))
    with pytest.raises(UserError):
        registers.edit_row(world.me, world.desk, draft.value.id, Entry({}), seen=draft.value.updated_at)
    assert draft.changes.undo is not None
    with pytest.raises(UserError):
        take_back(world.me, world.desk, draft.changes.undo)


def test_a_correction_voids_and_enters_anew(world: World) -> None:
    row = filed(world, "F-61", hours=8)
    right = entry_for(register_named("F-61"), world, hours=16)
    for reason in ("", "  "):
        with pytest.raises(UserError):
            registers.correct_row(world.me, world.desk, row.id, right, reason)
    corrected = registers.correct_row(world.me, world.desk, row.id, right, "学时写错").value
    assert corrected.id != row.id
    found = registers.list_rows(world.me, world.desk, "F-61", RowFilter(with_void=True))
    assert {each.id: each.void_reason for each in found.rows} == {row.id: "学时写错", corrected.id: None}
    assert (found.sums.rows, found.sums.sums["hours"]) == (1, 16)
    with pytest.raises(UserError, match="已经作废"):
        registers.correct_row(world.me, world.desk, row.id, right, "再来")
    with pytest.raises(EntryRefused):
        registers.correct_row(world.me, world.desk, corrected.id, Entry({}), "空的")
    assert registers.read_row(world.me, world.desk, corrected.id)[1].void_reason is None


def test_a_row_is_voided_with_a_reason_and_taken_back(world: World) -> None:
    row = filed(world, "F-61", training="沙盘游戏培训")
    assert search.search_text(world.me, world.desk, "沙盘").total == 1
    with pytest.raises(UserError, match="理由"):
        registers.void_row(world.me, world.desk, row.id, " ")
    done = registers.void_row(world.me, world.desk, row.id, "重复")
    assert rows(world) == []
    assert search.search_text(world.me, world.desk, "沙盘").total == 0
    with pytest.raises(UserError):
        registers.void_row(world.me, world.desk, row.id, "又一次")
    assert done.changes.undo is not None
    back = take_back(world.me, world.desk, done.changes.undo)
    assert len(rows(world)) == search.search_text(world.me, world.desk, "沙盘").total == 1
    assert back.changes.undo is not None
    take_back(world.me, world.desk, back.changes.undo)
    assert rows(world) == []
    assert world.sql("SELECT void_reason FROM register_row") == [("重复",)]
    with pytest.raises(UserError):
        registers.unvoid_row(world.me, world.desk, filed(world, "F-61").id)


# What may be answered.

WRONG = [
    ("date", "2026-02-30"),
    ("date", 3),
    ("hours", -1),
    ("hours", 401),
    ("hours", "八"),
    ("hours", True),
    ("hours", 1.5),
    ("role", "king"),
    ("role", ["full_time"]),
    ("training", "x" * 401),
    ("training", "a\x00b"),
    ("training", "\ud800"),
    ("training", 7),
    ("nothing", "x"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_an_answer_of_another_kind_is_refused_at_its_field(world: World, name: str, value: Any) -> None:
    before = world.dump()
    entry = entry_for(register_named("F-61"), world)
    with pytest.raises(EntryRefused) as refused:
        registers.add_row(world.me, world.desk, "F-61", Entry({**entry.data, name: value}), file=False)
    assert list(refused.value.fields) == [name]
    assert world.dump() == before


def test_what_does_not_apply_is_neither_kept_nor_asked_for(world: World) -> None:
    use = entry_for(register_named("F-75"), world, kind="use").data
    kept = kept_answers(register_named("F-75"), use, whole=True)
    assert {"user", "purpose", "returned_on"} <= set(kept)
    assert not {"area", "bought_on", "safe"} & set(kept)
    assert applying("F-75", {"kind": "check"}) & {"safe", "area", "user"} == {"safe"}
    # An answer to a field that does not apply itself counts for nothing.
    problem = applying("F-29", {"problem": "缺一卷"})
    assert {"action", "due", "closed"} <= problem
    assert not {"action", "due"} & applying("F-29", {})


FIELD_TYPES = ("text", "note", "person", "date", "time", "int", "bool", "choice", "choices", "table")
LINE = st.text(string.ascii_letters + string.digits + "心理辅导𬱖，。=+-@", min_size=1, max_size=40)


def answers_to(field: RegisterField) -> st.SearchStrategy[Any]:
    """Return answers a user can give to a field."""
    days = st.dates(date(1990, 1, 1), date(2100, 12, 31)).map(date.isoformat)
    simple: dict[str, st.SearchStrategy[Any]] = {
        "text": LINE,
        "person": LINE,
        "note": st.lists(LINE, min_size=1, max_size=3).map("\n".join),
        "date": days,
        "time": st.times().map(lambda time: f"{time:%H:%M}"),
        "int": st.integers(0, field.most or 1000),
        "bool": st.booleans(),
    }
    codes = st.sampled_from([choice.code for choice in field.choices] or [""])
    if field.type == "choice":
        return codes
    if field.type == "choices":
        return st.lists(codes, min_size=1, max_size=4)
    if field.type == "table":
        row = st.fixed_dictionaries({}, optional={column.link_id: answers_to(column) for column in field.columns})
        return st.lists(row.filter(bool), min_size=1, max_size=3)
    return simple[field.type]


@given(data=st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_answers_go_through_the_vault_and_come_back(shared: World, data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        with_own_registers(patch)
        register = register_named(KEY)
        assert {field.type for field in register.fields} == set(FIELD_TYPES) - {"person"} | {"person"}
        asked = [field for field in register.fields if field.link_id != register.person]
        optional = {field.link_id: answers_to(field) for field in asked}
        typed = data.draw(st.fixed_dictionaries({"day": optional.pop("day")}, optional=optional))
        row = registers.add_row(shared.me, shared.desk, KEY, Entry(typed, shared.students[0]), file=True).value
        stored = registers.read_row(shared.me, shared.desk, row.id)[1].data
        there = applying(KEY, typed)
        for field in asked:
            given_answer = typed.get(field.link_id) if field.link_id in there else None
            if field.type == "choices" and given_answer is not None:
                assert set(stored[field.link_id]) == set(given_answer)
            elif isinstance(given_answer, str):
                assert stored[field.link_id] == given_answer.strip()
            else:
                assert stored.get(field.link_id) == given_answer
            printable(field, stored.get(field.link_id))
            assert bool(shown_text(field, stored.get(field.link_id))) == (given_answer is not None)
        assert kept_answers(register, stored, whole=True) == stored


# A register that is only a file.


def test_a_register_needs_only_a_file(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_own_registers(monkeypatch)
    assert [each.register.title for each in registers.list_registers(world.me, world.desk)][-2:] == [
        "谈话",
        "热线登记簿",
    ]
    entry = Entry(
        {"day": "2026-10-10", "at": "14:05", "minutes": 30, "how": "face", "facts": "说到考试",
         "topics": ["sleep", "搬家"],
         "again": False, "agreed": [{"what": "早睡", "until": "2026-10-20", "times": 7}, {}]},
        world.students[0],
    )  # fmt: skip
    row = registers.add_row(world.me, world.desk, KEY, entry, file=True).value
    assert row.texts["who"] == "欧阳若曦"
    assert row.texts["agreed"] == "早睡 2026-10-20 7"
    counts = registers.count_rows(world.me, world.desk, KEY)
    assert {name: sums.sums["minutes"] for name, sums in counts.by_person.items()} == {"欧阳若曦": 30}
    assert list(counts.by_term) == ["2026-2027-1"]
    printed = print_form(world.me, world.desk, PrintRequest(KEY, row.id, Audience.ROOM)).value
    words = text_of(printed.pdf)
    for word in ("欧阳若曦", "2026年10月10日", "14:05", "30 分钟", "说到考试", "搬家", "早睡"):
        assert word in words, word
    assert "谈 话 登 记" in text_of(print_blank(KEY))
    exported = export_rows(world.me.because("学期统计"), world.desk, KEY)
    sheet = openpyxl.load_workbook(BytesIO(exported.content)).active
    assert sheet is not None
    heads, values = ([cell.value for cell in line] for line in sheet.iter_rows())
    cells = dict(zip(heads, values, strict=True))
    assert (cells["学生"], cells["时长"], cells["状态"]) == ("欧阳若曦", 30, "已登记")
    assert cells["日期"].date() == date(2026, 10, 10)


def test_a_row_about_a_student_is_everywhere_through_the_envelope_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_own_registers(monkeypatch)
    entry = Entry({"day": "2026-10-10", "facts": "说到考试失眠"}, world.students[0])
    row = registers.add_row(world.me, world.desk, KEY, entry, file=True).value
    assert world.sql("SELECT subject_person, org_unit FROM register_row") == [
        (world.students[0], world.people.class_id)
    ]
    # Timeline.
    told = timeline.timeline(world.me, world.desk, world.students[0]).entries
    assert [(each.entity, each.entity_id, each.number) for each in told] == [("register_row", row.id, "谈话登记")]
    # Search.
    (hit,) = search.search_text(world.me, world.desk, "失眠").hits
    assert (hit.entity_id, hit.subject_person, hit.title) == (row.id, world.students[0], "谈话 2026-10-10")
    # Attachments.
    attachments.attach_file(world.me, world.desk, "register_row", row.id, "纸条.txt", "好好睡觉".encode())
    # Merge: two entries were one person.
    with world.desk.change() as work:
        event = work.event(world.me.because("同一人"), "reassign", "register_row", row.id)
        columns = {"subject_person": world.students[1]}
        deeds.reassign(work.session, world.desk.vault.audit, event, columns, new_id=work.new_id)
    assert [each.subject_name for each in registers.list_rows(world.me, world.desk, KEY).rows] == ["单于青禾"]
    assert timeline.timeline(world.me, world.desk, world.students[0]).entries == ()
    assert {each.entity for each in timeline.timeline(world.me, world.desk, world.students[1]).entries} >= {
        "register_row"
    }
    assert search.search_text(world.me, world.desk, "失眠").hits[0].subject_person == world.students[1]
    # Redaction.
    with world.desk.change() as work:
        event = work.event(world.me.because("写错了学生"), "redact", "register_row", row.id)
        deeds.redact(work.session, world.desk.vault.audit, event, new_id=work.new_id)
    assert search.search_text(world.me, world.desk, "失眠").total == 0
    assert world.sql("SELECT data, void_reason FROM register_row") == [("{}", "写错了学生")]
    with pytest.raises(UserError):
        registers.unvoid_row(world.me, world.desk, row.id)


def test_a_student_must_be_chosen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with_own_registers(monkeypatch)
    for student in (None, "nobody"):
        with pytest.raises(EntryRefused) as refused:
            registers.add_row(world.me, world.desk, KEY, Entry({"day": "2026-10-10"}, student), file=False)
        assert list(refused.value.fields) == ["who"]


# Access.


def test_a_secret_register_shows_its_owner_s_rows_only(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with_own_registers(monkeypatch)
    mine = filed(world, LIST_KEY, said="我的来电")
    other = filed(world, LIST_KEY, 2, world.colleague, said="同事的来电")
    assert [row.id for row in registers.list_rows(world.colleague, world.desk, LIST_KEY).rows] == [other.id]
    for actor, seen in ((world.colleague, 1), (world.director, 0), (world.archivist, 0)):
        assert registers.list_rows(actor, world.desk, LIST_KEY).total == seen
        assert registers.count_rows(actor, world.desk, LIST_KEY).whole.rows == seen
    counts = {each.register.key: each.rows for each in registers.list_registers(world.colleague, world.desk)}
    assert counts[LIST_KEY] == 1
    with pytest.raises(AccessDenied):
        registers.read_row(world.colleague, world.desk, mine.id)
    for change in (
        lambda: registers.void_row(world.colleague, world.desk, mine.id, "x"),
        lambda: registers.edit_row(world.colleague, world.desk, mine.id, Entry({})),
        lambda: registers.correct_row(world.colleague, world.desk, mine.id, Entry({}), "x"),
    ):
        with pytest.raises(AccessDenied):
            change()
    before = len(world.audit())
    found = registers.list_rows(world.director.because("督导"), world.desk, LIST_KEY)
    assert {row.id for row in found.rows} == {mine.id, other.id}
    assert {(line.action, line.entity_id) for line in world.audit()[before:]} >= {("read", mine.id), ("read", other.id)}


def test_a_printed_list_of_a_secret_register_is_one_s_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with_own_registers(monkeypatch)
    filed(world, LIST_KEY, said="我的来电")
    filed(world, LIST_KEY, 2, world.colleague, said="同事的来电")
    register = register_named(LIST_KEY)
    mine = list_key(register, RowFilter(), world.colleague.person_id)
    request = PrintRequest(LIST_KEY, mine, Audience.ROOM, "存档", "存档")
    words = text_of(print_form(world.colleague, world.desk, request).value.pdf)
    assert "同事的来电" in words
    assert "我的来电" not in words
    theirs = list_key(register, RowFilter(), world.me.person_id)
    with pytest.raises(AccessDenied):
        prepare(world.colleague, world.desk, LIST_KEY, theirs)
    with pytest.raises(AccessDenied):
        prepare(world.director.because("x"), world.desk, LIST_KEY, theirs)


@pytest.mark.parametrize(("secrecy", "traced"), [("S1", False), ("S2", True), ("S3", True)])
def test_reading_what_is_secret_leaves_a_trace(
    world: World, monkeypatch: pytest.MonkeyPatch, secrecy: str, traced: bool
) -> None:
    with_own_registers(monkeypatch, secrecy=secrecy)
    row = registers.add_row(world.me, world.desk, KEY, Entry({"day": "2026-10-10"}, world.students[0]), file=True).value
    before = len(world.audit())
    registers.list_rows(world.me, world.desk, KEY)
    registers.read_row(world.me, world.desk, row.id)
    read = {(line.entity, line.entity_id) for line in world.audit()[before:] if line.action == "read"}
    assert read == ({("register", KEY), ("register_row", row.id)} if traced else set())


def test_filing_is_the_owner_s_and_signed_in_the_log(world: World) -> None:
    draft = registers.add_row(world.me, world.desk, "F-61", Entry({}), file=False).value
    whole = entry_for(register_named("F-61"), world)
    with pytest.raises(AccessDenied):
        registers.edit_row(world.colleague, world.desk, draft.id, whole, file=True)
    registers.edit_row(world.me, world.desk, draft.id, whole, file=True)
    (line,) = [line for line in world.audit() if line.action == "sign" and line.entity_id == draft.id]
    assert line.digest
    outsider = type(world.me)("x", "y", frozenset({Role.SYS_ADMIN}))
    for ask in (registers.list_registers, lambda actor, desk: registers.list_rows(actor, desk, "F-61")):
        with pytest.raises(AccessDenied):
            ask(outsider, world.desk)


# Lists.


def test_rows_are_filtered_before_they_are_counted(world: World) -> None:
    filed(world, "F-61", 1, date="2026-10-01", training="危机干预", hours=8)
    filed(world, "F-61", 2, date="2027-03-02", training="沙盘游戏", hours=16)
    filed(world, "F-61", 3, date="2020-01-01", training="旧培训", hours=4)
    found = registers.list_rows(world.me, world.desk, "F-61")
    assert (found.years, found.sums.sums["hours"]) == (("2026-2027", "2019-2020"), 28)
    for wanted, hours in (
        (RowFilter(academic_year="2026-2027"), 24),
        (RowFilter(term="2026-2027-2"), 16),
        (RowFilter(words="危机"), 8),
        (RowFilter(words="沙盘 游戏"), 16),
        (RowFilter(words="专职 沙盘"), 16),
        (RowFilter(words="没有"), 0),
    ):
        assert registers.list_rows(world.me, world.desk, "F-61", wanted).sums.sums["hours"] == hours, wanted
    counts = registers.count_rows(world.me, world.desk, "F-61")
    assert {term: sums.sums["hours"] for term, sums in counts.by_term.items()} == {"2026-2027-1": 8, "2026-2027-2": 16}
    assert counts.whole.rows == 3


def test_the_printed_list_has_the_filtered_rows_and_the_sums_by_person(world: World) -> None:
    filed(world, "F-61", 1, name="周老师", training="危机干预", hours=8)
    filed(world, "F-61", 2, name="周老师", training="沙盘游戏", hours=16)
    filed(world, "F-61", 3, name="吴老师", training="箱庭", hours=3)
    registers.add_row(world.me, world.desk, "F-61", Entry({"training": "还是草稿"}), file=False)
    register = register_named("F-61")
    wanted = list_key(register, RowFilter(words="周老师"), world.me.person_id)
    words = text_of(print_form(world.me, world.desk, PrintRequest("F-61", wanted, Audience.ROOM)).value.pdf)
    assert all(word in words for word in ("危机干预", "沙盘游戏", "24", "2026-2027", "第一学期"))
    assert "箱庭" not in words
    assert "草稿" not in words
    with pytest.raises(UserError):
        prepare(world.me, world.desk, "F-61", list_key(register, RowFilter(words="没有"), ""))
    with pytest.raises(UserError):
        prepare(world.me, world.desk, "F-61", filed(world, "F-61").id)
    sheet = prepare(world.me, world.desk, "F-29", filed(world, "F-29").id)
    assert draw(sheet, "room", (), "", "").pages == 1


def test_a_void_row_is_not_printed(world: World) -> None:
    row = filed(world, "F-29")
    registers.void_row(world.me, world.desk, row.id, "重复")
    with pytest.raises(UserError):
        prepare(world.me, world.desk, "F-29", row.id)


# Excel.


def test_the_table_is_exported_with_a_reason_and_logged(world: World) -> None:
    filed(world, "F-61", training='=HYPERLINK("http://x")', hours=8)
    filed(world, "F-61", 2, training="http://example.org", hours=9)
    with pytest.raises(UserError):
        export_rows(world.me, world.desk, "F-61")
    before = len(world.audit())
    exported = export_rows(world.me.because("学期统计"), world.desk, "F-61")
    assert exported.file_name == "F-61-培训学时-20261012.xlsx"
    assert exported.rows == 2
    (line,) = [line for line in world.audit()[before:] if line.action == "export"]
    assert (line.entity, line.entity_id, line.reason) == ("register", "F-61", "学期统计")
    book = openpyxl.load_workbook(BytesIO(exported.content))
    sheet = book.active
    assert sheet is not None
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert table[0][:4] == ["日期", "姓名", "角色", "培训名称"]
    place = table[0].index("培训名称")
    texts = {row[place].value: row[place].data_type for row in sheet.iter_rows(min_row=2)}
    assert texts == {'=HYPERLINK("http://x")': "s", "http://example.org": "s"} or set(texts.values()) <= {"s", "f"}
    assert [row[table[0].index("学时")] for row in table[1:]] == [8, 9]
    assert exported.content == export_rows(world.me.because("学期统计"), world.desk, "F-61").content
    with pytest.raises(UserError):
        export_rows(world.me.because("x"), world.desk, "F-75")


def test_an_unknown_register_or_row_is_a_sentence(world: World) -> None:
    for ask in (
        lambda: registers.list_rows(world.me, world.desk, "F-99"),
        lambda: registers.read_row(world.me, world.desk, "none"),
        lambda: registers.add_row(world.me, world.desk, "F-99", Entry({}), file=True),
    ):
        with pytest.raises(UserError):
            ask()
