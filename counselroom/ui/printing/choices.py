"""The right side of the print preview: who gets it, what leaves the room, what to check, where it is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from counselroom.desktop.printer import Printer
from counselroom.i18n import _, pgettext
from counselroom.services.print_preview import LeavingItem, Prepared, Sheet
from counselroom.ui.masking import Face
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import icon_label
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label

WIDTH = 304
_COPIES = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50)


class PrintChoices(QFrame):
    """What is chosen for one print.

    Attributes:
        changed: the sheet looks different now.
        touched: something was typed or chosen.
        print_wanted: print it.
        save_wanted: write it into a file.
        reason_given: why a record of somebody else is looked at.
    """

    changed = Signal()
    touched = Signal()
    print_wanted = Signal()
    save_wanted = Signal()
    reason_given = Signal(str)

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self._ticked: frozenset[str] = frozenset()
        self._boxes: dict[str, QCheckBox] = {}
        self._prepared: Prepared | None = None
        self._printers: tuple[Printer, ...] | None = None
        self._drawn: tuple[Sheet, Face] | None = None
        self._wanted: dict[str, Any] = {}
        self._is_to_print = False
        self.setProperty("kind", "panel")
        self.setFixedWidth(WIDTH)
        self._audience = QComboBox()
        for widget in (self._audience, self._audience.view()):
            widget.setAccessibleName(pgettext("print", "For whom"))
        self._recipient, self._purpose, self._reason = QLineEdit(), QLineEdit(), QLineEdit()
        self._printer = QComboBox()
        self._copies = QComboBox()
        for number in _COPIES:
            self._copies.addItem(str(number), number)
        self._set = QCheckBox(_set_words(0))
        self._set.hide()
        self._items, self._checks = QWidget(), QWidget()
        self._save = Button(pgettext("print", "Save a PDF"))
        self._print = Button(
            pgettext("print", "Print"), "primary", icon=room.icons.named("mdi6.printer-outline"), key="Ctrl P"
        )
        self._lay_out()
        self._connect()
        self.set_ready(ready=False)

    def _lay_out(self) -> None:
        icons = self._room.icons
        inner = QWidget()
        inner.setProperty("kind", "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 14, 12)
        column.setSpacing(6)
        self._reason_field = Field(
            pgettext("print", "Reason"),
            self._reason,
            _("Why you look at this record; kept in the audit log."),
            icons=icons,
        )
        self._reason_field.hide()
        self._recipient_field = Field(pgettext("print", "Recipient"), self._recipient, icons=icons)
        self._purpose_field = Field(pgettext("print", "Purpose"), self._purpose, icons=icons)
        self._printer_field = Field(pgettext("print", "Printer"), self._printer, icons=icons)
        copies = Field(pgettext("print", "Copies"), self._copies, icons=icons)
        copies.setFixedWidth(88)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self._printer_field, 1)
        where.addWidget(copies)
        self._leaving_title = Label(pgettext("print", "What leaves the room"), "section")
        self._check_title = Label(pgettext("print", "Before printing"), "section")
        column.addWidget(self._reason_field)
        column.addWidget(Label(pgettext("print", "For whom"), "section"))
        column.addWidget(self._audience)
        column.addSpacing(8)
        column.addWidget(self._leaving_title)
        column.addWidget(self._items)
        column.addSpacing(8)
        column.addWidget(self._check_title)
        column.addWidget(self._checks)
        column.addSpacing(8)
        column.addWidget(self._recipient_field)
        column.addWidget(self._purpose_field)
        column.addLayout(where)
        column.addWidget(self._set)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        area.setAccessibleName(pgettext("print", "Print"))
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 14, 12)
        foot.setSpacing(8)
        self._note = Label("", "hint", wrap=True)
        foot.addWidget(self._note)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._save)
        buttons.addStretch(1)
        buttons.addWidget(self._print)
        foot.addLayout(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addWidget(area, 1)
        rule = QFrame()
        rule.setProperty("kind", "rule")
        whole.addWidget(rule)
        whole.addLayout(foot)

    def _connect(self) -> None:
        self._audience.currentIndexChanged.connect(self._choose_audience)
        self._recipient.textEdited.connect(self._type)
        self._purpose.textEdited.connect(self._type)
        self._reason.textEdited.connect(lambda: self.touched.emit())
        self._reason.returnPressed.connect(lambda: self.reason_given.emit(self._reason.text()))
        self._recipient.returnPressed.connect(self._purpose.setFocus)
        self._purpose.returnPressed.connect(self.print_wanted)
        self._copies.currentIndexChanged.connect(lambda: self.touched.emit())
        self._set.toggled.connect(lambda _on: self.touched.emit())
        self._printer.currentIndexChanged.connect(self._choose_printer)
        self._print.clicked.connect(self.print_wanted)
        self._save.clicked.connect(self.save_wanted)

    def first(self) -> QWidget:
        """Return the choice of the reader."""
        return self._audience

    def begin(self, *, to_print: bool, whole_set: bool) -> None:
        """Begin another sheet: with the keyboard on the print button when it can be pressed, all copies of a set."""
        self._is_to_print = to_print
        self._wanted = {"whole_set": True} if whole_set else {}

    def _go_to_print(self) -> None:
        if self._is_to_print and self._print.isEnabled():
            self._is_to_print = False
            self._print.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_prepared(self, prepared: Prepared, audience: str) -> None:
        """Offer the choices of another sheet, with what was typed before a lock if it was this one."""
        wanted, self._wanted = self._wanted, {}
        self._prepared = prepared
        self._reason_field.hide()
        self._ticked = frozenset(wanted.get("ticked") or ())
        with QSignalBlocker(self._audience):
            self._audience.clear()
            for key, name in prepared.audiences:
                self._audience.addItem(name, key)
            self._audience.setCurrentIndex(max(0, self._audience.findData(wanted.get("audience") or audience)))
        for field in (self._recipient_field, self._purpose_field):
            field.setVisible(prepared.is_secret)
        self._purpose.setText(str(wanted.get("purpose", prepared.purpose)))
        self._recipient.setText(str(wanted.get("recipient", self._audience.currentText())))
        self._copies.setCurrentIndex(max(0, self._copies.findData(wanted.get("copies"))))
        labelled = len(prepared.copy_labels)
        self._set.setText(_set_words(labelled))
        self._set.setVisible(labelled > 1)
        self._set.setChecked(labelled > 1 and bool(wanted.get("whole_set")))
        self._leaving_title.setVisible(not prepared.is_blank)
        self._items.setVisible(not prepared.is_blank)
        self._say_what_is_kept()

    def show_sheet(self, sheet: Sheet, face: Face) -> None:
        """Show what leaves the room and what to check."""
        if self._drawn is None or self._drawn[0] is not sheet or self._drawn[1] != face:
            self._drawn = (sheet, face)
            if self._prepared is not None and not self._prepared.is_blank:
                self._show_items(sheet.items)
            self._show_checks(sheet, face)
        self.set_ready(ready=True)

    def show_printers(self, printers: tuple[Printer, ...]) -> None:
        """Offer the printers of this computer."""
        self._printers = printers
        wanted = str(self._wanted.get("printer") or self._printer.currentData() or "")
        with QSignalBlocker(self._printer):
            self._printer.clear()
            for printer in printers:
                words = printer.label if printer.is_ready else _("{printer} (not ready)").format(printer=printer.label)
                self._printer.addItem(words, printer.name)
            self._printer.setCurrentIndex(max(0, self._printer.findData(wanted)))
        self._printer.setEnabled(bool(printers))
        self._printer_field.set_hint(
            "" if printers else _("No printer is set up on this computer. A PDF can be saved.")
        )
        self._print.setEnabled(bool(printers) and self._save.isEnabled())
        self._go_to_print()

    def ask_reason(self, sentence: str) -> None:
        """Ask why a record is looked at, because the rules want it said."""
        self._reason_field.show()
        self._reason_field.set_hint(sentence)
        self._reason.setFocus()
        self.set_ready(ready=False)

    def set_ready(self, *, ready: bool) -> None:
        """Let it be printed, or not."""
        self._save.setEnabled(ready)
        self._print.setEnabled(ready and bool(self._printers))
        self._go_to_print()

    def is_awaiting_printers(self) -> bool:
        """Tell whether the printers of this computer are still asked for."""
        return self._printers is None

    def is_ready(self) -> bool:
        """Tell whether it can be printed now."""
        return self._print.isEnabled()

    def audience(self) -> str:
        """Return the key of the reader."""
        return str(self._audience.currentData() or "")

    def ticked(self) -> frozenset[str]:
        """Return the optional items that go out."""
        return self._ticked

    def recipient(self) -> str:
        """Return to whom it goes."""
        return self._recipient.text().strip()

    def purpose(self) -> str:
        """Return what for."""
        return self._purpose.text().strip()

    def copies(self) -> int:
        """Return how many copies."""
        return int(self._copies.currentData())

    def readers(self) -> tuple[str, ...]:
        """Return the keys of the readers who get a copy: the chosen one first, the others of the set if wanted."""
        chosen = self.audience()
        if self._prepared is None or not self._set.isChecked():
            return (chosen,)
        return (chosen, *(key for key, _label in self._prepared.copy_labels if key != chosen))

    def printer(self) -> str:
        """Return the name of the printer; empty when there is none."""
        return str(self._printer.currentData() or "")

    def state(self) -> dict[str, Any]:
        """Return everything that was chosen and typed."""
        return {
            "audience": self.audience(),
            "ticked": sorted(self._ticked),
            "recipient": self._recipient.text(),
            "purpose": self._purpose.text(),
            "copies": self.copies(),
            "whole_set": self._set.isChecked(),
            "printer": self.printer(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was chosen before, when the sheet is there."""
        self._wanted = dict(state)

    def _choose_audience(self) -> None:
        self._ticked = frozenset()
        self._recipient.setText(self._audience.currentText())
        self.touched.emit()
        self.changed.emit()

    def _choose_printer(self) -> None:
        chosen = [printer for printer in self._printers or () if printer.name == self.printer()]
        stopped = bool(chosen) and not chosen[0].is_ready
        self._printer_field.set_error(_("The system says that this printer does not print now.") if stopped else "")
        self.touched.emit()

    def _type(self) -> None:
        self.touched.emit()
        self.changed.emit()

    def _tick(self, link_id: str, ticked: bool) -> None:
        self._ticked = self._ticked | {link_id} if ticked else self._ticked - {link_id}
        self.touched.emit()
        self.changed.emit()

    def _show_items(self, items: Sequence[LeavingItem]) -> None:
        focused = next((link_id for link_id, box in self._boxes.items() if box.hasFocus()), "")
        self._boxes = {}
        column = _emptied(self._items)
        always = pgettext("list", ", ").join(item.text for item in items if not item.optional and item.is_given)
        column.addWidget(Label(always or _("Nothing but the head of the form."), "meta", wrap=True))
        for item in items:
            if item.optional and item.is_given:
                self._add_box(column, item)
        if focused in self._boxes:
            self._boxes[focused].setFocus()

    def _add_box(self, column: QVBoxLayout, item: LeavingItem) -> None:
        box = QCheckBox(item.text)
        box.setChecked(item.link_id in self._ticked)
        box.setEnabled(item.may_go)
        box.toggled.connect(lambda ticked, link_id=item.link_id: self._tick(link_id, ticked))
        self._boxes[item.link_id] = box
        column.addWidget(box)
        if item.needs_director and not item.may_go:
            hint = _("Needs the director's agreement.")
        elif item.needs_director:
            hint = _("The director has agreed. Tick it only if it is needed.")
        else:
            hint = _("Stays here by default. Tick it only if it is needed.")
        column.addWidget(Label(hint, "hint", wrap=True))

    def _show_checks(self, sheet: Sheet, face: Face) -> None:
        column, check = _emptied(self._checks), sheet.check
        for who in check.signs:
            self._add_check(column, "mdi6.pencil-box-outline", "amber", who, pgettext("print", "signed by hand"))
        for who in check.seals:
            self._add_check(column, "mdi6.stamper", "amber", who, pgettext("print", "sealed afterwards"))
        for name, label in check.others:
            words = _("Another student is named in {label}: {name}").format(label=label, name=face.name(name))
            self._add_check(column, "mdi6.account-alert-outline", "brick", words)
        for warning in sheet.warnings:
            self._add_check(column, "mdi6.alert-outline", "amber", warning)
        if check.empty:
            empty = pgettext("list", ", ").join(check.empty)
            words = _("{count} left blank: {items}").format(count=len(check.empty), items=empty)
            self._add_check(column, "mdi6.checkbox-blank-outline", "ink3", words)
        if check.filled:
            words = _("{count} items are filled in").format(count=check.filled)
            self._add_check(column, "mdi6.check-circle-outline", "accent", words)
        if check.signs or check.seals:
            column.addWidget(Label(_("Yellow is shown in the preview only."), "hint", wrap=True))

    def _add_check(self, column: QVBoxLayout, icon: str, colour: str, words: str, after: str = "") -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(icon_label(self._room.icons.named(icon), colour, 18), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(words, wrap=True), 1)
        if after:
            row.addWidget(Label(after, "hint"), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)

    def _say_what_is_kept(self) -> None:
        blank = self._prepared is not None and self._prepared.is_blank
        self._note.setText(
            _("A blank form holds nothing and is not logged.")
            if blank
            else _("Printing and saving are logged. A saved PDF is not encrypted: keep it in a safe place.")
        )


def _set_words(count: int) -> str:
    return _("All {count} copies of the set, each for its reader").format(count=count)


def _emptied(holder: QWidget) -> QVBoxLayout:
    """Return the empty column of a part that is filled anew."""
    layout = holder.layout()
    if not isinstance(layout, QVBoxLayout):
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        return layout
    _clear(layout)
    return layout


def _clear(layout: Any) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            _clear(inner)
            inner.deleteLater()
