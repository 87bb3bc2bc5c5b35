"""The digits of a recovery sheet: 128 bits as eight groups of six digits, each group checking itself.

A group is a 16-bit number times 11, so that one wrong digit or two swapped neighbours always show, and the person who
types is told which group to look at again. Digits avoid look-alike letters and work under any input method. The layout
is that of BitLocker's recovery passwords; here the first group holds the first two bytes, high byte first.
"""

from __future__ import annotations

import re
import unicodedata

from counselroom.errors import Bug, UserError
from counselroom.i18n import _

SECRET_SIZE = 16
"""Bytes of the secret on a sheet."""
GROUPS = 8
"""Groups on a sheet."""
GROUP_DIGITS = 6
"""Digits of a group."""
_FACTOR = 11
_LIMIT = 720_896  # 65536 * 11: the first number a group can't hold
_GROUP = re.compile(r"[0-9]{6}\Z")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212_.,\u3001\u3002/|]+")


class RecoveryCodeError(UserError):
    """The digits typed are not those of a sheet.

    Attributes:
        groups: numbers (from 1) of the groups that can't be right; empty when the count of groups is wrong.
    """

    def __init__(self, happened: str, next_step: str, groups: tuple[int, ...] = ()) -> None:
        self.groups = groups
        super().__init__(happened, next_step=next_step)


def encode(secret: bytes) -> str:
    """Return the digits of a 16-byte secret: `123456-…`, eight groups of six.

    Raises:
        Bug: the secret has another length.
    """
    if len(secret) != SECRET_SIZE:
        message = "a sheet's secret has 16 bytes"
        raise Bug(message)
    numbers = (int.from_bytes(secret[at : at + 2]) * _FACTOR for at in range(0, SECRET_SIZE, 2))
    return "-".join(f"{number:0{GROUP_DIGITS}d}" for number in numbers)


def group_is_right(group: str) -> bool:
    """Return whether these six digits can be a group of a sheet (full-width digits count as digits)."""
    plain = unicodedata.normalize("NFKC", group).strip()
    return _GROUP.match(plain) is not None and int(plain) < _LIMIT and int(plain) % _FACTOR == 0


def decode(text: str) -> bytes:
    """Return the 16-byte secret of the digits `text`, with or without spaces and dashes.

    Raises:
        RecoveryCodeError: not eight groups, or groups that can't be right, which it names.
    """
    groups = _split(text)
    if len(groups) != GROUPS:
        raise RecoveryCodeError(
            _("A recovery sheet has eight groups of six digits; these are not as many."),
            _("Please compare with the sheet and type all eight groups."),
        )
    wrong = tuple(number for number, group in enumerate(groups, start=1) if not group_is_right(group))
    if wrong:
        raise RecoveryCodeError(
            _("These groups can't be right: {groups}.").format(groups=", ".join(map(str, wrong))),
            _("Please compare them with the sheet, digit by digit."),
            wrong,
        )
    return b"".join((int(group) // _FACTOR).to_bytes(2) for group in groups)


def _split(text: str) -> list[str]:
    """Return the groups as typed; digits without a mark between them are cut every six."""
    parts = [part for part in _BETWEEN.split(unicodedata.normalize("NFKC", text)) if part]
    joined = "".join(parts)
    if len(parts) == GROUPS or len(joined) != GROUPS * GROUP_DIGITS:
        return parts
    return [joined[at : at + GROUP_DIGITS] for at in range(0, len(joined), GROUP_DIGITS)]
