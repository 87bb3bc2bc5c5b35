"""Takes a change back: a new, audited change through the same service (an `Undo` names it)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from counselroom.rules.access import Actor
from counselroom.services import (
    accounts,
    appointment_edits,
    appointment_series,
    appointments,
    archive_index,
    cases,
    crisis,
    crisis_steps,
    different_persons,
    duty,
    duty_weeks,
    follow_ups,
    guardians,
    paper_heads,
    parameters,
    registers,
    school,
    scratch_notes,
    sessions,
    students,
    tiers,
    units,
    waiting,
)
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk

_SERVICES: dict[str, Callable[..., Done[Any]]] = {
    "cancel_appointment": appointments.cancel_appointment,
    "move_appointment": appointments.move_appointment,
    "set_appointment_state": appointments.set_appointment_state,
    "set_urgency": appointments.set_urgency,
    "edit_appointment": appointment_edits.edit_appointment,
    "cancel_together": appointment_series.cancel_together,
    "bring_back_together": appointment_series.bring_back_together,
    "put_together": appointment_series.put_together,
    "void_shifts": duty_weeks.void_shifts,
    "restore_shifts": duty_weeks.restore_shifts,
    "withdraw_walk_in": appointments.withdraw_walk_in,
    "withdraw_waiting": waiting.withdraw_waiting,
    "wait_again": waiting.wait_again,
    "set_shift": duty.set_shift,
    "remove_shift": duty.remove_shift,
    "restore_shift": duty.restore_shift,
    "change_scratch": scratch_notes.change_scratch,
    "give_scratch": scratch_notes.give_scratch,
    "drop_scratch": scratch_notes.drop_scratch,
    "bring_scratch_back": scratch_notes.bring_scratch_back,
    "discard_note": sessions.discard_note,
    "bring_note_back": sessions.bring_note_back,
    "restrict_case": cases.restrict_case,
    "set_goals": cases.set_goals,
    "pause_case": cases.pause_case,
    "take_back_event": crisis.take_back_event,
    "reopen_step": crisis_steps.reopen_step,
    "reject_tier": tiers.reject_tier,
    "hand_over_tier": tiers.hand_over_tier,
    "reopen_task": follow_ups.reopen_task,
    "withdraw_task": follow_ups.withdraw_task,
    "edit_item": archive_index.edit_item,
    "put_item_back": archive_index.put_item_back,
    "edit_row": registers.edit_row,
    "void_row": registers.void_row,
    "unvoid_row": registers.unvoid_row,
    "rename_account": accounts.rename_account,
    "set_roles": accounts.set_roles,
    "set_paper_head": paper_heads.set_paper_head,
    "set_parameter": parameters.set_parameter,
    "set_academic_year": school.set_academic_year,
    "mark_day": school.mark_day,
    "unmark_day": school.unmark_day,
    "set_room": school.set_room,
    "set_unit": units.set_unit,
    "set_school_profile": school.set_school_profile,
    "edit_student": students.edit_student,
    "compare_again": different_persons.compare_again,
    "set_status": students.set_status,
    "order_guardians": students.order_guardians,
    "edit_guardian": guardians.edit_guardian,
    "remove_guardian": guardians.remove_guardian,
    "restore_guardian": guardians.restore_guardian,
    "set_special_groups": students.set_special_groups,
}


def take_back(actor: Actor, desk: Desk, undo: Undo) -> Done[Any]:
    """Take a change back. The service asks for access itself.

    Raises:
        UserError: what was changed has moved on since, or something stands in the way now.
    """
    return _SERVICES[undo.service](actor, desk, **undo.args)
