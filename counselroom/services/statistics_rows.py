"""The anonymous figures of a period within a piece of work (R-04): small counts never leave this module.

The same published numbers are what the page shows, what is printed and what is exported; a figure that is also a total
of a table is taken from the table, so that no number says more in one place than in another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.rules.care_words import CareTier
from counselroom.rules.grades import grade_order
from counselroom.rules.linked_cells import publish_linked
from counselroom.rules.people import Gender
from counselroom.rules.small_cells import PublishedTable, publish, publish_line
from counselroom.services import parameter_values, statistics_counts
from counselroom.services.desk import Work
from counselroom.services.statistics_counts import NO_TOPIC, SessionCounts, Tell
from counselroom.services.topics import all_topics, topic_label

_GENDERS = (Gender.MALE, Gender.FEMALE, Gender.UNKNOWN)


@dataclass(frozen=True)
class OnTime:
    """How much of what was due was done by its day; None where too little was due to say so."""

    due: int | None
    percent: int | None


@dataclass(frozen=True)
class TierCount:
    """How many students are in a tier today, and how their follow-up of the period was kept.

    Attributes:
        tier: the tier.
        students: how many today.
        change: how many more than at the end of last month; None where either of the two is not told.
        on_time: what was due in the period and done by its day.
    """

    tier: CareTier
    students: int | None
    change: int | None
    on_time: OnTime


@dataclass(frozen=True)
class TopicCount:
    """One topic of the sessions; `key` is empty for sessions that name none.

    Attributes:
        key: its key.
        label: its words.
        visits: signed sessions that name it.
        people: different clients by grade, in the order of `Statistics.grades`.
    """

    key: str
    label: str
    visits: int | None
    people: tuple[int | None, ...]


@dataclass(frozen=True)
class Statistics:
    """The figures of a period; None stands for a count that is not told.

    Attributes:
        first: the first day.
        last: the last day, at most today.
        smallest: the least count that is shown.
        sessions: signed sessions.
        students: how many different clients they were with.
        opened: cases that were opened.
        closed: cases that were closed.
        absences: appointments nobody came to.
        appointments: appointments that were kept or missed.
        referrals: referrals that were issued.
        answered: those of them with a reply.
        follow_up: what was due and done by its day.
        months: signed sessions by month, `2026-10`.
        grades: names of the grades in their order, an empty one for clients without.
        genders: the columns of the table.
        clients: clients by grade and gender.
        topics: topics that are told, the most frequent first; then those that are not, in the order of the list.
        tiers: the pool of today.
    """

    first: date
    last: date
    smallest: int
    sessions: int | None
    students: int | None
    opened: int | None
    closed: int | None
    absences: int | None
    appointments: int | None
    referrals: int | None
    answered: int | None
    follow_up: OnTime
    months: tuple[tuple[str, int | None], ...]
    grades: tuple[str, ...]
    genders: tuple[Gender, ...]
    clients: PublishedTable | None
    topics: tuple[TopicCount, ...]
    tiers: tuple[TierCount, ...]


def _quiet(_done: int, _parts: int) -> None:
    """Tell nobody."""


def figures(work: Work, first: date, last: date, tell: Tell = _quiet) -> Statistics:
    """Return the figures of a period, both days included. Raises UserError when it ends before it begins."""
    if last < first:
        raise UserError(_("The period ends before it begins."), _("Nothing was counted."))
    last = max(first, min(last, work.now.date()))
    smallest = parameter_values.number(work, "small_cell")
    counted = statistics_counts.count_sessions(work, first, last, tell)
    by_month = _by_month(counted, first, last)
    counts, sessions = publish_line(list(by_month.values()), smallest) if by_month else ((), 0)
    grades, table = _clients(counted, smallest)
    issued, answered = statistics_counts.count_referrals(work, first, last)
    on_time, of_tiers = _on_time(statistics_counts.count_kept(work, first, last), smallest)
    # The unanswered are the rest: told only when neither part is small.
    parts, referrals = publish_line([answered, issued - answered], smallest) if issued else ((0, 0), 0)
    absences, appointments = statistics_counts.count_absences(work, first, last)
    opened, closed = statistics_counts.count_cases(work, first, last)
    kept_is_told = _plain(absences, smallest) is not None and _plain(appointments - absences, smallest) is not None
    return Statistics(
        first=first,
        last=last,
        smallest=smallest,
        sessions=sessions,
        students=0 if table is None else table.total,
        opened=_plain(opened, smallest),
        closed=_plain(closed, smallest),
        absences=_plain(absences, smallest),
        appointments=appointments if kept_is_told else None,
        referrals=referrals,
        answered=parts[0],
        follow_up=on_time,
        months=tuple(zip(by_month, counts, strict=True)),
        grades=grades,
        genders=_GENDERS,
        clients=table,
        topics=_topics(counted, grades, table, smallest),
        tiers=tuple(_tiers(work, smallest, of_tiers)),
    )


def _plain(count: int, smallest: int) -> int | None:
    """Return a count that stands alone: nothing is nobody, and a few could be recognised."""
    return None if 0 < count < smallest else count


def _by_month(counted: SessionCounts, first: date, last: date) -> dict[str, int]:
    """Return the sessions of each month of the period, also of those without one; nothing when there is none."""
    if not counted.months:
        return {}
    found = {}
    year, number = first.year, first.month
    while (year, number) <= (last.year, last.month):
        name = f"{year:04d}-{number:02d}"
        found[name] = counted.months[name]
        year, number = (year, number + 1) if number < 12 else (year + 1, 1)
    return found


def _clients(counted: SessionCounts, smallest: int) -> tuple[tuple[str, ...], PublishedTable | None]:
    names = tuple(sorted({grade for grade, _gender in counted.clients}, key=grade_order))
    if not names:
        return (), None
    return names, publish([[counted.clients[name, gender] for gender in _GENDERS] for name in names], smallest)


def _topics(
    counted: SessionCounts, grades: tuple[str, ...], table: PublishedTable | None, smallest: int
) -> tuple[TopicCount, ...]:
    """Return visits by topic and people by topic and grade, so that neither tells what the other hides."""
    if table is None:
        return ()
    listed = [topic.key for topic in all_topics()]
    keys = [*listed, *sorted(set(counted.visits) - {*listed, NO_TOPIC}), NO_TOPIC]
    people = [[counted.people[key, grade] for grade in grades] for key in keys]
    told = [total is not None for total in table.row_totals]
    shown = publish_linked([counted.visits[key] for key in keys], people, told, smallest)
    found = [
        TopicCount(key, topic_label(key) if key else "", visits, cells)
        for key, visits, cells in zip(keys, shown.line, shown.cells, strict=True)
    ]
    # Sorted by what is told: the place of a hidden one says nothing.
    return tuple(sorted(found, key=lambda topic: (topic.visits is None, -(topic.visits or 0), topic.key == NO_TOPIC)))


def _on_time(
    kept: dict[CareTier | None, tuple[int, int]], smallest: int
) -> tuple[OnTime, dict[CareTier | None, OnTime]]:
    """Return what is told of all tasks that were due, and of those of each tier: the parts tell nothing more."""
    groups: tuple[CareTier | None, ...] = (*CareTier, None)
    if not kept:
        return OnTime(0, None), dict.fromkeys(groups, OnTime(0, None))
    shown, total = publish_line([kept.get(group, (0, 0))[0] for group in groups], smallest)
    parts = {
        group: OnTime(due, None if not due else round(100 * kept[group][1] / due))
        for group, due in zip(groups, shown, strict=True)
    }
    done = sum(each for _due, each in kept.values())
    return OnTime(total, None if not total else round(100 * done / total)), parts


def _tiers(work: Work, smallest: int, on_time: dict[CareTier | None, OnTime]) -> Iterator[TierCount]:
    today = work.now.date()
    now = statistics_counts.count_tiers(work, today)
    before = statistics_counts.count_tiers(work, today.replace(day=1) - timedelta(days=1))
    for tier in CareTier:
        told, last_month = _plain(now[tier], smallest), _plain(before[tier], smallest)
        change = None if told is None or last_month is None else told - last_month
        yield TierCount(tier, told, change, on_time[tier])


def told(work: Work, count: int | None) -> str:
    """Return a count in words: a number, or `<5` for one that is not told."""
    return f"<{parameter_values.number(work, 'small_cell')}" if count is None else str(count)
