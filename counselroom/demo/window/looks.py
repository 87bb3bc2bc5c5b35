"""What can be checked by machine about the look of any page or dialog; every function returns a list of faults.

Show the widget first and call `settle`: sizes are real only then.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabBar,
    QWidget,
)

from counselroom.ui.theme.tokens import contrast
from counselroom.ui.widgets.chip import Chip
from counselroom.ui.widgets.label import ElidedLabel

SIZES = ((1440, 900), (1366, 688), (1093, 550))
"""Client areas of a usual screen, a small one, and a small one at 125 %."""

LATIN = re.compile(r"[A-Za-z]{2,}")
_PLACE = re.compile(r"\S*[/\\]\S*")
"""A folder or file that the user has named; its words are hers."""
KNOWN_LATIN = frozenset(
    {
        "Ctrl",
        "Alt",
        "Shift",
        "Enter",
        "Esc",
        "Tab",
        "Space",
        "Del",
        "GB",
        "MB",
        "KB",
        "Excel",
        "PDF",
        "xlsx",
        "csv",
        "XL",
        # Services that copy folders, which are warned of by their names.
        "OneDrive",
        "iCloud",
        "Dropbox",
        "WPS",
        "ZJ",
    }
)
"""Names of keys, units and kinds of files, which stand so in a Chinese window."""


def settle() -> None:
    """Let layouts and style sheets come to rest."""
    for _round in range(3):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def shown(root: QWidget) -> Iterator[QWidget]:
    """Yield every visible widget within `root`."""
    for widget in root.findChildren(QWidget):
        if widget.isVisibleTo(root) and not widget.isWindow():
            yield widget


def describe(widget: QWidget) -> str:
    """Return what a fault calls a widget."""
    return f"{type(widget).__name__} {text_of(widget) or widget.objectName() or widget.accessibleName()!r}"


def text_of(widget: QWidget) -> str:
    """Return the words a widget shows."""
    if isinstance(widget, QLabel):
        return widget.text()
    if isinstance(widget, Chip):
        return "" if widget.face().shape_only else widget.text()
    if isinstance(widget, QAbstractButton):
        return widget.text().replace("&&", "&")
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QLineEdit):
        return widget.text()
    return ""


def outside_parent(root: QWidget) -> list[str]:
    """Return the widgets that reach beyond their parent; what a scroll area moves may."""
    faults = []
    for widget in shown(root):
        parent = widget.parentWidget()
        if parent is None or isinstance(widget, QAbstractSlider):
            continue
        above = parent.parentWidget()
        if isinstance(above, QAbstractScrollArea) and above.viewport() is parent:
            if not isinstance(above, QScrollArea) or widget.width() <= parent.width():
                continue
            faults.append(f"{describe(widget)} is wider than what scrolls it")
        elif not parent.rect().contains(widget.geometry()):
            faults.append(f"{describe(widget)} {widget.geometry()} beyond {parent.rect()}")
    return faults


def cut_texts(root: QWidget) -> list[str]:
    """Return the labels, buttons and tabs whose text does not fit."""
    faults = []
    for widget in shown(root):
        if not isinstance(widget, QLabel | QAbstractButton | QTabBar) or isinstance(widget, ElidedLabel):
            continue
        if isinstance(widget, QAbstractButton) and isinstance(widget.parentWidget(), QLineEdit):
            continue  # the icon in a field, which Qt fits in
        if isinstance(widget, QLabel) and widget.wordWrap():
            wanted = widget.heightForWidth(widget.width())
            if wanted > widget.height():
                faults.append(f"{describe(widget)} needs {wanted} of height, has {widget.height()}")
            continue
        hint = widget.sizeHint()
        if hint.width() > widget.width() or hint.height() > widget.height():
            faults.append(f"{describe(widget)} needs {hint}, has {widget.size()}")
    return faults


def elided_without_tooltip(root: QWidget) -> list[str]:
    """Return the shortened labels that do not show themselves whole."""
    return [
        describe(widget)
        for widget in shown(root)
        if isinstance(widget, ElidedLabel) and widget.shown_text() != widget.text() and not widget.toolTip()
    ]


_CODE = re.compile(r"\b[A-Z]{1,4}(?:-[A-Z0-9]+)+")
"""A number of ours, such as GA-2026-001 or QH-2026-2027-DA-0001."""


def latin_words(root: QWidget, known: frozenset[str] = KNOWN_LATIN) -> list[str]:
    """Return the words in Latin letters that a Chinese teacher would not expect."""
    faults = []
    for widget in (root, *shown(root)):
        spoken = (text_of(widget), widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        if isinstance(widget, QLineEdit):
            spoken = (widget.placeholderText(), *spoken[1:])
        for text in spoken:
            faults += [
                f"{word} in {text}" for word in LATIN.findall(_CODE.sub("", _PLACE.sub("", text))) if word not in known
            ]
    return faults


def unnamed_buttons(root: QWidget) -> list[str]:
    """Return the buttons that say nothing to a screen reader."""
    return [
        describe(widget)
        for widget in shown(root)
        if isinstance(widget, QAbstractButton)
        and not (widget.accessibleName() or widget.text())
        # Qt's own corner button and the clear button of a field have no words.
        and not widget.objectName().startswith("qt_")
        and type(widget).__module__.startswith("counselroom")
    ]


def _pixels(image: QImage) -> Counter[int]:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    return Counter(memoryview(plain.constBits()).cast("I"))


def ground_of(image: QImage, place: QRect) -> QColor:
    """Return the colour that most of a place in a picture has."""
    return QColor.fromRgb(_pixels(image.copy(place.intersected(image.rect()))).most_common(1)[0][0])


def text_contrasts(root: QWidget) -> list[tuple[float, str]]:
    """Return the contrast of every visible text, from the colour it is drawn in and the ground that was really painted.

    Disabled controls are exempt.
    """
    image = root.grab().toImage()
    ratio = image.devicePixelRatio()
    measured = []
    for widget in shown(root):
        if not text_of(widget) or not widget.isEnabled():
            continue
        place = QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())
        place = place.intersected(root.rect())
        if place.width() < 8 or place.height() < 8 or not _is_uncovered(root, widget, place):
            continue
        inner = QRect(place.topLeft() * ratio, place.size() * ratio)
        ink = widget.palette().color(widget.foregroundRole())
        ground = ground_of(image, inner)
        measured.append((contrast(ink.name(), ground.name()), f"{describe(widget)} {ink.name()} on {ground.name()}"))
    return measured


def _is_uncovered(root: QWidget, widget: QWidget, place: QRect) -> bool:
    """A widget that a scroll area has moved away, or that lies under another, is not seen."""
    met = root.childAt(place.center())
    while met is not None and met is not root:
        if met is widget:
            return True
        met = met.parentWidget()
    above = widget.parentWidget()  # labels that let the mouse through to a button
    return above is not None and root.childAt(place.center()) is above


def low_contrasts(root: QWidget, least: float = 4.5) -> list[str]:
    """Return the texts that are too pale."""
    return [f"{ratio:.2f} {what}" for ratio, what in text_contrasts(root) if ratio < least]


def faults(root: QWidget, known_latin: frozenset[str] = KNOWN_LATIN) -> list[str]:
    """Return everything that is wrong with the look of a shown widget, contrasts included."""
    settle()
    return [
        *outside_parent(root),
        *cut_texts(root),
        *elided_without_tooltip(root),
        *latin_words(root, known_latin),
        *unnamed_buttons(root),
        *low_contrasts(root),
    ]


def colour_at(widget: QWidget, x: int, y: int) -> str:
    """Return the colour `#rrggbb` of a painted point; negative numbers count from the right and the bottom."""
    image = widget.grab().toImage()
    ratio = image.devicePixelRatio()
    x, y = x % widget.width(), y % widget.height()
    return image.pixelColor(int(x * ratio), int(y * ratio)).name()


def colours_of(widget: QWidget) -> Counter[str]:
    """Return how often each colour was painted."""
    return Counter({QColor.fromRgb(pixel).name(): count for pixel, count in _pixels(widget.grab().toImage()).items()})
