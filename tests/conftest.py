"""Fixtures of all tests: a clock that is turned by hand, anchors in memory, a real encrypted vault, a room in it."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from counselroom import i18n
from counselroom.rules.access import Actor, Role
from counselroom.services.accounts import add_account, found_room
from counselroom.services.desk import Desk
from counselroom.vault.creation import NewVault, create_vault
from counselroom.vault.keys.argon import KdfParameters
from counselroom.vault.state import Anchor

CHINA = timezone(timedelta(hours=8))
PASSPHRASE = "qingcaodi-yueguang-shanlu-27"
ALL_ROLES = frozenset({Role.COUNSELLOR, Role.ARCHIVE_MANAGER, Role.CENTER_DIRECTOR})


class HandClock:
    """A clock that a test turns; every look takes a millisecond."""

    def __init__(self, start: datetime = datetime(2026, 10, 12, 8, 0, tzinfo=CHINA)) -> None:
        self.moment = start

    def now(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def since_boot(self) -> float:
        return self.moment.timestamp()

    def boot_id(self) -> str:
        return "test"


class MemoryAnchors:
    """An anchor store that a test can look into and change."""

    def __init__(self) -> None:
        self.anchors: dict[str, Anchor] = {}

    def load(self, vault_id: str) -> Anchor | None:
        return self.anchors.get(vault_id)

    def save(self, vault_id: str, anchor: Anchor) -> None:
        self.anchors[vault_id] = anchor


def counting_ids() -> Callable[[], str]:
    """Ids in a fixed order: the same test makes the same vault."""
    counter = itertools.count(1)
    return lambda: f"{next(counter):032x}"


MAY_BE_SKIPPED = ("needs root", "needs FUSE", "needs D-Bus", "needs Windows", "needs Linux")
"""The only reasons for which a test may be skipped; anything else fails the run."""


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Turn a skip for any other reason into a failure: what is not tested must be on the list."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith(MAY_BE_SKIPPED):
            report.outcome = "failed"
            report.longrepr = f"skipped for a reason that is not on the list: {reason}"


@pytest.fixture(autouse=True)
def chinese_kept() -> Iterator[None]:
    """Every test finds the shipped Chinese; one that leaves the process in another language fails itself."""
    yield
    if i18n._("Your role does not allow this.") != "您的角色不能进行这项操作。":
        i18n.use()
        pytest.fail("left the process in another language")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def anchors() -> MemoryAnchors:
    return MemoryAnchors()


@pytest.fixture
def entropy() -> Callable[[int], bytes]:
    return random.Random(7).randbytes


@pytest.fixture
def new_vault(
    tmp_path: Path, clock: HandClock, anchors: MemoryAnchors, entropy: Callable[[int], bytes]
) -> Iterator[NewVault]:
    """A new vault with one login, open."""
    made = create_vault(
        tmp_path / "vault",
        logins=(("用户 1", PASSPHRASE),),
        entropy=entropy,
        now=clock.now,
        new_id=counting_ids(),
        anchors=anchors,
        kdf=KdfParameters(),
    )
    yield made
    made.vault.close()


@pytest.fixture
def desk(new_vault: NewVault, clock: HandClock) -> Desk:
    counter = itertools.count(1_000)
    return Desk(new_vault.vault, clock, lambda: f"{next(counter):032x}")


@pytest.fixture
def actor(desk: Desk, new_vault: NewVault) -> Actor:
    """The only teacher of a small school: counsellor, archive manager and director."""
    return found_room(desk, "林老师", new_vault.vault.slot.slot_id, ALL_ROLES)


@pytest.fixture
def colleague(desk: Desk, actor: Actor) -> Actor:
    """A second counsellor without any other role."""
    roles = frozenset({Role.COUNSELLOR})
    view = add_account(actor, desk, "周老师", roles, "0123456789abcdef").value
    return Actor(view.id, view.person_id, roles)


@pytest.fixture
def archivist(desk: Desk, actor: Actor) -> Actor:
    """An archive manager without any other role."""
    roles = frozenset({Role.ARCHIVE_MANAGER})
    view = add_account(actor, desk, "吴老师", roles, "fedcba9876543210").value
    return Actor(view.id, view.person_id, roles)
