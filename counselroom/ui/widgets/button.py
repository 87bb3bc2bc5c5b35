"""The button with a verb on it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from counselroom.ui.theme.icons import Icon
from counselroom.ui.widgets.key_cap import KeyCap
from counselroom.ui.widgets.variant import set_variant

Kind = Literal["primary", "secondary", "text", "danger", "plain", "status"]
Size = Literal["normal", "compact", "large"]

ICON_COLOURS: dict[str, str] = {"primary": "on_accent", "text": "accent", "danger": "brick", "plain": "ink2"}
"""Of the variants whose icon is not in plain ink."""
GAP = 6
"""Between text and tail."""
SIDE = {"normal": 14, "compact": 10, "large": 18}
"""Border and padding of the style sheet at each side."""


def press_by_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Press a button when the key is Enter, which Qt does in dialogs only; tell whether it was."""
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat()
    if is_enter:
        button.click()
    return is_enter


class Button(QPushButton):
    """A button: primary (once in a header), secondary, text, or danger.

    Args:
        text: a verb of 2–6 characters.
        kind: the variant.
        icon: shown before the text, in the colour of the variant.
        key: the key that does the same, shown at the right (`Ctrl N`).
        size: `compact` in tables and panel titles, `large` on the unlock page and in wizards.
        parent: the parent widget.
    """

    def __init__(
        self,
        text: str,
        kind: Kind = "secondary",
        icon: Icon | None = None,
        key: str | None = None,
        *,
        size: Size = "normal",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._colour = ""
        self._kind: Kind = kind
        self._size: Size = size
        self._tail: QWidget | None = None
        self.setProperty("kind", kind)
        # Not "size": every widget has a property of that name.
        self.setProperty("extent", size)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setText(text)
        # A dialog must not press whichever button comes first when Enter is typed elsewhere.
        self.setAutoDefault(False)
        self._dress()
        if key:
            self.set_tail(KeyCap(key))

    def kind(self) -> Kind:
        """Return the variant."""
        return self._kind

    def set_kind(self, kind: Kind) -> None:
        """Change the variant, as when a row becomes the due one."""
        self._kind = kind
        set_variant(self, "kind", kind)
        self._dress()

    def set_icon(self, icon: Icon, colour: str = "") -> None:
        """Show another icon, in the colour of the variant or in `colour`."""
        self._icon = icon
        self._colour = colour
        self._dress()

    def set_tail(self, tail: QWidget) -> None:
        """Show something small after the words: a key cap, the arrow of a menu."""
        tail.setParent(self)
        tail.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._tail = tail
        set_variant(self, "with_tail", "true")
        self._place_tail()

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Set the verb; an ampersand is shown, not taken for a mnemonic."""
        super().setText(text.replace("&", "&&"))
        self.setAccessibleName(text)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size with icon, text and tail."""
        self.ensurePolished()
        metrics = self.fontMetrics()
        # Not the accessible name: that may say more than the words on the button.
        width = metrics.horizontalAdvance(self.text().replace("&&", "&")) + 2 * SIDE[self._size]
        if self._icon is not None:
            width += self.iconSize().width() + 4
        if self._tail is not None:
            width += self._tail.sizeHint().width() + (0 if self.menu() else GAP)
        # Two spare pixels: a bold face is measured a little differently from machine to machine.
        return QSize(width + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the whole size: a verb is never cut."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Enter press it as the space bar does."""
        if not press_by_enter(self, event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the tail at the right end."""
        super().resizeEvent(event)
        self._place_tail()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Place the tail anew."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._place_tail()

    def _place_tail(self) -> None:
        tail: QWidget | None = getattr(self, "_tail", None)  # Qt sends events before the constructor is through
        if tail is not None:
            hint = tail.sizeHint()
            left = self.width() - SIDE[self._size] + 2 - hint.width()
            tail.setGeometry(left, (self.height() - hint.height()) // 2, hint.width(), hint.height())

    def _dress(self) -> None:
        if self._icon is not None:
            colour = self._colour or ICON_COLOURS.get(self._kind, "ink")
            self._icon.dress(self, colour, 16 if self._size == "compact" else 18)
