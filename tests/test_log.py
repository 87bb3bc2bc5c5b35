"""The log may leave the room: no name, note, path, statement or exception text ever reaches a line (R-01)."""

from __future__ import annotations

import ast
import contextlib
import logging
import re
import sys
from collections.abc import Iterator
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom import log, resources
from counselroom.log import EventCode, PrivacyFormatter

SECRET = "张三丰割腕"
HIDDEN = "‹hidden›"
SECRETS = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=3, max_size=12)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Path]:
    """A started log; loggers and handlers are put back as they were."""
    loggers = [logging.getLogger(), logging.getLogger(log.ROOT)]
    before = [(logger, list(logger.handlers), logger.level, logger.propagate) for logger in loggers]
    complaining = logging.raiseExceptions
    folder = tmp_path / "not yet" / "log"
    log.start(folder)
    yield folder / "counselroom.log"
    for logger, handlers, level, propagate in before:
        for handler in logger.handlers:
            if handler not in handlers:
                handler.close()
        logger.handlers[:] = handlers
        logger.setLevel(level)
        logger.propagate = propagate
    logging.raiseExceptions = complaining


def lines(journal: Path) -> list[str]:
    return journal.read_text(encoding="utf-8").splitlines()


def line(journal: Path) -> str:
    written = lines(journal)
    assert len(written) == 1, written
    return written[0]


def message(journal: Path) -> str:
    found = re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]+ \S+ (.*)", line(journal))
    assert found
    return found[1]


def test_a_line_has_time_level_logger_and_message(journal: Path) -> None:
    log.get("counselroom.vault.backup").info("wrote %d pages in %.1f s", 12, 0.25)
    written = line(journal)
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO counselroom\.vault\.backup wrote 12 pages in 0\.2 s", written
    )


@pytest.mark.parametrize(
    ("argument", "shown"),
    [
        (7, "7"),
        (-1, "-1"),
        (0.5, "0.5"),
        (True, "True"),
        (False, "False"),
        (None, "None"),
        (ValueError, "ValueError"),
        (dict, "dict"),
        (EventCode("session_record"), "session_record"),
        (EventCode("vault.backup:step-3"), "vault.backup:step-3"),
        (EventCode("x" * 64), "x" * 64),
    ],
)
def test_numbers_and_words_of_our_own_are_shown(journal: Path, argument: object, shown: str) -> None:
    log.get("counselroom").info("saw %s", argument)
    assert message(journal) == f"saw {shown}"


class Mood(StrEnum):
    LOW = "low"


class Phone(IntEnum):
    HOME = 138


class Tagged(int):
    def __str__(self) -> str:
        return SECRET

    __format__ = None  # type: ignore[assignment] # never asked


@pytest.mark.parametrize(
    "argument",
    [
        SECRET,
        "plain",
        "",
        EventCode(SECRET),
        EventCode("two words"),
        EventCode("line\nbreak"),
        EventCode("word\n"),
        EventCode(""),
        EventCode("x" * 65),
        EventCode("/home/lin"),
        Path("/home") / SECRET,
        SECRET.encode(),
        [SECRET],
        {"name": SECRET, "n": 1},
        (SECRET,),
        ValueError(SECRET),
        Mood.LOW,
        Phone.HOME,
        Tagged(3),
        object(),
        type(SECRET, (), {}),
    ],
    ids=lambda argument: type(argument).__name__,
)
def test_everything_else_is_hidden(journal: Path, argument: object) -> None:
    log.get("counselroom").info("saw %s and %s", argument, 1)
    assert message(journal) == f"saw {HIDDEN} and 1"


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("named %(name)s", ({"name": SECRET},)),
        ("too few %s %s", (SECRET,)),
        ("too many %s", (SECRET, SECRET)),
        ("no place", (SECRET,)),
        ("not a number %d", (SECRET,)),
        ("not a format %!", (SECRET,)),
    ],
)
def test_a_message_that_cannot_be_filled_is_written_as_it_stands(
    journal: Path, text: str, arguments: tuple[Any, ...]
) -> None:
    log.get("counselroom").warning(text, *arguments)
    assert message(journal) == text


def test_a_message_without_arguments_may_hold_a_percent_sign(journal: Path) -> None:
    log.get("counselroom").info("100 % done")
    assert message(journal) == "100 % done"


@pytest.mark.parametrize("subject", [ValueError(SECRET), Path(SECRET), [SECRET], SECRET.encode(), None])
def test_a_thing_in_place_of_a_message_is_hidden(journal: Path, subject: object) -> None:
    log.get("counselroom").error(subject)
    assert message(journal) == HIDDEN


# ----- other people's records -----


@pytest.mark.parametrize("name", ["sqlalchemy.engine", "reportlab", "counselroomish", "xcounselroom", "root"])
def test_the_text_of_a_library_is_hidden_and_its_name_is_not(journal: Path, name: str) -> None:
    logging.getLogger(name).warning("SELECT * FROM person WHERE name = '%s'", SECRET)
    assert line(journal).endswith(f" WARNING {name} {HIDDEN}")


def test_a_name_that_is_not_a_module_is_hidden_too(journal: Path) -> None:
    logging.getLogger(SECRET).warning("saw %d", 1)
    logging.getLogger(f"counselroom.{SECRET}").warning("saw %d", 1)
    first, second = lines(journal)
    assert first.endswith(f" WARNING {HIDDEN} {HIDDEN}")
    assert second.endswith(f" WARNING {HIDDEN} saw 1")


def test_what_libraries_tell_below_a_warning_is_not_written(journal: Path) -> None:
    logging.getLogger("sqlalchemy.engine").info("SELECT 1")
    log.get("counselroom.vault").debug("debug")
    assert journal.read_text(encoding="utf-8") == ""
    log.get("counselroom.vault").info("info")
    assert message(journal) == "info"


def test_nothing_of_a_library_reaches_standard_error(journal: Path, capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("some.library").error(SECRET)
    log.get("counselroom").error("ours")
    assert capfd.readouterr() == ("", "")
    assert len(lines(journal)) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux: a disk that is always full")
def test_a_full_disk_does_not_print_the_record_elsewhere(
    journal: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "counselroom.log").symlink_to("/dev/full")
    log.start(full)
    log.get("counselroom").error("saw %s", SECRET)
    for logger in (logging.getLogger(), logging.getLogger("counselroom")):
        for handler in [one for one in logger.handlers if isinstance(one.formatter, PrivacyFormatter)]:
            logger.removeHandler(handler)
            with contextlib.suppress(OSError):
                handler.close()
    assert capfd.readouterr() == ("", "")


# ----- exceptions -----


def fail(error: BaseException) -> None:
    raise error


def test_of_an_exception_only_type_and_place_are_written(journal: Path) -> None:
    try:
        try:
            fail(KeyError(SECRET))
        except KeyError as cause:
            cause.add_note(SECRET)
            raise ValueError(SECRET) from cause
    except ValueError:
        here = sys._getframe().f_lineno - 2
        log.get("counselroom").exception("step %s failed", EventCode("three"), stack_info=True)
    assert message(journal) == f"step three failed [ValueError at test_log.py:{here}]"


def test_the_place_is_the_last_one_in_our_own_code(journal: Path) -> None:
    try:
        resources.read_text("resources")
    except OSError as error:
        kind = type(error).__name__
        log.get("counselroom").exception("bug")
    found = re.fullmatch(r"bug \[(\w+) at resources\.py:(\d+)\]", message(journal))
    assert found
    assert found[1] == kind
    source = Path(resources.__file__).read_text(encoding="utf-8").splitlines()
    assert "read_text(encoding" in source[int(found[2]) - 1]


def test_an_exception_that_was_never_raised_has_no_place(journal: Path) -> None:
    log.get("counselroom").error("bug", exc_info=ValueError(SECRET))
    assert message(journal) == "bug [ValueError at ?]"


def test_without_an_exception_there_is_no_type_to_tell(journal: Path) -> None:
    log.get("counselroom").error("no bug", exc_info=True)
    assert message(journal) == "no bug"


def test_an_exception_named_by_a_user_is_not_named(journal: Path) -> None:
    log.get("counselroom").error("bug", exc_info=type(SECRET, (Exception,), {})())
    assert message(journal) == f"bug [{HIDDEN} at ?]"


@settings(deadline=None)
@given(SECRETS, st.sampled_from(["counselroom", "counselroom.vault", "sqlalchemy", "root"]))
def test_a_secret_never_comes_through_by_any_way(secret: str, name: str) -> None:
    error = ValueError(secret)
    error.__cause__ = KeyError(secret)
    error.add_note(secret)
    ways: list[tuple[object, Any]] = [
        ("saw %s", (secret,)),
        ("saw %r", (secret,)),
        ("saw %s", (EventCode(secret),)),
        ("saw %s", (error,)),
        ("saw %(a)s", ({"a": secret},)),
        ("saw %s", ([{"a": (secret,)}],)),
        (error, ()),
        (Path(secret), ()),
    ]
    for text, arguments in ways:
        record = logging.LogRecord(name, logging.ERROR, secret, 1, text, arguments, (ValueError, error, None))
        record.exc_text = secret
        record.stack_info = secret
        written = PrivacyFormatter().format(record)
        assert secret not in written
        assert secret.encode().hex() not in written
        assert "\n" not in written


def test_foreign_text_is_hidden_even_without_arguments() -> None:
    record = logging.LogRecord("urllib3", logging.WARNING, "", 1, SECRET, (), None)
    assert SECRET not in PrivacyFormatter().format(record)


# ----- the file -----


def test_the_log_never_grows_beyond_three_files_of_half_a_megabyte(journal: Path) -> None:
    logger = log.get("counselroom.vault")
    for number in range(300):
        logger.info("x" * 10_000 + " %d", number)
    files = sorted(path.name for path in journal.parent.iterdir())
    assert files == ["counselroom.log", "counselroom.log.1", "counselroom.log.2"]
    sizes = [path.stat().st_size for path in journal.parent.iterdir()]
    assert max(sizes) <= 512_000
    assert sum(sizes) > 2 * 490_000
    assert lines(journal)[-1].endswith(" 299")


def test_started_again_it_writes_each_record_once_and_to_the_new_folder(journal: Path, tmp_path: Path) -> None:
    log.get("counselroom").info("one")
    log.start(tmp_path / "second")
    log.start(tmp_path / "second")
    log.get("counselroom").info("two")
    logging.getLogger("library").warning("three")
    assert message(journal) == "one"
    assert len(lines(tmp_path / "second" / "counselroom.log")) == 2
    for logger in (logging.getLogger("counselroom"), logging.getLogger()):
        assert len([one for one in logger.handlers if isinstance(one.formatter, PrivacyFormatter)]) == 1


def test_the_log_is_written_as_utf8(journal: Path) -> None:
    log.get("counselroom").info("%s", SECRET)
    assert journal.read_bytes().decode("utf-8").rstrip().endswith(HIDDEN)


# ----- our own sources -----

PACKAGE = Path(log.__file__).parent
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "log.py")
WRITING = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def is_logger(node: ast.expr, names: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in names
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "log.get"


def log_messages(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield the message of every call that writes to the log."""
    names = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and is_logger(node.value, set())
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in WRITING and is_logger(node.func.value, names):
            yield node.args[1 if node.func.attr == "log" else 0]


def test_the_reader_of_sources_sees_what_it_must_refuse() -> None:
    source = "from counselroom import log\nlogger = log.get(__name__)\nlogger.info(f'{name}')\nlog.get('x').error(name)"
    assert [type(node) for node in log_messages(ast.parse(source))] == [ast.JoinedStr, ast.Name]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_message_in_our_sources_is_a_literal(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for text in log_messages(tree):
        assert isinstance(text, ast.Constant), f"{path.name}:{text.lineno}"
        assert isinstance(text.value, str), f"{path.name}:{text.lineno}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert "logging" not in {alias.name.partition(".")[0] for alias in node.names}, "use counselroom.log"
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").partition(".")[0] != "logging", "use counselroom.log"
