"""What every mapped class shares: column types, the common columns, and the class of information a column carries.

A mapped object never leaves the services; no `relationship()` collections are mapped, so that every statement that
runs is one somebody wrote.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, MetaData, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from counselroom.rules.disclosure import DisclosureClass
from counselroom.rules.secrecy import Secrecy


def _info(kind: DisclosureClass) -> dict[str, object]:
    return {"disclosure": kind}


IDENTITY = _info(DisclosureClass.IDENTITY)
CONTACT = _info(DisclosureClass.CONTACT)
CARE_POINT = _info(DisclosureClass.CARE_POINT)
EVENT_FACT = _info(DisclosureClass.EVENT_FACT)
SESSION_TEXT = _info(DisclosureClass.SESSION_TEXT)
ILLNESS = _info(DisclosureClass.ILLNESS)
OTHERS = _info(DisclosureClass.OTHERS)
ADMINISTRATIVE = _info(DisclosureClass.ADMINISTRATIVE)

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})Z([+-])(\d\d):([0-5]\d)\Z", re.ASCII)


class Moment(TypeDecorator[datetime]):
    """An aware datetime as text, UTC first and the local offset behind: `2026-11-22T05:07:00.000000Z+08:00`.

    The text sorts by the true moment, and the hour that stood on the wall is kept.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the stored text. Raises ValueError for a datetime without an offset."""
        return None if value is None else moment_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the aware datetime with the offset it was stored with."""
        return None if value is None else moment_of(value)


def moment_text(value: datetime) -> str:
    """Return the stored form of an aware datetime. Raises ValueError when it has no offset."""
    offset = value.utcoffset()
    if offset is None:
        message = "a moment needs an offset"
        raise ValueError(message)
    utc = (value - offset).replace(tzinfo=None)
    minutes = round(offset.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"{utc.isoformat(timespec='microseconds')}Z{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def moment_of(text: str) -> datetime:
    """Return the aware datetime of a stored moment. Raises ValueError for any other text."""
    match = _MOMENT.match(text)
    if match is None:
        message = "not a stored moment"
        raise ValueError(message)
    offset = timedelta(hours=int(match[3]), minutes=int(match[4])) * (-1 if match[2] == "-" else 1)
    try:
        return (datetime.fromisoformat(match[1]) + offset).replace(tzinfo=timezone(offset))
    except OverflowError as error:
        message = "outside the years of the calendar"
        raise ValueError(message) from error


class Json(TypeDecorator[Any]):
    """A JSON value as canonical UTF-8 text: the same value is always the same bytes, so that it can be hashed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the canonical text."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the parsed value."""
        return None if value is None else json.loads(value)


def canonical_json(value: object) -> str:
    """Return the one JSON text of `value`: sorted keys, no spaces, characters as they are.

    Raises:
        ValueError: it holds a number that JSON does not know (infinite, or not a number).
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def word(kind: type[StrEnum]) -> Enum:
    """Return a column type that stores the value of a `StrEnum` as text and refuses any other word."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
        length=32,
    )


LATER = 1
"""Sort order of columns that came after the table: a new vault has them where a migrated one has."""


class Base(DeclarativeBase):
    """Root of all mapped classes; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Record(Base):
    """The common columns of every business row. Rows are never deleted but voided, with a reason.

    `academic_year` and `term` are those of the day of the event, not of typing it in (R-18).
    """

    __abstract__ = True

    id: Mapped[str] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    created_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    created_by: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    updated_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    updated_by: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    academic_year: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    term: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    secrecy: Mapped[Secrecy] = mapped_column(word(Secrecy), info=ADMINISTRATIVE)
    voided_at: Mapped[datetime | None] = mapped_column(Moment, info=ADMINISTRATIVE)
    voided_by: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    void_reason: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
