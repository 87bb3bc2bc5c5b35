"""统计: anonymous figures of the room's work (SYS-44, F-71), shown and exported; few are never told (R-04)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.printing.workbook import Cell, workbook
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.school_calendar import academic_year_of, place_of
from counselroom.services import access
from counselroom.services.desk import Desk, Work
from counselroom.services.statistics_counts import NO_TOPIC
from counselroom.services.statistics_rows import OnTime as OnTime
from counselroom.services.statistics_rows import Statistics as Statistics
from counselroom.services.statistics_rows import TierCount as TierCount
from counselroom.services.statistics_rows import TopicCount as TopicCount
from counselroom.services.statistics_rows import figures
from counselroom.services.statistics_words import Figure, definition, figure_word, gender_word, grade_word, tier_word
from counselroom.vault.lanes import Job
from counselroom.vault.progress import Cancelled, Step

T = TypeVar("T")
Period = tuple[date, date]


@dataclass(frozen=True)
class Periods:
    """The periods that are offered, each with its first and its last day.

    Attributes:
        term: the term of today; in the holidays the one before.
        year: the school year of today.
        month: the month of today.
    """

    term: Period
    year: Period
    month: Period


@dataclass(frozen=True)
class ExportedStatistics:
    """A table ready to be saved."""

    file_name: str
    content: bytes


def periods(actor: Actor, desk: Desk) -> Periods:
    """Return the periods that are offered today."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("statistics"), work)
        today, terms = work.now.date(), work.terms()
        year = place_of(today, terms).academic_year
        of_year = [span for span in terms if span.academic_year == year]
        first_year = int(academic_year_of(today)[:4])
        whole = (
            (min(span.starts_on for span in of_year), max(span.ends_on for span in of_year))
            if of_year
            else (date(first_year, 9, 1), date(first_year + 1, 8, 31))
        )
        begun = max((span for span in terms if span.starts_on <= today), key=lambda span: span.starts_on, default=None)
        first = today.replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return Periods(whole if begun is None else (begun.starts_on, begun.ends_on), whole, (first, last))


def statistics(actor: Actor, desk: Desk, first: date, last: date, job: Job[T] | None = None) -> Statistics:
    """Return the figures of a period, both days included; what is to come is not counted.

    Args:
        actor: who asks.
        desk: the open vault.
        first: the first day.
        last: the last day.
        job: reads in its own session beside the changes, tells how many sessions are counted, and stops when it is
            cancelled; without one it is done at once.

    Raises:
        UserError: the period ends before it begins.
        Cancelled: the job was cancelled.
    """

    def ask(work: Work) -> None:
        access.allow(actor, Action.READ, Subject("statistics"), work)

    return _count(desk, ask, (first, last), job)


def export_statistics(
    actor: Actor, desk: Desk, first: date, last: date, job: Job[T] | None = None
) -> ExportedStatistics:
    """Return the same figures as an Excel file, made in memory; hidden counts are hidden there too.

    Raises:
        UserError: the actor stated no reason, or the period ends before it begins.
        Cancelled: the job was cancelled.
    """
    if not actor.reason.strip():
        raise UserError(
            _("Please say why the table is exported."),
            _("Nothing was exported."),
            _("The reason is kept in the audit log."),
        )

    def ask(work: Work) -> None:
        access.allow(actor, Action.EXPORT, Subject("statistics"), work)

    found = _count(desk, ask, (first, last), job)
    heads = [
        pgettext("statistics", "Figure"),
        pgettext("statistics", "Group"),
        pgettext("statistics", "Number"),
        pgettext("statistics", "What is counted"),
    ]
    rows = [
        [figure_word(figure), group, _cell(count, found.smallest), definition(figure)]
        for figure, group, count in _lines(found)
    ]
    title = pgettext("statistics", "Statistics")
    name = f"{title}-{found.first:%Y%m%d}-{found.last:%Y%m%d}.xlsx"
    return ExportedStatistics(name, workbook(title, heads, rows, desk.clock.now()))


def _count(desk: Desk, ask: Callable[[Work], None], period: Period, job: Job[T] | None) -> Statistics:
    if job is None or job.session is None:
        with desk.look() as work:
            ask(work)
            return figures(work, *period)

    def ask_first() -> None:  # where a refusal, or that it was exported, can be written to the audit log
        with desk.look() as work:
            ask(work)

    def tell(done: int, of: int) -> None:
        if job.is_cancelled():
            raise Cancelled
        job.progress(Step.COUNT, done, of)

    job.change(ask_first)
    reading = Work(job.session, desk.vault, desk.clock.now(), desk.new_id, writable=False)
    return figures(reading, *period, tell)


def _cell(count: int | None, smallest: int) -> Cell:
    return f"<{smallest}" if count is None else count


def _lines(found: Statistics) -> Iterator[tuple[Figure, str, int | None]]:
    """Yield every figure with its group in words."""
    whole = pgettext("statistics", "all")
    yield Figure.SESSIONS, whole, found.sessions
    yield Figure.CLIENTS, whole, found.students
    yield Figure.OPENED, whole, found.opened
    yield Figure.CLOSED, whole, found.closed
    yield Figure.ABSENCES, whole, found.absences
    yield Figure.APPOINTMENTS, whole, found.appointments
    yield Figure.REFERRALS, whole, found.referrals
    yield Figure.ANSWERED, whole, found.answered
    yield Figure.DUE, whole, found.follow_up.due
    if found.follow_up.percent is not None:
        yield Figure.ON_TIME, whole, found.follow_up.percent
    for month, count in found.months:
        yield Figure.SESSIONS, month, count
    if found.clients is not None:
        for name, row, total in zip(found.grades, found.clients.cells, found.clients.row_totals, strict=True):
            for gender, count in zip(found.genders, row, strict=True):
                yield Figure.CLIENTS, f"{grade_word(name)} {gender_word(gender)}", count
            yield Figure.CLIENTS, grade_word(name), total
        for gender, total in zip(found.genders, found.clients.column_totals, strict=True):
            yield Figure.CLIENTS, gender_word(gender), total
    for topic in found.topics:
        yield Figure.VISITS_OF_TOPIC, topic_word(topic), topic.visits
    for topic in found.topics:
        if topic.key != NO_TOPIC:
            for name, count in zip(found.grades, topic.people, strict=True):
                yield Figure.CLIENTS_OF_TOPIC, f"{topic.label} {grade_word(name)}", count
    for each in found.tiers:
        yield Figure.IN_TIER, tier_word(each.tier), each.students
        if each.on_time.percent is not None:
            yield Figure.ON_TIME, tier_word(each.tier), each.on_time.percent


def topic_word(topic: TopicCount) -> str:
    """Return the words of a topic, or of having none."""
    return topic.label or pgettext("statistics", "no topic named")
