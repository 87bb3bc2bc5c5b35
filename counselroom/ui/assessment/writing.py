"""The unsigned assessment: its fields and its result together, and what the rules say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from counselroom.i18n import _
from counselroom.rules.crisis_criteria import AssessmentObstacle, consequence_of, obstacles_to_signing
from counselroom.services.assessment_sheets import AssessmentSheet
from counselroom.services.crisis_assessments import OBSERVED, AssessmentData
from counselroom.ui.assessment.form import AssessmentForm, kept_values
from counselroom.ui.assessment.outcome import Missing, Outcome
from counselroom.ui.assessment.words import obstacle_word
from counselroom.ui.theme.icons import Icons
from counselroom.ui.typed_moments import moment_text, parsed_moment


class Writing(QObject):
    """Form and result.

    Attributes:
        changed: something was ticked, chosen or typed.
        form: what is written.
        outcome: the level and what follows.
    """

    changed = Signal()

    def __init__(self, icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.form = AssessmentForm(icons)
        self.outcome = Outcome(icons)
        self.form.changed.connect(self.changed)
        self.outcome.changed.connect(self.changed)

    def fresh(self, sheet: AssessmentSheet, now: datetime) -> dict[str, Any]:
        """Return what stands in the fields before anything is typed."""
        told = sheet.told
        values: dict[str, Any] = {"found_at": "", "facts": "", "level": None, "in_school": True}
        found = None if told is None else parsed_moment(f"{told.day} {told.time or '00:00'}", now)
        if sheet.view is not None:
            data = sheet.view.data
            values.update(kept_values(data, now))
            values["level"] = None if data.level is None else data.level.value
            values["in_school"] = data.in_school_manageable
            found = found or data.assessed_at
        else:
            values.update(assessed_at=moment_text(now, now), source="teacher" if told is not None else "session")
        values["found_at"] = moment_text(min(found or now, now), now)
        values["facts"] = "" if told is None else told.facts
        empty = {**self.form.values(), **dict.fromkeys(self.form.notes, "")}
        empty.update(place="", own_criterion="", reassess_on="", criteria=[], ideation="none", coping_fails=False)
        return {**empty, **values}

    def put(self, values: Mapping[str, Any]) -> None:
        """Show values of the fields."""
        self.form.show_values(values)
        self.outcome.show_values(values)

    def values(self) -> dict[str, Any]:
        """Return what stands in the fields, as JSON values."""
        return {**self.form.values(), **self.outcome.values()}

    def data(self, sheet: AssessmentSheet, now: datetime) -> AssessmentData:
        """Return what is written; a time that is none is the one stored before, and a time to come is `now`."""
        data = self.form.data(sheet.student.id, now, now if sheet.view is None else sheet.view.data.assessed_at)
        return replace(
            data,
            level=self.outcome.level(),
            in_school_manageable=bool(self.outcome.in_school.currentData()),
            assessed_at=min(data.assessed_at, now),
        )

    def follow(self, sheet: AssessmentSheet, data: AssessmentData) -> None:
        """Say what follows from what is ticked, and what is missing."""
        if sheet.view is not None and sheet.view.signed_at is not None:
            return
        ticked, level = data.criteria, data.level
        at_once = any(one.at_once and one.key in ticked for one in sheet.criteria)
        consequence = None if level is None else consequence_of(level, ticked, sheet.criteria)
        runs = sheet.event is not None and sheet.event.is_open and not sheet.began_event
        self.outcome.show_consequence(
            consequence, at_once=at_once, running=sheet.event.code if runs and sheet.event is not None else ""
        )
        self.outcome.show_missing(self.missing(sheet, data))

    def missing(self, sheet: AssessmentSheet, data: AssessmentData) -> list[Missing]:
        """Return what is missing for the signature, each with where it is filled in."""
        targets: dict[AssessmentObstacle, QWidget] = {
            AssessmentObstacle.NO_LEVEL: next(iter(self.outcome.pills.values())),
            AssessmentObstacle.LEVEL_TOO_LOW: self.outcome.pills[list(self.outcome.pills)[-1]],
            AssessmentObstacle.NO_OPINION: self.form.notes["opinion"],
            AssessmentObstacle.NO_EVIDENCE: self.form.notes["emotion"],
            AssessmentObstacle.NO_OWN_WORDS: self.form.lines["own_criterion"],
            AssessmentObstacle.NO_TARGET: self.form.notes["target_of_harm"],
        }
        found = obstacles_to_signing(
            level=data.level,
            ideation=data.ideation,
            criteria=data.criteria,
            catalogue=sheet.criteria,
            opinion=data.opinion,
            own_criterion=data.own_criterion,
            target_of_harm=data.target_of_harm,
            observed=[getattr(data, name) for name in OBSERVED],
        )
        missing = [Missing(obstacle_word(one), targets[one].setFocus) for one in found]
        if not self.outcome.facts_field.isHidden() and not self.outcome.facts.toPlainText().strip():
            missing.append(Missing(_("Write the facts for the school's leaders"), self.outcome.facts.setFocus))
        return missing
