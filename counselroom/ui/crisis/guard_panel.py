"""24 小时陪护 beside the checklist: the periods, who is there, who comes next, and any gap."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.guard import CellState
from counselroom.services.crisis_page import CrisisPage
from counselroom.services.guard_24h import GuardView
from counselroom.ui.crisis.cells import CellStrip
from counselroom.ui.crisis.words import end_word, gap_text, watcher_word, when_text
from counselroom.ui.masking import Face
from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.clock_text import clock_text
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.variant import set_variant

OBSERVE, SHIFT, HANDOVER, GUARD = "guard_observation", "guard_shift", "guard_handover", "guard"


class GuardPanel(QWidget):
    """What the guard looks like now.

    Attributes:
        wanted: the key of the dialog that was asked for.
    """

    wanted = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._begin = Button(pgettext("guard", "Begin the guard"), "secondary")
        self._begin.clicked.connect(lambda: self.wanted.emit(GUARD))
        self._nothing = QFrame()
        self._nothing.setProperty("kind", "empty")
        # One line each: sentences that wrap would make the whole column scroll where it need not.
        self._sentence, self._help = ElidedLabel(), ElidedLabel("", "hint")
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(self._sentence)
        said.addWidget(self._help)
        place = QHBoxLayout(self._nothing)
        place.setContentsMargins(14, 10, 10, 10)
        place.setSpacing(12)
        place.addWidget(icon_label(icons.named("mdi6.account-eye-outline"), "ink3", 28))
        place.addLayout(said, 1)
        place.addWidget(self._begin)
        self.cells = CellStrip(icons.theme)
        self.cells.opened.connect(lambda: self.wanted.emit(OBSERVE))
        self._edges = [Label("", "caption"), Label("", "caption")]
        self._now, self._now_until = ElidedLabel(), Label("", "meta")
        self._next, self._next_at = ElidedLabel(), Label("", "strong")
        self._gap = ElidedLabel("", "meta_strong")
        self._buttons = [
            self._button(words, key)
            for words, key in (
                (pgettext("guard", "Add a shift"), SHIFT),
                (pgettext("guard", "Hand over"), HANDOVER),
                (pgettext("guard", "Periods and end"), GUARD),
            )
        ]
        self._running = QWidget()
        column = QVBoxLayout(self._running)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.cells)
        edges = QHBoxLayout()
        edges.addWidget(self._edges[0])
        edges.addStretch(1)
        edges.addWidget(self._edges[1])
        column.addLayout(edges)
        for name, words, at in (
            (pgettext("guard", "Now"), self._now, self._now_until),
            (pgettext("guard", "Handover"), self._next, self._next_at),
        ):
            row = QHBoxLayout()
            row.setSpacing(10)
            row.addWidget(Label(name, "meta"))
            row.addWidget(words, 1)
            row.addWidget(at)
            column.addLayout(row)
        column.addWidget(self._gap)
        row = QHBoxLayout()
        row.setSpacing(4)
        for button in self._buttons:
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 10, 14, 10)
        whole.addWidget(self._nothing)
        whole.addWidget(self._running)
        whole.addStretch(1)

    def short_count(self, page: CrisisPage) -> str:
        """Return the same for a tab: 3 / 12."""
        guard = current_guard(page)
        if guard is None:
            return ""
        return f"{sum(cell.state is CellState.LOGGED for cell in guard.cells)} / {len(guard.cells)}"

    def count_text(self, page: CrisisPage) -> str:
        """Return what stands after the title: 已记 3 / 12 时段."""
        guard = current_guard(page)
        if guard is None:
            return ""
        logged = sum(cell.state is CellState.LOGGED for cell in guard.cells)
        return pgettext("guard", "{logged} / {all} periods").format(logged=logged, all=len(guard.cells))

    def show_case(self, page: CrisisPage, face: Face, now: datetime) -> None:
        """Show the newest guard."""
        guard = current_guard(page)
        closed = page.event.closed_at is not None
        running = guard is not None and guard.ended_at is None
        self._running.setVisible(guard is not None)
        self._nothing.setVisible(guard is None or not (running or closed))
        self._begin.setVisible(not running and not closed)
        self._sentence.setText(_("The guard has not begun.") if guard is None else _("The guard has ended."))
        self._help.setText(_("At least {count} at a time, never a student alone.").format(count=page.watchers))
        for button in self._buttons:
            button.setVisible(running and not closed)
        if guard is not None:
            self._show_guard(guard, face, now)

    def _show_guard(self, guard: GuardView, face: Face, now: datetime) -> None:
        self.cells.show_cells(guard.cells, now)
        last = guard.cells[-1].ends_at if guard.cells else guard.starts_at + timedelta(hours=24)
        self._edges[0].setText(when_text(guard.starts_at, now))
        self._edges[1].setText(when_text(guard.ended_at or last, now))
        if guard.ended_at is not None:
            self._now.setText(end_word(guard.end_reason) if guard.end_reason else "")
            self._now_until.setText(when_text(guard.ended_at, now))
            self._next.setText(face.guardian(guard.handed_to))
            self._next_at.setText("")
        else:
            there = [f"{shift.name}（{watcher_word(shift.role)}）" for shift in guard.on_guard]
            self._now.setText(pgettext("list", ", ").join(there) or _("Nobody is there by the plan"))
            self._now_until.setText(
                "" if not guard.on_guard else when_text(min(shift.until for shift in guard.on_guard), now)
            )
            self._next.setText(pgettext("list", ", ").join(guard.next_names) or _("nobody agreed yet"))
            at = guard.handover_at
            self._next_at.setText("" if at is None else f"{at.astimezone(now.tzinfo):%H:%M}，{clock_text(at - now)}")
        self._say_gaps(guard, now)

    def _say_gaps(self, guard: GuardView, now: datetime) -> None:
        past = [gap for gap in guard.gaps if gap.starts_at < (guard.ended_at or now)]
        coming = [gap for gap in guard.gaps if gap.starts_at >= now] if guard.ended_at is None else []
        words, tone = "", "plain"
        if past and guard.gap_minutes:
            missing = gap_text(timedelta(minutes=guard.gap_minutes))
            words, tone = _("Nobody was there for {time}.").format(time=missing), "brick"
        elif coming:
            words = _("From {when} on nobody is agreed: {time} open.").format(
                when=when_text(coming[0].starts_at, now), time=gap_text(timedelta(minutes=coming[0].minutes))
            )
            tone = "amber"
        elif guard.ended_at is None and any(gap.starts_at <= now < gap.ends_at for gap in guard.thin):
            words, tone = _("Fewer are there than the plan asks for."), "amber"
        if guard.gap_reason:
            words = f"{words} {guard.gap_reason}".strip()
        self._gap.setText(words)
        self._gap.setVisible(bool(words))
        set_variant(self._gap, "tone", tone)

    def _button(self, words: str, key: str) -> Button:
        button = Button(words, "text", size="compact")
        button.clicked.connect(lambda: self.wanted.emit(key))
        return button


def current_guard(page: CrisisPage) -> GuardView | None:
    """Return the guard that runs, or the newest one."""
    return page.guards[0] if page.guards else None
