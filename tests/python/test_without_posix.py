"""The command on a system without what only POSIX has, as on Windows.

Windows itself runs in the workflow for GitHub. Here, the modules and functions that Windows does
not have are taken away, and the lock of Windows is played by that of this system.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from commands import PROJECT_DIR

TAKE_AWAY = """
import asyncio, fcntl, multiprocessing, os, pkgutil, signal, sys, sysconfig, tempfile, types
import click, duckdb, rich.console, rich.progress

sysconfig.get_config_vars()

def locking(descriptor, mode, n_bytes):
    assert (mode, n_bytes) == (2, 1)
    flock(descriptor, exclusive)

flock, exclusive = fcntl.flock, fcntl.LOCK_EX | fcntl.LOCK_NB
sys.modules["msvcrt"] = types.SimpleNamespace(locking=locking, LK_NBLCK=2)
for name in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[name] = None
for name in ("kill", "killpg", "getuid", "geteuid", "getpgid", "fork", "chown", "setsid"):
    delattr(os, name)
for name in ("SIGHUP", "SIGKILL", "SIGALRM", "SIGUSR1", "SIGPIPE"):
    delattr(signal, name)
sys.platform = "win32"
"""
LOAD = """
from social_care_warehouse.commands import run

extracts, database = sys.argv[1:]
for arguments in (
    ["synthesise", extracts, "--pupils", "100", "--seed", "1"],
    ["check", extracts],
    ["load", extracts, "--database", database],
):
    if code := run(None, arguments):
        sys.exit(code)
"""
IMPORT = """
import social_care_warehouse

for module in pkgutil.walk_packages(social_care_warehouse.__path__, "social_care_warehouse."):
    # dbt is not ours, and takes long to load.
    if not module.name.endswith("__main__") and "dbt" not in module.name:
        __import__(module.name)
"""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has nothing to take away")


def run_without_posix(script: str, *arguments: object) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TAKE_AWAY + script, *map(str, arguments)],
        cwd=PROJECT_DIR / "scripts",
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_extracts_are_made_checked_and_loaded(tmp_path: Path) -> None:
    extracts, database = tmp_path / "extracts", tmp_path / "warehouse.duckdb"
    # A load that was killed left it. Without os.kill, nobody uses a folder that can be renamed.
    (tmp_path / ".warehouse.duckdb.loading-1").mkdir()
    run_without_posix(LOAD, extracts, database)
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.sql("select count(*) from raw.population").fetchall() == [(100,)]
    assert {path.name for path in tmp_path.iterdir()} == {"extracts", "warehouse.duckdb"}


def test_every_module_can_be_imported() -> None:
    run_without_posix(IMPORT)
