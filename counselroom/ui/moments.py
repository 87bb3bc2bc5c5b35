"""Moments as the window writes them: 今天 14:06, 昨天 17:40, 3月12日 周四 09:00."""

from __future__ import annotations

from datetime import datetime

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
    day = pgettext("date", "{month}/{day}").format(month=local.month, day=local.day)
    if local.year != now.year:
        day = pgettext("date", "{year}, {day}").format(year=local.year, day=day)
    return f"{day} {time}"
