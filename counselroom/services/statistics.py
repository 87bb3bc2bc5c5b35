"""统计: anonymous figures of the room's work (SYS-44, F-71), shown and exported; few are never told (R-04)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.printing.workbook import Cell, workbook
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.care_words import CareTier
from counselroom.rules.people import Gender
from counselroom.services import access
from counselroom.services.desk import Desk
from counselroom.services.statistics_rows import OnTime as OnTime
from counselroom.services.statistics_rows import Statistics as Statistics
from counselroom.services.statistics_rows import TierCount as TierCount
from counselroom.services.statistics_rows import figures


@dataclass(frozen=True)
class ExportedStatistics:
    """A table ready to be saved."""

    file_name: str
    content: bytes


def statistics(actor: Actor, desk: Desk, first: date, last: date) -> Statistics:
    """Return the figures of a period, both days included; what is to come is not counted.

    Raises:
        UserError: the period ends before it begins.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("statistics"), work)
        return figures(work, first, last)


def export_statistics(actor: Actor, desk: Desk, first: date, last: date) -> ExportedStatistics:
    """Return the same figures as an Excel file, made in memory; hidden counts are hidden there too.

    Raises:
        UserError: the actor stated no reason, or the period ends before it begins.
    """
    if not actor.reason.strip():
        raise UserError(
            _("Please say why the table is exported."),
            _("Nothing was exported."),
            _("The reason is kept in the audit log."),
        )
    with desk.look() as work:
        access.allow(actor, Action.EXPORT, Subject("statistics"), work)
        found = figures(work, first, last)
        heads = [pgettext("statistics", "Figure"), pgettext("statistics", "Group"), pgettext("statistics", "Number")]
        rows = [[figure, group, _cell(count, found.smallest)] for figure, group, count in _lines(found)]
        title = pgettext("statistics", "Statistics")
        name = f"{title}-{found.first:%Y%m%d}-{found.last:%Y%m%d}.xlsx"
        return ExportedStatistics(name, workbook(title, heads, rows, work.now))


def _cell(count: int | None, smallest: int) -> Cell:
    return f"<{smallest}" if count is None else count


def _lines(found: Statistics) -> Iterator[tuple[str, str, int | None]]:
    """Yield every figure with its group in words."""
    whole = pgettext("statistics", "all")
    yield pgettext("statistics", "Sessions"), whole, found.sessions
    yield pgettext("statistics", "Clients"), whole, found.students
    yield pgettext("statistics", "Absences"), whole, found.absences
    yield pgettext("statistics", "Referrals"), whole, found.referrals
    yield pgettext("statistics", "Referrals with a reply"), whole, found.answered
    yield pgettext("statistics", "Follow-ups due"), whole, found.follow_up.due
    if found.follow_up.percent is not None:
        yield pgettext("statistics", "Follow-ups on time (%)"), whole, found.follow_up.percent
    for month, count in found.months:
        yield pgettext("statistics", "Sessions"), month, count
    genders = {
        Gender.MALE: pgettext("statistics", "male"),
        Gender.FEMALE: pgettext("statistics", "female"),
        Gender.UNKNOWN: pgettext("statistics", "not said"),
    }
    if found.clients is not None:
        for name, row, total in zip(found.grades, found.clients.cells, found.clients.row_totals, strict=True):
            grade = name or pgettext("statistics", "without a grade")
            for gender, count in zip(found.genders, row, strict=True):
                yield pgettext("statistics", "Clients"), f"{grade} {genders[gender]}", count
            yield pgettext("statistics", "Clients"), grade, total
        for gender, total in zip(found.genders, found.clients.column_totals, strict=True):
            yield pgettext("statistics", "Clients"), genders[gender], total
    tiers = {
        CareTier.KEY_CONCERN: pgettext("tier", "key concern"),
        CareTier.KEY_INTERVENTION: pgettext("tier", "key intervention"),
        CareTier.GROUP_SUPPORT: pgettext("tier", "group support"),
    }
    for each in found.tiers:
        yield pgettext("statistics", "Students in a tier"), tiers[each.tier], each.students
