"""Follow-up rules FR-01 to FR-27: from a beginning and the school's calendar, the days by which something is due.

A rule divides the time from its beginning into windows: a day, half a week, a week, two weeks, half a month, a month,
a term. In each window it is due once, on the last school day of it. In a window without a school day a rule that
pauses asks for nothing; one that goes on is due on the window's last day. So no window is left out, none asks twice,
and the same beginning gives the same days whenever they are asked for.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count

from counselroom.rules.care_words import TierSubtype
from counselroom.rules.school import SchoolType
from counselroom.rules.school_days import SchoolDays


class Situation(StrEnum):
    """What lets rules begin; the subtypes of the tiers are the first of them."""

    STUDY_UNDER_TREATMENT = TierSubtype.STUDY_UNDER_TREATMENT.value
    HOSPITAL_OR_HOME = TierSubtype.HOSPITAL_OR_HOME.value
    SCREEN2_SEVERE = TierSubtype.SCREEN2_SEVERE.value
    SCREEN2_MODERATE_MILD = TierSubtype.SCREEN2_MODERATE_MILD.value
    ACUTE_STRESS = TierSubtype.ACUTE_STRESS.value
    SEVERE_BLOW = TierSubtype.SEVERE_BLOW.value
    SCREEN3 = TierSubtype.SCREEN3.value
    AFFECTED = TierSubtype.AFFECTED.value
    GROUP_OR_LONG_TERM = TierSubtype.GROUP_OR_LONG_TERM.value
    SCREENING_CLASS_2 = "screening_class_2"
    CRISIS_RESPONSE = "crisis_response"
    CRISIS_OVER = "crisis_over"
    RETURNED = "returned"
    RETURNED_HIGH_RISK = "returned_high_risk"
    CASE_CLOSED = "case_closed"


class Per(StrEnum):
    """In which span of time a rule counts."""

    DAY = "day"
    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"
    TERM = "term"
    ONCE = "once"
    NEED = "need"
    """As needed: it makes no task by itself."""
    STANDING = "standing"
    """Without a break: that it is kept up is confirmed every `check_days`."""


OFTEN: frozenset[tuple[Per, int]] = frozenset(
    {
        (Per.DAY, 1),
        (Per.WEEK, 1),
        (Per.WEEK, 2),
        (Per.TWO_WEEKS, 1),
        (Per.MONTH, 1),
        (Per.MONTH, 2),
        (Per.TERM, 1),
        (Per.ONCE, 1),
        (Per.NEED, 1),
        (Per.STANDING, 1),
    }
)
"""How often a rule may ask: so many times in such a span."""


class Doer(StrEnum):
    """Who does it; the room's counsellor sees to it that it is done, whoever that is."""

    CONTACT = "contact"
    COUNSELLOR = "counsellor"
    GUARDIAN = "guardian"
    HOSPITAL = "hospital"
    TEAM = "team"


class RuleKind(StrEnum):
    """Of what kind a task is: what needs the student at school rests during a leave."""

    SCHOOL = "school"
    GUARDIAN = "guardian"
    SAFETY = "safety"


class Holidays(StrEnum):
    """What a rule does in holidays."""

    PAUSE = "pause"
    GO_ON = "go_on"


@dataclass(frozen=True)
class FollowUpRule:
    """One rule with the school's numbers in it.

    Attributes:
        key: `FR-01`.
        about: whom it is for, in Chinese.
        when: the situations in which it begins.
        who: who does it, in words.
        doer: the same as a word of the program.
        task: what is to be done, in words.
        times: how often in `per`.
        per: the span.
        gap_days: the most days between one due day and the next where school is held, or None.
        within_days: by when something asked for once is due, in days from its beginning.
        check_days: how often it is confirmed that a standing duty is kept up.
        lasts_months: for how many months, or None for as long as its reason holds.
        kind: of what kind it is.
        holidays: what becomes of it in holidays.
        schools: the types of school it is for; empty for all.
        locked: it may not be ended before its time is over (R-08).
        ends: when it ends, in words.
        source: where the requirement comes from.
    """

    key: str
    about: str
    when: tuple[Situation, ...]
    who: str
    doer: Doer
    task: str
    times: int
    per: Per
    gap_days: int | None
    within_days: int | None
    check_days: int | None
    lasts_months: int | None
    kind: RuleKind
    holidays: Holidays
    schools: tuple[SchoolType, ...]
    locked: bool
    ends: str
    source: str

    @property
    def makes_tasks(self) -> bool:
        """Whether it makes tasks by itself."""
        return self.per is not Per.NEED


@dataclass(frozen=True)
class Due:
    """Something to do: the `nth` of its series, from `opens_on` and by `due_on`."""

    nth: int
    opens_on: date
    due_on: date


@dataclass(frozen=True)
class Made:
    """A task that exists; `ended` when its series was ended with it."""

    nth: int
    opens_on: date
    due_on: date
    ended: bool = False


@dataclass(frozen=True)
class _Window:
    nth: int
    first: date
    last: date


def rules_for(rules: Sequence[FollowUpRule], situation: Situation, school_type: SchoolType) -> tuple[FollowUpRule, ...]:
    """Return the rules that begin in a situation at a type of school."""
    return tuple(rule for rule in rules if situation in rule.when and (not rule.schools or school_type in rule.schools))


def add_months(day: date, months: int) -> date:
    """Return the day so many months later; where that month is shorter, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_days(
    rule: FollowUpRule, start: date, days: SchoolDays, horizon: date, *, end: date | None = None, first_nth: int = 1
) -> tuple[Due, ...]:
    """Return what is due of a rule that begins on `start`.

    Args:
        rule: the rule.
        start: the day of what let it begin; a rule that pauses begins on the first school day from then.
        days: the school's calendar.
        horizon: windows that open later are not looked at yet; the first is always there.
        end: the last day of its reason, or None while it holds.
        first_nth: the number of the first, where an earlier series of the same reason was ended.
    """
    if not rule.makes_tasks:
        return ()
    begin = days.first_school_day(start) if rule.holidays is Holidays.PAUSE else start
    return tuple(_dues(rule, begin, first_nth, first_nth - 1, None, days, horizon, _limit(rule, begin, end)))


def further(
    rule: FollowUpRule, made: Sequence[Made], days: SchoolDays, horizon: date, *, end: date | None = None
) -> tuple[Due, ...]:
    """Return what comes after the tasks that exist; nothing for a series that was ended or never begun.

    What exists stays as it is, whatever became of rule and calendar since (R-17): the series goes on from the earliest
    task with which the windows of the rule as it is now agree.
    """
    run = _running(made)
    if not run or not rule.makes_tasks:
        return ()
    last = run[-1]
    anchor = next((task for task in run if _agrees(rule, task, run, days)), last)
    limit = _limit(rule, run[0].opens_on, end)
    return tuple(_dues(rule, anchor.opens_on, anchor.nth, last.nth, last.due_on, days, horizon, limit))


def soonest_next(rule: FollowUpRule) -> int | None:
    """Return after how many days at the soonest the next window opens; None for a rule that has no next."""
    match rule.per:
        case Per.ONCE | Per.NEED:
            return None
        case Per.MONTH:
            return 28 if rule.times == 1 else 13
        case Per.WEEK:
            return 7 if rule.times == 1 else 3
        case Per.TERM:
            return 30
        case _:
            return {Per.DAY: 1, Per.TWO_WEEKS: 14, Per.STANDING: rule.check_days or 1}[rule.per]


def ends_early(rule: FollowUpRule, made: Sequence[Made], on: date) -> bool:
    """Return whether ending a locked series on `on` would be before its months are over (R-08)."""
    run = _running(made)
    if not run or not rule.locked or rule.lasts_months is None:
        return False
    return on < add_months(run[0].opens_on, rule.lasts_months)


def looser(original: FollowUpRule, copy: FollowUpRule) -> bool:
    """Return whether a school's copy asks for less than the rule it copies (C3)."""
    if _days_between(copy) > _days_between(original):
        return True
    if original.lasts_months is not None and copy.lasts_months is not None:
        if copy.lasts_months < original.lasts_months:
            return True
    elif original.lasts_months is None and copy.lasts_months is not None:
        return True
    if (copy.gap_days or 10_000) > (original.gap_days or 10_000):
        return True
    if original.holidays is Holidays.GO_ON and copy.holidays is Holidays.PAUSE:
        return True
    return not set(original.when) <= set(copy.when) or (original.locked and not copy.locked)


def _days_between(rule: FollowUpRule) -> float:
    match rule.per:
        case Per.ONCE:
            return rule.within_days or 0
        case Per.STANDING:
            return rule.check_days or 0
        case Per.NEED:
            return 10_000
        case _:
            days = {Per.DAY: 1, Per.WEEK: 7, Per.TWO_WEEKS: 14, Per.MONTH: 31, Per.TERM: 184}[rule.per]
            return days / rule.times


def _running(made: Sequence[Made]) -> list[Made]:
    """Return the tasks of the series that still runs, in order."""
    run: list[Made] = []
    for task in sorted(made, key=lambda task: task.nth):
        run = [] if task.ended else [*run, task]
    return run


def _agrees(rule: FollowUpRule, anchor: Made, run: Sequence[Made], days: SchoolDays) -> bool:
    """Return whether the windows from one task on are those of all later tasks."""
    later = {task.nth: task.opens_on for task in run if task.nth >= anchor.nth}
    most = max(later)
    for window in _windows(rule, anchor.opens_on, days):
        nth = anchor.nth + window.nth - 1
        if nth in later and later.pop(nth) != window.first:
            return False
        if nth >= most:
            break
    return not later


def _limit(rule: FollowUpRule, begin: date, end: date | None) -> date | None:
    if rule.lasts_months is None:
        return end
    last = add_months(begin, rule.lasts_months) - timedelta(days=1)
    return last if end is None else min(last, end)


def _dues(
    rule: FollowUpRule,
    anchor: date,
    anchor_nth: int,
    after: int,
    previous: date | None,
    days: SchoolDays,
    horizon: date,
    limit: date | None,
) -> Iterator[Due]:
    for window in _windows(rule, anchor, days):
        nth = anchor_nth + window.nth - 1
        # The first is always made: it is what the series goes on from.
        is_first = nth == anchor_nth and previous is None
        if (window.first > horizon and not is_first) or (limit is not None and window.last > limit):
            return
        if nth <= after:
            continue
        due = _due(rule, window, previous, days)
        if due is not None:
            yield Due(nth, window.first, due)
            previous = due


def _due(rule: FollowUpRule, window: _Window, previous: date | None, days: SchoolDays) -> date | None:
    latest = window.last
    if rule.gap_days is not None and previous is not None:
        latest = max(window.first, min(latest, previous + timedelta(days=rule.gap_days)))
    school = days.school_days(window.first, window.last)
    early = [day for day in school if day <= latest]
    if early:
        return early[-1]
    if rule.holidays is Holidays.PAUSE:
        return school[0] if school else None
    return latest


def _windows(rule: FollowUpRule, start: date, days: SchoolDays) -> Iterator[_Window]:
    """Yield the windows of a rule from `start`, without end but for a rule that asks once or by the term."""
    if rule.per is Per.ONCE:
        yield _Window(1, start, start + timedelta(days=rule.within_days or 0))
        return
    if rule.per is Per.TERM:
        terms = sorted(days.terms, key=lambda term: term.starts_on)
        coming = [term for term in terms if term.appointment_stop_on >= start]
        for nth, term in enumerate(coming, start=1):
            yield _Window(nth, max(start, term.starts_on), term.appointment_stop_on)
        if not coming:
            # The school has not entered its next term yet; half a year is as long as one.
            yield _Window(1, start, add_months(start, 6) - timedelta(days=1))
        return
    first = start
    for nth in count(1):
        following = _begin_of(rule, start, nth)
        yield _Window(nth, first, following - timedelta(days=1))
        first = following


def _begin_of(rule: FollowUpRule, start: date, passed: int) -> date:
    """Return the day on which the window after the first `passed` ones begins."""
    if rule.per is Per.MONTH:
        months, halves = divmod(passed, rule.times)
        return add_months(start, months) + timedelta(days=15 * halves)
    if rule.per is Per.WEEK and rule.times > 1:
        weeks, halves = divmod(passed, rule.times)
        return start + timedelta(days=7 * weeks + 3 * halves)
    step = {Per.DAY: 1, Per.WEEK: 7, Per.TWO_WEEKS: 14, Per.STANDING: rule.check_days or 1}[rule.per]
    return start + timedelta(days=step * passed)
