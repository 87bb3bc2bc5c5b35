"""统计: five figures, sessions by month and topic, topics by grade, tiers; nobody can be recognised in them (R-04)."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHeaderView, QSizePolicy, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.printing.chart_data import Picture
from counselroom.printing.chart_process import NotDrawn
from counselroom.services.changes import ChangeSet
from counselroom.services.statistics import Statistics, periods, statistics
from counselroom.services.statistics_words import Figure, definition
from counselroom.ui.page import Page
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.size_class import LOW, SizeClass
from counselroom.ui.statistics import words
from counselroom.ui.statistics.chart_panel import ChartPanel, NumbersModel, stretch
from counselroom.ui.statistics.figure_strip import FigureStrip
from counselroom.ui.statistics.period_choice import PeriodChoice
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.label import ElidedLabel
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.progress_row import ProgressRow
from counselroom.ui.widgets.segmented import Segmented
from counselroom.vault.lanes import Job
from counselroom.vault.progress import Cancelled, Step

FORM, ENTITY = "F-71", "statistics"
_CONCERNS = (
    "session_record", "appointment", "case_file", "referral", "referral_feedback", "tier_record", "follow_up_task",
    "follow_up_record", "parameter", "term", "academic_year",
)  # fmt: skip
_VISITS, _GROUPS = "visits", "groups"
_TELLS_AFTER = 1000
"""Milliseconds of counting after which it says how far it is."""
_COUNTS_AFTER = 400
"""Milliseconds of rest after a change until it is counted anew."""
_KEEPS_DRAWING = 30_000
"""Milliseconds for which the process that draws is kept after the page was left."""


class StatisticsPage(Page):
    """Counts in a job, draws in a job; opened for {period?, first?, last?}."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Statistics"), parent)
        icons = room.icons
        self._found: Statistics | None = None
        self._job: Job[Any] | None = None
        self._asked = 0
        self._drawn = 0
        self._is_stale = False
        self._progress: ProgressRow | None = None
        self._stopped: EmptyState | None = None
        self.choice = PeriodChoice()
        self.export_button = Button(pgettext("statistics", "Export a table"), icon=icons.named("mdi6.microsoft-excel"))
        self.print_button = Button(
            pgettext("statistics", "Print a report"), "primary", icons.named("mdi6.printer-outline")
        )
        for action in (self.choice, self.export_button, self.print_button):
            self.header.add_action(action)
        self._strip = FigureStrip(words.FIGURES)
        self._view = Segmented(
            ((_VISITS, pgettext("statistics", "Visits")), (_GROUPS, pgettext("statistics", "Grades and tiers")))
        )
        self.months = ChartPanel(icons, pgettext("statistics", "Sessions by month"))
        self.topics = ChartPanel(icons, pgettext("statistics", "Topics"), pgettext("statistics", "by sessions"))
        self.grades = ChartPanel(
            icons, pgettext("statistics", "Grades and topics"), pgettext("statistics", "number of clients")
        )
        self.tiers = Panel(pgettext("statistics", "Three tiers"), pgettext("statistics", "as of today"))
        self._tiers = NumbersModel(words.tier_heads(), self)
        self.tier_table = ListTable(icons, pgettext("statistics", "Three tiers"))
        self.tier_table.setModel(self._tiers)
        self._count_later = QTimer(self)
        self._tell_later = QTimer(self)
        self._draw_later = QTimer(self)
        self._end_later = QTimer(self)
        for timer, rest in (
            (self._count_later, _COUNTS_AFTER),
            (self._tell_later, _TELLS_AFTER),
            (self._draw_later, 0),
            (self._end_later, _KEEPS_DRAWING),
        ):
            timer.setSingleShot(True)
            timer.setInterval(rest)
        self._lay_out()
        self._connect()
        self._is_low = False
        self.set_size_class(SizeClass.REGULAR, LOW)
        # It gets ready while the page counts; one that can't be started is told of where its chart would be.
        room.tasks.job(lambda _job: room.charts.start(), _ignore, on_failed=_ignore, reads=False)
        room.tasks.query(self, lambda: periods(room.actor, room.desk), self.choice.set_periods, key=f"{key}.periods")

    def _lay_out(self) -> None:
        tiers = QWidget()
        column = QVBoxLayout(tiers)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        stretch(self.tier_table)
        self.tier_table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        column.addWidget(self.tier_table, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 12)
        foot.addWidget(ElidedLabel(definition(Figure.ON_TIME), "caption"))
        column.addLayout(foot)
        self.tiers.set_body(tiers)
        self.tiers.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._grid = QGridLayout()
        self._grid.setSpacing(16)
        self._grid.setColumnStretch(0, 8)
        self._grid.setColumnStretch(1, 5)
        for place, panel in enumerate((self.months, self.topics, self.grades, self.tiers)):
            panel.setMinimumHeight(232)
            self._grid.addWidget(panel, place // 2, place % 2)
        self._state_place = QVBoxLayout()
        whole = self.scroll_body()
        whole.setSpacing(12)
        whole.addWidget(self._strip)
        whole.addLayout(self._state_place)
        whole.addWidget(self._view)
        whole.addLayout(self._grid, 1)

    def _connect(self) -> None:
        room = self.room
        self.choice.changed.connect(self._period_changed)
        self.export_button.clicked.connect(self._export)
        self.print_button.clicked.connect(self._print)
        self._view.changed.connect(lambda _key: self._turn())
        for panel in (self.months, self.topics, self.grades):
            panel.stale.connect(self._draw_later.start)
            panel.turned.connect(self._turned)
        self._count_later.timeout.connect(self._count)
        self._tell_later.timeout.connect(self._tell)
        self._draw_later.timeout.connect(self._draw)
        self._end_later.timeout.connect(self._end_drawing)
        room.bus.changed.connect(self._count_if_concerned)
        Redrawing(self, room.masking, self._show_tiers, self.faces)

    def panels(self) -> Sequence[QWidget]:
        """Return the period and the parts that are seen."""
        parts = (self.months.part(), self.topics.part(), self.grades.part(), self.tier_table)
        return (self.choice.kind, *(part for part in parts if part.isVisible()))

    def first(self) -> QWidget:
        """Return the choice of the period."""
        return self.choice.kind

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Show one row of panels where there is no room for two."""
        super().set_size_class(size, height)
        if not hasattr(self, "_is_low"):
            return
        self._is_low = size <= SizeClass.COMPACT or height < LOW
        self._view.setVisible(self._is_low)
        self.choice.set_days_shown(shown=size > SizeClass.MINI)
        self._turn()

    def state(self) -> dict[str, Any]:
        """Return the period and what is shown as a table."""
        tables = [
            number for number, panel in enumerate(self._charts()) if panel.shows_table() and not panel.is_undrawn()
        ]
        return {**self.choice.state(), "tables": tables, "view": self._view.current()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the period and what is shown as a table."""
        tables = state.get("tables") or ()
        for number, panel in enumerate(self._charts()):
            panel.set_table(shown=number in tables)
        if state.get("view") in (_VISITS, _GROUPS):
            self._view.set_current(str(state["view"]))
            self._turn()
        self.choice.restore(state)

    def show_subject(self, arguments: Mapping[str, Any]) -> None:
        """Show a period; without one, what was shown before."""
        if arguments:
            self.restore({**self.state(), **arguments})

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Count what has changed meanwhile, and draw in the colours of now."""
        super().showEvent(event)
        self._end_later.stop()
        if self._is_stale:
            self._count()
        self._draw_later.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the process that draws for a while: who looks something up comes back."""
        super().hideEvent(event)
        self._end_later.start()

    def _charts(self) -> tuple[ChartPanel, ...]:
        return (self.months, self.topics, self.grades)

    def _turn(self) -> None:
        chosen = self._view.current()
        for panel, view in (
            (self.months, _VISITS),
            (self.topics, _VISITS),
            (self.grades, _GROUPS),
            (self.tiers, _GROUPS),
        ):
            panel.setVisible(not self._is_low or chosen == view)
        self._draw_later.start()
        self.touched.emit()

    def _turned(self) -> None:
        self._draw_later.start()
        self.touched.emit()

    def _period_changed(self) -> None:
        self._count()
        self.touched.emit()

    def _count_if_concerned(self, changes: ChangeSet) -> None:
        if changes.concerns(*_CONCERNS):
            self._is_stale = True
            if self.isVisible():
                self._count_later.start()

    def _count(self) -> None:
        period = self.choice.period()
        if period is None:
            return
        if self._job is not None:
            self._job.cancel()
        room = self.room
        self._is_stale = False
        self._asked += 1
        asked = self._asked
        self._show_state(None)
        self._tell_later.start()
        self._job = room.tasks.job(
            lambda job: statistics(room.actor, room.desk, *period, job),
            lambda found: self._show(found) if asked == self._asked else None,
            progress=lambda step, done, whole: self._step(asked, step, done, whole),
            on_failed=lambda error: self._fail(error) if asked == self._asked else None,
            owner=self,
        )

    def _tell(self) -> None:
        if self._job is not None:
            self._progress = ProgressRow(
                self.room.icons, "mdi6.counter", pgettext("statistics", "Counting"), self.room.seconds
            )
            self._progress.cancelled.connect(self._stop)
            self._show_state(self._progress)

    def _step(self, asked: int, _step: Step, done: int, whole: int) -> None:
        if asked == self._asked and self._progress is not None:
            self._progress.set_progress(done, whole)

    def _stop(self) -> None:
        if self._job is not None and self._progress is not None:
            self._progress.set_cancelling()
            self._job.cancel()

    def _end(self) -> None:
        self._job = None
        self._tell_later.stop()
        self._show_state(None)

    def _fail(self, error: BaseException) -> None:
        self._end()
        if not isinstance(error, Cancelled):
            self.room.messages.tell(error)
        again = Button(pgettext("statistics", "Count"))
        again.clicked.connect(self._count)
        sentence = _("These figures were not counted.")
        self._show_state(EmptyState(self.room.icons, "mdi6.counter", sentence, _("Nothing was changed."), again))

    def _show_state(self, widget: QWidget | None) -> None:
        """Put the progress, or that it was stopped, below the figures; None for neither."""
        while (item := self._state_place.takeAt(0)) is not None:
            before = item.widget()
            if before is not None:
                before.hide()
                before.deleteLater()
        if widget is None:
            self._progress = None
        else:
            self._state_place.addWidget(widget)

    def _show(self, found: Statistics) -> None:
        self._end()
        self._found = found
        self._strip.show_figures(words.strip(found))
        none = _("There is no signed session in this period.")
        self.months.show_numbers(
            words.months(found),
            (pgettext("statistics", "Month"), pgettext("statistics", "Sessions")),
            words.month_rows(found),
            words.months_foot(found),
            none,
        )
        few = _("Fewer than {smallest} are behind every topic, so nothing is shown.").format(smallest=found.smallest)
        nothing = none if not found.topics else few
        self.topics.show_numbers(
            words.ranking(found),
            (
                pgettext("statistics", "Topic"),
                pgettext("statistics", "Sessions"),
                pgettext("statistics", "Share of all sessions"),
            ),
            words.topic_rows(found),
            "",
            nothing,
        )
        hidden = _("“<{smallest}” stands for fewer, and for what would give them away.").format(smallest=found.smallest)
        self.grades.show_numbers(
            words.grid(found),
            words.grid_heads(found),
            words.grid_rows(found),
            hidden if found.topics else "",
            nothing,
        )
        self._show_tiers()

    def _show_tiers(self) -> None:
        if self._found is not None:
            self._tiers.show(words.tier_rows(self._found, masked=self.face().masked))

    def _draw(self) -> None:
        """Draw the charts that are seen, all in one job; a newer wish makes this one void."""
        if not self.isVisible():
            return
        wanted = {
            panel: (panel.chart, panel.view.look())
            for panel in self._charts()
            if panel.chart is not None and panel.view.isVisible()
        }
        if not wanted:
            return
        charts = self.room.charts
        self._drawn += 1
        drawn = self._drawn

        def show(pictures: list[Picture]) -> None:
            if drawn == self._drawn:
                for panel, picture in zip(wanted, pictures, strict=True):
                    panel.show_picture(picture)

        def fail(error: BaseException) -> None:
            if not isinstance(error, NotDrawn | Cancelled):
                self.room.messages.tell(error)
            elif drawn == self._drawn:
                for panel in wanted:
                    panel.show_undrawn()

        self.room.tasks.job(
            lambda job: charts.draw(list(wanted.values()), job.is_cancelled),
            show,
            on_failed=fail,
            reads=False,
            owner=self,
        )

    def _end_drawing(self) -> None:
        # In a thread of its own: it waits for the end of a process, and a window that was locked has no lanes any more.
        threading.Thread(target=self.room.charts.end, name="chart-end", daemon=True).start()

    def _export(self) -> None:
        period = self.choice.period()
        if period is not None:
            first, last = (day.isoformat() for day in period)
            self.room.ways.open_dialog("statistics_export", first=first, last=last)

    def _print(self) -> None:
        period = self.choice.period()
        if period is not None:
            days = "_".join(day.isoformat() for day in period)
            self.room.ways.open_page("print_preview", form=FORM, entity=ENTITY, entity_id=days, audience="room")


def _ignore(result: object) -> None:
    del result
