"""遮名: the one way in which names and numbers of people reach the screen.

Every model, delegate, tooltip, toast and search result asks the `Face` of its place. Nothing else formats a name.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QObject, Signal

from counselroom import resources
from counselroom.i18n import _, pgettext

_SHOWN_DIGITS = 3
SURNAME, CODE = "surname", "code"
"""Styles of a masked name: 张同学, or the end of the student number."""
SHOWN, COVERED = "shown", "covered"
"""What becomes of the class beside a masked name."""


@dataclass(frozen=True)
class Face:
    """How people are shown at one place at the moment.

    Attributes:
        masked: whether names are covered.
        style: `SURNAME` or `CODE`.
        classes: `SHOWN` or `COVERED`.
    """

    masked: bool
    style: str = SURNAME
    classes: str = SHOWN

    def name(self, name: str, number: str | None = None) -> str:
        """Return a student's name, masked 张同学, or in the other style by the end of the number where it is given."""
        if self.masked and self.style == CODE and name:
            return pgettext("masking", "student {number}").format(number=self.number(number) or "…")
        surname = surname_of(name)
        return _("student {surname}").format(surname=surname) if self.masked and surname else name

    def guardian(self, name: str) -> str:
        """Return a guardian's name, masked 监护人."""
        return pgettext("masking", "guardian") if self.masked and name else name

    def number(self, number: str | None) -> str:
        """Return a phone or student number, masked its last three characters."""
        if not number:
            return ""
        if not self.masked:
            return number
        shown = number[-_SHOWN_DIGITS:] if len(number) > 2 * _SHOWN_DIGITS else number[-1:]
        return f"…{shown}"

    def class_name(self, name: str) -> str:
        """Return the name of a class, which the school may cover beside a masked name."""
        return "" if self.masked and self.classes == COVERED else name

    def text(self, text: str) -> str:
        """Return text about a person, masked nothing of it."""
        return "" if self.masked else text


class DrawnFaces:
    """The faces with which a place was drawn since it was last drawn as a whole.

    A place that is hidden and was drawn with the present face only needs not be drawn anew before it is seen, however
    often F8 was pressed in between. One whose parts were drawn at different times, before and after, does.
    """

    def __init__(self, masking: Masking, place: str) -> None:
        self._masking = masking
        self._place = place
        self._drawn: set[Face] = set()

    def face(self) -> Face:
        """Return how people are shown at the place now, for drawing a part of it."""
        face = self._masking.face(self._place)
        self._drawn.add(face)
        return face

    def are_current(self) -> bool:
        """Tell whether all that was drawn was drawn as it would be now; False where nothing was drawn."""
        return self._drawn == {self._masking.face(self._place)}

    def begin(self) -> None:
        """Begin to draw the whole place."""
        self._drawn.clear()


def surname_of(name: str) -> str:
    """Return the surname: two characters where it is a known one of two, else the first character."""
    bare = name.strip()
    return bare[:2] if len(bare) > 2 and bare[:2] in _long_surnames() else bare[:1]


@cache
def _long_surnames() -> frozenset[str]:
    table = tomllib.loads(resources.read_text("resources/surnames.toml"))["surnames"]
    return frozenset(surname for surname in table if len(surname) == 2)


class Masking(QObject):
    """Which places show names. Every place begins masked, and is masked again after a lock.

    Attributes:
        changed: what a place shows has changed.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None, *, style: str = SURNAME, classes: str = SHOWN) -> None:
        super().__init__(parent)
        self._style = style
        self._classes = classes
        self._shown: frozenset[str] = frozenset()
        self._before: frozenset[str] = frozenset()

    def face(self, place: str) -> Face:
        """Return how people are shown at `place`, the key of a page."""
        return Face(place not in self._shown, self._style, self._classes)

    def set_style(self, style: str, classes: str) -> None:
        """Mask in another way from now on."""
        if (style, classes) != (self._style, self._classes):
            self._style, self._classes = style, classes
            self.changed.emit()

    def show_on_purpose(self, place: str) -> None:
        """Show the names at a place that was opened to read about one person."""
        self._set(self._shown | {place})

    def toggle(self, place: str) -> None:
        """F8 at `place`: what is shown anywhere is masked at once; the next time it is shown again, and `place` too."""
        if self._shown:
            self._before = self._shown
            self._set(frozenset())
        else:
            self._set(self._before | {place})

    def _set(self, shown: frozenset[str]) -> None:
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()
