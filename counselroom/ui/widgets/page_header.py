"""The head of a page: title, one line of facts, actions with the primary last."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.chip import Chip
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.label import ElidedLabel


class PageHeader(QFrame):
    """Title and actions of a page.

    Attributes:
        went_back: the back button was pressed (pages opened from a list have one).
    """

    went_back = Signal()

    def __init__(
        self, icons: Icons, title: str, meta: str = "", *, back: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "page_header")
        self._theme = icons.theme
        self._title = ElidedLabel(title, "page_title")
        self._meta = ElidedLabel(meta, "page_meta")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(24, 0, 24, 0)
        self._row.setSpacing(12)
        if back:
            button = IconButton(icons.named("mdi6.arrow-left"), pgettext("page", "Back"), "Alt ←")
            button.clicked.connect(self.went_back)
            self._row.addWidget(button)
        self._row.addWidget(self._title)
        self._row.addSpacing(8)
        self._row.addWidget(self._meta)
        self._row.addStretch(1)
        self._chips: list[Chip] = []
        self._compact = False
        self._theme.changed.connect(self._fit)
        self._fit()

    def title(self) -> str:
        """Return the title."""
        return self._title.text()

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._title.setText(title)

    def set_meta(self, text: str) -> None:
        """Change the line of facts beside the title."""
        self._meta.setText(text)
        self._row.activate()

    def set_chips(self, faces: Sequence[ChipFace], icons: Icons) -> None:
        """Show states right behind the title."""
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [Chip(icons, face) for face in faces]
        for number, chip in enumerate(self._chips, start=self._row.indexOf(self._title) + 1):
            self._row.insertWidget(number, chip)

    def add_beside_title(self, button: QWidget) -> None:
        """Add a control between the title and the line of facts, as the arrows of a calendar."""
        self._row.insertWidget(self._row.indexOf(self._meta), button)

    def add_action(self, button: QWidget) -> None:
        """Add an action at the right; the primary one is added last."""
        self._row.addWidget(button)

    def set_compact(self, compact: bool) -> None:
        """Be lower in a small window."""
        self._compact = compact
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self._theme.pixels("height.page_header") - (20 if self._compact else 0))
