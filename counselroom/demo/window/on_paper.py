"""What is brought on paper at the end of a piece of work, played by keys: card and volume, the statistics."""

from __future__ import annotations

from PySide6.QtCore import Qt

from counselroom.demo.stage import Stage, require
from counselroom.demo.window import hands
from counselroom.demo.window.demo_window import DemoWindow
from counselroom.i18n import _, pgettext
from counselroom.services import archive_index, students

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def print_the_volume(shown: DemoWindow, stage: Stage) -> str:
    """Put the volume together, and print its index and the card. Raises CheckFailed."""
    room, student = shown.room, stage.ids["student"]
    name = hands.answer(room, lambda: students.student(room.actor, room.desk, student)).data.name
    _open_the_archive(shown, name)
    hands.turn(room, pgettext("archive", "Index of the volume"))
    hands.do(room, pgettext("archive", "Add all"))
    hands.do(room, pgettext("archive", "Print"))
    print_what_is_shown(shown, stage, "F-20")
    volume = hands.answer(room, lambda: archive_index.volume(room.actor, room.desk, student))
    require(bool(volume.lines) and not volume.waiting, _("Not everything that was there is in the volume."))
    _open_the_archive(shown, name)
    hands.turn(room, pgettext("archive", "Card"))
    hands.do(room, pgettext("archive", "Print"))
    print_what_is_shown(shown, stage, "F-19")
    return _("Window: the volume of the archive was put together; index and card are printed.")


def _open_the_archive(shown: DemoWindow, name: str) -> None:
    hands.press(Qt.Key.Key_8, _ALT)
    hands.rest(shown.room)
    shown.show_names()
    hands.type_over(name)  # into the search field
    hands.rest(shown.room)
    hands.press(Qt.Key.Key_F6)
    hands.row(name)
    hands.press(Qt.Key.Key_Return)
    hands.rest(shown.room)
    require(shown.window.page().key == "archive", _("The row did not lead to the archive."))


def print_the_statistics(shown: DemoWindow, stage: Stage) -> str:
    """Print the report of the term. Raises CheckFailed."""
    hands.press(Qt.Key.Key_9, _ALT)
    hands.rest(shown.room)
    require(shown.window.page().key == "statistics", _("Alt 9 did not lead to the statistics."))
    hands.do(shown.room, pgettext("statistics", "Print a report"))
    print_what_is_shown(shown, stage, "F-71")
    return _("Window: the statistics of the term are printed.")


def print_what_is_shown(shown: DemoWindow, stage: Stage, form: str) -> None:
    """Print the preview that is coming, and leave the paper among the printed ones."""
    before = len(shown.printer.printed)
    hands.until(lambda: shown.window.page().key == "print_preview", "preview")
    hands.rest(shown.room)
    hands.press(Qt.Key.Key_P, _CTRL)
    hands.until(lambda: len(shown.printer.printed) > before, "print")
    hands.rest(shown.room)
    (stage.out / "printed" / f"{form}-window.pdf").write_bytes(shown.printer.printed[-1][0])
