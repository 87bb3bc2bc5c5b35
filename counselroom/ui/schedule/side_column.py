"""The left column of the calendar: the month, who is shown, and who waits to be arranged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.rules.care_words import DutyChannel
from counselroom.rules.counselling import AppointmentState
from counselroom.services.schedule import Schedule
from counselroom.ui.schedule.month_panel import MonthPanel
from counselroom.ui.schedule.waiting_list import WaitingList
from counselroom.ui.schedule.who_panel import BUSY, CANCELLED, WhoPanel
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.panel import Panel

_WIDTH = 232


class SideColumn(QWidget):
    """Three panels, one above the other.

    Attributes:
        days: the month, to choose a day from.
        who: whose appointments are shown.
        waiting: who waits.
    """

    def __init__(self, icons: Icons, day: date, add: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.days = MonthPanel(icons, day)
        self.who = WhoPanel(icons)
        self.waiting = WaitingList(icons)
        self._panel = Panel(pgettext("calendar", "To be arranged"))
        button = IconButton(icons.named("mdi6.plus"), pgettext("calendar", "Put somebody on the list"))
        button.clicked.connect(add)
        self._panel.set_action(button)
        self._panel.set_body(self.waiting)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.days)
        column.addWidget(self.who)
        column.addWidget(self._panel, 1)
        self.setFixedWidth(_WIDTH)

    def count(self, found: Schedule) -> None:
        """Tell how many appointments each counsellor has in what was read, and how many clients wait."""
        counts: dict[str, int] = {}
        for entry in found.entries:
            key = CANCELLED if entry.state is AppointmentState.CANCELLED else entry.counsellor_id
            counts[key] = counts.get(key, 0) + 1
        counts[BUSY] = sum(shift.data.channel is not DutyChannel.ROOM for shift in found.shifts)
        self.who.show_counsellors(found.counsellors, counts)
        self._panel.set_count(str(len(found.waiting)) if found.waiting else "")
