"""Reports of teachers (F-40): which of them still wait for the assessment that is due on the same day (SYS-23)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import aliased

from counselroom.model.crisis_events import CrisisAssessment
from counselroom.model.registers import RegisterRow
from counselroom.rules.registers import RegisterState
from counselroom.services.desk import Work
from counselroom.services.register_rows import ENTITY

REPORT = "F-40"
"""The register of the reports."""
URGENT = "crisis"
"""The answer to `urgency` that wants somebody at once."""


def unassessed(work: Work) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for a report that was filed and is not assessed.

    A report that was corrected after its assessment is not open again: the assessment names the row that was voided.
    """
    del work
    source = aliased(RegisterRow)
    assessed = (
        exists()
        .where(
            CrisisAssessment.source_entity == ENTITY,
            CrisisAssessment.source_id == source.id,
            CrisisAssessment.signed_at.is_not(None),
            CrisisAssessment.voided_at.is_(None),
            source.register == REPORT,
            source.subject_person == RegisterRow.subject_person,
            source.occurred_on == RegisterRow.occurred_on,
            or_(source.id == RegisterRow.id, source.voided_at <= RegisterRow.created_at),
        )
        .correlate(RegisterRow)
    )
    return (
        RegisterRow.register == REPORT,
        RegisterRow.state == RegisterState.FILED,
        RegisterRow.voided_at.is_(None),
        ~assessed,
    )


def open_rows(work: Work, register: str) -> frozenset[str]:
    """Return the ids of the rows of a register that wait for something; only reports do."""
    if register != REPORT:
        return frozenset()
    return frozenset(work.session.scalars(select(RegisterRow.id).where(*unassessed(work))))
