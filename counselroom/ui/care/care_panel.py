"""What runs for a student, in one panel: tier, review, open tasks and rules, each with the button of its next step."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.follow_up_views import TaskView
from counselroom.services.student_care import PlanLine, StudentCare
from counselroom.services.tiers import TierView
from counselroom.ui.care.words import due_words, often_words, tier_face
from counselroom.ui.masking import Face
from counselroom.ui.moments import day_word
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip import Chip
from counselroom.ui.widgets.clock_row import FINE
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.panel import Panel

TASKS_SHOWN = 5
_REVIEW_DAYS = 30
"""The longest time a review's bar stands for."""


class CarePanel(Panel):
    """The care of one student; `place` is the key of the page, by which dialogs show names as the page does."""

    def __init__(self, room: Room, place: str, parent: QWidget | None = None) -> None:
        super().__init__(pgettext("care", "In care"), parent=parent)
        self._room = room
        self._place = place
        self._student = ""
        self._shown: list[QWidget] = []
        inner = QFrame()
        self._lines = QVBoxLayout(inner)
        self._lines.setContentsMargins(16, 10, 12, 12)
        self._lines.setSpacing(6)
        self.set_body(inner)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Show that no student is chosen."""
        self._student = ""
        self._clear()
        self.set_action(QWidget())
        self._add(Label(_("Choose a row: what runs for the student stands here."), "hint", wrap=True))

    def show_care(self, care: StudentCare, face: Face, *, named: bool = False) -> None:
        """Show what runs for a student, as far as it may be shown; with the name where the page does not say it."""
        self._student = care.student_id
        self._clear()
        today = self._room.now().date()
        chip = QWidget()
        if care.tier is not None:
            tier = tier_face(care.tier.data.tier)
            chip = Chip(self._room.icons, tier.masked() if face.masked else tier)
        self.set_action(chip)
        if named:
            words = (face.name(care.student_name, care.student_no), face.class_name(care.class_name))
            self._add(ElidedLabel(pgettext("list", ", ").join(word for word in words if word), "strong"))
        if care.tier is not None:
            self._add_review(care.tier, today)
        elif care.proposal is None and not care.tasks:
            self._add(Label(_("In no tier, and no follow-up is open."), "hint", wrap=True))
        if care.proposal is not None:
            self._add_proposal(care.proposal, face)
        for task in care.tasks[:TASKS_SHOWN]:
            self._add_task(task, today)
        if len(care.tasks) > TASKS_SHOWN:
            self._add(Label(_("and {count} more").format(count=len(care.tasks) - TASKS_SHOWN), "caption"))
        if care.plan:
            self._add(Label(pgettext("care", "Rules that run"), "caption"))
            for line in care.plan:
                self._add_rule(line, today)
        self._add_buttons(care)

    def _clear(self) -> None:
        for part in self._shown:
            self._lines.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._shown = []

    def _add(self, part: QWidget) -> None:
        self._shown.append(part)
        self._lines.addWidget(part)

    def _line(self, *parts: QWidget) -> None:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for number, part in enumerate(parts):
            line.addWidget(part, 1 if number == 0 else 0)
        self._add(row)

    def _add_review(self, tier: TierView, today: date) -> None:
        if tier.review_due_on is None:
            return
        left = (tier.review_due_on - today).days
        words = _("{day}, {days} days left").format(day=day_word(tier.review_due_on, today), days=left)
        if left < 0:
            words = _("{day}, {days} days over").format(day=day_word(tier.review_due_on, today), days=-left)
        self._line(ElidedLabel(pgettext("care", "Review"), "meta"), Label(words, "meta_strong"))
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setRange(0, FINE)
        bar.setValue(round(FINE * min(1.0, max(0.0, left / _REVIEW_DAYS))))
        bar.setProperty("tone", "accent" if left > _REVIEW_DAYS // 4 else "amber")
        bar.setAccessibleName(f"{pgettext('care', 'Review')} {words}")
        self._add(bar)

    def _add_proposal(self, proposal: TierView, face: Face) -> None:
        tier = tier_face(proposal.data.tier)
        chip = Chip(self._room.icons, tier.masked() if face.masked else tier)
        decide = self._button(pgettext("care", "Decide"), "decide_tier", tier=proposal.id)
        self._line(ElidedLabel(pgettext("care", "Proposed"), "meta"), chip, decide)

    def _add_task(self, task: TaskView, today: date) -> None:
        words = ElidedLabel(task.task, "meta_strong")
        due = Label(due_words(task.due_on, today), "caption")
        if task.days_over:
            due.setProperty("kind", "error")
        done = self._button(pgettext("follow-up", "Done"), "task_done", task=task.id)
        done.setAccessibleDescription(task.task)
        self._line(words, due, done)

    def _add_rule(self, rule: PlanLine, today: date) -> None:
        following = "" if rule.next_on is None else due_words(rule.next_on, today)
        often = often_words(rule.times, rule.per)
        self._line(ElidedLabel(f"{rule.rule} {rule.task}", "caption"), Label(often, "caption"))
        self._shown[-1].setToolTip(
            pgettext("list", ", ").join(part for part in (rule.about, rule.who, rule.until, following) if part)
        )

    def _add_buttons(self, care: StudentCare) -> None:
        buttons = [self._button(pgettext("care", "Set a task"), "add_task", student=self._student)]
        words = pgettext("care", "Change tier") if care.tier is not None else pgettext("care", "Propose a tier")
        buttons.append(self._button(words, "propose_tier", student=self._student))
        if care.tier is not None:
            buttons.append(self._button(pgettext("care", "Review or end"), "end_tier", tier=care.tier.id))
        if care.tasks:
            paper = Button(pgettext("care", "Print the plan"), "text", size="compact")
            paper.clicked.connect(self._print_plan)
            buttons.append(paper)
        place = QWidget()
        grid = QGridLayout(place)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(2)
        for number, button in enumerate(buttons):
            grid.addWidget(button, number // 2, number % 2)
        grid.setColumnStretch(2, 1)
        self._add(place)

    def _button(self, words: str, dialog: str, **arguments: str) -> Button:
        button = Button(words, "text", size="compact")
        arguments["place"] = self._place
        button.clicked.connect(lambda: self._room.ways.open_dialog(dialog, **arguments))
        return button

    def _print_plan(self) -> None:
        self._room.ways.open_page("print_preview", form="F-54", entity="follow_up_plan", entity_id=self._student)
