"""Makes the stored vaults of the schemas after the first, `tests/data/vault_vN`, with the first one's keys, for tests.

Each was made once by the model of its time: `python -m tests.data.old_vaults 4`. A stored vault is never made again.
"""

from __future__ import annotations

import hashlib
import itertools
import sys
from functools import partial
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
VAULT_IDS = {2: "fedcba9876543210" * 2, 3: "89abcdef01234567" * 2, 4: "76543210fedcba98" * 2}


def folder_of(version: int) -> Path:
    """Return where the stored vault of a schema is."""
    return HERE / f"vault_v{version}"


def create_schema_of(version: int, connection: Connection) -> None:
    """Create the schema of a version from its literal SQL."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    pending = ""
    for line in (HERE / f"schema_{version:04}.sql").read_text(encoding="utf-8").splitlines():
        pending += line + "\n"
        if line.endswith(";") and ("CREATE TRIGGER" not in pending or line == "END;"):
            raw.cursor().execute(pending)
            pending = ""
    raw.cursor().execute("INSERT INTO alembic_version (version_num) VALUES (?)", (f"{version:04}",))


def main(version: int) -> None:
    """Write the vault of a version."""
    root = RootKey(ROOT)
    counter = itertools.count()

    def entropy(size: int) -> bytes:
        return hashlib.shake_128(b"entropy of version %d, %d" % (version, next(counter))).digest(size)

    slots = (
        passphrase_slot(root, "用户 1", PASSPHRASE, FLOOR, entropy),
        recovery_slot(root, SlotKind.SHEET_A, SHEET, entropy),
        recovery_slot(root, SlotKind.SHEET_B, SHEET[::-1], entropy),
    )
    folder, vault_id = folder_of(version), VAULT_IDS[version]
    folder.mkdir()
    creation.create_schema = partial(create_schema_of, version)  # type: ignore[attr-defined]  # only here
    creation._build(folder, SlotFile(vault_id, slots), root, NOW)
    raw = open_database(folder / DATABASE_NAME, root.database_key(), mode="rw")
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
    write_state(folder, state_of(vault_id, 0, head, is_open=False), root)


if __name__ == "__main__":
    main(int(sys.argv[1]))
