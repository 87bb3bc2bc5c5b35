"""The window's tests run without a screen; the platform is chosen before Qt is imported."""

from __future__ import annotations

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme


@pytest.fixture(scope="session")
def dressed_app(qapp: QApplication) -> Theme:
    """The one application, dressed once; every test gets it back in light and standard."""
    theme = Theme(parent=qapp)
    theme.apply(qapp)
    return theme


@pytest.fixture
def theme(dressed_app: Theme) -> Iterator[Theme]:
    from counselroom.ui.theme.tokens import Mode, TextScale

    yield dressed_app
    dressed_app.set_mode(Mode.LIGHT)
    dressed_app.set_scale(TextScale.STANDARD)


@pytest.fixture(scope="session")
def all_icons(dressed_app: Theme) -> Icons:
    return Icons(dressed_app, dressed_app)


@pytest.fixture
def icons(theme: Theme, all_icons: Icons) -> Icons:
    return all_icons
