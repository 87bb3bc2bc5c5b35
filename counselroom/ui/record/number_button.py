"""A telephone number that is shown only while it is pressed, by the mouse or by Space."""

from __future__ import annotations

from PySide6.QtCore import QSize

from counselroom.i18n import _
from counselroom.ui.widgets.button import Button

_SHORT = 8


class NumberButton(Button):
    """Shows the middle of a number covered until it is pressed.

    Args:
        number: the whole number.
        whose: whom it reaches, for a screen reader; no name.
    """

    def __init__(self, number: str, whose: str) -> None:
        super().__init__(covered(number), "plain", size="compact")
        self._number = number
        self._spoken = _("Number of {whose}: hold to show it").format(whose=whose)
        self.setAccessibleName(self._spoken)
        self.setToolTip(_("Hold to show the number"))
        self.pressed.connect(lambda: self._show(self._number))
        self.released.connect(lambda: self._show(covered(self._number)))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the whole number, so that nothing moves when it is shown."""
        self.ensurePolished()
        return QSize(self.fontMetrics().horizontalAdvance(self._number) + 24, super().sizeHint().height())

    def _show(self, words: str) -> None:
        super(Button, self).setText(words)


def covered(number: str) -> str:
    """Return a number with its middle covered: 138****0001."""
    if len(number) <= _SHORT:
        return f"{number[:1]}****{number[-2:]}"
    return f"{number[:3]}****{number[-4:]}"
