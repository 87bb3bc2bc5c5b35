"""Two groups of each sheet typed back from the paper; which ones is left to chance."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from counselroom.i18n import _
from counselroom.services.recovery_sheets import Sheets
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.field import Field
from counselroom.vault.keys.recovery_code import GROUP_DIGITS, GROUPS

Place = tuple[str, int]
"""The letter of a sheet and the number of a group, from 1."""


class GroupCheck(QWidget):
    """Four fields, two for each sheet.

    Attributes:
        changed: what is right may have changed.
        entered: one of the fields has the keyboard, so that the digits on the screen are to be covered.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, icons: Icons, entropy: Callable[[int], bytes], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entropy = entropy
        self._wanted: dict[Place, str] = {}
        self._places: list[Place] = [("A", 1), ("A", 2), ("B", 1), ("B", 2)]
        self._edits = [QLineEdit() for _place in self._places]
        self._fields = [Field(" ", edit, icons=icons) for edit in self._edits]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        for at, (field, edit) in enumerate(zip(self._fields, self._edits, strict=True)):
            edit.setMaxLength(GROUP_DIGITS + 2)
            edit.setPlaceholderText(_("six digits"))
            edit.installEventFilter(self)
            grid.addWidget(field, at // 2, at % 2, Qt.AlignmentFlag.AlignTop)
            edit.textChanged.connect(lambda _text, number=at: self._typed(number))
            field.left.connect(lambda number=at: self._judge(number))
        for column in range(2):
            grid.setColumnStretch(column, 1)

    def ask(self, sheets: Sheets) -> None:
        """Ask for other groups of these sheets."""
        self._wanted = {
            (which, number): group
            for which, digits in (("A", sheets.a), ("B", sheets.b))
            for number, group in enumerate(digits.split("-"), start=1)
        }
        self._places = [(which, number) for which in ("A", "B") for number in sorted(two_groups(self._entropy))]
        for place, field, edit in zip(self._places, self._fields, self._edits, strict=True):
            words = _("Sheet {which}, group {number}").format(which=place[0], number=place[1])
            field.label.setText(words)
            edit.setAccessibleName(words)
            edit.clear()
            field.set_error("")
        self.changed.emit()

    def places(self) -> tuple[Place, ...]:
        """Return which groups are asked for, in the order of the fields."""
        return tuple(self._places)

    def edits(self) -> tuple[QLineEdit, ...]:
        """Return the fields in order."""
        return tuple(self._edits)

    def errors(self) -> tuple[str, ...]:
        """Return what each field says is wrong."""
        return tuple(field.error() for field in self._fields)

    def is_right(self) -> bool:
        """Tell whether all four are as on the sheets."""
        return bool(self._wanted) and all(self._is_right(number) for number in range(len(self._edits)))

    def missing(self) -> str:
        """Return which groups are wrong or still to be typed."""
        if self.is_right():
            return ""
        wrong = [number for number in range(len(self._edits)) if self._fields[number].error()]
        if wrong:
            names = "、".join(self._name(number) for number in wrong)
            return _("Please compare once more: {groups}.").format(groups=names)
        return _("You can go on once all four groups are right and the box is ticked.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Tell when a field gets the keyboard."""
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        return super().eventFilter(watched, event)

    def _name(self, number: int) -> str:
        return _("Sheet {which}, group {number}").format(which=self._places[number][0], number=self._places[number][1])

    def _is_right(self, number: int) -> bool:
        return _plain(self._edits[number].text()) == self._wanted.get(self._places[number])

    def _typed(self, number: int) -> None:
        if len(_plain(self._edits[number].text())) >= GROUP_DIGITS:
            self._judge(number)
        else:
            self._fields[number].set_error("")
            self.changed.emit()

    def _judge(self, number: int) -> None:
        typed, wanted = _plain(self._edits[number].text()), self._wanted.get(self._places[number], "")
        self._fields[number].set_error(difference(typed, wanted) if typed else "")
        self.changed.emit()


def difference(typed: str, wanted: str) -> str:
    """Return in words where a typed group differs from the sheet; empty when it does not."""
    if typed == wanted:
        return ""
    if len(typed) != len(wanted) or not typed.isdecimal():
        return _("A group has {count} digits.").format(count=GROUP_DIGITS)
    at = next(number for number, (one, other) in enumerate(zip(typed, wanted, strict=True), start=1) if one != other)
    return _("Not as on the sheet, please look at digit {number}.").format(number=at)


def two_groups(entropy: Callable[[int], bytes]) -> tuple[int, int]:
    """Return two different numbers of groups, from 1, every pair equally likely."""
    first = entropy(1)[0] % GROUPS
    while (other := entropy(1)[0]) >= 256 - 256 % (GROUPS - 1):
        pass
    return first + 1, (first + 1 + other % (GROUPS - 1)) % GROUPS + 1


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
