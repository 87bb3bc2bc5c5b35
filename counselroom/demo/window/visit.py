"""A visit played by keys: booked, a clash refused, arrived, written down, locked in mid-sentence, signed, amended."""

from __future__ import annotations

from PySide6.QtCore import Qt

from counselroom.demo.care import DAY
from counselroom.demo.stage import Stage, require
from counselroom.demo.window import hands
from counselroom.demo.window.demo_window import DemoWindow
from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import AppointmentState, RiskLevel
from counselroom.services import appointments, sessions
from counselroom.ui.note.words import risk_word
from counselroom.ui.room import Room

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_NOT_A_DOUBLE_PRESS = 0.8
"""Seconds; sooner, the second press of a button is taken for the second half of a double one."""
_FIRST_HALF = "谈到期中考试前的紧张，"
_SECOND_HALF = "这周入睡快了一些，愿意继续每晚写三行心情。"
_CORRECTION = "补记：入睡快了一些是本人的说法，尚未向祖母核实。"


def play_the_visit(shown: DemoWindow, stage: Stage) -> str:
    """Book a visit beside a clash, receive the student and write the note. Raises CheckFailed."""
    _book(shown, stage)
    _receive(shown, stage)
    _write(shown, stage)
    _sign(shown, stage)
    _amend(shown, stage)
    return _("Window: a visit from booking to signature, a clash refused, a lock in mid-sentence, a correction added.")


def _book(shown: DemoWindow, stage: Stage) -> None:
    hands.press(Qt.Key.Key_N, _CTRL | _SHIFT)
    hands.rest(shown.room)
    dialog = shown.window.dialogs.dialog
    hands.type_in("zxm")
    hands.rest(shown.room)
    hands.press(Qt.Key.Key_Return)
    hands.type_over(f"{stage.at(DAY, 0):%Y-%m-%d}")
    hands.tab_to(pgettext("appointment", "Time"))
    hands.type_over("14:20")
    hands.press(Qt.Key.Key_Return, _CTRL)
    hands.rest(shown.room)
    require(dialog is not None and shown.window.dialogs.dialog is dialog, _("A clash was not refused."))
    hands.tab_to(pgettext("appointment", "Time"))
    hands.type_over("15:00")
    hands.press(Qt.Key.Key_Return, _CTRL)
    hands.rest(shown.room)
    require(shown.window.dialogs.dialog is None, _("The free time was refused."))


def _receive(shown: DemoWindow, stage: Stage) -> None:
    stage.clock.turn_to(stage.at(DAY, 15))
    hands.press(Qt.Key.Key_2, _ALT)
    hands.rest(shown.room)
    hands.press(Qt.Key.Key_1, _ALT)
    hands.rest(shown.room)
    hands.press(Qt.Key.Key_Return, _CTRL)  # 今日 stands on what was booked last
    hands.rest(shown.room)
    booked = hands.answer(
        shown.room,
        lambda: appointments.list_appointments(
            shown.room.actor, shown.room.desk, stage.at(DAY, 0), stage.at(DAY + 1, 0)
        ),
    )
    here = [each for each in booked if each.client_id == stage.ids["student"]]
    arrived = [each for each in here if each.state is AppointmentState.CHECKED_IN]
    require(len(arrived) == 1, _("The arrival was not written down."))
    stage.ids["visit_of_the_day"] = arrived[0].id


def _write(shown: DemoWindow, stage: Stage) -> None:
    hands.pause(_NOT_A_DOUBLE_PRESS)
    hands.press(Qt.Key.Key_Return, _CTRL)
    hands.rest(shown.room)
    require(shown.window.page().key == "note", _("The arrival did not lead to the note."))
    hands.type_in(_FIRST_HALF)
    before = shown.window.page().state()
    shown.lock()
    shown.unlock(stage.ids["passphrase"])
    hands.rest(shown.room)
    page = shown.window.page()
    require(page.key == "note", _("After the lock another page was shown."))
    after = page.state()
    same = all(before[name] == after[name] for name in ("sections", "cursor"))
    require(same, _("After the lock the text was another one."))
    hands.type_in(_SECOND_HALF)
    stage.markers.append(_FIRST_HALF + _SECOND_HALF)


def _sign(shown: DemoWindow, stage: Stage) -> None:
    level = "{}：{}".format(pgettext("note", "Safety assessment"), risk_word(RiskLevel.NONE))
    hands.press(Qt.Key.Key_F6)
    hands.tab_to(level)
    hands.press(Qt.Key.Key_Space)
    hands.press(Qt.Key.Key_Return, _CTRL)
    hands.press(Qt.Key.Key_Return, _CTRL)
    hands.rest(shown.room)
    stage.ids["note_of_the_day"] = str(shown.window.page().state()["session"])
    signed = _note(shown.room, stage)
    require(signed.signed_at is not None, _("The note is not signed."))
    said = "".join(signed.draft.sections.values())
    require(_FIRST_HALF + _SECOND_HALF in said, _("What was signed is not what was written."))


def _amend(shown: DemoWindow, stage: Stage) -> None:
    hands.press(Qt.Key.Key_Return, _CTRL)
    hands.rest(shown.room)
    hands.type_in(_CORRECTION)
    hands.tab_to(pgettext("amend", "Reason"))
    hands.type_in("与事实核对")
    hands.press(Qt.Key.Key_Return, _CTRL)
    hands.rest(shown.room)
    require(len(_note(shown.room, stage).amendments) == 1, _("The correction is missing."))
    stage.markers.append(_CORRECTION)


def _note(room: Room, stage: Stage) -> sessions.SessionView:
    return hands.answer(room, lambda: sessions.session(room.actor, room.desk, stage.ids["note_of_the_day"]))
