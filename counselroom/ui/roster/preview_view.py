"""A roster preview in tabs: columns to correct, first lines, and what should be looked at before importing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHeaderView, QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.roster_import import RosterPreview
from counselroom.ui.masking import Face
from counselroom.ui.models.plain import PlainModel
from counselroom.ui.roster import preview_tables as tables
from counselroom.ui.roster.column_form import ColumnForm
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable

_WIDEST = 320
COLUMNS, LINES = "columns", "lines"


class PreviewView(QFrame):
    """Shows one preview.

    Attributes:
        corrected: a column was given another meaning.
        form: the columns.
    """

    corrected = Signal()

    def __init__(self, icons: Icons, face: Callable[[], Face], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self._icons = icons
        self._face = face
        self._preview: RosterPreview | None = None
        self.form = ColumnForm(icons)
        self.form.corrected.connect(self.corrected)
        self._tabs = QTabBar()
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        self._tabs.setAccessibleName(_("Preview of the roster"))
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._tabs)
        column.addWidget(self._stack, 1)
        self._tabs.currentChanged.connect(self._turn)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self.form)
        self.form.setProperty("kind", "scrolled")
        self._shown: dict[str, QWidget] = {COLUMNS: self._area}
        self._stack.addWidget(self._area)
        self.setMinimumHeight(260)

    def tabs(self) -> QTabBar:
        """Return the tabs."""
        return self._tabs

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the tabs in order."""
        return tuple(self._tabs.tabData(at) for at in range(self._tabs.count()))

    def turn_to(self, key: str) -> None:
        """Show a tab."""
        if key in self.keys():
            self._tabs.setCurrentIndex(self.keys().index(key))

    def current(self) -> str:
        """Return the tab that is shown."""
        return str(self._tabs.tabData(self._tabs.currentIndex()) or COLUMNS)

    def table(self, key: str) -> ListTable:
        """Return the table of a tab."""
        found = self._shown[key].findChild(ListTable)
        assert found is not None  # noqa: S101 - every tab but the columns has one
        return found

    def show_preview(self, preview: RosterPreview, *, with_columns: bool = True) -> None:
        """Show another preview; the columns stay while they are being corrected."""
        here = self.current() if self._tabs.count() else COLUMNS
        self._preview = preview
        if with_columns:
            self.form.show_columns(preview)
        self._fill(here)

    def show_faces(self) -> None:
        """Show people as they are shown now (遮名)."""
        if self._preview is not None:
            self._fill(self.current())

    def _fill(self, here: str) -> None:
        preview = self._preview
        assert preview is not None  # noqa: S101 - called after one was taken
        face = self._face()
        row, name = pgettext("roster", "Row"), pgettext("roster", "Name")
        heads, lines = tables.first_lines(preview, face)
        parts: list[tuple[str, str, str, tuple[str, ...], tables.Rows]] = [
            (LINES, pgettext("roster", "First {count} rows").format(count=len(lines)), "", heads, lines)
        ]
        if preview.refused:
            words = pgettext("roster", "Not imported {count}").format(count=f"{len(preview.refused):,}")
            parts.append(
                ("refused", words, "", (row, name, pgettext("roster", "Reason")), tables.refused_rows(preview, face))
            )
        if preview.plan.updated:
            words = pgettext("roster", "To be updated {count}").format(count=f"{len(preview.plan.updated):,}")
            parts.append(
                (
                    "updated",
                    words,
                    "",
                    (row, name, pgettext("roster", "What changes")),
                    tables.update_rows(preview, face),
                )
            )
        if preview.reading.problems:
            words = pgettext("roster", "Remarks {count}").format(count=f"{len(preview.reading.problems):,}")
            parts.append(("remarks", words, "", (row, pgettext("roster", "Remark")), tables.remarks(preview)))
        if preview.near_count:
            words = pgettext("roster", "Perhaps double {count}").format(count=f"{preview.near_count:,}")
            heads = (row, name, pgettext("roster", "Number"), pgettext("roster", "Like"), pgettext("roster", "Number"))
            why = _("They are imported as different students; in the list of students two records can be merged.")
            heads = (*heads, pgettext("roster", "Why"))
            parts.append(("near", words, why, heads, tables.near_rows(preview, face)))
        if preview.surnames:
            words = pgettext("roster", "Readings of surnames {count}").format(count=len(preview.surnames))
            why = _("Lists are sorted by the first reading; a search finds the student by any of them.")
            heads = (
                pgettext("roster", "Surname"),
                pgettext("roster", "Sorted as"),
                pgettext("roster", "Also found as"),
            )
            parts.append(("surnames", words, why, heads, tables.surname_rows(preview)))
        self._rebuild(here, parts)

    def _rebuild(self, here: str, parts: list[tuple[str, str, str, tuple[str, ...], tables.Rows]]) -> None:
        self._tabs.blockSignals(True)
        while self._tabs.count():
            self._tabs.removeTab(0)
        for key, widget in list(self._shown.items()):
            if key != COLUMNS:
                self._stack.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
                del self._shown[key]
        self._tabs.addTab(pgettext("roster", "Columns"))
        self._tabs.setTabData(0, COLUMNS)
        for key, words, why, heads, rows in parts:
            at = self._tabs.addTab(words)
            self._tabs.setTabData(at, key)
            self._shown[key] = page = self._page(words, why, heads, rows)
            self._stack.addWidget(page)
        self._tabs.blockSignals(False)
        self.turn_to(here if here in self._shown else COLUMNS)
        self._turn()

    def _page(self, words: str, why: str, heads: tuple[str, ...], rows: tables.Rows) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if why:
            label = Label(why, "hint", wrap=True)
            label.setContentsMargins(16, 8, 16, 8)
            column.addWidget(label)
        table = ListTable(self._icons, words)
        model = PlainModel(heads, table)
        model.show(rows)
        table.setModel(model)
        table.resizeColumnsToContents()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for at in range(len(heads) - 1):
            header.resizeSection(at, min(_WIDEST, header.sectionSize(at)))
        column.addWidget(table, 1)
        return page

    def _turn(self) -> None:
        self._stack.setCurrentWidget(self._shown[self.current()])
