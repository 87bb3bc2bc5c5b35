"""Choosing files and folders, behind a protocol so that tests can answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QFileDialog, QWidget


@dataclass(frozen=True)
class FileKind:
    """A kind of file that can be chosen.

    Attributes:
        label: its name for the user.
        patterns: such as `*.xlsx`.
    """

    label: str
    patterns: tuple[str, ...]

    def as_filter(self) -> str:
        """Return the filter as Qt spells it."""
        return f"{self.label} ({' '.join(self.patterns)})"


class FileChooser(Protocol):
    """Asks the user; None when the choice was cancelled."""

    def open_file(self, parent: QWidget, title: str, kinds: tuple[FileKind, ...]) -> Path | None:
        """Ask for a file that exists."""
        ...

    def save_file(self, parent: QWidget, title: str, name: str, kind: FileKind) -> Path | None:
        """Ask where to save; `name` is offered. An existing file was confirmed."""
        ...

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """Ask for a folder."""
        ...


class QtFileChooser:
    """Qt's own dialogs.

    The system's are not used: they keep a list of recent files, in which names of students could stand.
    """

    def open_file(self, parent: QWidget, title: str, kinds: tuple[FileKind, ...]) -> Path | None:
        """Ask for a file that exists."""
        filters = ";;".join(kind.as_filter() for kind in kinds)
        chosen, _filter = QFileDialog.getOpenFileName(
            parent, title, str(Path.home()), filters, options=QFileDialog.Option.DontUseNativeDialog
        )
        return Path(chosen) if chosen else None

    def save_file(self, parent: QWidget, title: str, name: str, kind: FileKind) -> Path | None:
        """Ask where to save; `name` is offered."""
        chosen, _filter = QFileDialog.getSaveFileName(
            parent, title, str(Path.home() / name), kind.as_filter(), options=QFileDialog.Option.DontUseNativeDialog
        )
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(kind.patterns[0].removeprefix("*"))

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """Ask for a folder."""
        chosen = QFileDialog.getExistingDirectory(
            parent, title, str(Path.home()), QFileDialog.Option.DontUseNativeDialog | QFileDialog.Option.ShowDirsOnly
        )
        return Path(chosen) if chosen else None
