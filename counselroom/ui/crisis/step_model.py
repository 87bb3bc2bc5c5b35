"""The checklist as a table reads it: by stage with headings, or by time with what comes next first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from counselroom.i18n import pgettext
from counselroom.rules.crisis_plan import GENERAL
from counselroom.rules.crisis_words import StepState
from counselroom.rules.deadlines import Clock, ClockState
from counselroom.services.crisis_page import CrisisPage
from counselroom.services.crisis_views import StepView
from counselroom.ui.crisis.step_roles import StepRole
from counselroom.ui.crisis.time import BelievedTime
from counselroom.ui.crisis.words import done_text, due_text, owner_word
from counselroom.ui.widgets.chip_face import ChipFace, near, overdue
from counselroom.ui.widgets.clock_text import clock_text
from counselroom.ui.widgets.list_roles import ListRole

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
TITLE, OWNER, CLOCK, DUE, PAPERS, ACT = range(6)
BY_STAGE, BY_TIME = "stage", "time"


@dataclass(frozen=True)
class _Row:
    heading: str = ""
    step: StepView | None = None


class StepModel(QAbstractTableModel):
    """Items and headings.

    Args:
        time: what time it is.
    """

    def __init__(self, time: BelievedTime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._time = time
        self._rows: list[_Row] = []
        self._next = ""
        self._grace = timedelta(0)
        self._is_open = False
        self._clocks: dict[str, Clock] = {}
        self._now: datetime | None = None

    def show(self, page: CrisisPage, view: str) -> None:
        """Show the items of a 专案 in one of the two orders."""
        self.beginResetModel()
        self._grace, self._is_open = page.grace, page.event.closed_at is None
        self._next = page.event.next_step or ""
        self._measure(page.event.steps)
        self._rows = self._by_stage(page) if view == BY_STAGE else self._by_time(page)
        self.endResetModel()

    def tick(self) -> None:
        """Move the clocks on."""
        steps = tuple(row.step for row in self._rows if row.step is not None)
        self._measure(steps)
        if self._rows:
            self.dataChanged.emit(self.index(0, CLOCK), self.index(len(self._rows) - 1, DUE))

    def clock_of(self, step_id: str) -> Clock:
        """Return how the deadline of an item stands."""
        return self._clocks.get(step_id, Clock(ClockState.NONE))

    def step_at(self, row: int) -> StepView | None:
        """Return the item of a row; None for a heading or no row."""
        return self._rows[row].step if 0 <= row < len(self._rows) else None

    def row_of(self, step_id: str) -> int:
        """Return the row of an item, or -1."""
        return next((n for n, row in enumerate(self._rows) if row.step is not None and row.step.id == step_id), -1)

    def headings(self) -> list[int]:
        """Return the rows that are headings."""
        return [number for number, row in enumerate(self._rows) if row.step is None]

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of rows, headings too."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of columns."""
        return 0 if parent.isValid() else 6

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802 - Qt's name
        """Return the head of a column, for screen readers: the table shows none."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            pgettext("step", "Item"),
            pgettext("step", "Who"),
            pgettext("step", "Clock"),
            pgettext("step", "Due"),
            pgettext("step", "Papers"),
            pgettext("step", "Action"),
        )[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """A heading is read, not chosen."""
        if self.step_at(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a role of a cell says."""
        row, column = self._rows[index.row()], index.column()
        if row.step is None:
            if role == StepRole.HEADING:
                return True
            texts = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return row.heading if role in texts and column == TITLE else None
        return self._cell(row.step, column, role)

    def _cell(self, step: StepView, column: int, role: int) -> Any:
        is_open = step.state is StepState.OPEN
        clock = self.clock_of(step.id)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(step, column, clock)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            words = self._text(step, column, clock)
            return f"{words}，{_state_word(step)}" if column == TITLE else words
        if role == StepRole.NEXT and step.id == self._next:
            return "amber_soft" if clock.state is ClockState.NEAR else "accent_soft"
        if role == ListRole.TONE:
            quiet = not is_open or not step.can_start
            return "ink2" if column != TITLE or quiet else None
        if role == ListRole.BOLD:
            return column == TITLE and step.id == self._next
        if column == TITLE and role == StepRole.MARK:
            return _mark(step, is_next=step.id == self._next)
        if column == TITLE and role == StepRole.MARK_TONE:
            late = step.id == self._next and clock.state in (ClockState.NEAR, ClockState.OVERDUE)
            if late:
                return "amber" if clock.state is ClockState.NEAR else "brick"
            return "accent" if not is_open or step.id == self._next else "ink3"
        if column == CLOCK and is_open:
            return self._clock_role(clock, role)
        if column == ACT and role == ListRole.ACTION and is_open and step.can_start and self._is_open:
            return pgettext("step", "Settle")
        return None

    def _clock_role(self, clock: Clock, role: int) -> Any:
        if role == ListRole.CHIP and clock.left is not None:
            if clock.state is ClockState.OVERDUE:
                return overdue(clock_text(clock.left))
            if clock.state is ClockState.NEAR:
                return near(clock_text(clock.left))
            if clock.state is ClockState.AT_ONCE:
                return ChipFace(pgettext("clock", "at once"), "amber", "mdi6.clock-alert-outline")
        if role == StepRole.BAR and clock.state in (ClockState.RUNNING, ClockState.NEAR):
            return clock.share
        if role == StepRole.BAR_TONE:
            return "amber" if clock.state is ClockState.NEAR else "accent"
        return None

    def _text(self, step: StepView, column: int, clock: Clock) -> str:
        now = self._now or self._time.now()
        if column == TITLE:
            return step.title
        if column == OWNER:
            return (step.done_by if step.state is StepState.DONE else step.owner_name) or owner_word(step.owner_role)
        if column == CLOCK:
            if step.state is not StepState.OPEN:
                return done_text(step, now)
            if not self._is_open:
                return pgettext("step", "left open")
            if clock.left is None:
                return "" if step.can_start else pgettext("step", "not counting yet")
            return clock_text(clock.left)
        if column == DUE:
            return due_text(step.due_at, now) if step.state is StepState.OPEN and self._is_open else ""
        if column == PAPERS:
            return str(step.evidence) if step.evidence else ""
        return pgettext("step", "Settle") if step.state is StepState.OPEN and step.can_start and self._is_open else ""

    def _measure(self, steps: tuple[StepView, ...]) -> None:
        self._now = self._time.now()
        self._clocks = {
            step.id: self._time.clock(step.runs_from, step.due_at, self._grace)
            for step in steps
            if step.state is StepState.OPEN and self._is_open
        }

    def _by_stage(self, page: CrisisPage) -> list[_Row]:
        stages: dict[tuple[str, str], list[StepView]] = {}
        for step in page.event.steps:
            stages.setdefault((step.checklist, step.stage), []).append(step)
        rows = []
        for (checklist, stage), steps in stages.items():
            done = sum(step.state is not StepState.OPEN for step in steps)
            # The key and not the title of a further list: whoever sits beside the screen need not read that.
            name = f"{checklist}　{stage}" if checklist and checklist != GENERAL else stage
            rows.append(_Row(f"{name}　{done} / {len(steps)}"))
            rows += [_Row(step=step) for step in steps]
        return rows

    def _by_time(self, page: CrisisPage) -> list[_Row]:
        far = float("inf")

        def place(step: StepView) -> tuple[int, float]:
            if step.state is not StepState.OPEN:
                return 4, -(step.done_at.timestamp() if step.done_at else 0.0)
            if step.id == self._next:
                return 0, 0.0
            late = self.clock_of(step.id).state is ClockState.OVERDUE
            due = step.due_at.timestamp() if step.due_at else far
            return (1 if late and step.can_start else 2 if step.can_start else 3), due

        return [_Row(step=step) for step in sorted(page.event.steps, key=place)]


def _mark(step: StepView, *, is_next: bool) -> str:
    if step.state is StepState.DONE:
        return "mdi6.check-circle"
    if step.state is StepState.NOT_APPLICABLE:
        return "mdi6.minus-circle-outline"
    if is_next:
        return "mdi6.arrow-right-circle"
    return "mdi6.circle-outline" if step.can_start else "mdi6.lock-clock"


def _state_word(step: StepView) -> str:
    if step.state is StepState.DONE:
        return pgettext("step", "done")
    if step.state is StepState.NOT_APPLICABLE:
        return pgettext("step", "not applicable")
    return pgettext("step", "open") if step.can_start else pgettext("step", "waits for others")
