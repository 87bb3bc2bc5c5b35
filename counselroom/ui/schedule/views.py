"""What the views of the calendar are given of what was read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, tzinfo

from counselroom.i18n import _, pgettext
from counselroom.rules.care_words import DutyChannel
from counselroom.rules.counselling import AppointmentState
from counselroom.services.schedule import Entry, Schedule
from counselroom.ui.schedule.grid_layout import GridLayout
from counselroom.ui.schedule.who_panel import BUSY, CANCELLED
from counselroom.ui.schedule.words import duty_word, short_day, weekday_word

DAY, WEEK, MONTH, DUTY = "day", "week", "month", "duty"


def week_of(found: Schedule, zone: tzinfo | None, hidden: Collection[str]) -> GridLayout:
    """Return where everything stands on the grid, without what is hidden."""
    return GridLayout(
        found,
        [each for each in found.counsellors if each.id not in hidden],
        zone,
        cancelled=CANCELLED not in hidden,
        busy=BUSY not in hidden,
        duty_word=lambda channel: "" if channel is DutyChannel.ROOM else duty_word(DutyChannel(str(channel))),
    )


def shown_entries(found: Schedule, hidden: Collection[str]) -> tuple[Entry, ...]:
    """Return the appointments of a day, without those that are hidden."""
    return tuple(
        entry
        for entry in found.entries
        if entry.counsellor_id not in hidden and not (entry.state is AppointmentState.CANCELLED and CANCELLED in hidden)
    )


def on_duty(found: Schedule, zone: tzinfo | None) -> dict[int, str]:
    """Return who looks after the room on each day, by its number."""
    names: dict[int, list[str]] = {}
    days = [day.on for day in found.days]
    for shift in found.shifts:
        day = shift.data.starts_at.astimezone(zone).date()
        if day in days and shift.data.channel is DutyChannel.ROOM:
            names.setdefault(days.index(day), []).append(shift.who)
    return {number: " / ".join(dict.fromkeys(who)) for number, who in names.items()}


def grid_keys(found: Schedule, hidden: Collection[str]) -> str:
    """Return whose lane is whose, and the keys of the grid."""
    lanes = [each for each in found.counsellors if each.id not in hidden]
    sides = [
        pgettext("calendar", "{name} (lane {number})").format(name=each.name, number=number)
        for number, each in enumerate(lanes, start=1)
    ]
    keys = _("Arrows move, Enter books or opens, Ctrl Enter goes on, Ctrl and arrows reschedule")
    return "　".join([*sides[:3], keys])


def span_words(view: str, day: date, found: Schedule, today: date) -> str:
    """Return what a view shows: the days and the week of the term, the year where it is not this one."""
    if view == MONTH:
        return pgettext("calendar", "{year}-{month}").format(year=day.year, month=day.month)
    if view == DAY:
        words = f"{short_day(day)} {weekday_word(day)}"
    else:
        first, last = found.days[0].on, found.days[4].on
        end = pgettext("date", "the {day}th").format(day=last.day) if last.month == first.month else short_day(last)
        words = f"{short_day(first)} – {end}"
    if day.year != today.year:
        words = pgettext("date", "{year}, {day}").format(year=day.year, day=words)
    if found.term is not None:
        term = _("term {number}, week {week}").format(
            number="一二三四"[min(found.term.number, 4) - 1], week=max(1, found.week)
        )
        words = f"{words}，{term}"
    return words
