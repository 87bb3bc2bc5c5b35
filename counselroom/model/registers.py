"""The envelope of all registers: rows that are kept, listed, counted and printed by a definition in `forms/`.

What a row says lies in `data` by the linkIds of its definition; timeline, search, access, merge and transfer work on
the columns beside it, so that a register needs no code of its own.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from counselroom.model.base import ADMINISTRATIVE, IDENTITY, SESSION_TEXT, Json, Record, word
from counselroom.rules.registers import RegisterState


class RegisterRow(Record):
    """One row of a register. Filed, it is only voided.

    No column is made for a field that is counted: the sums read `data` itself, because a register that comes with a
    file alone can't bring a column along.
    """

    __tablename__ = "register_row"
    __table_args__ = (
        Index("ix_register_row_register_occurred", "register", "occurred_on"),
        Index("ix_register_row_subject_occurred", "subject_person", "occurred_on"),
    )

    register: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    """The number of the form whose rows these are, also where the school uses a copy of its own: `F-61`."""
    form_id: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    form_version: Mapped[int] = mapped_column(info=ADMINISTRATIVE)
    form_hash: Mapped[str] = mapped_column(info=ADMINISTRATIVE)
    subject_person: Mapped[str | None] = mapped_column(ForeignKey("person.id"), info=IDENTITY)
    org_unit: Mapped[str | None] = mapped_column(ForeignKey("org_unit.id"), index=True, info=ADMINISTRATIVE)
    occurred_on: Mapped[date] = mapped_column(info=ADMINISTRATIVE)
    owner: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True, info=ADMINISTRATIVE)
    """The person responsible for it; secret rows are shown by it."""
    state: Mapped[RegisterState] = mapped_column(word(RegisterState), info=ADMINISTRATIVE)
    data: Mapped[dict[str, Any]] = mapped_column(Json, info=SESSION_TEXT)
    """The answers by linkId. Of the strictest class, because a definition may ask for anything."""
