"""One line under the head: where and when it was found, and the three clocks that every 专案 has."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtWidgets import QHBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.rules.crisis_words import StepState
from counselroom.rules.deadlines import ClockState
from counselroom.services.crisis_page import CrisisPage
from counselroom.ui.crisis.time import BelievedTime
from counselroom.ui.crisis.words import LIMITS, due_text, span_text
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.chip import Chip
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.clock_text import clock_text
from counselroom.ui.widgets.label import ElidedLabel
from counselroom.ui.widgets.plain_text import tooltip


class ClockStrip(QWidget):
    """Each clock is that of all items with the same deadline: it is met when the last of them is settled."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._meta = ElidedLabel("", "meta")
        self._chips = [Chip(icons, ChipFace("", "plain", "mdi6.clock-outline")) for _limit in LIMITS]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 8)
        row.setSpacing(8)
        row.addWidget(self._meta, 1)
        for chip in self._chips:
            row.addWidget(chip)

    def set_meta(self, text: str) -> None:
        """Say where and when it was found."""
        self._meta.setText(text)

    def show_clocks(self, page: CrisisPage, time: BelievedTime) -> None:
        """Show the three clocks; called by the one timer of the page."""
        event = page.event
        for item, chip in zip(LIMITS, self._chips, strict=True):
            step = next((step for step in event.steps if step.item == item), None)
            is_shown = step is not None and step.due_at is not None and event.closed_at is None
            chip.setVisible(is_shown)
            if step is None or step.due_at is None or not is_shown:
                continue
            name = self._name(step.due_at - event.data.found_at)
            group = [other for other in event.steps if other.due_at == step.due_at]
            left = [other for other in group if other.state is StepState.OPEN]
            if not left:
                met = ChipFace(pgettext("clock", "{name} settled").format(name=name), "accent", "mdi6.check-circle")
                chip.set_face(met)
            else:
                clock = time.clock(step.runs_from, step.due_at, page.grace)
                text = clock_text(clock.left) if clock.left is not None else ""
                tone, icon = "plain", "mdi6.clock-outline"
                if clock.state is ClockState.OVERDUE:
                    tone, icon = "brick", "mdi6.clock-alert-outline"
                elif clock.state in (ClockState.NEAR, ClockState.AT_ONCE):
                    tone, icon = "amber", "mdi6.clock-alert-outline"
                if clock.state is ClockState.AT_ONCE:
                    text = pgettext("clock", "now")
                chip.set_face(ChipFace(f"{name} {text}", tone, icon))  # type: ignore[arg-type]  # one of the tones
            words = pgettext("clock", "{open} of {all} open").format(open=len(left), all=len(group))
            chip.setToolTip(tooltip(f"{due_text(step.due_at, time.now())}　{words}"))

    @staticmethod
    def _name(allowed: timedelta) -> str:
        return pgettext("clock", "Told at once") if allowed <= timedelta(0) else span_text(allowed)
