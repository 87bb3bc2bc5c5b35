"""The menus of the note: phrases to write, earlier versions to take up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from counselroom.i18n import _
from counselroom.services.note_files import all_phrases
from counselroom.ui.moments import day_and_time


def phrases(owner: QWidget, below: QWidget, write: Callable[[str], None]) -> None:
    """Show the phrases, those of a group together; the first is chosen, so that Enter writes it."""
    menu, group = QMenu(owner), ""
    for phrase in all_phrases():
        if group and phrase.group != group:
            menu.addSeparator()
        group = phrase.group
        menu.addAction(phrase.text).triggered.connect(lambda _checked=False, text=phrase.text: write(text))
    _open(menu, below)


def versions(
    owner: QWidget,
    below: QWidget,
    found: Sequence[tuple[datetime, Mapping[str, Any]]],
    now: datetime,
    take: Callable[[dict[str, str]], None],
) -> None:
    """Show the earlier versions of a draft by their time."""
    menu = QMenu(owner)
    for saved_at, state in found:
        sections = dict(state.get("sections") or {})
        words = _("as of {when}").format(when=day_and_time(saved_at, now))
        menu.addAction(words).triggered.connect(lambda _checked=False, sections=sections: take(sections))
    if not found:
        menu.addAction(_("There is no earlier version yet.")).setEnabled(False)
    _open(menu, below)


def _open(menu: QMenu, below: QWidget) -> None:
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(below.mapToGlobal(QPoint(0, below.height())))
    if menu.actions():
        menu.setActiveAction(menu.actions()[0])
