"""The developer's gallery: reached by its option only, turned by its keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counselroom import app
from counselroom.__main__ import main
from counselroom.ui.gallery_window import gallery_window
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode, TextScale


def test_the_option_opens_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "open_gallery", lambda: 7)
    assert main(["--gallery"]) == 7


def test_keys_turn_mode_and_text(theme: Theme, qtbot: QtBot) -> None:
    gallery = gallery_window(theme)
    qtbot.addWidget(gallery)
    gallery.show()
    gallery.activateWindow()
    qtbot.waitUntil(gallery.isActiveWindow)
    QTest.keyClick(gallery, Qt.Key.Key_T)
    assert theme.mode is Mode.DARK
    QTest.keyClick(gallery, Qt.Key.Key_T)
    assert theme.mode is Mode.LIGHT
    QTest.keyClick(gallery, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert theme.scale is TextScale.LARGE
    QTest.keyClick(gallery, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(gallery, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert theme.scale is TextScale.STANDARD


def test_no_menu_leads_there(qapp: QApplication) -> None:
    from counselroom.ui.dialogs.table import DIALOGS
    from counselroom.ui.pages.table import PAGES
    from counselroom.ui.palette_actions import ACTIONS

    keys = {page.key for page in PAGES} | {dialog.key for dialog in DIALOGS} | {action.page for action in ACTIONS}
    assert "gallery" not in keys
