"""A small panel with one fact: what it is about, the fact in large, a line about it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.variant import set_variant


class FactCard(QFrame):
    """Says one thing at the top of a page."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self._title = title
        self._fact = ElidedLabel("", "record_title")
        self._line = Label("", "meta", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(2)
        column.addWidget(Label(title, "meta"))
        column.addWidget(self._fact)
        column.addWidget(self._line)
        column.addStretch(1)

    def show_fact(self, fact: str, line: str, *, tone: str = "") -> None:
        """Show the fact; `tone` is `amber` or `brick` where it wants attention, said in the words too."""
        self._fact.setText(fact)
        self._line.setText(line)
        set_variant(self._fact, "tone", tone or "plain")
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(f"{fact} {line}")

    def fact(self) -> str:
        """Return the fact."""
        return self._fact.text()

    def line(self) -> str:
        """Return the line about it."""
        return self._line.text()
