"""The gallery in both themes, three text scales and three windows: everything fits, can be read and is named."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from counselroom.ui.pages.gallery import Gallery
from counselroom.ui.pages.gallery_parts import COLOURS
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode, TextScale
from tests.ui.looks import KNOWN_LATIN, SIZES, colour_at, faults, low_contrasts, settle, shown, text_contrasts

TOKEN_NAMES = frozenset(word for row in COLOURS for name in row for word in name.rstrip("23").split("_"))
KNOWN = KNOWN_LATIN | TOKEN_NAMES | {"zxm"}


@pytest.fixture
def gallery(theme: Theme, icons: Icons, qtbot: QtBot) -> Gallery:
    made = Gallery(theme, icons)
    qtbot.addWidget(made, before_close_func=lambda _widget, kept=made: None)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.mark.parametrize("mode", Mode)
def test_the_gallery_is_without_fault(gallery: Gallery, theme: Theme, mode: Mode) -> None:
    theme.set_mode(mode)
    for scale in TextScale:
        theme.set_scale(scale)
        for width, height in SIZES:
            gallery.resize(width, height)
            settle()
            assert (gallery.width(), gallery.height()) == (width, height), scale
            assert faults(gallery, KNOWN) == [], (scale, width, height)


@pytest.mark.parametrize("mode", Mode)
def test_every_text_of_every_component_can_be_read(gallery: Gallery, theme: Theme, mode: Mode) -> None:
    theme.set_mode(mode)
    gallery.resize(1440, 2400)
    settle()
    assert len(text_contrasts(gallery)) > 110
    assert low_contrasts(gallery) == []


def test_every_component_is_in_the_gallery(gallery: Gallery) -> None:
    names = {type(widget).__name__ for widget in shown(gallery)}
    assert {
        "Banner",
        "Button",
        "Chip",
        "ClockRow",
        "EmptyState",
        "Field",
        "IconButton",
        "KeyCap",
        "ListTable",
        "PageHeader",
        "Palette",
        "Panel",
        "Pill",
        "ProgressRow",
        "Rail",
        "Segmented",
        "StatusBar",
        "Toast",
        "TopBar",
    } <= names


def test_targets_are_large_enough(gallery: Gallery) -> None:
    gallery.resize(1440, 2400)
    settle()
    small = [
        f"{widget.accessibleName()} {widget.size()}"
        for widget in shown(gallery)
        if isinstance(widget, QAbstractButton)
        and type(widget).__module__.startswith("counselroom")
        and widget.height() < 28
        and widget.property("kind") != "status"  # the bar itself is 28 high
    ]
    assert small == []


def test_a_change_of_theme_leaves_nothing_of_the_old_one(gallery: Gallery, theme: Theme) -> None:
    gallery.resize(1440, 900)
    settle()
    light = gallery.grab().toImage()
    theme.set_mode(Mode.DARK)
    settle()
    assert colour_at(gallery, 300, 60) == theme.colour("bg").name()
    assert colour_at(gallery, 40, 500) == theme.colour("rail").name()
    theme.set_mode(Mode.LIGHT)
    settle()
    # The toast counts its seconds below the visible part, so the pictures are the same.
    assert gallery.grab().toImage() == light
