"""The lists of the record's other tabs: sessions, papers and files, accesses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.timeline import EntryKind, TimelineEntry
from counselroom.services.access_log import AccessLine
from counselroom.ui.masking import Face
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.moments import day_and_time
from counselroom.ui.record.timeline_model import GROUPS, TimelineModel
from counselroom.ui.record.words import action_word, entity_word, short_day, size_words
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets import chip_face
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.list_table import ListTable

_WIDTHS = {"sessions": (160, 140, 110, 160), "files": (300, 110, 130, 130), "accesses": (170, 130, 120, 160)}


class RecordList(ListTable):
    """A list whose columns have their widths of the design."""

    def __init__(self, icons: Icons, key: str, name: str, *heads: str) -> None:
        super().__init__(icons, name)
        self._key = key
        self._icons_of = icons
        self.rows = PlainModel(heads, self)
        self.setModel(self.rows)

    def fit_columns(self) -> None:
        """Set the widths for the present size of text."""
        scale = self._icons_of.theme.pixels("size.base") / 14
        for column, width in enumerate(_WIDTHS[self._key]):
            self.setColumnWidth(column, round(width * scale))

    def framed(self) -> QWidget:
        """Return the list in a panel's frame."""
        frame = QFrame()
        frame.setProperty("kind", "panel")
        column = QVBoxLayout(frame)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self)
        return frame


def session_list(icons: Icons) -> RecordList:
    """Return the empty list of sessions."""
    return RecordList(
        icons, "sessions",
        pgettext("record", "Sessions"), pgettext("record", "Session"), pgettext("record", "Day"),
        pgettext("record", "Length"), pgettext("record", "Counsellor"), pgettext("record", "State"),
    )  # fmt: skip


def file_list(icons: Icons) -> RecordList:
    """Return the empty list of papers and files."""
    return RecordList(
        icons, "files",
        pgettext("record", "Papers and files"), pgettext("record", "Paper"), pgettext("record", "Kind"),
        pgettext("record", "Day"), pgettext("record", "By"), pgettext("record", "Details"),
    )  # fmt: skip


def access_list(icons: Icons) -> RecordList:
    """Return the empty list of accesses."""
    return RecordList(
        icons, "accesses",
        pgettext("record", "Accesses"), pgettext("record", "When"), pgettext("record", "Who"),
        pgettext("record", "What"), pgettext("record", "Record"), pgettext("record", "Reason"),
    )  # fmt: skip


def show_sessions(table: RecordList, entries: Sequence[TimelineEntry], now: datetime) -> None:
    """Show the sessions among the entries."""
    table.rows.show([_session_line(entry, now) for entry in entries if entry.kind is EntryKind.SESSION])


def show_files(
    table: RecordList, entries: Sequence[TimelineEntry], model: TimelineModel, face: Face, now: datetime
) -> None:
    """Show the papers among the entries, with the titles `model` has for them."""
    table.rows.show([_file_line(entry, model, face, now) for entry in entries if entry.kind in GROUPS["papers"]])


def show_accesses(table: RecordList, lines: Sequence[AccessLine], now: datetime) -> None:
    """Show who looked."""
    table.rows.show([_access_line(number, line, now) for number, line in enumerate(lines)])


def _session_line(entry: TimelineEntry, now: datetime) -> tuple[str, tuple[Cell, ...]]:
    chip = None
    if entry.signed_at is None:
        chip = chip_face.draft()
    elif entry.state == "blanked":
        chip = ChipFace(pgettext("state", "blanked"), "slate")
    elif entry.readable:
        chip = chip_face.signed()
    state = Cell(chip=chip) if chip else Cell(_("another counsellor's"), tone="ink2")
    return entry.entity_id, (
        Cell(_("Session {number}").format(number=entry.seq), bold=True),
        Cell(short_day(entry.day, now.date())),
        Cell(_("{minutes} min").format(minutes=entry.minutes)),
        Cell(entry.who),
        state,
    )


def _file_line(entry: TimelineEntry, model: TimelineModel, face: Face, now: datetime) -> tuple[str, tuple[Cell, ...]]:
    kind = {
        EntryKind.CONSENT: pgettext("file kind", "consent"),
        EntryKind.ARCHIVE: pgettext("file kind", "archive"),
        EntryKind.ATTACHMENT: pgettext("file kind", "attachment"),
        EntryKind.PRINT: pgettext("file kind", "print"),
    }[entry.kind]
    detail = size_words(entry.seq) if entry.kind is EntryKind.ATTACHMENT else face.text(entry.text)
    return entry.entity_id, (
        Cell(model.words_of(entry).title, bold=True),
        Cell(kind),
        Cell(short_day(entry.day, now.date())),
        Cell(entry.who),
        Cell(detail),
    )


def _access_line(number: int, line: AccessLine, now: datetime) -> tuple[str, tuple[Cell, ...]]:
    done = Cell(action_word(line.action))
    if line.denied:
        done = Cell(chip=ChipFace(pgettext("access", "refused"), "slate", "mdi6.lock-outline"))
    return str(number), (
        Cell(day_and_time(line.at, now), bold=True),
        Cell(line.who),
        done,
        Cell(entity_word(line.entity)),
        Cell(line.reason),
    )
