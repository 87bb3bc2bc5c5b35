"""The two kinds of failure."""

from __future__ import annotations

import pytest

from counselroom.errors import Bug, UserError


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("发生了什么。",), "发生了什么。"),
        (("发生了什么。", "什么是安全的。"), "发生了什么。什么是安全的。"),
        (("发生了什么。", "", "下一步。"), "发生了什么。下一步。"),
        (("发生了什么。", "什么是安全的。", "下一步。"), "发生了什么。什么是安全的。下一步。"),
    ],
)
def test_a_user_error_tells_what_happened_what_is_safe_and_what_to_do(parts: tuple[str, ...], sentence: str) -> None:
    error = UserError(*parts)
    assert error.sentence() == sentence
    assert str(error) == sentence
    assert (error.happened, error.safe, error.next_step) == (*parts, "", "")[:3]


def test_a_user_error_of_its_own_kind_is_caught_as_one_and_as_a_user_error() -> None:
    class DoorLocked(UserError):
        pass

    with pytest.raises(UserError, match="门锁着"):
        raise DoorLocked("门锁着。")


def test_a_user_error_is_no_bug_and_a_bug_no_user_error() -> None:
    assert not issubclass(UserError, Bug)
    assert not issubclass(Bug, UserError)
