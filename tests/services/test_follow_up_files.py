"""The file of follow-up rules: what is wrong in it is refused with its line, and a school may only ask for more."""

from __future__ import annotations

import pytest

from counselroom import resources
from counselroom.services.follow_up_files import RulesRefused, parameter_keys, read_rules, shipped_rules
from counselroom.services.parameter_values import definitions

SOURCE = resources.read_text("resources/follow_up_rules.toml")
DEFAULTS = {key: int(definitions()[key].default) for key in parameter_keys()}


def line_with(text: str, source: str = SOURCE) -> int:
    return source[: source.index(text)].count("\n") + 1


def changed(key: str, before: str, after: str) -> str:
    """Return the shipped file with one line of one rule changed."""
    head, mark, tail = SOURCE.partition(f'key = "{key}"\n')
    assert before in tail
    return head + mark + tail.replace(before, after, 1)


def test_the_shipped_rules_are_read() -> None:
    rules = shipped_rules()
    assert len(rules.entries) == 27
    assert not rules.is_own
    assert {rule.key: rule.within_days for rule in rules.in_force({**DEFAULTS, "return_assess_days": 3})}["FR-22"] == 3


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("[rules\n", 1),
        ("", 1),
        (changed("FR-07", 'per = "week"', 'per = "fortnight"'), line_with('per = "week"')),
        (changed("FR-07", "times = 1", "times = 3"), line_with('key = "FR-07"') + 6),
        (changed("FR-05", 'within_days = "second_stage_days"\n', ""), line_with('key = "FR-05"') - 1),
        (changed("FR-05", '"second_stage_days"', '"note_due_hours"'), line_with('"second_stage_days"')),
        (changed("FR-05", '"second_stage_days"', '"no_such_thing"'), line_with('"second_stage_days"')),
        (changed("FR-05", '"second_stage_days"', "0"), line_with('"second_stage_days"')),
        (changed("FR-04", "check_days = 1\n", ""), line_with('key = "FR-04"') - 1),
        (changed("FR-04", "check_days = 1", "check_days = 401"), line_with("check_days = 1")),
        (changed("FR-01", "gap_days = 16", "gap_days = 9"), line_with("gap_days = 16")),
        (changed("FR-07", "times = 1", "times = 1\ngap_days = 16"), line_with('key = "FR-07"') + 7),
        (changed("FR-07", 'task = "到宿舍了解情况"', 'task = "诊断"'), line_with('task = "到宿舍了解情况"')),
        (SOURCE + "\nx = 1\n", 0),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(source: str, line: int) -> None:
    with pytest.raises(RulesRefused) as caught:
        read_rules(source, "mine.toml")
    assert caught.value.file == "mine.toml"
    assert caught.value.reason
    if line:
        assert caught.value.line == line


def test_a_rule_that_stands_there_twice_is_refused() -> None:
    source = SOURCE.replace('key = "FR-08"', 'key = "FR-07"')
    with pytest.raises(RulesRefused) as caught:
        read_rules(source, "mine.toml")
    assert caught.value.line == line_with('key = "FR-08"')


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("FR-07", 'per = "week"', 'per = "two_weeks"'),
        ("FR-10", "times = 2", "times = 1"),
        ("FR-05", '"second_stage_days"', "21"),
        ("FR-26", "lasts_months = 3", "lasts_months = 2"),
        ("FR-26", 'holidays = "go_on"', 'holidays = "pause"'),
        ("FR-01", "gap_days = 16", "gap_days = 20"),
        ("FR-10", 'when = ["acute_stress", "severe_blow"]', 'when = ["acute_stress"]'),
    ],
)
def test_a_school_asks_for_less_only_with_a_reason(key: str, before: str, after: str) -> None:
    source = changed(key, before, after)
    with pytest.raises(RulesRefused) as caught:
        read_rules(source, "own.toml", original=shipped_rules())
    assert caught.value.line == line_with(f'key = "{key}"')
    assert key in caught.value.reason
    with_reason = changed(key, before, f'{after}\nreason = "学校人手不足，领导小组同意"')
    assert read_rules(with_reason, "own.toml", original=shipped_rules()).is_own


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [("FR-24", "lasts_months", 'reason = "x"\nlasts_months'), ("FR-23", 'per = "two_weeks"', 'per = "week"')],
)
def test_a_school_may_ask_for_more(key: str, before: str, after: str) -> None:
    assert read_rules(changed(key, before, after), "own.toml", original=shipped_rules()).is_own


@pytest.mark.parametrize(
    ("before", "after"),
    [('per = "two_weeks"', 'per = "month"\nreason = "x"'), ("locked = true", 'locked = false\nreason = "x"')],
)
def test_what_is_locked_is_never_asked_for_less(before: str, after: str) -> None:
    with pytest.raises(RulesRefused):
        read_rules(changed("FR-23", before, after), "own.toml", original=shipped_rules())


def test_a_school_leaves_no_rule_out() -> None:
    head, _mark, _tail = SOURCE.partition('\n[[rule]]\nkey = "FR-27"')
    with pytest.raises(RulesRefused) as caught:
        read_rules(head, "own.toml", original=shipped_rules())
    assert "FR-27" in caught.value.reason
