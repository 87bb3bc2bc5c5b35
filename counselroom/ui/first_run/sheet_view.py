"""A recovery sheet on the screen, large, as it will be on paper; always white. The digits can be covered."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.theme.theme import Theme

_WIDTH = 380
_HEIGHT = 400
_INK = QColor("#1E1E1E")
_GREY = QColor("#5A5A5A")
_MARGIN = 28
_BOX = QSize(74, 36)
_GAP = 8


class SheetView(QWidget):
    """Paints one sheet: its letter, the vault's number, eight numbered groups and what to mind.

    The digits are painted and not in a label, so that they can't be copied into the clipboard.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._which = ""
        self._groups: tuple[str, ...] = ()
        self._vault = ""
        self._covered = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(_WIDTH, _HEIGHT)
        theme.changed.connect(self.update)

    def show_sheet(self, which: str, digits: str, vault_number: str) -> None:
        """Show sheet A or B; empty `digits` while there are none yet."""
        self._which, self._vault = which, vault_number
        self._groups = tuple(digits.split("-")) if digits else ()
        self._describe()

    def set_covered(self, *, covered: bool) -> None:
        """Cover the digits, so that the ones on paper are typed."""
        self._covered = covered
        self._describe()

    def is_covered(self) -> bool:
        """Tell whether the digits are covered."""
        return self._covered

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the page."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor("#FFFFFF"))
        painter.setPen(QPen(self._theme.colour("line2"), 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        width = self.width() - 2 * _MARGIN
        painter.setPen(_INK)
        painter.setFont(self._font(20, bold=True))
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        title = _("Recovery sheet {which}").format(which=self._which)
        painter.drawText(QRectF(_MARGIN, 20, width, 30), centre, title)
        painter.setPen(_GREY)
        painter.setFont(self._font(12))
        painter.drawText(
            QRectF(_MARGIN, 50, width, 20), centre, pgettext("sheet", "Vault {number}").format(number=self._vault)
        )
        left = (self.width() - 4 * _BOX.width() - 3 * _GAP) / 2
        for number in range(8):
            x = left + number % 4 * (_BOX.width() + _GAP)
            y = 84 + number // 4 * 66
            painter.setPen(_GREY)
            painter.setFont(self._font(11))
            painter.drawText(QRectF(x, y, _BOX.width(), 16), centre, str(number + 1))
            box = QRectF(x, y + 18, _BOX.width(), _BOX.height())
            painter.setPen(QPen(_INK, 1))
            painter.drawRect(box)
            painter.setFont(self._digits_font())
            shown = "" if number >= len(self._groups) else "······" if self._covered else self._groups[number]
            painter.drawText(box, centre, shown)
        painter.setPen(_INK)
        painter.setFont(self._font(12))
        painter.drawText(
            QRectF(_MARGIN, 228, width, self.height() - 240),
            Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop,
            "\n".join(
                (
                    _("1. These eight groups open the vault when the passphrase is forgotten."),
                    _("2. Whoever has this paper can open it: seal it in an envelope."),
                    _("3. Keep A and B in two places, such as with the director and in the school's safe."),
                    _("4. No photo, no file, no message."),
                )
            ),
        )

    def _describe(self) -> None:
        title = _("Recovery sheet {which}").format(which=self._which)
        self.setAccessibleName(title)
        self.setAccessibleDescription("" if self._covered else "，".join(self._groups))
        self.update()

    def _font(self, pixels: int, *, bold: bool = False) -> QFont:
        font = self._theme.font(bold=bold)
        font.setPixelSize(pixels)
        return font

    def _digits_font(self) -> QFont:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(18)
        return font
