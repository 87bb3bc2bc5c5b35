"""The 27 follow-up rules against the catalogue, and that no calendar loses, doubles or moves a due day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.rules.follow_up import (
    Doer,
    Due,
    FollowUpRule,
    Holidays,
    Made,
    Per,
    RuleKind,
    Situation,
    add_months,
    due_days,
    ends_early,
    further,
    rules_for,
    soonest_next,
)
from counselroom.rules.school import SchoolType
from counselroom.rules.school_calendar import TermSpan
from counselroom.rules.school_days import SchoolDays
from counselroom.services.follow_up_files import parameter_keys, shipped_rules
from counselroom.services.parameter_values import definitions

RULES = {
    rule.key: rule
    for rule in shipped_rules().in_force({key: int(definitions()[key].default) for key in parameter_keys()})
}
TERMS = (
    TermSpan("2026-2027", 1, date(2026, 9, 1), date(2027, 1, 20), date(2027, 1, 8)),
    TermSpan("2026-2027", 2, date(2027, 2, 22), date(2027, 7, 5), date(2027, 6, 25)),
    TermSpan("2027-2028", 1, date(2027, 9, 1), date(2028, 1, 19), date(2028, 1, 7)),
)
YEAR = SchoolDays(
    TERMS, frozenset(date(2026, 10, day) for day in range(1, 8)), frozenset({date(2026, 9, 27), date(2026, 10, 10)})
)
PLAIN = SchoolDays()
"""A school without holidays: every weekday is a school day."""

C, S, G, H, T = Doer.CONTACT, Doer.COUNSELLOR, Doer.GUARDIAN, Doer.HOSPITAL, Doer.TEAM
W = Situation
PAUSE, GO_ON = Holidays.PAUSE, Holidays.GO_ON
CATALOGUE: dict[str, tuple[set[Situation], Doer, Per, int, Holidays, int | None]] = {
    "FR-01": ({W.STUDY_UNDER_TREATMENT}, C, Per.MONTH, 2, PAUSE, None),
    "FR-02": ({W.STUDY_UNDER_TREATMENT}, S, Per.MONTH, 2, PAUSE, None),
    "FR-03": ({W.STUDY_UNDER_TREATMENT}, H, Per.NEED, 1, GO_ON, None),
    "FR-04": ({W.HOSPITAL_OR_HOME}, C, Per.STANDING, 1, GO_ON, None),
    "FR-05": ({W.SCREENING_CLASS_2}, S, Per.ONCE, 1, PAUSE, None),
    "FR-06": ({W.SCREEN2_SEVERE}, G, Per.ONCE, 1, GO_ON, None),
    "FR-07": ({W.SCREEN2_MODERATE_MILD}, C, Per.WEEK, 1, PAUSE, None),
    "FR-08": ({W.SCREEN2_MODERATE_MILD}, C, Per.MONTH, 2, GO_ON, None),
    "FR-09": ({W.SCREEN2_MODERATE_MILD}, S, Per.MONTH, 2, PAUSE, None),
    "FR-10": ({W.ACUTE_STRESS, W.SEVERE_BLOW}, S, Per.WEEK, 2, GO_ON, None),
    "FR-11": ({W.ACUTE_STRESS, W.SEVERE_BLOW}, C, Per.DAY, 1, GO_ON, None),
    "FR-12": ({W.CRISIS_RESPONSE}, T, Per.STANDING, 1, GO_ON, None),
    "FR-13": ({W.SCREEN3}, S, Per.MONTH, 2, PAUSE, None),
    "FR-14": ({W.SCREEN3}, C, Per.MONTH, 1, PAUSE, None),
    "FR-15": ({W.AFFECTED}, S, Per.WEEK, 1, PAUSE, None),
    "FR-16": ({W.AFFECTED}, S, Per.WEEK, 2, PAUSE, None),
    "FR-17": ({W.AFFECTED}, C, Per.WEEK, 2, PAUSE, None),
    "FR-18": ({W.GROUP_OR_LONG_TERM}, S, Per.WEEK, 1, PAUSE, None),
    "FR-19": ({W.GROUP_OR_LONG_TERM}, S, Per.WEEK, 1, PAUSE, None),
    "FR-20": ({W.RETURNED}, C, Per.MONTH, 1, PAUSE, 12),
    "FR-21": ({W.RETURNED}, S, Per.MONTH, 1, PAUSE, 12),
    "FR-22": ({W.RETURNED}, S, Per.ONCE, 1, GO_ON, None),
    "FR-23": ({W.RETURNED_HIGH_RISK}, C, Per.TWO_WEEKS, 1, GO_ON, 12),
    "FR-24": ({W.RETURNED_HIGH_RISK}, S, Per.MONTH, 1, GO_ON, 12),
    "FR-25": ({W.RETURNED_HIGH_RISK}, C, Per.STANDING, 1, GO_ON, 12),
    "FR-26": ({W.CRISIS_OVER}, S, Per.MONTH, 1, GO_ON, 3),
    "FR-27": ({W.CASE_CLOSED}, S, Per.TERM, 1, PAUSE, None),
}
"""Typed off requirements §3.0: who begins it, who does it, how often, what holidays do, how many months."""


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


def due(key: str, start: str, calendar: SchoolDays = PLAIN, count: int = 6, **more: date) -> list[date]:
    begin = date.fromisoformat(start)
    horizon = more.pop("horizon", begin + timedelta(days=800))
    return [each.due_on for each in due_days(RULES[key], begin, calendar, horizon, **more)][:count]


def test_all_rules_are_those_of_the_catalogue() -> None:
    assert list(RULES) == [f"FR-{number:02d}" for number in range(1, 28)]
    found = {
        key: (set(rule.when), rule.doer, rule.per, rule.times, rule.holidays, rule.lasts_months)
        for key, rule in RULES.items()
    }
    assert found == CATALOGUE


def test_numbers_of_the_catalogue() -> None:
    assert {key for key, rule in RULES.items() if rule.gap_days == 16} == {
        key for key, row in CATALOGUE.items() if row[2:4] == (Per.MONTH, 2)
    }
    assert {key: rule.within_days for key, rule in RULES.items() if rule.within_days} == {
        "FR-05": 14,
        "FR-06": 7,
        "FR-22": 7,
    }
    assert {key: rule.check_days for key, rule in RULES.items() if rule.check_days} == {
        "FR-04": 1,
        "FR-12": 1,
        "FR-25": 14,
    }
    assert {key for key, rule in RULES.items() if rule.locked} == {"FR-23", "FR-24", "FR-25"}
    assert {key for key, rule in RULES.items() if rule.kind is RuleKind.SAFETY} == {
        *("FR-03", "FR-04", "FR-10", "FR-11", "FR-12", "FR-22", "FR-23", "FR-24", "FR-25", "FR-26"),
    }
    assert all(rule.holidays is GO_ON for rule in RULES.values() if rule.kind is not RuleKind.SCHOOL)
    assert all(rule.holidays is PAUSE for rule in RULES.values() if rule.kind is RuleKind.SCHOOL)


@pytest.mark.parametrize("situation", list(Situation))
def test_every_situation_begins_something(situation: Situation) -> None:
    found = {rule.key for rule in rules_for(list(RULES.values()), situation, SchoolType.PRIMARY)}
    assert found == {key for key, row in CATALOGUE.items() if situation in row[0]}
    assert found


def test_the_psychology_teacher_of_fr_21_is_one_of_a_primary_school() -> None:
    found = rules_for(list(RULES.values()), Situation.RETURNED, SchoolType.UNIVERSITY)
    assert [rule.key for rule in found] == ["FR-20", "FR-22"]


# 2026-11-02 is a Monday.
ORDINARY = {
    "FR-01": days("2026-11-16", "2026-12-01", "2026-12-16", "2027-01-01", "2027-01-15", "2027-01-29"),
    "FR-04": days("2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06", "2026-11-07"),
    "FR-05": days("2026-11-16"),
    "FR-06": days("2026-11-09"),
    "FR-07": days("2026-11-06", "2026-11-13", "2026-11-20", "2026-11-27", "2026-12-04", "2026-12-11"),
    "FR-10": days("2026-11-04", "2026-11-06", "2026-11-11", "2026-11-13", "2026-11-18", "2026-11-20"),
    "FR-14": days("2026-12-01", "2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01", "2027-04-30"),
    "FR-22": days("2026-11-09"),
    "FR-23": days("2026-11-13", "2026-11-27", "2026-12-11", "2026-12-25", "2027-01-08", "2027-01-22"),
    "FR-26": days("2026-12-01", "2027-01-01", "2027-02-01"),
}
SAME = {
    "FR-01": ("FR-02", "FR-08", "FR-09", "FR-13"),
    "FR-04": ("FR-11", "FR-12"),
    "FR-07": ("FR-15", "FR-18", "FR-19"),
    "FR-10": ("FR-16", "FR-17"),
    "FR-14": ("FR-20", "FR-21", "FR-24"),
    "FR-23": ("FR-25",),
}


@pytest.mark.parametrize(
    ("key", "model"), [(key, key) for key in ORDINARY] + [(key, model) for model, keys in SAME.items() for key in keys]
)
def test_due_days_in_ordinary_weeks(key: str, model: str) -> None:
    assert due(key, "2026-11-02") == ORDINARY[model]


def test_every_rule_that_makes_tasks_has_its_days_in_the_table() -> None:
    told = set(ORDINARY) | {key for keys in SAME.values() for key in keys} | {"FR-27", "FR-03"}
    assert told == set(RULES)


def test_what_is_done_as_needed_makes_no_task() -> None:
    assert due("FR-03", "2026-11-02") == []
    assert further(RULES["FR-03"], [Made(1, date(2026, 11, 2), date(2026, 11, 2))], PLAIN, date(2027, 1, 1)) == ()


def test_a_pausing_rule_goes_before_the_holiday_and_uses_make_up_days() -> None:
    # National Day: 1 to 7 October; 27 September and 10 October are school days.
    assert due("FR-07", "2026-09-21", YEAR, 4) == days("2026-09-27", "2026-09-30", "2026-10-10", "2026-10-16")


def test_a_week_that_is_all_holiday_asks_a_pausing_rule_for_nothing_and_a_safety_rule_for_its_last_day() -> None:
    calendar = SchoolDays((), frozenset(date(2026, 11, day) for day in range(9, 16)))
    assert due("FR-07", "2026-11-02", calendar, 3) == days("2026-11-06", "2026-11-20", "2026-11-27")
    assert due("FR-10", "2026-11-02", calendar, 5) == days(
        "2026-11-04", "2026-11-06", "2026-11-11", "2026-11-15", "2026-11-18"
    )


def test_twice_a_month_stays_within_sixteen_days_after_an_early_day() -> None:
    found = due("FR-01", "2026-09-22", YEAR, 5)
    assert found == days("2026-09-30", "2026-10-16", "2026-10-30", "2026-11-13", "2026-11-27")
    assert all((later - earlier).days <= 16 for earlier, later in pairwise(found))


def test_a_rule_that_pauses_begins_when_school_does() -> None:
    assert due("FR-05", "2027-01-25", YEAR) == days("2027-03-08")
    assert due("FR-07", "2027-07-20", YEAR, 2) == days("2027-09-07", "2027-09-14")
    assert due("FR-22", "2027-01-25", YEAR) == days("2027-02-01")
    assert due("FR-24", "2027-01-25", YEAR, 2) == days("2027-02-24", "2027-03-24")


def test_terms_and_years() -> None:
    assert due("FR-27", "2026-10-12", YEAR) == days("2027-01-08", "2027-06-25", "2028-01-07")
    assert due("FR-27", "2027-01-08", YEAR, 1) == days("2027-01-08")
    assert due("FR-27", "2027-01-09", YEAR) == days("2027-06-25", "2028-01-07")
    assert due("FR-27", "2027-06-26", YEAR, horizon=date(2027, 6, 27)) == days("2028-01-07")
    assert due("FR-27", "2026-11-02", PLAIN) == days("2027-04-30")
    # Over the winter holidays: what is left of one term, then what the next one begins with.
    assert due("FR-14", "2026-12-21", YEAR, 4) == days("2027-01-20", "2027-03-19", "2027-04-20", "2027-05-20")
    assert due("FR-14", "2026-12-28", YEAR, 3) == days("2027-01-20", "2027-02-26", "2027-03-26")
    assert due("FR-14", "2027-06-28", YEAR, 2) == days("2027-07-05", "2027-09-27")
    assert due("FR-23", "2026-12-28", PLAIN, 2) == days("2027-01-08", "2027-01-22")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2028-01-31", ["2028-02-28", "2028-03-30", "2028-04-28"]),
        ("2028-02-29", ["2028-03-28", "2028-04-28", "2028-05-26"]),
        ("2027-01-31", ["2027-02-26", "2027-03-30", "2027-04-29"]),
        ("2028-02-01", ["2028-02-29", "2028-03-31", "2028-04-28"]),
    ],
)
def test_short_months_and_leap_days(start: str, expected: list[str]) -> None:
    assert due("FR-26", start) == days(*expected)


def test_a_year_from_a_leap_day_ends_on_the_last_of_february() -> None:
    assert add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)
    found = due("FR-24", "2028-02-29", count=99)
    assert len(found) == 12
    assert found[-1] == date(2029, 2, 27)


def test_a_year_has_its_twelve_visits_and_twenty_six_talks_whatever_the_holidays() -> None:
    for calendar in (PLAIN, YEAR):
        assert len(due("FR-24", "2026-10-12", calendar, 99)) == 12
        assert len(due("FR-23", "2026-10-12", calendar, 99)) == 26
    assert len(due("FR-26", "2026-12-20", YEAR, 99)) == 3


def test_nothing_is_due_after_its_reason_ended() -> None:
    assert due("FR-07", "2026-11-02", end=date(2026, 11, 21)) == days("2026-11-06", "2026-11-13")
    assert due("FR-24", "2026-11-02", end=date(2026, 12, 1)) == days("2026-12-01")
    assert due("FR-24", "2026-11-02", end=date(2026, 11, 30)) == []


def test_the_last_day_of_its_months_is_the_day_before_their_anniversary() -> None:
    daily = replace(RULES["FR-11"], lasts_months=1)
    found = due_days(daily, date(2026, 11, 2), PLAIN, date(2027, 11, 2))
    assert (len(found), found[-1].due_on) == (30, date(2026, 12, 1))


def test_a_locked_rule_may_not_be_ended_before_its_year_is_over() -> None:
    made = [Made(1, date(2026, 11, 2), date(2026, 12, 1))]
    assert ends_early(RULES["FR-24"], made, date(2027, 11, 1))
    assert not ends_early(RULES["FR-24"], made, date(2027, 11, 2))
    assert not ends_early(RULES["FR-20"], made, date(2026, 11, 3))
    assert not ends_early(RULES["FR-24"], [], date(2026, 11, 3))


def made_of(dues: Sequence[Due]) -> list[Made]:
    return [Made(each.nth, each.opens_on, each.due_on) for each in dues]


def test_a_new_rhythm_holds_from_the_next_window_on() -> None:
    made = made_of(due_days(RULES["FR-07"], date(2026, 11, 2), PLAIN, date(2026, 11, 20)))
    slower = replace(RULES["FR-07"], per=Per.TWO_WEEKS)
    found = further(slower, made, PLAIN, date(2026, 12, 31))
    # The last weekly window opened on 16 November; the next opens two weeks later.
    assert [(each.nth, each.opens_on, each.due_on) for each in found] == [
        (4, date(2026, 11, 30), date(2026, 12, 11)),
        (5, date(2026, 12, 14), date(2026, 12, 25)),
        (6, date(2026, 12, 28), date(2027, 1, 8)),
    ]
    assert further(slower, [*made, *made_of(found)], PLAIN, date(2026, 12, 31)) == ()


def test_an_ended_series_does_not_go_on_but_a_new_one_of_its_reason_does() -> None:
    first = made_of(due_days(RULES["FR-07"], date(2026, 11, 2), PLAIN, date(2026, 11, 20)))
    ended = [*first[:-1], replace(first[-1], ended=True)]
    assert further(RULES["FR-07"], ended, PLAIN, date(2027, 1, 1)) == ()
    again = due_days(RULES["FR-07"], date(2027, 1, 6), PLAIN, date(2027, 1, 10), first_nth=4)
    assert [(each.nth, each.due_on) for each in again] == [(4, date(2027, 1, 12))]
    more = further(RULES["FR-07"], [*ended, *made_of(again)], PLAIN, date(2027, 1, 20))
    assert [(each.nth, each.due_on) for each in more] == [(5, date(2027, 1, 19)), (6, date(2027, 1, 26))]


def test_a_holiday_set_later_moves_nothing_that_is_there() -> None:
    made = made_of(due_days(RULES["FR-01"], date(2026, 9, 22), YEAR, date(2026, 10, 20)))
    other = replace(YEAR, holidays=YEAR.holidays | {each.due_on for each in made})
    more = further(RULES["FR-01"], made, other, date(2026, 12, 1))
    assert [each.nth for each in more] == list(range(made[-1].nth + 1, made[-1].nth + 1 + len(more)))
    assert min(each.due_on for each in more) > made[-1].due_on


# Any calendar.

DAY = st.dates(date(2024, 1, 1), date(2030, 12, 31))
WITH_TASKS = st.sampled_from([rule for rule in RULES.values() if rule.makes_tasks])


@st.composite
def calendars(draw: st.DrawFn) -> SchoolDays:
    terms = []
    day = draw(st.dates(date(2024, 8, 1), date(2025, 3, 1)))
    for number in range(draw(st.integers(0, 8))):
        length = draw(st.integers(60, 150))
        last = day + timedelta(days=length)
        stop = last - timedelta(days=draw(st.integers(0, 14)))
        terms.append(TermSpan(f"{2024 + number // 2}-{2025 + number // 2}", number % 2 + 1, day, last, stop))
        day = last + timedelta(days=draw(st.integers(1, 70)))
    holidays: set[date] = set()
    for first in draw(st.lists(DAY, max_size=8)):
        holidays |= {first + timedelta(days=number) for number in range(draw(st.integers(1, 20)))}
    make_up = draw(st.frozensets(DAY, max_size=8))
    return SchoolDays(tuple(terms), frozenset(holidays) - make_up, make_up)


def windows_by_hand(rule: FollowUpRule, begin: date, last: date) -> list[tuple[date, date]]:
    """Divide the time into windows the slow way: day by day, a new one when the rule's span is over."""
    found = []
    first = begin
    number = 0
    day = begin
    while day <= last:
        number += 1
        if rule.per is Per.MONTH:
            end = add_months(begin, number // rule.times) + timedelta(days=15 * (number % rule.times))
        elif rule.per is Per.WEEK and rule.times == 2:
            end = begin + timedelta(days=(number // 2) * 7 + (number % 2) * 3)
        else:
            span = {Per.DAY: 1, Per.WEEK: 7, Per.TWO_WEEKS: 14, Per.STANDING: rule.check_days or 0}[rule.per]
            end = begin + timedelta(days=span * number)
        found.append((first, end - timedelta(days=1)))
        first = day = end
    return found


@settings(deadline=None, max_examples=200)
@given(rule=WITH_TASKS, start=DAY, calendar=calendars(), horizon=st.integers(0, 500), end=st.integers(-1, 500))
def test_no_due_day_is_lost_or_doubled_or_outside(
    rule: FollowUpRule, start: date, calendar: SchoolDays, horizon: int, end: int
) -> None:
    until = None if end < 0 else start + timedelta(days=end)
    found = due_days(rule, start, calendar, start + timedelta(days=horizon), end=until)
    assert found == due_days(rule, start, calendar, start + timedelta(days=horizon), end=until)
    assert all(a.nth < b.nth and a.due_on < b.due_on and a.due_on < b.opens_on for a, b in pairwise(found))
    assert all(start <= each.opens_on <= each.due_on for each in found)
    if until is not None:
        assert all(each.due_on <= until for each in found)
    if rule.holidays is PAUSE and rule.per is not Per.TERM:
        begin = calendar.first_school_day(start)
        if calendar.is_school_day(begin):
            assert all(calendar.is_school_day(each.due_on) for each in found)
    else:
        begin = start
    if rule.per in (Per.ONCE, Per.TERM):
        return
    limit = add_months(begin, rule.lasts_months) - timedelta(days=1) if rule.lasts_months else None
    wanted = []
    last = max(start + timedelta(days=horizon), begin)
    for nth, (first, final) in enumerate(windows_by_hand(rule, begin, last), start=1):
        if any(limit_day is not None and final > limit_day for limit_day in (limit, until)):
            break
        school = calendar.school_days(first, final)
        if school or rule.holidays is GO_ON:
            wanted.append((nth, first, final))
    assert [(each.nth, each.opens_on) for each in found] == [(nth, first) for nth, first, _final in wanted]
    assert all(each.due_on <= final for each, (_nth, _first, final) in zip(found, wanted, strict=True))
    for each, (_nth, first, _final) in zip(found, wanted, strict=True):
        assert calendar.is_school_day(each.due_on) or not calendar.school_days(first, each.due_on)
    if rule.gap_days is not None:
        for before, (each, (_nth, first, final)) in zip(found, list(zip(found, wanted, strict=True))[1:], strict=False):
            school = calendar.school_days(first, final)
            assert each.due_on <= max(before.due_on + timedelta(days=rule.gap_days), school[0] if school else first)


@settings(deadline=None, max_examples=100)
@given(rule=WITH_TASKS, start=DAY, calendar=calendars())
def test_no_window_opens_sooner_than_is_said(rule: FollowUpRule, start: date, calendar: SchoolDays) -> None:
    found = due_days(rule, start, calendar, start + timedelta(days=200))
    soonest = soonest_next(rule)
    if soonest is None:
        assert len(found) <= 1
    else:
        assert all((b.opens_on - a.opens_on).days >= soonest for a, b in pairwise(found))


@settings(deadline=None, max_examples=150)
@given(rule=WITH_TASKS, start=DAY, calendar=calendars(), steps=st.lists(st.integers(0, 90), min_size=1, max_size=6))
def test_made_piece_by_piece_it_is_the_same_as_at_once(
    rule: FollowUpRule, start: date, calendar: SchoolDays, steps: list[int]
) -> None:
    horizon = start
    made = list(due_days(rule, start, calendar, horizon))
    for step in steps:
        horizon += timedelta(days=step)
        made += further(rule, made_of(made), calendar, horizon)
    assert made == list(due_days(rule, start, calendar, horizon))


@settings(deadline=None, max_examples=150)
@given(rule=WITH_TASKS, start=DAY, before=calendars(), after=calendars(), step=st.integers(0, 200))
def test_a_new_calendar_changes_nothing_that_is_there_and_loses_nothing_that_comes(
    rule: FollowUpRule, start: date, before: SchoolDays, after: SchoolDays, step: int
) -> None:
    horizon = start + timedelta(days=step)
    made = list(due_days(rule, start, before, horizon))
    later = horizon + timedelta(days=60)
    more = further(rule, made_of(made), after, later)
    both = made + list(more)
    assert all(a.nth < b.nth and a.opens_on <= b.opens_on for a, b in pairwise(both))
    assert all(a.due_on < b.due_on for a, b in pairwise(both)) or rule.per is Per.TERM
    assert further(rule, made_of(both), after, later) == ()
