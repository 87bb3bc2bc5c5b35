"""文书: all forms, one form for several students, and what was printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from counselroom.i18n import pgettext
from counselroom.ui.page import Page
from counselroom.ui.printing.batch_view import BatchView
from counselroom.ui.printing.form_catalogue import FormCatalogue
from counselroom.ui.printing.log_view import LogView
from counselroom.ui.room import Room
from counselroom.ui.widgets.segmented import Segmented

VIEWS = ("list", "batch", "log")


class FormsPage(Page):
    """Three views of one page. Opened for {view, and for a batch: form, unit}."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Forms"), parent, back=True)
        self._views = Segmented(
            (
                ("list", pgettext("forms", "All forms")),
                ("batch", pgettext("forms", "Batch printing")),
                ("log", pgettext("forms", "Print log")),
            )
        )
        self.header.add_action(self._views)
        self._catalogue = FormCatalogue(room)
        self._batch = BatchView(room, key)
        self._log = LogView(room, key)
        self._stack = QStackedWidget()
        for view in (self._catalogue, self._batch, self._log):
            self._stack.addWidget(view)
            view.touched.connect(self.touched)
        self.body.addWidget(self._stack)
        self._views.changed.connect(self._turn)

    def panels(self) -> Sequence[QWidget]:
        """Return the views and what is filled in and listed in the one that is shown."""
        view = self._stack.currentWidget()
        if isinstance(view, BatchView):
            return (self._views, view.form, view.table)
        assert isinstance(view, FormCatalogue | LogView)  # noqa: S101 - the stack holds nothing else
        return (self._views, view.search, view.table)

    def first(self) -> QWidget:
        """Return the search field, or the form of a batch."""
        return self.panels()[1]

    def show_subject(self, arguments: Mapping[str, Any]) -> None:
        """Show a view, and for a batch the form and the class."""
        self._show_view(str(arguments.get("view") or "list"))
        if "form" in arguments or "unit" in arguments:
            self._batch.restore({key: arguments[key] for key in ("form", "unit") if key in arguments})

    def state(self) -> dict[str, Any]:
        """Return the view and what was chosen in each."""
        return {
            "view": self._views.current(),
            "catalogue": self._catalogue.state(),
            "batch": self._batch.state(),
            "log": self._log.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the view and what was chosen in each."""
        self._catalogue.restore(dict(state.get("catalogue") or {}))
        self._batch.restore(dict(state.get("batch") or {}))
        self._log.restore(dict(state.get("log") or {}))
        self._show_view(str(state.get("view") or "list"))

    def _show_view(self, view: str) -> None:
        if view in VIEWS:
            self._views.set_current(view)
            self._stack.setCurrentIndex(VIEWS.index(view))

    def _turn(self, view: str) -> None:
        self._show_view(view)
        self.touched.emit()
