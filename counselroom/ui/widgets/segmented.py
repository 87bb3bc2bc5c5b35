"""The segmented control: one of two to four views."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget


class _Segment(QToolButton):
    """One of the views; as wide checked (bold) as unchecked, so that the others do not move."""

    def __init__(self, key: str, label: str, place: str) -> None:
        super().__init__()
        self.key = key
        self.setText(label)
        self.setAccessibleName(label)
        self.setProperty("kind", "segment")
        self.setProperty("place", place)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the label in bold."""
        self.ensurePolished()
        font = QFont(self.font())
        font.setBold(True)
        return QSize(QFontMetrics(font).horizontalAdvance(self.text()) + 30, super().sizeHint().height())


class Segmented(QWidget):
    """Exclusive views side by side. Arrow keys move between them.

    Attributes:
        changed: the key of the view chosen by the user.
    """

    changed = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._segments: dict[str, _Segment] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for number, (key, label) in enumerate(options):
            place = "first" if number == 0 else "last" if number == len(options) - 1 else "middle"
            segment = _Segment(key, label, place)
            self._segments[key] = segment
            self._group.addButton(segment)
            row.addWidget(segment)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_current(options[0][0])
        self._group.buttonToggled.connect(self._tell)

    def current(self) -> str:
        """Return the key of the view that is shown."""
        return next(key for key, segment in self._segments.items() if segment.isChecked())

    def set_current(self, key: str) -> None:
        """Show a view without emitting `changed`."""
        self._group.blockSignals(True)
        self._segments[key].setChecked(True)
        self._group.blockSignals(False)
        self._let_tab_in()

    def _let_tab_in(self) -> None:
        """Let Tab come to the view that is shown: Qt takes it to the first one until one was visited."""
        for segment in self._segments.values():
            policy = Qt.FocusPolicy.StrongFocus if segment.isChecked() else Qt.FocusPolicy.ClickFocus
            segment.setFocusPolicy(policy)

    def _tell(self, segment: _Segment, checked: bool) -> None:
        self._let_tab_in()
        if checked:
            self.changed.emit(segment.key)
