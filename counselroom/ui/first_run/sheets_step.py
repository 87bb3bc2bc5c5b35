"""恢复单: both sheets printed, saved or copied by hand, and two groups of each typed back from the paper."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.desktop.places import require_fit
from counselroom.i18n import _, pgettext
from counselroom.services.changes import Done
from counselroom.services.recovery_sheets import Sheets, Which, renew_sheets
from counselroom.ui.first_run.group_check import GroupCheck
from counselroom.ui.first_run.sheet_paper import pages, print_pages, save_pages
from counselroom.ui.first_run.sheet_view import SheetView
from counselroom.ui.first_run.step import Step
from counselroom.ui.messages import plain_sentence
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import icon_label
from counselroom.ui.widgets.banner import Banner
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.error_line import ErrorLine
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.segmented import Segmented
from counselroom.ui.widgets.tick_line import TickLine
from counselroom.vault.lanes import Job


class SheetsStep(Step):
    """Complete only when the paper was proved."""

    def __init__(self, room: Room, sheets: Sheets | None, parent: QWidget | None = None) -> None:
        super().__init__(
            "sheets",
            _("Print the recovery sheets and keep them safe"),
            _("When the passphrase is forgotten only these open the vault. We have no copy and cannot make one."),
            parent,
        )
        self.room = room
        self._sheets = sheets
        self._working = False
        icons = room.icons
        self._which = Segmented((("A", _("Sheet A")), ("B", _("Sheet B"))))
        self._view = SheetView(icons.theme)
        self._cover = Button(pgettext("sheet", "Cover the digits"), size="compact")
        self._print = Button(
            pgettext("sheet", "Print both"), "primary", icons.named("mdi6.printer-outline"), size="large"
        )
        self._save = Button(pgettext("sheet", "Save as PDF"), size="large")
        self._renew = Button(pgettext("sheet", "Make new ones"), size="large")
        self._done_mark = icon_label(icons.named("mdi6.check-circle-outline"), "accent", 18)
        self._done = Label("", "meta", wrap=True)
        self._line = ErrorLine(icons.theme)
        self.check = GroupCheck(icons, room.entropy)
        self.tick = TickLine(
            _(
                "I have put the sheets in safe places, and I know that nobody can recover the records when the "
                "passphrase and both sheets are lost."
            )
        )
        self._lay_out()
        self._which.changed.connect(lambda _key: self._show_digits())
        self._cover.clicked.connect(lambda: self._set_covered(not self._view.is_covered()))
        self._print.clicked.connect(self._print_both)
        self._save.clicked.connect(self._save_both)
        self._renew.clicked.connect(self.renew)
        self.check.changed.connect(self.changed)
        self.check.entered.connect(lambda: self._set_covered(True))
        self.tick.toggled.connect(lambda _on: self.changed.emit())
        self._say_done("")

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        above = QHBoxLayout()
        above.addWidget(self._which)
        above.addStretch(1)
        above.addWidget(self._cover)
        left.addLayout(above)
        left.addWidget(self._view)
        left.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._print, self._save, self._renew):
            buttons.addWidget(button)
        buttons.addStretch(1)
        told = QHBoxLayout()
        told.setSpacing(8)
        told.addWidget(self._done_mark, 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self._done, 1)
        rule = QFrame()
        rule.setProperty("kind", "rule")
        rule.setFixedHeight(1)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addLayout(buttons)
        right.addLayout(told)
        right.addWidget(self._line)
        right.addWidget(rule)
        right.addWidget(Label(_("Now type four groups from the paper"), "section", wrap=True))
        right.addWidget(self.check)
        right.addWidget(self.tick)
        right.addWidget(
            Banner(
                self.room.icons,
                "mdi6.information-outline",
                _("No printer? Copy both sheets by hand: turn to A and B above the page. There are only digits."),
                "accent",
            )
        )
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(32)
        row.addLayout(left)
        row.addLayout(right, 1)
        self.column.addLayout(row)

    def digits_shown(self) -> bool:
        """Tell whether the digits can be read on the screen."""
        return self._sheets is not None and not self._view.is_covered()

    def sheets(self) -> Sheets | None:
        """Return the digits, None while they are being made."""
        return self._sheets

    def sentence(self) -> str:
        """Return what was done or went wrong last."""
        return self._line.text() or self._done.text()

    def missing(self) -> str:
        """Return what keeps the step from being complete."""
        if self._sheets is None:
            return _("The sheets are being made…")
        if wrong := self.check.missing():
            return wrong
        return "" if self.tick.is_ticked() else _("Please tick the box as well.")

    def is_busy(self) -> bool:
        """Tell whether sheets are being made or printed."""
        return self._working

    def enter(self) -> None:
        """Make new sheets where those of before are not known any more: they are kept nowhere."""
        if self._sheets is None:
            if not self._working:
                self.renew()
        else:
            self._take(self._sheets)

    def first(self) -> QWidget:
        """Return the first button."""
        return self._print

    def go(self) -> None:
        """Forget the digits: from here on they are on paper only."""
        self._sheets = None
        self._view.show_sheet("A", "", "")
        for edit in self.check.edits():
            edit.clear()
        self.finished.emit()

    def renew(self) -> None:
        """Make both sheets anew; what was printed before opens nothing any more."""
        room = self.room
        self._set_working(True)
        room.tasks.change(
            lambda: renew_sheets(room.actor, room.desk, entropy=room.entropy), self._renewed, on_failed=self._failed
        )

    def _renewed(self, done: Done[Sheets]) -> None:
        self._set_working(False)
        self._say_done("")
        self._take(done.value)

    def _take(self, sheets: Sheets) -> None:
        self._sheets = sheets
        self._set_covered(False)
        self._show_digits()
        self.check.ask(sheets)
        self.tick.box.setChecked(False)
        self.changed.emit()

    def _show_digits(self) -> None:
        which: Which = "A" if self._which.current() == "A" else "B"
        digits = self._sheets.digits(which) if self._sheets is not None else ""
        self._view.show_sheet(which, digits, self.room.desk.vault.vault_id[:8])

    def _set_covered(self, covered: bool) -> None:
        self._view.set_covered(covered=covered)
        self._cover.setText(pgettext("sheet", "Show the digits") if covered else pgettext("sheet", "Cover the digits"))

    def _print_both(self) -> None:
        room, sheets = self.room, self._sheets
        if sheets is None:
            return

        def work(job: Job[str]) -> str:
            found = job.change(lambda: pages(room.actor, room.desk, sheets, ""))
            return print_pages(found, room.printers, job.is_cancelled)

        self._set_working(True)
        room.tasks.job(work, self._printed, on_failed=self._failed, reads=False)

    def _printed(self, printer: str) -> None:
        self._set_working(False)
        moment = self.room.now()
        self._say_done(
            _("Sent to {printer}, one page each of A and B, {time}").format(printer=printer, time=f"{moment:%H:%M}")
        )

    def _save_both(self) -> None:
        room, sheets = self.room, self._sheets
        if sheets is None:
            return
        folder = room.files.folder(self, _("Folder for the recovery sheets"))
        if folder is None:
            return

        def work(job: Job[str]) -> str:
            require_fit(folder, room.drives)
            save_pages(job.change(lambda: pages(room.actor, room.desk, sheets, "")), folder)
            return folder.name

        self._set_working(True)
        room.tasks.job(work, self._saved, on_failed=self._failed, reads=False)

    def _saved(self, folder: str) -> None:
        self._set_working(False)
        self._say_done(
            _("Both sheets lie in clear in “{folder}”. Print them, then delete the files for good.").format(
                folder=folder
            )
        )

    def _failed(self, error: BaseException) -> None:
        self._set_working(False)
        self._say_done("")
        self._line.say(plain_sentence(error), "error")

    def _say_done(self, text: str) -> None:
        self._line.say("")
        self._done.setText(text)
        self._done.setVisible(bool(text))
        self._done_mark.setVisible(bool(text))

    def _set_working(self, working: bool) -> None:
        self._working = working
        for button in (self._print, self._save, self._renew):
            button.setEnabled(not working)
        self.changed.emit()
