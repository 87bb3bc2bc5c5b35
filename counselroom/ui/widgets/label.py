"""Words on the page, by what they are: title, base text, caption …; never read as markup."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from counselroom.ui.widgets.plain_text import tooltip


class Label(QLabel):
    """A plain text of one of the kinds of the style sheet (`page_title`, `section`, `meta`, `hint`, `caption` …).

    Args:
        text: shown as it is, tags and all.
        kind: the variant; empty for base text.
        wrap: break into lines where the place is narrow.
        parent: the parent widget.
    """

    def __init__(self, text: str = "", kind: str = "", *, wrap: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("kind", kind)
        self.setWordWrap(wrap)
        if wrap:
            policy = self.sizePolicy()
            policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.setText(text)


class ElidedLabel(Label):
    """A text of one line that ends in … where it does not fit, and then shows itself whole as a tooltip."""

    def __init__(self, text: str = "", kind: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(text, kind, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the shortest useful piece: three characters and the dots."""
        full = super().minimumSizeHint()
        return QSize(min(full.width(), self.fontMetrics().horizontalAdvance("字字字…")), full.height())

    def shown_text(self) -> str:
        """Return the text as it stands in the present width."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show `text`."""
        super().setText(text)
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Offer the tooltip when the text no longer fits."""
        super().resizeEvent(event)
        self._tell()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Measure again in another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the text, shortened to the width."""
        del event
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment(), self.shown_text())

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Measure for the first time."""
        super().showEvent(event)
        self._tell()

    def _tell(self) -> None:
        if self.isVisible():  # what is not shown has no width yet, and is measured once when it is
            self.setToolTip(tooltip(self.text()) if self.shown_text() != self.text() else "")
