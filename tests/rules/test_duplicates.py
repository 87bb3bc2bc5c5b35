"""Which two entries may be one student."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.rules.duplicates import Candidate, Likeness, likely_pairs, shortlist

DAY = date(2012, 5, 1)


def one(
    ident: str, name: str, number: str | None = None, day: date | None = None, klass: str | None = None
) -> Candidate:
    return Candidate(ident, name, number, day, klass)


@pytest.mark.parametrize(
    ("first", "second", "likeness"),
    [
        (one("a", "张三", "0201"), one("b", "李四", "201"), [Likeness.SAME_NUMBER]),
        (one("a", "张三", "Ａ1"), one("b", "李四", "a1"), [Likeness.SAME_NUMBER]),
        (one("a", "张 三", day=DAY), one("b", "张三", day=DAY), [Likeness.SAME_NAME_AND_BIRTHDAY]),
        (one("a", "张三", klass="k"), one("b", "张三", klass="k"), [Likeness.SAME_NAME_AND_CLASS]),
        (one("a", "张晓明", day=DAY, klass="k"), one("b", "张小明", day=DAY, klass="k"), [Likeness.NEAR_NAME]),
        (one("a", "张晓明", day=DAY, klass="k"), one("b", "张小名", day=DAY, klass="k"), []),
        (one("a", "张晓明", day=DAY, klass="k"), one("b", "张小明", day=DAY, klass="other"), []),
        (one("a", "张三", day=DAY), one("b", "张三", day=DAY + timedelta(days=1)), []),
        (one("a", "张三"), one("b", "张三"), []),
        (one("a", "张三", ""), one("b", "李四", "0"), []),
    ],
)
def test_two_entries_are_likely_one_student(first: Candidate, second: Candidate, likeness: list[Likeness]) -> None:
    pairs = likely_pairs([first, second])
    assert [list(pair.likeness) for pair in pairs] == ([likeness] if likeness else [])
    assert all((pair.first, pair.second) == ("a", "b") for pair in pairs)


def test_all_reasons_are_told_and_the_strongest_stands_first() -> None:
    same = [one("a", "张三", "1", DAY, "k"), one("b", "张三", "01", DAY, "k"), one("c", "张三", None, DAY, None)]
    pairs = likely_pairs(same)
    assert [(pair.first, pair.second) for pair in pairs] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert pairs[0].likeness == tuple(Likeness)
    assert pairs[1].likeness == (Likeness.SAME_NAME_AND_BIRTHDAY,)


@given(
    st.lists(
        st.tuples(st.sampled_from(["张三", "张四", "李三", "三", "张三三"]), st.sampled_from([DAY, None])), max_size=12
    )
)
@settings(deadline=None)
def test_no_pair_is_told_twice_or_with_itself(people: list[tuple[str, date | None]]) -> None:
    pairs = likely_pairs([one(str(place), name, day=day, klass="k") for place, (name, day) in enumerate(people)])
    met = [frozenset((pair.first, pair.second)) for pair in pairs]
    assert len(met) == len(set(met))
    assert all(len(pair) == 2 for pair in met)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["张三", "张四", "李三", "三", "张三三", "张 三"]),
            st.sampled_from([None, "1", "01", "2", ""]),
            st.sampled_from([DAY, DAY + timedelta(days=1), None]),
            st.sampled_from(["k", "m", None]),
        ),
        max_size=12,
    )
)
@settings(deadline=None)
def test_the_shortlist_makes_the_same_pairs(people: list[tuple[str, str | None, date | None, str | None]]) -> None:
    everybody = [one(f"{place:02}", *person) for place, person in enumerate(people)]
    count, few = shortlist(lambda: iter(everybody))
    assert count == len(everybody)
    assert likely_pairs(few) == likely_pairs(everybody)
    assert [candidate for candidate in everybody if candidate in few] == list(few)


def test_who_shares_nothing_is_not_on_the_shortlist() -> None:
    alone = [one(str(place), f"张{chr(0x4E00 + place)}", str(place + 1), DAY, f"k{place}") for place in range(20)]
    assert shortlist(lambda: iter(alone)) == (20, ())
