"""The work under the power cut: started with the logging library preloaded, acknowledges into the log.

Arguments: folder of the vault, digits of sheet A, its passphrase, `FULL` or `OFF` for `synchronous`.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

from counselroom.vault import opening
from counselroom.vault.credentials import renew_sheet
from counselroom.vault.keys.slots import SlotKind
from counselroom.vault.rotation import rotate_root_key
from counselroom.vault.state import Anchor
from counselroom.vault.vault import Sheet, Vault, unlock_vault
from tests.vault.vaults import DOER, LOGIN, Clock, save_row


class AcknowledgedAnchors:
    """Keeps the anchor where no power cut reaches it: in the acknowledgements."""

    def __init__(self, acknowledge) -> None:
        self.acknowledge = acknowledge
        self.anchor: Anchor | None = None

    def load(self, vault_id: str) -> Anchor | None:
        return self.anchor

    def save(self, vault_id: str, anchor: Anchor) -> None:
        self.anchor = anchor
        self.acknowledge(f"anchor {anchor.generation} {anchor.audit_seq} {anchor.audit_hash}")


def main() -> None:
    folder, sheet, passphrase, synchronous = sys.argv[1:]
    if synchronous == "OFF":
        opening._SETTINGS = tuple(
            "synchronous = OFF" if setting.startswith("synchronous") else setting for setting in opening._SETTINGS
        )
    acks = os.open(Path(folder) / "acks", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def acknowledge(line: str) -> None:
        os.write(acks, f"{line}\n".encode())

    anchors, clock, entropy = AcknowledgedAnchors(acknowledge), Clock(), random.Random(11).randbytes

    def unlock(digits: str) -> Vault:
        return unlock_vault(Path(folder), Sheet(digits), anchors=anchors, now=clock)

    def save(vault: Vault, numbers: range) -> None:
        for number in numbers:
            save_row(vault, f"row {number}")
            acknowledge(f"row {number}")

    vault = unlock(sheet)
    save(vault, range(110))
    renewed = renew_sheet(vault, SlotKind.SHEET_B, doer=DOER, entropy=entropy)
    acknowledge(f"sheet {renewed}")
    save(vault, range(110, 130))
    sheets = rotate_root_key(vault, {LOGIN: passphrase}, doer=DOER, entropy=entropy)
    acknowledge(f"rotated {sheets.sheet_a}")
    save(vault, range(130, 160))
    vault.close()
    acknowledge("closed")
    vault = unlock(sheets.sheet_a)
    save(vault, range(160, 220))
    vault.close()
    print(sheets.sheet_a)


if __name__ == "__main__":
    main()
