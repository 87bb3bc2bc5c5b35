"""What happened with a student, newest first: the middle of the record page, with what is open and the year's counts.

A record the reader may not read is there without its content; one of a restricted case is not there at all, because
whom such a case is about is told to nobody but its counsellor (R-01). Reading leaves an audit row for the student and
one for each case and record whose text is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.people import Student
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.school_calendar import place_of
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.timeline import EntryKind, OpenThings, TimelineEntry, YearCounts, counts_of, open_things
from counselroom.services import access
from counselroom.services.desk import Desk
from counselroom.services.timeline_rows import rows_of


@dataclass(frozen=True)
class Timeline:
    """Everything about a student that the reader may know of.

    Attributes:
        entries: newest first.
        open_things: what is not finished.
        year: how often something happened in this academic year.
    """

    entries: tuple[TimelineEntry, ...]
    open_things: OpenThings
    year: YearCounts


def timeline(actor: Actor, desk: Desk, student_id: str, kinds: frozenset[EntryKind] = frozenset(EntryKind)) -> Timeline:
    """Return what happened with a student; what is open and the counts are of all kinds, whatever `kinds` says.

    Raises:
        UserError: there is no such student.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("student", student_id, Secrecy.S2), work)
        student = work.session.get(Student, student_id)
        if student is None or student.voided_at is not None:
            raise UserError(_("There is no such student."), _("Nothing was changed."))
        # Opening a record is looking at the person, even where nothing secret lies in it yet.
        work.audit(actor, Action.READ, "student", student_id)
        terms = work.terms()
        entries = rows_of(work, actor, student_id, terms)
        secret = [entry for entry in entries if entry.tells_secrets]
        told = {("case_file", entry.case_id) if entry.case_id else (entry.entity, entry.entity_id) for entry in secret}
        for entity, entity_id in sorted(told):
            work.audit(actor, Action.READ, entity, entity_id)
        return Timeline(
            tuple(entry for entry in entries if entry.kind in kinds),
            open_things(entries, actor.person_id, work.now),
            counts_of(entries, place_of(work.now.date(), terms).academic_year),
        )
