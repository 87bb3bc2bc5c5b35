"""Variants of a component: dynamic properties that the style sheet reads."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def set_variant(widget: QWidget, name: str, value: str) -> None:
    """Set the variant `name` of `widget` and let the style sheet dress it anew."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.updateGeometry()
    widget.update()
