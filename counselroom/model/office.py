"""Parameters, number series, form definitions in use, and the print log (SYS-02, SYS-03)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from counselroom.model.base import ADMINISTRATIVE, IDENTITY, Base, Json, Moment, word
from counselroom.rules.printing import PrintState
from counselroom.rules.secrecy import Secrecy


class Parameter(Base):
    """A value the school set in place of the default of `resources/parameters.toml` (R-17)."""

    __tablename__ = "parameter"

    key: Mapped[str] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    value: Mapped[object] = mapped_column(Json, info=ADMINISTRATIVE)
    changed_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    changed_by: Mapped[str] = mapped_column(info=ADMINISTRATIVE)


class NumberSeries(Base):
    """The last number given out in a series such as `ZJ-2026`.

    A restored vault begins a new `branch`, so that a code printed after the backup was made is never given twice.
    """

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    branch: Mapped[int] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    last_number: Mapped[int] = mapped_column(info=ADMINISTRATIVE)


class FormInUse(Base):
    """A form definition that something was printed or written with, kept by hash so that it can be printed again."""

    __tablename__ = "form_in_use"

    hash: Mapped[str] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    form_id: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    version: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    source: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    first_used_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)


class PrintLog(Base):
    """One print of a form: for whom, why, which copy. A failed print voids its number and keeps the line."""

    __tablename__ = "print_log"
    __table_args__ = (Index("ix_print_log_entity", "entity", "entity_id"),)

    id: Mapped[str] = mapped_column(primary_key=True, info=ADMINISTRATIVE)
    printed_at: Mapped[datetime] = mapped_column(Moment, info=ADMINISTRATIVE)
    printed_by: Mapped[str] = mapped_column(ForeignKey("account.id"), info=ADMINISTRATIVE)
    form_id: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    form_hash: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    entity: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    entity_id: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    subject_person: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True, info=IDENTITY)
    secrecy: Mapped[Secrecy] = mapped_column(word(Secrecy), info=ADMINISTRATIVE)
    audience: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    recipient: Mapped[str | None] = mapped_column(info=IDENTITY)
    purpose: Mapped[str | None] = mapped_column(info=ADMINISTRATIVE)
    copies: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    copy_no: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    sha256: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    state: Mapped[PrintState] = mapped_column(word(PrintState), info=ADMINISTRATIVE)
