"""The day played through the window, by keys alone, with a picture of every screen."""

from __future__ import annotations

from PySide6.QtCore import Qt

from counselroom import i18n
from counselroom.app import new_id
from counselroom.demo.stage import Stage, require
from counselroom.demo.window import hands
from counselroom.demo.window.demo_window import DemoWindow
from counselroom.demo.window.first_run import play_the_first_run
from counselroom.demo.window.rounds_off import round_off_the_day
from counselroom.demo.window.screens import Screens
from counselroom.demo.window.visit import play_the_visit
from counselroom.demo.window.worst_day import play_the_worst_day
from counselroom.i18n import _, pgettext
from counselroom.services.accounts import actor_at_the_desk
from counselroom.services.desk import Desk
from counselroom.vault.keys.unlocking import Passphrase
from counselroom.vault.vault import unlock_vault


def play_the_window(stage: Stage) -> str:
    """Unlock, find a student by initials, lock in mid-sentence, picture everything; play the day and the worst day.

    The vault is closed for the window, which opens it itself, and opened again for the steps after.

    Raises:
        CheckFailed: a step or a machine check does not hold.
    """
    stage.desk.vault.close()
    (stage.out / "usb").mkdir(exist_ok=True)
    screens = Screens(stage, stage.out / "screens")
    shown = DemoWindow(stage)
    try:
        screens.locked(shown, "unlock")
        shown.unlock(stage.ids["passphrase"])
        _back_up(shown, stage)
        _find_by_initials(shown, stage)
        _print_a_blank_form(shown)
        _find_by_initials(shown, stage)
        _lock_in_mid_sentence(shown, stage, screens)
        screens.all_pages(shown)
        play_the_visit(shown, stage)
        play_the_worst_day(shown, stage)
        round_off_the_day(shown, stage)
        _speak_english(shown, stage, screens)
        i18n.use()
        shown.lock()
        play_the_first_run(stage, shown, screens)
    finally:
        i18n.use()
        shown.close()
    vault = unlock_vault(
        stage.out / "vault", Passphrase(stage.ids["passphrase"], None), anchors=stage.anchors, now=stage.clock.now
    )
    desk = Desk(vault, stage.clock, new_id)
    stage.sit_down(desk, actor_at_the_desk(desk))
    for fault in screens.faults[:20]:
        print(f"  {fault}")  # noqa: T201 - a developer reads this
    found = len(screens.faults)
    require(not found, _("The machine checks found {count} faults on the screens.").format(count=found))
    return _(
        "Window: a visit from booking to signature over a lock, a report led to its crisis case, notice and reply, "
        "papers printed, a drill held; {count} screens."
    ).format(count=screens.count)


def _back_up(shown: DemoWindow, stage: Stage) -> None:
    shown.window.go_to("backup")
    hands.rest(shown.room)
    hands.tab_to(pgettext("backup", "Back up now"))
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: len(list((stage.out / "usb").glob("*.crbackup"))) == 1, "backup")
    hands.rest(shown.room)


def _print_a_blank_form(shown: DemoWindow) -> None:
    hands.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    hands.type_in("F-50")
    hands.rest(shown.room)
    hands.press(Qt.Key.Key_Return)
    hands.rest(shown.room)
    require(shown.window.page().key == "print_preview", _("The number of a form did not lead to its preview."))
    hands.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    hands.until(lambda: bool(shown.printer.printed), "print")
    hands.rest(shown.room)


def _find_by_initials(shown: DemoWindow, stage: Stage) -> None:
    hands.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    hands.type_in("zxm")
    hands.rest(shown.room)
    hands.press(Qt.Key.Key_Return)
    hands.rest(shown.room)
    require(shown.window.page().key == "student_record", _("Initials did not lead to the student's record."))
    require(
        shown.window.page().state().get("student") == stage.ids["student"], _("The record of another student opened.")
    )


def _lock_in_mid_sentence(shown: DemoWindow, stage: Stage, screens: Screens) -> None:
    shown.window.dialogs.open("student_form", {})
    hands.rest(shown.room)
    hands.type_in("欧阳")
    opened = shown.window.dialogs.dialog
    typed = None if opened is None else opened.state()
    shown.lock()
    screens.locked(shown, "lock")
    shown.unlock(stage.ids["passphrase"])
    back = shown.window.dialogs.dialog
    require(
        back is not None and typed is not None and back.state() == typed, _("After the lock the text was another one.")
    )
    require(shown.window.page().key == "student_record", _("After the lock another page was shown."))
    if back is not None:
        back.finish()
    hands.rest(shown.room)


def _speak_english(shown: DemoWindow, stage: Stage, screens: Screens) -> None:
    i18n.use("en")
    shown.lock()
    shown.unlock(stage.ids["passphrase"])
    screens.in_english(shown)
