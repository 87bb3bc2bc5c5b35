"""转介 → 就诊 → 反馈 → 复学评估 as one line of dated steps."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.referral_sheets import Steps
from counselroom.ui.moments import day_word
from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.label import Label


class StepLine(QWidget):
    """Four steps side by side, each with its day or what is awaited."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 12, 16, 12)
        self._row.setSpacing(12)
        self._parts: list[QWidget] = []

    def show_steps(self, steps: Steps, today: date) -> None:
        """Show how far the referral has come."""
        for part in self._parts:
            self._row.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = []
        return_words = pgettext("referral step", "not agreed yet")
        if steps.assess_by is not None:
            return_words = _("due {day}").format(day=day_word(steps.assess_by, today))
        awaited = pgettext("referral step", "awaited")
        found: list[str] = []
        for label, on, otherwise in (
            (pgettext("referral step", "Referral"), steps.issued_on, pgettext("referral step", "not issued yet")),
            (pgettext("referral step", "Visit"), steps.seen_on, awaited),
            (pgettext("referral step", "Reply"), steps.replied_on, awaited),
            (pgettext("referral step", "Assessment on return"), steps.assessed_on, return_words),
        ):
            day = otherwise if on is None else day_word(on, today)
            found.append(f"{label} {day}")
            self._add(label, day, done=on is not None)
        self.setAccessibleName("，".join(found))

    def text(self) -> str:
        """Return the line in words."""
        return self.accessibleName()

    def _add(self, label: str, day: str, *, done: bool) -> None:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        icon = "mdi6.check-circle" if done else "mdi6.circle-outline"
        colour = "accent" if done else "ink3"
        row.addWidget(icon_label(self._icons.named(icon), colour, 18), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(label, "meta_strong", wrap=True))
        words.addWidget(Label(day, "caption", wrap=True))
        row.addLayout(words, 1)
        self._parts.append(part)
        self._row.addWidget(part, 1)
