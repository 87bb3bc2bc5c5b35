"""What a list says when it is empty: one sentence, one line of help, one button."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import Label


class EmptyState(QFrame):
    """An icon, one plain sentence, one line of help that names the key, one secondary button."""

    def __init__(
        self,
        icons: Icons,
        icon_name: str,
        sentence: str,
        help_line: str = "",
        button: Button | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "empty")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.button = button
        words = QVBoxLayout()
        words.setSpacing(0)
        self._sentence = Label(sentence, wrap=True)
        self._help = Label(help_line, "hint", wrap=True)
        if not help_line:  # showing it before it has a parent would open a window
            self._help.hide()
        words.addStretch(1)
        words.addWidget(self._sentence)
        words.addWidget(self._help)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 12, 12, 12)
        row.setSpacing(14)
        row.addWidget(icon_label(icons.named(icon_name), "ink3", 28), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        if button is not None:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_sentence(self, sentence: str, help_line: str = "") -> None:
        """Say something else, as when a search found nothing."""
        self._sentence.setText(sentence)
        self._help.setText(help_line)
        self._help.setVisible(bool(help_line))
