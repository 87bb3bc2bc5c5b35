"""The one table of dialogs with fields: a dialog is added here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import pgettext
from counselroom.ui.dialogs.add_task import AddTaskDialog
from counselroom.ui.dialogs.amend_note import AmendNoteDialog
from counselroom.ui.dialogs.appointment import AppointmentDialog
from counselroom.ui.dialogs.archive_item import ArchiveItemDialog
from counselroom.ui.dialogs.cancel_appointment import CancelAppointmentDialog
from counselroom.ui.dialogs.card_correction import CardCorrectionDialog
from counselroom.ui.dialogs.close_case import CloseCaseDialog
from counselroom.ui.dialogs.close_crisis import CloseCrisisDialog
from counselroom.ui.dialogs.consent import ConsentDialog
from counselroom.ui.dialogs.contact_attempt import ContactAttemptDialog
from counselroom.ui.dialogs.crisis_item import CrisisItemDialog
from counselroom.ui.dialogs.crisis_level import CrisisLevelDialog
from counselroom.ui.dialogs.crisis_log import CrisisLogDialog
from counselroom.ui.dialogs.crisis_papers import CrisisPapersDialog
from counselroom.ui.dialogs.crisis_report import CrisisReportDialog
from counselroom.ui.dialogs.crisis_step import CrisisStepDialog
from counselroom.ui.dialogs.decide_tier import DecideTierDialog
from counselroom.ui.dialogs.drafts import DraftsDialog
from counselroom.ui.dialogs.duty_shift import DutyShiftDialog
from counselroom.ui.dialogs.end_tier import EndTierDialog
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.dialogs.give_scratch import GiveScratchDialog
from counselroom.ui.dialogs.guard import GuardDialog
from counselroom.ui.dialogs.guard_handover import GuardHandoverDialog
from counselroom.ui.dialogs.guard_observation import GuardObservationDialog
from counselroom.ui.dialogs.guard_shift import GuardShiftDialog
from counselroom.ui.dialogs.guardian_notice import GuardianNoticeDialog
from counselroom.ui.dialogs.guardians import GuardiansDialog
from counselroom.ui.dialogs.hand_over_case import HandOverCaseDialog
from counselroom.ui.dialogs.new_referral import NewReferralDialog
from counselroom.ui.dialogs.open_case import OpenCaseDialog
from counselroom.ui.dialogs.propose_tier import ProposeTierDialog
from counselroom.ui.dialogs.referral_completion import ReferralCompletionDialog
from counselroom.ui.dialogs.referral_feedback import ReferralFeedbackDialog
from counselroom.ui.dialogs.register_entry import RegisterEntryDialog
from counselroom.ui.dialogs.register_export import RegisterExportDialog
from counselroom.ui.dialogs.register_void import RegisterVoidDialog
from counselroom.ui.dialogs.save_pdf import SavePdfDialog
from counselroom.ui.dialogs.scratch import ScratchDialog
from counselroom.ui.dialogs.start_crisis import StartCrisisDialog
from counselroom.ui.dialogs.statistics_export import StatisticsExportDialog
from counselroom.ui.dialogs.student_form import StudentForm
from counselroom.ui.dialogs.student_status import StudentStatusDialog
from counselroom.ui.dialogs.task_done import TaskDoneDialog
from counselroom.ui.dialogs.task_settle import TaskSettleDialog
from counselroom.ui.dialogs.void_print import VoidPrintDialog
from counselroom.ui.dialogs.waiting import WaitingDialog
from counselroom.ui.dialogs.walk_in import WalkInDialog
from counselroom.ui.room import Room


@dataclass(frozen=True)
class DialogEntry:
    """A dialog that pages open by its key.

    Attributes:
        key: its name in drafts.
        label: what the list of drafts calls it, translated when asked for.
        make: makes it from the tools, what it is opened for, and the window.
    """

    key: str
    label: Callable[[], str]
    make: Callable[[Room, Mapping[str, Any], QWidget], EntryDialog]


DIALOGS: tuple[DialogEntry, ...] = (
    DialogEntry("drafts", lambda: pgettext("dialog", "Drafts"), DraftsDialog),
    DialogEntry("walk_in", lambda: pgettext("dialog", "Somebody is at the door"), WalkInDialog),
    DialogEntry("appointment", lambda: pgettext("dialog", "Book"), AppointmentDialog),
    DialogEntry("cancel_appointment", lambda: pgettext("dialog", "Cancel the appointment?"), CancelAppointmentDialog),
    DialogEntry("waiting", lambda: pgettext("dialog", "Put on the waiting list"), WaitingDialog),
    DialogEntry("duty_shift", lambda: pgettext("dialog", "Put on duty"), DutyShiftDialog),
    DialogEntry("consent", lambda: pgettext("dialog", "Signed consents"), ConsentDialog),
    DialogEntry("open_case", lambda: pgettext("dialog", "Open a counselling case"), OpenCaseDialog),
    DialogEntry("close_case", lambda: pgettext("dialog", "Close this case?"), CloseCaseDialog),
    DialogEntry("hand_over_case", lambda: pgettext("dialog", "Hand this case over?"), HandOverCaseDialog),
    DialogEntry("amend_note", lambda: pgettext("dialog", "Add a correction"), AmendNoteDialog),
    DialogEntry("student_form", lambda: pgettext("dialog", "Student's data"), StudentForm),
    DialogEntry("student_status", lambda: pgettext("dialog", "State of a student"), StudentStatusDialog),
    DialogEntry("guardians", lambda: pgettext("dialog", "Guardians"), GuardiansDialog),
    DialogEntry("register_entry", lambda: pgettext("dialog", "Row of a register"), RegisterEntryDialog),
    DialogEntry("register_void", lambda: pgettext("dialog", "Void a row"), RegisterVoidDialog),
    DialogEntry("register_export", lambda: pgettext("dialog", "Export a register"), RegisterExportDialog),
    DialogEntry("statistics_export", lambda: pgettext("dialog", "Export the figures"), StatisticsExportDialog),
    DialogEntry("new_referral", lambda: pgettext("dialog", "Whom is the referral for?"), NewReferralDialog),
    DialogEntry("referral_feedback", lambda: pgettext("dialog", "Reply to a referral"), ReferralFeedbackDialog),
    DialogEntry(
        "referral_completion", lambda: pgettext("dialog", "Complete an emergency referral"), ReferralCompletionDialog
    ),
    DialogEntry("save_pdf", lambda: pgettext("dialog", "Save a PDF"), SavePdfDialog),
    DialogEntry("void_print", lambda: pgettext("dialog", "Void a copy"), VoidPrintDialog),
    DialogEntry("propose_tier", lambda: pgettext("dialog", "Propose a tier of care"), ProposeTierDialog),
    DialogEntry("decide_tier", lambda: pgettext("dialog", "Confirm this tier of care?"), DecideTierDialog),
    DialogEntry("end_tier", lambda: pgettext("dialog", "Keep or end this tier of care?"), EndTierDialog),
    DialogEntry("task_done", lambda: pgettext("dialog", "Record a follow-up"), TaskDoneDialog),
    DialogEntry("task_settle", lambda: pgettext("dialog", "Mark as missed?"), TaskSettleDialog),
    DialogEntry("archive_item", lambda: pgettext("dialog", "Line of the index"), ArchiveItemDialog),
    DialogEntry("card_correction", lambda: pgettext("dialog", "Correct the filed card"), CardCorrectionDialog),
    DialogEntry("add_task", lambda: pgettext("dialog", "Set a follow-up task"), AddTaskDialog),
    DialogEntry("scratch", lambda: pgettext("dialog", "Quick note"), ScratchDialog),
    DialogEntry("give_scratch", lambda: pgettext("dialog", "Give a quick note"), GiveScratchDialog),
    DialogEntry("start_crisis", lambda: pgettext("crisis", "Begin a crisis case"), StartCrisisDialog),
    DialogEntry("crisis_step", lambda: pgettext("crisis", "Settle an item"), CrisisStepDialog),
    DialogEntry("contact_attempt", lambda: pgettext("crisis", "Write down a contact"), ContactAttemptDialog),
    DialogEntry("crisis_log", lambda: pgettext("crisis", "Add to the log"), CrisisLogDialog),
    DialogEntry("crisis_papers", lambda: pgettext("crisis", "Print a paper"), CrisisPapersDialog),
    DialogEntry("crisis_item", lambda: pgettext("crisis", "Add to the plan"), CrisisItemDialog),
    DialogEntry("crisis_level", lambda: pgettext("crisis", "Change level or state"), CrisisLevelDialog),
    DialogEntry("close_crisis", lambda: pgettext("crisis", "Close this crisis case?"), CloseCrisisDialog),
    DialogEntry("guard", lambda: pgettext("crisis", "Guard around the clock"), GuardDialog),
    DialogEntry("guard_shift", lambda: pgettext("crisis", "Add a shift"), GuardShiftDialog),
    DialogEntry("guard_handover", lambda: pgettext("crisis", "Hand over"), GuardHandoverDialog),
    DialogEntry("guard_observation", lambda: pgettext("crisis", "Write down an observation"), GuardObservationDialog),
    DialogEntry("guardian_notice", lambda: pgettext("crisis", "Notice to the guardian"), GuardianNoticeDialog),
    DialogEntry("crisis_report", lambda: pgettext("crisis", "Written report"), CrisisReportDialog),
)
