"""The classes of the roll-over as its table shows and edits them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from counselroom.i18n import pgettext
from counselroom.rules.roll_over import Outcome
from counselroom.services.roll_over import ClassStep, ProposedStep
from counselroom.ui.widgets.list_roles import ListRole

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
GRADE, CLASS, COUNT, TARGET = range(4)


class RollOverModel(QAbstractTableModel):
    """One class a row; what it becomes can be written over.

    Attributes:
        edited: a step was changed by the user.
    """

    edited = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._proposed: list[ProposedStep] = []
        self._written: dict[str, str] = {}

    def show(self, proposed: Sequence[ProposedStep]) -> None:
        """Show other classes; what was written over stays where the class is still there."""
        self.beginResetModel()
        self._proposed = list(proposed)
        known = {one.step.class_id for one in proposed}
        self._written = {key: text for key, text in self._written.items() if not proposed or key in known}
        self.endResetModel()

    def written(self) -> dict[str, str]:
        """Return what the user wrote over, by class."""
        return dict(self._written)

    def take_written(self, written: Mapping[str, str]) -> None:
        """Take what was written over before."""
        self.beginResetModel()
        self._written = {str(key): str(text) for key, text in written.items()}
        self.endResetModel()

    def steps(self) -> tuple[ClassStep, ...]:
        """Return every class with what becomes of it."""
        return tuple(self._step(one) for one in self._proposed)

    def _step(self, one: ProposedStep) -> ClassStep:
        class_id = one.step.class_id
        if class_id not in self._written:
            return one.step
        text = self._written[class_id].strip()
        if text == graduates():
            return ClassStep(class_id, Outcome.GRADUATE)
        if text in ("", stays(), one.name):
            return ClassStep(class_id, Outcome.STAY)
        return ClassStep(class_id, Outcome.MOVE, text)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of classes."""
        return 0 if parent.isValid() else len(self._proposed)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of columns."""
        return 0 if parent.isValid() else 4

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let what a class becomes be edited."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == TARGET else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802 - Qt's name
        """Return the head of a column."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            pgettext("roll-over", "Grade"),
            pgettext("roll-over", "Class"),
            pgettext("roll-over", "Students"),
            pgettext("roll-over", "Next year"),
        )[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell."""
        one, column = self._proposed[index.row()], index.column()
        step = self._step(one)
        if role == Qt.ItemDataRole.EditRole:
            return outcome_word(step)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            leave = pgettext("roll-over", "{count} on leave").format(count=one.on_leave) if one.on_leave else ""
            return (one.grade or "—", one.name, f"{one.enrolled}　{leave}".strip(), outcome_word(step))[column]
        if role == ListRole.BOLD:
            return column == CLASS or (column == TARGET and one.step.class_id in self._written)
        if role == ListRole.TONE and column == TARGET and step.outcome is not Outcome.MOVE:
            return "ink2"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802 - Qt's name
        """Take what the user wrote."""
        if role != Qt.ItemDataRole.EditRole or index.column() != TARGET:
            return False
        one = self._proposed[index.row()]
        self._written[one.step.class_id] = str(value)
        if self._step(one) == one.step:
            del self._written[one.step.class_id]
        self.dataChanged.emit(index, index)
        self.edited.emit()
        return True


def graduates() -> str:
    """Return the word for a class whose students leave."""
    return pgettext("roll-over", "graduates")


def stays() -> str:
    """Return the word for a class that keeps its name."""
    return pgettext("roll-over", "stays")


def outcome_word(step: ClassStep) -> str:
    """Return what becomes of a class."""
    return {Outcome.GRADUATE: graduates(), Outcome.STAY: stays(), Outcome.MOVE: step.target}[step.outcome]
