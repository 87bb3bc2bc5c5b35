"""An invented school: nobody in it exists, no number belongs to anyone, and the same seed gives the same school."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗单仇解曾查区朴盖尉乐华任葛员缪"
_GIVEN = "一丁七乙子小安宁可心欣雨晴明远航思源知行若水书言景行佳禾星辰沐白清和予希嘉树念慈乔𬱖䶮堃喆"
_REMARKS = ("", "", "", "", "留守", "单亲", "困难", "")
_RELATIONS = ("父亲", "母亲", "祖母")

HEADER = ("学籍号", "姓名", "性别", "出生日期", "年级", "班级", "宿舍", "监护人", "关系", "监护人电话", "备注")


@dataclass(frozen=True)
class InventedStudent:
    """A student of the invented school, one row of its roster."""

    student_no: str
    name: str
    gender: str
    birth_date: str
    grade: str
    class_name: str
    dorm: str
    guardian: str
    relation: str
    guardian_phone: str
    remark: str

    def cells(self) -> tuple[str, ...]:
        """Return the row as the roster has it, in the order of `HEADER`."""
        return (
            self.student_no,
            self.name,
            self.gender,
            self.birth_date,
            self.grade,
            self.class_name,
            self.dorm,
            self.guardian,
            self.relation,
            self.guardian_phone,
            self.remark,
        )


def invent_students(count: int, seed: int) -> tuple[InventedStudent, ...]:
    """Return `count` students of three grades; the first is always 张晓明."""
    chance = random.Random(seed)  # noqa: S311 - invented people, not secrets
    students = []
    for index in range(count):
        cohort = index * 3 // count
        surname = chance.choice(_SURNAMES)
        name = surname + "".join(chance.sample(_GIVEN, chance.choice((1, 2, 2))))
        if index == 0:
            name = "张晓明"
        students.append(
            InventedStudent(
                student_no=f"G{2026 - cohort}{index:06d}",
                name=name,
                gender=chance.choice("男女"),
                birth_date=f"{2013 - cohort}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
                grade=("七年级", "八年级", "九年级")[cohort],
                class_name=f"{index // 40 % 8 + 1}班",
                dorm=f"{chance.randint(1, 6)}栋{chance.randint(101, 620)}" if chance.random() < 0.5 else "",
                guardian=name[0] + chance.choice(_GIVEN[:40]),
                relation=chance.choice(_RELATIONS),
                guardian_phone=f"1390{index:07d}",
                remark=chance.choice(_REMARKS),
            )
        )
    return tuple(students)


def roster_file(students: tuple[InventedStudent, ...]) -> bytes:
    """Return the roster as a school office saves it: CSV in GB18030 with a header row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(student.cells() for student in students)
    return text.getvalue().encode("gb18030")
