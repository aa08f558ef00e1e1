"""The new warehouse replaces the last good one, even if a program has that open."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from commands import PROJECT_DIR, run
from last_good import BUILD, make_database, names_next_to, notes

from social_care_warehouse.console import UserError
from social_care_warehouse.files.swap import check_replaceable, swap_in


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


def test_changes_in_a_log_are_kept_with_the_old_warehouse(last_good: Path) -> None:
    log = leave_a_log(last_good)
    check_replaceable(last_good)
    assert not log.exists()
    assert notes(last_good) == ["a later note", "last good"]


@pytest.mark.parametrize("has_database", [True, False])
def test_a_log_of_another_warehouse_does_not_spoil_the_new_one(
    last_good: Path, tmp_path: Path, has_database: bool
) -> None:
    other = make_database(tmp_path / "other.duckdb", "other")
    log = last_good.with_name("warehouse.duckdb.wal")
    shutil.copy(leave_a_log(other), log)
    if not has_database:
        last_good.unlink()
    new = make_database(tmp_path / "new.duckdb", "new")
    check_replaceable(last_good)
    assert swap_in(new, last_good) == last_good
    assert notes(last_good) == ["new"]
    assert names_next_to(last_good) == ["warehouse.duckdb", "warehouse.duckdb.wal.left-over"]


def test_readers_go_on_reading_what_they_opened(last_good: Path, tmp_path: Path) -> None:
    new = make_database(tmp_path / "new.duckdb", "new")
    with duckdb.connect(last_good, read_only=True) as reader:
        check_replaceable(last_good)
        swap_in(new, last_good)
        assert reader.sql("from what_this_is").fetchall() == [("last good",)]
    assert notes(last_good) == ["new"]


def test_a_warehouse_that_somebody_writes_to_is_not_replaced(
    last_good: Path, tmp_path: Path, few_extracts: Path
) -> None:
    new = make_database(tmp_path / "new.duckdb", "new")
    program = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(last_good)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        writer.stdout.readline()
        done = run(*BUILD, few_extracts, "--database", last_good)
        place = swap_in(new, last_good)
        writer.communicate("\n")
    assert done.returncode == 2
    assert "open in another program that writes to it" in done.stderr.replace("\n", " ")
    assert place.name == "warehouse.new.duckdb"
    assert notes(place) == ["new"]
    assert notes(last_good) == ["last good"]


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
    last_good: Path, tmp_path: Path, open_as_on_windows: set[Path]
) -> None:
    open_as_on_windows.add(last_good)
    places = []
    for note in ("first", "second", "third"):
        place = swap_in(make_database(tmp_path / "new.duckdb", note), last_good)
        assert notes(place) == [note]
        places.append(place.name)
        if note == "second":
            open_as_on_windows.add(place)
    assert places == ["warehouse.new.duckdb", "warehouse.new.duckdb", "warehouse.new2.duckdb"]
    assert notes(last_good) == ["last good"]
    open_as_on_windows.clear()
    assert swap_in(make_database(tmp_path / "new.duckdb", "closed"), last_good) == last_good
    assert notes(last_good) == ["closed"]


def test_where_nothing_can_be_replaced_a_sentence_says_so(
    last_good: Path, tmp_path: Path, open_as_on_windows: set[Path]
) -> None:
    open_as_on_windows |= {last_good, last_good.with_name("warehouse.new.duckdb")}
    open_as_on_windows |= {last_good.with_name(f"warehouse.new{n}.duckdb") for n in range(2, 20)}
    with pytest.raises(UserError, match="Close them, then build again"):
        swap_in(make_database(tmp_path / "new.duckdb", "new"), last_good)
    assert notes(last_good) == ["last good"]


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
    few_extracts: Path, last_good: Path
) -> None:
    scripts = str(PROJECT_DIR / "scripts")
    done = run(
        sys.executable, "-c", BUILD_WITH_THE_OLD_ONE_OPEN, scripts, few_extracts,
        "--database", last_good, environment={"COLUMNS": "500"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{last_good} is open in another program, so it was not replaced." in done.stdout
    assert f"The warehouse is {last_good.with_name('warehouse.new.duckdb')}" in done.stdout
    assert notes(last_good) == ["last good"]
    assert names_next_to(last_good) == ["warehouse.duckdb", "warehouse.new.duckdb"]


def test_a_file_of_another_kind_is_not_replaced(tmp_path: Path) -> None:
    thesis = tmp_path / "thesis.docx"
    thesis.write_bytes(b"three years of work")
    with pytest.raises(UserError, match="not a DuckDB database"):
        check_replaceable(thesis)
