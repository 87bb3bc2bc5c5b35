"""The one table of pages: a page is added here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from counselroom.i18n import pgettext
from counselroom.ui.page import Page
from counselroom.ui.pages.backup import BackupPage
from counselroom.ui.pages.settings import SettingsPage
from counselroom.ui.pages.students import StudentsPage
from counselroom.ui.room import Room


@dataclass(frozen=True)
class PageEntry:
    """A page of the rail.

    Attributes:
        key: its name in drafts, for masking and for its help `resources/help/KEY.md`.
        label: two characters, translated when asked for.
        icon: `mdi6.` name.
        number: Alt and this number go there; it belongs to the page and not to its place. 0: no key.
        make: makes the page.
        is_bottom: stands at the lower end of the rail.
        parent: the page of the rail from which it is opened; such a page is not on the rail itself.
    """

    key: str
    label: Callable[[], str]
    icon: str
    number: int
    make: Callable[[Room, str], Page]
    is_bottom: bool = False
    parent: str = ""

    @property
    def is_on_rail(self) -> bool:
        """Tell whether the rail shows it."""
        return not self.parent


PAGES = (
    PageEntry("students", lambda: pgettext("page", "Students"), "mdi6.account-school-outline", 3, StudentsPage),
    PageEntry(
        "backup", lambda: pgettext("page", "Backup"), "mdi6.usb-flash-drive-outline", 0, BackupPage, is_bottom=True
    ),
    PageEntry("settings", lambda: pgettext("page", "Settings"), "mdi6.cog-outline", 0, SettingsPage, is_bottom=True),
)
