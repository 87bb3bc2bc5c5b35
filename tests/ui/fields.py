"""The fields of a page or dialog in which somebody can type, and what is in them."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from tests.ui import looks

TYPED = "试字"


def fields_of(root: QWidget) -> list[QWidget]:
    """Return the editable fields that are seen, in the order they were made."""
    found = []
    for widget in looks.shown(root):
        if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit):
            inside_spin = isinstance(widget.parentWidget(), QWidget) and widget.objectName() == "qt_spinbox_lineedit"
            secret = isinstance(widget, QLineEdit) and widget.echoMode() is not QLineEdit.EchoMode.Normal
            if widget.isEnabled() and not widget.isReadOnly() and not inside_spin and not secret:
                found.append(widget)
    return found


def text_in(field: QWidget) -> str:
    if isinstance(field, QLineEdit):
        return field.text()
    assert isinstance(field, QTextEdit | QPlainTextEdit)
    return field.toPlainText()


def type_into(field: QWidget) -> None:
    if isinstance(field, QLineEdit):
        field.insert(TYPED)
    else:
        assert isinstance(field, QTextEdit | QPlainTextEdit)
        field.insertPlainText(TYPED)
