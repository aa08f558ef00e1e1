"""A small database that acts as the last good warehouse, and a build next to it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from commands import PROJECT_DIR

BUILD = [sys.executable, str(PROJECT_DIR / "scripts" / "build.py")]


POSIX_ONLY = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")


def make_database(path: Path, note: str) -> Path:
    with duckdb.connect(path) as connection:
        connection.execute("create table what_this_is as select $note as note", {"note": note})
    return path


def notes(path: Path) -> list[str]:
    with duckdb.connect(path, read_only=True) as connection:
        return [row[0] for row in connection.sql("from what_this_is order by all").fetchall()]


def names_next_to(path: Path) -> list[str]:
    return sorted(other.name for other in path.parent.iterdir())


def start_build(extracts: Path, database: Path, until: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [*BUILD, str(extracts), "--database", str(database)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    for line in process.stdout:
        if line.startswith(until):
            return process
    raise AssertionError(f"the build ended before it said {until!r}")
