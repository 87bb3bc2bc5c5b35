"""The words of 今日: dates, kinds of visits, states, what a matter with a deadline is called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import Enum

from counselroom.i18n import _, pgettext
from counselroom.rules.care_words import CareTier
from counselroom.rules.counselling import AppointmentState, Channel, ClientType, Mode
from counselroom.services.today import DutyToday, TermDay
from counselroom.services.today_matters import Matter, MatterKind
from counselroom.services.today_visits import Client, Visit
from counselroom.ui.masking import Face, surname_of
from counselroom.ui.moments import day_word
from counselroom.ui.widgets import chip_face
from counselroom.ui.widgets.chip_face import ChipFace

NOON, EVENING = 12, 18


class NextStep(Enum):
    """What the one button of a visit does."""

    CONFIRM = "confirm"
    ARRIVE = "arrive"
    ASSESS = "assess"
    WRITE = "write"
    GO_ON = "go_on"
    READ = "read"
    REBOOK = "rebook"
    NOTHING = "nothing"


def next_step(visit: Visit) -> NextStep:
    """Return what comes next with a visit; a note is its counsellor's alone."""
    simple = {
        AppointmentState.REQUESTED: NextStep.CONFIRM,
        AppointmentState.CONFIRMED: NextStep.ARRIVE,
        AppointmentState.NO_SHOW: NextStep.REBOOK,
    }
    if visit.state in simple:
        return simple[visit.state]
    if visit.wants_assessment:
        return NextStep.ASSESS
    if not visit.is_mine:
        return NextStep.NOTHING
    if not visit.session_id:
        return NextStep.WRITE
    return NextStep.READ if visit.is_signed else NextStep.GO_ON


def step_word(step: NextStep) -> str:
    """Return the verb on the button."""
    return {
        NextStep.CONFIRM: pgettext("visit", "Confirm"),
        NextStep.ARRIVE: pgettext("visit", "Mark arrival"),
        NextStep.ASSESS: pgettext("visit", "Assess"),
        NextStep.WRITE: pgettext("visit", "Write note"),
        NextStep.GO_ON: pgettext("visit", "Go on"),
        NextStep.READ: pgettext("visit", "Read"),
        NextStep.REBOOK: pgettext("visit", "Book again"),
        NextStep.NOTHING: "",
    }[step]


def is_over(visit: Visit) -> bool:
    """Tell whether the visit itself is over, so that its row recedes."""
    return visit.state in (AppointmentState.COMPLETED, AppointmentState.NO_SHOW)


def state_chip(visit: Visit) -> ChipFace:
    """Return the state of a visit; of another counsellor's note nothing is told."""
    if visit.state is AppointmentState.REQUESTED:
        return ChipFace(pgettext("visit", "to be confirmed"), "plain", "mdi6.clock-outline")
    if visit.state is AppointmentState.CONFIRMED:
        return chip_face.expected()
    if visit.state is AppointmentState.NO_SHOW:
        return ChipFace(pgettext("visit", "did not come"), "plain", "mdi6.account-off-outline")
    if visit.state is AppointmentState.CHECKED_IN:
        return chip_face.under_way()
    if not visit.is_mine:
        return ChipFace(pgettext("state", "finished"), "plain", "mdi6.check-circle")
    if not visit.session_id:
        return ChipFace(pgettext("visit", "no note yet"), "slate", "mdi6.pencil-outline")
    if visit.is_signed:
        return ChipFace(pgettext("visit", "note signed"), "plain", "mdi6.file-lock-outline")
    return ChipFace(pgettext("visit", "note to sign"), "slate", "mdi6.pencil-outline")


def kind_word(visit: Visit) -> str:
    """Return what kind of visit it is."""
    if visit.client_type is ClientType.PARENT:
        return pgettext("visit", "parent")
    if visit.client_type is ClientType.STAFF:
        return pgettext("visit", "staff")
    if visit.channel is Channel.WALK_IN:
        return pgettext("visit", "walk-in")
    return {
        Mode.FACE: pgettext("visit", "session"),
        Mode.PHONE: pgettext("visit", "by phone"),
        Mode.ONLINE: pgettext("visit", "online"),
        Mode.LETTER: pgettext("visit", "by letter"),
    }[visit.mode]


def nth_word(visit: Visit) -> str:
    """Return which session it is; empty where that is not told."""
    if not visit.nth or visit.client_type is not ClientType.STUDENT:
        return ""
    return pgettext("visit", "first") if visit.nth == 1 else _("no. {number}").format(number=visit.nth)


def client_word(visit: Visit, face: Face) -> str:
    """Return who comes, as it may be shown."""
    return person_word(visit.client, visit.client_type, face)


def person_word(client: Client, client_type: ClientType, face: Face) -> str:
    """Return a client by what they are: a parent is masked 监护人, a teacher 周老师."""
    if client_type is ClientType.PARENT:
        return face.guardian(client.name)
    if client_type is ClientType.STAFF and face.masked:
        return pgettext("visit", "teacher {surname}").format(surname=surname_of(client.name))
    return face.name(client.name, client.number)


def minutes_word(visit: Visit) -> str:
    """Return how long a visit is."""
    minutes = round((visit.ends_at - visit.starts_at).total_seconds() / 60)
    return pgettext("clock", "{minutes} min").format(minutes=minutes)


def weekday_word(day: date) -> str:
    """Return 周五."""
    return (
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    )[day.weekday()]


def _whole_weekday(day: date) -> str:
    return (
        pgettext("day", "Monday"),
        pgettext("day", "Tuesday"),
        pgettext("day", "Wednesday"),
        pgettext("day", "Thursday"),
        pgettext("day", "Friday"),
        pgettext("day", "Saturday"),
        pgettext("day", "Sunday"),
    )[day.weekday()]


def head_line(now: datetime, term: TermDay, duty: Sequence[DutyToday]) -> str:
    """Return date, place in the term and duty for the head of the page."""
    day = f"{day_word(now.date(), now.date())} {_whole_weekday(now.date())}"
    if term.term:
        place = _("term {term}, week {week}").format(term=_term_word(term.term), week=term.week)
        day = pgettext("today", "{day}, {place}").format(day=day, place=place)
    if term.holiday:
        day = pgettext("today", "{day}, {place}").format(day=day, place=term.holiday)
    elif not term.term:
        day = pgettext("today", "{day}, {place}").format(day=day, place=pgettext("today", "holidays"))
    if not duty:
        return day
    names: dict[str, list[str]] = {}
    for shift in duty:
        names.setdefault(_part_of_day(shift, now), []).append(shift.name)
    comma, people_comma = pgettext("today", ", "), pgettext("list", ", ")
    listed = comma.join(f"{part} {people_comma.join(dict.fromkeys(people))}" for part, people in names.items())
    said = _("On duty: {names}").format(names=listed)
    return f"{day}　{said}"


def _term_word(number: int) -> str:
    words = (pgettext("term", "one"), pgettext("term", "two"), pgettext("term", "three"))
    return words[number - 1] if 1 <= number <= len(words) else str(number)


def _part_of_day(shift: DutyToday, now: datetime) -> str:
    start, end = shift.starts_at.astimezone(now.tzinfo), shift.ends_at.astimezone(now.tzinfo)
    if start.hour < NOON and (end.date() > start.date() or end.hour > NOON + 1):
        return pgettext("today", "all day")
    if start.hour < NOON:
        return pgettext("today", "morning")
    return pgettext("today", "evening") if start.hour >= EVENING else pgettext("today", "afternoon")


def moment_word(moment: datetime, now: datetime) -> str:
    """Return 今天 09:30, 昨天 16:00, 明天 10:20 or 3月12日 09:00."""
    local = moment.astimezone(now.tzinfo)
    days = (local.date() - now.date()).days
    time = f"{local:%H:%M}"
    if days == 0:
        return _("today {time}").format(time=time)
    if days == 1:
        return _("tomorrow {time}").format(time=time)
    if days == -1:
        return _("yesterday {time}").format(time=time)
    return f"{day_word(local.date(), now.date())} {time}"


def due_word(matter: Matter, now: datetime) -> str:
    """Return until when, in words."""
    if matter.kind is MatterKind.UNGUARDED:
        return _("since {time}").format(time=moment_word(matter.due_at, now))
    if matter.is_day:
        last = (matter.due_at.astimezone(now.tzinfo) - timedelta(minutes=1)).date()
        words = pgettext("today", "today") if last == now.date() else day_word(last, now.date())
        return _("on {day}").format(day=words)
    return _("before {time}").format(time=moment_word(matter.due_at, now))


def short_time(moment: datetime, now: datetime) -> str:
    """Return 13:40 for today, else 昨天 or the day."""
    local = moment.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if days == 0:
        return f"{local:%H:%M}"
    return pgettext("today", "yesterday") if days == 1 else day_word(local.date(), now.date())


def task_day(day: date, today: date) -> str:
    """Return 今天, 周五, or how many days it is overdue."""
    if day < today:
        return _("{days} d over").format(days=(today - day).days)
    return pgettext("today", "today") if day == today else weekday_word(day)


def tier_shape(tier: CareTier) -> ChipFace:
    """Return the shape of a tier; on this page its word is never shown."""
    faces = {
        CareTier.KEY_INTERVENTION: chip_face.focus_tier,
        CareTier.KEY_CONCERN: chip_face.watch_tier,
        CareTier.GROUP_SUPPORT: chip_face.group_tier,
    }
    return faces[tier]().masked()


def matter_title(matter: Matter, face: Face) -> str:
    """Return what is to be done; words typed by hand are covered with the names."""
    if matter.kind is MatterKind.STEP:
        return pgettext("matter", "an item of one's own") if matter.is_typed and face.masked else matter.title
    return {
        MatterKind.HANDOVER: pgettext("matter", "guard is handed over"),
        MatterKind.UNGUARDED: pgettext("matter", "nobody is on guard now"),
        MatterKind.REFERRAL: pgettext("matter", "complete the referral"),
        MatterKind.TIER_REVIEW: pgettext("matter", "review the tier"),
        MatterKind.REPORT: pgettext("matter", "assess a teacher's report"),
    }[matter.kind]


def matter_owner(matter: Matter, face: Face) -> str:
    """Return whose matter it is: its code and the student."""
    name = face.name(matter.student_name, matter.student_number)
    if not matter.code:
        return name
    code = matter.code if matter.kind is MatterKind.REFERRAL else _("crisis case {code}").format(code=matter.code)
    return pgettext("today", "{code}, {name}").format(code=code, name=name)


def matter_verb(matter: Matter) -> str:
    """Return the verb on the button of a matter."""
    return {
        MatterKind.REFERRAL: pgettext("matter", "Complete"),
        MatterKind.TIER_REVIEW: pgettext("matter", "Review"),
        MatterKind.REPORT: pgettext("visit", "Assess"),
    }.get(matter.kind, pgettext("matter", "Deal with it"))
