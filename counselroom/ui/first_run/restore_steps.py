"""The first two steps of restoring without a vault: the file with what it says, and the sheet that opens it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.restore_elsewhere import BackupFacts, check_sheet, look_into_backup
from counselroom.ui.background import Background
from counselroom.ui.file_chooser import FileChooser, FileKind
from counselroom.ui.first_run.step import Step
from counselroom.ui.messages import plain_sentence
from counselroom.ui.sizes import size_text
from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.banner import Banner
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.error_line import ErrorLine
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.passphrase_edit import PassphraseEdit
from counselroom.vault.keys.recovery_code import RecoveryCodeError
from counselroom.vault.progress import Cancelled
from counselroom.vault.progress import Step as Part


class BackupFileStep(Step):
    """A backup, checked byte by byte against its own checksum."""

    def __init__(self, icons: Icons, files: FileChooser, parent: QWidget | None = None) -> None:
        super().__init__(
            "file",
            _("Choose the backup"),
            _("It is read once from beginning to end, so that a damaged one is found now. It is never changed."),
            parent,
        )
        self._files = files
        self._background = Background(self)
        self._facts: BackupFacts | None = None
        self._choose = Button(_("Choose the file"), size="large", icon=icons.named("mdi6.usb-flash-drive-outline"))
        self._name = ElidedLabel("", "strong")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(_("Reading the backup"))
        self._doing = Label(_("Reading the backup"), "hint")
        self._cancel = Button(pgettext("progress", "Cancel"), "text", size="compact")
        self._line = ErrorLine(icons.theme)
        self._panel = Panel(_("What the backup says about itself"))
        self._words = [Label("", wrap=True) for _number in range(4)]
        self._lay_out(icons)
        self._choose.clicked.connect(self._ask)
        self._cancel.clicked.connect(self._background.cancel)
        self._show_state()

    def _lay_out(self, icons: Icons) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._choose)
        row.addWidget(self._name, 1)
        doing = QHBoxLayout()
        doing.addWidget(self._doing, 1)
        doing.addWidget(self._cancel)
        inner = QWidget()
        facts = QVBoxLayout(inner)
        facts.setContentsMargins(16, 12, 16, 14)
        facts.setSpacing(6)
        for label in self._words:
            facts.addWidget(label)
        sound = QHBoxLayout()
        sound.setSpacing(8)
        sound.addWidget(icon_label(icons.named("mdi6.shield-check-outline"), "accent", 18))
        sound.addWidget(Label(_("Every byte is as it was written."), wrap=True), 1)
        facts.addLayout(sound)
        self._panel.set_body(inner)
        self._panel.setMaximumWidth(640)
        self._bar.setMaximumWidth(640)
        self.column.addLayout(row)
        self.column.addWidget(self._bar)
        self.column.addLayout(doing)
        self.column.addWidget(self._line)
        self.column.addWidget(self._panel)
        self.column.addWidget(
            Banner(
                icons,
                "mdi6.information-outline",
                _(
                    "Which school it is and what stands in it can only be seen with a recovery sheet: without one the "
                    "file says nothing about anybody."
                ),
                "accent",
            )
        )

    def facts(self) -> BackupFacts | None:
        """Return what the file says, None before it was read."""
        return self._facts

    def sentence(self) -> str:
        """Return what is wrong with the file."""
        return self._line.text()

    def missing(self) -> str:
        """Return that a file is needed."""
        return "" if self._facts is not None else _("Please choose a backup; its name ends in .crbackup.")

    def is_busy(self) -> bool:
        """Tell whether a file is being read."""
        return self._background.is_busy()

    def first(self) -> QWidget:
        """Return the button."""
        return self._choose

    def load(self, file: Path) -> None:
        """Read a file."""
        background = self._background

        def tell(part: Part, done: int, whole: int) -> None:
            del part
            background.tell(lambda: self._show_progress(done, whole))

        started = background.run(
            lambda: look_into_backup(file, progress=tell, cancel=background.is_cancelled), self._take, self._refuse
        )
        if started:
            self._facts = None
            self._name.setText(file.name)
            self._line.say("")
            self._bar.setRange(0, 0)
            self._show_state()

    def _ask(self) -> None:
        kinds = (FileKind(pgettext("backup", "Backups"), ("*.crbackup",)),)
        file = self._files.open_file(self, _("Choose the backup"), kinds)
        if file is not None:
            self.load(file)

    def _show_progress(self, done: int, whole: int) -> None:
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * done / whole) if whole else 0)

    def _take(self, facts: BackupFacts) -> None:
        self._facts = facts
        made = facts.made_at.astimezone()
        for label, text in zip(
            self._words,
            (
                _("Made on {day} at {time}").format(day=f"{made:%Y-%m-%d}", time=f"{made:%H:%M}"),
                _("{count} rows of records").format(count=f"{facts.rows:,}"),
                _("Size {size}").format(size=size_text(facts.size)),
                _("Opens with the sheets of the mark {mark}").format(mark=facts.sheet_mark),
            ),
            strict=True,
        ):
            label.setText(text)
        self._show_state()

    def _refuse(self, error: BaseException) -> None:
        if not isinstance(error, Cancelled):
            self._line.say(plain_sentence(error), "error")
        self._show_state()

    def _show_state(self) -> None:
        busy = self._background.is_busy()
        self._choose.setEnabled(not busy)
        for widget in (self._bar, self._doing, self._cancel):
            widget.setVisible(busy)
        self._panel.setVisible(self._facts is not None)
        self.changed.emit()


class SheetDigitsStep(Step):
    """The digits of a recovery sheet, compared with the backup."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(
            "sheet",
            _("Type the recovery sheet"),
            _("Either sheet, A or B, that was valid when the backup was made. A passphrase is never in a backup."),
            parent,
        )
        self._file: Path | None = None
        self._background = Background(self)
        self._digits = PassphraseEdit(icons.theme, "key-outline")
        self._digits.show_text(shown=True)
        self._field = Field(
            _("48 digits of a recovery sheet"),
            self._digits,
            _("Eight groups of six, with or without spaces and dashes."),
            icons=icons,
        )
        self._field.setMaximumWidth(640)
        self.column.addWidget(self._field)
        self._digits.textChanged.connect(lambda _text: self._typed())

    def use_file(self, file: Path) -> None:
        """Compare with this backup."""
        self._file = file

    def digits(self) -> str:
        """Return what was typed."""
        return self._digits.text()

    def error(self) -> str:
        """Return what is wrong with it."""
        return self._field.error()

    def forget(self) -> None:
        """Take the digits out of the field."""
        self._digits.clear()

    def missing(self) -> str:
        """Return that digits are needed."""
        return "" if self._digits.text().strip() else _("Please type the digits of a sheet.")

    def is_busy(self) -> bool:
        """Tell whether they are being compared."""
        return self._background.is_busy()

    def first(self) -> QWidget:
        """Return the field."""
        return self._digits

    def go(self) -> None:
        """Compare the digits with the backup."""
        file, digits = self._file, self._digits.text()
        if file is not None:
            self._background.run(lambda: check_sheet(file, digits), lambda _none: self._fits(), self._refuse)
            self.changed.emit()

    def _fits(self) -> None:
        self.changed.emit()
        self.finished.emit()

    def _refuse(self, error: BaseException) -> None:
        self._field.set_error(plain_sentence(error))
        self.changed.emit()
        self._digits.setFocus()
        if not isinstance(error, RecoveryCodeError):
            self._digits.selectAll()

    def _typed(self) -> None:
        self._field.set_error("")
        self.changed.emit()
