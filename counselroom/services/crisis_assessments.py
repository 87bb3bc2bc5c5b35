"""Assessments of a risk (F-42): written, signed, reviewed; what must follow a signature follows at once (SYS-25)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.model.crisis_events import CrisisAssessment, CrisisEvent
from counselroom.model.people import Student
from counselroom.rules import crisis_criteria as rules
from counselroom.rules.access import Action, Actor, Role, Subject
from counselroom.rules.crisis_criteria import AssessmentObstacle, Consequence
from counselroom.rules.crisis_plan import checklists_for
from counselroom.rules.crisis_words import AssessmentSource, CrisisKind, CrisisLevel, Ideation
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.session import content_hash
from counselroom.services import access, crisis_plans, crisis_rows
from counselroom.services.changes import Done, Undo
from counselroom.services.crisis_rows import EventData
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import load_case


class NotReadyToSignAssessment(UserError):
    """An assessment can't be signed yet.

    Attributes:
        obstacles: what is missing.
    """

    def __init__(self, obstacles: tuple[AssessmentObstacle, ...]) -> None:
        self.obstacles = obstacles
        words = {
            AssessmentObstacle.NO_LEVEL: _("the level is missing"),
            AssessmentObstacle.NO_OPINION: _("the written opinion is missing"),
            AssessmentObstacle.NO_EVIDENCE: _("what was seen or told is missing"),
            AssessmentObstacle.NO_OWN_WORDS: _("the school's own criterion is not explained"),
            AssessmentObstacle.NO_TARGET: _("who might be harmed is missing"),
            AssessmentObstacle.LEVEL_TOO_LOW: _("with a plan or an attempt the level cannot be mild"),
        }
        super().__init__(
            _("The assessment cannot be signed yet: {what}.").format(
                what=pgettext("list", "; ").join(words[item] for item in obstacles)
            ),
            _("The draft is saved."),
        )


@dataclass(frozen=True)
class AssessmentData:
    """What is written in an assessment.

    Attributes:
        student_id: whom it is about.
        assessed_at: when.
        source: where the sign came from.
        source_entity: table of the record that asked for it, or None.
        source_id: id of that record.
        case_id: the counselling case it came out of.
        criteria: keys of the criteria that are met.
        found_at: when the crisis was found, if one begins; the time of the assessment, if left out.
    """

    student_id: str
    assessed_at: datetime
    source: AssessmentSource
    criteria: tuple[str, ...] = ()
    ideation: Ideation = Ideation.NONE
    level: CrisisLevel | None = None
    in_school_manageable: bool = True
    coping_fails: bool = False
    place: str | None = None
    source_entity: str | None = None
    source_id: str | None = None
    case_id: str | None = None
    own_criterion: str | None = None
    life_events: str | None = None
    emotion: str | None = None
    somatic: str | None = None
    cognition: str | None = None
    behaviour: str | None = None
    plan_means: str | None = None
    history: str | None = None
    protective: str | None = None
    target_of_harm: str | None = None
    opinion: str | None = None
    advice: str | None = None
    reassess_on: date | None = None


@dataclass(frozen=True)
class AssessmentView:
    """An assessment.

    Attributes:
        id: of the row.
        data: what is written.
        signed_at: when it was signed, or None.
        reviewed_at: when a second person reviewed it, or None.
        consequence: what follows from it; None while there is no level.
        event_id: the 专案 that came out of it, or None.
        seen: when the row was last changed.
    """

    id: str
    data: AssessmentData
    signed_at: datetime | None
    reviewed_at: datetime | None
    consequence: Consequence | None
    event_id: str | None
    seen: datetime


@dataclass(frozen=True)
class AssessmentLine:
    """An assessment in a list: that there is one, not what it says."""

    id: str
    assessed_at: datetime
    signed_at: datetime | None
    counsellor_id: str


_COLUMNS = tuple(field.name for field in fields(AssessmentData) if field.name != "criteria")
OBSERVED = ("life_events", "emotion", "somatic", "cognition", "behaviour", "plan_means")
"""Columns that say what was seen and told; a signature needs one of them."""


def draft_assessment(actor: Actor, desk: Desk, data: AssessmentData) -> Done[AssessmentView]:
    """Begin an assessment.

    Raises:
        UserError: there is no such student, the case is another's, or it lies in the future.
    """
    with desk.change() as work:
        row_id = work.new_id()
        subject = _subject(work, row_id, actor.person_id, data.case_id)
        access.allow(actor, Action.WRITE, subject, work)
        _check(work, data)
        row = CrisisAssessment(
            **work.common(actor, Secrecy.S3, data.assessed_at.date(), row_id=row_id), counsellor_id=actor.person_id
        )
        _fill(row, data)
        work.session.add(row)
        work.touch(row, actor)
        work.session.flush()
        return Done(view_of(work, row), work.changes())


def save_assessment(actor: Actor, desk: Desk, assessment_id: str, data: AssessmentData) -> Done[AssessmentView]:
    """Save an assessment that is not signed yet. Raises UserError when it is signed."""
    with desk.change() as work:
        row = load_assessment(work, assessment_id)
        access.allow(actor, Action.WRITE, assessment_subject(work, row), work)
        _refuse_signed(row)
        _check(work, data)
        _fill(row, data)
        work.place(row, data.assessed_at.date())
        work.touch(row, actor)
        return Done(view_of(work, row), work.changes())


def sign_assessment(
    actor: Actor, desk: Desk, assessment_id: str, found_at: datetime | None = None, facts: str = ""
) -> Done[AssessmentView]:
    """Sign an assessment; with a starred criterion or the level severe a 专案 begins in the same moment (§3.G).

    Args:
        actor: who assessed.
        desk: the open vault.
        assessment_id: the draft.
        found_at: when the crisis was found, from which its deadlines count; the time of the assessment, if left out.
        facts: what the school's leaders are told, if a 专案 begins.

    Raises:
        NotReadyToSignAssessment: level or opinion is missing, or a starred word is not explained.
        UserError: it is signed, or was found in the future.
    """
    with desk.change() as work:
        row = load_assessment(work, assessment_id)
        said = {name: _plain(getattr(row, name)) for name in (*_COLUMNS, "criteria")}
        digest = content_hash(said)
        access.allow(actor, Action.SIGN, assessment_subject(work, row), work, digest=work.keyed(digest))
        _refuse_signed(row)
        catalogue = crisis_plans.criteria(work)
        obstacles = rules.obstacles_to_signing(
            level=row.level,
            ideation=row.ideation,
            criteria=row.criteria,
            catalogue=catalogue,
            opinion=row.opinion,
            own_criterion=row.own_criterion,
            target_of_harm=row.target_of_harm,
            observed=[getattr(row, name) for name in OBSERVED],
        )
        if obstacles or row.level is None:
            raise NotReadyToSignAssessment(obstacles)
        row.signed_at, row.signed_by, row.content_hash = work.now, actor.account_id, digest
        work.touch(row, actor)
        work.session.flush()
        undo = None
        if rules.consequence_of(row.level, row.criteria, catalogue).starts_event and not _has_open_event(work, row):
            undo = _begin(work, actor, desk, row, found_at, facts)
        return Done(view_of(work, row), work.changes(undo))


def review_assessment(actor: Actor, desk: Desk, assessment_id: str) -> Done[AssessmentView]:
    """Note that a second person has reviewed a signed assessment.

    Raises:
        UserError: it is not signed, reviewed already, or the reviewer wrote it.
        AccessDenied: it is not the actor's to read.
    """
    with desk.change() as work:
        row = load_assessment(work, assessment_id)
        access.allow(actor, Action.READ, assessment_subject(work, row), work)
        same = row.counsellor_id == actor.person_id and Role.CENTER_DIRECTOR not in actor.roles
        if row.signed_at is None or row.reviewed_at is not None or same:
            raise UserError(
                _("A signed assessment is reviewed once, by somebody who may judge it."), _("Nothing was changed.")
            )
        row.reviewed_by, row.reviewed_at = actor.account_id, work.now
        work.audit(actor, "review", "crisis_assessment", row.id)
        work.touch(row, actor)
        return Done(view_of(work, row), work.changes())


def assessment(actor: Actor, desk: Desk, assessment_id: str) -> AssessmentView:
    """Return an assessment; reading it leaves an audit row."""
    with desk.look() as work:
        row = load_assessment(work, assessment_id)
        access.allow(actor, Action.READ, assessment_subject(work, row), work)
        return view_of(work, row)


def list_assessments(actor: Actor, desk: Desk, student_id: str) -> tuple[AssessmentLine, ...]:
    """Return that a student was assessed and when, the newest first; those the actor may not know of are left out."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("crisis_assessment", secrecy=Secrecy.S2), work)
        rows = work.session.scalars(
            select(CrisisAssessment)
            .where(CrisisAssessment.student_id == student_id, CrisisAssessment.voided_at.is_(None))
            .order_by(CrisisAssessment.assessed_at.desc())
        )
        found = []
        for row in rows:
            subject = assessment_subject(work, row)
            if not subject.restricted or access.judge(actor, Action.READ, subject, work).allowed:
                found.append(AssessmentLine(row.id, row.assessed_at, row.signed_at, row.counsellor_id))
        return tuple(found)


def _begin(work: Work, actor: Actor, desk: Desk, row: CrisisAssessment, found_at: datetime | None, facts: str) -> Undo:
    kind = rules.kind_of(row.ideation, row.target_of_harm)
    if kind is CrisisKind.OTHER and row.criteria and {"C16"} & set(row.criteria):
        kind = CrisisKind.STRESS
    data = EventData(
        row.student_id,
        found_at or row.assessed_at,
        kind,
        row.level or CrisisLevel.SEVERE,
        place=row.place,
        facts=facts.strip() or None,
        case_id=row.case_id,
    )
    now = crisis_rows.reading(desk, work)
    event = crisis_rows.begin_event(work, actor, now, data, checklists_for(kind, row.ideation), row.id)
    return Undo(
        _("The crisis case {code} was begun.").format(code=event.code),
        "take_back_event",
        {"event_id": event.id, "seen": event.updated_at},
    )


def _has_open_event(work: Work, row: CrisisAssessment) -> bool:
    """Tell whether a 专案 of the student runs already; a second assessment belongs to that one."""
    query = select(CrisisEvent.id).where(
        CrisisEvent.student_id == row.student_id, CrisisEvent.closed_at.is_(None), CrisisEvent.voided_at.is_(None)
    )
    return work.session.scalar(query.limit(1)) is not None


def load_assessment(work: Work, assessment_id: str) -> CrisisAssessment:
    """Return the row of an assessment within a piece of work. Raises UserError when there is none."""
    row = work.session.get(CrisisAssessment, assessment_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such assessment."), _("Nothing was changed."))
    return row


def assessment_subject(work: Work, row: CrisisAssessment) -> Subject:
    """Return an assessment as the access rules see it; one out of a restricted case is as restricted as the case."""
    return _subject(work, row.id, row.counsellor_id, row.case_id)


def _subject(work: Work, row_id: str, owner: str, case_id: str | None) -> Subject:
    restricted = case_id is not None and load_case(work, case_id).restricted
    return Subject("crisis_assessment", row_id, Secrecy.S3, owner, restricted=restricted, case_id=case_id)


def _refuse_signed(row: CrisisAssessment) -> None:
    if row.signed_at is not None:
        raise UserError(_("This assessment is signed and can no longer be edited."), _("Nothing was changed."))


def _check(work: Work, data: AssessmentData) -> None:
    if work.session.get(Student, data.student_id) is None:
        raise UserError(_("There is no such student."), _("Nothing was changed."))
    if data.case_id is not None and load_case(work, data.case_id).client_id != data.student_id:
        raise UserError(_("This case is another student's."), _("Nothing was changed."))
    if data.assessed_at > work.now:
        raise UserError(_("An assessment cannot lie in the future."), _("Nothing was changed."))


def _fill(row: CrisisAssessment, data: AssessmentData) -> None:
    row.criteria = sorted(set(data.criteria))
    for name in _COLUMNS:
        setattr(row, name, getattr(data, name))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def view_of(work: Work, row: CrisisAssessment) -> AssessmentView:
    """Return a loaded assessment as one view."""
    data = AssessmentData(**{name: getattr(row, name) for name in _COLUMNS})
    consequence = None
    if row.level is not None:
        consequence = rules.consequence_of(row.level, row.criteria, crisis_plans.criteria(work))
    event_id = work.session.scalar(
        select(CrisisEvent.id).where(CrisisEvent.assessment_id == row.id, CrisisEvent.voided_at.is_(None))
    )
    return AssessmentView(
        row.id,
        replace(data, criteria=tuple(row.criteria)),
        row.signed_at,
        row.reviewed_at,
        consequence,
        event_id,
        row.updated_at,
    )
