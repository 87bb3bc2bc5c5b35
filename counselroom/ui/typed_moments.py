"""Moments as a user writes them into a line: 2026-10-12 09:30, 10-12 09:30, or 09:30 for today."""

from __future__ import annotations

from datetime import date, datetime, time


def parsed_moment(text: str, now: datetime) -> datetime | None:
    """Return the moment a user wrote, in the zone of `now`; None when it is none."""
    plain = text.strip().replace("：", ":").replace("/", "-").replace(".", "-")
    day_words, _space, time_words = plain.rpartition(" ")
    try:
        hour, minute = (int(part) for part in time_words.split(":"))
        day = _day(day_words.strip(), now.date())
        return datetime.combine(day, time(hour, minute), tzinfo=now.tzinfo)
    except ValueError:
        return None


def moment_text(moment: datetime, now: datetime) -> str:
    """Return a moment as it stands in a line, in the zone of `now`."""
    return f"{moment.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"


def _day(words: str, today: date) -> date:
    if not words:
        return today
    parts = [int(part) for part in words.split("-")]
    return date(*parts) if len(parts) == 3 else date(today.year, *parts)
