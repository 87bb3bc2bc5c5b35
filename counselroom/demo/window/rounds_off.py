"""What a day ends with, played by keys: archive and volume on paper, the statistics, the backup tried in a drill."""

from __future__ import annotations

from PySide6.QtCore import Qt

from counselroom.demo.stage import Stage, require
from counselroom.demo.window import hands
from counselroom.demo.window.demo_window import DemoWindow
from counselroom.i18n import _, pgettext
from counselroom.services.backup_log import BackupLog, backup_log
from counselroom.ui.room import Room

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def round_off_the_day(shown: DemoWindow, stage: Stage) -> None:
    """Put the volume together and print card and index, print the statistics, drill the restore. Raises CheckFailed."""
    _put_the_volume_together(shown, stage)
    _print_the_statistics(shown, stage)
    _drill(shown, stage)


def _put_the_volume_together(shown: DemoWindow, stage: Stage) -> None:
    room, student = shown.room, stage.ids["student"]
    shown.window.go_to("archive", {"student": student, "tab": "index"})
    hands.rest(room)
    hands.do(room, pgettext("archive", "Add all"))
    hands.do(room, pgettext("archive", "Print"))
    _print_what_is_shown(shown, stage, "F-20")
    shown.window.go_to("archive", {"student": student, "tab": "card"})
    hands.rest(room)
    hands.do(room, pgettext("archive", "Print"))
    _print_what_is_shown(shown, stage, "F-19")


def _print_the_statistics(shown: DemoWindow, stage: Stage) -> None:
    hands.press(Qt.Key.Key_9, _ALT)
    hands.rest(shown.room)
    require(shown.window.page().key == "statistics", _("Alt 9 did not lead to the statistics."))
    hands.do(shown.room, pgettext("statistics", "Print a report"))
    _print_what_is_shown(shown, stage, "F-71")


def _drill(shown: DemoWindow, stage: Stage) -> None:
    """Try the backup of the day with the digits of the sheet, as from the paper."""
    newest = max((stage.out / "usb").glob("*.crbackup"))
    shown.window.go_to("drill", {"file": str(newest)})
    hands.rest(shown.room)
    hands.write(pgettext("drill", "Digits of the sheet"), stage.ids["sheet_a"])
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: _log(shown.room).last_drill is not None, "drill")


def _print_what_is_shown(shown: DemoWindow, stage: Stage, form: str) -> None:
    before = len(shown.printer.printed)
    hands.until(lambda: shown.window.page().key == "print_preview", "preview")
    hands.rest(shown.room)
    hands.press(Qt.Key.Key_P, _CTRL)
    hands.until(lambda: len(shown.printer.printed) > before, "print")
    hands.rest(shown.room)
    (stage.out / "printed" / f"{form}-window.pdf").write_bytes(shown.printer.printed[-1][0])


def _log(room: Room) -> BackupLog:
    return hands.answer(room, lambda: backup_log(room.actor, room.desk))
