"""A register as an Excel table. The file is not encrypted: it is made in memory, for a stated reason, and logged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.printing.workbook import Cell, workbook
from counselroom.rules.access import Action, Actor
from counselroom.rules.registers import RegisterState
from counselroom.services import access
from counselroom.services.desk import Desk
from counselroom.services.register_definitions import RegisterField, printable, register_named, shown_text
from counselroom.services.register_rows import RowFilter, RowView, list_subject, readable_rows


@dataclass(frozen=True)
class Exported:
    """A table ready to be saved; its name says nothing about a person."""

    file_name: str
    content: bytes
    rows: int


def export_rows(actor: Actor, desk: Desk, key: str, wanted: RowFilter | None = None) -> Exported:
    """Return the rows of a register that the actor may export, as an Excel file.

    Raises:
        UserError: the actor stated no reason, or there is nothing to export.
    """
    if not actor.reason.strip():
        raise UserError(
            _("Please say why the table is exported."),
            _("Nothing was exported."),
            _("The reason is kept in the audit log."),
        )
    with desk.look() as work:
        register = register_named(key)
        access.allow(actor, Action.EXPORT, list_subject(register), work)
        rows = readable_rows(actor, work, register, wanted or RowFilter(), Action.EXPORT)
        if not rows:
            raise UserError(_("There is no row to export."), _("Nothing was exported."))
        heads = [each.label for each in register.fields]
        heads += [pgettext("register", "State"), pgettext("register", "Academic year"), pgettext("register", "Reason")]
        table = [
            [*(_cell(each, row) for each in register.fields), state_word(row), row.academic_year, row.void_reason]
            for row in rows
        ]
        name = f"{register.key}-{register.title}-{work.now:%Y%m%d}.xlsx"
        return Exported(name, workbook(register.title, heads, table, work.now), len(rows))


def state_word(row: RowView) -> str:
    """Return the word for the state of a row."""
    if row.void_reason is not None:
        return pgettext("register", "void")
    return pgettext("register", "draft") if row.state is RegisterState.DRAFT else pgettext("register", "filed")


def _cell(asked: RegisterField, row: RowView) -> Cell:
    value: Any = row.data.get(asked.link_id)
    if asked.type in ("int", "date", "time"):
        plain: Any = printable(asked, value)
        cell: Cell = plain
        return cell
    return row.texts.get(asked.link_id) or shown_text(asked, value)
