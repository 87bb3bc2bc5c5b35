"""打印文书: the forms a 专案 can fill, with what will stand on them. Enter goes on to the preview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.crisis_page import CrisisPage
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.crisis.papers import (
    NOTICE,
    REFERRAL,
    REPORT,
    PaperRow,
    issue_notice_now,
    issue_report_now,
    newest_notice,
    papers_of,
    preview,
)
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.list_table import ListTable

_USUAL = 5
"""Forms a 专案 usually fills: the dialog has its height before they are read."""
_TWO_LINES = 44


class CrisisPapersDialog(CrisisForm):
    """Opened for {event}. The notice to the guardian stands first: Enter, and Enter on the preview, is paper."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(
            room,
            arguments,
            pgettext("crisis", "Print a paper"),
            pgettext("crisis", "Preview"),
            parent,
            keep=pgettext("crisis", "Close"),
            width=580,
        )
        self._rows: list[PaperRow] = []
        self._is_wanted = False
        self._model = PlainModel(
            (pgettext("crisis", "Form"), pgettext("crisis", "Title"), pgettext("crisis", "State")), self
        )
        self._table = ListTable(room.icons, pgettext("crisis", "Print a paper"))
        self._table.setModel(self._model)
        self._table.opened.connect(lambda _index: self.act())
        self._table.selectionModel().currentChanged.connect(lambda: self._show_row())
        self.column.addWidget(self._table)
        self._nothing = EmptyState(
            room.icons,
            "mdi6.file-document-outline",
            _("There is nothing to print yet."),
            _("The papers are listed here as soon as the case can be read."),
        )
        self.column.addWidget(self._nothing)
        self._says = self.note("", "meta")
        self._says.setMinimumHeight(_TWO_LINES)
        self._edit = Button(pgettext("crisis", "Change the words first"), "text", size="compact")
        self._edit.clicked.connect(self._open_form)
        self.add_note(self._edit)
        self._edit.hide()
        self._fit(_USUAL)
        self.read()

    def first(self) -> QWidget:
        """Return the list."""
        return self._table

    def fill(self, page: CrisisPage) -> None:
        """Show the forms."""
        self._rows = papers_of(page, self.room.now())
        self._model.show([
            (row.form, (Cell(row.form), Cell(row.title, bold=True), Cell(row.state, tone="ink2"))) for row in self._rows
        ])  # fmt: skip
        self._table.setColumnWidth(0, 72)
        self._table.setColumnWidth(1, 220)
        self._fit(len(self._rows))
        self._table.setCurrentIndex(self._model.index(0, 0))
        if self._is_wanted:
            self._is_wanted = False
            self.act()

    def refuse(self, error: BaseException) -> None:
        """Say why it was not done, and that there is no list when nothing could be read."""
        super().refuse(error)
        if self.page is None:
            self._fit(0)
            self.act_button.setEnabled(False)

    def act(self) -> None:
        """Issue what is not issued yet, then show the sheet."""
        page, room, row = self.page, self.room, self._row()
        if page is None or row is None:
            self._is_wanted = True  # Enter was faster than the reading
            return
        if row.form == REFERRAL and not row.entity_id:
            self.finish()
            room.ways.open_page("referral", student=page.event.data.student_id, event=page.event.id)
            return
        if self._is_issuable(row):
            form = row.form
            if form == NOTICE:
                self.change(
                    lambda: issue_notice_now(room, page, None),
                    then=lambda view: preview(room, form, "guardian_notice", view.id),
                )
            else:
                self.change(
                    lambda: issue_report_now(room, page, None),
                    then=lambda view: preview(room, form, "crisis_report", view.id),
                )
            return
        self.finish()
        preview(room, row.form, row.entity, row.entity_id)

    def _is_issuable(self, row: PaperRow) -> bool:
        """Tell whether printing this one begins with issuing it; in a closed 专案 nothing is issued any more."""
        page = self.page
        if page is None or page.event.closed_at is not None:
            return False
        if row.form == NOTICE:
            notice = newest_notice(page)
            return notice is None or notice.issued_at is None
        return row.form == REPORT and (not page.reports or page.reports[-1].issued_at is None)

    def _fit(self, rows: int) -> None:
        """Make the list as high as its rows; without any it says so."""
        theme = self.room.icons.theme
        self._table.setVisible(rows > 0)
        self._says.setVisible(rows > 0)
        self._nothing.setVisible(rows == 0)
        self._table.setFixedHeight(theme.pixels("height.table_header") + rows * theme.pixels("height.row") + 2)

    def _row(self) -> PaperRow | None:
        number = self._table.currentIndex().row()
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def _show_row(self) -> None:
        row = self._row()
        if row is None:
            return
        self._says.setText(_shortened(row.says))
        issuable = self._is_issuable(row)
        self._edit.setVisible(issuable)
        self.act_button.setText(pgettext("crisis", "Issue and preview") if issuable else pgettext("crisis", "Preview"))
        closed = self.page is not None and self.page.event.closed_at is not None
        self.act_button.setEnabled(bool(row.entity_id) or issuable or (row.form == REFERRAL and not closed))

    def _open_form(self) -> None:
        row = self._row()
        event_id = str(self.arguments.get("event") or "")
        if row is not None:
            self.room.ways.open_dialog("guardian_notice" if row.form == NOTICE else "crisis_report", event=event_id)


def _shortened(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:118]}……"
