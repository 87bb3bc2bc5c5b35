"""Full-text search: exactly what a substring search finds, filtered before counting; people by name and pinyin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlcipher3.dbapi2
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, false, text, true
from sqlalchemy.orm import Session

from counselroom.model import Base
from counselroom.model.safekeeping import SearchEntry, SearchName
from counselroom.rules.secrecy import Secrecy
from counselroom.vault.search_index import (
    CREATE_SEARCH_TEXT,
    IndexEntry,
    canonical,
    contains,
    find_people,
    index,
    index_person,
    merge_step,
    remove,
    remove_person,
    search,
)
from tests.vault.storage import engine_over, session_on

TABLES = ("search_entry", "search_name")


@pytest.fixture(scope="module")
def database() -> Iterator[Engine]:
    raw = sqlcipher3.dbapi2.connect(":memory:", isolation_level=None)
    engine = engine_over(raw)
    with engine.begin() as connection:
        Base.metadata.create_all(connection, tables=[Base.metadata.tables[name] for name in TABLES])
        connection.exec_driver_sql(CREATE_SEARCH_TEXT)
    yield engine
    raw.close()


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    """A session on an empty index; nothing of it is kept."""
    with session_on(database) as session:
        yield session
        session.rollback()


def entry(entity_id: str, **fields: Any) -> IndexEntry:
    values: dict[str, Any] = {
        "entity": "session_record",
        "entity_id": entity_id,
        "subject_person": "s1",
        "owner": "c1",
        "secrecy": Secrecy.S2,
        "restricted": False,
        "occurred_on": date(2026, 11, 2),
        "title": "第 1 次",
    }
    return IndexEntry(**(values | fields))


def found(session: Session, query: str) -> list[str]:
    result = search(session, query, true())
    assert result.total == len(result.entries)
    return [hit.entity_id for hit in result.entries]


@pytest.mark.parametrize(
    ("note", "query"),
    [
        ("提到自伤的想法", "自伤"),
        ("提到自伤的想法", "伤"),
        ("提到自伤的想法", "法"),
        ("提到自伤的想法", "提到自伤的想法"),
        ("提到 自伤 的想法", "想法 自伤"),
        ("近两周失眠，每晚睡3小时", "睡3小"),
        ("PHQ-9得分12", "phq-9得分"),
        ("ＰＨＱ－９得分１２", "PHQ-9"),
        ("Straße 7", "STRASSE"),
        ("同学𬱖某", "𬱖"),
        ("同学𬱖某", "学𬱖某"),
        ("《心理》：“好”", "“好”"),
        ("a\"b'c(d)", "\"b'c("),
        ("100%的", "0%"),
        ("第一行\n第二行", "行 第"),
    ],
)
def test_a_word_is_found(session: Session, note: str, query: str) -> None:
    index(session, entry("hit"), [note])
    index(session, entry("other"), ["别的内容"])
    assert found(session, query) == ["hit"]


@pytest.mark.parametrize("query", ["", " ", "\n", "伤自", "自的", "到自想", "自伤 失眠", "法提"])
def test_what_is_not_there_is_not_found(session: Session, query: str) -> None:
    index(session, entry("one"), ["提到自伤的想法", "提"])
    assert found(session, query) == []


def test_words_do_not_reach_over_parts(session: Session) -> None:
    index(session, entry("one"), ["很失", "眠很"])
    assert found(session, "失眠") == []
    assert found(session, "很失 眠很") == ["one"]


ALPHABET = st.sampled_from("自伤失眠的ab1Ａ１ -\"'*%(𬱖𠀀é\n")
NOTES = st.lists(st.text(ALPHABET, max_size=12), min_size=1, max_size=5)


@settings(deadline=None, max_examples=300)
@given(notes=NOTES, query=st.text(ALPHABET, min_size=1, max_size=4))
@example(notes=["自 伤", "自伤"], query="自伤")
@example(notes=["\U0010ffffa"], query="\U0010ffff")
def test_search_finds_exactly_what_a_substring_search_finds(database: Engine, notes: list[str], query: str) -> None:
    assert_same(database, notes, query)


@settings(deadline=None, max_examples=200)
@given(notes=st.lists(st.text(max_size=30), min_size=1, max_size=4), data=st.data())
def test_every_part_of_any_text_is_found(database: Engine, notes: list[str], data: st.DataObject) -> None:
    note = canonical(data.draw(st.sampled_from(notes)))
    start = data.draw(st.integers(0, len(note)))
    assert_same(database, notes, note[start : start + data.draw(st.integers(1, 6))])


def assert_same(database: Engine, notes: list[str], query: str) -> None:
    with session_on(database) as session:
        for number, note in enumerate(notes):
            index(session, entry(str(number)), [note])
        expected = {str(number) for number, note in enumerate(notes) if contains(note, query)}
        assert set(found(session, query)) == expected
        for word in canonical(query).split():
            plain = {str(number) for number, note in enumerate(notes) if word in canonical(note)}
            assert set(found(session, word)) == plain
        session.rollback()


def test_lone_surrogates_of_a_query_are_harmless(session: Session) -> None:
    index(session, entry("one"), ["自伤\ud800"])
    assert found(session, "\udfff自伤") == ["one"]


def test_indexing_again_replaces(session: Session) -> None:
    index(session, entry("one"), ["旧的内容"])
    index(session, entry("one", title="新"), ["新的文字"])
    assert found(session, "旧的") == []
    hit = search(session, "文字", true())
    assert [(one.title, one.entity_id) for one in hit.entries] == [("新", "one")]


def test_a_removed_record_is_not_found(session: Session) -> None:
    index(session, entry("one"), ["自伤"])
    index(session, entry("two"), ["自伤"])
    remove(session, "session_record", "one")
    remove(session, "session_record", "unknown")
    assert found(session, "自伤") == ["two"]


def test_hits_come_back_as_they_were_given_newest_first(session: Session) -> None:
    entries = [
        entry("old", occurred_on=date(2025, 1, 1), restricted=True, secrecy=Secrecy.S3),
        entry("new"),
        entry("undated", occurred_on=None, subject_person=None, owner=None),
    ]
    for one in entries:
        index(session, one, ["自伤"])
    assert search(session, "自伤", true()).entries == (entries[1], entries[0], entries[2])


def test_hidden_hits_are_not_counted(session: Session) -> None:
    for number in range(5):
        index(session, entry(f"{number}", owner="c1" if number < 3 else "c2", restricted=number == 0), ["自伤"])
    mine = (SearchEntry.owner == "c1") & SearchEntry.restricted.is_(False)
    result = search(session, "自伤", mine)
    assert (result.total, {hit.entity_id for hit in result.entries}) == (2, {"1", "2"})
    assert search(session, "自伤", false()).total == 0


def test_a_limit_bounds_the_entries_and_not_the_count(session: Session) -> None:
    for number in range(7):
        index(session, entry(f"{number}"), ["自伤"])
    result = search(session, "自伤", true(), limit=3)
    assert (result.total, len(result.entries)) == (7, 3)


def blocks_with(session: Session, character: str) -> int:
    """Count the stored blocks that hold a character; one of a rare plane, so that no shortened token hides it."""
    statement = text("SELECT count(*) FROM search_text_data WHERE instr(block, CAST(:character AS BLOB))")
    return int(session.execute(statement, {"character": character}).scalar_one())


def test_merging_drops_the_tokens_of_removed_texts(session: Session) -> None:
    for number in range(40):
        index(session, entry(f"{number}"), ["很多别的内容" * 20])
    index(session, entry("secret"), ["龘靐秘密𬱖"])
    session.commit()
    remove(session, "session_record", "secret")
    session.commit()
    assert found(session, "龘靐") == []
    assert blocks_with(session, "𬱖") >= 1
    steps = 1
    more = merge_step(session, first=True)
    while more:
        more = merge_step(session, first=False)
        steps += 1
    assert steps < 20
    assert blocks_with(session, "𬱖") == 0
    assert len(found(session, "别的")) == 40
    session.execute(text("DELETE FROM search_entry"))
    session.execute(text("DELETE FROM search_text"))
    session.commit()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("张晓明", ["p1"]),
        ("晓明", ["p1", "p2"]),
        ("zxm", ["p1"]),
        ("ZXM", ["p1"]),
        ("zhang xiao", ["p1"]),
        ("xiaoming", ["p1", "p2"]),
        ("shanxiaoming", ["p2"]),
        ("danxiaoming", ["p2"]),
        ("sxm", ["p2"]),
        ("2024001", ["p1"]),
        ("２０２４", ["p1"]),
        ("c-07", ["p2"]),
        ("lüqiu", ["p3"]),
        ("lvqiu", ["p3"]),
        ("𬱖", ["p4"]),
        ("john", ["p4"]),
        ("feng", ["p5"]),
        ("", []),
        ("  ", []),
        ("无人", []),
        ("%", []),
    ],
)
def test_people_are_found(session: Session, query: str, expected: list[str]) -> None:
    index_person(session, "p1", "张晓明", {"student_no": "2024001"})
    index_person(session, "p2", "单晓明", {"code": "C-07", "student_no": " "})
    index_person(session, "p3", "闾丘文", {})
    index_person(session, "p4", "John 𬱖", {})
    index_person(session, "p5", "凤", {})
    assert sorted(find_people(session, query, true())) == expected


def test_the_best_match_comes_first(session: Session) -> None:
    index_person(session, "long", "李明月光", {})
    index_person(session, "exact", "李明", {})
    assert find_people(session, "李明", true()) == ("exact", "long")
    assert find_people(session, "李明", true(), limit=1) == ("exact",)
    assert find_people(session, "李明", SearchName.person_id != "exact") == ("long",)


def test_a_renamed_person_is_found_by_the_new_name_only(session: Session) -> None:
    index_person(session, "p1", "张晓明", {})
    index_person(session, "p1", "李晓红", {})
    assert find_people(session, "zxm", true()) == ()
    assert find_people(session, "lxh", true()) == ("p1",)
    remove_person(session, "p1")
    assert find_people(session, "lxh", true()) == ()


def test_a_person_without_a_name_is_not_indexed(session: Session) -> None:
    index_person(session, "p1", "", {})
    assert session.execute(text("SELECT count(*) FROM search_name")).scalar_one() == 0
