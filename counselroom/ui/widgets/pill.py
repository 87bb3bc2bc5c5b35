"""The filter pill: clickable, its count inside, a check mark where several can hold at once."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from counselroom.ui.theme.icons import Icons


class Pill(QToolButton):
    """A filter that is on or off (`toggled`). Space toggles it.

    Args:
        icons: maker of the check mark.
        text: the filter in words.
        count: how many rows it would show.
        multi: several pills can hold at once: a check mark says so.
        parent: the parent widget.
    """

    def __init__(
        self, icons: Icons, text: str, count: int | None = None, *, multi: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._words = text
        self._multi = multi
        self.setProperty("kind", "pill")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_count(count)
        if multi:
            self.toggled.connect(self._mark)

    def set_count(self, count: int | None) -> None:
        """Show how many rows the filter has; none hides the number."""
        text = self._words if count is None else f"{self._words} {count:,}"
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of mark and words in the style sheet's padding."""
        self.ensurePolished()
        width = self.fontMetrics().horizontalAdvance(self.accessibleName()) + 28
        if self._multi and self.isChecked():
            width += self.iconSize().width() + 4
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the whole size."""
        return self.sizeHint()

    def _mark(self, checked: bool) -> None:
        if checked:
            self._icons.dress(self, "mdi6.check", "accent", 14)
        self.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if checked else Qt.ToolButtonStyle.ToolButtonTextOnly
        )
        self.updateGeometry()
