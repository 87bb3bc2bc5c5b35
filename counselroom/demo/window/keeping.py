"""How the day is kept, played by keys: found again, backed up, verified, restored over the vault, tried in a drill."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from counselroom.demo.rows import Rows, all_rows, compare
from counselroom.demo.stage import RememberedAnchors, Stage, require
from counselroom.demo.window import hands
from counselroom.demo.window.demo_window import DemoWindow, newest_backup
from counselroom.i18n import _, pgettext
from counselroom.services.accounts import actor_at_the_desk
from counselroom.services.backup_log import BackupLog, BackupState, backup_log
from counselroom.services.desk import Desk
from counselroom.services.scratch_notes import list_scratch
from counselroom.services.search import search_text
from counselroom.ui.room import Room
from counselroom.vault.keys.unlocking import Passphrase
from counselroom.vault.swap import KEPT
from counselroom.vault.vault import unlock_vault

_CTRL = Qt.KeyboardModifier.ControlModifier
_WORD = "紧张"
"""A word of two characters of the note that was signed today."""
_OF_THE_WINDOW = frozenset({"draft", "draft_version"})
"""Where the window stands, which it saves by itself all the time."""
_AFTERWARDS = "备份之后才记的一句"


def find_the_note(shown: DemoWindow, stage: Stage) -> str:
    """Find the note of the day by a word of two characters. Raises CheckFailed."""
    room = shown.room
    found = hands.answer(room, lambda: search_text(room.actor, room.desk, _WORD))
    require([hit.entity_id for hit in found.hits] == [stage.ids["note_of_the_day"]], _("Search did not find the note."))
    hands.find(room, _WORD, found.hits[0].title)
    page = shown.window.page()
    require(
        page.key == "student_record" and page.state().get("student") == stage.ids["student"],
        _("What was found did not lead to the student."),
    )
    return _("Window: {word} typed after Ctrl K led from the signed note to its student.").format(word=_WORD)


def back_up(shown: DemoWindow, stage: Stage) -> str:
    """Write a backup to the stick, and leave its rows for the restore. Raises CheckFailed."""
    room, before = shown.room, _log(shown.room).lines
    hands.find(room, pgettext("page", "Backup"), pgettext("page", "Backup"))
    require(shown.window.page().key == "backup", _("The search did not lead to the backup."))
    hands.tab_to(pgettext("backup", "Back up now"))
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: len(_log(room).lines) > len(before), "backup")
    hands.rest(room)
    line, newest = _log(room).lines[0], newest_backup(stage.out / "usb")
    require(newest is not None and line.name == newest.name, _("The backup in the log is not the one on the stick."))
    stage.ids["backup_of_the_day"] = line.name
    return _("Window: the day is backed up to the stick.")


def verify(shown: DemoWindow, stage: Stage) -> str:
    """Verify the backup of the day on the page of the backups. Raises CheckFailed."""
    room = shown.room
    before = _log(room).lines[0]
    hands.do(room, pgettext("backup", "Verify a backup"))
    hands.until(lambda: _log(room).lines[0].looked_at > before.looked_at, "verify")
    hands.rest(room)
    after = _log(room).lines[0]
    require(
        after.name == stage.ids["backup_of_the_day"] and after.state is BackupState.PROVED,
        _("The backup is not entered as verified."),
    )
    require(after.name in shown.window.page().banner_text(), _("The page does not say that the backup can be used."))
    return _("Window: the backup was verified on its page and entered into the log.")


def restore(shown: DemoWindow, stage: Stage) -> str:
    """Write one line more, go back to the backup over the vault, unlock, and compare row by row. Raises CheckFailed."""
    room = shown.room
    kept_rows = hands.answer(room, lambda: all_rows(room.desk.vault))
    hands.press(Qt.Key.Key_J, _CTRL)
    hands.rest(room)
    hands.type_in(_AFTERWARDS)
    hands.press(Qt.Key.Key_Return)
    hands.rest(room)
    require(_AFTERWARDS in _written(room), _("The line was not written down."))
    hands.tab_to(pgettext("backup", "Log of backups"))
    hands.press(Qt.Key.Key_Return)
    hands.rest(room)
    require(shown.window.page().key == "restore", _("The line of the log did not lead to the restore."))
    _look_at_the_comparison()
    hands.write(pgettext("restore", "Why"), "演练：回到当天的备份")
    hands.write(pgettext("restore", "Your passphrase, or a recovery sheet"), stage.ids["passphrase"])
    hands.tab_to(pgettext("restore", "Restore this backup"))
    shown.follow(lambda: hands.press(Qt.Key.Key_Return), "restore")
    (kept,) = (stage.out).glob(f"vault{KEPT}*")
    page = shown.program.frame.stack.currentWidget()
    said = " ".join(label.text() for label in page.findChildren(QLabel)) if page is not None else ""
    require(kept.name in said, _("The locked window does not say where the former vault is."))
    shown.unlock(stage.ids["passphrase"])
    shown.begin_the_day()
    count = _compare(shown.room, kept_rows)
    require(_AFTERWARDS not in _written(shown.room), _("The restored vault holds what was written after the backup."))
    require(_AFTERWARDS in _kept_lines(kept, stage), _("The former vault lacks its last line."))
    stage.markers.append(_AFTERWARDS)
    return _("Window: restored over the vault and unlocked: {rows} rows equal one by one; the former is kept.").format(
        rows=count
    )


def drill(shown: DemoWindow, stage: Stage) -> str:
    """Try the backup of the day with the digits of the sheet, as from the paper. Raises CheckFailed."""
    room, before = shown.room, _log(shown.room).last_drill
    hands.find(room, pgettext("page", "Backup"), pgettext("page", "Backup"))
    hands.do(room, pgettext("backup", "Practise"))
    require(shown.window.page().key == "drill", _("The button did not lead to the drill."))
    hands.do(room, pgettext("backup", "Choose a file"))
    hands.write(pgettext("drill", "Digits of the sheet"), stage.ids["sheet_a"])
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: _log(room).last_drill != before, "drill")
    hands.rest(room)
    done = _log(room).last_drill
    require(done is not None and done.records > 0, _("The drill brought no record back."))
    return _("Window: the backup was tried with recovery sheet A: {records} records came back.").format(
        records=0 if done is None else done.records
    )


def _look_at_the_comparison() -> None:
    """See that the page names the one line that would be lost."""
    hands.tab_to(pgettext("restore", "What would change"))
    hands.row(pgettext("table", "quick notes"))
    lost = hands.row_words(hands.focused())[3]
    require(lost == "1", _("The comparison does not show what would be lost."))


def _compare(room: Room, before: Rows) -> int:
    return compare(before, hands.answer(room, lambda: all_rows(room.desk.vault)), _OF_THE_WINDOW)


def _written(room: Room) -> set[str]:
    return {line.said for line in hands.answer(room, lambda: list_scratch(room.actor, room.desk))}


def _kept_lines(folder: Path, stage: Stage) -> set[str]:
    """Return the quick notes of the vault that was kept beside the restored one."""
    vault = unlock_vault(
        folder, Passphrase(stage.ids["passphrase"], None), anchors=RememberedAnchors(), now=stage.clock.now
    )
    try:
        desk = Desk(vault, stage.clock, lambda: "")
        return {line.said for line in list_scratch(actor_at_the_desk(desk), desk)}
    finally:
        vault.close()


def _log(room: Room) -> BackupLog:
    return hands.answer(room, lambda: backup_log(room.actor, room.desk))
