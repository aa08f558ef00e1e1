"""What is stopped ends soon, says so, and leaves the last good warehouse as it was.

The long version, with builds killed at random moments, is tests/faults (`make test-faults`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands import PROJECT_DIR, run
from last_good import POSIX_ONLY, names_next_to, start_build

from social_care_warehouse.building import run_dbt
from social_care_warehouse.building.build_folder import build_folder
from social_care_warehouse.files.lock import only_writer_of


@pytest.mark.parametrize(
    ("does", "n_done"),
    [
        ("sys.exit()", 0),
        ("os.read(0, 1); print(node); sys.exit()", 1),
        ("os.read(0, 1); print(node); print(node[:9], end='', flush=True); os.abort()", 1),
    ],
    ids=["before it begins", "between two lines", "within a line"],
)
def test_a_dbt_stopped_from_outside_is_a_failed_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, n_done: int
) -> None:
    program = tmp_path / "dbt.py"
    node = '{"node": "stg_cla", "is_bad": false, "total": 9}'
    program.write_text(f"import os, sys\nnode = {node!r}\n{does}\n")
    monkeypatch.setattr(run_dbt, "DBT_PROCESS", program)
    with build_folder(tmp_path / "w.duckdb") as place, run_dbt.waiting_dbt(place, {}, "") as dbt:
        if not n_done:
            dbt._process.wait()
        run = dbt.build(lambda *_: None)
    assert (run.is_good, run.n_done) == (False, n_done)
    assert run.stopped_because == "dbt was stopped from outside."


@POSIX_ONLY
@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM"])
def test_an_interrupted_build_says_so_and_leaves_nothing(
    few_extracts: Path, last_good: Path, signal_name: str
) -> None:
    before = last_good.read_bytes()
    process = start_build(few_extracts, last_good, "2/3")
    time.sleep(1)
    os.killpg(process.pid, getattr(signal, signal_name))
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.split() == f"Stopped. {last_good} is unchanged.".split()
    assert names_next_to(last_good) == ["warehouse.duckdb"]
    assert last_good.read_bytes() == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
def test_dbt_does_not_outlive_its_build(few_extracts: Path, last_good: Path) -> None:
    process = start_build(few_extracts, last_good, "2/3")
    time.sleep(1)
    process.kill()
    process.communicate()
    # The lock is held by dbt as well: it is free as soon as dbt is gone, and no sooner.
    with only_writer_of(last_good):
        mark = os.fsencode(last_good.parent)
        lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
    assert not [line for line in lines if mark in line]


IMPORT_THAT_IS_INTERRUPTED = """
import builtins, os, signal, sys
original = builtins.__import__
def interrupted(name, *rest, **named):
    if name == "click":
        os.kill(os.getpid(), signal.SIGINT)
    return original(name, *rest, **named)
builtins.__import__ = interrupted
sys.path.insert(0, sys.argv.pop(1))
from social_care_warehouse.cli import main
main("build")
"""


@POSIX_ONLY
def test_ctrl_c_while_modules_are_loaded_is_one_word(tmp_path: Path) -> None:
    done = run(
        sys.executable, "-c", IMPORT_THAT_IS_INTERRUPTED, PROJECT_DIR / "scripts",
        tmp_path, "--database", tmp_path / "w.duckdb",
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped.\n")


REMOVAL_THAT_IS_INTERRUPTED = """
import os, pathlib, shutil, signal, sys
sys.path.insert(0, sys.argv[1])
from social_care_warehouse.building.build_folder import build_folder
from social_care_warehouse.files.work_folder import work_folder
from social_care_warehouse.interrupts import raise_on_signals
raise_on_signals()
remove = shutil.rmtree
def interrupted(path, *rest, **named):
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGTERM)
    remove(path, *rest, **named)
database = pathlib.Path(sys.argv[2])
folders = {"build": lambda: build_folder(database), "load": lambda: work_folder(
    database.parent, database.name)}
try:
    with folders[sys.argv[3]]():
        shutil.rmtree = interrupted
        if sys.argv[4] == "first":
            os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    print("interrupted")
"""


@POSIX_ONLY
@pytest.mark.parametrize("which", ["first", "none before"])
@pytest.mark.parametrize("folder", ["build", "load"])
def test_signals_do_not_stop_the_removal_of_what_was_made(
    tmp_path: Path, folder: str, which: str
) -> None:
    database = tmp_path / "w.duckdb"
    done = run(
        sys.executable, "-c", REMOVAL_THAT_IS_INTERRUPTED, PROJECT_DIR / "scripts",
        database, folder, which,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "interrupted\n"), done.stderr
    assert list(tmp_path.iterdir()) == []


@POSIX_ONLY
def test_a_command_started_with_nohup_is_not_stopped_by_a_closed_terminal(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN);"
        "sys.path.insert(0, sys.argv[1]);"
        "from social_care_warehouse.interrupts import raise_on_signals; raise_on_signals();"
        "os.kill(os.getpid(), signal.SIGHUP); print('still here')"
    )
    done = run(sys.executable, "-c", program, PROJECT_DIR / "scripts")
    assert done.stdout == "still here\n"


SLOW_DBT = (
    "import pathlib, time; pathlib.Path(__file__).with_name('begun').touch(); time.sleep(600)"
)


@POSIX_ONLY
def test_dbt_ends_with_its_parent_while_it_still_loads(tmp_path: Path) -> None:
    (tmp_path / "dbt").mkdir()
    (tmp_path / "dbt" / "__init__.py").write_text(SLOW_DBT)
    # The project, its variables, where its SQL is kept (nowhere) and the folder for what dbt makes.
    arguments = [str(PROJECT_DIR), "{}", str(tmp_path / "none.json"), str(tmp_path / "target")]
    with subprocess.Popen(
        [sys.executable, str(run_dbt.DBT_PROCESS), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    ) as process:
        try:
            deadline = time.monotonic() + 60
            while not (tmp_path / "dbt" / "begun").exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            assert (tmp_path / "dbt" / "begun").exists()
            assert process.poll() is None
            process.stdin.close()
            assert process.wait(timeout=60) == 1
        finally:
            process.kill()
