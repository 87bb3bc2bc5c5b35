"""The look in use: tokens as colours, fonts, lengths, palette and style sheet, changed while the window is open."""

from __future__ import annotations

from weakref import WeakSet

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from counselroom.errors import Bug
from counselroom.ui.theme import bundled_font
from counselroom.ui.theme.style_sheet import style_sheet
from counselroom.ui.theme.tokens import Mode, TextScale, Tokens, read_tokens

_ROLES = {
    QPalette.ColorRole.Window: "bg",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "sunk",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.PlaceholderText: "ink3",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.BrightText: "on_accent",
    QPalette.ColorRole.ToolTipBase: "ink",
    QPalette.ColorRole.ToolTipText: "surface",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "hover",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "line2",
    QPalette.ColorRole.Shadow: "ink3",
}
_TEXT_ROLES = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)
SCRIM_OPACITY = 0.46
"""How much of the page a modal dialog covers."""


class Theme(QObject):
    """The tokens in use. Widgets that paint ask it for colours and repaint on `changed`.

    Attributes:
        changed: emitted after mode or text scale changed and everything was dressed anew.

    The style sheet lies on the windows and not on the application: under an application's sheet Qt matches every rule
    anew against a part and all below it each time the part is put into another, which made most of the time that
    building a page takes; a page built outside the window and then put into it is matched once.
    """

    changed = Signal()

    def __init__(
        self, mode: Mode = Mode.LIGHT, scale: TextScale = TextScale.STANDARD, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self._scale = scale
        self._app: QApplication | None = None
        self._windows: WeakSet[QWidget] = WeakSet()
        # Cells of lists ask for these by the hundred; a font that was made before has its glyphs found already.
        self._tokens: Tokens | None = None
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[str, bool], QFont] = {}

    @property
    def mode(self) -> Mode:
        """Light, dark, or as the desktop."""
        return self._mode

    @property
    def shown_mode(self) -> Mode:
        """Light or dark, as it is shown now."""
        return follow_system() if self._mode is Mode.SYSTEM else self._mode

    @property
    def scale(self) -> TextScale:
        """The text scale (字号)."""
        return self._scale

    @property
    def tokens(self) -> Tokens:
        """The tokens of the current mode and text scale."""
        if self._tokens is None:
            self._tokens = read_tokens(self.shown_mode, self._scale)
        return self._tokens

    def set_mode(self, mode: Mode) -> None:
        """Change to light, dark, or whatever the desktop asks for."""
        if mode is not self._mode:
            self._mode = mode
            self._dress()

    def set_scale(self, scale: TextScale) -> None:
        """Change the text scale."""
        if scale is not self._scale:
            self._scale = scale
            self._dress()

    def apply(self, app: QApplication) -> None:
        """Dress `app`, now and after every change: Fusion, palette and font. Its windows are dressed by `dress`."""
        bundled_font.provide([family for family in self.tokens.families if family != "sans-serif"])
        app.setStyle("Fusion")
        self._app = app
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._dress()

    def dress(self, window: QWidget) -> None:
        """Give `window`, and every dialog and menu below it, the style sheet, now and after changes."""
        self._windows.add(window)
        window.setStyleSheet(style_sheet(self.tokens))

    def _follow(self) -> None:
        """The desktop went from light to dark or back."""
        if self._mode is Mode.SYSTEM:
            self._dress()

    def _dress(self) -> None:
        self._tokens = None
        self._colours.clear()
        self._fonts.clear()
        if self._app is not None:
            # The palette and the font come first: the style sheet resolves what it does not name from them.
            self._app.setPalette(self.palette())
            self._app.setFont(self.font("base"))
        sheet = style_sheet(self.tokens)
        for window in self._windows:
            if isValid(window):
                window.setStyleSheet(sheet)
        self.changed.emit()

    def colour(self, name: str) -> QColor:
        """Return the colour of a token; `scrim` is translucent. Raises Bug for a name that is no token."""
        known = self._colours.get(name)
        if known is not None:
            return QColor(known)
        try:
            colour = QColor(self.tokens.colours[name])
        except KeyError:
            message = f"no such colour: {name}"
            raise Bug(message) from None
        if name == "scrim":
            colour.setAlphaF(SCRIM_OPACITY)
        self._colours[name] = colour
        return QColor(colour)

    def pixels(self, name: str) -> int:
        """Return a length in logical pixels, such as `height.row`, `space.panel`, `radius.chip` or `size.base`.

        Raises:
            Bug: there is no such length.
        """
        tokens = self.tokens
        tables = {"height": tokens.heights, "space": tokens.spaces, "radius": tokens.radii, "size": tokens.sizes}
        kind, _, rest = name.partition(".")
        try:
            return tables[kind][rest]
        except KeyError:
            message = f"no such length: {name}"
            raise Bug(message) from None

    def font(self, size_name: str = "base", *, bold: bool = False) -> QFont:
        """Return the interface font at the size of a token (`base`, `secondary`, `caption`, `section` …)."""
        font = self._fonts.get((size_name, bold))
        if font is None:
            font = QFont()
            font.setFamilies(list(self.tokens.families))
            font.setStyleHint(QFont.StyleHint.SansSerif)
            font.setPixelSize(self.pixels(f"size.{size_name}"))
            font.setWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
            self._fonts[size_name, bold] = font
        return QFont(font)

    def palette(self) -> QPalette:
        """Return the palette of the current mode."""
        palette = QPalette()
        for role, name in _ROLES.items():
            palette.setColor(role, self.colour(name))
        for role in _TEXT_ROLES:
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("disabled"))
        return palette

    def is_dark(self) -> bool:
        """Tell whether the dark theme is in use."""
        return self.shown_mode is Mode.DARK


def follow_system() -> Mode:
    """Return the mode the desktop asks for (跟随系统); light where it does not say."""
    return Mode.DARK if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else Mode.LIGHT
