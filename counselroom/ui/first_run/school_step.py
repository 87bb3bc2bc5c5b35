"""学校信息: the school, its terms, the room, and who the first counsellor is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.access import Actor, Role
from counselroom.rules.school import SchoolType
from counselroom.services.changes import Done
from counselroom.services.first_run import RoomSetup, set_up_room
from counselroom.services.school import SchoolProfile
from counselroom.ui.first_run.step import Step
from counselroom.ui.first_run.terms_form import TermsForm
from counselroom.ui.messages import plain_sentence
from counselroom.ui.room import Room
from counselroom.ui.widgets.error_line import ErrorLine
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.panel import Panel

_CODE = re.compile(r"[0-9A-Z]{1,12}\Z")
_PHONE = re.compile(r"[0-9+\-() ]{3,30}\Z")


class SchoolStep(Step):
    """What stands on every paper, and what the calendar counts by."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(
            "school",
            _("About the school"),
            _("It stands on every printed form. All of it can be changed later in the settings."),
            parent,
        )
        self.room = room
        self.actor = room.actor
        self.person = ""
        self._working = False
        icons = room.icons
        self._name, self._code, self._phone, self._person = (QLineEdit() for _number in range(4))
        self._room_name = QLineEdit(_("Psychological counselling room"))
        self._type = QComboBox()
        for kind, words in school_types():
            self._type.addItem(words, kind.value)
        self._type.setCurrentIndex(1)
        self._roles = {
            Role.COUNSELLOR: QCheckBox(pgettext("role", "Counsellor")),
            Role.ARCHIVE_MANAGER: QCheckBox(pgettext("role", "Archive manager")),
            Role.CENTER_DIRECTOR: QCheckBox(pgettext("role", "Director of the room")),
        }
        self._terms = TermsForm(icons, room.now().date())
        self._line = ErrorLine(icons.theme)
        self._fields = {
            "name": Field(_("Name of the school"), self._name, icons=icons),
            "code": Field(
                _("Short code"), self._code, _("Capital letters and digits, such as QH; part of numbers."), icons=icons
            ),
            "type": Field(_("Type of school"), self._type, icons=icons),
            "room": Field(_("Name of the room"), self._room_name, icons=icons),
            "phone": Field(_("Telephone of the room"), self._phone, _("May stay empty."), icons=icons),
            "person": Field(_("Your name"), self._person, _("It stands under records and on forms."), icons=icons),
        }
        self._lay_out()
        for role, box in self._roles.items():
            box.setChecked(True)
            box.setEnabled(role is not Role.CENTER_DIRECTOR)
        for edit in (self._name, self._code, self._phone, self._person, self._room_name):
            edit.textChanged.connect(lambda _text: self._typed())
        for key in ("name", "code", "room", "phone", "person"):
            self._fields[key].left.connect(lambda key=key: self._check(key))
        self._code.textEdited.connect(self._capitals)
        self._type.currentIndexChanged.connect(lambda _index: self._typed())
        self._terms.changed.connect(self._typed)
        for box in self._roles.values():
            box.toggled.connect(lambda _on: self._typed())

    def _lay_out(self) -> None:
        school = QGridLayout()
        for key, row, column, span in (
            ("name", 0, 0, 2),
            ("code", 0, 2, 1),
            ("type", 1, 0, 1),
            ("room", 1, 1, 1),
            ("phone", 1, 2, 1),
        ):
            school.addWidget(self._fields[key], row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        for column in range(3):
            school.setColumnStretch(column, 1)
        person = QGridLayout()
        person.addWidget(self._fields["person"], 0, 0, Qt.AlignmentFlag.AlignTop)
        roles = QHBoxLayout()
        roles.setSpacing(16)
        for box in self._roles.values():
            roles.addWidget(box)
        roles.addStretch(1)
        person.addLayout(roles, 0, 1)
        person.setColumnStretch(0, 1)
        person.setColumnStretch(1, 1)
        terms = QVBoxLayout()
        terms.addWidget(self._terms)
        for title, layout in (
            (pgettext("first run", "School and room"), school),
            (pgettext("first run", "Academic year {year}").format(year=self._terms.year), terms),
            (pgettext("first run", "You"), person),
        ):
            layout.setSpacing(12)
            layout.setContentsMargins(16, 12, 16, 16)
            inner = QWidget()
            inner.setLayout(layout)
            panel = Panel(title)
            panel.set_body(inner)
            self.column.addWidget(panel)
        self.column.addWidget(self._line)

    def missing(self) -> str:
        """Return what has to be filled in or corrected."""
        for key in ("name", "code", "room", "phone", "person"):
            if fault := self._fault(key):
                return fault
        return self._terms.error()

    def is_busy(self) -> bool:
        """Tell whether it is being saved."""
        return self._working

    def go(self) -> None:
        """Save all of it."""
        room, setup = self.room, self.setup()
        self._working = True
        self.changed.emit()
        room.tasks.change(lambda: set_up_room(self.actor, room.desk, setup), self._saved, on_failed=self._failed)

    def setup(self) -> RoomSetup:
        """Return what was filled in."""
        phone = self._phone.text().strip()
        return RoomSetup(
            SchoolProfile(
                self._name.text().strip(),
                self._code.text(),
                SchoolType(self._type.currentData()),
                self._room_name.text().strip(),
                phone or None,
            ),
            self._terms.year,
            self._terms.terms(),
            self._person.text().strip(),
            frozenset(role for role, box in self._roles.items() if box.isChecked()),
        )

    def first(self) -> QWidget:
        """Return the name of the school."""
        return self._name

    def state(self) -> dict[str, Any]:
        """Return what was filled in."""
        return {
            "name": self._name.text(),
            "code": self._code.text(),
            "type": self._type.currentData(),
            "room": self._room_name.text(),
            "phone": self._phone.text(),
            "person": self._person.text(),
            "roles": sorted(role.value for role, box in self._roles.items() if box.isChecked()),
            "dates": self._terms.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Fill in what was there before."""
        if not state:
            return
        for key, edit in (
            ("name", self._name),
            ("code", self._code),
            ("room", self._room_name),
            ("phone", self._phone),
            ("person", self._person),
        ):
            if key in state:
                edit.setText(str(state[key]))
        self._type.setCurrentIndex(max(0, self._type.findData(state.get("type"))))
        for role, box in self._roles.items():
            box.setChecked(role.value in (state.get("roles") or ()) or role is Role.CENTER_DIRECTOR)
        self._terms.restore(state)

    def _fault(self, key: str) -> str:
        if key == "name" and not self._name.text().strip():
            return _("Please fill in the name of the school.")
        if key == "code" and not _CODE.match(self._code.text()):
            return _("The short code is 1 to 12 capital letters and digits.")
        if key == "room" and not self._room_name.text().strip():
            return _("Please fill in the name of the room.")
        phone = self._phone.text().strip()
        if key == "phone" and phone and not _PHONE.match(phone):
            return _("This does not look like a telephone number.")
        if key == "person" and not self._person.text().strip():
            return _("Please fill in your name.")
        return ""

    def _check(self, key: str) -> None:
        self._fields[key].set_error(self._fault(key))

    def _capitals(self, text: str) -> None:
        at = self._code.cursorPosition()
        self._code.setText(unicodedata.normalize("NFKC", text).upper())
        self._code.setCursorPosition(at)

    def _typed(self) -> None:
        for key, field in self._fields.items():
            if field.error() and not self._fault(key):
                field.set_error("")
        self._line.say("")
        self.changed.emit()
        self.touched.emit()

    def _saved(self, done: Done[Actor]) -> None:
        self._working = False
        self.actor, self.person = done.value, self._person.text().strip()
        self.finished.emit()

    def _failed(self, error: BaseException) -> None:
        self._working = False
        self._line.say(plain_sentence(error), "error")
        self.changed.emit()


def school_types() -> tuple[tuple[SchoolType, str], ...]:
    """Return the seven types of school with their names."""
    return (
        (SchoolType.PRIMARY, pgettext("school", "Primary school")),
        (SchoolType.JUNIOR, pgettext("school", "Junior secondary school")),
        (SchoolType.SENIOR, pgettext("school", "Senior secondary school")),
        (SchoolType.VOCATIONAL, pgettext("school", "Vocational school")),
        (SchoolType.SPECIAL, pgettext("school", "Special school")),
        (SchoolType.UNIVERSITY, pgettext("school", "University")),
        (SchoolType.DISTRICT_CENTER, pgettext("school", "District counselling centre")),
    )
