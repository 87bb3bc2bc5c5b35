"""The two lanes on a real vault: order, dropped results, changes posted by jobs, cancelling and locking."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from counselroom.errors import Bug
from counselroom.vault.lanes import LOCK_WAITS, ChangeLane, Job, JobLane, Priority
from counselroom.vault.progress import Cancelled, Step
from counselroom.vault.vault import Vault
from tests.vault.vaults import Place, save_row, saved_rows

PATIENCE = 20


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    vault = Place(tmp_path).unlock()
    yield vault
    vault.close()


@pytest.fixture
def lane() -> Iterator[ChangeLane]:
    lane = ChangeLane()
    yield lane
    lane.close()


@pytest.fixture
def jobs(vault: Vault, lane: ChangeLane) -> Iterator[JobLane]:
    jobs = JobLane(vault, lane)
    yield jobs
    assert jobs.close()


class Owner:
    """A page that asks."""


class Held:
    """Keeps the lane busy until let go, so that a test decides what waits."""

    def __init__(self, lane: ChangeLane) -> None:
        self._gate = threading.Event()
        started = threading.Event()

        def work() -> None:
            started.set()
            assert self._gate.wait(PATIENCE)

        lane.change(work)
        assert started.wait(PATIENCE)

    def let_go(self) -> None:
        self._gate.set()


def wait_for(lane: ChangeLane) -> None:
    """Wait until all that waits now is done."""
    lane.change(lambda: None).result(PATIENCE)


# The change lane.


def test_a_change_is_done_on_the_lanes_own_thread(vault: Vault, lane: ChangeLane) -> None:
    done: list[Any] = []
    future = lane.change(lambda: (save_row(vault, "one"), threading.current_thread().name), done.append)
    assert future.result(PATIENCE)[1] == "change lane"
    assert lane.change(lambda: saved_rows(vault)).result(PATIENCE) >= {"one"}
    assert done == [future]


def test_many_threads_share_the_one_writing_connection(vault: Vault, lane: ChangeLane) -> None:
    def ask(number: int) -> None:
        for turn in range(10):
            lane.change(lambda turn=turn: save_row(vault, f"{number}-{turn}")).result(PATIENCE)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(lane.change(lambda: saved_rows(vault)).result(PATIENCE)) == 40


def test_lock_and_autosave_go_first_and_the_rest_in_order(lane: ChangeLane) -> None:
    held = Held(lane)
    order: list[str] = []
    for name, priority in [
        ("first", Priority.NORMAL),
        ("second", Priority.NORMAL),
        ("draft", Priority.AUTOSAVE),
        ("lock", Priority.LOCK),
        ("third", Priority.NORMAL),
        ("draft 2", Priority.AUTOSAVE),
    ]:
        lane.change(lambda name=name: order.append(name), priority=priority)
    held.let_go()
    lane.close()
    assert order == ["lock", "draft", "draft 2", "first", "second", "third"]


def test_a_failure_belongs_to_who_asked_and_the_lane_goes_on(lane: ChangeLane) -> None:
    done: list[Future[None]] = []

    def fail() -> None:
        raise ZeroDivisionError

    failed = lane.change(fail, done.append)
    with pytest.raises(ZeroDivisionError):
        failed.result(PATIENCE)
    assert lane.change(lambda: 5).result(PATIENCE) == 5
    assert done == [failed]


def test_a_failed_change_leaves_nothing_in_the_vault(vault: Vault, lane: ChangeLane) -> None:
    def half() -> None:
        with vault.change() as session:
            session.execute(text("INSERT INTO parameter VALUES ('half', '1', 'x', 'x')"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        lane.change(half).result(PATIENCE)
    assert lane.change(lambda: saved_rows(vault)).result(PATIENCE) == set()


def test_a_query_answers_its_owner(lane: ChangeLane) -> None:
    owner, done = Owner(), threading.Event()
    answers: list[int] = []

    def answer(future: Future[int]) -> None:
        answers.append(future.result())
        done.set()

    lane.query(owner, lambda: 7, answer)
    assert done.wait(PATIENCE)
    assert answers == [7]


def test_only_the_newest_query_of_a_key_is_done(lane: ChangeLane) -> None:
    held, owner = Held(lane), Owner()
    worked: list[str] = []
    answered: list[str] = []

    def ask(name: str, key: str | None) -> Future[str]:
        def work() -> str:
            worked.append(name)
            return name

        return lane.query(owner, work, lambda future: answered.append(future.result()), key=key)

    old = ask("zh", "search")
    other = ask("list", "list")
    free = ask("free", None)
    new = ask("zhang", "search")
    held.let_go()
    wait_for(lane)
    assert worked == answered == ["list", "free", "zhang"]
    assert old.cancelled()
    assert (other.result(), free.result(), new.result()) == ("list", "free", "zhang")


def test_an_answer_overtaken_while_it_was_made_is_dropped(lane: ChangeLane) -> None:
    owner, begun, go = Owner(), threading.Event(), threading.Event()
    answered: list[str] = []

    def slow() -> str:
        begun.set()
        assert go.wait(PATIENCE)
        return "old"

    old = lane.query(owner, slow, lambda future: answered.append(future.result()), key="k")
    assert begun.wait(PATIENCE)
    lane.query(owner, lambda: "new", lambda future: answered.append(future.result()), key="k")
    go.set()
    wait_for(lane)
    assert old.result() == "old"
    assert answered == ["new"]


def test_nothing_is_done_for_an_owner_that_is_gone(lane: ChangeLane) -> None:
    held, owner = Held(lane), Owner()
    worked: list[int] = []
    future = lane.query(owner, lambda: worked.append(1), lambda _: worked.append(2))
    del owner
    gc.collect()
    held.let_go()
    wait_for(lane)
    assert future.cancelled()
    assert worked == []


def test_an_answer_is_dropped_when_its_owner_goes_before_delivery() -> None:
    mail: list[Callable[[], None]] = []
    lane = ChangeLane(mail.append)
    owner: Owner | None = Owner()
    answered: list[int] = []
    lane.query(owner, lambda: 1, lambda future: answered.append(future.result())).result(PATIENCE)
    lane.change(lambda: 2, lambda future: answered.append(future.result())).result(PATIENCE)
    lane.close()
    owner = None
    gc.collect()
    assert len(mail) == 2
    for call in mail:
        call()
    assert answered == [2]


def test_a_change_is_never_dropped(lane: ChangeLane) -> None:
    held = Held(lane)
    saved: list[int] = []
    lane.change(lambda: saved.append(1), priority=Priority.AUTOSAVE)
    query = lane.query(lane, lambda: saved.append(2), lambda _: None)
    closing = threading.Thread(target=lane.close)
    closing.start()
    while not lane._closing:
        time.sleep(0.001)
    held.let_go()
    closing.join(PATIENCE)
    assert saved == [1]
    assert query.cancelled()


def test_a_change_taken_back_in_time_is_not_done(lane: ChangeLane) -> None:
    held = Held(lane)
    done: list[int] = []
    future = lane.change(lambda: done.append(1))
    assert future.cancel()
    held.let_go()
    lane.close()
    assert done == []


def test_a_closed_lane_takes_nothing(lane: ChangeLane) -> None:
    lane.close()
    lane.close()
    with pytest.raises(Bug):
        lane.change(lambda: 1)
    with pytest.raises(Bug):
        lane.query(lane, lambda: 1, lambda _: None)


def test_the_lane_can_be_closed_from_within() -> None:
    lane = ChangeLane()
    lane.change(lane.close).result(PATIENCE)
    lane._thread.join(PATIENCE)
    assert not lane._thread.is_alive()


# The job lane.


def count(job: Job[int]) -> int:
    assert job.session is not None
    return int(job.session.execute(text("SELECT count(*) FROM parameter")).scalar_one())


def test_a_job_sees_one_state_for_its_whole_run(vault: Vault, lane: ChangeLane, jobs: JobLane) -> None:
    begun, go = threading.Event(), threading.Event()

    def work(job: Job[tuple[int, int]]) -> tuple[int, int]:
        before = count(job)  # type: ignore[arg-type]  # counts, whatever the job returns
        begun.set()
        assert go.wait(PATIENCE)
        return before, count(job)  # type: ignore[arg-type]  # as above

    job = jobs.job(work)
    assert begun.wait(PATIENCE)
    lane.change(lambda: save_row(vault, "meanwhile")).result(PATIENCE)
    go.set()
    assert job.future.result(PATIENCE) == (0, 0)
    assert jobs.job(count).future.result(PATIENCE) == 1


def test_a_job_can_write_only_through_the_change_lane(vault: Vault, lane: ChangeLane, jobs: JobLane) -> None:
    def direct(job: Job[None]) -> None:
        assert job.session is not None
        job.session.execute(text("INSERT INTO parameter VALUES ('x', '1', 'x', 'x')"))

    with pytest.raises(Exception, match="readonly"):
        jobs.job(direct).future.result(PATIENCE)
    posted = jobs.job(lambda job: job.change(lambda: save_row(vault, "posted")))
    assert posted.future.result(PATIENCE) > 0
    assert lane.change(lambda: saved_rows(vault)).result(PATIENCE) == {"posted"}


def test_a_posted_change_waits_for_its_turn(lane: ChangeLane, jobs: JobLane) -> None:
    held = Held(lane)
    job = jobs.job(lambda job: job.change(lambda: 5))
    time.sleep(0.1)
    assert not job.future.done()
    held.let_go()
    assert job.future.result(PATIENCE) == 5


def test_a_failing_posted_change_fails_in_the_job(jobs: JobLane) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    def fail_slowly() -> None:
        time.sleep(0.1)
        raise TimeoutError

    with pytest.raises(ZeroDivisionError):
        jobs.job(lambda job: job.change(fail)).future.result(PATIENCE)
    with pytest.raises(TimeoutError):
        jobs.job(lambda job: job.change(fail_slowly)).future.result(PATIENCE)


def test_jobs_are_done_one_after_another_and_deliver(vault: Vault, lane: ChangeLane) -> None:
    mail: list[Callable[[], None]] = []
    jobs = JobLane(vault, lane, mail.append)
    told: list[Any] = []

    def work(job: Job[str]) -> str:
        job.progress(Step.IMAGE, 1, 2)
        return threading.current_thread().name

    first = jobs.job(work, lambda future: told.append(future.result()), progress=lambda *what: told.append(what))
    second = jobs.job(lambda _: 2, reads=False)
    assert (first.future.result(PATIENCE), second.future.result(PATIENCE)) == ("job lane", 2)
    assert jobs.close()
    assert told == []
    for call in mail:
        call()
    assert told == [(Step.IMAGE, 1, 2), "job lane"]


def test_a_job_that_asks_for_no_reader_gets_none(jobs: JobLane) -> None:
    assert jobs.job(lambda job: job.session, reads=False).future.result(PATIENCE) is None


def forever(job: Job[None]) -> None:
    """One statement that would run for hours."""
    assert job.session is not None
    job.session.execute(text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n"))


def test_cancelling_interrupts_the_statement_that_runs(jobs: JobLane) -> None:
    begun = threading.Event()

    def work(job: Job[None]) -> None:
        begun.set()
        forever(job)

    job = jobs.job(work)
    assert begun.wait(PATIENCE)
    time.sleep(0.05)
    job.cancel()
    with pytest.raises(Cancelled):
        job.future.result(PATIENCE)
    assert jobs.job(count).future.result(PATIENCE) == 0


def test_an_interrupt_nobody_asked_for_is_told(jobs: JobLane) -> None:
    def work(job: Job[None]) -> None:
        assert job.session is not None
        raw: Any = job.session.connection().connection.dbapi_connection
        threading.Timer(0.1, raw.interrupt).start()
        forever(job)

    with pytest.raises(Exception, match="interrupted"):
        jobs.job(work).future.result(PATIENCE)


def test_the_flag_stops_work_that_looks_at_it(jobs: JobLane) -> None:
    def work(job: Job[str]) -> str:
        while not job.is_cancelled():
            time.sleep(0.001)
        return "stopped"

    job = jobs.job(work)
    job.cancel()
    assert job.future.exception(PATIENCE) is None or isinstance(job.future.exception(), Cancelled)


def test_a_job_cancelled_before_its_turn_is_not_begun(jobs: JobLane) -> None:
    go = threading.Event()
    worked: list[int] = []
    jobs.job(lambda _: go.wait(PATIENCE), reads=False)
    second = jobs.job(lambda _: worked.append(1))
    third = jobs.job(lambda _: worked.append(2), reads=False)
    second.cancel()
    assert third.future.cancel()
    go.set()
    with pytest.raises(Cancelled):
        second.future.result(PATIENCE)
    with pytest.raises(CancelledError):
        third.future.result(PATIENCE)
    assert worked == []


def test_a_cancelled_job_posts_no_more_changes(lane: ChangeLane, jobs: JobLane) -> None:
    held = Held(lane)
    waiting = threading.Event()
    written: list[int] = []

    def work(job: Job[None]) -> None:
        waiting.set()
        job.change(lambda: written.append(1))

    def late(job: Job[None]) -> None:
        job.cancel()
        job.change(lambda: written.append(2))

    job = jobs.job(work)
    assert waiting.wait(PATIENCE)
    time.sleep(0.05)
    job.cancel()
    for cancelled in (job, jobs.job(late)):
        with pytest.raises(Cancelled):
            cancelled.future.result(PATIENCE)
    held.let_go()
    lane.close()
    assert written == []


def test_a_lock_stops_a_running_statement_and_what_waits(vault: Vault, lane: ChangeLane) -> None:
    jobs = JobLane(vault, lane)
    running, waiting = jobs.job(forever), jobs.job(forever)
    started = time.monotonic()
    assert jobs.close()
    assert time.monotonic() - started < LOCK_WAITS
    for job in (running, waiting):
        with pytest.raises(Cancelled):
            job.future.result(PATIENCE)
    with pytest.raises(Bug):
        jobs.job(count)
    assert jobs.close()


def test_a_lock_does_not_wait_for_work_that_will_not_stop(vault: Vault, lane: ChangeLane) -> None:
    jobs = JobLane(vault, lane)
    go = threading.Event()
    begun = threading.Event()

    def stubborn(_: Job[bool]) -> bool:
        begun.set()
        return go.wait(PATIENCE)

    jobs.job(stubborn, reads=False)
    assert begun.wait(PATIENCE)
    started = time.monotonic()
    assert not jobs.close(timeout=0.2)
    assert 0.15 < time.monotonic() - started < 1.5
    go.set()
    assert jobs.close()


def test_a_vault_closes_in_order_after_its_lanes(tmp_path: Path) -> None:
    place = Place(tmp_path)
    vault = place.unlock()
    lane = ChangeLane()
    jobs = JobLane(vault, lane)
    jobs.job(forever)
    lane.change(lambda: save_row(vault, "draft"), priority=Priority.AUTOSAVE)
    assert jobs.close()
    lane.close()
    vault.close()
    assert not (place.folder / "records.db-wal").exists()
    again = place.unlock()
    assert again.read_only is None
    assert saved_rows(again) == {"draft"}
    again.close()
