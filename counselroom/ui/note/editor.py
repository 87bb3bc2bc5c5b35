"""The editor of a note: fixed headings, text below each, 16/29, never wider than 44 characters.

The text is the small Markdown of notes (bold, lists, quotes) and is shown as it is kept: what is signed is exactly what
stands here. Headings are blocks of the same document that nothing can change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from counselroom.services.note_files import Heading
from counselroom.ui.note.marks import LISTED, NoteMarks
from counselroom.ui.theme.theme import Theme

MEASURE = 44
"""Characters of a line at most."""
_SECTION = int(QTextFormat.Property.UserProperty) + 1
_ASIDE = int(QTextFormat.Property.UserProperty) + 2


@dataclass(frozen=True)
class Aside:
    """A correction below the section it belongs to.

    Attributes:
        section: that section; empty for the whole note.
        head: number, day and name.
        text: what it says.
        reason: why it was added, in words.
    """

    section: str
    head: str
    text: str
    reason: str


class NoteEditor(QTextEdit):
    """Text below fixed headings.

    Attributes:
        written: the text has changed.
        moved: the cursor or the view has moved.
    """

    written = Signal()
    moved = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._headings: tuple[Heading, ...] = ()
        self._known: dict[str, str] = {}
        self._asides: tuple[Aside, ...] = ()
        self._is_building = False
        self._last = 0
        self.setProperty("kind", "note")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAcceptRichText(False)
        self.setAcceptDrops(False)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._marks = NoteMarks(self.document(), theme)
        self.textChanged.connect(self._look)
        self.cursorPositionChanged.connect(self._leave_heading)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.moved.emit())
        theme.changed.connect(self._dress)

    # The text.

    def show_note(self, headings: Sequence[Heading], sections: Mapping[str, str], asides: Sequence[Aside] = ()) -> None:
        """Show another note; what was undone or could be undone before is forgotten."""
        self._headings, self._asides = tuple(headings), tuple(asides)
        self._build(sections)
        self._known = self.sections()

    def sections(self) -> dict[str, str]:
        """Return the text below each heading, without empty lines at its ends."""
        found: dict[str, list[str]] = {heading.section: [] for heading in self._headings}
        here = ""
        for block in self._blocks():
            named = block.blockFormat().property(_SECTION)
            if named:
                here = str(named)
            elif here in found and not block.blockFormat().property(_ASIDE):
                found[here].append(block.text())
        return {section: "\n".join(lines).strip("\n") for section, lines in found.items()}

    def length(self) -> int:
        """Return how many characters are written."""
        return sum(len("".join(text.split())) for text in self.sections().values())

    def cursor_place(self) -> tuple[int, int]:
        """Return where the cursor is and how far the text is scrolled."""
        return self.textCursor().position(), self.verticalScrollBar().value()

    def set_cursor_place(self, position: int, scroll: int) -> None:
        """Put the cursor and the view where they were."""
        cursor = self.textCursor()
        cursor.setPosition(min(max(0, position), self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(scroll)

    def go_to_start(self) -> None:
        """Put the cursor below the first heading."""
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.NextBlock)
        self.setTextCursor(cursor)

    def insert_words(self, words: str) -> None:
        """Write something at the cursor, as the time or a phrase; a line of a list begins a new line."""
        if self.isReadOnly():
            return
        self._keep_in_section()
        cursor = self.textCursor()
        if words.startswith("- ") and cursor.block().text().strip():
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            words = f"\n{words}"
        cursor.insertText(words, QTextCharFormat())
        self.setTextCursor(cursor)
        self.setFocus()

    def make_bold(self) -> None:
        """Set the selected words in bold, or take it away."""
        self._keep_in_section()
        cursor = self.textCursor()
        words = cursor.selectedText().strip()
        if not words or "\u2029" in words or self.isReadOnly():
            return
        is_bold = words.startswith("**") and words.endswith("**") and len(words) > 4
        cursor.insertText(words[2:-2] if is_bold else f"**{words}**", QTextCharFormat())
        self.setFocus()

    def make_list(self, sign: str) -> None:
        """Begin the lines of the selection with `- `, `1. ` or `> `, or take that away."""
        if self.isReadOnly():
            return
        self._keep_in_section()
        cursor = self.textCursor()
        first = self.document().findBlock(cursor.selectionStart())
        last = self.document().findBlock(cursor.selectionEnd())
        numbers = range(first.blockNumber(), last.blockNumber() + 1)
        edit = QTextCursor(self.document())
        edit.beginEditBlock()
        for count, number in enumerate(numbers, start=1):
            block = self.document().findBlockByNumber(number)
            wanted = f"{count}. " if sign == "1. " else sign
            edit.setPosition(block.position())
            known = LISTED.match(block.text())
            if known:
                edit.setPosition(block.position() + known.end(), QTextCursor.MoveMode.KeepAnchor)
            same = known is not None and known.group().rstrip("0123456789")[:1] == wanted.rstrip("0123456789")[:1]
            edit.insertText("" if same else wanted, QTextCharFormat())
        edit.endEditBlock()
        self.setFocus()

    # What Qt tells.

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Keep every key that writes inside of one section."""
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self._select_section()
            return
        writes = bool(event.text()) or event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
        if writes and not self.isReadOnly() and not event.matches(QKeySequence.StandardKey.Copy):
            self._keep_in_section()
            if self._is_at_edge(event.key()):
                return
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:  # noqa: N802 - Qt's name
        """Compose inside of one section."""
        if (event.commitString() or event.preeditString()) and not self.isReadOnly():
            self._keep_in_section()
        super().inputMethodEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """Paste words only."""
        self._keep_in_section()
        text = source.text().replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\u00a0", " ")
        self.textCursor().insertText(text, QTextCharFormat())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the lines short."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the text, and below empty headings what belongs there."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(self._theme.colour("ink3"))
        painter.setFont(self._font())
        hints = {heading.section: heading.hint for heading in self._headings}
        layout, down = self.document().documentLayout(), self.verticalScrollBar().value()
        for block in self._blocks():
            named = block.blockFormat().property(_SECTION)
            below = block.next()
            if not named or self.isReadOnly() or not hints.get(str(named)) or not below.isValid() or below.text():
                continue
            after = below.next()
            if after.isValid() and not after.blockFormat().property(_SECTION):
                continue
            if self.textCursor().block() == below and self.hasFocus():
                continue
            place = layout.blockBoundingRect(below).translated(0, -down)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, hints[str(named)])

    # Inside.

    def _blocks(self) -> list[QTextBlock]:
        found, block = [], self.document().begin()
        while block.isValid():
            found.append(block)
            block = block.next()
        return found

    def _build(self, sections: Mapping[str, str]) -> None:
        self._is_building = True
        self.document().setUndoRedoEnabled(False)
        self.clear()
        self.document().setDocumentMargin(4)
        cursor = QTextCursor(self.document())
        is_first = True
        for heading in self._headings:
            self._add(cursor, heading.text, self._heading_format(heading.section, first=is_first), heading=True)
            for line in sections.get(heading.section, "").split("\n"):
                self._add(cursor, line, self._body_format())
            self._add_asides(cursor, heading.section)
            is_first = False
        self._add_asides(cursor, "")
        self.document().setUndoRedoEnabled(True)
        self._is_building = False
        self.go_to_start()
        self._last = self.textCursor().position()

    def _add(
        self, cursor: QTextCursor, text: str, form: QTextBlockFormat, *, heading: bool = False, tone: str = ""
    ) -> None:
        letters = QTextCharFormat()
        letters.setFont(self._font())
        if heading:
            letters.setFontWeight(700)
            letters.setForeground(self._theme.colour("accent"))
        elif tone:
            letters.setForeground(self._theme.colour(tone))
        if cursor.position():
            cursor.insertBlock(form, letters)
        else:
            cursor.setBlockFormat(form)
            cursor.setBlockCharFormat(letters)
        cursor.insertText(text, letters)

    def _add_asides(self, cursor: QTextCursor, section: str) -> None:
        for aside in (aside for aside in self._asides if aside.section == section):
            for number, (line, tone) in enumerate(
                ((aside.head, "accent"), *((line, "ink") for line in aside.text.split("\n")), (aside.reason, "ink2"))
            ):
                form = self._body_format()
                form.setProperty(_ASIDE, 1)
                form.setLeftMargin(24)
                form.setTopMargin(8 if number == 0 else 0)
                self._add(cursor, line, form, tone=tone)

    def _font(self) -> QFont:
        return self._theme.font("note")

    def _line(self) -> int:
        return round(self._theme.pixels("size.note") * 29 / 16)

    def _body_format(self) -> QTextBlockFormat:
        form = QTextBlockFormat()
        form.setLineHeight(self._line(), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        return form

    def _heading_format(self, section: str, *, first: bool) -> QTextBlockFormat:
        form = self._body_format()
        form.setProperty(_SECTION, section)
        form.setTopMargin(0 if first else 14)
        return form

    def _dress(self) -> None:
        """Take other colours or sizes; the text, the cursor and the view stay."""
        place, sections = self.cursor_place(), self.sections()
        self._build(sections)
        self.set_cursor_place(*place)
        self._fit()

    def _fit(self) -> None:
        wide = QFontMetricsF(self._font()).horizontalAdvance("字") * MEASURE + 12
        side = max(24, round((self.width() - wide) / 2))
        margins = self.viewportMargins()
        if (margins.left(), margins.top()) != (side, 16):
            self.setViewportMargins(side, 16, side, 8)

    def _look(self) -> None:
        """Take back whatever has touched a heading; tell of everything else."""
        if self._is_building:
            return
        named = [
            (str(block.blockFormat().property(_SECTION)), block.text())
            for block in self._blocks()
            if block.blockFormat().property(_SECTION)
        ]
        if named != [(heading.section, heading.text) for heading in self._headings]:
            self._is_building = True
            self.document().undo()
            self._is_building = False
            return
        sections = self.sections()
        if sections != self._known:
            self._known = sections
            self.written.emit()

    def _leave_heading(self) -> None:
        cursor = self.textCursor()
        if self._is_building or cursor.hasSelection():
            return
        block = cursor.block()
        if block.blockFormat().property(_SECTION):
            up = cursor.position() < self._last and block.previous().isValid()
            self._last = cursor.position()
            other = block.previous() if up else block.next()
            if other.isValid():
                cursor.setPosition(other.position() + (other.length() - 1 if up else 0))
                self.setTextCursor(cursor)
            return
        self._last = cursor.position()
        self.moved.emit()

    def _bounds(self, position: int) -> tuple[int, int]:
        """Return the first and last position of the section at a position."""
        block = self.document().findBlock(position)
        if block.blockFormat().property(_SECTION):
            block = block.next()
        first = last = block
        while first.previous().isValid() and not first.previous().blockFormat().property(_SECTION):
            first = first.previous()
        while last.next().isValid() and not last.next().blockFormat().property(_SECTION):
            last = last.next()
        return first.position(), last.position() + last.length() - 1

    def _keep_in_section(self) -> None:
        cursor = self.textCursor()
        low, high = self._bounds(cursor.position())
        anchor, position = min(max(cursor.anchor(), low), high), min(max(cursor.position(), low), high)
        if (anchor, position) != (cursor.anchor(), cursor.position()):
            cursor.setPosition(anchor)
            cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)

    def _select_section(self) -> None:
        cursor = self.textCursor()
        low, high = self._bounds(cursor.position())
        cursor.setPosition(low)
        cursor.setPosition(high, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def _is_at_edge(self, key: int) -> bool:
        """Tell whether a deletion would go into a heading."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            return False
        low, high = self._bounds(cursor.position())
        return (key == Qt.Key.Key_Backspace and cursor.position() == low) or (
            key == Qt.Key.Key_Delete and cursor.position() == high
        )
