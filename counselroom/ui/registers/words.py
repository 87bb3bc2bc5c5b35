"""Words around a list of rows."""

from __future__ import annotations

from counselroom.i18n import _, pgettext
from counselroom.rules.registers import RegisterState
from counselroom.services.register_rows import RowFilter, RowView
from counselroom.services.registers import RowList


def edit_word(row: RowView | None) -> str:
    """Return what the button beside a row does with it."""
    if row is not None and row.void_reason is not None:
        return pgettext("register", "Look at it")
    filed = row is not None and row.state is RegisterState.FILED
    return pgettext("register", "Correct") if filed else pgettext("register", "Edit")


def foot_text(found: RowList) -> str:
    """Return what stands below a list: how many rows, and the sums of the numbers that are counted."""
    parts = [_("{count} rows").format(count=f"{found.total:,}")]
    if found.total > len(found.rows):
        parts.append(_("the newest {count} are shown").format(count=f"{len(found.rows):,}"))
    for link_id, total in found.sums.sums.items():
        asked = found.register.field(link_id)
        parts.append(
            _("{field} {sum} {unit} in all").format(field=asked.label, sum=f"{total:,}", unit=asked.unit).rstrip()
        )
    return "　".join(parts)


def progress_text(found: RowList, year: str) -> str:
    """Return what stands below the persons: which year is meant, how many they are, and what they miss together."""
    missing = sum(each.missing for each in found.progress)
    return _("Year {year}　{count} people　{missing} missing in all").format(
        year=year, count=len(found.progress), missing=missing
    )


def nothing_words(wanted: RowFilter) -> tuple[str, str]:
    """Return what stands in the place of an empty list: a sentence, and what helps."""
    if wanted.words:
        return _("Nothing found for “{query}”.").format(query=wanted.words), _("Please try fewer words.")
    if wanted.academic_year:
        return _("There is no row in this time."), _("Choose all years to see the others.")
    return _("Nothing is entered here yet."), _("A row can be kept as a draft and entered later.")
