"""The only reader of shipped files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from counselroom import resources
from counselroom.errors import Bug


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package folder of its own, as in a wheel or a frozen build."""
    package = tmp_path / "site" / "counselroom"
    package.mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", package)
    resources._root.cache_clear()
    yield package
    resources._root.cache_clear()


def shipped(folder: Path) -> Path:
    for name in ("forms", "resources"):
        (folder / name).mkdir(parents=True)
    (folder / "resources" / "word.txt").write_text("心理", encoding="utf-8")
    return folder


def test_a_shipped_file_is_found_and_read_as_utf8() -> None:
    path = resources.path_of("resources/schools.toml")
    assert path.is_absolute()
    assert path.is_file()
    assert resources.read_text("resources/schools.toml") == path.read_bytes().decode("utf-8")
    assert "小学" in resources.read_text("resources/schools.toml")


def test_a_folder_is_found() -> None:
    assert resources.path_of("resources").is_dir()


@pytest.mark.parametrize(
    "name",
    [
        "/etc/hostname",
        "resources/../pyproject.toml",
        "../x",
        "..",
        "resources\\schools.toml",
        "..\\x",
    ],
)
def test_no_name_leads_out_of_the_root(name: str) -> None:
    with pytest.raises(Bug, match="not a name of a shipped file"):
        resources.path_of(name)


@pytest.mark.parametrize("name", ["resources/nothing.toml", "nowhere", "resources/schools.toml/x"])
def test_a_missing_file_is_our_mistake(name: str) -> None:
    with pytest.raises(Bug, match="a shipped file is missing"):
        resources.path_of(name)
    with pytest.raises(Bug, match="a shipped file is missing"):
        resources.read_text(name)


def test_two_dots_within_a_name_are_no_way_out() -> None:
    with pytest.raises(Bug, match="missing"):
        resources.path_of("resources/a..b")


def test_names_are_sorted_and_end_as_asked() -> None:
    names = resources.names("resources", ".toml")
    assert "resources/parameters.toml" in names
    assert "resources/schools.toml" in names
    assert names == sorted(names)
    assert all(name.endswith(".toml") for name in names)
    assert all(resources.path_of(name).is_file() for name in names)
    assert resources.names("resources", ".nothing") == []


def test_the_files_of_a_wheel_come_before_those_beside_the_package(elsewhere: Path) -> None:
    shipped(elsewhere.parent)
    shipped(elsewhere / "_data")
    assert resources.path_of("resources/word.txt") == elsewhere / "_data" / "resources" / "word.txt"


def test_in_a_checkout_they_lie_beside_the_package(elsewhere: Path) -> None:
    shipped(elsewhere.parent)
    assert resources.path_of("resources/word.txt") == elsewhere.parent / "resources" / "word.txt"
    assert resources.read_text("resources/word.txt") == "心理"
    (elsewhere.parent / "resources" / "a.txt").touch()
    (elsewhere.parent / "resources" / "b.toml").touch()
    assert resources.names("resources", ".txt") == ["resources/a.txt", "resources/word.txt"]


@pytest.mark.parametrize("only", ["forms", "resources"])
def test_half_of_them_is_as_bad_as_none(elsewhere: Path, only: str) -> None:
    (elsewhere / "_data" / only).mkdir(parents=True)
    with pytest.raises(Bug, match="forms and resources are missing"):
        resources.path_of("resources")
