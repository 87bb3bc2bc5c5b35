"""The question before a step that cannot be undone: two verbs, the safe one first."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.dialog import Dialog
from counselroom.ui.widgets.label import Label


class Question(Dialog):
    """Asks once. Esc, closing and the first focus are the safe answer.

    Args:
        icons: maker of icons.
        title: the question.
        body: the consequence, in whole sentences.
        act: the verb that does it (签名并锁定).
        keep: the verb that does not (再看看).
        danger: the step destroys something: no filled button.
        parent: the window it belongs to.
    """

    def __init__(
        self,
        icons: Icons,
        title: str,
        body: str,
        act: str,
        keep: str,
        *,
        danger: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(icons, title, parent)
        self.content.addWidget(Label(body, "body", wrap=True))
        self.keep_button = self.add_button(Button(keep))
        self.act_button = self.add_button(Button(act, "danger" if danger else "primary"))
        self.keep_button.clicked.connect(self.reject)
        self.act_button.clicked.connect(self.accept)
        self.setAccessibleDescription(body)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Start on the safe answer."""
        super().showEvent(event)
        self.keep_button.setFocus()

    def ask(self) -> bool:
        """Show the question and return whether the step is wanted."""
        return self.exec() == Dialog.DialogCode.Accepted
