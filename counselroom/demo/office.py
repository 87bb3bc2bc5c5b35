"""The office's part of the day: the registers of storage checks, training hours, rooms and equipment."""

from __future__ import annotations

from typing import Any

from counselroom.demo.stage import Stage, require
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.services import registers
from counselroom.services.registers import Entry

_ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "F-29",
        {
            "date": "2026-10-08",
            "period": "holiday",
            "scope": "档案室一号柜",
            "inspector": "林示例",
            "expected": 118,
            "found": 117,
            "missing": 1,
            "damaged": 0,
            "environment": ["theft", "fire", "damp", "clean"],
            "backup_readable": True,
            "problem": "一册借出未还。",
            "action": "已联系借阅人，周五前归还。",
            "due": "2026-10-16",
        },
    ),
    *(
        (
            "F-61",
            {
                "date": day,
                "name": name,
                "role": role,
                "training": training,
                "level": level,
                "kind": "course",
                "organizer": organizer,
                "hours": hours,
            },
        )
        for day, name, role, training, level, organizer, hours in (
            ("2026-09-05", "林示例", "full_time", "危机干预与转介实务", "city", "青禾市教育局", 16),
            ("2026-09-19", "周示例", "part_time", "心理危机识别", "county", "示例区教师进修学校", 8),
            ("2026-09-26", "陈示例", "class_teacher", "班主任心理健康教育", "school", "青禾市示例中学", 4),
            ("2026-10-10", "林示例", "full_time", "青少年情绪辅导督导", "province", "省心理学会", 6),
        )
    ),
    (
        "F-75",
        {"date": "2026-09-02", "kind": "stock", "room": "sandplay", "area": 24, "equipment": "沙具架", "quantity": 2},
    ),
    ("F-75", {"date": "2026-10-09", "kind": "check", "room": "counselling", "safe": True, "state": "good"}),
    ("F-75", {"date": "2026-10-12", "kind": "use", "room": "group", "user": "周示例", "purpose": "班级团体辅导"}),
)


def keep_the_registers(stage: Stage) -> str:
    """Enter rows into three registers, see the sums, and see a filed row refuse an edit."""
    for key, data in _ROWS:
        row = registers.add_row(stage.actor, stage.desk, key, Entry(data), file=True).value
        stage.ids["register_row"] = row.id if key == "F-61" else stage.ids.get("register_row", "")
    sums = registers.count_rows(stage.actor, stage.desk, "F-61").whole
    require(34 in sums.sums.values(), _("The hours of training do not add up."))
    try:
        registers.edit_row(stage.actor, stage.desk, stage.ids["register_row"], Entry(_ROWS[1][1]), file=True)
    except UserError:
        return _(
            "Registers: {count} rows entered and filed, hours added up; an edit of a filed row was refused."
        ).format(count=len(_ROWS))
    require(held=False, sentence=_("A filed row was edited."))
    raise AssertionError  # pragma: no cover - require never returns here
