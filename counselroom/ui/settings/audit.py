"""留痕: who did what, filtered; whether the chain is whole; an extract for the school's inspection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QHeaderView, QLineEdit, QWidget

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.services.audit_extract import (
    AuditChoices,
    AuditFilter,
    AuditLine,
    AuditPage,
    AuditSound,
    audit_choices,
    audit_lines,
    export_audit,
    verify_audit,
)
from counselroom.services.audit_papers import ENTITY, audit_key
from counselroom.ui.file_chooser import FileKind
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.room import Room
from counselroom.ui.settings.section import Section, choose, combo, row_of
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.inset import inset
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.vault.lanes import Job

PIECE = 200
"""Rows that are shown at a time."""


class AuditSection(Section):
    """Rows, newest first; reading them is a row too."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, pgettext("settings", "Audit log"), parent)
        icons = room.icons
        self._lines: list[AuditLine] = []
        self._shown = AuditFilter()
        today = room.now().date()
        self.since, self.until = _date_edit(_month_before(today)), _date_edit(today)
        self.since.setAccessibleName(pgettext("audit", "From"))
        self.until.setAccessibleName(pgettext("audit", "To"))
        everybody = (("", pgettext("audit", "Everybody")),)
        self.person = combo(pgettext("audit", "Who"), everybody, 140)
        self.action = combo(pgettext("audit", "What"), (("", pgettext("audit", "Everything")),), 160)
        self.show_button = Button(pgettext("audit", "Show"))
        self._count = Label("", "meta")
        self._model = PlainModel(
            (
                pgettext("audit", "Time"),
                pgettext("audit", "Who"),
                pgettext("audit", "What"),
                pgettext("audit", "On"),
                pgettext("audit", "Why"),
            ),
            self,
        )
        self.table = ListTable(icons, pgettext("settings", "Audit log"))
        self.table.setModel(self._model)
        self.table.setMinimumHeight(280)
        self.more = Button(pgettext("audit", "Show more"), "text")
        rows = self.group(pgettext("settings", "Audit log"))
        rows.addWidget(
            Label(
                _("It says who did what and when, never what a record says. It cannot be changed or deleted."),
                "meta",
                wrap=True,
            )
        )
        rows.addLayout(
            row_of(
                Label(pgettext("audit", "From"), "label"),
                self.since,
                Label(pgettext("audit", "To"), "label"),
                self.until,
            )
        )
        rows.addLayout(row_of(self.person, self.action, self.show_button, self._count))
        rows.addWidget(self.table)
        rows.addLayout(row_of(self.more))
        sound = self.group(pgettext("audit", "Is the log whole?"))
        self.verify = Button(pgettext("audit", "Verify"), icon=icons.named("mdi6.shield-check-outline"))
        linked = _("Every row is linked to the one before and sealed with a key of this vault.")
        self._sound = Label(linked, "meta", wrap=True)
        sound.addWidget(self._sound)
        sound.addLayout(row_of(self.verify))
        out = self.group(pgettext("audit", "Extract for an inspection"))
        self.reason = QLineEdit()
        self.reason.setMaxLength(200)
        out.addWidget(
            Field(
                pgettext("audit", "Why it is taken out"),
                self.reason,
                _("The file is not encrypted. The reason is kept in the log itself."),
                icons=icons,
            )
        )
        self.export = Button(pgettext("audit", "Save as Excel"), icon=icons.named("mdi6.file-document-outline"))
        self.export.setEnabled(False)
        self.print = Button(pgettext("audit", "Print the extract"), icon=icons.named("mdi6.printer-outline"))
        self.print.setEnabled(False)
        out.addLayout(row_of(self.export, self.print))
        self.show_button.clicked.connect(self._search)
        self.more.clicked.connect(self._more)
        self.verify.clicked.connect(self._verify)
        self.export.clicked.connect(self._export)
        self.print.clicked.connect(self._print)
        self.reason.textChanged.connect(lambda text: self.export.setEnabled(bool(text.strip())))
        self.reason.textEdited.connect(lambda _text: self.touched.emit())
        icons.theme.changed.connect(self._fit_columns)
        self._fit_columns()

    def first(self) -> QWidget:
        """Return the first day."""
        return self.since

    def state(self) -> dict[str, Any]:
        """Return the filter and the reason."""
        return {
            "since": self.since.date().toString("yyyy-MM-dd"),
            "until": self.until.date().toString("yyyy-MM-dd"),
            "reason": self.reason.text(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take filter and reason of before."""
        for edit, key in ((self.since, "since"), (self.until, "until")):
            day = QDate.fromString(str(state.get(key) or ""), "yyyy-MM-dd")
            if day.isValid():
                edit.setDate(day)
        self.reason.setText(str(state.get("reason") or ""))

    def load(self) -> None:
        """Ask for what can be filtered by, and for the newest rows."""
        room = self.room
        if self.person.count() <= 1:
            self.ask("audit.choices", lambda: audit_choices(room.actor, room.desk), self._show_choices)
            self._search()

    def wanted(self) -> AuditFilter:
        """Return the filter."""
        return AuditFilter(
            _pydate(self.since),
            _pydate(self.until),
            str(self.person.currentData() or ""),
            str(self.action.currentData() or ""),
        )

    def _show_choices(self, found: AuditChoices) -> None:
        for box, entries in ((self.person, found.people), (self.action, found.actions)):
            before = box.currentData()
            while box.count() > 1:
                box.removeItem(1)
            for key, words in entries:
                box.addItem(words, key)
            choose(box, before)

    def _search(self) -> None:
        self.say("")
        self._shown = self.wanted()
        self._ask(0, self._show)

    def _more(self) -> None:
        self._ask(len(self._lines), self._append)

    def _ask(self, offset: int, show: Any) -> None:
        room, wanted = self.room, self._shown
        self.ask("audit", lambda: audit_lines(room.actor, room.desk, wanted, offset=offset, limit=PIECE), show)

    def _show(self, page: AuditPage) -> None:
        self._lines = []
        self._append(page)

    def _append(self, page: AuditPage) -> None:
        self._lines += page.lines
        self._model.show([(str(line.seq), _cells(line)) for line in self._lines])
        self._count.setText(_("{count} rows").format(count=f"{page.total:,}"))
        self.more.setVisible(len(self._lines) < page.total)
        self.print.setEnabled(bool(self._lines))

    def _verify(self) -> None:
        room = self.room
        self.verify.setEnabled(False)

        def work(job: Job[AuditSound]) -> AuditSound:
            return verify_audit(room.actor, room.desk, through=job.change)

        room.tasks.job(work, self._verified, on_failed=self.refuse, reads=False, owner=self)

    def _verified(self, found: AuditSound) -> None:
        self.verify.setEnabled(True)
        if found.bad_seq is None:
            self._sound.setText(
                _("All {rows} rows are as they were written; none is missing.").format(rows=f"{found.rows:,}")
            )
        else:
            self._sound.setText(
                _(
                    "Row {number} was changed or is missing. The {rows} rows before it are right. "
                    "Please keep the computer as it is, tell the head of the school, and keep the newest backup apart."
                ).format(number=found.bad_seq, rows=f"{found.rows:,}")
            )

    def _export(self) -> None:
        room, wanted = self.room, self.wanted()
        kind = FileKind(pgettext("audit", "Excel table"), ("*.xlsx",))
        name = f"audit-{room.now():%Y%m%d}.xlsx"
        path = room.files.save_file(self, pgettext("audit", "Save as Excel"), name, kind)
        if path is None:
            return
        actor = room.actor.because(self.reason.text().strip())
        self.export.setEnabled(False)

        def work(job: Job[Path]) -> Path:
            content = export_audit(actor, room.desk, wanted, through=job.change)
            try:
                path.write_bytes(content)
            except OSError:
                raise UserError(
                    _("The extract could not be written to this place."),
                    _("The log is unchanged."),
                    _("Please choose another folder."),
                ) from None
            return path

        room.tasks.job(work, self._exported, on_failed=self.refuse, reads=False)

    def _print(self) -> None:
        """Show the rows that were looked at as a paper; what was logged since is not among them."""
        key = audit_key(replace(self._shown, last_seq=self._lines[0].seq))
        self.room.ways.open_page("print_preview", form="F-68", entity=ENTITY, entity_id=key, audience="room")

    def _exported(self, path: Path) -> None:
        self.reason.clear()
        self.room.messages.say(_("The extract {file} was saved.").format(file=path.name))

    def refuse(self, error: BaseException) -> None:
        """Say why."""
        super().refuse(error)
        self.verify.setEnabled(True)
        self.export.setEnabled(bool(self.reason.text().strip()))

    def _fit_columns(self) -> None:
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        scale = self.room.icons.theme.pixels("size.base") / 14
        for column, width in enumerate((160, 110, 150, 110)):
            header.resizeSection(column, round(width * scale))


def _cells(line: AuditLine) -> tuple[Cell, ...]:
    return (
        Cell(f"{line.at:%Y-%m-%d %H:%M:%S}"),
        Cell(line.who),
        Cell(line.action),
        Cell(line.subject),
        Cell(line.reason),
    )


def _month_before(day: date) -> date:
    year, month = (day.year - 1, 12) if day.month == 1 else (day.year, day.month - 1)
    return date(year, month, min(day.day, 28))


def _date_edit(day: date) -> QDateEdit:
    edit = QDateEdit(QDate(day.year, day.month, day.day))
    edit.setDisplayFormat("yyyy-MM-dd")
    edit.setMinimumWidth(136)
    inset(edit)
    return edit


def _pydate(edit: QDateEdit) -> date:
    found = edit.date()
    return date(found.year(), found.month(), found.day())
