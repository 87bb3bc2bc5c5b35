"""The words of a 专案 on screen."""

from __future__ import annotations

from datetime import datetime, timedelta

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis import CloseObstacle
from counselroom.rules.crisis_words import (
    ContactMode,
    ContactOutcome,
    ContactPurpose,
    ContactRole,
    CrisisKind,
    CrisisLevel,
    CrisisState,
    GuardEnd,
    LogKind,
    WatcherRole,
)
from counselroom.services.crisis_page import CrisisPage
from counselroom.services.crisis_views import StepView, level_word, state_word
from counselroom.ui.masking import Face
from counselroom.ui.moments import day_word
from counselroom.ui.widgets.chip_face import ChipFace

LIMITS = ("CK-E-02", "CK-E-08", "CK-E-13")
"""Items whose deadlines are the three clocks of every 专案: told at once, reported, the written report."""


def level_chip(level: CrisisLevel) -> ChipFace:
    """Return the chip of a level."""
    tone, icon = {
        CrisisLevel.MILD: ("blue", "mdi6.circle"),
        CrisisLevel.MODERATE: ("amber", "mdi6.triangle"),
        CrisisLevel.SEVERE: ("plum", "mdi6.rhombus"),
    }[level]
    return ChipFace(level_word(level), tone, icon)  # type: ignore[arg-type]  # the table holds tones only


def state_chip(state: CrisisState) -> ChipFace:
    """Return the chip of a state."""
    if state is CrisisState.CLOSED:
        return ChipFace(state_word(state), "plain", "mdi6.lock-outline")
    if state is CrisisState.FALSE_ALARM:
        return ChipFace(state_word(state), "slate", "mdi6.cancel")
    return ChipFace(state_word(state), "accent", "mdi6.progress-clock")


def kind_word(kind: CrisisKind) -> str:
    """Return what a 专案 is about, in the plain words of the room."""
    return {
        CrisisKind.IDEATION: pgettext("crisis kind", "words or thoughts"),
        CrisisKind.SELF_HARM: pgettext("crisis kind", "hurt themselves"),
        CrisisKind.ATTEMPT: pgettext("crisis kind", "serious act, saved"),
        CrisisKind.COMPLETED: pgettext("crisis kind", "death"),
        CrisisKind.HARM_OTHERS: pgettext("crisis kind", "may hurt others"),
        CrisisKind.GROUP: pgettext("crisis kind", "several students"),
        CrisisKind.STRESS: pgettext("crisis kind", "sudden event"),
        CrisisKind.OTHER: pgettext("crisis kind", "other"),
    }[kind]


def owner_word(role: str) -> str:
    """Return who does an item, by role."""
    return {
        "counsellor": pgettext("step owner", "counsellor"),
        "class_teacher": pgettext("step owner", "class teacher"),
        "leader": pgettext("step owner", "leader"),
        "team": pgettext("step owner", "team"),
        "security": pgettext("step owner", "security"),
        "clinic": pgettext("step owner", "school doctor"),
    }.get(role, role)


def contact_word(role: ContactRole) -> str:
    """Return what somebody is whom one reaches."""
    return {
        ContactRole.GUARDIAN: pgettext("contact", "guardian"),
        ContactRole.SCHOOL_LEADER: pgettext("contact", "school leader"),
        ContactRole.CLASS_TEACHER: pgettext("contact", "class teacher"),
        ContactRole.STUDENT_OFFICE: pgettext("contact", "student office"),
        ContactRole.COLLEGE: pgettext("contact", "college"),
        ContactRole.SECURITY: pgettext("contact", "security"),
        ContactRole.CLINIC: pgettext("contact", "school doctor"),
        ContactRole.POLICE: pgettext("contact", "police"),
        ContactRole.HOSPITAL: pgettext("contact", "hospital"),
        ContactRole.BUREAU: pgettext("contact", "education bureau"),
        ContactRole.HOTLINE: pgettext("contact", "hotline"),
        ContactRole.OTHER: pgettext("contact", "other"),
    }[role]


def outcome_word(outcome: ContactOutcome) -> str:
    """Return what came of an attempt."""
    return {
        ContactOutcome.REACHED: pgettext("contact", "reached"),
        ContactOutcome.NO_ANSWER: pgettext("contact", "no answer"),
        ContactOutcome.BUSY: pgettext("contact", "busy"),
        ContactOutcome.WRONG_NUMBER: pgettext("contact", "wrong number"),
        ContactOutcome.MESSAGE_LEFT: pgettext("contact", "message left"),
        ContactOutcome.REFUSED: pgettext("contact", "refused"),
    }[outcome]


def purpose_word(purpose: ContactPurpose) -> str:
    """Return what one wanted."""
    return {
        ContactPurpose.REPORT: pgettext("contact", "report"),
        ContactPurpose.NOTIFY: pgettext("contact", "tell the guardian"),
        ContactPurpose.AUTHORISE: pgettext("contact", "get leave by telephone"),
        ContactPurpose.RESCUE: pgettext("contact", "call for help"),
        ContactPurpose.FOLLOW: pgettext("contact", "ask how it goes"),
    }[purpose]


def mode_word(mode: ContactMode) -> str:
    """Return how somebody was reached."""
    return {
        ContactMode.PHONE: pgettext("contact", "telephone"),
        ContactMode.FACE: pgettext("contact", "face to face"),
        ContactMode.LETTER: pgettext("contact", "in writing"),
        ContactMode.MESSAGE: pgettext("contact", "text message"),
    }[mode]


def watcher_word(role: WatcherRole) -> str:
    """Return what somebody on guard is."""
    return {
        WatcherRole.TEACHER: pgettext("watcher", "teacher"),
        WatcherRole.COUNSELLOR: pgettext("watcher", "counsellor"),
        WatcherRole.LEADER: pgettext("watcher", "leader"),
        WatcherRole.DORM_STAFF: pgettext("watcher", "dormitory staff"),
        WatcherRole.SECURITY: pgettext("watcher", "security"),
        WatcherRole.CLINIC: pgettext("watcher", "school doctor"),
        WatcherRole.GUARDIAN: pgettext("watcher", "guardian"),
        WatcherRole.STUDENT: pgettext("watcher", "student (beside a grown-up)"),
        WatcherRole.OTHER: pgettext("watcher", "other"),
    }[role]


def end_word(reason: GuardEnd) -> str:
    """Return why a guard ended."""
    return {
        GuardEnd.PARENT_TOOK_OVER: pgettext("guard", "parents took over"),
        GuardEnd.HOSPITAL: pgettext("guard", "handed to a hospital"),
        GuardEnd.LEVEL_LOWERED: pgettext("guard", "ended after an assessment"),
        GuardEnd.OTHER: pgettext("guard", "other"),
    }[reason]


def line_word(kind: LogKind, word: str) -> str:
    """Return the word of a line of the 经过记录 that is no note; empty for what says itself."""
    if kind is LogKind.CONTACT and word:
        return outcome_word(ContactOutcome(word))
    if kind is LogKind.STEP:
        return pgettext("log", "done") if word == "done" else pgettext("log", "not applicable")
    if kind is LogKind.GUARD:
        return pgettext("log", "guard began") if word == "began" else pgettext("log", "guard ended")
    if kind is LogKind.PAPER:
        return pgettext("log", "issued")
    if kind is LogKind.OBSERVATION:
        return pgettext("log", "observation")
    return ""


def block_word(block: CloseObstacle) -> str:
    """Return what stands in the way of closing, as a whole sentence."""
    return {
        CloseObstacle.OPEN_STEPS: _("Some items are open: each is done, or not applicable with a reason."),
        CloseObstacle.DUTY_MISSING: _("One of the seven duties has neither a time nor a reason."),
        CloseObstacle.SILENTLY_LATE: _("An item was late and no reason is given."),
        CloseObstacle.GUARD_RUNNING: _("The guard runs: hand the student over first."),
        CloseObstacle.GUARD_GAP: _("The guard had a gap that nobody explained."),
        CloseObstacle.NO_OUTCOME: _("The outcome is missing."),
        CloseObstacle.NOT_SETTLED_DOWN: _("It is not marked as stabilised yet: lead it on first."),
    }[block]


def due_text(due: datetime | None, now: datetime) -> str:
    """Return a deadline as 今天 16:20 前, 明天 10:20 前, 周六 10:20 前 or 3月12日 10:20 前."""
    if due is None:
        return ""
    return pgettext("due", "before {when}").format(when=when_text(due, now))


def when_text(moment: datetime, now: datetime) -> str:
    """Return a moment near `now` in words, past or to come."""
    local = moment.astimezone(now.tzinfo)
    days = (local.date() - now.date()).days
    day = {
        -1: pgettext("day", "yesterday"),
        0: pgettext("day", "today"),
        1: pgettext("day", "tomorrow"),
    }.get(days)
    if day is None:
        near = 1 < days < 7
        day = _weekday(local.weekday()) if near else day_word(local.date(), now.date())
    return pgettext("moment", "{day} {time}").format(day=day, time=f"{local:%H:%M}")


def _weekday(number: int) -> str:
    return (
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    )[number]


def done_text(step: StepView, now: datetime) -> str:
    """Return when an item was done: 10:42 完成, 用时 45 分; 不适用 for one that was set aside."""
    if step.done_at is None:
        return pgettext("step", "not applicable")
    at = when_text(step.done_at, now)
    done = pgettext("step", "done {when}").format(when=at)
    if step.late_reason:
        done = pgettext("list", ", ").join((done, pgettext("step", "late, with a reason")))
    return done


def span_text(span: timedelta) -> str:
    """Return a length in hours or minutes: the limits of a plan are said in hours however long they are."""
    hours, minutes = divmod(round(span.total_seconds() / 60), 60)
    if hours and minutes:
        return pgettext("span", "{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    if hours:
        return pgettext("span", "{hours} h").format(hours=hours)
    return pgettext("span", "{minutes} min").format(minutes=minutes)


def gap_text(span: timedelta) -> str:
    """Return how long nobody was there: from a day on in days and hours."""
    days, hours = divmod(round(span.total_seconds() / 3600), 24)
    if not days:
        return span_text(span)
    whole = pgettext("span", "{days} d {hours} h") if hours else pgettext("span", "{days} d")
    return whole.format(days=days, hours=hours)


def facts_of(case: CrisisPage, face: Face, now: datetime) -> list[str]:
    """Return what the head of a 专案 says of the student and of the case."""
    event = case.event
    parts = [face.class_name(case.class_name), face.text(case.dorm), face.text(kind_word(event.data.kind))]
    parts.append(_("found {when}").format(when=when_text(event.data.found_at, now)))
    if event.data.found_by:
        parts.append(_("by {who}").format(who=event.data.found_by))
    parts.append(_("led by {who}").format(who=event.counsellor_name))
    if event.deputy_name:
        parts.append(_("with {who}").format(who=event.deputy_name))
    if event.closed_at is not None:
        parts.append(_("closed {when}").format(when=when_text(event.closed_at, now)))
    return [part for part in parts if part]
