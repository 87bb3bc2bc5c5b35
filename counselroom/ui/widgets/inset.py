"""Room between the frame of a date or number field and what stands in it."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSpinBox

_LEFT = 9
"""Pixels, as in every other field; the style sheet does not reach the line inside of such a field."""


def inset(edit: QAbstractSpinBox) -> None:
    """Keep the text of a date or number field off its frame."""
    edit.lineEdit().setTextMargins(_LEFT, 0, 0, 0)
