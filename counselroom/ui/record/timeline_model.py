"""The timeline as its list reads it: heads of terms and entries, filtered by kind, masked by the page's face."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from counselroom.i18n import _, pgettext
from counselroom.rules.care_words import CareTier
from counselroom.rules.timeline import EntryKind, TimelineEntry
from counselroom.ui.care.words import tier_face, tier_state_word
from counselroom.ui.masking import Face
from counselroom.ui.record.words import (
    appointment_word,
    archive_word,
    case_word,
    consent_word,
    local_day,
    referral_word,
    short_day,
    size_words,
    weekday,
)
from counselroom.ui.widgets import chip_face
from counselroom.ui.widgets.chip_face import ChipFace

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
GROUPS: dict[str, frozenset[EntryKind]] = {
    "all": frozenset(EntryKind),
    "sessions": frozenset({EntryKind.SESSION, EntryKind.CASE}),
    "care": frozenset({EntryKind.TIER, EntryKind.FOLLOW_UP, EntryKind.CRISIS, EntryKind.ASSESSMENT}),
    "appointments": frozenset({EntryKind.APPOINTMENT}),
    "referrals": frozenset({EntryKind.REFERRAL, EntryKind.REPLY}),
    "papers": frozenset({EntryKind.CONSENT, EntryKind.ARCHIVE, EntryKind.ATTACHMENT, EntryKind.PRINT}),
    "registers": frozenset({EntryKind.REGISTER}),
}
"""What each filter pill shows."""
ICONS = {
    EntryKind.SESSION: "mdi6.chat-processing-outline",
    EntryKind.CASE: "mdi6.folder-heart-outline",
    EntryKind.APPOINTMENT: "mdi6.calendar-clock-outline",
    EntryKind.REFERRAL: "mdi6.account-arrow-right-outline",
    EntryKind.REPLY: "mdi6.inbox-arrow-down-outline",
    EntryKind.CONSENT: "mdi6.file-sign",
    EntryKind.ARCHIVE: "mdi6.archive-outline",
    EntryKind.ATTACHMENT: "mdi6.paperclip",
    EntryKind.PRINT: "mdi6.file-document-outline",
    EntryKind.REGISTER: "mdi6.notebook-outline",
    EntryKind.TIER: "mdi6.shield-account-outline",
    EntryKind.FOLLOW_UP: "mdi6.calendar-check-outline",
    EntryKind.CRISIS: "mdi6.folder-clock-outline",
    EntryKind.ASSESSMENT: "mdi6.clipboard-check-outline",
}


class TimelineRole(IntEnum):
    """Roles of the list: the painted face, and the entry behind it."""

    FACE = int(Qt.ItemDataRole.UserRole) + 1
    ENTRY = int(Qt.ItemDataRole.UserRole) + 2


@dataclass(frozen=True)
class EntryFace:
    """What is painted of one row.

    Attributes:
        title: the bold words; of a head of a term all it says.
        after: what stands behind them.
        text: two lines below.
        day: the day, at the left of the spine.
        time: below the day.
        icon: `mdi6.` name in the node.
        signer: who signed and when, with the lock.
        chip: a state worth a chip, or None.
        corrections: of each correction its text and who set it when.
        is_head: a head of a term and no entry.
        covered: the text is there and masked.
        is_coming: it lies ahead.
    """

    title: str
    after: str = ""
    text: str = ""
    day: str = ""
    time: str = ""
    icon: str = ""
    signer: str = ""
    chip: ChipFace | None = None
    corrections: tuple[tuple[str, str], ...] = ()
    is_head: bool = False
    covered: bool = False
    is_coming: bool = False

    def spoken(self) -> str:
        """Return everything in words, for a screen reader."""
        chip = "" if self.chip is None else self.chip.text
        beside = [text for text, _who in self.corrections]
        return "，".join(
            part for part in (self.day, self.title, self.after, chip, self.text, self.signer, *beside) if part
        )


class TimelineModel(QAbstractListModel):
    """The rows of the timeline.

    Args:
        face: how people are shown now.
        now: the clock.
        parent: who owns it.
    """

    def __init__(self, face: Callable[[], Face], now: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._face = face
        self._now = now
        self._all: tuple[TimelineEntry, ...] = ()
        self._group = "all"
        self._rows: list[TimelineEntry | str] = []

    def show(self, entries: Sequence[TimelineEntry], group: str) -> None:
        """Show the entries of a group of kinds, newest first."""
        self.beginResetModel()
        self._all, self._group, self._rows = tuple(entries), group, []
        term: str | None = ""
        for entry in self._all:
            if entry.kind in GROUPS[group]:
                if (entry.term or entry.academic_year) != term:
                    term = entry.term or entry.academic_year
                    self._rows.append(self._head(entry))
                self._rows.append(entry)
        self.endResetModel()

    def count_of(self, group: str) -> int:
        """Return how many entries a group has."""
        return sum(entry.kind in GROUPS[group] for entry in self._all)

    def row_of(self, entity_id: str) -> int:
        """Return the row of a record, or -1."""
        return next(
            (
                number
                for number, row in enumerate(self._rows)
                if isinstance(row, TimelineEntry) and row.entity_id == entity_id
            ),
            -1,
        )

    def masking_changed(self) -> None:
        """Show all texts anew."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of rows with the heads of terms."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let heads of terms be passed over."""
        if index.isValid() and isinstance(self._rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row as it may be shown now."""
        row = self._rows[index.row()]
        if role == TimelineRole.ENTRY:
            return None if isinstance(row, str) else row
        if role in (TimelineRole.FACE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            face = EntryFace(row, is_head=True) if isinstance(row, str) else self.words_of(row)
            return face if role == TimelineRole.FACE else face.spoken()
        return None

    def _head(self, first: TimelineEntry) -> str:
        of_term = [
            entry for entry in self._all if (entry.term, entry.academic_year) == (first.term, first.academic_year)
        ]
        sessions = sum(entry.kind is EntryKind.SESSION and entry.signed_at is not None for entry in of_term)
        words = term_words(first.academic_year or "", first.term)
        held = _("{count} sessions").format(count=sessions)
        return f"{words}　{held}" if sessions else words

    def words_of(self, entry: TimelineEntry) -> EntryFace:
        """Return an entry as it may be shown now."""
        now, mask = self._now(), self._face()
        day = entry.day if entry.at is None else local_day(entry.at, now)
        at = "" if entry.at is None else f"{entry.at.astimezone(now.tzinfo):%H:%M}"
        title, after, chip = _words_of(entry, mask)
        text = entry.text
        if not entry.readable:
            text = _("A record of another counsellor; its content is not shown.")
        signer = ""
        if entry.signed_at is not None and entry.kind in (EntryKind.SESSION, EntryKind.REFERRAL, EntryKind.ARCHIVE):
            signer = f"{entry.who} {short_day(local_day(entry.signed_at, now), now.date())}".strip()
        return EntryFace(
            title,
            after,
            mask.text(text) if entry.readable else text,
            short_day(day, now.date()),
            f"{weekday(day)} {at}".strip(),
            ICONS[entry.kind],
            signer,
            chip,
            tuple(
                (
                    mask.text(correction.text),
                    f"{correction.by} {short_day(local_day(correction.at, now), now.date())}".strip(),
                )
                for correction in entry.corrections
            ),
            covered=mask.masked and bool(entry.text),
            is_coming=entry.at is not None and entry.at >= now,
        )


def term_words(academic_year: str, term: str | None) -> str:
    """Return a term in words: 2026-2027 第一学期."""
    number = (term or "").removeprefix(f"{academic_year}-")
    if number == "1":
        return pgettext("term", "{year}, first term").format(year=academic_year)
    if number == "2":
        return pgettext("term", "{year}, second term").format(year=academic_year)
    return academic_year


def _words_of(entry: TimelineEntry, mask: Face) -> tuple[str, str, ChipFace | None]:
    """Return title, what stands behind it, and the chip of an entry."""
    comma = pgettext("list", ", ")
    minutes = _("{minutes} min").format(minutes=entry.minutes) if entry.minutes else ""
    beside = comma.join(part for part in (minutes, entry.who) if part)
    match entry.kind:
        case EntryKind.SESSION:
            chip = chip_face.draft() if entry.signed_at is None else None
            if entry.state == "blanked":
                chip = ChipFace(pgettext("state", "blanked"), "slate")
            return _("Session {number}").format(number=entry.seq), beside, chip
        case EntryKind.CASE:
            return _("Case {code}").format(code=entry.number), f"{case_word(entry.state)}{comma}{entry.who}", None
        case EntryKind.APPOINTMENT:
            return pgettext("timeline", "Appointment"), f"{appointment_word(entry.state)}{comma}{beside}", None
        case EntryKind.REFERRAL:
            return _("Referral {number}").format(number=entry.number), f"{referral_word(entry.state)}", None
        case EntryKind.REPLY:
            return _("Reply to {number}").format(number=entry.number), entry.who, None
        case EntryKind.CONSENT:
            gone = ChipFace(pgettext("consent", "withdrawn"), "slate") if entry.number else None
            return _("Consent: {what}").format(what=consent_word(entry.state)), entry.who, gone
        case EntryKind.ARCHIVE if entry.state == "card":
            return pgettext("timeline", "Archive card"), "", None
        case EntryKind.ARCHIVE:
            return _("Archive {number}").format(number=mask.number(entry.number)), archive_word(entry.state), None
        case EntryKind.ATTACHMENT:
            name = mask.text(entry.number) or pgettext("timeline", "Attachment")
            return name, f"{size_words(entry.seq)}{comma}{entry.who}", None
        case EntryKind.PRINT:
            voided = ChipFace(pgettext("print", "void"), "slate") if entry.state == "voided" else None
            copy = _("copy {number}").format(number=entry.seq)
            return _("Printed: {form}").format(form=entry.number), f"{copy}{comma}{entry.who}", voided
        case EntryKind.REGISTER:
            return entry.number, entry.who, None
        case EntryKind.TIER:
            face = tier_face(CareTier(entry.number)) if entry.number else None
            chip = face.masked() if face is not None and mask.masked else face
            return pgettext("timeline", "Tier of care"), f"{tier_state_word(entry.state)}{comma}{entry.who}", chip
        case EntryKind.FOLLOW_UP:
            return pgettext("timeline", "Follow-up"), f"{entry.number}{comma}{entry.who}", None
        case EntryKind.CRISIS:
            return _("Crisis case {code}").format(code=entry.number), entry.who, None
        case EntryKind.ASSESSMENT:
            chip = chip_face.draft() if entry.signed_at is None else None
            return pgettext("timeline", "Safety assessment"), entry.who, chip
