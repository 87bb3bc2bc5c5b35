"""文书: all forms, one form for several students, and what was printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
_View = FormCatalogue | BatchView | LogView


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
        self._made: dict[str, _View] = {}
        self._waiting: dict[str, dict[str, Any]] = {}
        self._stack = QStackedWidget()
        self.body.addWidget(self._stack)
        self._views.changed.connect(self._turn)
        self._show_view(VIEWS[0])

    def view(self, name: str) -> _View:
        """Return a view, made when it is first wanted, in the state it was given before."""
        if name not in self._made:
            makers: dict[str, Callable[[], _View]] = {
                "list": lambda: FormCatalogue(self.room),
                "batch": lambda: BatchView(self.room, self.key),
                "log": lambda: LogView(self.room, self.key),
            }
            view = makers[name]()
            self._made[name] = view
            self._stack.addWidget(view)
            if name in self._waiting:
                view.restore(self._waiting.pop(name))
            view.touched.connect(self.touched)
        return self._made[name]

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
            self.view("batch").restore({key: arguments[key] for key in ("form", "unit") if key in arguments})

    def state(self) -> dict[str, Any]:
        """Return the view and what was chosen in each."""
        return {
            "view": self._views.current(),
            **{name: view.state() for name, view in self._made.items()},
            **self._waiting,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the view and what was chosen in each."""
        for name in VIEWS:
            known = dict(state.get(name) or {})
            if name in self._made:
                self._made[name].restore(known)
            elif known:
                self._waiting[name] = known
        self._show_view(str(state.get("view") or "list"))

    def _show_view(self, view: str) -> None:
        if view in VIEWS:
            self._views.set_current(view)
            self._stack.setCurrentWidget(self.view(view))

    def _turn(self, view: str) -> None:
        self._show_view(view)
        self.touched.emit()
