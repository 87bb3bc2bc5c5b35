"""Follow-ups and statistics as forms see them (F-51, F-54, F-71)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from counselroom.model.care import FollowUpRecord, FollowUpTask
from counselroom.model.counselling import CaseFile
from counselroom.model.people import Student
from counselroom.rules.access import Subject
from counselroom.rules.care_words import CareTier, TaskState
from counselroom.rules.follow_up import Doer
from counselroom.rules.people import Gender
from counselroom.rules.secrecy import Secrecy
from counselroom.services import follow_up_rows
from counselroom.services.desk import Work
from counselroom.services.form_parts import (
    FormSubject,
    Values,
    missing,
    name_of,
    room_values,
    student_values,
    term_name,
)
from counselroom.services.statistics_counts import NO_TOPIC
from counselroom.services.statistics_rows import Statistics, figures, told

_OF_TEACHER = frozenset({Doer.CONTACT, Doer.GUARDIAN})
"""Whose tasks a card for the class teacher may name: those the teacher does or passes on."""
_TIERS = {
    CareTier.KEY_CONCERN: "重点关注",
    CareTier.KEY_INTERVENTION: "重点干预",
    CareTier.GROUP_SUPPORT: "群体帮扶",
}
_GENDERS = {Gender.MALE: "男", Gender.FEMALE: "女", Gender.UNKNOWN: "未登记"}


def _follow_up(work: Work, entity_id: str) -> FormSubject:
    row = work.session.get(FollowUpRecord, entity_id)
    if row is None or row.voided_at is not None:
        raise missing()
    task = None if row.task_id is None else work.session.get(FollowUpTask, row.task_id)
    code = work.session.scalar(
        select(CaseFile.code)
        .where(
            CaseFile.client_id == row.student_id,
            CaseFile.counsellor_id == row.counsellor_id,
            CaseFile.restricted.is_(False),
            CaseFile.voided_at.is_(None),
        )
        .order_by(CaseFile.opened_on.desc(), CaseFile.code.desc())
        .limit(1)
    )
    values: Values = {
        **student_values(work, row.student_id),
        **room_values(work),
        "case.code": code,
        "follow_up.origin": None if task is None else task.origin.value,
        "follow_up.rule": None if task is None else task.rule,
        "follow_up.task": None if task is None else task.task,
        "follow_up.due_on": None if task is None else task.due_on,
        "follow_up.held_on": row.held_on,
        "follow_up.mode": row.mode.value,
        "follow_up.done_by": row.done_by,
        "follow_up.mood": row.mood,
        "follow_up.sleep": row.sleep,
        "follow_up.study": row.study,
        "follow_up.social": row.social,
        "follow_up.family": row.family,
        "follow_up.peers_say": row.peers_say,
        "follow_up.risk": row.risk.value,
        "follow_up.change": row.change,
        "follow_up.measures": row.measures,
        "follow_up.tier_change_wanted": row.tier_change_wanted,
        "follow_up.next_on": row.next_on,
        "follow_up.counsellor": name_of(work, row.counsellor_id),
    }
    access = Subject("follow_up_record", row.id, Secrecy.S3, row.counsellor_id)
    return FormSubject(access, row.student_id, "", row.academic_year, term_name(row.term), values)


def _plan(work: Work, entity_id: str) -> FormSubject:
    """The open tasks of a student, whose id it is; numbers of rules tell tiers and are not on the card."""
    if work.session.get(Student, entity_id) is None:
        raise missing()
    rules = follow_up_rows.calendar(work).rules
    rows = work.session.scalars(
        select(FollowUpTask)
        .where(
            FollowUpTask.student_id == entity_id,
            FollowUpTask.state == TaskState.OPEN,
            FollowUpTask.voided_at.is_(None),
        )
        .order_by(FollowUpTask.due_on, FollowUpTask.rule, FollowUpTask.id)
    ).all()
    if not rows:
        raise missing()
    of_teacher = [row for row in rows if row.rule in rules and rules[row.rule].doer in _OF_TEACHER]
    values: Values = {
        **student_values(work, entity_id),
        **room_values(work),
        "plan.first_on": rows[0].due_on,
        "plan.last_on": rows[-1].due_on,
        "plan.counsellor": name_of(work, rows[0].owner_id),
        "plan.tasks": [
            {"due": row.due_on, "rule": row.rule, "task": row.task, "who": row.owner_role, "done": None} for row in rows
        ],
        "plan.card": [{"due": row.due_on, "task": row.task, "done": None} for row in of_teacher],
    }
    access = Subject("follow_up_task", entity_id, Secrecy.S2)
    return FormSubject(access, entity_id, "", rows[0].academic_year, term_name(rows[0].term), values)


def _topics(work: Work, found: Statistics) -> list[dict[str, object]]:
    """The topics that are told: visits, their share, and clients by grade; one row says that the others are few."""
    shown: list[dict[str, object]] = []
    named = [topic for topic in found.topics if topic.key != NO_TOPIC]
    for topic in named:
        if topic.visits:
            by_grade = zip(found.grades, topic.people, strict=True)
            clients = "，".join(f"{name or '未分年级'} {told(work, count)}" for name, count in by_grade)
            share = f"{round(100 * topic.visits / found.sessions)}%" if found.sessions else ""
            shown.append({"topic": topic.label, "visits": str(topic.visits), "share": share, "clients": clients})
    few = sum(topic.visits is None for topic in named)
    if few:
        shown.append({"topic": f"其余 {few} 类", "visits": told(work, None), "share": "", "clients": ""})
    return shown


def _statistics(work: Work, entity_id: str) -> FormSubject:
    """The figures of a period, which is named `2026-09-01_2027-01-20`."""
    first, _mark, last = entity_id.partition("_")
    try:
        found = figures(work, date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise missing() from None
    groups = []
    if found.clients is not None:
        for name, row, total in zip(found.grades, found.clients.cells, found.clients.row_totals, strict=True):
            line: dict[str, object] = {"grade": name or "未分年级", "total": told(work, total)}
            counts = dict(zip(found.genders, row, strict=True))
            groups.append(line | {gender.value: told(work, counts[gender]) for gender in _GENDERS})
    percent = "" if found.follow_up.percent is None else f"，按时 {found.follow_up.percent}%"
    values: Values = {
        **room_values(work),
        "statistics.period": f"{found.first:%Y-%m-%d} 至 {found.last:%Y-%m-%d}",
        "statistics.sessions": told(work, found.sessions),
        "statistics.clients": told(work, found.students),
        "statistics.opened": told(work, found.opened),
        "statistics.closed": told(work, found.closed),
        "statistics.absences": told(work, found.absences),
        "statistics.appointments": told(work, found.appointments),
        "statistics.referrals": told(work, found.referrals),
        "statistics.answered": told(work, found.answered),
        "statistics.on_time": f"到期 {told(work, found.follow_up.due)}{percent}",
        "statistics.months": [{"month": month, "count": told(work, count)} for month, count in found.months],
        "statistics.groups": groups,
        "statistics.topics": _topics(work, found),
        "statistics.tiers": [
            {
                "tier": _TIERS[each.tier],
                "students": told(work, each.students),
                "on_time": "" if each.on_time.percent is None else f"{each.on_time.percent}%",
            }
            for each in found.tiers
        ],
    }
    return FormSubject(Subject("statistics", entity_id, Secrecy.S1), None, "", None, None, values)


CARE_LOADERS: dict[str, Callable[[Work, str], FormSubject]] = {
    "follow_up": _follow_up,
    "follow_up_plan": _plan,
    "statistics": _statistics,
}
