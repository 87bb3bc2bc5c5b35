"""Finds an item among those of a page that was read."""

from __future__ import annotations

from counselroom.services.crisis_page import CrisisPage
from counselroom.services.crisis_views import StepView


def step_of(page: CrisisPage, step_id: str) -> StepView | None:
    """Return an item, or None when it is not here any more."""
    return next((step for step in page.event.steps if step.id == step_id), None)


def next_step(page: CrisisPage) -> StepView | None:
    """Return the item the band names; None when all is settled."""
    return step_of(page, page.event.next_step or "")
