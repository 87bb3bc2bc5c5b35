"""The frame of a wizard: steps at the left, one task at the right, the way on and back below (mock-up 14)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.first_run.step import Step
from counselroom.ui.first_run.wizard_rail import WizardRail
from counselroom.ui.size_class import SizeClass, size_class
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import Label

_WIDEST = 980
"""Pixels of the task at most: longer lines are hard to read."""


class Wizard(QWidget):
    """Shows one step at a time; who shows them decides the order.

    Attributes:
        back_wanted: 上一步, or out of the first step.
    """

    back_wanted = Signal()

    def __init__(
        self, icons: Icons, purpose: str, names: Sequence[str], note: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.icons = icons
        self._count = len(names)
        self._step: Step | None = None
        self._list = WizardRail(icons, purpose, names, note)
        self._where = Label("", "meta")
        self._title = Label("", "page_title", wrap=True)
        self._lead = Label("", "body", wrap=True)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inner = QWidget()
        self._inner.setProperty("kind", "scrolled")
        self._place = QHBoxLayout(self._inner)
        self._place.setContentsMargins(0, 0, 12, 0)
        self._place.addStretch(0)
        self._area.setWidget(self._inner)
        self._back = Button(pgettext("wizard", "Back"), size="large")
        self._skip = Button("", "text", size="large")
        self._next = Button(pgettext("wizard", "Next"), "primary", size="large")
        self._hint = Label("", "meta", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._lay_out()
        self._back.clicked.connect(self.back_wanted)
        self._next.clicked.connect(self._go)
        self._skip.clicked.connect(self._leave_out)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self._back)
        foot.addWidget(self._hint, 1)
        foot.addWidget(self._skip)
        foot.addWidget(self._next)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._where)
        column.addSpacing(2)
        column.addWidget(self._title)
        column.addSpacing(4)
        column.addWidget(self._lead)
        column.addSpacing(20)
        column.addWidget(self._area, 1)
        column.addSpacing(12)
        column.addLayout(foot)
        inside = QWidget()
        inside.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        self._right = QHBoxLayout()
        self._right.addWidget(inside, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._list)
        whole.addLayout(self._right, 1)

    def step(self) -> Step:
        """Return the step that is shown."""
        assert self._step is not None  # noqa: S101 - one is shown from the beginning
        return self._step

    def hold(self, *steps: Step) -> None:
        """Take steps as children, hidden: what has no parent would be taken apart by the collector in any order."""
        for step in steps:
            step.hide()
            step.setParent(self._inner)
            step.hide()

    def show_step(self, number: int, step: Step, *, can_go_back: bool) -> None:
        """Show a step in the place of the one before, and give it the keyboard."""
        before = self._step
        if before is not None and before is not step:
            before.changed.disconnect(self.look)
            self._place.removeWidget(before)
            before.hide()
        if before is not step:
            step.changed.connect(self.look)
            step.setMaximumWidth(_WIDEST)
            step.fit()
            self._place.insertWidget(0, step, 1)
        self._step = step
        self._list.show_place(number)
        self._where.setText(pgettext("wizard", "Step {number} of {count}").format(number=number, count=self._count))
        self._title.setText(step.title)
        self._lead.setText(step.lead)
        self._back.setVisible(can_go_back)
        step.show()
        self._area.verticalScrollBar().setValue(0)
        step.enter()
        self.look()
        step.first().setFocus()

    def look(self) -> None:
        """Show whether the step is complete, and what is missing."""
        step = self.step()
        missing, busy = step.missing(), step.is_busy()
        self._next.setText(step.next_words())
        self._next.setEnabled(not missing and not busy)
        self._skip.setText(step.skip_words())
        self._skip.setVisible(bool(step.skip_words()))
        self._skip.setEnabled(not busy)
        self._back.setEnabled(not busy)
        self._hint.setText(missing)
        self._next.setAccessibleDescription(missing)
        # A button that was disabled while it worked has lost the keyboard, and nobody got it.
        if not busy and self.isVisible() and self.window().isActiveWindow() and QApplication.focusWidget() is None:
            (self._next if self._next.isEnabled() else step.first()).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Enter go on: press the button that has the keyboard, else the next step, else the next field."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focus = self.focusWidget()
        if isinstance(focus, Button):
            focus.click()
        elif self._next.isEnabled():
            self._next.click()
        else:
            self.focusNextChild()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the task the room there is."""
        super().resizeEvent(event)
        compact = size_class(self.width(), self.height()) <= SizeClass.COMPACT
        self._list.set_compact(compact=compact)
        side, top = (24, 16) if compact else (56, 38 if self.height() >= 760 else 24)
        self._right.setContentsMargins(side, top, side, 16 if compact else 28)

    def _go(self) -> None:
        step = self.step()
        if not step.missing() and not step.is_busy():
            step.go()
            self.look()

    def _leave_out(self) -> None:
        if self.step().skip_words():
            self.step().skip()


def resumable_note() -> str:
    """Return the sentence at the bottom of the steps."""
    return _("Nothing goes over the network. Each step is saved: you can close the program and go on here later.")
