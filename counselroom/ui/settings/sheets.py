"""恢复单: two new sheets, printed and typed back before the ones of before stop to open anything."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.desktop.places import require_fit
from counselroom.i18n import _, pgettext
from counselroom.services.recovery_sheets import Sheets, Which
from counselroom.services.users import offer_sheets, replace_sheets
from counselroom.ui.first_run.group_check import GroupCheck
from counselroom.ui.first_run.sheet_paper import pages, print_pages, save_pages
from counselroom.ui.first_run.sheet_view import SheetView
from counselroom.ui.room import Room
from counselroom.ui.settings.section import Section, row_of
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.secret_field import SecretField
from counselroom.ui.widgets.segmented import Segmented
from counselroom.vault.lanes import Job


class SheetsSection(Section):
    """The digits are on the screen only between the two buttons, and never in a draft."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, pgettext("settings", "Recovery sheets"), parent)
        icons = room.icons
        self._sheets: Sheets | None = None
        self.secret = SecretField(icons, pgettext("settings", "Present passphrase"), sheets=True)
        self.secret.setMaximumWidth(480)
        self.begin = Button(pgettext("settings", "Make new sheets"), "primary")
        column = self.group(pgettext("settings", "New recovery sheets"))
        column.addWidget(
            Label(
                _(
                    "Sheets A and B open the vault when a passphrase is forgotten. Make new ones when a sheet is lost "
                    "or somebody leaves who knows one. The present ones count until the new ones were typed back; "
                    "then they open nothing any more, except backups made before."
                ),
                "meta",
                wrap=True,
            )
        )
        column.addWidget(self.secret)
        column.addLayout(row_of(self.begin))
        self.which = Segmented((("A", _("Sheet A")), ("B", _("Sheet B"))))
        self.view = SheetView(icons.theme)
        self.print_button = Button(pgettext("sheet", "Print both"), icon=icons.named("mdi6.printer-outline"))
        self.save_button = Button(pgettext("sheet", "Save as PDF"))
        self.check = GroupCheck(icons, room.entropy)
        self.act = Button(pgettext("settings", "Let the new sheets count"), "danger")
        self.leave = Button(pgettext("settings", "Keep the present ones"))
        self._done = Label("", "meta", wrap=True)
        self._paper = QFrame()
        self._lay_out_paper()
        column.addWidget(self._paper)
        self._paper.hide()
        self.begin.clicked.connect(self._begin)
        self.secret.submitted.connect(self._begin)
        self.secret.changed.connect(lambda: self.begin.setEnabled(bool(self.secret.text())))
        self.begin.setEnabled(False)
        self.which.changed.connect(lambda _key: self._show_digits())
        self.check.changed.connect(lambda: self.act.setEnabled(self.check.is_right()))
        self.check.entered.connect(lambda: self.view.set_covered(covered=True))
        self.print_button.clicked.connect(self._print)
        self.save_button.clicked.connect(self._save)
        self.act.clicked.connect(self._replace)
        self.leave.clicked.connect(self.forget)

    def _lay_out_paper(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addLayout(row_of(self.which))
        left.addWidget(self.view)
        left.addStretch(1)
        right.setSpacing(10)
        right.addLayout(row_of(self.print_button, self.save_button))
        right.addWidget(self._done)
        right.addWidget(Label(_("Now type four groups from the paper"), "section", wrap=True))
        right.addWidget(self.check)
        right.addLayout(row_of(self.leave, self.act))
        right.addStretch(1)
        row = QHBoxLayout(self._paper)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        row.addLayout(left)
        row.addLayout(right, 1)

    def first(self) -> QWidget:
        """Return the passphrase."""
        return self.secret

    def forget(self) -> None:
        """Leave everything as it was; the new digits are forgotten."""
        self._sheets = None
        self.view.show_sheet("A", "", "")
        for edit in self.check.edits():
            edit.clear()
        self._paper.hide()
        self._done.setText("")
        self.secret.setEnabled(True)

    def refuse(self, error: BaseException) -> None:
        """Say why; nothing has changed."""
        super().refuse(error)
        self.secret.clear()
        self._set_busy(busy=False)

    def _begin(self) -> None:
        room = self.room
        if not self.secret.text():
            return
        credential = self.secret.credential(room.desk.vault.slot.login or None)
        self.secret.clear()
        self.say("")

        def work(job: Job[Sheets]) -> Sheets:
            return offer_sheets(room.actor, room.desk, credential, entropy=room.entropy, through=job.change)

        room.tasks.job(work, self._take, on_failed=self.refuse, reads=False)

    def _take(self, sheets: Sheets) -> None:
        self._sheets = sheets
        self.view.set_covered(covered=False)
        self.check.ask(sheets)
        self.act.setEnabled(False)
        self._show_digits()
        self.secret.setEnabled(False)
        self._paper.show()

    def _show_digits(self) -> None:
        which: Which = "A" if self.which.current() == "A" else "B"
        if self._sheets is not None:
            self.view.set_covered(covered=False)
            self.view.show_sheet(which, self._sheets.digits(which), self.room.desk.vault.vault_id[:8])

    def _print(self) -> None:
        room, sheets = self.room, self._sheets
        if sheets is None:
            return

        def work(job: Job[str]) -> str:
            return print_pages(
                job.change(lambda: pages(room.actor, room.desk, sheets, "")), room.printers, job.is_cancelled
            )

        self._set_busy(busy=True)
        room.tasks.job(work, self._printed, on_failed=self.refuse, reads=False)

    def _printed(self, printer: str) -> None:
        self._set_busy(busy=False)
        self._done.setText(
            _("Sent to {printer}, one page each of A and B, {time}").format(
                printer=printer, time=f"{self.room.now():%H:%M}"
            )
        )

    def _save(self) -> None:
        room, sheets = self.room, self._sheets
        folder = None if sheets is None else room.files.folder(self, _("Folder for the recovery sheets"))
        if sheets is None or folder is None:
            return

        def work(job: Job[str]) -> str:
            require_fit(folder, room.drives)
            save_pages(job.change(lambda: pages(room.actor, room.desk, sheets, "")), folder)
            return folder.name

        self._set_busy(busy=True)
        room.tasks.job(work, self._saved, on_failed=self.refuse, reads=False)

    def _saved(self, folder: str) -> None:
        self._set_busy(busy=False)
        self._done.setText(
            _("Both sheets lie in clear in “{folder}”. Print them, then delete the files for good.").format(
                folder=folder
            )
        )

    def _replace(self) -> None:
        room, sheets = self.room, self._sheets
        if sheets is None or not self.check.is_right():
            return
        self.change(
            lambda: replace_sheets(room.actor, room.desk, sheets, entropy=room.entropy),
            lambda _sheets: self.forget(),
            _("The new recovery sheets count. Please destroy the old ones."),
        )

    def _set_busy(self, *, busy: bool) -> None:
        for button in (self.print_button, self.save_button):
            button.setEnabled(not busy)
