"""The wheel, installed outside the checkout, finds its forms and resources and plays the demonstration.

The libraries are lent from the running environment by one path; its own `.pth` files, and with them the editable
install of the checkout, are not read, so that nothing but the wheel can be imported as `counselroom`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a new environment in which only the wheel is installed."""
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(ROOT)],
        check=True,
        capture_output=True,
    )
    wheel = next(place.glob("*.whl"))
    # Its own pip: the running one would take the editable install of the checkout away.
    venv.create(place / "env", with_pip=True, symlinks=os.name != "nt")
    scheme = sysconfig.get_paths(scheme="venv", vars={"base": str(place / "env"), "platbase": str(place / "env")})
    python = Path(scheme["scripts"]) / ("python.exe" if os.name == "nt" else "python")
    subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", str(wheel)],
        check=True,
        capture_output=True,
    )
    site = Path(scheme["purelib"])
    (site / "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return Path(scheme["scripts"])


def run(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
    return subprocess.run(
        [str(installed / "counselroom"), *arguments], capture_output=True, text=True, cwd=cwd, env=environment
    )


def test_the_wheel_lists_its_forms(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "forms", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    shipped = {path.stem for path in (ROOT / "forms").glob("*.toml")}
    assert {form["id"] for form in json.loads(done.stdout)["forms"]} == shipped


def test_the_wheel_is_what_was_imported(installed: Path, tmp_path: Path) -> None:
    code = "import counselroom; print(counselroom.__file__)"
    python = installed / ("python.exe" if os.name == "nt" else "python")
    found = subprocess.run([str(python), "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert Path(found.stdout.strip()).is_relative_to(installed.parent)


def test_the_wheel_plays_the_demonstration(installed: Path, tmp_path: Path) -> None:
    done = run(installed, "demo", "out", "--students", "100", "--sessions", "3", "--few-screens", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    left = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert left.pop().startswith("vault-before-restore-")  # what stood in the place of the restored vault
    assert left == [
        ".counselroom-demo",
        "passphrase.txt",
        "printed",
        "restored",
        "roster.csv",
        "screens",
        "usb",
        "vault",
    ]
    taken = {path.name for path in (tmp_path / "out" / "screens").iterdir()}
    for page in ("unlock", "lock", "wizard", "today", "students", "record", "crisis", "print", "registers", "backup"):
        assert f"{page}-light-1440x900.png" in taken
    assert len([name for name in taken if "english" in name]) == 3


def test_the_wheel_holds_every_form_and_resource(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = set(wheel.namelist())
    for folder in ("forms", "resources"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file():
                assert f"counselroom/_data/{path.relative_to(ROOT).as_posix()}" in packed
