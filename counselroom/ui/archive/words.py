"""Words of archives: reasons, kinds, carriers, how far a card is."""

from __future__ import annotations

from counselroom.i18n import pgettext
from counselroom.rules.archive import ArchiveItemKind, Carrier, OpenReason
from counselroom.rules.secrecy import Secrecy
from counselroom.services.archive_lists import CardState
from counselroom.ui.widgets.chip_face import ChipFace, draft


def reason_word(reason: OpenReason) -> str:
    """Return why an archive is opened."""
    return {
        OpenReason.COUNSELLING: pgettext("open reason", "counselling"),
        OpenReason.SCREENING: pgettext("open reason", "screening"),
        OpenReason.TIER: pgettext("open reason", "tier of care"),
        OpenReason.SPECIAL_GROUP: pgettext("open reason", "special group"),
        OpenReason.CENSUS: pgettext("open reason", "for all students"),
        OpenReason.RETURN: pgettext("open reason", "return to school"),
    }[reason]


def kind_word(kind: ArchiveItemKind) -> str:
    """Return what an item is."""
    return {
        ArchiveItemKind.CARD: pgettext("archive item", "card"),
        ArchiveItemKind.SESSION: pgettext("archive item", "session note"),
        ArchiveItemKind.REFERRAL: pgettext("archive item", "referral"),
        ArchiveItemKind.CONSENT: pgettext("archive item", "consent"),
        ArchiveItemKind.OTHER: pgettext("archive item", "other paper"),
    }[kind]


def carrier_word(carrier: Carrier) -> str:
    """Return what an item is kept on."""
    return {
        Carrier.PAPER: pgettext("carrier", "paper"),
        Carrier.ELECTRONIC: pgettext("carrier", "electronic"),
        Carrier.BOTH: pgettext("carrier", "paper and electronic"),
    }[carrier]


def secrecy_word(secrecy: Secrecy) -> str:
    """Return how secret an item is."""
    return {
        Secrecy.S0: pgettext("secrecy", "public"),
        Secrecy.S1: pgettext("secrecy", "internal"),
        Secrecy.S2: pgettext("secrecy", "confidential"),
        Secrecy.S3: pgettext("secrecy", "secret"),
    }[secrecy]


def card_face(state: CardState) -> ChipFace | None:
    """Return the chip of how far a card is; None where there is none."""
    if state is CardState.FILED:
        return filed_face()
    return draft() if state is CardState.TYPED else None


def filed_face() -> ChipFace:
    """Return 已入卷."""
    return ChipFace(pgettext("archive", "in the volume"), "plain", "mdi6.file-lock-outline")


def loose_face() -> ChipFace:
    """Return 待入卷."""
    return ChipFace(pgettext("archive", "not in the volume yet"), "slate", "mdi6.paperclip")
