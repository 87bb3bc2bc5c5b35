"""Every mapped column says what it tells about a person: printing and search are built on it (R-02)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import Column, Date, DateTime, Enum
from sqlalchemy import Table as SqlTable

from counselroom.model import Base
from counselroom.model.base import Moment, Record
from counselroom.rules.disclosure import DisclosureClass

TABLES: list[SqlTable] = list(Base.metadata.sorted_tables)
COLUMNS: list[Column[Any]] = [column for table in TABLES for column in table.columns]


def test_there_is_a_model_to_look_at() -> None:
    names = {table.name for table in TABLES}
    assert {"person", "student", "guardian", "case_file", "session_record", "referral", "audit_log"} <= names


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_every_column_carries_a_class(column: Column[Any]) -> None:
    assert isinstance(column.info.get("disclosure"), DisclosureClass), f"{column} says nothing about what it tells"


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("person.name", DisclosureClass.IDENTITY),
        ("session_record.sections", DisclosureClass.SESSION_TEXT),
        ("session_record.risk_level", DisclosureClass.SESSION_TEXT),
        ("amendment.text", DisclosureClass.SESSION_TEXT),
        ("amendment.reason", DisclosureClass.SESSION_TEXT),
        ("case_file.goals", DisclosureClass.SESSION_TEXT),
        ("referral.to_kind", DisclosureClass.EVENT_FACT),
        ("referral.to_name", DisclosureClass.EVENT_FACT),
        ("referral.reason", DisclosureClass.EVENT_FACT),
        ("referral.session_excerpt", DisclosureClass.SESSION_TEXT),
        ("referral_feedback.institution", DisclosureClass.EVENT_FACT),
        ("referral_feedback.recommendation", DisclosureClass.ILLNESS),
        ("appointment.issue_brief", DisclosureClass.SESSION_TEXT),
        ("appointment.cancel_reason", DisclosureClass.SESSION_TEXT),
        ("archive_card.health_history", DisclosureClass.ILLNESS),
        ("archive_card.medication", DisclosureClass.ILLNESS),
        ("archive_card.family_members", DisclosureClass.OTHERS),
        ("draft.state", DisclosureClass.SESSION_TEXT),
        ("draft_version.state", DisclosureClass.SESSION_TEXT),
        ("attachment_chunk.data", DisclosureClass.OTHERS),
    ],
)
def test_the_classes_of_what_must_never_slip_out(column: str, kind: DisclosureClass) -> None:
    table, name = column.split(".")
    assert Base.metadata.tables[table].columns[name].info["disclosure"] is kind


OF_THE_OFFICE = {
    "academic_year", "access_grant", "account", "audit_log", "calendar_day", "deed", "org_unit", "parameter",
    "print_log", "room", "school", "term",
}  # fmt: skip
PROMISES_CONTENT = {"name", "phone", "address", "text", "summary", "history", "institution", "birth", "scope"}


def test_a_column_that_promises_content_is_administrative_only_in_the_papers_of_the_office() -> None:
    suspicious = [
        f"{column.table.name}.{column.name}"
        for column in COLUMNS
        if column.info["disclosure"] is DisclosureClass.ADMINISTRATIVE
        and PROMISES_CONTENT & set(column.name.split("_"))
        and column.table.name not in OF_THE_OFFICE
    ]
    assert suspicious == ["consent.text_version"]


@pytest.mark.parametrize("kind", Record.__subclasses__(), ids=lambda kind: kind.__name__)
def test_every_record_has_the_common_columns(kind: type[Record]) -> None:
    common = {
        "id", "created_at", "created_by", "updated_at", "updated_by", "academic_year", "term", "secrecy", "voided_at",
        "voided_by", "void_reason",
    }  # fmt: skip
    assert common <= set(kind.__table__.columns.keys())


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_moments_and_words_are_stored_in_their_own_types(column: Column[Any]) -> None:
    assert not isinstance(column.type, DateTime), f"{column} would lose its offset; use Moment"
    if isinstance(column.type, Moment):
        assert column.name.endswith("_at") or column.name in {"at", "complete_by"}, column
    if isinstance(column.type, Date):
        assert column.type.python_type is date
        assert not column.name.endswith("_at"), f"{column} is a day, not a moment"
    if isinstance(column.type, Enum):
        assert column.type.enum_class is not None
        assert issubclass(column.type.enum_class, StrEnum)
        assert column.type.enums == [member.value for member in column.type.enum_class]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_constraint_has_a_name_so_that_a_migration_can_name_it(table: SqlTable) -> None:
    for constraint in table.constraints:
        assert constraint.name or not constraint.columns, (table.name, constraint)  # type: ignore[attr-defined]
    names = [index.name for index in table.indexes]
    assert all(names)
    assert len(set(names)) == len(names)
