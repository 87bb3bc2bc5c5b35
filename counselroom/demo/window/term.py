"""What a term begins with, played by keys: the dates of the terms, a day that is not an ordinary one, the duty."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt

from counselroom.demo.care import DAY
from counselroom.demo.stage import Stage, require
from counselroom.demo.window import hands
from counselroom.demo.window.demo_window import DemoWindow
from counselroom.i18n import _, pgettext
from counselroom.rules.school import DayKind
from counselroom.services.duty import list_shifts
from counselroom.services.school import list_days, list_terms
from counselroom.ui.pages.settings import section_word
from counselroom.ui.settings.calendar import day_kind_word

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_TERMS = (
    (date(2026, 9, 1), date(2027, 1, 20), date(2027, 1, 8)),
    (date(2027, 2, 22), date(2027, 7, 5), date(2027, 6, 25)),
)
"""Begin, end and last day for appointments, as the calendar of the school that comes on paper has them."""
_EXAM = (date(2026, 11, 11), "期中考试")


def set_up_the_term(shown: DemoWindow, stage: Stage) -> str:
    """Type the dates of both terms and a day of examinations into the settings. Raises CheckFailed."""
    room = shown.room
    hands.find(room, pgettext("page", "Settings"), pgettext("page", "Settings"))
    require(shown.window.page().key == "settings", _("The search did not lead to the settings."))
    hands.row(section_word("calendar"))
    hands.rest(room)
    words = (pgettext("term", "begins"), pgettext("term", "ends"), pgettext("term", "last day for appointments"))
    for number, days in enumerate(_TERMS, start=1):
        title = pgettext("term", "Term {number}").format(number=number)
        for word, day in zip(words, days, strict=True):
            hands.tab_to(f"{title} {word}")
            hands.type_over(f"{day:%Y-%m-%d}")
    hands.do(room, pgettext("calendar", "Save the dates"))
    hands.tab_to(pgettext("calendar", "Day"))
    hands.type_over(f"{_EXAM[0]:%Y-%m-%d}")
    hands.pick(pgettext("calendar", "Kind"), day_kind_word(DayKind.EXAM))
    hands.write(pgettext("calendar", "What"), _EXAM[1])
    hands.do(room, pgettext("calendar", "Mark the day"))
    spans = hands.answer(room, lambda: list_terms(room.actor, room.desk))
    stored = tuple((span.starts_on, span.ends_on, span.appointment_stop_on) for span in spans)
    require(stored == _TERMS, _("The terms are not those that were typed."))
    marked = hands.answer(room, lambda: list_days(room.actor, room.desk, _EXAM[0], _EXAM[0]))
    require(marked == ((_EXAM[0], DayKind.EXAM, _EXAM[1]),), _("The day is not marked as it was typed."))
    del stage
    return _("Window: the dates of both terms and a day of examinations were typed into the settings.")


def plan_next_week(shown: DemoWindow, stage: Stage) -> str:
    """Put the counsellor on duty on the Monday after, and see the second shift at the same time refused."""
    room, monday = shown.room, stage.at(DAY + 7, 0).date()
    hands.press(Qt.Key.Key_2, _ALT)
    hands.rest(room)
    require(shown.window.page().key == "schedule", _("Alt 2 did not lead to the schedule."))
    hands.turn(room, pgettext("calendar", "Duty plan"))
    hands.do(room, pgettext("calendar", "Today"))
    hands.do(room, pgettext("calendar", "After"))
    hands.tab_to(pgettext("calendar", "Duty of the week"))
    _put_on_duty(shown, Qt.Key.Key_Return)
    require(shown.window.dialogs.dialog is None, _("The shift was refused."))
    _put_on_duty(shown, Qt.Key.Key_Plus)
    refused = shown.window.dialogs.dialog
    require(refused is not None, _("Somebody is on duty twice at once."))
    hands.press(Qt.Key.Key_Escape)
    hands.rest(room)
    found = hands.answer(room, lambda: list_shifts(room.actor, room.desk, monday, monday + timedelta(days=6)))
    require(
        [(shift.data.starts_at, shift.data.ends_at, shift.data.counsellor_id) for shift in found]
        == [(stage.at(DAY + 7, 8), stage.at(DAY + 7, 12), room.actor.person_id)],
        _("The duty of the week is not what was typed."),
    )
    return _("Window: a shift of next Monday was put into the duty; a second one at the same time was refused.")


def _put_on_duty(shown: DemoWindow, key: Qt.Key) -> None:
    hands.press(key)
    hands.rest(shown.room)
    hands.pick(pgettext("duty", "Who"), shown.room.user_name)
    hands.press(Qt.Key.Key_Return, _CTRL)
    hands.rest(shown.room)
