"""The keyboard map: every key of the window, once. F1 shows this table; the main window binds it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from counselroom.i18n import pgettext


class Act(StrEnum):
    """What a key does anywhere in the window."""

    LOCK = "lock"
    MASK = "mask"
    SEARCH = "search"
    HELP = "help"
    NEXT_PANEL = "next_panel"
    LAST_PANEL = "last_panel"
    BACK = "back"
    SAVE = "save"
    UNDO = "undo"
    WALK_IN = "walk_in"
    BOOK = "book"
    JOT = "jot"
    WRITE = "write"
    LARGER = "larger"
    SMALLER = "smaller"
    STANDARD = "standard"


@dataclass(frozen=True)
class Key:
    """A line of the keyboard map.

    Attributes:
        act: what it does.
        keys: the key sequences, in the portable spelling of Qt.
    """

    act: Act
    keys: tuple[str, ...]

    def shown(self) -> str:
        """Return the keys as the help spells them."""
        return " / ".join(key.replace("+", " ").replace("  ", " +") for key in self.keys)


KEYS = (
    Key(Act.LOCK, ("F12", "Ctrl+L")),
    Key(Act.MASK, ("F8",)),
    Key(Act.SEARCH, ("Ctrl+K",)),
    Key(Act.HELP, ("F1",)),
    Key(Act.NEXT_PANEL, ("F6",)),
    Key(Act.LAST_PANEL, ("Shift+F6",)),
    Key(Act.BACK, ("Alt+Left",)),
    Key(Act.SAVE, ("Ctrl+S",)),
    Key(Act.UNDO, ("Ctrl+Z",)),
    Key(Act.WALK_IN, ("Ctrl+N",)),
    Key(Act.BOOK, ("Ctrl+Shift+N",)),
    Key(Act.JOT, ("Ctrl+J",)),
    Key(Act.WRITE, ("Ctrl+E",)),
    Key(Act.LARGER, ("Ctrl++", "Ctrl+=")),
    Key(Act.SMALLER, ("Ctrl+-",)),
    Key(Act.STANDARD, ("Ctrl+0",)),
)
"""The keys that work on every page; Alt and a number go to a page, whose number is in the table of pages."""


def label(act: Act) -> str:
    """Return what a key does, for the help."""
    return {
        Act.LOCK: pgettext("keys", "lock"),
        Act.MASK: pgettext("keys", "mask names"),
        Act.SEARCH: pgettext("keys", "search"),
        Act.HELP: pgettext("keys", "help"),
        Act.NEXT_PANEL: pgettext("keys", "next panel"),
        Act.LAST_PANEL: pgettext("keys", "previous panel"),
        Act.BACK: pgettext("keys", "back"),
        Act.SAVE: pgettext("keys", "save now"),
        Act.UNDO: pgettext("keys", "undo"),
        Act.WALK_IN: pgettext("keys", "somebody at the door"),
        Act.BOOK: pgettext("keys", "book"),
        Act.JOT: pgettext("keys", "write a quick note"),
        Act.WRITE: pgettext("keys", "write a session note"),
        Act.LARGER: pgettext("keys", "larger text"),
        Act.SMALLER: pgettext("keys", "smaller text"),
        Act.STANDARD: pgettext("keys", "standard text"),
    }[act]
