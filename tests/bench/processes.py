"""Modules of the benchmarks in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def start(module: str, *arguments: object, **streams: Any) -> subprocess.Popen[bytes]:
    """Start a module of the benchmarks in a process of its own."""
    command = [sys.executable, "-m", f"tests.bench.{module}", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, **streams)


def answer_of(module: str, *arguments: object) -> Any:
    """Run a module of the benchmarks in a process of its own and return the JSON value it prints."""
    process = start(module, *arguments, stdout=subprocess.PIPE)
    output, _errors = process.communicate()
    assert process.returncode == 0, f"{module} failed"
    return json.loads(output)
