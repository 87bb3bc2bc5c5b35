"""参数: what the school may set, with what holds now and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QComboBox, QHeaderView, QSpinBox, QStackedWidget, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.parameter_values import ParameterInForce
from counselroom.services.parameters import list_parameters, set_parameter
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.room import Room
from counselroom.ui.settings.parameter_words import choice_word, source_words
from counselroom.ui.settings.section import Section, choose, combo, row_of
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.inset import inset
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable


class ParametersSection(Section):
    """The table of parameters, and the one that is chosen."""

    kinds = ("parameter", "school")

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, pgettext("settings", "Parameters"), parent)
        self._found: dict[str, ParameterInForce] = {}
        self._wanted = ""
        self._model = PlainModel(
            (
                pgettext("parameter", "Parameter"),
                pgettext("parameter", "Value"),
                pgettext("parameter", "Set by"),
                pgettext("parameter", "Source"),
                "",
            ),
            self,
        )
        self.table = ListTable(room.icons, pgettext("settings", "Parameters"))
        self.table.setModel(self._model)
        self.table.setMinimumHeight(260)
        self._name = Label("", "strong", wrap=True)
        self._limits = Label("", "hint", wrap=True)
        self.number = QSpinBox()
        self.number.setMinimumWidth(140)
        inset(self.number)
        self.number.setAccessibleName(pgettext("parameter", "Value"))
        self.choice: QComboBox = combo(pgettext("parameter", "Value"), ())
        self._editor = QStackedWidget()
        self._editor.addWidget(self.number)
        self._editor.addWidget(self.choice)
        self._editor.setFixedWidth(240)
        self.save = Button(pgettext("parameter", "Set this value"), "primary")
        self.reset = Button(pgettext("parameter", "Back to the default"))
        column = self.group(pgettext("settings", "Parameters"))
        rule = _("A change holds for everything that is new from now on and is kept in the audit log.")
        column.addWidget(Label(rule, "meta", wrap=True))
        column.addWidget(self.table)
        column.addWidget(self._name)
        column.addLayout(row_of(self._editor, self.save, self.reset))
        column.addWidget(self._limits)
        self.table.selectionModel().currentChanged.connect(lambda index, _before: self._choose(index))
        self.save.clicked.connect(self._save)
        self.reset.clicked.connect(lambda: self._set(None))
        room.icons.theme.changed.connect(self._fit_columns)
        self._fit_columns()
        self._show_chosen()

    def first(self) -> QWidget:
        """Return the table."""
        return self.table

    def load(self) -> None:
        """Ask for all parameters."""
        room = self.room
        self.ask("parameters", lambda: list_parameters(room.actor, room.desk), self._show)

    def state(self) -> dict[str, Any]:
        """Return the parameter that is chosen."""
        return {"parameter": self._wanted}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Choose a parameter again."""
        self._wanted = str(state.get("parameter") or "")
        self._select()

    def _show(self, found: tuple[ParameterInForce, ...]) -> None:
        self._found = {each.definition.key: each for each in found}
        wanted = self._wanted
        self._model.show([(each.definition.key, _cells(each)) for each in found])
        self._wanted = wanted
        self._select()

    def _select(self) -> None:
        row = self._model.row_of(self._wanted)
        if row >= 0:
            self.table.setCurrentIndex(self._model.index(row, 0))
        self._show_chosen()

    def _choose(self, index: QModelIndex) -> None:
        key = self._model.key_at(index.row()) if index.isValid() else ""
        if key and key != self._wanted:
            self._wanted = key
            self.touched.emit()
        self._show_chosen()

    def _show_chosen(self) -> None:
        found = self._found.get(self._wanted)
        for widget in (self._editor, self.save, self.reset):
            widget.setVisible(found is not None)
        if found is None:
            self._name.setText(_("Choose a line to change its value."))
            self._limits.setText("")
            return
        definition = found.definition
        self._name.setText(definition.title)
        self.reset.setEnabled(not found.is_default)
        if isinstance(found.value, int):
            self._editor.setCurrentWidget(self.number)
            self.number.setRange(int(definition.smallest or 0), int(definition.largest or 1_000_000))
            self.number.setSuffix(f" {definition.unit}" if definition.unit else "")
            self.number.setValue(found.value)
            self._limits.setText(
                _("From {smallest} to {largest}.").format(smallest=definition.smallest, largest=definition.largest)
            )
        else:
            self._editor.setCurrentWidget(self.choice)
            self.choice.clear()
            for word in definition.choices:
                self.choice.addItem(choice_word(word), word)
            choose(self.choice, found.value)
            self._limits.setText("")

    def _save(self) -> None:
        is_number = self._editor.currentWidget() is self.number
        self._set(self.number.value() if is_number else self.choice.currentData())

    def _set(self, value: int | str | None) -> None:
        room, key = self.room, self._wanted
        if key:
            self.change(lambda: set_parameter(room.actor, room.desk, key, value))

    def _fit_columns(self) -> None:
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        scale = self.room.icons.theme.pixels("size.base") / 14
        for column, width in enumerate((280, 130, 100, 220)):
            header.resizeSection(column, round(width * scale))


def _cells(found: ParameterInForce) -> tuple[Cell, ...]:
    definition = found.definition
    value = f"{found.value:,}" if isinstance(found.value, int) else choice_word(str(found.value))
    return (
        Cell(definition.title),
        Cell(f"{value} {definition.unit}".strip(), bold=not found.is_default),
        Cell(pgettext("parameter", "default") if found.is_default else pgettext("parameter", "the school")),
        Cell(source_words(definition.source)),
        Cell(),
    )
