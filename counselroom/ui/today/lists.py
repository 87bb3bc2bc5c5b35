"""The short tables of 今日: visits, notes to sign, quick notes, follow-ups; each row ends in its one button."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.today import ScratchLine, TaskLine
from counselroom.services.today_matters import Matter, Matters
from counselroom.services.today_visits import UnsignedNote, Visit
from counselroom.ui.masking import Face
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.theme.icons import Icons
from counselroom.ui.today import words
from counselroom.ui.today.clock_table import MatterFace
from counselroom.ui.widgets.clock_row import ClockFace
from counselroom.ui.widgets.list_table import ListTable

Row = tuple[str, tuple[Cell, ...]]
STRETCH = 0
"""A width that takes what is left."""


class ShortTable(ListTable):
    """A table that is filled anew with each reading and keeps its current row.

    Args:
        icons: maker of icons and theme.
        name: for screen readers.
        heads: of the columns; all empty: no head is shown.
        widths: of the columns in pixels at the standard size; `STRETCH` for the one that takes the rest.
        least: what that one needs.
        drops: columns that are left out in a narrow place, the most dispensable first.
        parent: the parent widget.
    """

    def __init__(
        self,
        icons: Icons,
        name: str,
        heads: Sequence[str],
        widths: Sequence[int],
        least: int = 0,
        drops: Sequence[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(icons, name, parent)
        self.model_of_rows = PlainModel(heads, self)
        self.setModel(self.model_of_rows)
        self._widths = tuple(widths)
        self._least = least
        self._drops = tuple(drops)
        header = self.horizontalHeader()
        header.setVisible(any(heads))
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(24)
        icons.theme.changed.connect(self.fit_columns)
        self.fit_columns()

    def fit_columns(self) -> None:
        """Give each column its width at the present text size; leave out what has no room."""
        header, scale = self.horizontalHeader(), self._theme.pixels("size.base") / 14
        widths = [round((width or self._least) * scale) for width in self._widths]
        dropped: set[int] = set()
        for column in self._drops:
            if sum(widths) - sum(widths[each] for each in dropped) <= self.viewport().width():
                break
            dropped.add(column)
        for column, width in enumerate(self._widths):
            self.setColumnHidden(column, column in dropped)
            mode = QHeaderView.ResizeMode.Fixed if width != STRETCH else QHeaderView.ResizeMode.Stretch
            if header.sectionResizeMode(column) is not mode:
                header.setSectionResizeMode(column, mode)
            if width != STRETCH and column not in dropped:
                header.resizeSection(column, widths[column])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the columns into the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit_columns()

    def show_rows(self, rows: Sequence[Row], wanted: str = "") -> None:
        """Show rows; the current one stays, the one in its place where it is gone, or `wanted` becomes it."""
        kept, place = wanted or self.current_key(), self.currentIndex().row()
        scrolled = self.verticalScrollBar().value()
        self.model_of_rows.show(rows)
        self.verticalScrollBar().setValue(scrolled)
        if not self.choose(kept) and place >= 0 and rows:
            self.setCurrentIndex(self.model_of_rows.index(min(place, len(rows) - 1), 0))

    def choose(self, key: str) -> bool:
        """Make a row the current one; False where there is none of this key."""
        row = self.model_of_rows.row_of(key) if key else -1
        if row < 0:
            return False
        self.setCurrentIndex(self.model_of_rows.index(row, 0))
        return True

    def current_key(self) -> str:
        """Return the key of the current row; empty when there is none."""
        return self.model_of_rows.key_at(self.currentIndex().row())


def note_table(icons: Icons) -> ShortTable:
    """Return the table of the notes to sign."""
    return ShortTable(icons, pgettext("today", "Notes to sign"), ("",) * 4, (84, 100, STRETCH, 80), 204, (1,))


def scratch_table(icons: Icons) -> ShortTable:
    """Return the table of the quick notes."""
    return ShortTable(icons, pgettext("today", "Quick notes"), ("",) * 3, (96, STRETCH, 64))


def task_table(icons: Icons) -> ShortTable:
    """Return the table of the follow-ups."""
    return ShortTable(
        icons, pgettext("today", "Follow-ups of this week"), ("",) * 6, (94, 28, 80, 108, STRETCH, 62), 190, (3,)
    )


def current_visit(visits: Sequence[Visit], now: datetime) -> str:
    """Return the visit whose button is the filled one: the one under way, else the next to come; or nothing."""
    for step in (words.NextStep.ASSESS, words.NextStep.WRITE, words.NextStep.ARRIVE):
        for visit in visits:
            if visit.is_mine and words.next_step(visit) is step and not words.is_over(visit):
                if step is words.NextStep.ARRIVE and visit.ends_at <= now:
                    continue
                return visit.id
    return ""


def visit_rows(visits: Sequence[Visit], face: Face, now: datetime) -> list[Row]:
    """Return the rows of the visits; finished ones recede, the current one stands out."""
    current = current_visit(visits, now)
    rows: list[Row] = []
    for visit in visits:
        over, here = words.is_over(visit), visit.id == current
        tone = "ink2" if over else "ink"
        verb = words.step_word(words.next_step(visit))
        rows.append(
            (
                visit.id,
                (
                    Cell(f"{visit.starts_at.astimezone(now.tzinfo):%H:%M}", bold=not over, tone=tone, is_current=here),
                    Cell(words.minutes_word(visit), tone="ink2", is_current=here),
                    Cell(words.client_word(visit, face), bold=not over, tone=tone, is_current=here),
                    Cell(face.class_name(visit.client.class_name), tone="ink2", is_current=here),
                    Cell(words.kind_word(visit), after=words.nth_word(visit), tone=tone, is_current=here),
                    Cell(visit.room_name, tone=tone, is_current=here),
                    Cell(chip=words.state_chip(visit), is_current=here),
                    Cell(verb, is_action=bool(verb), is_due=here, is_current=here),
                ),
            )
        )
    return rows


def note_rows(notes: Sequence[UnsignedNote], face: Face, now: datetime) -> list[Row]:
    """Return the rows of the notes to sign; a visit without a note is one of them."""
    rows: list[Row] = []
    for note in notes:
        held = words.moment_word(note.held_at, now)
        if note.saved_at is None:
            said, verb = _("{time}, nothing written yet").format(time=held), words.NextStep.WRITE
        else:
            saved = words.short_time(note.saved_at, now)
            said, verb = _("{time}, saved {saved}").format(time=held, saved=saved), words.NextStep.GO_ON
        rows.append(
            (
                note.session_id or note.appointment_id,
                (
                    Cell(face.name(note.client.name, note.client.number)),
                    Cell(face.class_name(note.client.class_name), tone="ink2"),
                    Cell(said, tone="ink2"),
                    Cell(words.step_word(verb), is_action=True),
                ),
            )
        )
    return rows


def scratch_rows(lines: Sequence[ScratchLine], face: Face, now: datetime) -> list[Row]:
    """Return the rows of the quick notes; what somebody typed may name anybody, and is covered with the names."""
    covered = _("covered; F8 shows it")
    return [
        (
            line.id,
            (
                Cell(words.short_time(line.noted_at, now), tone="ink2"),
                Cell(covered if face.masked else line.said, tone="ink3" if face.masked else "ink"),
                Cell(pgettext("scratch", "Give to"), is_action=True),
            ),
        )
        for line in lines
    ]


def task_rows(tasks: Sequence[TaskLine], face: Face, now: datetime) -> list[Row]:
    """Return the rows of the follow-ups, the shape of the tier without its word."""
    today = now.date()
    rows: list[Row] = []
    for task in tasks:
        late = task.due_on < today
        typed = pgettext("today", "a task of one's own") if task.is_typed and face.masked else task.task
        shape = Cell() if task.tier is None else Cell(chip=words.tier_shape(task.tier))
        rows.append(
            (
                task.id,
                (
                    Cell(
                        words.task_day(task.due_on, today),
                        bold=task.due_on <= today,
                        tone="brick" if late else "ink" if task.due_on == today else "ink2",
                    ),
                    shape,
                    Cell(face.name(task.client.name, task.client.number)),
                    Cell(face.class_name(task.client.class_name), tone="ink2"),
                    Cell(typed, tone="ink2"),
                    Cell(pgettext("task", "Done"), is_action=True),
                ),
            )
        )
    return rows


def matter_faces(matters: Matters, face: Face, believed: datetime, now: datetime) -> list[MatterFace]:
    """Return the rows of the matters; `believed` is what time it is as far as it can be known."""
    return [_matter_face(matter, matters.grace, face, believed, now) for matter in matters.first]


def _matter_face(matter: Matter, grace: timedelta, face: Face, believed: datetime, now: datetime) -> MatterFace:
    allowed = matter.due_at - matter.runs_from
    clock = ClockFace(
        words.matter_title(matter, face),
        words.matter_owner(matter, face),
        matter.due_at - believed,
        allowed,
        words.due_word(matter, now),
    )
    at_once = allowed <= timedelta(0)
    return MatterFace(matter.id, clock, grace if at_once else None, words.matter_verb(matter))
