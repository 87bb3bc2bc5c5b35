"""Adds a student, or edits one: what the roster says, and the special groups."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.people import Gender, SpecialGroup
from counselroom.rules.school import UnitKind
from counselroom.services.changes import Done
from counselroom.services.school import UnitView, list_units
from counselroom.services.students import StudentData, StudentView, add_student, edit_student, student
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.dialogs.form_scroll import FormScroll
from counselroom.ui.record.words import gender_word, group_word
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.pill import Pill
from counselroom.ui.widgets.pill_rows import pill_rows

_TEXTS = (
    "name", "student_no", "birth_date", "phone", "backup_phone", "dorm", "address", "ethnicity", "political_status",
)  # fmt: skip


class StudentForm(EntryDialog):
    """The data of one student; `student` among the arguments is the one to edit."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        self._student = str(arguments.get("student") or "")
        title = pgettext("dialog", "Edit student") if self._student else pgettext("dialog", "Add student")
        super().__init__(room, arguments, title, parent)
        self._view: StudentView | None = None
        self._wanted_class = str(arguments.get("class") or "")
        self._texts = {name: QLineEdit() for name in _TEXTS}
        self._texts["birth_date"].setPlaceholderText("2012-05-31")
        self._gender = QComboBox()
        for gender in Gender:
            self._gender.addItem(gender_word(gender) or pgettext("gender", "not known"), gender.value)
        self._gender.setCurrentIndex(self._gender.findData(Gender.UNKNOWN.value))
        self._class = QComboBox()
        self._class.addItem(pgettext("class", "no class"), "")
        self._groups = {group: Pill(room.icons, group_word(group), multi=True) for group in SpecialGroup}
        self._fields: dict[str, Field] = {}
        self.content.addWidget(FormScroll(self._lay_out(), parent))
        cancel = self.add_button(Button(pgettext("student form", "Do not save")))
        cancel.clicked.connect(self.reject)
        words = pgettext("student form", "Save") if self._student else pgettext("student form", "Add")
        self.save_button = self.add_button(Button(words, "primary", key="Ctrl Enter"))
        self.also_by_key(self.save_button)
        self.save_button.clicked.connect(self.save)
        for edit in self._texts.values():
            edit.textEdited.connect(lambda _text: self.touched.emit())
        for box in (self._gender, self._class):
            box.activated.connect(lambda _index: self.touched.emit())
        for pill in self._groups.values():
            pill.clicked.connect(lambda _checked: self.touched.emit())
        self._fields["birth_date"].left.connect(self._check_birth)
        self._fields["name"].left.connect(self._check_name)
        room.tasks.query(self, lambda: list_units(room.actor, room.desk), self._show_classes)
        if self._student:
            room.tasks.query(
                self, lambda: student(room.actor, room.desk, self._student), self._fill, on_failed=self.refuse
            )

    def _lay_out(self) -> QWidget:
        form = QWidget()
        grid = QGridLayout(form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        required = _("needed")
        labels: dict[str, tuple[str, str]] = {
            "name": (pgettext("student", "Name"), required),
            "student_no": (pgettext("student", "Number"), ""),
            "gender": (pgettext("student", "Gender"), ""),
            "birth_date": (pgettext("student", "Date of birth"), ""),
            "class": (pgettext("student", "Class"), ""),
            "dorm": (pgettext("student", "Dorm"), ""),
            "phone": (pgettext("student", "Telephone"), ""),
            "backup_phone": (pgettext("student", "Second telephone"), ""),
            "address": (pgettext("student", "Address"), ""),
            "ethnicity": (pgettext("student", "Ethnicity"), ""),
            "political_status": (pgettext("student", "Political status"), ""),
        }
        editors: dict[str, QWidget] = {**self._texts, "gender": self._gender, "class": self._class}
        places = (
            ("name", 0, 0, 1), ("student_no", 0, 1, 1), ("gender", 1, 0, 1), ("birth_date", 1, 1, 1),
            ("class", 2, 0, 1), ("dorm", 2, 1, 1), ("phone", 3, 0, 1), ("backup_phone", 3, 1, 1),
            ("address", 4, 0, 2), ("ethnicity", 5, 0, 1), ("political_status", 5, 1, 1),
        )  # fmt: skip
        for name, row, column, span in places:
            label, when = labels[name]
            field = Field(label, editors[name], required_when=when, icons=self.icons)
            self._fields[name] = field
            grid.addWidget(field, row, column, 1, span)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        groups = QWidget()
        groups.setLayout(pill_rows(tuple(self._groups.values()), 4))
        grid.addWidget(Label(pgettext("student", "Special groups"), "label"), 6, 0, 1, 2)
        grid.addWidget(groups, 7, 0, 1, 2)
        return form

    def first(self) -> QWidget:
        """Return the field of the name."""
        return self._texts["name"]

    def state(self) -> dict[str, Any]:
        """Return all that was typed and chosen."""
        return {
            **{name: edit.text() for name, edit in self._texts.items()},
            "gender": self._gender.currentData(),
            "class": self._class.currentData() or self._wanted_class,
            "groups": sorted(group.value for group, pill in self._groups.items() if pill.isChecked()),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before."""
        for name, edit in self._texts.items():
            edit.setText(str(state.get(name) or ""))
        self._gender.setCurrentIndex(max(0, self._gender.findData(state.get("gender"))))
        self._choose_class(str(state.get("class") or ""))
        chosen = set(state.get("groups") or ())
        for group, pill in self._groups.items():
            pill.setChecked(group.value in chosen)

    def save(self) -> None:
        """Store what was typed, if it is complete."""
        if not (self._check_name() & self._check_birth()):
            wrong = next(name for name, field in self._fields.items() if field.error())
            self._fields[wrong].editor.setFocus()
            return
        if self._student and self._view is None:
            return  # what is stored has not been read yet
        room, data, groups = self.room, self._data(), self._chosen_groups()
        student_id, view = self._student, self._view
        self.save_button.setEnabled(False)

        def work() -> Done[StudentView]:
            if view is None:
                return add_student(room.actor, room.desk, data, groups)
            return edit_student(room.actor, room.desk, student_id, data, view.seen, groups)

        room.tasks.change(work, self._saved, on_failed=self._not_saved)

    def _saved(self, done: Done[StudentView]) -> None:
        self.finish()
        said = _("The student's data were changed.") if self._student else _("The student was added.")
        self.room.messages.say(said, done.changes.undo)
        if not self._student:
            self.room.ways.open_page("student_record", student=done.value.id)

    def _not_saved(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        self.refuse(error)

    def _data(self) -> StudentData:
        texts = {name: edit.text().strip() or None for name, edit in self._texts.items() if name != "birth_date"}
        name = texts.pop("name") or ""
        return StudentData(
            name=name,
            gender=Gender(self._gender.currentData()),
            birth_date=parsed_day(self._texts["birth_date"].text()),
            class_id=self._class.currentData() or None,
            **texts,
        )

    def _chosen_groups(self) -> frozenset[SpecialGroup]:
        return frozenset(group for group, pill in self._groups.items() if pill.isChecked())

    def _check_name(self) -> bool:
        missing = not self._texts["name"].text().strip()
        self._fields["name"].set_error(_("The student needs a name.") if missing else "")
        return not missing

    def _check_birth(self) -> bool:
        text = self._texts["birth_date"].text().strip()
        wrong = bool(text) and parsed_day(text) is None
        self._fields["birth_date"].set_error(_("Please write the day like 2012-05-31.") if wrong else "")
        return not wrong

    def _show_classes(self, units: tuple[UnitView, ...]) -> None:
        names = {unit.id: unit for unit in units}
        for unit in units:
            if unit.kind is UnitKind.CLASS:
                above = names.get(unit.parent_id or "")
                label = (
                    unit.name if above is None or unit.name.startswith(above.name[:2]) else f"{above.name} {unit.name}"
                )
                self._class.addItem(label, unit.id)
        untouched = not self.has_text()
        self._choose_class(self._wanted_class)
        if untouched:
            self.settle()

    def _choose_class(self, unit_id: str) -> None:
        self._wanted_class = unit_id
        row = self._class.findData(unit_id)
        if row >= 0:
            self._class.setCurrentIndex(row)
            self._wanted_class = ""

    def _fill(self, view: StudentView) -> None:
        self._view = view
        if self.has_text():
            return  # a draft, or what was typed before a lock, is newer than what is stored
        data = view.data
        stored = {name: getattr(data, name) for name in _TEXTS if name != "birth_date"}
        self.restore(
            {
                **stored,
                "birth_date": data.birth_date.isoformat() if data.birth_date else "",
                "gender": data.gender.value,
                "class": data.class_id or "",
                "groups": [group.value for group in view.special_groups],
            }
        )
        self.settle()


def parsed_day(text: str) -> date | None:
    """Return the day a user wrote as 2012-05-31, 2012.5.31 or 2012/5/31; None when it is none."""
    parts = text.strip().replace("/", "-").replace(".", "-").split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day) if year > 1900 else None
    except ValueError:
        return None
