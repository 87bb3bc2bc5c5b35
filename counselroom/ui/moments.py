"""Moments as the window writes them: 今天 14:06, 昨天 17:40, 3月12日 周四 09:00."""

from __future__ import annotations

from datetime import date, datetime

from counselroom.i18n import _, pgettext


def day_and_time(moment: datetime, now: datetime) -> str:
    """Return a moment in words, seen from `now`; both aware, shown in the zone of `now`."""
    local = moment.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    time = f"{local:%H:%M}"
    if days == 0:
        return _("today {time}").format(time=time)
    if days == 1:
        return _("yesterday {time}").format(time=time)
    return f"{day_word(local.date(), now.date())} {time}"


def day_word(day: date, today: date) -> str:
    """Return a day as 3月12日, with the year when it is another than today's."""
    words = pgettext("date", "{month}/{day}").format(month=day.month, day=day.day)
    if day.year != today.year:
        words = pgettext("date", "{year}, {day}").format(year=day.year, day=words)
    return words
