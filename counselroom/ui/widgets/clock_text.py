"""Deadlines in words, as long as the design shows them: never seconds, never a countdown that ticks."""

from __future__ import annotations

from datetime import timedelta

from counselroom.i18n import pgettext

NEAR_SHARE = 0.25
NEAR_TIME = timedelta(hours=1)


def clock_text(left: timedelta) -> str:
    """Return the time left (剩 2 小时 14 分) or, when negative, the time since (已过 2 小时)."""
    if left < timedelta(0):
        return pgettext("clock", "{time} ago").format(time=_past(-left))
    if left < timedelta(minutes=1):
        return pgettext("clock", "under a minute")
    return pgettext("clock", "{time} left").format(time=_length(left))


def is_near(left: timedelta, allowed: timedelta) -> bool:
    """Tell whether a clock is near its end: a quarter of its time, or an hour, is left."""
    return timedelta(0) <= left and (left <= NEAR_TIME or left <= allowed * NEAR_SHARE)


def _length(span: timedelta) -> str:
    days, hours, minutes = span.days, span.seconds // 3600, span.seconds // 60 % 60
    if days:
        whole = pgettext("clock", "{days} d {hours} h") if hours else pgettext("clock", "{days} d")
        return whole.format(days=days, hours=hours)
    if hours:
        whole = pgettext("clock", "{hours} h {minutes} min") if minutes else pgettext("clock", "{hours} h")
        return whole.format(hours=hours, minutes=minutes)
    return pgettext("clock", "{minutes} min").format(minutes=minutes)


def _past(span: timedelta) -> str:
    """One unit is enough once the time is over."""
    if span.days:
        return _length(timedelta(days=span.days))
    if span >= timedelta(hours=1):
        return _length(timedelta(hours=span.seconds // 3600))
    return _length(max(span, timedelta(minutes=1)))
