"""Which rows can't be changed, and what each lawful deed may change in them.

The rules are enforced by triggers in the database, so that no path around the services exists. `triggers.sql` is what
`render` writes from the table here and from the columns of the model; it is kept as a file because migrations and a
reader need it without the model, and a test compares the two. After a change here or in the model:

    python -c "from counselroom.vault import protection; protection.write()"
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Date, Enum, Table

from counselroom.model import Base
from counselroom.model.base import Moment
from counselroom.rules.disclosure import DisclosureClass

TRIGGERS_FILE: Final = Path(__file__).with_name("triggers.sql")


class DeedKind(StrEnum):
    """The four lawful deeds on a protected row."""

    AMEND = "amend"
    """Sets a correction beside it."""
    REDACT = "redact"
    """Blanks what it says: it was written about the wrong student."""
    REASSIGN = "reassign"
    """Gives it to another person or file: two entries were one person."""
    DESTROY = "destroy"
    """Deletes it after its retention time, or on a lawful demand."""


@dataclass(frozen=True)
class Protection:
    """How the rows of one table are protected.

    Attributes:
        frozen_when: SQL condition on `OLD` from when on the row is protected.
        reassignable: columns that reassign may change.
        free: columns that may change without a deed, as far as `step` holds.
        step: SQL condition on `OLD` and `NEW` for such a change.
        by_deeds: False for the vault's own log, on which no deed is lawful at all.
        blank: what redact writes instead of an empty text, by column.
    """

    frozen_when: str = "1"
    reassignable: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    step: str = "1"
    by_deeds: bool = True
    blank: dict[str, str] = field(default_factory=dict)


_TOUCH: Final = ("updated_at", "updated_by")
_VOID: Final = ("voided_at", "voided_by", "void_reason")

# Voided as a whole, and a reason once given stays.
_VOIDED_ONCE: Final = (
    "(NEW.voided_at IS NULL) = (NEW.voided_by IS NULL) AND (NEW.voided_at IS NULL) = (NEW.void_reason IS NULL)"
    " AND (OLD.voided_at IS NULL OR (NEW.voided_at IS OLD.voided_at AND NEW.voided_by IS OLD.voided_by"
    " AND NEW.void_reason IS OLD.void_reason))"
)


def _same(*columns: str) -> str:
    return " AND ".join(f"NEW.{column} IS OLD.{column}" for column in columns)


def _once(*columns: str) -> str:
    return " AND ".join(f"(OLD.{column} IS NULL OR NEW.{column} IS OLD.{column})" for column in columns)


_EVENT_TEXT: Final = (
    "case_id", "counsellor_id", "deputy_id", "occurred_at", "found_by", "place", "kind", "level", "facts", "measures",
    "commander", "care_point", "state", "plan", "restricted", "closed_at", "closed_by", "close_reason", "outcome",
)  # fmt: skip
_STEP_CLOCK: Final = ("runs_from_at", "due_at", "clock_at", "clock_boot", "clock_ms")
_STEP_END: Final = (
    "owner_id", "state", "done_at", "done_by", "note", "late_reason", "skip_reason", "recorded_at", "recorded_by",
)  # fmt: skip
_NOTICE_REPLY: Final = ("reply", "expected_at", "arrived_at", "receipt_at")
_TIER_END: Final = ("state", "ended_at", "ended_by", "end_reason")
_TIER_CARE: Final = ("counsellor_id", "contact_id", "contact_name", "review_due_on")
_TASK_END: Final = ("owner_id", "state", "closed_at", "closed_by", "close_reason", "replaced_by")

PROTECTED: Final[dict[str, Protection]] = {
    "session_record": Protection(
        frozen_when="OLD.signed_at IS NOT NULL",
        reassignable=("case_id", "client_id", "appointment_id", "seq"),
        blank={"sections": "{}", "topics": "[]"},
    ),
    "amendment": Protection(reassignable=("subject_person",)),
    "consent": Protection(
        frozen_when="OLD.signed_at IS NOT NULL",
        reassignable=("client_id",),
        free=("withdrawn_at", *_TOUCH),
        step="NEW.withdrawn_at IS OLD.withdrawn_at OR OLD.withdrawn_at IS NULL",
    ),
    "archive_card": Protection(
        frozen_when="OLD.filed_at IS NOT NULL",
        reassignable=("archive_id", "student_id"),
        blank={"family_members": "[]", "major_events": "[]", "special_groups": "[]"},
    ),
    "archive_item": Protection(frozen_when="OLD.filed_at IS NOT NULL", reassignable=("archive_id",)),
    "referral": Protection(
        frozen_when="OLD.issued_at IS NOT NULL",
        reassignable=("student_id", "case_id"),
        free=("state", *_TOUCH),
        step="NEW.state IS OLD.state OR NEW.state NOT IN ('assessed', 'consented', 'waived')",
    ),
    "referral_feedback": Protection(),
    "referral_supplement": Protection(),
    "register_row": Protection(
        frozen_when="OLD.state = 'filed'",
        reassignable=("subject_person",),
        free=(*_VOID, *_TOUCH),
        # Voided as a whole, and a reason once given stays; taken back as a whole, but not what was blanked.
        step="(NEW.voided_at IS NULL) = (NEW.voided_by IS NULL) AND (NEW.voided_at IS NULL) = (NEW.void_reason IS NULL)"
        " AND (OLD.voided_at IS NULL OR (NEW.voided_at IS NULL AND OLD.data != '{}')"
        " OR (NEW.voided_at IS OLD.voided_at AND NEW.voided_by IS OLD.voided_by"
        " AND NEW.void_reason IS OLD.void_reason))",
        blank={"data": "{}"},
    ),
    "crisis_assessment": Protection(
        frozen_when="OLD.signed_at IS NOT NULL",
        reassignable=("student_id", "case_id"),
        free=("reviewed_by", "reviewed_at", *_TOUCH),
        step=_once("reviewed_by", "reviewed_at"),
        blank={"criteria": "[]"},
    ),
    # When it was found never changes: all deadlines count from there. Closed, it stays.
    "crisis_event": Protection(
        reassignable=("student_id",),
        free=(*_EVENT_TEXT, *_VOID, *_TOUCH),
        step=f"((OLD.closed_at IS NULL AND OLD.voided_at IS NULL) OR ({_same(*_EVENT_TEXT)})) AND {_VOIDED_ONCE}",
    ),
    # A deadline is set once. What is settled is only voided, when an undo sets an open copy in its place.
    "crisis_step": Protection(
        free=(*_STEP_CLOCK, *_STEP_END, *_VOID, *_TOUCH),
        step=f"{_once(*_STEP_CLOCK)} AND {_VOIDED_ONCE}"
        f" AND ((OLD.state = 'open' AND OLD.voided_at IS NULL) OR ({_same(*_STEP_CLOCK, *_STEP_END)}))",
    ),
    "crisis_log": Protection(),
    "contact_attempt": Protection(),
    "guard_period": Protection(frozen_when="OLD.ended_at IS NOT NULL"),
    "guard_shift": Protection(frozen_when="OLD.handed_over_at IS NOT NULL"),
    "guardian_notice": Protection(
        frozen_when="OLD.issued_at IS NOT NULL", free=(*_NOTICE_REPLY, *_TOUCH), step=_once(*_NOTICE_REPLY)
    ),
    "crisis_report": Protection(
        frozen_when="OLD.issued_at IS NOT NULL",
        free=("approved_at", "approved_by", *_TOUCH),
        step=_once("approved_at", "approved_by"),
    ),
    "tier_record": Protection(
        frozen_when="OLD.state != 'proposed'",
        reassignable=("student_id",),
        free=(*_TIER_END, *_TIER_CARE, *_TOUCH),
        step="(OLD.state = 'confirmed' AND NEW.state IN ('confirmed', 'changed', 'ended'))"
        f" OR ({_same(*_TIER_END, *_TIER_CARE)})",
        blank={"evidence": "[]"},
    ),
    # A day never moves; what is settled is only voided, when an undo sets an open copy in its place.
    "follow_up_task": Protection(
        reassignable=("student_id",),
        free=(*_TASK_END, *_VOID, *_TOUCH),
        step=f"{_VOIDED_ONCE} AND ((OLD.state = 'open' AND OLD.voided_at IS NULL) OR ({_same(*_TASK_END)}))",
    ),
    "follow_up_record": Protection(reassignable=("student_id",), free=(*_VOID, *_TOUCH), step=_VOIDED_ONCE),
    "print_log": Protection(
        reassignable=("subject_person",),
        free=("state",),
        step="NEW.state IS OLD.state OR (OLD.state IN ('printed', 'saved') AND NEW.state = 'voided')",
    ),
    "audit_log": Protection(by_deeds=False),
    "audit_epoch": Protection(
        by_deeds=False,
        free=("sealed_seq", "wrapped_key"),
        step="NEW.wrapped_key IS NOT NULL AND NEW.sealed_seq IS NOT NULL"
        " AND (OLD.sealed_seq IS NULL OR NEW.sealed_seq = OLD.sealed_seq)",
    ),
    "deed": Protection(by_deeds=False, free=("open_token",), step="NEW.open_token IS NULL"),
}

_CONTENT: Final = frozenset(DisclosureClass) - {DisclosureClass.ADMINISTRATIVE}

_INSERTS: Final = """
CREATE TRIGGER protect_audit_log_insert BEFORE INSERT ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'protected: audit_log')
    WHERE (NEW.seq = (SELECT coalesce(max(seq), 0) + 1 FROM audit_log)
        AND NEW.prev_hash = coalesce((SELECT hash FROM audit_log ORDER BY seq DESC LIMIT 1), zeroblob(32))) IS NOT TRUE;
END;

CREATE TRIGGER protect_deed_gate_insert BEFORE INSERT ON deed_gate
BEGIN
    SELECT RAISE(ABORT, 'protected: deed_gate');
END;

CREATE TRIGGER protect_deed_insert BEFORE INSERT ON deed
BEGIN
    SELECT RAISE(ABORT, 'protected: deed')
    WHERE (NEW.open_token IS NOT NULL
        AND NEW.kind IN ('amend', 'redact', 'reassign', 'destroy')
        AND EXISTS (SELECT 1 FROM audit_log WHERE seq = NEW.audit_seq AND deed_id = NEW.id
            AND entity = NEW.entity AND entity_id = NEW.entity_id AND action = NEW.kind)) IS NOT TRUE;
END;

CREATE TRIGGER protect_amendment_insert BEFORE INSERT ON amendment
BEGIN
    SELECT RAISE(ABORT, 'protected: amendment')
    WHERE NOT EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = 'amend'
        AND entity = NEW.entity AND entity_id = NEW.entity_id);
END;
"""


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def content_columns(name: str) -> dict[str, str | None]:
    """Return the columns of a protected table that say something, each with what redact leaves in it.

    A column that names a person by id is not among them (reassign changes those), nor is a word of a closed list
    that can't be empty.
    """
    found: dict[str, str | None] = {}
    for column in _table(name).columns:
        if column.info["disclosure"] in _CONTENT and not column.foreign_keys:
            if column.nullable:
                found[column.name] = None
            elif not isinstance(column.type, Enum | Date | Moment):
                found[column.name] = PROTECTED[name].blank.get(column.name, "")
    return found


def render() -> str:
    """Return the text of `triggers.sql`."""
    parts = ["-- Written by counselroom/vault/protection.py; change the rules there.\n" + _INSERTS]
    for name, protection in PROTECTED.items():
        parts += [_update_trigger(name, protection), _delete_trigger(name, protection)]
    return "\n".join(parts)


def write() -> None:
    """Write `triggers.sql` anew."""
    TRIGGERS_FILE.write_text(render(), encoding="utf-8")


def _update_trigger(name: str, protection: Protection) -> str:
    columns = list(_table(name).columns)
    ways = [_unchanged(columns, protection.free)]
    if protection.free:
        ways[0].append(f"({protection.step})")
    if protection.by_deeds:
        content = content_columns(name)
        redact = [_open_deed(name, DeedKind.REDACT), *_unchanged(columns, (*content, *_VOID, *_TOUCH))]
        redact += [f"(coalesce(NEW.{c}, '') IN ('', '[]', '{{}}') OR NEW.{c} IS OLD.{c})" for c in content]
        ways.append(redact)
    if protection.reassignable:
        changed = (*protection.reassignable, *_TOUCH)
        ways.append([_open_deed(name, DeedKind.REASSIGN), *_unchanged(columns, changed)])
    allowed = "\n        OR ".join("({})".format("\n            AND ".join(way)) for way in ways)
    return (
        f"CREATE TRIGGER protect_{name}_update BEFORE UPDATE ON {name}\nWHEN {protection.frozen_when}\nBEGIN\n"
        f"    SELECT RAISE(ABORT, 'protected: {name}')\n    WHERE ({allowed}) IS NOT TRUE;\nEND;\n"
    )


def _delete_trigger(name: str, protection: Protection) -> str:
    deed = _open_deed(name, DeedKind.DESTROY)
    unless = f"\n    WHERE NOT {deed}" if protection.by_deeds else ""
    return (
        f"CREATE TRIGGER protect_{name}_delete BEFORE DELETE ON {name}\nWHEN {protection.frozen_when}\nBEGIN\n"
        f"    SELECT RAISE(ABORT, 'protected: {name}'){unless};\nEND;\n"
    )


def _unchanged(columns: Iterable[Column[object]], except_for: Iterable[str]) -> list[str]:
    left_out = frozenset(except_for)
    return [f"NEW.{column.name} IS OLD.{column.name}" for column in columns if column.name not in left_out]


def _open_deed(name: str, kind: DeedKind) -> str:
    # Names of tables of the model only; triggers can't have parameters.
    return (
        f"EXISTS (SELECT 1 FROM deed WHERE open_token IS NOT NULL AND kind = '{kind}'"  # noqa: S608
        f" AND entity = '{name}' AND entity_id = OLD.id)"
    )
