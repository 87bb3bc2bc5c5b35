"""学校与房间: what stands on every form about the school, and the rooms for appointments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QGridLayout, QHeaderView, QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.school import SchoolType
from counselroom.services.paper_heads import LONGEST, PaperHead, paper_head, set_paper_head
from counselroom.services.school import (
    RoomView,
    SchoolProfile,
    add_room,
    list_rooms,
    school_profile,
    set_room,
    set_school_profile,
)
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.room import Room
from counselroom.ui.settings.name_line import NameLine
from counselroom.ui.settings.section import Section, choose, combo
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.list_table import ListTable


def school_word(school_type: SchoolType) -> str:
    """Return a type of school in words."""
    return {
        SchoolType.PRIMARY: pgettext("school", "primary school"),
        SchoolType.JUNIOR: pgettext("school", "junior middle school"),
        SchoolType.SENIOR: pgettext("school", "senior middle school"),
        SchoolType.VOCATIONAL: pgettext("school", "vocational school"),
        SchoolType.SPECIAL: pgettext("school", "special school"),
        SchoolType.UNIVERSITY: pgettext("school", "university"),
        SchoolType.DISTRICT_CENTER: pgettext("school", "district centre"),
    }[school_type]


class SchoolSection(Section):
    """Profile and rooms; a field is saved when it is left."""

    kinds = ("school", "room", "parameter")

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, pgettext("settings", "School and rooms"), parent)
        icons = room.icons
        self._stored: SchoolProfile | None = None
        self._before: SchoolProfile | None = None
        self.school_name, self.code, self.room_name, self.phone = (QLineEdit() for _edit in range(4))
        for edit, most in ((self.school_name, 80), (self.code, 12), (self.room_name, 40), (self.phone, 30)):
            edit.setMaxLength(most)
        label = pgettext("school", "Type of school")
        self.type = combo(label, tuple((each, school_word(each)) for each in SchoolType), 180)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        fields = (
            Field(pgettext("school", "Name of the school"), self.school_name, icons=icons),
            Field(label, self.type, icons=icons),
            Field(
                pgettext("school", "Code of the school"),
                self.code,
                _("1 to 12 capital letters and digits; it stands in archive numbers."),
                icons=icons,
            ),
            Field(pgettext("school", "Name of the room on paper"), self.room_name, icons=icons),
            Field(pgettext("school", "Telephone of the room"), self.phone, icons=icons),
        )
        for number, field in enumerate(fields):
            grid.addWidget(field, number // 2, number % 2)
        self.group(pgettext("settings", "School")).addLayout(grid)
        self._head: PaperHead | None = None
        self.head_line, self.logo, self.prefix, self.seal = (QLineEdit() for _edit in range(4))
        self._papers = {"line": self.head_line, "logo": self.logo, "prefix": self.prefix, "seal": self.seal}
        for name, edit in self._papers.items():
            edit.setMaxLength(LONGEST[name])
        self.prefix.setPlaceholderText("青中心辅〔2026〕")
        self.seal.setPlaceholderText("（盖章处）")
        papers = QGridLayout()
        papers.setHorizontalSpacing(16)
        papers.setVerticalSpacing(12)
        heads = (
            Field(
                pgettext("paper", "Line at the top"),
                self.head_line,
                _("Empty: name of the school and of the room."),
                icons=icons,
            ),
            Field(pgettext("paper", "Short name in bold before it"), self.logo, icons=icons),
            Field(pgettext("paper", "Before every number"), self.prefix, icons=icons),
            Field(
                pgettext("paper", "Words where the school sets its seal"),
                self.seal,
                _("The seal of a hospital keeps its own words."),
                icons=icons,
            ),
        )
        for number, field in enumerate(heads):
            papers.addWidget(field, number // 2, number % 2)
        self.group(pgettext("settings", "On every paper")).addLayout(papers)
        self._rooms = PlainModel(
            (pgettext("settings", "Room"), pgettext("settings", "State"), ""),
            self,
        )
        self.table = ListTable(icons, pgettext("settings", "Rooms"))
        self.table.setModel(self._rooms)
        self.table.setMinimumHeight(200)
        self._views: dict[str, RoomView] = {}
        self.room_line = NameLine(_("Name of another room"), pgettext("settings", "Add the room"))
        rooms = self.group(pgettext("settings", "Rooms"))
        rooms.addWidget(self.table)
        rooms.addWidget(self.room_line)
        for edit in (self.school_name, self.code, self.room_name, self.phone):
            edit.editingFinished.connect(self._save)
            edit.textEdited.connect(lambda _text: self.touched.emit())
        for edit in self._papers.values():
            edit.editingFinished.connect(self._save_head)
            edit.textEdited.connect(lambda _text: self.touched.emit())
        self.type.currentIndexChanged.connect(self._save)
        self.room_line.added.connect(self._add)
        self.room_line.renamed.connect(self._rename)
        self.room_line.touched.connect(self.touched)
        self.table.opened.connect(self._begin_to_rename)
        self.table.acted.connect(self._turn)
        icons.theme.changed.connect(self._fit_columns)
        self._fit_columns()

    def first(self) -> QWidget:
        """Return the name of the school."""
        return self.school_name

    def state(self) -> dict[str, Any]:
        """Return the room that is being added or renamed."""
        return self.room_line.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the room that was being added or renamed."""
        self.room_line.restore(state)

    def load(self) -> None:
        """Ask for profile and rooms."""
        room = self.room
        self.ask("school", lambda: school_profile(room.actor, room.desk), self._show_profile)
        self.ask("paper_head", lambda: paper_head(room.actor, room.desk), self._show_head)
        self.ask("rooms", lambda: list_rooms(room.actor, room.desk), self._show_rooms)

    def refuse(self, error: BaseException) -> None:
        """Say why; what was typed stays and is saved when it is right."""
        super().refuse(error)
        self._stored = self._before or self._stored

    def profile(self) -> SchoolProfile:
        """Return what stands in the fields."""
        return SchoolProfile(
            self.school_name.text().strip(),
            self.code.text().strip().upper(),
            SchoolType(self.type.currentData() or SchoolType.SENIOR),
            self.room_name.text().strip(),
            self.phone.text().strip() or None,
        )

    def _show_profile(self, found: SchoolProfile | None) -> None:
        self._stored = found
        if found is not None:
            self.school_name.setText(found.name)
            self.code.setText(found.code)
            self.room_name.setText(found.room_name)
            self.phone.setText(found.room_phone or "")
            choose(self.type, found.school_type)

    def _save(self) -> None:
        profile, room = self.profile(), self.room
        if self._stored is not None and profile != self._stored:
            self._before, self._stored = self._stored, profile
            self.change(lambda: set_school_profile(room.actor, room.desk, profile))

    def _show_head(self, found: PaperHead) -> None:
        self._head = found
        for name, edit in self._papers.items():
            edit.setText(getattr(found, name))

    def _save_head(self) -> None:
        room, wanted = self.room, PaperHead(**{name: edit.text().strip() for name, edit in self._papers.items()})
        if self._head is not None and wanted != self._head:
            self._head = wanted
            self.change(lambda: set_paper_head(room.actor, room.desk, wanted))

    def _show_rooms(self, found: tuple[RoomView, ...]) -> None:
        self._views = {view.id: view for view in found}
        self._rooms.show(
            [
                (
                    view.id,
                    (
                        Cell(view.name, tone="" if view.active else "ink3"),
                        Cell(chip=ChipFace(_state(view), "accent" if view.active else "plain")),
                        Cell(_turn_word(view), is_action=True),
                    ),
                )
                for view in found
            ]
        )

    def _turn(self, index: QModelIndex) -> None:
        view, room = self._views.get(self._rooms.key_at(index.row())), self.room
        if view is not None:
            self.change(lambda: set_room(room.actor, room.desk, view.id, view.name, active=not view.active))

    def _add(self, name: str) -> None:
        room = self.room
        self.change(lambda: add_room(room.actor, room.desk, name), lambda _id: self.room_line.done())

    def _begin_to_rename(self, index: QModelIndex) -> None:
        view = self._views.get(self._rooms.key_at(index.row()))
        if view is not None:
            self.room_line.rename(view.id, view.name)

    def _rename(self, key: str, name: str) -> None:
        view, room = self._views.get(key), self.room
        if view is not None:
            self.change(
                lambda: set_room(room.actor, room.desk, key, name, active=view.active),
                lambda _id: self.room_line.done(),
            )

    def _fit_columns(self) -> None:
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        scale = self.room.icons.theme.pixels("size.base") / 14
        for column, width in enumerate((320, 140)):
            header.resizeSection(column, round(width * scale))


def _state(view: RoomView) -> str:
    return pgettext("settings", "in use") if view.active else pgettext("settings", "out of use")


def _turn_word(view: RoomView) -> str:
    return pgettext("settings", "Take out of use") if view.active else pgettext("settings", "Use again")
