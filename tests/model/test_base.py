"""How moments, JSON values and words are stored."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, MetaData, Table, Text, create_engine, insert, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.types import TypeEngine

from counselroom.model.base import Json, Moment, canonical_json, moment_of, moment_text, word

CHINA = timezone(timedelta(hours=8))
NEWFOUNDLAND = timezone(-timedelta(hours=3, minutes=30))
OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 30), timezones=OFFSETS)  # noqa: DTZ001 - hypothesis adds the offset


@pytest.mark.parametrize(
    ("moment", "stored"),
    [
        (datetime(2026, 11, 22, 13, 7, tzinfo=CHINA), "2026-11-22T05:07:00.000000Z+08:00"),
        (datetime(2026, 11, 22, 13, 7, tzinfo=UTC), "2026-11-22T13:07:00.000000Z+00:00"),
        (datetime(2026, 11, 22, 7, 59, 59, 999_999, tzinfo=CHINA), "2026-11-21T23:59:59.999999Z+08:00"),
        (datetime(2027, 1, 1, 0, 0, 0, 1, tzinfo=CHINA), "2026-12-31T16:00:00.000001Z+08:00"),
        (datetime(2028, 2, 29, 22, 0, tzinfo=NEWFOUNDLAND), "2028-03-01T01:30:00.000000Z-03:30"),
        (datetime(2026, 6, 1, tzinfo=timezone(-timedelta(minutes=45))), "2026-06-01T00:45:00.000000Z-00:45"),
        (datetime(2026, 6, 1, tzinfo=timezone(-timedelta(hours=12))), "2026-06-01T12:00:00.000000Z-12:00"),
        (datetime(2026, 6, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))), "2026-05-31T18:15:00.000000Z+05:45"),
        (datetime(45, 6, 1, 12, tzinfo=UTC), "0045-06-01T12:00:00.000000Z+00:00"),
    ],
)
def test_a_moment_is_stored_utc_first_with_its_offset_behind(moment: datetime, stored: str) -> None:
    assert moment_text(moment) == stored
    read = moment_of(stored)
    assert read == moment
    assert read.utcoffset() == moment.utcoffset()


@settings(deadline=None)
@given(MOMENTS)
def test_every_moment_comes_back_as_it_was(moment: datetime) -> None:
    read = moment_of(moment_text(moment))
    assert read == moment
    assert read.replace(tzinfo=None) == moment.replace(tzinfo=None)
    assert read.utcoffset() == moment.utcoffset()
    assert moment_text(read) == moment_text(moment)


@settings(deadline=None)
@given(MOMENTS, MOMENTS)
def test_stored_moments_sort_as_time_goes(one: datetime, two: datetime) -> None:
    first, second = moment_text(one), moment_text(two)
    if one != two:
        assert (first < second) is (one < two)
    else:
        assert first.partition("Z")[0] == second.partition("Z")[0]


@settings(deadline=None)
@given(MOMENTS, OFFSETS, OFFSETS)
def test_an_instant_later_is_a_greater_text_on_any_clock(moment: datetime, one: timezone, two: timezone) -> None:
    later = moment + timedelta(microseconds=1)
    assert moment_text(moment.astimezone(one)) < moment_text(later.astimezone(two))


class AutumnNight(tzinfo):
    """A place on the night when its clock is set back from summer to winter time."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return timedelta(hours=1 if moment is not None and moment.fold else 2)

    def dst(self, moment: datetime | None) -> timedelta:
        return self.utcoffset(moment) - timedelta(hours=1)

    def tzname(self, moment: datetime | None) -> str:
        return "autumn"


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=AutumnNight())
    assert moment_text(twice) == "2026-10-25T00:30:00.000000Z+02:00"
    assert moment_text(twice.replace(fold=1)) == "2026-10-25T01:30:00.000000Z+01:00"


def test_an_offset_with_seconds_loses_them_but_not_the_moment() -> None:
    local_mean_time = timezone(timedelta(hours=8, minutes=5, seconds=43))
    moment = datetime(1900, 1, 1, 12, tzinfo=local_mean_time)
    assert moment_text(moment) == "1900-01-01T03:54:17.000000Z+08:06"
    assert moment_of(moment_text(moment)) == moment


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\Aa moment needs an offset\Z"):
        moment_text(datetime(2026, 11, 22, 13, 7))  # noqa: DTZ001 - what the test forbids


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "2026-11-22",
        "2026-11-22T05:07:00Z+08:00",
        "2026-11-22T05:07:00.000000Z",
        "2026-11-22T05:07:00.000000+08:00",
        "2026-11-22T05:07:00.000000Z08:00",
        "2026-11-22T05:07:00.000000Z+8:00",
        "2026-11-22T05:07:00.000000Z+08:60",
        "2026-11-22T05:07:00.000000Z+24:00",
        "2026-11-22T05:07:00.000000Z+08:00\n",
        " 2026-11-22T05:07:00.000000Z+08:00",
        "2026-11-22T05:07:00.000000Z+08:00x",
        "2026-11-22T05:07:00.000000Z+０8:00",
        "2026-11-22 05:07:00.000000Z+08:00",
        "2026-02-30T05:07:00.000000Z+08:00",
        "2027-02-29T05:07:00.000000Z+08:00",
        "2026-13-01T05:07:00.000000Z+08:00",
        "2026-11-22T24:07:00.000000Z+08:00",
        "2026-11-22T05:07:60.000000Z+08:00",
        "0000-11-22T05:07:00.000000Z+08:00",
        "9999-12-31T23:00:00.000000Z+08:00",
        "0001-01-01T01:00:00.000000Z-08:00",
    ],
)
def test_any_other_text_is_no_moment(stored: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment_of(stored)


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        ("yesterday", "not a stored moment"),
        ("9999-12-31T23:00:00.000000Z+08:00", "outside the years of the calendar"),
    ],
)
def test_the_refusal_of_a_moment_never_quotes_it(stored: str, reason: str) -> None:
    with pytest.raises(ValueError, match=rf"\A{reason}\Z"):
        moment_of(stored)


# ----- through SQLAlchemy -----


class Colour(StrEnum):
    RED = "red_word"
    GREEN = "green"


def table(kind: TypeEngine[Any]) -> tuple[Engine, Table]:
    engine = create_engine("sqlite://")
    stored = Table("stored", MetaData(), Column("value", kind))
    stored.metadata.create_all(engine)
    return engine, stored


def through(kind: TypeEngine[Any], value: object) -> tuple[object, object]:
    """Return the text a value is stored as, and the value that is read back."""
    engine, stored = table(kind)
    try:
        with engine.begin() as connection:
            connection.execute(insert(stored).values(value=value))
            raw = connection.execute(select(text("value")).select_from(stored)).scalar_one()
            return raw, connection.execute(select(stored.c.value)).scalar_one()
    finally:
        engine.dispose()


def test_a_column_of_moments_stores_the_text_and_reads_the_moment() -> None:
    moment = datetime(2026, 11, 22, 13, 7, tzinfo=CHINA)
    assert through(Moment(), moment) == ("2026-11-22T05:07:00.000000Z+08:00", moment)
    assert through(Moment(), None) == (None, None)
    with pytest.raises(StatementError, match="a moment needs an offset"):
        through(Moment(), moment.replace(tzinfo=None))


def test_a_column_of_moments_is_sorted_by_time_in_the_database() -> None:
    engine, stored = table(Moment())
    hour = datetime(2026, 11, 22, 13, tzinfo=CHINA)
    moments = [hour, hour.astimezone(NEWFOUNDLAND) + timedelta(minutes=1), hour.astimezone(UTC) - timedelta(minutes=1)]
    with engine.begin() as connection:
        connection.execute(insert(stored), [{"value": moment} for moment in moments])
        inside = select(stored.c.value).where(stored.c.value >= hour).order_by(stored.c.value)
        assert connection.execute(inside).scalars().all() == moments[:2]
        everything = select(stored.c.value).order_by(stored.c.value.desc())
        assert connection.execute(everything).scalars().all() == sorted(moments, reverse=True)
    engine.dispose()


def test_a_column_of_json_stores_canonical_text() -> None:
    raw, value = through(Json(), {"b": [1, None, True], "a": "谈话“一”"})
    assert raw == '{"a":"谈话“一”","b":[1,null,true]}'
    assert value == {"a": "谈话“一”", "b": [1, None, True]}
    assert through(Json(), None) == (None, None)
    assert through(Json(), []) == ("[]", [])
    assert through(Json(), "") == ('""', "")
    assert through(Json(), 0) == ("0", 0)


JSON_TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | JSON_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(JSON_TEXT, inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON_VALUES)
def test_every_json_value_comes_back_and_is_always_the_same_text(value: object) -> None:
    stored = canonical_json(value)
    assert json.loads(stored) == value
    assert canonical_json(json.loads(stored)) == stored


@settings(deadline=None)
@given(st.dictionaries(JSON_TEXT, JSON_VALUES, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_writing_does_not_change_the_text(value: dict[str, object], random: Any) -> None:
    keys = list(value)
    random.shuffle(keys)
    assert canonical_json({key: value[key] for key in keys}) == canonical_json(value)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_json_does_not_know_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"a": [number]})


def test_a_word_is_stored_by_its_value_and_read_as_the_word() -> None:
    raw, value = through(word(Colour), Colour.RED)
    assert raw == "red_word"
    assert value is Colour.RED
    assert through(word(Colour), "green") == ("green", Colour.GREEN)
    assert through(word(Colour), None) == (None, None)


@pytest.mark.parametrize("unknown", ["RED", "blue", "", "Green"])
def test_an_unknown_word_is_not_stored(unknown: str) -> None:
    engine, stored = table(word(Colour))
    with (
        pytest.raises((LookupError, StatementError), match="is not among the defined enum values"),
        engine.begin() as one,
    ):
        one.execute(insert(stored).values(value=unknown))
    with engine.begin() as connection:
        assert connection.execute(select(text("count(*)")).select_from(stored)).scalar_one() == 0
    engine.dispose()


def test_an_unknown_word_in_the_file_is_not_read_as_anything() -> None:
    engine, stored = table(word(Colour))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO stored VALUES ('blue')"))
        with pytest.raises(LookupError, match="blue"):
            connection.execute(select(stored.c.value)).all()
    engine.dispose()


def test_a_word_is_text_without_a_check_that_would_need_a_migration() -> None:
    kind = word(Colour)
    assert kind.enums == ["red_word", "green"]
    assert not kind.create_constraint
    assert not kind.native_enum
    assert kind.length == 32


def test_types_can_be_cached_and_are_text() -> None:
    for kind in (Moment, Json):
        assert kind.cache_ok is True
        assert isinstance(kind().impl, Text)
