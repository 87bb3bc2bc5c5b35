"""What the command palette shows."""

from __future__ import annotations

from dataclasses import dataclass

from counselroom.ui.widgets.chip_face import ChipFace

Words = tuple[tuple[str, bool], ...]
"""A text in pieces; the matched ones (True) are bold."""


def plain(words: Words) -> str:
    """Return the text of the pieces."""
    return "".join(piece for piece, _matched in words)


@dataclass(frozen=True)
class PaletteEntry:
    """One thing that can be chosen.

    Attributes:
        key: what `chosen` tells.
        title: the name or the action.
        reading: pinyin, in pieces.
        detail: class, or what it is.
        right: date, code or state at the right end.
        keys: the key that does the same.
        icon: `mdi6.` name.
        chip: a state.
        strong: the title is bold (the best match).
    """

    key: str
    title: Words
    reading: Words = ()
    detail: str = ""
    right: str = ""
    keys: str = ""
    icon: str = ""
    chip: ChipFace | None = None
    strong: bool = False

    def text(self) -> str:
        """Return the entry in words, as a screen reader says it."""
        parts = (plain(self.title), self.detail, self.chip.text if self.chip else "", self.right, self.keys)
        return "，".join(part for part in parts if part)


@dataclass(frozen=True)
class PaletteGroup:
    """Entries under one heading, such as students, their records, actions."""

    title: str
    entries: tuple[PaletteEntry, ...]
