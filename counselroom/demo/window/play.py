"""The day played through the window, by keys alone, with a picture of every screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt

from counselroom import i18n
from counselroom.app import new_id
from counselroom.demo.stage import Stage, require
from counselroom.demo.window import hands, keeping, on_paper, term, visit, worst_day
from counselroom.demo.window.demo_window import DemoWindow
from counselroom.demo.window.first_run import play_the_first_run
from counselroom.demo.window.screens import Screens
from counselroom.i18n import _, pgettext
from counselroom.services.accounts import actor_at_the_desk
from counselroom.services.desk import Desk
from counselroom.vault.keys.unlocking import Passphrase
from counselroom.vault.vault import unlock_vault

_DAY: tuple[Callable[[DemoWindow, Stage], str], ...] = (
    term.set_up_the_term,
    term.plan_next_week,
    visit.play_the_visit,
    on_paper.print_the_volume,
    worst_day.take_the_report,
    worst_day.lead_the_case,
    worst_day.refer,
    worst_day.record_the_reply,
    worst_day.follow_up,
    on_paper.print_the_statistics,
    keeping.find_the_note,
    keeping.back_up,
    keeping.verify,
    keeping.restore,
    keeping.drill,
)
"""The day in its order; each step checks the vault and returns its line."""


def play_the_window(stage: Stage) -> Iterator[str]:
    """Unlock, picture everything, play the day and the worst day by keys; yields a line for each step that held.

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
        yield _come_in(shown, stage, screens)
        screens.all_pages(shown)
        for step in _DAY:
            yield step(shown, stage)
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
    yield _("Window: {count} screens, the machine checks found no fault.").format(count=screens.count)


def _come_in(shown: DemoWindow, stage: Stage, screens: Screens) -> str:
    _back_up(shown, stage)
    _find_by_initials(shown, stage)
    _print_a_blank_form(shown)
    _find_by_initials(shown, stage)
    _lock_in_mid_sentence(shown, stage, screens)
    return _("Window: backed up, a student found by initials, a blank form printed, nothing lost over a lock.")


def _back_up(shown: DemoWindow, stage: Stage) -> None:
    hands.find(shown.room, pgettext("page", "Backup"), pgettext("page", "Backup"))
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
    hands.press(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    hands.rest(shown.room)
    hands.do(shown.room, pgettext("students", "Add student"))
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
    require(shown.window.page().key == "students", _("After the lock another page was shown."))
    if back is not None:
        back.finish()
    hands.rest(shown.room)


def _speak_english(shown: DemoWindow, stage: Stage, screens: Screens) -> None:
    i18n.use("en")
    shown.lock()
    shown.unlock(stage.ids["passphrase"])
    screens.in_english(shown)
