"""The scrolling middle of a dialog with many fields, as high as the window has room for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from counselroom.ui.widgets.tall import Tall

_AROUND = 190
"""Pixels of a dialog that are not its fields: title, error, buttons, and air to the window."""


class FormScroll(QScrollArea):
    """Shows a form whole where the window is high enough, and scrolls it where it is not.

    Args:
        form: the fields.
        window: the window the dialog belongs to.
        width: width of the form in pixels.
    """

    def __init__(self, form: QWidget, window: QWidget | None, width: int = 560) -> None:
        super().__init__()
        self._window = window
        self._width = width
        form.setProperty("kind", "scrolled")
        self.setWidget(Tall(form))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        form.installEventFilter(self)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the whole form, or as much of it as the window has room for."""
        most = 620 if self._window is None else self._window.window().height() - _AROUND
        inner = self.widget()
        if inner is None:
            return QSize(self._width + 12, most)
        height = inner.heightForWidth(self._width) if inner.hasHeightForWidth() else inner.sizeHint().height()
        return QSize(self._width + 12, min(height + 4, most))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the same height: Qt would make a dialog no higher than two thirds of the screen."""
        return QSize(320, self.sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Ask for another size when the form has become higher, as by an error below a field."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
