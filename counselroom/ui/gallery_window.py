"""The gallery in a window of its own: T turns light and dark, Ctrl + and - change the size of the text."""

from __future__ import annotations

import sys

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from counselroom.ui.pages.gallery import Gallery
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode, TextScale


def gallery_window(theme: Theme) -> Gallery:
    """Return the gallery with its keys."""
    gallery = Gallery(theme, Icons(theme, theme))
    theme.dress(gallery)
    scales = list(TextScale)

    def turn() -> None:
        theme.set_mode(Mode.LIGHT if theme.mode is Mode.DARK else Mode.DARK)

    def scale(step: int) -> None:
        theme.set_scale(scales[min(max(scales.index(theme.scale) + step, 0), len(scales) - 1)])

    QShortcut(QKeySequence("T"), gallery).activated.connect(turn)
    QShortcut(QKeySequence("Ctrl++"), gallery).activated.connect(lambda: scale(1))
    QShortcut(QKeySequence("Ctrl+-"), gallery).activated.connect(lambda: scale(-1))
    gallery.resize(1440, 900)
    return gallery


def run_gallery() -> int:
    """Show the gallery until it is closed and return the exit code."""
    application = QApplication(sys.argv[:1])
    theme = Theme(parent=application)
    theme.apply(application)
    gallery = gallery_window(theme)
    gallery.show()
    return application.exec()
