"""What is copied from the window: kept out of clipboard histories, and gone after half a minute or a lock."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard

KEPT_FOR = 30_000
"""Milliseconds that what was copied can be pasted."""
_NO = (0).to_bytes(4, "little")
"""A DWORD of Windows."""


def private_formats() -> Mapping[str, bytes]:
    """Return what is laid beside a copied text, so that nothing keeps it or sends it elsewhere.

    The first three are names Windows knows (Qt passes them on under this media type); the last is read by the clipboard
    managers of KDE, GNOME's GPaste and others.
    """
    return {
        _windows("ExcludeClipboardContentFromMonitorProcessing"): _NO,
        _windows("CanIncludeInClipboardHistory"): _NO,
        _windows("CanUploadToCloudClipboard"): _NO,
        "x-kde-passwordManagerHint": b"secret",
    }


def _windows(name: str) -> str:
    return f'application/x-qt-windows-mime;value="{name}"'


class ClipboardGuard(QObject):
    """Marks every copy of ours as private and takes it away again.

    A lock must clear it before the process ends: on X11 Qt hands what it owns to a clipboard manager when it quits.
    """

    def __init__(self, clipboard: QClipboard, parent: QObject | None = None, kept_for: int = KEPT_FOR) -> None:
        """Watch `clipboard`; what is ours is cleared after `kept_for` milliseconds."""
        super().__init__(parent)
        self._clipboard = clipboard
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(kept_for)
        self._timer.timeout.connect(self._clear_copy)
        clipboard.dataChanged.connect(self._look)

    def owns(self, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> bool:
        """Tell whether what can be pasted was copied (or, in X11's second clipboard, selected) here."""
        if mode is QClipboard.Mode.Selection:
            return self._clipboard.ownsSelection()
        return self._clipboard.ownsClipboard()

    def clear(self) -> None:
        """Take away what is ours, now."""
        self._clear_copy()
        if self.owns(QClipboard.Mode.Selection):
            self._clipboard.clear(QClipboard.Mode.Selection)

    def _clear_copy(self) -> None:
        self._timer.stop()
        if self.owns():
            self._clipboard.clear()

    def _look(self) -> None:
        if not self.owns():
            self._timer.stop()
            return
        copied = self._clipboard.mimeData()
        if copied is None or not copied.formats():  # none once it was cleared, whatever Qt's types say
            return
        self._timer.start()
        if not any(copied.hasFormat(name) for name in private_formats()):
            self._clipboard.setMimeData(_marked(copied))


def _marked(copied: QMimeData) -> QMimeData:
    marked = QMimeData()
    for name in copied.formats():
        marked.setData(name, copied.data(name))
    for name, value in private_formats().items():
        marked.setData(name, value)
    return marked
