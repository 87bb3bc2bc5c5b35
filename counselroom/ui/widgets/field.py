"""A field: label above, editor, hint or error below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.variant import set_variant

_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.MenuBarFocusReason)

GAP = 4
"""Pixels between label and editor, and between editor and hint."""


class Field(QWidget):
    """An editor with its label and, below, a hint that an error takes the place of.

    Attributes:
        left: the user went on to another field: the time to validate (never while typing).
        label: the words above.
        editor: the widget that is filled in.

    Args:
        label: what is asked for.
        editor: a line edit, combo box, text edit ….
        hint: one line of help below.
        required_when: until when it must be filled (签名前必填), said beside the label.
        icons: maker of the error's icon.
        parent: the parent widget.
    """

    left = Signal()

    def __init__(
        self,
        label: str,
        editor: QWidget,
        hint: str = "",
        required_when: str = "",
        *,
        icons: Icons,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._icons = icons
        self._hint = hint
        self._error = ""
        words = f"{label}（{required_when}）" if required_when else label
        self.label = Label(words, "label", wrap=True)
        self.label.setContentsMargins(0, 0, 0, GAP)
        self.label.setBuddy(editor)
        editor.setAccessibleName(words)
        if isinstance(editor, QComboBox):
            editor.view().setAccessibleName(words)
        self._below = Label(hint, "hint", wrap=True)
        self._below.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._mark: QWidget | None = None
        self._foot = QHBoxLayout()
        self._foot.setContentsMargins(0, GAP, 0, 0)
        self._foot.setSpacing(5)
        self._foot.addWidget(self._below, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.label)
        column.addWidget(editor)
        column.addLayout(self._foot)
        grows = editor.sizePolicy().verticalPolicy() is QSizePolicy.Policy.Expanding
        if not grows or editor.minimumHeight() == editor.maximumHeight():
            column.addWidget(_air())
        self._show()
        editor.installEventFilter(self)

    def error(self) -> str:
        """Return the error that is shown; empty when there is none."""
        return self._error

    def set_error(self, text: str) -> None:
        """Show an error in the place of the hint, or with an empty text the hint again."""
        self._error = text
        set_variant(self.editor, "error", "true" if text else "false")
        set_variant(self._below, "kind", "error" if text else "hint")
        self._show()

    def set_hint(self, text: str) -> None:
        """Change the line of help."""
        self._hint = text
        self._show()

    def _show(self) -> None:
        text = self._error or self._hint
        self._below.setText(text)
        self._below.setVisible(bool(text))
        self.editor.setAccessibleDescription(text)
        if self._error and self._mark is None:
            self._mark = icon_label(self._icons.named("mdi6.alert-circle-outline"), "brick", 15)
            self._foot.insertWidget(0, self._mark, 0, Qt.AlignmentFlag.AlignTop)
        if self._mark is not None:
            self._mark.setVisible(bool(self._error))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Tell when the editor was left for another field; a menu or another window does not count."""
        if isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _PASSING:
            self.left.emit()
        return super().eventFilter(watched, event)


def _air() -> QWidget:
    """Take what a field has of height beyond its need, so that label and editor stay together at the top.

    A stretch of the layout would make the field itself ask for height.
    """
    air = QWidget()
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    policy.setVerticalStretch(1)
    air.setSizePolicy(policy)
    return air
