"""What Ctrl K finds beside people and pages: things to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from counselroom.i18n import _, pgettext
from counselroom.services.print_offers import FormLine
from counselroom.ui.room import Room


@dataclass(frozen=True)
class PaletteAction:
    """One thing to do.

    Attributes:
        label: what it does, translated when asked for.
        icon: `mdi6.` name.
        words: other ways to type it: pinyin, initials, numbers; lower case.
        page: the page it opens, or empty.
        dialog: the dialog it opens, or empty.
        arguments: what page or dialog is opened for.
    """

    label: Callable[[], str]
    icon: str
    words: tuple[str, ...] = ()
    page: str = ""
    dialog: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, query: str) -> bool:
        """Tell whether what was typed means this."""
        typed = query.strip().lower()
        return typed in self.label().lower() or any(word.startswith(typed) for word in self.words)

    def do(self, room: Room) -> None:
        """Open the page or the dialog."""
        if self.page:
            room.ways.open_page(self.page, **self.arguments)
        else:
            room.ways.open_dialog(self.dialog, **self.arguments)


ACTIONS: tuple[PaletteAction, ...] = (
    PaletteAction(
        lambda: pgettext("crisis", "Begin a crisis case"),
        "mdi6.alert-decagram-outline",
        ("qidongzhuanan", "qdza", "zhuanan", "za"),
        dialog="start_crisis",
    ),
    PaletteAction(
        lambda: pgettext("keys", "somebody at the door"),
        "mdi6.door-open",
        ("dengjilaifang", "djlf"),
        dialog="walk_in",
    ),
    PaletteAction(
        lambda: pgettext("keys", "book"),
        "mdi6.calendar-plus",
        ("xinjianyuyue", "xjyy", "yuyue", "yy"),
        dialog="appointment",
    ),
    PaletteAction(
        lambda: pgettext("dialog", "Put on the waiting list"), "mdi6.tray-plus", ("daianpai", "dap"), dialog="waiting"
    ),
    PaletteAction(
        lambda: pgettext("action", "Go on with a draft"), "mdi6.pencil-outline", ("caogao", "cg"), dialog="drafts"
    ),
    PaletteAction(
        lambda: pgettext("action", "Write a quick note"),
        "mdi6.pencil-plus-outline",
        ("suishouji", "ssj"),
        dialog="scratch",
    ),
    PaletteAction(
        lambda: pgettext("action", "Follow-ups that are due"),
        "mdi6.calendar-check-outline",
        ("suifang", "sf"),
        page="follow_ups",
    ),
    PaletteAction(
        lambda: pgettext("action", "All forms"), "mdi6.file-document-outline", ("wenshu", "ws"), page="forms"
    ),
    PaletteAction(
        lambda: pgettext("action", "Print a form for several students"),
        "mdi6.printer-outline",
        ("chengpi", "cpdy"),
        page="forms",
        arguments={"view": "batch"},
    ),
    PaletteAction(
        lambda: pgettext("action", "Print log"),
        "mdi6.printer-outline",
        ("dayindengji", "dydj"),
        page="forms",
        arguments={"view": "log"},
    ),
)


def form_actions(lines: Sequence[FormLine]) -> tuple[PaletteAction, ...]:
    """Return an action for each form that shows it blank, found by number, title, pinyin and initials."""
    return tuple(
        PaletteAction(
            lambda line=line: _("{form} {title}, blank").format(form=line.form_id, title=line.title),  # type: ignore[misc]  # mypy cannot see a default of a lambda
            "mdi6.file-outline",
            line.words,
            page="print_preview",
            arguments={"form": line.form_id},
        )
        for line in lines
    )
