"""签名并锁定: a summary, and what is missing as links; asked once, the passphrase is not typed again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.record.rows import Rows
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.dialog import Dialog
from counselroom.ui.widgets.label import Label


class SignDialog(Dialog):
    """The question before the signature.

    Attributes:
        missing_chosen: the name of something missing that is to be filled in.
    """

    missing_chosen = Signal(str)

    def __init__(
        self,
        icons: Icons,
        facts: Sequence[tuple[str, str]],
        missing: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(icons, pgettext("note", "Sign and lock this note?"), parent)
        if not missing:
            self.content.addWidget(
                Label(_("After the signature the text is locked. Corrections are added beside it."), "body", wrap=True)
            )
        rows = Rows(icons)
        for label, value in facts:
            rows.add_fact(label, value)
        self.content.addWidget(rows)
        self.links: list[Button] = []
        if missing:
            self.content.addWidget(Label(_("Still missing:"), "strong"))
        for name, words in missing:
            link = Button(words, "text", icons.named("mdi6.alert-circle-outline"))
            link.clicked.connect(lambda _checked=False, name=name: self._choose(name))
            self.links.append(link)
            self.content.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        self.setMinimumWidth(460)
        self.keep_button = self.add_button(Button(pgettext("note", "Look again")))
        self.keep_button.clicked.connect(self.reject)
        self.act_button = self.add_button(Button(pgettext("note", "Sign and lock"), "primary"))
        self.act_button.setEnabled(not missing)
        self.act_button.clicked.connect(self.accept)
        # The key that asked answers too, once everything is there; a button would take it for Enter.
        for button in (self.keep_button, *self.links):
            button.installEventFilter(self)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Begin with what is missing, else with the safe answer."""
        super().showEvent(event)
        (self.links[0] if self.links else self.keep_button).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Ctrl Enter sign."""
        if _is_finish(event):
            self.act_button.click()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take Ctrl Enter before the button that has the keyboard."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and _is_finish(event):
            self.act_button.click()
            return True
        return super().eventFilter(watched, event)

    def _choose(self, name: str) -> None:
        self.reject()
        self.missing_chosen.emit(name)


def _is_finish(event: QKeyEvent) -> bool:
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
