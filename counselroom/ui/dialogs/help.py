"""F1: what this page is for, and every key that works on it."""

from __future__ import annotations

from PySide6.QtWidgets import QTextBrowser, QWidget

from counselroom import resources
from counselroom.i18n import pgettext
from counselroom.ui.actions import KEYS, label
from counselroom.ui.pages.table import PAGES
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.dialog import Dialog


class HelpDialog(Dialog):
    """The help of one page."""

    def __init__(self, icons: Icons, page_key: str, parent: QWidget) -> None:
        super().__init__(icons, pgettext("help", "Help for this page"), parent)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName(pgettext("help", "Help for this page"))
        self.text.setMarkdown(help_text(page_key))
        self.text.setMinimumSize(520, 320)
        self.content.addWidget(self.text)
        close = self.add_button(Button(pgettext("help", "Close"), "primary"))
        close.clicked.connect(self.accept)


def help_text(page_key: str) -> str:
    """Return the help of a page with the keyboard map below, as Markdown."""
    keys = [(key.shown(), label(key.act)) for key in KEYS]
    keys += [(f"Alt {page.number}", page.label()) for page in PAGES if page.number]
    table = "\n".join(f"| {shown} | {words} |" for shown, words in keys)
    key_head, act_head = pgettext("help", "Key"), pgettext("help", "Does")
    head = f"| {key_head} | {act_head} |\n| --- | --- |"
    return f"{resources.read_text(f'resources/help/{page_key}.md')}\n\n{head}\n{table}\n"
