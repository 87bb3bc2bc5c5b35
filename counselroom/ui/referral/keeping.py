"""How a referral is kept while it is typed: as a draft of the page, then as a record."""

from __future__ import annotations

from counselroom.rules.access import Actor
from counselroom.services.changes import Done
from counselroom.services.drafts import discard_draft
from counselroom.services.referrals import ReferralData, ReferralView, draft_referral, edit_referral
from counselroom.ui.room import Room


def place_of(student_id: str) -> str:
    """Return where the draft of a referral is kept that nothing was written down of yet."""
    return f"page:referral:{student_id}"


def is_whole(data: ReferralData) -> bool:
    """Tell whether a referral has what even a draft of it needs."""
    return bool(data.to_name and data.reason and data.summary)


def stored(actor: Actor, room: Room, data: ReferralData, view: ReferralView | None) -> Done[ReferralView]:
    """Write a referral down; done on the lane."""
    if view is not None:
        return edit_referral(actor, room.desk, view.id, data)
    discard_draft(actor, room.desk, place_of(data.student_id))
    return draft_referral(actor, room.desk, data)
