"""The gate of all records (R-01, SYS-02), against tables that say in words who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import FrozenInstanceError, dataclass
from datetime import UTC, datetime, timedelta, timezone
from itertools import combinations, product

import pytest

from counselroom.rules.access import KEYLESS_ROLES, Action, Actor, Decision, Grant, Refusal, Role, Subject, decide
from counselroom.rules.secrecy import Secrecy

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=timezone(timedelta(hours=8)))
MOMENT = timedelta(microseconds=1)
ME, SOMEONE = "person-me", "person-else"
CASE, RECORD, ENTITY = "case-1", "note-1", "session_record"

# What the office does: the record plays no part, and every deed leaves a trace. "reason": only with a stated reason.
OFFICE = """
                  counsellor   archive_manager   center_director   crisis_head   sys_admin
manage_accounts   -            -                 yes               -             -
grant             -            -                 reason            -             -
manage_school     -            -                 yes               -             -
import            yes          yes               yes               -             -
back_up           yes          yes               yes               -             -
restore           -            -                 reason            -             -
check             yes          yes               yes               -             -
read_audit        -            -                 yes               -             -
redact            -            -                 reason            -             -
reassign          -            reason            reason            -             -
destroy           -            -                 reason            -             -
file              -            yes               yes               -             -
"""

# Public and internal records. "own": mine or nobody's. "quiet": allowed and leaves no trace.
OPEN = """
                  counsellor   archive_manager   center_director   crisis_head   sys_admin
read              quiet        quiet             quiet             -             -
write             yes          yes               yes               -             -
sign              own          own               own               -             -
amend             own          own               own               -             -
print             yes          yes               yes               -             -
export            yes          yes               yes               -             -
keep_draft        quiet        quiet             quiet             -             -
"""

# Confidential records (S2). "never": not even one's own.
CONFIDENTIAL = """
                  counsellor   archive_manager   center_director   crisis_head   sys_admin
read              quiet        quiet             quiet             -             -
write             yes          -                 yes               -             -
sign              own          never             own               -             -
amend             own          never             own               -             -
print             yes          yes               yes               -             -
export            yes          -                 yes               -             -
keep_draft        quiet        quiet             quiet             -             -
"""

# The highest secrecy (S3), to read, print or export. Exactly one line holds for every situation.
SECRET_READING = """
role              owner     restricted   filed   grant   reason   answer
counsellor        mine      *            *       *       *        yes
counsellor        nobody    no           *       *       *        yes
counsellor        nobody    yes          *       live    *        yes
counsellor        nobody    yes          *       none    *        restricted
counsellor        other     *            *       live    *        yes
counsellor        other     yes          *       none    *        restricted
counsellor        other     no           *       none    *        not_yours
archive_manager   *         *            *       live    *        yes
archive_manager   *         yes          *       none    *        restricted
archive_manager   *         no           yes     none    *        yes
archive_manager   *         no           no      none    *        role
center_director   *         *            *       live    *        yes
center_director   *         yes          *       none    *        restricted
center_director   *         no           *       none    given    yes
center_director   *         no           *       none    none     reason_needed
crisis_head       *         *            *       *       *        role
sys_admin         *         *            *       *       *        role
"""

# S3, to write, sign or amend: a grant, a reason or the archive are no leave to change what another wrote.
SECRET_CHANGING = """
role              owner     restricted   filed   grant   reason   answer
counsellor        mine      *            *       *       *        yes
counsellor        nobody    no           *       *       *        yes
counsellor        nobody    yes          *       *       *        not_yours
counsellor        other     *            *       *       *        not_yours
archive_manager   *         *            *       *       *        role
center_director   *         *            *       *       *        role
crisis_head       *         *            *       *       *        role
sys_admin         *         *            *       *       *        role
"""

READING = (Action.READ, Action.PRINT, Action.EXPORT)
CHANGING = (Action.WRITE, Action.SIGN, Action.AMEND)
OWNERS = {"mine": ME, "nobody": None, "other": SOMEONE}
REASONS = {"given": "家长来访，需要核对", "none": "", "blank": " \t\n"}
GRANTS: dict[str, tuple[Grant, ...]] = {
    "none": (),
    "record": (Grant(ENTITY, RECORD, NOW + MOMENT),),
    "case": (Grant("referral", "x", NOW + MOMENT), Grant("case_file", CASE, NOW + MOMENT)),
    "expired": (Grant(ENTITY, RECORD, NOW), Grant("case_file", CASE, NOW)),
    "stray": (
        Grant(ENTITY, "note-2", NOW + MOMENT),
        Grant("consent", RECORD, NOW + MOMENT),
        Grant("case_file", "case-2", NOW + MOMENT),
        Grant("case_file", RECORD, NOW + MOMENT),
        Grant(ENTITY, CASE, NOW + MOMENT),
    ),
}
LIVE = {"record", "case"}
MOST_TELLING = (Refusal.REASON_NEEDED, Refusal.RESTRICTED, Refusal.NOT_YOURS, Refusal.ROLE)


@dataclass(frozen=True)
class Situation:
    """One combination of all that plays a part."""

    action: Action
    secrecy: Secrecy
    owner: str
    restricted: bool
    filed: bool
    grant: str
    reason: str

    def decide(self, roles: frozenset[Role]) -> Decision:
        actor = Actor("account-me", ME, roles, REASONS[self.reason])
        subject = Subject(ENTITY, RECORD, self.secrecy, OWNERS[self.owner], self.restricted, self.filed, CASE)
        return decide(actor, self.action, subject, GRANTS[self.grant], NOW)

    def facts(self) -> tuple[str, ...]:
        return (
            self.owner,
            "yes" if self.restricted else "no",
            "yes" if self.filed else "no",
            "live" if self.grant in LIVE else "none",
            "given" if self.reason == "given" else "none",
        )


def matrix(text: str) -> dict[tuple[str, Role], str]:
    head, *lines = text.strip().splitlines()
    roles = [Role(word) for word in head.split()]
    cells = {}
    for line in lines:
        action, *words = line.split()
        for role, word in zip(roles, words, strict=True):
            cells[action, role] = word
    return cells


def conditions(text: str) -> list[tuple[Role, tuple[str, ...], str]]:
    table = []
    for line in text.strip().splitlines()[1:]:
        role, *facts, answer = line.split()
        table.append((Role(role), tuple(facts), answer))
    return table


OFFICE_CELLS, OPEN_CELLS, CONFIDENTIAL_CELLS = matrix(OFFICE), matrix(OPEN), matrix(CONFIDENTIAL)
READING_LINES, CHANGING_LINES = conditions(SECRET_READING), conditions(SECRET_CHANGING)
OFFICE_ACTIONS = {Action(action) for action, _ in OFFICE_CELLS}


def expected(role: Role, situation: Situation) -> Decision:
    """What the tables say about an account with one role."""
    if situation.action in OFFICE_ACTIONS:
        return from_cell(OFFICE_CELLS[situation.action, role], situation)
    if situation.action is Action.KEEP_DRAFT or situation.secrecy in (Secrecy.S0, Secrecy.S1):
        return from_cell(OPEN_CELLS[situation.action, role], situation)
    if situation.secrecy is Secrecy.S2:
        return from_cell(CONFIDENTIAL_CELLS[situation.action, role], situation)
    lines = READING_LINES if situation.action in READING else CHANGING_LINES
    answers = [
        answer
        for of_role, facts, answer in lines
        if of_role is role and all(fact in ("*", actual) for fact, actual in zip(facts, situation.facts(), strict=True))
    ]
    assert len(answers) == 1, f"the table must say one thing about {role} and {situation}"
    return Decision(audited=True) if answers[0] == "yes" else Decision(Refusal(answers[0]))


def from_cell(cell: str, situation: Situation) -> Decision:
    others = situation.owner == "other"
    match cell:
        case "yes":
            return Decision(audited=True)
        case "quiet":
            return Decision()
        case "reason":
            return Decision(audited=True) if situation.reason == "given" else Decision(Refusal.REASON_NEEDED)
        case "own":
            return Decision(Refusal.NOT_YOURS) if others else Decision(audited=True)
        case "never":
            return Decision(Refusal.NOT_YOURS if others else Refusal.ROLE)
        case "-":
            return Decision(Refusal.ROLE)
    raise AssertionError(cell)


def situations(
    action: Action,
    secrecy: Secrecy,
    grants: tuple[str, ...] = tuple(GRANTS),
    reasons: tuple[str, ...] = tuple(REASONS),
) -> Iterator[Situation]:
    for owner, restricted, filed, grant, reason in product(OWNERS, (False, True), (False, True), grants, reasons):
        yield Situation(action, secrecy, owner, restricted, filed, grant, reason)


def all_role_sets() -> Iterator[frozenset[Role]]:
    for size in range(len(Role) + 1):
        for roles in combinations(Role, size):
            yield frozenset(roles)


def test_the_tables_speak_of_every_action() -> None:
    assert OFFICE_ACTIONS | {Action(action) for action, _ in OPEN_CELLS} == set(Action)
    assert {action for action, _ in OPEN_CELLS} == {action for action, _ in CONFIDENTIAL_CELLS}
    assert OFFICE_ACTIONS | set(READING) | set(CHANGING) | {Action.KEEP_DRAFT} == set(Action)


@pytest.mark.parametrize("secrecy", Secrecy)
@pytest.mark.parametrize("action", Action)
def test_R01_one_role_may_exactly_what_the_tables_say(action: Action, secrecy: Secrecy) -> None:
    for situation in situations(action, secrecy):
        for role in Role:
            assert situation.decide(frozenset({role})) == expected(role, situation), (role, situation)


@pytest.mark.parametrize("secrecy", Secrecy)
@pytest.mark.parametrize("action", Action)
def test_R01_several_roles_may_what_one_of_them_may_and_no_more(action: Action, secrecy: Secrecy) -> None:
    for situation in situations(action, secrecy, grants=("none", "record"), reasons=("given", "none")):
        of_one = {role: expected(role, situation) for role in Role}
        for roles in all_role_sets():
            answers = [of_one[role] for role in roles]
            decision = situation.decide(roles)
            allowing = [answer for answer in answers if answer.allowed]
            if allowing:
                assert decision == allowing[0], (roles, situation)
            else:
                told = {answer.refusal for answer in answers} | {Refusal.ROLE}
                assert decision.refusal is next(refusal for refusal in MOST_TELLING if refusal in told), (
                    roles,
                    situation,
                )
                assert not decision.audited


@pytest.mark.parametrize("roles", [frozenset(), *(frozenset({role}) for role in KEYLESS_ROLES), KEYLESS_ROLES])
def test_R01_who_holds_no_key_gets_nothing_whatever_was_granted(roles: frozenset[Role]) -> None:
    for action, secrecy in product(Action, Secrecy):
        for situation in situations(action, secrecy):
            assert situation.decide(roles) == Decision(Refusal.ROLE), situation


def test_R01_only_these_two_roles_hold_no_key() -> None:
    assert {Role.SYS_ADMIN, Role.CRISIS_HEAD} == KEYLESS_ROLES


def test_R01_every_reading_of_the_highest_secrecy_leaves_a_trace() -> None:
    for action in READING:
        for situation in situations(action, Secrecy.S3):
            for roles in all_role_sets():
                decision = situation.decide(roles)
                assert decision.audited is decision.allowed, (roles, situation)


def another_s(grants: tuple[Grant, ...], now: datetime, case_id: str | None = CASE) -> Decision:
    actor = Actor("account-me", ME, frozenset({Role.COUNSELLOR}))
    subject = Subject(ENTITY, RECORD, Secrecy.S3, SOMEONE, case_id=case_id)
    return decide(actor, Action.READ, subject, grants, now)


@pytest.mark.parametrize("target", [(ENTITY, RECORD), ("case_file", CASE)])
def test_R01_a_grant_ends_at_its_very_moment(target: tuple[str, str]) -> None:
    grants = (Grant(*target, expires_at=NOW),)
    assert another_s(grants, NOW - MOMENT).allowed
    assert another_s(grants, NOW) == Decision(Refusal.NOT_YOURS)
    assert another_s(grants, NOW + MOMENT) == Decision(Refusal.NOT_YOURS)


def test_R01_a_grant_ends_at_the_same_moment_on_every_clock() -> None:
    grants = (Grant(ENTITY, RECORD, NOW.astimezone(UTC)),)
    assert another_s(grants, NOW - MOMENT).allowed
    assert not another_s(grants, NOW).allowed


def test_R01_one_live_grant_among_dead_and_strange_ones_is_enough() -> None:
    assert another_s((*GRANTS["expired"], *GRANTS["stray"], *GRANTS["record"]), NOW).allowed
    assert another_s((*GRANTS["record"], *GRANTS["expired"], *GRANTS["stray"]), NOW).allowed
    assert not another_s((*GRANTS["expired"], *GRANTS["stray"]), NOW).allowed


def test_R01_a_grant_for_a_case_does_not_reach_a_record_outside_every_case() -> None:
    assert another_s(GRANTS["case"], NOW).allowed
    assert not another_s(GRANTS["case"], NOW, case_id=None).allowed
    assert not another_s((Grant("case_file", "", NOW + MOMENT),), NOW, case_id=None).allowed


def test_R01_a_case_itself_is_opened_by_its_grant() -> None:
    actor = Actor("account-me", ME, frozenset({Role.COUNSELLOR}))
    subject = Subject("case_file", CASE, Secrecy.S3, SOMEONE, restricted=True)
    assert decide(actor, Action.READ, subject, (Grant("case_file", CASE, NOW + MOMENT),), NOW).allowed
    assert not decide(actor, Action.READ, subject, (Grant("case_file", "case-2", NOW + MOMENT),), NOW).allowed


def test_an_allowance_has_no_refusal() -> None:
    assert Decision().allowed
    assert Decision(audited=True).allowed
    assert not Decision().audited
    for refusal in Refusal:
        assert not Decision(refusal).allowed


def test_an_actor_states_a_reason_and_stays_who_he_is() -> None:
    actor = Actor("a", "p", frozenset({Role.COUNSELLOR, Role.CENTER_DIRECTOR}), "old")
    assert actor.because("new") == Actor("a", "p", frozenset({Role.COUNSELLOR, Role.CENTER_DIRECTOR}), "new")
    assert actor.reason == "old"
    assert Actor("a", "p", frozenset()).reason == ""


def test_a_subject_is_internal_nobodys_and_in_no_case_unless_said() -> None:
    assert Subject("room") == Subject("room", "", Secrecy.S1, None, restricted=False, filed=False, case_id=None)


def test_a_decision_cannot_be_changed_afterwards() -> None:
    with pytest.raises(FrozenInstanceError):
        Decision(Refusal.ROLE).refusal = None  # type: ignore[misc] # what the test forbids
