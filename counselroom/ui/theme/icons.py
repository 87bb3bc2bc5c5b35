"""Icons of one family in the colours of the tokens; they change with the theme.

The icon font is loaded at the first icon (0.2 s), so that the unlock page, which has none, is there at once.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QSize
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget

from counselroom.errors import Bug
from counselroom.ui.theme.theme import Theme

if TYPE_CHECKING:
    from qtawesome.iconic_font import IconicFont

AIR = 4
FAMILY = "mdi6"

Dressable = QAbstractButton | QLabel | QAction


class Icons(QObject):
    """Makes icons by name (`mdi6.calendar-week`) and colour token, and re-makes them when the theme changes."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._made: dict[tuple[str, str], QIcon] = {}
        self._painted: dict[tuple[str, str, int, float], QPixmap] = {}
        theme.changed.connect(self._made.clear)
        theme.changed.connect(self._painted.clear)

    def named(self, name: str) -> Icon:
        """Return the icon as a value that can be handed to a widget, which chooses colour and size."""
        return Icon(self, name)

    def icon(self, name: str, colour: str = "ink2") -> QIcon:
        """Return a sharp icon of any size in a colour token. Raises Bug for an unknown name."""
        key = (name, colour)
        if key not in self._made:
            self._made[key] = self._make(name, colour)
        return self._made[key]

    def _make(self, name: str, colour: str) -> QIcon:
        family, (prefix, _, rest) = _family(), name.partition(".")
        if rest not in family.charmap.get(prefix, {}):
            message = f"no such icon: {name}"
            raise Bug(message)
        icon: QIcon = family.icon(name, color=self.theme.colour(colour), color_disabled=self.theme.colour("disabled"))
        return icon

    def pixmap(self, name: str, colour: str = "ink2", size: int = 20, ratio: float = 1.0) -> QPixmap:
        """Return the icon as a picture of `size` logical pixels at a device pixel ratio; drawn once."""
        key = (name, colour, size, ratio)
        if key not in self._painted:
            self._painted[key] = self.icon(name, colour).pixmap(QSize(size, size), ratio)
        return self._painted[key]

    def paint(self, painter: QPainter, rect: QRect, name: str, colour: str = "ink2") -> None:
        """Paint the icon into the middle of `rect`, for delegates."""
        size, ratio = min(rect.width(), rect.height()), painter.device().devicePixelRatioF()
        left, top = rect.left() + (rect.width() - size) // 2, rect.top() + (rect.height() - size) // 2
        painter.drawPixmap(left, top, self.pixmap(name, colour, size, ratio))

    def dress(self, target: Dressable, name: str, colour: str = "ink2", size: int = 20) -> None:
        """Give a button, label or action an icon and keep it in the colour of the theme. Once more replaces it."""
        for child in target.children():
            if isinstance(child, _Dress):
                child.change(name, colour, size)
                return
        _Dress(self, target, name, colour, size)


def _family() -> IconicFont:
    """Return the one family we use; the library's own instance would load all of its eleven (20 MB, 0.2 s)."""
    global _loaded
    _spare_open_gl()
    from qtawesome import _BUNDLED_FONTS, has_valid_font_ids
    from qtawesome.iconic_font import IconicFont

    if _loaded is None or not has_valid_font_ids(_loaded):
        _loaded = IconicFont(*(font for font in _BUNDLED_FONTS if font[0] == FAMILY))
    return _loaded


_loaded: IconicFont | None = None


def _spare_open_gl() -> None:
    """Let the library's bridge to Qt find empty modules in the place of OpenGL's: 5 MB of which no icon uses any."""
    for name in ("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets"):
        sys.modules.setdefault(name, ModuleType(name))


@dataclass(frozen=True)
class Icon:
    """An icon by name, with the icons that can make it.

    Attributes:
        icons: the maker.
        name: such as `mdi6.plus`.
    """

    icons: Icons
    name: str

    def dress(self, target: Dressable, colour: str = "ink2", size: int = 20) -> None:
        """Put this icon on `target`, as `Icons.dress` does."""
        self.icons.dress(target, self.name, colour, size)


class _Dress(QObject):
    """Lives and dies with the widget it dresses."""

    def __init__(self, icons: Icons, target: Dressable, name: str, colour: str, size: int) -> None:
        super().__init__(target)
        self._icons = icons
        self._target = target
        self._wanted = (name, colour, size)
        icons.theme.changed.connect(self.put_on)
        self.put_on()

    def change(self, name: str, colour: str, size: int) -> None:
        """Wear another icon."""
        self._wanted = (name, colour, size)
        self.put_on()

    def put_on(self) -> None:
        """Set the icon on the target in the colour of the current theme."""
        name, colour, size = self._wanted
        target = self._target
        if isinstance(target, QLabel):
            target.setPixmap(self._icons.pixmap(name, colour, size, target.devicePixelRatioF()))
            target.setFixedSize(size, size)
            return
        target.setIcon(self._icons.icon(name, colour))
        if isinstance(target, QAbstractButton):
            # Beside words the icon gets some air: Qt leaves four pixels, and a style sheet cannot change that.
            air = AIR if isinstance(target, QPushButton) else 0
            target.setIconSize(QSize(size + air, size))


def icon_label(icon: Icon, colour: str = "ink2", size: int = 20, parent: QWidget | None = None) -> QLabel:
    """Return a label that shows an icon next to words; it says nothing to a screen reader, the words do."""
    label = QLabel(parent)
    icon.dress(label, colour, size)
    return label
