from __future__ import annotations

import hashlib
from collections.abc import Callable
from enum import StrEnum

import pytest

from counselroom.errors import Bug
from counselroom.printing.definitions import Audience, Form, Secrecy
from counselroom.printing.fonts import form_font
from counselroom.printing.form_files import FormRefused, check_school_copy, load_form, load_forms, read_form
from counselroom.rules.archive import CollectionSource, FamilyStructure
from counselroom.rules.counselling import Mode, RiskLevel
from counselroom.rules.disclosure import DisclosureClass
from counselroom.rules.people import SpecialGroup
from counselroom.rules.referral import ConsentAnswer, ReferralTarget, ReferralUrgency
from tests.printing.columns import COLUMNS

GOOD = """[form]
id = "F-01"
title = "试用表"
title_en = "Trial form"
version = 1
secrecy = "S2"
audiences = ["room", "guardian"]
subject = "student"

[[part]]
id = "slip"
tear_off = true

[[item]]
linkId = "name"
text = "姓名"
type = "text"
bind = "student.name"
audiences = ["room", "guardian"]
at = { row = 1, col = 1, span = 6 }

[[item]]
linkId = "kind"
text = "类别"
type = "choice"
options = ["甲", "乙"]
disclosure = "event_fact"
at = { row = 1, col = 7, span = 6 }

[[item]]
linkId = "people"
text = "人员"
type = "table"
bind = "card.family_members"
columns = [{ linkId = "who", text = "称谓" }, { linkId = "age", text = "年龄", type = "int" }]
at = { row = 2, col = 1, span = 12, lines = 3 }

[[item]]
linkId = "more"
text = "说明"
type = "note"
bind = "session.section.content"
enableWhen = { question = "kind", operator = "=", answer = "甲" }
at = { row = 3, col = 1, span = 12, lines = 2 }

[[signature]]
role = "head"
text = "负责人"

[[footnote]]
text = "本表不能当作诊断依据。"
fixed = true
"""


def refused(source: str, file: str = "F-01.toml") -> FormRefused:
    with pytest.raises(FormRefused) as caught:
        read_form(source, file, COLUMNS)
    return caught.value


def test_a_good_form_is_read() -> None:
    form = read_form(GOOD, "F-01.toml", COLUMNS)
    assert (form.id, form.title, form.secrecy) == ("F-01", "试用表", Secrecy.S2)
    assert form.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()
    assert form.classes == {
        "name": DisclosureClass.IDENTITY,
        "kind": DisclosureClass.EVENT_FACT,
        "people": DisclosureClass.OTHERS,
        "more": DisclosureClass.SESSION_TEXT,
    }
    assert [part.id for part in form.definition.parts()] == ["main", "slip"]
    assert form.definition.item[1].audiences == (Audience.ROOM,)


def test_the_hash_does_not_depend_on_line_ends_or_a_byte_order_mark() -> None:
    windows = "\ufeff" + GOOD.replace("\n", "\r\n")
    assert read_form(windows, "F-01.toml", COLUMNS) == read_form(GOOD, "F-01.toml", COLUMNS)
    assert read_form(GOOD + "\n", "F-01.toml", COLUMNS).sha256 != read_form(GOOD, "F-01.toml", COLUMNS).sha256


def test_the_source_makes_the_same_form_again() -> None:
    form = read_form(GOOD, "F-01.toml", COLUMNS)
    assert read_form(form.source, "F-01.toml", COLUMNS) == form


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('title = "试用表"', "title = 试用表", 3, "TOML"),
        ('title = "试用表"\n', "", 1, "缺少 form.title"),
        ("version = 1\n", "version = 1\ncolour = 2\n", 6, "不认识 form.colour"),
        ("version = 1", "version = 0", 5, "form.version"),
        ('secrecy = "S2"', 'secrecy = "S9"', 6, "form.secrecy"),
        ('id = "F-01"', 'id = "F-1"', 2, "form.id"),
        ('id = "F-01"', 'id = "F-02"', 2, "文件名"),
        ('linkId = "kind"', 'linkId = "name"', 23, "重复"),
        ('id = "slip"', 'id = "name"', 11, "重复"),
        ("tear_off = true\n", 'tear_off = true\n[[part]]\nid = "slip"\n', 14, "重复"),
        ("row = 1, col = 7, span = 6", 'part = "none", row = 1, col = 7, span = 6', 28, "none"),
        ('role = "head"', 'role = "head"\npart = "none"', 48, "none"),
        ("fixed = true", 'fixed = true\npart = "none"', 53, "none"),
        ('options = ["甲", "乙"]\n', "", 25, "选项"),
        ('type = "text"\nbind', 'type = "choice"\nbind', 17, "选项"),
        ('["甲", "乙"]', '["甲", "甲"]', 26, "代码相同"),
        (
            'columns = [{ linkId = "who", text = "称谓" }, { linkId = "age", text = "年龄", type = "int" }]\n',
            "",
            33,
            "列",
        ),
        ('linkId = "age"', 'linkId = "who"', 35, "linkId"),
        ('type = "text"\nbind', 'type = "signature"\nbind', 18, "手写"),
        ('bind = "student.name"', 'bind = "student.name"\ndisclosure = "identity"', 19, "信息类别"),
        ('bind = "student.name"', 'bind = "student.name"\nrequired = true\noptional = true', 20, "可选"),
        ("col = 7, span = 6", "col = 8, span = 6", 28, "十二列"),
        ("col = 7, span = 6", "col = 13, span = 6", 28, "item.at"),
        ("col = 7, span = 6", "col = 7, span = 1", 28, "标签"),
        ("row = 2, col = 1, span = 12", "row = 2, col = 1, span = 11", 36, "独占"),
        ("row = 3, col = 1, span = 12", "row = 2, col = 1, span = 12", 44, "独占"),
        ("col = 7, span = 6", "col = 6, span = 6", 28, "name"),
        ('audiences = ["room", "guardian"]\nat', 'audiences = ["room", "peer"]\nat', 19, "同伴"),
        ('question = "kind"', 'question = "other"', 43, "other"),
        ('question = "kind"', 'question = "more"', 43, "more"),
        ('{ question = "kind", operator = "=", answer = "甲" }', "{ all = [], any = [] }", 43, "all"),
        ('operator = "="', 'operator = "like"', 43, "operator"),
        ('bind = "student.name"', 'bind = "student.nickname"', 18, "student.nickname"),
        (
            'disclosure = "event_fact"\n',
            'disclosure = "session_text"\naudiences = ["room", "guardian"]\n',
            28,
            "监护人",
        ),
        ('text = "姓名"', 'text = "姓名☐"', 16, "U+2610"),
        ('text = "姓名"', 'text = "姓名😀"', 16, "U+1F600"),
        ('text = "姓名"', 'text = "抑郁症"', 16, "抑郁症"),
        ('["甲", "乙"]', '["诊断", "乙"]', 26, "诊断"),
        ('text = "称谓"', 'text = "诊断"', 35, "诊断"),
        ("不能当作诊断依据", "作出诊断", 51, "诊断"),
        ('text = "负责人"', 'text = "诊断人"', 48, "诊断"),
        ('id = "slip"\n', 'id = "slip"\ntitle = "诊断"\n', 12, "诊断"),
        ('subject = "student"', 'subject = "student"\npurpose = "诊断"', 9, "诊断"),
        ('subject = "student"', 'subject = "student"\ncopy_labels = { room = "诊断联" }', 9, "诊断"),
        ('audiences = ["room", "guardian"]\nsubject', "audiences = []\nsubject", 7, "form.audiences"),
        ('type = "note"', 'type = "display"', 41, "item.type"),
        ('linkId = "kind"', 'linkId = "Kind!"', 23, "linkId"),
    ],
)
def test_a_wrong_entry_is_named_with_its_line(old: str, new: str, line: int, words: str) -> None:
    assert old in GOOD
    refusal = refused(GOOD.replace(old, new, 1))
    assert (refusal.file, refusal.line) == ("F-01.toml", line)
    assert words in refusal.reason
    assert "F-01.toml" in refusal.happened
    assert str(line) in refusal.happened


def test_a_condition_may_not_depend_on_what_its_reader_does_not_see() -> None:
    source = GOOD.replace('linkId = "more"\n', 'linkId = "more"\naudiences = ["room", "guardian"]\n').replace(
        'bind = "session.section.content"', 'bind = "referral.reason"'
    )
    assert "kind" in refused(source).reason


def test_a_column_of_a_table_may_have_a_class_of_its_own() -> None:
    source = GOOD.replace('bind = "card.family_members"', 'bind = "card.source"\naudiences = ["guardian"]')
    read_form(source, "F-01.toml", COLUMNS)
    stricter = {**COLUMNS, "card.source.age": DisclosureClass.ILLNESS}
    with pytest.raises(FormRefused) as caught:
        read_form(source, "F-01.toml", stricter)
    assert "people" in caught.value.reason


def test_an_item_without_bind_and_class_is_for_the_pen() -> None:
    form = read_form(GOOD.replace('disclosure = "event_fact"\n', ""), "F-01.toml", COLUMNS)
    assert "kind" not in form.classes


def school_copy(change: Callable[[str], str] = str) -> Form:
    return read_form(change(GOOD.replace('id = "F-01"', 'id = "F-01.school"')), "F-01.school.toml", COLUMNS)


def test_a_school_may_change_the_words_of_its_copy() -> None:
    original = read_form(GOOD, "F-01.toml", COLUMNS)
    check_school_copy(original, school_copy(lambda text: text.replace("类别", "分类")), "F-01.school.toml")
    fewer = school_copy(lambda text: text.replace('audiences = ["room", "guardian"]\nat', 'audiences = ["room"]\nat'))
    check_school_copy(original, fewer, "F-01.school.toml")
    more = (
        '[[item]]\nlinkId = "own"\ntext = "自拟"\ntype = "text"\nat = { row = 9, col = 1, span = 12 }\n\n[[signature]]'
    )
    check_school_copy(original, school_copy(lambda text: text.replace("[[signature]]", more)), "F-01.school.toml")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "F-01.school"', 'id = "F-01"', ".school"),
        ('secrecy = "S2"', 'secrecy = "S1"', "密级"),
        ('text = "本表不能当作诊断依据。"', 'text = "仅供参考。"', "脚注"),
        ('options = ["甲", "乙"]', 'options = ["甲", "乙"]\naudiences = ["room", "guardian"]', "kind"),
        ('bind = "student.name"', 'bind = "student.student_no"', "name"),
    ],
)
def test_a_school_may_not_weaken_its_copy(old: str, new: str, words: str) -> None:
    original = read_form(GOOD, "F-01.toml", COLUMNS)
    source = GOOD.replace('id = "F-01"', 'id = "F-01.school"')
    assert old in source
    copy = read_form(source.replace(old, new), "copy.toml", COLUMNS)
    with pytest.raises(FormRefused) as caught:
        check_school_copy(original, copy, "copy.toml")
    assert words in caught.value.reason


def test_all_shipped_forms_are_accepted() -> None:
    forms = load_forms(COLUMNS)
    assert {"F-06", "F-11", "F-19", "F-50"} <= set(forms)
    assert all(form.id == name for name, form in forms.items())


def test_a_form_that_is_not_shipped_is_a_bug() -> None:
    with pytest.raises(Bug):
        load_form("F-99", COLUMNS)


def test_every_character_of_the_shipped_forms_is_in_the_font(forms: dict[str, Form]) -> None:
    font = form_font()
    for form in forms.values():
        strange = {character for character in form.source if character != "\n" and not font.covers(character)}
        assert not strange, form.id


def under(subject: str, fields: str) -> set[str]:
    return {f"{subject}.{field}" for field in fields.split()}


def test_the_shipped_forms_have_the_fields_that_are_asked_for(forms: dict[str, Form]) -> None:
    """R-19 and the list of forms: the binds that a complete form must have."""
    binds = {name: {item.bind for item in form.definition.item} for name, form in forms.items()}
    student = under("student", "student_no name gender birth_date grade class_name dorm phone")
    guardian = under("guardian", "name relation phone backup_phone address")
    assert student | guardian <= binds["F-19"]
    assert student | guardian <= binds["F-50"]
    assert not any(bind and bind.startswith(("student.", "guardian.")) for bind in binds["F-11"] | binds["F-06"])
    # An appointment slip gets lost in corridors: nothing on it may say why somebody comes.
    slip = under("appointment", "number starts_on time_span place counsellor minutes mode") | {"room.reschedule_phone"}
    assert {bind for bind in binds["F-06"] if bind} == slip
    unused = set(COLUMNS) - {bind for found in binds.values() for bind in found}
    assert unused <= {"student.address", "referral.number", "room.name"}


@pytest.mark.parametrize(
    ("form", "item", "words"),
    [
        ("F-06", "mode", Mode),
        ("F-11", "mode", Mode),
        ("F-11", "risk_level", RiskLevel),
        ("F-19", "family_structure", FamilyStructure),
        ("F-19", "special_groups", SpecialGroup),
        ("F-19", "source", CollectionSource),
        ("F-50", "to_kind", ReferralTarget),
        ("F-50", "urgency", ReferralUrgency),
        ("F-50", "risk", RiskLevel),
        ("F-50", "client_consent", ConsentAnswer),
        ("F-50", "guardian_consent", ConsentAnswer),
    ],
)
def test_the_options_are_those_of_the_rules(forms: dict[str, Form], form: str, item: str, words: type[StrEnum]) -> None:
    entry = next(entry for entry in forms[form].definition.item if entry.link_id == item)
    assert {option.code for option in entry.options} == {word.value for word in words}
