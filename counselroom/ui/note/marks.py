"""How the small Markdown of a note is shown: bold is bold, its marks stand back."""

from __future__ import annotations

import re

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from counselroom.ui.theme.theme import Theme

LISTED = re.compile(r"(- |\d{1,3}[.、)] ?|> )")
"""What a paragraph of a list or a quote begins with."""
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")


class NoteMarks(QSyntaxHighlighter):
    """Shows bold as bold, and marks of lists and quotes lighter than the words."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Dress one paragraph."""
        light, bold = QTextCharFormat(), QTextCharFormat()
        light.setForeground(self._theme.colour("ink3"))
        bold.setFontWeight(700)
        if listed := LISTED.match(text):
            if text.startswith("> "):
                quoted = QTextCharFormat()
                quoted.setForeground(self._theme.colour("ink2"))
                self.setFormat(0, len(text), quoted)
            self.setFormat(0, listed.end(), light)
        for match in _BOLD.finditer(text):
            self.setFormat(match.start(), match.end() - match.start(), bold)
            self.setFormat(match.start(), 2, light)
            self.setFormat(match.end() - 2, 2, light)
