"""The rows of a vault, table by table, for comparing a restored one with what it was restored from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Table, text

from counselroom.demo.stage import require
from counselroom.i18n import _
from counselroom.model.base import Base
from counselroom.vault.vault import Vault

Rows = Mapping[str, list[tuple[Any, ...]]]
"""The rows of every table, in the order of their keys."""
_OWN = frozenset({"vault_meta", "audit_log", "audit_epoch"})
"""Tables that a restore and an unlock add rows to by their nature; audit rows are compared one by one."""


def all_rows(vault: Vault) -> Rows:
    """Read every row of an open vault."""
    return {table.name: _rows(vault, table) for table in Base.metadata.sorted_tables}


def compare(here: Rows, there: Rows, leave_out: Collection[str] = ()) -> int:
    """Return the number of equal rows.

    Args:
        here: of the vault that was backed up, read after the backup.
        there: of the restored one.
        leave_out: further tables that may differ.

    Raises:
        CheckFailed: a table differs, or the audit log of the restored vault is not that of the other one.
    """
    count = 0
    for name, rows in here.items():
        if name == "audit_log":
            known = set(rows)
            shared = [row for row in there[name] if row in known]
            require(there[name][: len(shared)] == shared, _("The audit log of the restored vault differs."))
            require(len(shared) >= len(rows) - 4, _("The restored vault lacks audit rows."))
            count += len(shared)
        elif name not in _OWN and name not in leave_out:
            require(rows == there[name], _("The restored vault differs in {table}.").format(table=name))
            count += len(rows)
    return count


def _rows(vault: Vault, table: Table) -> list[tuple[Any, ...]]:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key)
    with vault.reading() as session:
        found = session.execute(text(f'SELECT {columns} FROM "{table.name}" ORDER BY {keys}'))  # noqa: S608 - the model
        return [tuple(row) for row in found]
