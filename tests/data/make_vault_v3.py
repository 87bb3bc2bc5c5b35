"""Makes `tests/data/vault_v3`, the stored vault of the schema 0003, with the keys of the first one, for tests only.

Run once, like `make_vault_v1`: `python -m tests.data.make_vault_v3`. A stored vault is never made again.
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
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.slots import SlotKind, passphrase_slot, recovery_slot
from counselroom.vault.opened import state_of
from counselroom.vault.opening import DATABASE_NAME, open_database
from counselroom.vault.rotation_recovery import checkpoint
from counselroom.vault.state import write_state
from tests.data.make_vault_v1 import PASSPHRASE, ROOT, SHEET, fill
from tests.vault.sample_rows import row_of
from tests.vault.storage import NOW, audit_event, session_on

HERE = Path(__file__).parent
FOLDER = HERE / "vault_v3"
VAULT_ID = "89abcdef01234567" * 2


def schema_0003(connection: Connection) -> None:
    """Create the schema of version 0003 from its literal SQL."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    pending = ""
    for line in (HERE / "schema_0003.sql").read_text(encoding="utf-8").splitlines():
        pending += line + "\n"
        if line.endswith(";") and ("CREATE TRIGGER" not in pending or line == "END;"):
            raw.cursor().execute(pending)
            pending = ""
    raw.cursor().execute("INSERT INTO alembic_version (version_num) VALUES ('0003')")


def main() -> None:
    """Write the vault."""
    root = RootKey(ROOT)
    counter = itertools.count()

    def entropy(size: int) -> bytes:
        return hashlib.shake_128(b"entropy of version 3, %d" % next(counter)).digest(size)

    slots = (
        passphrase_slot(root, "用户 1", PASSPHRASE, FLOOR, entropy),
        recovery_slot(root, SlotKind.SHEET_A, SHEET, entropy),
        recovery_slot(root, SlotKind.SHEET_B, SHEET[::-1], entropy),
    )
    FOLDER.mkdir()
    creation.create_schema = schema_0003  # type: ignore[attr-defined]  # only here is an old schema made
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


if __name__ == "__main__":
    main()
