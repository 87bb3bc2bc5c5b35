"""The theme: tokens as Qt's colours, fonts and lengths, and one look at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontDatabase, QFontInfo, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from counselroom.errors import Bug
from counselroom.ui.theme import bundled_font
from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.theme.style_sheet import style_sheet
from counselroom.ui.theme.theme import Theme, follow_system
from counselroom.ui.theme.tokens import Mode, TextScale, contrast, read_tokens
from tests.ui.looks import colours_of, settle

GROUNDS = ("surface", "bg", "rail", "sunk", "hover", "accent_soft")
SOFT = ("plum_soft", "amber_soft", "blue_soft", "slate_soft", "brick_soft", "accent_soft")


@pytest.mark.parametrize("mode", Mode)
def test_every_text_colour_can_be_read_on_every_ground(mode: Mode) -> None:
    colours = read_tokens(mode).colours
    pairs = [(ink, ground) for ink in ("ink", "ink2", "ink3", "accent") for ground in GROUNDS]
    pairs += [(ink, ground) for ink in ("ink", "ink2", "ink3") for ground in SOFT]
    pairs += [(soft.removesuffix("_soft"), soft) for soft in SOFT]
    pairs += [("on_accent", ground) for ground in ("accent", "accent_hover", "accent_press")]
    pairs += [("surface", "ink"), ("accent_line", "ink"), ("brick", "surface"), ("brick", "bg")]
    assert {pair: ratio for pair in pairs if (ratio := contrast(colours[pair[0]], colours[pair[1]])) < 4.5} == {}


@pytest.mark.parametrize("mode", Mode)
def test_borders_of_controls_can_be_seen(mode: Mode) -> None:
    colours = read_tokens(mode).colours
    assert all(contrast(colours["line2"], colours[ground]) >= 3 for ground in ("surface", "bg", "sunk"))
    assert all(contrast(colours["accent"], colours[ground]) >= 3 for ground in GROUNDS)
    assert contrast(colours["accent_line"], colours["ink"]) >= 3  # the ring within the toast


def test_colours_and_lengths_are_those_of_the_tokens(theme: Theme) -> None:
    assert theme.colour("accent").name() == "#206c5d"
    assert theme.colour("scrim").alpha() == round(0.46 * 255)
    assert theme.pixels("height.row") == 40
    assert theme.pixels("space.panel") == 16
    assert theme.pixels("radius.chip") == 4
    theme.set_scale(TextScale.LARGEST)
    assert theme.pixels("size.base") == 18
    assert theme.pixels("height.control") == 42


@pytest.mark.parametrize("name", ["acent", ""])
def test_an_unknown_colour_is_our_mistake(theme: Theme, name: str) -> None:
    with pytest.raises(Bug):
        theme.colour(name)


@pytest.mark.parametrize("name", ["row", "height.rows", "colour.ink", "size"])
def test_an_unknown_length_is_our_mistake(theme: Theme, name: str) -> None:
    with pytest.raises(Bug):
        theme.pixels(name)


def test_the_style_sheet_has_no_place_left_open() -> None:
    for mode in Mode:
        text = style_sheet(read_tokens(mode))
        assert "@" not in re.sub(r'url\("[^"]*"\)', "", text)
        assert text.count("{") == text.count("}")


def test_text_is_set_in_a_chinese_face_and_bold_is_bold(theme: Theme) -> None:
    assert QFontInfo(theme.font()).family() in theme.tokens.families
    assert QFontInfo(theme.font("base", bold=True)).bold()
    assert theme.font("caption").pixelSize() == 12


def test_a_change_dresses_the_application_and_tells_once(theme: Theme, qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    window = QWidget()
    qtbot.addWidget(window)
    theme.dress(window)
    told: list[str] = []
    theme.changed.connect(lambda: told.append(str(theme.mode)))
    theme.set_mode(Mode.DARK)
    theme.set_mode(Mode.DARK)
    assert told == ["dark"]
    assert theme.is_dark()
    assert app.palette().color(QPalette.ColorRole.Window).name() == "#141a19"
    assert app.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name() == "#65726d"
    assert "#141A19" in window.styleSheet()
    assert not app.styleSheet()  # what would make every page slow to build
    theme.set_scale(TextScale.LARGE)
    assert app.font().pixelSize() == 16
    assert follow_system() in (Mode.LIGHT, Mode.DARK)


def test_a_theme_without_an_application_still_answers() -> None:
    theme = Theme(Mode.DARK, TextScale.LARGE)
    assert theme.colour("ink").name() == "#e3e9e6"
    theme.set_mode(Mode.LIGHT)
    assert theme.colour("ink").name() == "#1e2b28"


def test_the_bundled_font_is_used_only_where_there_is_none(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def add(path: str) -> int:
        asked.append(path)
        return 0

    monkeypatch.setattr(QFontDatabase, "addApplicationFont", add)
    families: Sequence[str] = QFontDatabase.families()
    bundled_font.provide(families[:1])
    assert asked == []
    bundled_font.provide(["没有这种字体"])
    assert asked == [str(bundled_font.locate())]
    monkeypatch.setattr(QFontDatabase, "addApplicationFont", lambda path: -1)
    with pytest.raises(Bug):
        bundled_font.provide(["没有这种字体"])
    monkeypatch.setattr(bundled_font, "FONT_FILE", "zhplot/fonts/missing.ttf")
    with pytest.raises(Bug):
        bundled_font.locate()


# ----- icons -----


def test_icons_wear_the_colour_of_the_theme_and_change_with_it(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    label = icon_label(icons.named("mdi6.shield-check-outline"), "accent", 28)
    qtbot.addWidget(label)
    label.show()
    assert label.width() == 28
    assert colours_of(label)["#206c5d"] > 20
    theme.set_mode(Mode.DARK)
    settle()
    assert colours_of(label)["#8bd3c0"] > 20
    assert colours_of(label)["#206c5d"] == 0


def test_a_button_is_dressed_anew_and_not_twice(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    icons.dress(button, "mdi6.plus", "ink", 20)
    icons.dress(button, "mdi6.minus", "brick", 16)
    assert len(button.children()) == 1
    assert button.iconSize().height() == 16
    first = button.icon().cacheKey()
    theme.set_mode(Mode.DARK)
    assert button.icon().cacheKey() != first


def test_icons_are_made_once_per_theme(theme: Theme, icons: Icons) -> None:
    assert icons.icon("mdi6.plus") is icons.icon("mdi6.plus")
    before = icons.icon("mdi6.plus")
    theme.set_mode(Mode.DARK)
    assert icons.icon("mdi6.plus") is not before


def test_a_dressed_widget_can_die(theme: Theme, icons: Icons) -> None:
    button = QPushButton()
    icons.dress(button, "mdi6.plus")
    button.deleteLater()
    del button
    settle()
    theme.set_mode(Mode.DARK)


@pytest.mark.parametrize("name", ["mdi6.no-such-icon", "plus"])
def test_an_unknown_icon_is_our_mistake(icons: Icons, name: str) -> None:
    with pytest.raises(Bug):
        icons.icon(name)


def test_the_icon_font_is_not_loaded_before_the_first_icon() -> None:
    import subprocess
    import sys

    code = (
        "import sys, counselroom.ui.theme.icons, counselroom.ui.widgets.button, counselroom.ui.widgets.field;"
        "sys.exit('qtawesome' in sys.modules or 'reportlab' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_handed_out_is_the_askers_own(theme: Theme) -> None:
    theme.colour("ink").setAlpha(1)
    theme.font("base").setPixelSize(99)
    assert theme.colour("ink").alpha() == 255
    assert theme.font("base").pixelSize() == theme.pixels("size.base")
    light = theme.colour("ink")
    theme.set_mode(Mode.DARK)
    assert theme.colour("ink") != light
    theme.set_scale(TextScale.LARGE)
    assert theme.font("base").pixelSize() == 16


def test_a_painted_icon_follows_the_look(theme: Theme, icons: Icons) -> None:
    def painted() -> QImage:
        image = QImage(24, 24, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        icons.paint(painter, QRect(2, 2, 20, 20), "mdi6.plus", "ink")
        painter.end()
        return image

    light = painted()
    assert light == painted()
    middle = light.pixelColor(12, 12)
    assert middle.alpha() > 0
    theme.set_mode(Mode.DARK)
    assert painted().pixelColor(12, 12).lightness() > middle.lightness() + 100
