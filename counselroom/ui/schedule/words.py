"""Words of the calendar: states, channels, days, and what is typed for a day or a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from counselroom.i18n import _, pgettext
from counselroom.rules.care_words import DutyChannel
from counselroom.rules.counselling import AppointmentState, CancelledBy, Channel, ClientType, Mode, Urgency
from counselroom.rules.series import Place, Skipped
from counselroom.ui.masking import Face
from counselroom.ui.widgets.chip_face import ChipFace

_SHOWN_PLACES = 4


def state_word(state: AppointmentState) -> str:
    """Return a state in a word."""
    return {
        AppointmentState.REQUESTED: pgettext("appointment", "asked for"),
        AppointmentState.CONFIRMED: pgettext("appointment", "expected"),
        AppointmentState.CHECKED_IN: pgettext("appointment", "arrived"),
        AppointmentState.COMPLETED: pgettext("appointment", "finished"),
        AppointmentState.NO_SHOW: pgettext("appointment", "did not come"),
        AppointmentState.CANCELLED: pgettext("appointment", "cancelled"),
    }[state]


def state_chip(state: AppointmentState) -> ChipFace:
    """Return a state as a chip."""
    tones: dict[AppointmentState, tuple[str, str]] = {
        AppointmentState.CHECKED_IN: ("accent", "mdi6.progress-clock"),
        AppointmentState.COMPLETED: ("plain", "mdi6.check"),
        AppointmentState.NO_SHOW: ("amber", "mdi6.account-off-outline"),
        AppointmentState.CANCELLED: ("slate", "mdi6.close"),
    }
    tone, icon = tones.get(state, ("plain", "mdi6.clock-outline"))
    return ChipFace(state_word(state), tone, icon)  # type: ignore[arg-type]  # the table holds tones


def channel_word(channel: Channel) -> str:
    """Return in a word how an appointment was asked for."""
    return {
        Channel.IN_PERSON: pgettext("channel", "in person"),
        Channel.PHONE: pgettext("channel", "by telephone"),
        Channel.LETTER: pgettext("channel", "by letter"),
        Channel.TEACHER_RECOMMENDATION: pgettext("channel", "teacher's advice"),
        Channel.PARENT_RECOMMENDATION: pgettext("channel", "parent's advice"),
        Channel.ONLINE_NOTE: pgettext("channel", "message"),
        Channel.WALK_IN: pgettext("channel", "walk-in"),
    }[channel]


def mode_word(mode: Mode) -> str:
    """Return in a word how client and counsellor meet."""
    return {
        Mode.FACE: pgettext("mode", "face to face"),
        Mode.PHONE: pgettext("mode", "telephone"),
        Mode.ONLINE: pgettext("mode", "online"),
        Mode.LETTER: pgettext("mode", "letters"),
    }[mode]


def urgency_word(urgency: Urgency) -> str:
    """Return how soon, in a word."""
    return {
        Urgency.NORMAL: pgettext("urgency", "normal"),
        Urgency.SOON: pgettext("urgency", "soon"),
        Urgency.CRISIS: pgettext("urgency", "assess now"),
    }[urgency]


def client_word(kind: ClientType) -> str:
    """Return who comes, in a word."""
    return {
        ClientType.STUDENT: pgettext("client", "student"),
        ClientType.STAFF: pgettext("client", "staff"),
        ClientType.PARENT: pgettext("client", "parent"),
    }[kind]


def cancelled_by_word(by: CancelledBy) -> str:
    """Return who cancelled, in a word."""
    return {
        CancelledBy.CLIENT: pgettext("cancelled by", "the client"),
        CancelledBy.COUNSELLOR: pgettext("cancelled by", "the counsellor"),
        CancelledBy.SCHOOL: pgettext("cancelled by", "the school"),
    }[by]


def duty_word(channel: DutyChannel) -> str:
    """Return what a person on duty looks after, in a word."""
    return {
        DutyChannel.ROOM: pgettext("duty", "the room"),
        DutyChannel.HOTLINE: pgettext("duty", "the hotline"),
        DutyChannel.ONLINE: pgettext("duty", "online"),
        DutyChannel.MAILBOX: pgettext("duty", "the mailbox"),
    }[channel]


def skipped_word(reason: Skipped) -> str:
    """Return in a word why a place of a series has no appointment."""
    return {
        Skipped.NO_SCHOOL: pgettext("skipped", "no school"),
        Skipped.STOPPED: pgettext("skipped", "appointments have stopped"),
        Skipped.TAKEN: pgettext("skipped", "taken"),
    }[reason]


def series_sentence(planned: Sequence[Place]) -> str:
    """Return how many appointments a series has, until when, and which days are left out and why."""
    held = [place for place in planned if place.skipped is None]
    if not held:
        return _("None of these times can be booked.")
    sentence = _("{count} appointments until {day}.").format(count=len(held), day=short_day(held[-1].starts_at.date()))
    left_out = [place for place in planned if place.skipped is not None]
    if not left_out:
        return sentence
    days = pgettext("list", ", ").join(
        _("{day} ({reason})").format(day=short_day(place.starts_at.date()), reason=skipped_word(place.skipped))
        for place in left_out[:_SHOWN_PLACES]
        if place.skipped is not None
    )
    if len(left_out) > _SHOWN_PLACES:
        days = _("{days} and {count} more").format(days=days, count=len(left_out) - _SHOWN_PLACES)
    return sentence + _("Left out: {days}.").format(days=days)


def short_day(day: date) -> str:
    """Return a day as 3月12日."""
    return pgettext("date", "{month}/{day}").format(month=day.month, day=day.day)


def weekday_word(day: date) -> str:
    """Return 周一 … 周日."""
    return (
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    )[day.weekday()]


def span_text(starts_at: datetime, ends_at: datetime) -> str:
    """Return 09:20–10:10."""
    return f"{starts_at:%H:%M}–{ends_at:%H:%M}"


def who_comes(face: Face, name: str, number: str | None, kind: ClientType) -> str:
    """Return a client as the calendar shows one, masked where names are."""
    if kind is ClientType.STUDENT:
        return face.name(name, number)
    if not face.masked:
        return name
    surname = face.name(name)[:1] if name else ""
    word = client_word(kind)
    return f"{surname}{word}" if face.style != "code" else word


def parsed_time(text: str) -> time | None:
    """Return the time a user wrote as 14:30, 14.30, 1430, 930 or 14; None when it is none."""
    plain = text.strip().replace("：", ":").replace(".", ":").replace("点", ":").rstrip(":")
    if ":" not in plain and len(plain) > 2:
        plain = f"{plain[:-2]}:{plain[-2:]}"
    hour, _colon, minute = plain.partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        return None


def parsed_day(text: str, today: date) -> date | None:
    """Return the day a user wrote as 2026-10-12, 10-12, 10.12 or 12; without a year the next one that fits."""
    parts = [part for part in text.strip().replace("/", "-").replace(".", "-").split("-") if part]
    try:
        numbers = [int(part) for part in parts]
        if len(numbers) == 3:
            return date(numbers[0] if numbers[0] > 99 else 2000 + numbers[0], numbers[1], numbers[2])
        if len(numbers) == 2:
            found = date(today.year, numbers[0], numbers[1])
            return found if found >= today or (today - found).days < 180 else found.replace(year=today.year + 1)
        return today.replace(day=numbers[0]) if len(numbers) == 1 else None
    except ValueError:
        return None
