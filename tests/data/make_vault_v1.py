"""Makes `tests/data/vault_v1`, the stored vault of the first schema, with keys that are for tests only.

It was run once; a stored vault is never made again, because what must stay readable is the one that exists. Were it
lost, this makes one like it: `python -m tests.data.make_vault_v1`.
"""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path

from sqlalchemy import Connection, insert

from counselroom.model import Base
from counselroom.vault import creation, deeds
from counselroom.vault.audit import AuditLog, read_head
from counselroom.vault.engine import BEGIN_TO_WRITE, engine_over
from counselroom.vault.keys.argon import FLOOR
from counselroom.vault.keys.recovery_code import encode
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.slots import SlotKind, passphrase_slot, recovery_slot
from counselroom.vault.opened import state_of
from counselroom.vault.opening import DATABASE_NAME, open_database
from counselroom.vault.rotation_recovery import checkpoint
from counselroom.vault.state import write_state
from tests.vault.sample_rows import LEFT_OUT, row_of
from tests.vault.storage import NOW, audit_event, session_on

HERE = Path(__file__).parent
FOLDER = HERE / "vault_v1"
VAULT_ID = "0123456789abcdef" * 2
ROOT = hashlib.sha256(b"stored vault of the first schema, for tests only").digest()
PASSPHRASE = "stored vault, for tests only"
SHEET = bytes(range(16))


def schema_0001(connection: Connection) -> None:
    """Create the first schema from its literal SQL."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    pending = ""
    for line in (HERE / "schema_0001.sql").read_text(encoding="utf-8").splitlines():
        pending += line + "\n"
        if line.endswith(";") and ("CREATE TRIGGER" not in pending or line == "END;"):
            raw.cursor().execute(pending)
            pending = ""
    raw.cursor().execute("INSERT INTO alembic_version (version_num) VALUES ('0001')")


def fill(connection: Connection) -> None:
    """Insert one row of every table, and three prints, with the columns that the first schema has."""
    for table in Base.metadata.sorted_tables:
        found = connection.exec_driver_sql("SELECT name FROM pragma_table_info(?)", (table.name,)).scalars()
        columns = set(found)
        if columns and table.name not in LEFT_OUT:
            for number in range(3 if table.name == "print_log" else 1):
                values = row_of(table, f"print_log{number or ''}" if table.name == "print_log" else None)
                connection.execute(insert(table).values({c: v for c, v in values.items() if c in columns}))


def main() -> None:
    """Write the vault."""
    root = RootKey(ROOT)
    counter = itertools.count()

    def entropy(size: int) -> bytes:
        return hashlib.shake_128(b"entropy %d" % next(counter)).digest(size)

    slots = (
        passphrase_slot(root, "用户 1", PASSPHRASE, FLOOR, entropy),
        recovery_slot(root, SlotKind.SHEET_A, SHEET, entropy),
        recovery_slot(root, SlotKind.SHEET_B, SHEET[::-1], entropy),
    )
    FOLDER.mkdir()
    creation.create_schema = schema_0001  # type: ignore[attr-defined]  # only here is an old schema made
    creation._build(FOLDER, SlotFile(VAULT_ID, slots), root, NOW)
    raw = open_database(FOLDER / DATABASE_NAME, root.database_key(), mode="rw")
    engine = engine_over(raw, BEGIN_TO_WRITE)
    log = AuditLog(root.audit_key(), epoch=1, generation=0)
    with engine.begin() as connection:
        fill(connection)
    with session_on(engine) as session, session.begin():
        amendment = Base.metadata.tables["amendment"]
        with deeds.amend(session, log, audit_event(entity_id="session_record"), new_id=lambda: "deed"):
            session.execute(insert(amendment).values(row_of(amendment)))
        head = read_head(session)
    checkpoint(raw)
    raw.close()
    write_state(FOLDER, state_of(VAULT_ID, 0, head, is_open=False), root)
    print(encode(SHEET))


if __name__ == "__main__":
    main()
