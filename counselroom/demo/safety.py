"""The careful part of the day: search, backup, verification, restore, audit, leak scan."""

from __future__ import annotations

import secrets
import shutil

from counselroom.app import entropy, new_id
from counselroom.demo.leak_scan import scan
from counselroom.demo.rows import all_rows, compare
from counselroom.demo.stage import RememberedAnchors, Stage, require
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.rules.access import Actor, Role
from counselroom.services import backups, search
from counselroom.services.accounts import actor_at_the_desk
from counselroom.services.desk import Desk
from counselroom.vault.check import check_vault
from counselroom.vault.keys.unlocking import Sheet
from counselroom.vault.restore import restore_backup
from counselroom.vault.vault import unlock_vault
from counselroom.vault.verification import verify_backup

WORD = "自伤"
"""A word of two characters, the usual length of a query."""


def search_the_notes(stage: Stage) -> str:
    """Find a word of two characters in signed text, and see that nobody without the right is told of it."""
    found = search.search_text(stage.actor, stage.desk, WORD)
    require(found.total == 1, _("Search did not find the note."))
    require(found.hits[0].entity_id == stage.ids["session"], _("Search found another note."))
    stranger = Actor("nobody", "nobody", frozenset({Role.ARCHIVE_MANAGER}))
    hidden = search.search_text(stranger, stage.desk, WORD)
    require(hidden.total == 0, _("Search told someone without the right."))
    return _("Search: {word} found in one note; someone without the right sees not even a number.").format(word=WORD)


def back_up(stage: Stage) -> str:
    """Write a verified backup to the stick's folder, verify it without and with a secret."""
    folder = stage.out / "usb"
    folder.mkdir(exist_ok=True)
    made = backups.make_backup(stage.actor, stage.desk, folder, entropy=entropy).value
    stage.ids["backup"] = made.path.name
    require(not verify_backup(made.path).genuine, _("A check without a secret claimed to prove the origin."))
    proved = backups.prove_backup(stage.actor, stage.desk, made.path).value
    require(proved.genuine and proved.rows > 0, _("The backup's origin was not proved."))
    return _("Backup written, read back and verified: {rows} rows, {size} bytes.").format(
        rows=proved.rows, size=made.size
    )


def flip_a_byte(stage: Stage) -> str:
    """Flip one bit of a copy of the backup, and see it refused."""
    original = stage.out / "usb" / stage.ids["backup"]
    copy = stage.out / "usb" / "flipped.crbackup"
    content = bytearray(original.read_bytes())
    place = secrets.randbelow(len(content))
    content[place] ^= 1 << secrets.randbelow(8)
    copy.write_bytes(content)
    try:
        verify_backup(copy)
    except UserError:
        return _("One bit flipped in a copy of the backup: refused.")
    finally:
        copy.unlink()
    require(held=False, sentence=_("A damaged backup was accepted."))
    raise AssertionError  # pragma: no cover - require never returns here


def restore_with_a_sheet(stage: Stage) -> str:
    """Restore into a new vault with recovery sheet A alone, and compare it row by row."""
    target = stage.out / "restored"
    shutil.rmtree(target, ignore_errors=True)
    sheet = stage.ids["sheet_a"]
    restore_backup(
        stage.out / "usb" / stage.ids["backup"],
        target,
        sheet=sheet,
        login=None,
        now=stage.clock.now,
        entropy=entropy,
        anchors=None,
    )
    restored = unlock_vault(target, Sheet(sheet), anchors=RememberedAnchors(), now=stage.clock.now)
    try:
        rows = compare(all_rows(stage.desk.vault), all_rows(restored))
        desk = Desk(restored, stage.clock, new_id)
        again = search.search_text(actor_at_the_desk(desk), desk, WORD)
        require(again.total == 1, _("Search in the restored vault does not find the note."))
        require(check_vault(restored).ok, _("The restored vault has a fault."))
    finally:
        restored.close()
    return _("Restored with sheet A into a new vault: {rows} rows, equal one by one.").format(rows=rows)


def check_the_chain(stage: Stage) -> str:
    """Check integrity, audit chain and schema of the vault."""
    report = check_vault(stage.desk.vault, anchors=stage.anchors)
    require(report.ok, "".join(finding.sentence for finding in report.findings))
    require(report.anchored, _("No anchor was compared."))
    return _("Audit chain of {rows} rows unbroken; both integrity checks clean.").format(rows=report.audit_rows)


def scan_for_leaks(stage: Stage) -> str:
    """Look for every note, number and name in every file that was not asked for in clear."""
    for student in stage.students:
        stage.markers += [student.student_no, student.guardian_phone]
        stage.markers += [student.name] if len(student.name) > 2 else []
    stage.markers += [stage.ids["passphrase"], stage.ids["sheet_a"], stage.ids["sheet_b"]]
    in_clear = ("printed", "screens", "passphrase.txt", "roster.csv")
    asked_for = frozenset(stage.out / name for name in in_clear)
    markers = tuple(marker for marker in dict.fromkeys(stage.markers) if len(marker) >= 3)
    leaks = scan([stage.out], markers, asked_for)
    require(not leaks, _("Plain text was found in {count} places.").format(count=len(leaks)))
    control = scan([stage.out / "roster.csv"], markers)
    require(bool(control), _("The scan did not even find what lies in clear."))
    return _("Leak scan: {count} markers in three encodings, none found; the control was.").format(count=len(markers))
