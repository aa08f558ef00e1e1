"""The command on a system without what only POSIX has, as on Windows.

Windows itself runs in the workflow for GitHub. Here, the modules and functions that Windows does
not have are taken away, and the lock of Windows is played by that of this system. A file that this
process has open can be neither removed nor moved, and neither can a folder that holds one.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from commands import PROJECT_DIR, run

from social_care_warehouse.building.build_folder import build_folder
from social_care_warehouse.building.run_dbt import WaitingDbt
from social_care_warehouse.console import is_closed_pipe
from social_care_warehouse.files.paths import extended, shown
from social_care_warehouse.loading.report import with_setting

TAKE_AWAY = """
import asyncio, fcntl, multiprocessing, os, pathlib, pkgutil, shutil
import signal, sys, sysconfig, tempfile, types
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

def is_mount(path):
    raise NotImplementedError("Path.is_mount() is unsupported on this system")

def without_proc(path):
    if str(path).startswith("/proc"):
        raise FileNotFoundError(path)
    return read_bytes(path)

def open_files():
    for number in os.listdir("/proc/self/fd"):
        try:
            name = os.readlink(f"/proc/self/fd/{number}")
        except FileNotFoundError:
            continue
        if os.path.isfile(name):
            yield name

def unless_open(function):
    def refusing(path, *arguments, **options):
        whole = os.path.abspath(path)
        if options.get("dir_fd") is not None:
            whole = os.path.join(os.readlink(f"/proc/self/fd/{options['dir_fd']}"), path)
        if any((name + "/").startswith(whole + "/") for name in open_files()):
            raise PermissionError(13, "The process cannot access the file", whole)
        return function(path, *arguments, **options)
    return refusing

for name in ("unlink", "remove", "rename", "replace"):
    setattr(os, name, unless_open(getattr(os, name)))
read_bytes = pathlib.Path.read_bytes
pathlib.Path.is_mount, pathlib.Path.read_bytes = is_mount, without_proc
sys.platform = "win32"
"""
COMMANDS = """
from social_care_warehouse.commands import run

for command in sys.argv[1:]:
    if code := run(None, command.split()):
        sys.exit(code)
"""
IMPORT = """
import social_care_warehouse

for module in pkgutil.walk_packages(social_care_warehouse.__path__, "social_care_warehouse."):
    # dbt is not ours, and takes long to load.
    if not module.name.endswith("__main__") and "dbt" not in module.name:
        __import__(module.name)
"""
LOCK = """
from social_care_warehouse.files.lock import only_writer_of

os.fstat = lambda descriptor: types.SimpleNamespace(st_ino=0)
with only_writer_of(pathlib.Path(sys.argv[1])):
    pass
"""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has nothing to take away")


def run_without_posix(script: str, *arguments: object) -> None:
    done = run(sys.executable, "-c", TAKE_AWAY + script, *arguments, cwd=PROJECT_DIR / "scripts")
    assert done.returncode == 0, done.stdout + done.stderr


def test_extracts_are_made_checked_and_loaded(tmp_path: Path) -> None:
    extracts, database = tmp_path / "extracts", tmp_path / "warehouse.duckdb"
    # A load that was killed left it. Without os.kill, nobody uses a folder that can be renamed.
    (tmp_path / ".warehouse.duckdb.loading-1").mkdir()
    load = f"load {extracts} --database {database}"
    run_without_posix(
        COMMANDS,
        f"synthesise {extracts} --pupils 100 --seed 1",
        f"synthesise {extracts} --pupils 100 --seed 2",
        f"check {extracts}",
        load,
        load,
    )
    with duckdb.connect(str(database), read_only=True) as connection:
        assert connection.sql("select count(*) from raw.population").fetchall() == [(100,)]
    assert {path.name for path in tmp_path.iterdir()} == {"extracts", "warehouse.duckdb"}


def test_a_warehouse_is_built_and_read(few_extracts: Path, tmp_path: Path) -> None:
    warehouse, files = tmp_path / "warehouse.duckdb", tmp_path / "files"
    build = f"build {few_extracts} --database {warehouse} --select person_year"
    export = f"export --database {warehouse} --to {files} --mart person_year --format"
    run_without_posix(
        COMMANDS, build, build, f"{export} csv", f"{export} csv --replace", f"{export} stata"
    )
    assert {path.name for path in tmp_path.iterdir()} == {"files", "warehouse.duckdb"}
    assert {path.suffix for path in files.iterdir()} == {".csv", ".dta", ".txt"}


@pytest.mark.parametrize(
    ("path", "long_form"),
    [
        ("C:\\data\\w", "\\\\?\\C:\\data\\w"),
        ("\\\\server\\share\\w", "\\\\?\\UNC\\server\\share\\w"),
        ("\\\\?\\C:\\data\\w", "\\\\?\\C:\\data\\w"),
    ],
)
def test_a_long_path_of_windows_is_written_in_its_long_form(path: str, long_form: str) -> None:
    assert extended(path) == long_form


def test_a_lock_needs_no_number_of_a_file(tmp_path: Path) -> None:
    """On a shared folder, Windows may give an open file another number than its path."""
    run_without_posix(LOCK, tmp_path / "w.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_nobody_reads_any_more_is_an_invalid_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    error = OSError(errno.EINVAL, "Invalid argument")
    assert not is_closed_pipe(error)
    monkeypatch.setattr(sys, "platform", "win32")
    assert is_closed_pipe(error)
    assert not is_closed_pipe(OSError(errno.ENOSPC, "No space left on device"))


def test_a_dbt_that_has_ended_is_a_failed_build(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(descriptor: int, content: bytes) -> int:
        raise OSError(errno.EINVAL, "Invalid argument")

    monkeypatch.setattr(sys, "platform", "win32")
    with (
        build_folder(tmp_path / "w.duckdb") as place,
        subprocess.Popen(
            [sys.executable, "-c", ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process,
        monkeypatch.context() as patched,
    ):
        patched.setattr(os, "write", refuse)
        run = WaitingDbt(place, process).build(lambda done, total, name: None)
    assert (run.is_good, run.stopped_because) == (False, "dbt was stopped from outside.")


def test_a_path_is_short_where_the_drive_is_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "drive").symlink_to(tmp_path / "share")
    monkeypatch.setattr(Path, "cwd", lambda: tmp_path / "drive")
    assert shown(tmp_path / "share" / "w.duckdb") == "w.duckdb"
    assert shown(tmp_path / "drive" / "w.duckdb") == "w.duckdb"
    assert shown(tmp_path / "w.duckdb") == str(tmp_path / "w.duckdb")


def test_the_next_command_is_written_for_powershell(monkeypatch: pytest.MonkeyPatch) -> None:
    assert with_setting("W", Path("/a/it's"), "dbt build") == """W='/a/it'"'"'s' dbt build"""
    monkeypatch.setattr(sys, "platform", "win32")
    assert with_setting("W", Path("/a/it's"), "dbt build") == "$env:W = '/a/it''s'; dbt build"


def test_every_module_can_be_imported() -> None:
    run_without_posix(IMPORT)
