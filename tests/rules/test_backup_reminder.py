"""When a backup is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.rules.backup_reminder import LATE_AFTER, Reminder, ReminderDay, Urgency, remind

MONDAY = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("last", "today", "wanted"),
    [
        (None, MONDAY, Reminder(Urgency.LATE, MONDAY)),
        (date(2026, 10, 9), MONDAY, Reminder(Urgency.DONE, date(2026, 10, 16))),
        (date(2026, 10, 8), MONDAY, Reminder(Urgency.DUE, date(2026, 10, 9))),
        (date(2026, 10, 8), date(2026, 10, 16), Reminder(Urgency.DUE, date(2026, 10, 16))),
        (date(2026, 10, 16), date(2026, 10, 16), Reminder(Urgency.DONE, date(2026, 10, 23))),
        (date(2026, 9, 28), MONDAY, Reminder(Urgency.LATE, date(2026, 10, 9))),
        (date(2026, 9, 29), MONDAY, Reminder(Urgency.DUE, date(2026, 10, 9))),
    ],
)
def test_a_backup_on_friday(last: date | None, today: date, wanted: Reminder) -> None:
    assert remind(last, today, ReminderDay.FRIDAY) == wanted


@settings(deadline=None)
@given(st.integers(0, 60), st.sampled_from(list(ReminderDay)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_the_day_is_the_schools_and_never_a_week_away(age: int, day: ReminderDay, today: date) -> None:
    found = remind(today - timedelta(days=age), today, day)
    assert found.due_on.weekday() == day.weekday
    assert abs(found.due_on - today) <= timedelta(days=7)
    assert (found.urgency is Urgency.LATE) == (timedelta(days=age) >= LATE_AFTER)
    if found.urgency is Urgency.DONE:
        assert found.due_on > today
