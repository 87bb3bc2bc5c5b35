"""Makes `backup-v1.crbackup` and `backup-v1.json`: the stored backup of file format 1.

Run once, when the format was new; a stored file is never made anew, for it stands for those in the schools' drawers:
`python -m tests.data.make_backup_v1`. Everything in it is invented, and its digits are public: they protect nothing.
"""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy import insert

from counselroom.model.office import Parameter
from counselroom.model.people import Person, Student
from counselroom.rules.people import Gender, PersonKind, StudentStatus
from counselroom.rules.secrecy import Secrecy
from counselroom.vault.audit import AuditEvent
from counselroom.vault.backup import write_backup
from counselroom.vault.creation import create_vault
from counselroom.vault.image import count_rows, tables
from counselroom.vault.keys.argon import FLOOR
from counselroom.vault.verification import open_image

HERE = Path(__file__).resolve().parent
AT = datetime(2026, 11, 22, 18, 0, tzinfo=timezone(timedelta(hours=8)))
PEOPLE = ("测试甲", "欧阳测试", "𬱖试", "Test Person", "=SUM(1,2)")


class _NoAnchors:
    def load(self, vault_id: str) -> None:
        del vault_id

    def save(self, vault_id: str, anchor: object) -> None:
        pass


def main() -> None:
    """Make both files; refuses when they are there."""
    target, facts = HERE / "backup-v1.crbackup", HERE / "backup-v1.json"
    if target.exists():
        raise SystemExit("a stored backup is never made anew")
    entropy = random.Random(1).randbytes
    folder = Path(tempfile.mkdtemp())
    try:
        made = create_vault(
            folder / "vault",
            logins=[("用户 1", "mu chuang yu dian qiu feng")],
            entropy=entropy,
            now=lambda: AT,
            new_id=lambda: entropy(16).hex(),
            anchors=_NoAnchors(),
            kdf=FLOOR,
        )
        vault = made.vault
        common = {"created_at": AT, "created_by": "t", "updated_at": AT, "updated_by": "t", "secrecy": Secrecy.S2}
        with vault.change() as session:
            for number, name in enumerate(PEOPLE, start=1):
                key = f"{number:032x}"
                person = {"id": key, "kind": PersonKind.STUDENT, "name": name, "gender": Gender.UNKNOWN}
                session.execute(insert(Person), [common | person])
                session.execute(insert(Student), [common | {"id": key, "status": StudentStatus.ENROLLED}])
                vault.audit.append(session, AuditEvent(AT, "t", (), "create_student", "student", key))
            session.execute(
                insert(Parameter), [{"key": "test", "value": "第一行\n第二行", "changed_at": AT, "changed_by": "t"}]
            )
        receipt = write_backup(vault, folder, name="backup", now=lambda: AT, entropy=entropy)
        with closing(open_image(receipt.path, receipt.header, vault.root)) as image:
            counts = {table: count_rows(image, table) for table in tables(image)}
        vault.close()
        shutil.copyfile(receipt.path, target)
        expected = {
            "sheet_a": made.sheet_a,
            "sheet_b": made.sheet_b,
            "people": PEOPLE,
            "rows": {table: count for table, count in counts.items() if count and not table.startswith("search_text_")},
        }
        facts.write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
