"""Tiers of care (SYS-22): what a change is, what must lie behind it, and who decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from counselroom.rules.care_words import CareTier, TierChange, TierSubtype

SUBTYPES: dict[CareTier, tuple[TierSubtype, ...]] = {
    CareTier.KEY_CONCERN: (TierSubtype.STUDY_UNDER_TREATMENT, TierSubtype.HOSPITAL_OR_HOME),
    CareTier.KEY_INTERVENTION: (
        TierSubtype.SCREEN2_SEVERE,
        TierSubtype.SCREEN2_MODERATE_MILD,
        TierSubtype.ACUTE_STRESS,
        TierSubtype.SEVERE_BLOW,
    ),
    CareTier.GROUP_SUPPORT: (TierSubtype.SCREEN3, TierSubtype.AFFECTED, TierSubtype.GROUP_OR_LONG_TERM),
}
_RANK = {CareTier.KEY_CONCERN: 3, CareTier.KEY_INTERVENTION: 2, CareTier.GROUP_SUPPORT: 1}


class EvidenceKind(StrEnum):
    """What a tier is based on."""

    INTERVIEW = "interview"
    OBSERVATION = "observation"
    HOSPITAL = "hospital"
    SCALE = "scale"
    OTHER = "other"


_ENOUGH = frozenset({EvidenceKind.INTERVIEW, EvidenceKind.OBSERVATION, EvidenceKind.HOSPITAL})


@dataclass(frozen=True)
class Evidence:
    """One thing a tier is based on: its kind, what it says, and where it lies."""

    kind: EvidenceKind
    note: str
    where: str = ""


class TierObstacle(StrEnum):
    """Why a tier may not be confirmed."""

    SCALE_ALONE = "scale_alone"
    """No interview, observation or paper of a hospital: a scale alone never sets a tier (R-12)."""
    NO_HOSPITAL_PAPER = "no_hospital_paper"
    """The first tier is for an illness that a hospital has found, and for nothing else."""
    NO_ASSESSMENT = "no_assessment"
    """A lower tier needs an interview that says so."""


def change_of(before: CareTier | None, after: CareTier) -> TierChange:
    """Return what a tier is to the one that holds now."""
    if before is None:
        return TierChange.NEW
    step = _RANK[after] - _RANK[before]
    return TierChange.UPGRADE if step > 0 else TierChange.DOWNGRADE if step < 0 else TierChange.SAME


def obstacles(tier: CareTier, change: TierChange, evidence: Sequence[Evidence]) -> tuple[TierObstacle, ...]:
    """Return what stands in the way of confirming a tier."""
    kinds = {each.kind for each in evidence if each.note.strip()}
    found = []
    if not kinds & _ENOUGH:
        found.append(TierObstacle.SCALE_ALONE)
    if tier is CareTier.KEY_CONCERN and EvidenceKind.HOSPITAL not in kinds:
        found.append(TierObstacle.NO_HOSPITAL_PAPER)
    if change is TierChange.DOWNGRADE and EvidenceKind.INTERVIEW not in kinds:
        found.append(TierObstacle.NO_ASSESSMENT)
    return tuple(found)


def needs_director(change: TierChange) -> bool:
    """Return whether the director decides: always, but for a higher tier, which holds at once (SYS-22)."""
    return change is not TierChange.UPGRADE
