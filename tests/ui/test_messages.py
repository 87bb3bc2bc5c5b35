"""Sentences for what was done and what failed; our own mistakes go to the log without a word of content."""

from __future__ import annotations

import logging

import pytest

from counselroom.errors import Bug, UserError
from counselroom.services.changes import Undo
from counselroom.ui.messages import Messages
from counselroom.vault.progress import Cancelled


@pytest.fixture
def heard() -> tuple[Messages, list[tuple[str, object]], list[str]]:
    messages = Messages()
    done: list[tuple[str, object]] = []
    failed: list[str] = []
    messages.done.connect(lambda sentence, undo: done.append((sentence, undo)))
    messages.failed.connect(failed.append)
    return messages, done, failed


Heard = tuple[Messages, list[tuple[str, object]], list[str]]


def test_what_was_done_carries_its_undo(heard: Heard) -> None:
    messages, done, failed = heard
    undo = Undo("改了。", "edit_student", {})
    messages.say("已保存。", undo)
    assert done == [("已保存。", undo)]
    assert failed == []


def test_a_user_error_is_its_own_sentence(heard: Heard) -> None:
    messages, done, failed = heard
    messages.tell(UserError("盘满了。", "记录还在。", "请清理。"))
    assert failed == ["盘满了。记录还在。请清理。"]
    assert done == []


def test_what_was_stopped_is_no_failure(heard: Heard) -> None:
    messages, done, failed = heard
    messages.tell(Cancelled())
    assert len(done) == 1
    assert failed == []


@pytest.mark.parametrize("error", [Bug("secret 张三"), ValueError("secret 张三")])
def test_a_mistake_of_ours_is_a_plain_sentence_and_a_line_in_the_log(
    heard: Heard, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    messages, _done, failed = heard
    with caplog.at_level(logging.ERROR):
        messages.tell(error)
    assert "张三" not in failed[0]
    assert "差错" in failed[0]
    assert [record.getMessage() for record in caplog.records] == ["a mistake of the program"]
