"""The middle of a page about one person: its content, a plain panel over it (遮名), or the question why it is read."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.field import Field


class RecordCover(QStackedWidget):
    """Shows one of three things.

    Attributes:
        reason_given: why somebody else's record is to be read; it is kept in the audit log.
    """

    reason_given = Signal(str)

    def __init__(self, icons: Icons, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wants_reason = False
        covered = _alone(
            EmptyState(icons, "mdi6.eye-off-outline", _("What is written here is covered."), _("F8 shows it again."))
        )
        self.reason = QLineEdit()
        self.field = Field(
            pgettext("access", "Reason for reading"),
            self.reason,
            _("This record belongs to another counsellor. The reason is kept in the audit log."),
            icons=icons,
        )
        self.show_button = Button(pgettext("access", "Show it"), "primary")
        self.show_button.clicked.connect(self._give)
        self.reason.returnPressed.connect(self._give)
        panel = QFrame()
        panel.setProperty("kind", "panel")
        column = QVBoxLayout(panel)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.field)
        column.addWidget(self.show_button)
        self._content = content
        self._covered = covered
        self._question = _alone(panel)
        for part in (content, covered, self._question):
            self.addWidget(part)

    def cover(self, *, masked: bool) -> None:
        """Cover the content, or show it again."""
        if not self._wants_reason:
            self.setCurrentWidget(self._covered if masked else self._content)

    def show_content(self) -> None:
        """Show the content."""
        self._wants_reason = False
        self.setCurrentWidget(self._content)

    def ask_for_reason(self) -> None:
        """Ask why the record is to be read."""
        self._wants_reason = True
        self.setCurrentWidget(self._question)
        self.reason.setFocus()

    def _give(self) -> None:
        words = self.reason.text().strip()
        self.field.set_error("" if words else _("Please say why."))
        if words:
            self.reason_given.emit(words)


def _alone(widget: QWidget) -> QWidget:
    place = QWidget()
    column = QVBoxLayout(place)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(widget)
    column.addStretch(1)
    return place
