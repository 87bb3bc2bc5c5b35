"""The published figures in the words, charts and tables of the page; what is not told is `<5` everywhere."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence

from counselroom.i18n import _, pgettext
from counselroom.printing.chart_data import Bar, Grid, Months, Ranking
from counselroom.rules.care_words import CareTier
from counselroom.services.statistics import Statistics, TopicCount
from counselroom.services.statistics_counts import NO_TOPIC
from counselroom.services.statistics_words import Figure, definition, grade_word
from counselroom.ui.models.plain import Cell
from counselroom.ui.statistics.figure_strip import FigureText
from counselroom.ui.widgets.chip_face import ChipFace, focus_tier, group_tier, watch_tier

FIGURES = 5
_MOST_TOPICS = 9
"""Rows of the chart by grade; the table has all."""
_ORDER = (CareTier.KEY_INTERVENTION, CareTier.KEY_CONCERN, CareTier.GROUP_SUPPORT)
Rows = list[tuple[str, tuple[Cell, ...]]]


def count(number: int | None, smallest: int) -> str:
    """Return a count as it is written."""
    return f"<{smallest}" if number is None else f"{number:,}"


def strip(found: Statistics) -> tuple[FigureText, ...]:
    """Return the five figures."""

    def told(number: int | None) -> str:
        return count(number, found.smallest)

    due = found.follow_up
    percent = "–" if due.percent is None else str(due.percent)
    return (
        FigureText(
            pgettext("statistics", "Individual sessions"),
            told(found.sessions),
            pgettext("statistics unit", "visits"),
            _("Clients: {count}").format(count=told(found.students)),
            definition(Figure.SESSIONS),
        ),
        FigureText(
            pgettext("statistics", "New cases"),
            told(found.opened),
            pgettext("statistics unit", "cases"),
            _("Closed: {count}").format(count=told(found.closed)),
            definition(Figure.OPENED),
        ),
        FigureText(
            pgettext("statistics", "Not attended"),
            told(found.absences),
            pgettext("statistics unit", "times"),
            _("Of {count} appointments").format(count=told(found.appointments)),
            definition(Figure.ABSENCES),
        ),
        FigureText(
            pgettext("statistics", "Referred"),
            told(found.referrals),
            pgettext("statistics unit", "visits"),
            _("With a reply: {count}").format(count=told(found.answered)),
            definition(Figure.REFERRALS),
        ),
        FigureText(
            pgettext("statistics", "Followed up on time"),
            percent,
            "%" if due.percent is not None else "",
            _("Due: {count}").format(count=told(due.due)),
            definition(Figure.ON_TIME),
        ),
    )


def month_word(month: str) -> str:
    """Return `2026-10` as 10月."""
    return pgettext("statistics", "month {month}").format(month=int(month[5:]))


def months(found: Statistics) -> Months | None:
    """Return the chart of sessions by month; None when there is none."""
    if not found.months:
        return None
    bars = []
    for month, number in found.months:
        mark = " *" if _is_cut(found, month) else ""
        bars.append(Bar(month_word(month) + mark, number))
    return Months(tuple(bars), f"<{found.smallest}")


def months_foot(found: Statistics) -> str:
    """Return what the star beside the last month says; empty when the month is whole."""
    if not found.months or not _is_cut(found, found.months[-1][0]):
        return ""
    return _("* {month}: until day {day}").format(month=month_word(found.months[-1][0]), day=found.last.day)


def _is_cut(found: Statistics, month: str) -> bool:
    last = found.last
    return month == f"{last:%Y-%m}" and last.day < monthrange(last.year, last.month)[1]


def month_rows(found: Statistics) -> Rows:
    """Return the table of sessions by month."""
    return [(month, (Cell(month), _number(number, found.smallest))) for month, number in found.months]


def named(found: Statistics) -> list[TopicCount]:
    """Return the topics without the place of sessions that name none."""
    return [topic for topic in found.topics if topic.key != NO_TOPIC]


def ranking(found: Statistics) -> Ranking | None:
    """Return the chart of topics; None when none is told."""
    told = [topic for topic in named(found) if topic.visits]
    if not told:
        return None
    hidden = sum(topic.visits is None for topic in named(found))
    rest = ""
    if hidden:
        rest = _("{count} other topics: each <{smallest}").format(count=hidden, smallest=found.smallest)
    return Ranking(tuple(Bar(topic.label, topic.visits) for topic in told), found.sessions, rest)


def topic_rows(found: Statistics) -> Rows:
    """Return the table of topics."""
    rows: Rows = []
    for topic in found.topics:
        share = ""
        if topic.visits is not None and found.sessions:
            share = f"{round(100 * topic.visits / found.sessions)}%"
        label = topic.label or pgettext("statistics", "no topic named")
        rows.append((topic.key, (Cell(label), _number(topic.visits, found.smallest), Cell(share, right=True))))
    return rows


def grid(found: Statistics) -> Grid | None:
    """Return the chart of clients by topic and grade, of topics of which anything is told; None when there is none."""
    told = [topic for topic in named(found) if any(number is not None for number in topic.people)]
    if not told:
        return None
    rows = tuple((topic.label, topic.people) for topic in told[:_MOST_TOPICS])
    return Grid(tuple(grade_word(name) for name in found.grades), rows, f"<{found.smallest}")


def grid_heads(found: Statistics) -> tuple[str, ...]:
    """Return the heads of the table by topic and grade."""
    return (pgettext("statistics", "Topic"), *(grade_word(name) for name in found.grades))


def grid_rows(found: Statistics) -> Rows:
    """Return the table of clients by topic and grade."""
    return [
        (topic.key, (Cell(topic.label), *(_number(number, found.smallest) for number in topic.people)))
        for topic in named(found)
    ]


def tier_heads() -> Sequence[str]:
    """Return the heads of the table of tiers."""
    return (
        pgettext("statistics", "Tier"),
        pgettext("statistics", "Today"),
        pgettext("statistics", "Since last month"),
        pgettext("statistics", "Due"),
        pgettext("statistics", "On time"),
    )


def tier_rows(found: Statistics, *, masked: bool) -> Rows:
    """Return the table of tiers; masked, a tier is its shape."""
    rows: Rows = []
    for each in sorted(found.tiers, key=lambda each: _ORDER.index(each.tier)):
        face = _face(each.tier)
        change = "–" if each.change is None else f"{each.change:+d}" if each.change else "0"
        percent = "–" if each.on_time.percent is None else f"{each.on_time.percent}%"
        cells = (
            Cell(chip=face.masked() if masked else face),
            Cell(count(each.students, found.smallest), bold=True, right=True),
            Cell(change.replace("-", "−"), right=True),
            _number(each.on_time.due, found.smallest),
            Cell(percent, right=True),
        )
        rows.append((each.tier.value, cells))
    return rows


def _face(tier: CareTier) -> ChipFace:
    faces = {
        CareTier.KEY_INTERVENTION: focus_tier,
        CareTier.KEY_CONCERN: watch_tier,
        CareTier.GROUP_SUPPORT: group_tier,
    }
    return faces[tier]()


def _number(number: int | None, smallest: int) -> Cell:
    return Cell(count(number, smallest), right=True)
