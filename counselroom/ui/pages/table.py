"""The one table of pages: a page is added here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from counselroom.i18n import pgettext
from counselroom.ui.page import Page
from counselroom.ui.pages.archive import ArchivePage
from counselroom.ui.pages.archives import ArchivesPage
from counselroom.ui.pages.assessment import AssessmentPage
from counselroom.ui.pages.backup import BackupPage
from counselroom.ui.pages.case import CaseFilePage
from counselroom.ui.pages.cases import CasesPage
from counselroom.ui.pages.crisis import CrisisPage
from counselroom.ui.pages.drill import DrillPage
from counselroom.ui.pages.duplicates import DuplicatesPage
from counselroom.ui.pages.follow_ups import FollowUpsPage
from counselroom.ui.pages.forms import FormsPage
from counselroom.ui.pages.note import NotePaper
from counselroom.ui.pages.print_preview import PrintPreviewPage
from counselroom.ui.pages.referral import ReferralPage
from counselroom.ui.pages.referrals import ReferralsPage
from counselroom.ui.pages.registers import RegistersPage
from counselroom.ui.pages.restore import RestorePage
from counselroom.ui.pages.roll_over import RollOverPage
from counselroom.ui.pages.roster_import import RosterImportPage
from counselroom.ui.pages.schedule import SchedulePage
from counselroom.ui.pages.settings import SettingsPage
from counselroom.ui.pages.statistics import StatisticsPage
from counselroom.ui.pages.student_record import StudentRecordPage
from counselroom.ui.pages.students import StudentsPage
from counselroom.ui.pages.today import TodayPage
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
    PageEntry("today", lambda: pgettext("page", "Today"), "mdi6.white-balance-sunny", 1, TodayPage),
    PageEntry(
        "follow_ups",
        lambda: pgettext("page", "Follow-ups"),
        "mdi6.calendar-check-outline",
        0,
        FollowUpsPage,
        parent="today",
    ),
    PageEntry("schedule", lambda: pgettext("page", "Schedule"), "mdi6.calendar-week", 2, SchedulePage),
    PageEntry("students", lambda: pgettext("page", "Students"), "mdi6.account-school-outline", 3, StudentsPage),
    PageEntry(
        "roster_import",
        lambda: pgettext("page", "Import a roster"),
        "mdi6.table-arrow-right",
        0,
        RosterImportPage,
        parent="students",
    ),
    PageEntry(
        "student_record",
        lambda: pgettext("page", "Student record"),
        "mdi6.account-outline",
        0,
        StudentRecordPage,
        parent="students",
    ),
    PageEntry(
        "duplicates",
        lambda: pgettext("page", "Duplicates"),
        "mdi6.account-multiple-check-outline",
        0,
        DuplicatesPage,
        parent="students",
    ),
    PageEntry(
        "roll_over",
        lambda: pgettext("page", "Next school year"),
        "mdi6.calendar-arrow-right",
        0,
        RollOverPage,
        parent="students",
    ),
    PageEntry(
        "forms",
        lambda: pgettext("page", "Forms"),
        "mdi6.file-document-outline",
        0,
        FormsPage,
        parent="students",
    ),
    PageEntry(
        "print_preview",
        lambda: pgettext("page", "Print preview"),
        "mdi6.printer-outline",
        0,
        PrintPreviewPage,
        parent="students",
    ),
    PageEntry("cases", lambda: pgettext("page", "Cases"), "mdi6.folder-heart-outline", 4, CasesPage),
    PageEntry(
        "crisis",
        lambda: pgettext("page", "Crisis case"),
        "mdi6.alert-decagram-outline",
        0,
        CrisisPage,
        parent="cases",
    ),
    PageEntry(
        "assessment",
        lambda: pgettext("page", "Risk assessment"),
        "mdi6.clipboard-check-outline",
        0,
        AssessmentPage,
        parent="cases",
    ),
    PageEntry(
        "case",
        lambda: pgettext("page", "Counselling case"),
        "mdi6.folder-heart-outline",
        0,
        CaseFilePage,
        parent="cases",
    ),
    PageEntry("note", lambda: pgettext("page", "Session note"), "mdi6.pencil-outline", 0, NotePaper, parent="cases"),
    PageEntry("referrals", lambda: pgettext("page", "Referrals"), "mdi6.account-arrow-right-outline", 7, ReferralsPage),
    PageEntry(
        "referral",
        lambda: pgettext("page", "Referral"),
        "mdi6.account-arrow-right-outline",
        0,
        ReferralPage,
        parent="referrals",
    ),
    PageEntry("archives", lambda: pgettext("page", "Archives"), "mdi6.archive-outline", 8, ArchivesPage),
    PageEntry(
        "archive",
        lambda: pgettext("page", "Archive"),
        "mdi6.archive-outline",
        0,
        ArchivePage,
        parent="archives",
    ),
    PageEntry("statistics", lambda: pgettext("page", "Statistics"), "mdi6.chart-box-outline", 9, StatisticsPage),
    PageEntry("registers", lambda: pgettext("page", "Registers"), "mdi6.notebook-outline", 0, RegistersPage),
    PageEntry(
        "backup", lambda: pgettext("page", "Backup"), "mdi6.usb-flash-drive-outline", 0, BackupPage, is_bottom=True
    ),
    PageEntry(
        "restore",
        lambda: pgettext("backup", "Restore from a backup"),
        "mdi6.backup-restore",
        0,
        RestorePage,
        parent="backup",
    ),
    PageEntry(
        "drill",
        lambda: pgettext("backup", "Restore drill"),
        "mdi6.clipboard-check-outline",
        0,
        DrillPage,
        parent="backup",
    ),
    PageEntry("settings", lambda: pgettext("page", "Settings"), "mdi6.cog-outline", 0, SettingsPage, is_bottom=True),
)
