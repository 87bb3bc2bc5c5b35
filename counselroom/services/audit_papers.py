"""打印份数与审计清单 as a form sees it (F-68): a part of the audit log, with the copies that left the room in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.base import canonical_json
from counselroom.model.office import PrintLog
from counselroom.model.safekeeping import AuditRow
from counselroom.rules.access import Action, Subject
from counselroom.rules.school_calendar import place_of
from counselroom.rules.secrecy import Secrecy
from counselroom.services.audit_extract import AuditFilter, audit_conditions, audit_names, reason_words
from counselroom.services.audit_words import action_word, entity_word
from counselroom.services.desk import Work
from counselroom.services.form_parts import FormSubject, Values, missing, term_name

ENTITY: Final = "audit_log"
MOST_PRINTED: Final = 500
"""Rows of one paper."""
LONGEST_RECORD: Final = 12
"""Characters of what names a record without being an id, such as a year."""
_Copies = dict[tuple[datetime, str, str, str], list[PrintLog]]
_SHOWN = 8
"""Characters of an id and of a check value that are printed."""


def audit_key(wanted: AuditFilter) -> str:
    """Return what the printer is told to print an extract: the filter itself."""
    return canonical_json({key: str(value) for key, value in asdict(wanted).items() if value})


def _read_key(key: str) -> AuditFilter:
    try:
        found: dict[str, Any] = {**json.loads(key)}
        for name in ("first", "last"):
            if name in found:
                found[name] = date.fromisoformat(found[name])
        found["last_seq"] = int(found.get("last_seq", 0))
        return AuditFilter(**found)
    except (ValueError, TypeError):
        raise missing() from None


def _audit_log(work: Work, entity_id: str) -> FormSubject:
    """The log belongs to nobody at the desk: it is as secret as another's note, for the director with a reason."""
    wanted, zone = _read_key(entity_id), work.now.tzinfo
    conditions = audit_conditions(wanted, zone)
    count = work.session.scalar(select(func.count()).select_from(AuditRow).where(*conditions)) or 0
    if not 0 < count <= MOST_PRINTED:
        raise UserError(
            _("The extract has no row, or more than {most}.").format(most=f"{MOST_PRINTED:,}"),
            _("Nothing was printed."),
            _("Please choose other days."),
        )
    rows = work.session.scalars(select(AuditRow).where(*conditions).order_by(AuditRow.seq)).all()
    copies = _copies(work, rows[0].at, rows[-1].at)
    names = audit_names(work.session)
    first, last = rows[0], rows[-1]
    begin, end = first.at.astimezone(zone).date(), last.at.astimezone(zone).date()
    who = "全体人员" if not wanted.actor_id else names.get(wanted.actor_id, "本程序")
    what = "全部动作" if not wanted.action else action_word(wanted.action)
    values: Values = {
        "audit.period": f"{wanted.first or begin:%Y-%m-%d} 至 {wanted.last or end:%Y-%m-%d}",
        "audit.count": f"{count} 行（第 {first.seq} 至 {last.seq} 号）",
        "audit.wanted": f"{who}，{what}",
        "audit.chain": last.hash.hex()[:32],
        "audit.rows": [
            {
                "number": str(row.seq),
                "time": f"{row.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
                "who": names.get(row.actor_id, "本程序"),
                "action": action_word(row.action),
                "subject": entity_word(row.entity),
                "record": _record(row.entity_id),
                "reason": reason_words(row.reason),
                **_copy_of(row, copies),
                "ended": "",
                "check": row.hash.hex()[:_SHOWN],
            }
            for row in rows
        ],
    }
    terms = work.terms()
    places = {(place.academic_year, place.term) for place in (place_of(begin, terms), place_of(end, terms))}
    year, term = next(iter(places)) if len(places) == 1 else (None, None)
    access = Subject(ENTITY, entity_id, Secrecy.S3, owner="", restricted=False)
    return FormSubject(access, None, "", year, term_name(term), values)


def _copies(work: Work, first: datetime, last: datetime) -> _Copies:
    """Return the copies of a time by moment, account and record: a copy and its row were written together."""
    found: _Copies = {}
    for copy in work.session.scalars(
        select(PrintLog).where(PrintLog.printed_at.between(first, last)).order_by(PrintLog.copy_no.desc())
    ):
        found.setdefault((copy.printed_at, copy.printed_by, copy.entity, copy.entity_id), []).append(copy)
    return found


def _copy_of(row: AuditRow, copies: _Copies) -> dict[str, str]:
    waiting = copies.get((row.at, row.actor_id, row.entity, row.entity_id), [])
    if row.action != Action.PRINT or not waiting:
        return {"recipient": "", "copy": ""}
    copy = waiting.pop()
    return {"recipient": copy.recipient or "", "copy": str(copy.copy_no)}


def _record(entity_id: str) -> str:
    """Return the beginning of an id; the key of a list says nothing here."""
    if entity_id.startswith("{"):
        return ""
    return entity_id[:_SHOWN] if len(entity_id) > LONGEST_RECORD else entity_id


AUDIT_LOADERS: dict[str, Callable[[Work, str], FormSubject]] = {ENTITY: _audit_log}
