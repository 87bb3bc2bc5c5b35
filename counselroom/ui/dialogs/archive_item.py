"""A line of the index of a volume: a paper that is added, or what the index says of an item that is not filed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.archive import ArchiveItemKind, Carrier
from counselroom.rules.secrecy import Secrecy
from counselroom.services.archive_index import PAPER, NewItem, Volume, add_items, edit_item, volume
from counselroom.services.archive_rows import IndexLine, ItemData
from counselroom.services.changes import Done
from counselroom.ui.archive.words import carrier_word, secrecy_word
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.room import Room


class ArchiveItemDialog(FormDialog):
    """For `student`: the line `item`, or without it a paper of which the vault holds only this line."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        self._item = str(arguments.get("item") or "")
        title = (
            pgettext("dialog", "Line of the index") if self._item else pgettext("dialog", "Add a paper to the index")
        )
        super().__init__(room, {"place": "archive", **arguments}, title, parent)
        self._student = str(arguments.get("student") or "")
        self._volume: Volume | None = None
        self._line: IndexLine | None = None
        self.add_line("title", pgettext("archive", "Title"), "", _("needed"))
        self.add_line("dated_on", pgettext("archive", "Date"), text=room.now().date().isoformat())
        self.add_line("author", pgettext("archive", "Author"))
        self.add_line("pages", pgettext("archive", "Pages"), text="1")
        self.add_choice(
            "carrier", pgettext("archive", "Carrier"), [(each.value, carrier_word(each)) for each in Carrier], 3
        )
        self.add_box("secrecy", pgettext("archive", "Secrecy"), [(s.value, secrecy_word(s)) for s in reversed(Secrecy)])
        self.add_line("remark", pgettext("archive", "Remark"))
        self.finish_form(parent, pgettext("archive", "Leave it as it is"))
        words = pgettext("archive", "Save the line") if self._item else pgettext("archive", "Add to the index")
        self.save_button = self.add_work(words, "primary", self.save)
        if self._student:
            room.tasks.query(
                self, lambda: volume(room.actor, room.desk, self._student), self._show, on_failed=self.refuse
            )

    def first(self) -> QWidget:
        """Return the title."""
        return self.fields["title"].editor

    def save(self) -> None:
        """Store the line."""
        found, line = self._volume, self._line
        if found is None or found.archive is None or (self._item and line is None):
            return
        if not self.needs("title", _("Please give the item a title.")):
            return
        day = self.day("dated_on")
        if day is None:
            return
        data = self._data(day)
        if data is None:
            return
        room, archive = self.room, found.archive.id
        if line is not None:
            self.do(lambda: edit_item(room.actor, room.desk, line.id, data, line.seen), self._edited)
        else:
            new = NewItem(ArchiveItemKind.OTHER, PAPER, "", data)
            self.do(lambda: add_items(room.actor, room.desk, archive, [new]), self._added)

    def _data(self, day: date) -> ItemData | None:
        pages = self.text("pages")
        wrong = bool(pages) and not (pages.isdecimal() and int(pages) > 0)
        self.fields["pages"].set_error(_("Please give a number of pages from 1.") if wrong else "")
        if wrong:
            self.fields["pages"].editor.setFocus()
            return None
        return ItemData(
            self.text("title"),
            day,
            self.text("author"),
            int(pages) if pages else None,
            Carrier(self.text("carrier")),
            Secrecy(self.text("secrecy")),
            self.text("remark"),
        )

    def _edited(self, done: Done[None]) -> None:
        self.finish()
        self.room.messages.say(_("The line was changed."), done.changes.undo)

    def _added(self, _done: Done[int]) -> None:
        self.finish()
        self.room.messages.say(_("The paper is in the index."))

    def _show(self, found: Volume) -> None:
        self._volume = found
        number = "" if found.archive is None else found.archive.archive_no
        self.say_about(found.student_name, found.student_no, found.class_name, number)
        self._line = next((line for line in found.lines if line.id == self._item), None)
        if self._line is not None and not self.has_text():
            data = self._line.data
            self.restore(
                {
                    "title": data.title,
                    "dated_on": data.dated_on.isoformat(),
                    "author": data.author,
                    "pages": str(data.pages or ""),
                    "carrier": "" if data.carrier is None else data.carrier.value,
                    "secrecy": data.secrecy.value,
                    "remark": data.remark,
                }
            )
            self.settle()
