"""The lines of the index of a volume with their pages, for the services that keep and print it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from counselroom.model.archive import ArchiveItem
from counselroom.rules.archive import ArchiveItemKind, Carrier
from counselroom.rules.secrecy import Secrecy
from counselroom.services.desk import Work


@dataclass(frozen=True)
class ItemData:
    """What the index says of an item; `pages` of None counts as one page."""

    title: str
    dated_on: date
    author: str = ""
    pages: int | None = None
    carrier: Carrier | None = None
    secrecy: Secrecy = Secrecy.S3
    remark: str = ""


@dataclass(frozen=True)
class IndexLine:
    """A line of the index.

    Attributes:
        number: its place, from 1.
        first_page: the page it begins on.
        last_page: the page it ends on.
        seen: when it was last changed.
    """

    id: str
    number: int
    kind: ArchiveItemKind
    entity: str
    entity_id: str
    data: ItemData
    first_page: int
    last_page: int
    filed_at: datetime | None
    seen: datetime


def index_lines(work: Work, archive_id: str) -> tuple[IndexLine, ...]:
    """Return the lines of an index by day, with the pages they take one after another."""
    rows = work.session.scalars(
        select(ArchiveItem)
        .where(ArchiveItem.archive_id == archive_id, ArchiveItem.voided_at.is_(None))
        .order_by(ArchiveItem.dated_on, ArchiveItem.created_at, ArchiveItem.id)
    ).all()
    lines, page = [], 1
    # The card stands first whatever its day: it is what the volume begins with.
    for number, row in enumerate(sorted(rows, key=lambda row: row.kind is not ArchiveItemKind.CARD), start=1):
        last = page + (row.pages or 1) - 1
        lines.append(
            IndexLine(
                row.id,
                number,
                row.kind,
                row.entity,
                row.entity_id,
                item_data(row),
                page,
                last,
                row.filed_at,
                row.updated_at,
            )
        )
        page = last + 1
    return tuple(lines)


def page_words(first: int, last: int) -> str:
    """Return the pages of an item as an index writes them: 3, or 3–5."""
    return str(first) if first == last else f"{first}–{last}"


def item_data(row: ArchiveItem) -> ItemData:
    """Return what the index says of a loaded item."""
    return ItemData(row.title, row.dated_on, row.author or "", row.pages, row.carrier, row.secrecy, row.remark or "")
