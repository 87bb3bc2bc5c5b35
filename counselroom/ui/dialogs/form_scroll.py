"""The scrolling middle of a dialog with many fields, as high as the window has room for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QWidget

from counselroom.ui.widgets.tall import Tall

_AROUND = 190
"""Pixels of a dialog that are not its fields: title, error, buttons, and air to the window."""
_BESIDE_BAR, _BELOW_FOCUS = 8, 24
"""Air between the fields and the scroll bar, and what is shown below the field with the keyboard."""


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
        self._form = form
        self._is_scrolled = False
        self.verticalScrollBar().actionTriggered.connect(lambda _action: self._note_scrolling())
        self.verticalScrollBar().rangeChanged.connect(lambda _least, most: self._keep_off_bar(scrolls=most > 0))
        self._keep_off_bar(scrolls=False)
        # Qt follows the Tab key only; where a dialog puts the keyboard itself, the field may be below the edge.
        QApplication.instance().focusChanged.connect(self._follow)  # type: ignore[union-attr]  # there is one

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
        elif event.type() is QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._begin_anew)
        return super().eventFilter(watched, event)

    def _keep_off_bar(self, *, scrolls: bool) -> None:
        """Let the fields end where the buttons do, and before the bar where there is one."""
        layout = self._form.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, _BESIDE_BAR if scrolls else 0, 0)

    def _begin_anew(self) -> None:
        """Show the form from its beginning, or from where the field with the keyboard can be seen."""
        if not self._is_scrolled:
            self.verticalScrollBar().setValue(0)
        self._follow(None, QApplication.focusWidget())

    def _note_scrolling(self) -> None:
        self._is_scrolled = True

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        del before
        if now is not None and self.isVisible() and self.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, _BELOW_FOCUS)
