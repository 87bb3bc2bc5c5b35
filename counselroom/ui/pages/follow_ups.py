"""随访: the board of all follow-up tasks, overdue first, with what runs for the chosen student beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from counselroom.i18n import _, pgettext
from counselroom.rules.care_words import CareTier
from counselroom.services.follow_up_board import (
    PIECE,
    BoardFilter,
    FollowUpBoard,
    Span,
    follow_up_board,
    more_of_board,
)
from counselroom.services.follow_up_views import TaskView
from counselroom.services.student_care import StudentCare, student_care
from counselroom.ui.care.board_lines import board_lines
from counselroom.ui.care.care_panel import CarePanel
from counselroom.ui.care.words import tier_face
from counselroom.ui.models.pieces import PieceModel
from counselroom.ui.page import Page
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.reloading import Reloading
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.pill import Pill
from counselroom.ui.widgets.segmented import Segmented

_KINDS = ("follow_up_task", "tier_record", "student", "person")
_SIDE = 320
_NAME, _CLASS, _TIER, _TASK, _WHO, _DUE, _STATE, _ACT = range(8)


class FollowUpsPage(Page):
    """Three spans of one list. Names are masked until F8; Ctrl Enter records the chosen task."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Follow-ups"), parent, back=True)
        self._rows: tuple[TaskView, ...] = ()
        self._total = 0
        self._shown = PIECE
        self._care: StudentCare | None = None
        self._wanted_task = ""
        self._wanted = {"owner": "", "class": ""}
        self._is_stale = False
        self._spans = Segmented(
            (
                (Span.OVERDUE.value, pgettext("span", "Overdue")),
                (Span.WEEK.value, pgettext("span", "This week")),
                (Span.LATER.value, pgettext("span", "Later")),
            )
        )
        self._spans.set_current(Span.WEEK.value)
        self._has_chosen_span = False
        self._spans.changed.connect(self._choose_span)
        self._pills: dict[str, Pill] = {}
        self._owner = self._box(pgettext("follow-up", "Counsellor"))
        self._class = self._box(pgettext("follow-up", "Class"))
        self._table = ListTable(room.icons, pgettext("page", "Follow-ups"))
        self._model = PieceModel(
            (
                pgettext("follow-up", "Name"),
                pgettext("follow-up", "Class"),
                pgettext("follow-up", "Tier"),
                pgettext("follow-up", "Task"),
                pgettext("follow-up", "Who"),
                pgettext("follow-up", "Due"),
                pgettext("follow-up", "State"),
                "",
            ),
            self._fetch,
            self._table,
        )
        self._table.setModel(self._model)
        self._table.opened.connect(lambda index: self._open_record(index.row()))
        self._table.acted.connect(lambda index: self._record(index.row()))
        self._table.marked.connect(lambda _index: self._toggle_side())
        self._table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._row_changed())
        self._empty = EmptyState(room.icons, "mdi6.calendar-check-outline", "", "")
        self._panel = CarePanel(room, key)
        self._lay_out()
        self._add_actions()
        Reloading(self, room.bus, _KINDS, self._reload)
        Redrawing(self, room.masking, self._show_faces, self.faces)
        room.icons.theme.changed.connect(self._fit_columns)
        self._table.resized.connect(self._fit_columns)
        self._fit_columns()
        self._reload()

    def _box(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setAccessibleName(name)
        box.view().setAccessibleName(name)
        box.activated.connect(lambda _index: self._filter_changed())
        return box

    def _lay_out(self) -> None:
        icons = self.room.icons
        main = QFrame()
        main.setProperty("kind", "panel")
        column = QVBoxLayout(main)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        tools = QHBoxLayout()
        tools.setContentsMargins(16, 8, 16, 8)
        tools.setSpacing(8)
        tools.addWidget(self._spans)
        tools.addStretch(1)
        group = QButtonGroup(self)
        for name, words in (
            ("", pgettext("follow-up", "All tiers")),
            *((tier.value, tier_face(tier).text) for tier in CareTier),
        ):
            pill = Pill(icons, words)
            pill.clicked.connect(lambda _checked=False: self._filter_changed())
            group.addButton(pill)
            self._pills[name] = pill
        self._pills[""].setChecked(True)
        filters = QHBoxLayout()
        filters.setContentsMargins(16, 0, 16, 8)
        filters.setSpacing(8)
        for pill in self._pills.values():
            filters.addWidget(pill)
        filters.addStretch(1)
        tools.addWidget(self._owner)
        tools.addWidget(self._class)
        column.addLayout(tools)
        column.addLayout(filters)
        column.addWidget(self._table, 1)
        place = QVBoxLayout()
        place.setContentsMargins(16, 0, 16, 16)
        place.addWidget(self._empty)
        column.addLayout(place)
        self._rest = QWidget()
        column.addWidget(self._rest, 1)
        self._rest.hide()
        self._empty.hide()
        self._side = QScrollArea()
        self._side.setWidgetResizable(True)
        self._side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setProperty("kind", "scrolled")
        below = QVBoxLayout(inner)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self._panel)
        below.addStretch(1)
        self._side.setWidget(inner)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(main, 1)
        row.addWidget(self._side)
        self.body.addLayout(row)

    def _add_actions(self) -> None:
        self._buttons: list[Button] = []
        for words, kind, do in (
            (pgettext("follow-up", "Missed"), "secondary", lambda: self._settle("missed")),
            (pgettext("follow-up", "Waive"), "secondary", lambda: self._settle("waived")),
            (pgettext("follow-up", "Set a task"), "secondary", self._add_task),
            (pgettext("follow-up", "Record"), "primary", lambda: self._record(self._table.currentIndex().row())),
        ):
            button = Button(words, kind)  # type: ignore[arg-type]  # the kinds of the tuple are those of Button
            button.clicked.connect(do)
            self.header.add_action(button)
            self._buttons.append(button)

    # What the window asks of every page.

    def panels(self) -> Sequence[QWidget]:
        """Return the spans, the list and what runs for the chosen student."""
        return (self._spans, self._table, self._panel)

    def first(self) -> QWidget:
        """Return the list, or the spans where it is empty."""
        return self._table if self._table.isVisible() else self._spans

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """In a small window what runs for the student stands in the place of the list, by Space."""
        super().set_size_class(size, height)
        if hasattr(self, "_side"):
            self._side.setVisible(size >= SizeClass.REGULAR)
            self._load_care()

    def state(self) -> dict[str, Any]:
        """Return span, filters and the chosen task."""
        return {
            "span": self._spans.current() if self._has_chosen_span else "",
            "tier": self._tier(),
            "owner": self._owner.currentData() or self._wanted["owner"],
            "class": self._class.currentData() or self._wanted["class"],
            "task": self._model.key_at(self._table.currentIndex().row()),
            "shown": len(self._rows),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take span, filters and the chosen task."""
        span = str(state.get("span") or "")
        if span in tuple(Span):
            self._spans.set_current(span)
            self._has_chosen_span = True
        self._pills.get(str(state.get("tier") or ""), self._pills[""]).setChecked(True)
        self._wanted = {"owner": str(state.get("owner") or ""), "class": str(state.get("class") or "")}
        self._wanted_task = str(state.get("task") or "")
        self._shown = max(PIECE, int(state.get("shown") or 0))
        self._reload()

    # Showing.

    def _reload(self) -> None:
        room, narrowed, shown = self.room, self._narrowed(), self._shown
        # The first look is at what is most urgent; what the user chose afterwards stays.
        span = Span(self._spans.current()) if self._has_chosen_span else None
        room.tasks.query(
            self,
            lambda: follow_up_board(room.actor, room.desk, span, narrowed, shown=shown),
            self._show,
            key="follow_ups",
        )

    def _fetch(self, offset: int) -> None:
        room, span, narrowed = self.room, Span(self._spans.current()), self._narrowed()
        room.tasks.query(
            self, lambda: more_of_board(room.actor, room.desk, span, narrowed, offset), self._append, key="follow_ups"
        )

    def _append(self, rows: tuple[TaskView, ...]) -> None:
        self._rows += rows
        self._shown = len(self._rows)
        self._model.append(board_lines(rows, self.face(), self.room.now().date()))

    def _narrowed(self) -> BoardFilter:
        tier = self._tier()
        return BoardFilter(
            CareTier(tier) if tier else None,
            self._owner.currentData() or self._wanted["owner"] or None,
            self._class.currentData() or self._wanted["class"] or None,
        )

    def _tier(self) -> str:
        return next(name for name, pill in self._pills.items() if pill.isChecked())

    def _show(self, board: FollowUpBoard) -> None:
        if not self._has_chosen_span:
            self._has_chosen_span = True
            self._spans.set_current(board.span.value)
        self._fill(self._owner, pgettext("follow-up", "All counsellors"), board.counsellors, "owner")
        self._fill(self._class, pgettext("follow-up", "All classes"), board.classes, "class")
        current = self._wanted_task or self._model.key_at(self._table.currentIndex().row())
        self._wanted_task = ""
        row_before = self._table.currentIndex().row()
        self._rows = board.rows
        counts = board.counts
        self._total = counts[board.span]
        meta = _("{over} overdue, {week} this week, {later} later").format(
            over=counts[Span.OVERDUE], week=counts[Span.WEEK], later=counts[Span.LATER]
        )
        if board.proposals:
            decide = _("{count} tiers to decide").format(count=board.proposals)
            meta = _("{first}; {second}").format(first=meta, second=decide)
        self.header.set_meta(meta)
        self._show_rows()
        has_rows = bool(self._rows)
        self._table.setVisible(has_rows)
        self._empty.setVisible(not has_rows)
        self._rest.setVisible(not has_rows)
        for button in self._buttons:
            button.setEnabled(has_rows)
        if not has_rows:
            self._say_nothing(board)
            self._care = None
            self._panel.show_nothing()
            return
        row = self._model.row_of(current)
        if row < 0:  # the row before is done: the one that took its place is next
            row = min(max(row_before, 0), len(self._rows) - 1)
        self._table.setCurrentIndex(self._model.index(row, _NAME))  # which reads the care of its student

    def _say_nothing(self, board: FollowUpBoard) -> None:
        if sum(board.counts.values()):
            self._empty.set_sentence(_("Nothing is due in this span."), _("Look at the other spans above."))
        elif self._narrowed() != BoardFilter():
            self._empty.set_sentence(_("Nothing is open with this filter."), _("Choose all tiers and all classes."))
        else:
            self._empty.set_sentence(
                _("No follow-up is open."), _("Tasks come by themselves once a tier of care is confirmed.")
            )

    def _fill(self, box: QComboBox, everyone: str, options: Sequence[Any], name: str) -> None:
        chosen = box.currentData() or self._wanted[name]
        self._wanted[name] = ""
        box.clear()
        box.addItem(everyone, "")
        for option in options:
            box.addItem(option.name, option.id)
        box.setCurrentIndex(max(0, box.findData(chosen)))

    def _show_faces(self) -> None:
        current = self._table.currentIndex().row()
        self._show_rows()
        if current >= 0:
            self._table.setCurrentIndex(self._model.index(current, _NAME))
        if self._care is not None:
            self._panel.show_care(self._care, self.face(), named=True)

    def _show_rows(self) -> None:
        self._model.show_first(board_lines(self._rows, self.face(), self.room.now().date()), self._total)

    def _row_changed(self) -> None:
        self._load_care()
        self.touched.emit()

    def _load_care(self) -> None:
        row = self._table.currentIndex().row()
        if not 0 <= row < len(self._rows) or self._side.isHidden():
            return
        room, student = self.room, self._rows[row].student_id
        room.tasks.query(
            self, lambda: student_care(room.actor, room.desk, student), self._show_care, key="follow_ups.care"
        )

    def _show_care(self, care: StudentCare) -> None:
        self._care = care
        self._panel.show_care(care, self.face(), named=True)

    def _choose_span(self, _span: str) -> None:
        self._has_chosen_span = True
        self._filter_changed()

    def _filter_changed(self) -> None:
        self._shown = PIECE
        self._reload()
        self.touched.emit()

    def _fit_columns(self) -> None:
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_TASK, QHeaderView.ResizeMode.Stretch)
        scale = self.room.icons.theme.pixels("size.base") / 14
        self._side.setFixedWidth(round(_SIDE * scale))
        narrow = self.width() < 1500
        self._table.setColumnHidden(_CLASS, narrow)
        self._table.setColumnHidden(_WHO, narrow)
        for column, width in (
            (_NAME, 112), (_CLASS, 128), (_TIER, 108), (_WHO, 128), (_DUE, 124), (_STATE, 124), (_ACT, 72),
        ):  # fmt: skip
            header.resizeSection(column, round(width * scale))

    # Doing.

    def _toggle_side(self) -> None:
        if self._table.width() < 2 * _SIDE and not self._side.isHidden():
            return
        self._side.setVisible(self._side.isHidden())
        self._load_care()

    def _open_record(self, row: int) -> None:
        if 0 <= row < len(self._rows):
            self.room.ways.open_page("student_record", student=self._rows[row].student_id)

    def _record(self, row: int) -> None:
        self._open("task_done", row)

    def _settle(self, how: str) -> None:
        self._open("task_settle", self._table.currentIndex().row(), how=how)

    def _open(self, dialog: str, row: int, **more: str) -> None:
        if 0 <= row < len(self._rows):
            self.room.ways.open_dialog(dialog, task=self._rows[row].id, place=self.key, **more)

    def _add_task(self) -> None:
        row = self._table.currentIndex().row()
        if 0 <= row < len(self._rows):
            self.room.ways.open_dialog("add_task", student=self._rows[row].student_id, place=self.key)
