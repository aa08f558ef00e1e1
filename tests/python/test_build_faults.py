"""What can go wrong around a build: the last good warehouse stays, or the new one is in place.

The long version, with builds killed at random moments, is tests/faults (`make test-faults`).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from commands import PROJECT_DIR, run_script

from social_care_warehouse.building import run_dbt
from social_care_warehouse.building.build_folder import build_folder
from social_care_warehouse.console import UserError
from social_care_warehouse.files.lock import only_writer_of
from social_care_warehouse.files.swap import check_replaceable, swap_in

BUILD = [sys.executable, str(PROJECT_DIR / "scripts" / "build.py")]
POSIX_ONLY = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("faults") / "synthetic"
    done = run_script("synthesise", folder, "--pupils", 60, "--seed", 11)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Plays the last good warehouse."""
    folder = tmp_path / "warehouse"
    folder.mkdir()
    return make_database(folder / "warehouse.duckdb", "last good")


def make_database(path: Path, note: str) -> Path:
    with duckdb.connect(path) as connection:
        connection.execute("create table what_this_is as select $note as note", {"note": note})
    return path


def notes(path: Path) -> list[str]:
    with duckdb.connect(path, read_only=True) as connection:
        return [row[0] for row in connection.sql("from what_this_is order by all").fetchall()]


def leave_a_log(path: Path) -> Path:
    """Change a database in a process that is killed before it has written the change into it."""
    subprocess.run(
        [
            sys.executable, "-c",
            "import duckdb, os, sys; connection = duckdb.connect(sys.argv[1]);"
            "connection.execute(\"insert into what_this_is values ('a later note')\"); os._exit(0)",
            str(path),
        ],
        check=True,
    )  # fmt: skip
    log = path.with_name(f"{path.name}.wal")
    assert log.exists()
    return log


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


def test_changes_in_a_log_are_kept_with_the_old_warehouse(database: Path) -> None:
    log = leave_a_log(database)
    check_replaceable(database)
    assert not log.exists()
    assert notes(database) == ["a later note", "last good"]


@pytest.mark.parametrize("has_database", [True, False])
def test_a_log_of_another_warehouse_does_not_spoil_the_new_one(
    database: Path, tmp_path: Path, has_database: bool
) -> None:
    other = make_database(tmp_path / "other.duckdb", "other")
    log = database.with_name("warehouse.duckdb.wal")
    shutil.copy(leave_a_log(other), log)
    if not has_database:
        database.unlink()
    new = make_database(tmp_path / "new.duckdb", "new")
    check_replaceable(database)
    assert swap_in(new, database) == database
    assert notes(database) == ["new"]
    assert names_next_to(database) == ["warehouse.duckdb", "warehouse.duckdb.wal.left-over"]


def test_readers_go_on_reading_what_they_opened(database: Path, tmp_path: Path) -> None:
    new = make_database(tmp_path / "new.duckdb", "new")
    with duckdb.connect(database, read_only=True) as reader:
        check_replaceable(database)
        swap_in(new, database)
        assert reader.sql("from what_this_is").fetchall() == [("last good",)]
    assert notes(database) == ["new"]


def test_a_warehouse_that_somebody_writes_to_is_not_replaced(
    database: Path, tmp_path: Path, extracts: Path
) -> None:
    new = make_database(tmp_path / "new.duckdb", "new")
    program = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        writer.stdout.readline()
        done = subprocess.run(
            [*BUILD, str(extracts), "--database", str(database)],
            capture_output=True,
            text=True,
            check=False,
        )
        place = swap_in(new, database)
        writer.communicate("\n")
    assert done.returncode == 2
    assert "open in another program that writes to it" in done.stderr.replace("\n", " ")
    assert place.name == "warehouse.new.duckdb"
    assert notes(place) == ["new"]
    assert notes(database) == ["last good"]


@pytest.fixture
def open_as_on_windows(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """Files that cannot be replaced because a program has them open: Windows, acted out."""
    are_open: set[Path] = set()
    replace = Path.replace

    def replace_unless_open(self: Path, target: Path) -> Path:
        if target in are_open:
            raise PermissionError(13, "The process cannot access the file", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", replace_unless_open)
    return are_open


def test_where_an_open_file_cannot_be_replaced_the_new_one_stays_beside_it(
    database: Path, tmp_path: Path, open_as_on_windows: set[Path]
) -> None:
    open_as_on_windows.add(database)
    places = []
    for note in ("first", "second", "third"):
        place = swap_in(make_database(tmp_path / "new.duckdb", note), database)
        assert notes(place) == [note]
        places.append(place.name)
        if note == "second":
            open_as_on_windows.add(place)
    assert places == ["warehouse.new.duckdb", "warehouse.new.duckdb", "warehouse.new2.duckdb"]
    assert notes(database) == ["last good"]
    open_as_on_windows.clear()
    assert swap_in(make_database(tmp_path / "new.duckdb", "closed"), database) == database
    assert notes(database) == ["closed"]


def test_where_nothing_can_be_replaced_a_sentence_says_so(
    database: Path, tmp_path: Path, open_as_on_windows: set[Path]
) -> None:
    open_as_on_windows |= {database, database.with_name("warehouse.new.duckdb")}
    open_as_on_windows |= {database.with_name(f"warehouse.new{n}.duckdb") for n in range(2, 20)}
    with pytest.raises(UserError, match="Close them, then build again"):
        swap_in(make_database(tmp_path / "new.duckdb", "new"), database)
    assert notes(database) == ["last good"]


BUILD_WITH_THE_OLD_ONE_OPEN = """
import pathlib, sys
sys.path.insert(0, sys.argv.pop(1))
replace = pathlib.Path.replace
def replace_unless_open(self, target):
    if str(target) == sys.argv[3]:
        raise PermissionError(13, "The process cannot access the file", str(target))
    return replace(self, target)
pathlib.Path.replace = replace_unless_open
from social_care_warehouse.cli import main
main("build")
"""


def test_a_build_says_where_the_new_warehouse_is_if_the_old_one_is_open(
    extracts: Path, database: Path
) -> None:
    scripts = str(PROJECT_DIR / "scripts")
    done = subprocess.run(
        [
            sys.executable, "-c", BUILD_WITH_THE_OLD_ONE_OPEN, scripts,
            str(extracts), "--database", str(database),
        ],
        capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "500"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{database} is open in another program, so it was not replaced." in done.stdout
    assert f"The warehouse is {database.with_name('warehouse.new.duckdb')}" in done.stdout
    assert notes(database) == ["last good"]
    assert names_next_to(database) == ["warehouse.duckdb", "warehouse.new.duckdb"]


def test_a_file_of_another_kind_is_not_replaced(tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.docx"
    thesis.write_bytes(b"three years of work")
    with pytest.raises(UserError, match="not a DuckDB database"):
        check_replaceable(thesis)


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
    with build_folder(tmp_path / "w.duckdb") as place, run_dbt.waiting_dbt(place, {}) as dbt:
        if not n_done:
            dbt._process.wait()
        run = dbt.build(lambda *_: None)
    assert (run.is_good, run.n_done) == (False, n_done)
    assert run.stopped_because == "dbt was stopped from outside."


@pytest.mark.parametrize("folder", ["nowhere", "a file", "a link to itself"])
def test_a_build_and_a_load_say_in_the_same_words_that_there_is_no_folder(
    extracts: Path, tmp_path: Path, folder: str
) -> None:
    (tmp_path / "a file").touch()
    if folder == "a link to itself":
        (tmp_path / folder).symlink_to(folder)
    before = sorted(tmp_path.iterdir())
    database = tmp_path / folder / "warehouse.duckdb"
    for name in ("build", "load"):
        done = run_script(name, extracts, "--database", database)
        assert done.returncode == 2
        assert done.stderr == (
            f"There is no folder {database.parent}. Make it first, or choose another path.\n"
        )
    assert sorted(tmp_path.iterdir()) == before


@POSIX_ONLY
@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM"])
def test_an_interrupted_build_says_so_and_leaves_nothing(
    extracts: Path, database: Path, signal_name: str
) -> None:
    before = database.read_bytes()
    process = start_build(extracts, database, "2/3")
    time.sleep(1)
    os.killpg(process.pid, getattr(signal, signal_name))
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.split() == f"Stopped. {database} is unchanged.".split()
    assert names_next_to(database) == ["warehouse.duckdb"]
    assert database.read_bytes() == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
def test_dbt_does_not_outlive_its_build(extracts: Path, database: Path) -> None:
    process = start_build(extracts, database, "2/3")
    time.sleep(1)
    process.kill()
    process.communicate()
    # The lock is held by dbt as well: it is free as soon as dbt is gone, and no sooner.
    with only_writer_of(database):
        mark = os.fsencode(database.parent)
        lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline")]
    assert not [line for line in lines if mark in line]


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="only root can make a small disk to fill up",
)
def test_a_full_disk_is_said_in_one_sentence(extracts: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this system does not let us make a small disk")
    try:
        database = make_database(disk / "warehouse.duckdb", "last good")
        before = database.read_bytes()
        done = run_script("build", extracts, "--database", database)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert "disk" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        assert database.read_bytes() == before
        assert names_next_to(database) == ["warehouse.duckdb"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_build_goes_on_where_nothing_can_be_shown(extracts: Path, tmp_path: Path) -> None:
    """Links are followed, an ASCII terminal is written to, options of dbt have no effect."""
    delivery = Path(shutil.copytree(extracts, tmp_path / "日本 \x1b[31mred"))
    vault = tmp_path / "vault"
    vault.mkdir()
    real = make_database(vault / "study.duckdb", "last good")
    link = tmp_path / "link.duckdb"
    link.symlink_to(real)
    done = run_script(
        "build", delivery, "--database", link,
        environment={
            "PYTHONIOENCODING": "ascii",
            "DBT_TARGET": "spark",
            "DBT_WARN_ERROR": "true",
            "DBT_SELECT": "stg_cla",
            "DBT_ENGINE_FAIL_FAST": "maybe",
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\x1b" not in done.stdout
    assert "/?? ?[31mred" in done.stdout
    assert f"The warehouse is {real}" in done.stdout
    assert link.is_symlink()
    assert names_next_to(real) == ["study.duckdb"]
    assert sorted(path.name for path in tmp_path.iterdir() if path != delivery) == [
        "link.duckdb", "vault",
    ]  # fmt: skip
    with duckdb.connect(real, read_only=True) as connection:
        marts = connection.sql("select count(*) from marts.person_highest_intervention").fetchall()
    assert marts != [(0,)]


@POSIX_ONLY
def test_a_reader_that_goes_away_does_not_stop_a_build(extracts: Path, database: Path) -> None:
    process = start_build(extracts, database, "1/3")
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0, errors
    assert errors == ""
    with duckdb.connect(database, read_only=True) as connection:
        assert connection.sql("select count(*) from meta.build").fetchall() == [(1,)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(("command", "code"), [("synthesise", 0), ("check", 1)])
def test_a_full_disk_for_the_output_is_reported_where_the_output_is_the_result(
    extracts: Path, tmp_path: Path, command: str, code: int
) -> None:
    arguments = {
        "synthesise": [tmp_path / "out", "--pupils", "5", "--seed", "1"],
        "check": [extracts, "--json"],
    }[command]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "social_care_warehouse", command, *map(str, arguments)],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            env=os.environ | {"PYTHONPATH": str(PROJECT_DIR / "scripts")},
        )  # fmt: skip
    assert done.returncode == code, done.stderr
    expected = "The result could not be written: No space left on device.\n" if code else ""
    assert done.stderr == expected
    assert (tmp_path / "out").exists() == (command == "synthesise")


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
    done = subprocess.run(
        [
            sys.executable, "-c", IMPORT_THAT_IS_INTERRUPTED, str(PROJECT_DIR / "scripts"),
            str(tmp_path), "--database", str(tmp_path / "w.duckdb"),
        ],
        capture_output=True, text=True, check=False,
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
    done = subprocess.run(
        [
            sys.executable, "-c", REMOVAL_THAT_IS_INTERRUPTED, str(PROJECT_DIR / "scripts"),
            str(database), folder, which,
        ],
        capture_output=True, text=True, check=False,
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
    done = subprocess.run(
        [sys.executable, "-c", program, str(PROJECT_DIR / "scripts")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "still here\n"


def test_a_load_waits_for_the_turn_of_a_build(extracts: Path, database: Path) -> None:
    before = database.read_bytes()
    with only_writer_of(database):
        done = run_script("load", extracts, "--database", database)
    assert done.returncode == 2
    assert f"Another build or load of {database} is running." in done.stderr
    assert database.read_bytes() == before


@POSIX_ONLY
def test_a_load_makes_the_database_private(extracts: Path, database: Path) -> None:
    database.chmod(0o666)
    done = run_script("load", extracts, "--database", database)
    assert done.returncode == 0, done.stderr
    assert database.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="DuckDB does not start there")
@pytest.mark.parametrize("command", ["build", "load", "check", "synthesise"])
def test_a_shell_with_too_little_memory_is_refused_in_one_sentence(
    extracts: Path, tmp_path: Path, command: str
) -> None:
    arguments = {"synthesise": "--pupils 5 --seed 1", "check": ""}.get(
        command, "--database w.duckdb"
    )
    script = (
        f"ulimit -v 250000; exec {sys.executable} -m social_care_warehouse {command} {extracts}"
        f" {arguments}"
    )
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(PROJECT_DIR / "scripts")},
    )  # fmt: skip
    assert done.returncode == 2
    assert "Lift the limit first: ulimit -v unlimited." in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WAREHOUSE_THREADS", "100000"),
        ("WAREHOUSE_THREADS", ""),
        ("WAREHOUSE_THREADS", "0"),
        ("WAREHOUSE_THREADS", "two"),
        ("WAREHOUSE_THREADS", "²"),
        ("WAREHOUSE_MEMORY", ""),
        ("WAREHOUSE_MEMORY", "lots"),
        ("WAREHOUSE_MEMORY", "-1"),
        ("WAREHOUSE_MEMORY", "1KB"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_at_the_start(
    tmp_path: Path, variable: str, value: str
) -> None:
    for command in ("build", "load"):
        done = run_script(
            command, tmp_path, "--database", tmp_path / "w.duckdb", environment={variable: value}
        )
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.startswith(f"The environment variable {variable} must be")
        assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


SLOW_DBT = (
    "import pathlib, time; pathlib.Path(__file__).with_name('begun').touch(); time.sleep(600)"
)


@POSIX_ONLY
def test_dbt_ends_with_its_parent_while_it_still_loads(tmp_path: Path) -> None:
    (tmp_path / "dbt").mkdir()
    (tmp_path / "dbt" / "__init__.py").write_text(SLOW_DBT)
    with subprocess.Popen(
        [sys.executable, str(run_dbt.DBT_PROCESS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    ) as process:
        deadline = time.monotonic() + 60
        while not (tmp_path / "dbt" / "begun").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        try:
            process.stdin.close()
            assert process.wait(timeout=60) == 1
        finally:
            process.kill()
