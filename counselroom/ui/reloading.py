"""Reading a page anew only while somebody can see it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from counselroom.services.changes import ChangeSet
from counselroom.ui.changes import ChangeBus


class Reloading(QObject):
    """Reads what `part` shows anew when one of `kinds` has changed: at once while it is shown, else when it is next.

    A dozen pages stay open behind the one that is seen; each change would be read into all of them.
    """

    def __init__(self, part: QWidget, bus: ChangeBus, kinds: tuple[str, ...], reload: Callable[[], object]) -> None:
        super().__init__(part)
        self._part = part
        self._kinds = kinds
        self._reload = reload
        self._is_stale = False
        bus.changed.connect(self._look)
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Read what was missed."""
        del watched
        if self._is_stale and event.type() == QEvent.Type.Show:
            self._is_stale = False
            self._reload()
        return False

    def _look(self, changes: ChangeSet) -> None:
        if not changes.concerns(*self._kinds):
            return
        if self._part.isVisible():
            self._reload()
        else:
            self._is_stale = True
