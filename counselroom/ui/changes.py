"""The one place where the window learns that something in the vault has changed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from counselroom.services.changes import ChangeSet


class ChangeBus(QObject):
    """Hands the changes of every piece of work to whoever shows them.

    Attributes:
        changed: carries the `ChangeSet`; a page reloads when it concerns what the page shows.
    """

    changed = Signal(object)

    def publish(self, changes: ChangeSet) -> None:
        """Tell of the changes of one piece of work; one that changed nothing is not told."""
        if changes.changed:
            self.changed.emit(changes)
