"""The command itself: exit codes, screen, interruption, and what it never prints."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import duckdb
import pytest
from loading_helpers import (
    LOAD_SCRIPT,
    PUPIL_HEADER,
    as_text,
    files_beside,
    header_of,
    query,
    rows_of,
    run_load,
    write_pupils,
)

PLANTED = "PLANTED7731"


@pytest.fixture
def extracts(tmp_path):
    return write_pupils(tmp_path / "extracts").parent


def test_a_load_ends_with_what_it_made_and_what_to_do_next(extracts, database):
    header = [*header_of("cla"), "Extra"]
    text = as_text(header, rows_of(header)) + "1,2\n\xe9,\n"
    (extracts / "cla.csv").write_bytes(text.encode("latin-1"))
    (extracts / "notes.txt").write_text("hello [red]you[/red]\n")
    run = run_load(extracts, "--database", database)
    assert run.returncode == 0, run.stderr
    for part in (
        "Loading cla.csv as cla",
        "Not delivered: cin, ks4, ",
        "2 lines of cla: too few columns",
        "Read as Latin-1",
        "1 column of cla: Extra",
        "notes.txt (not a known dataset)",
        str(database),
        f"Next, in the project folder: WAREHOUSE_DB={database} ",
        "dbt build --profiles-dir profiles",
    ):
        assert part in run.stdout
    table = {
        cells[0]: cells[1:]
        for line in run.stdout.splitlines()
        if line.startswith("\u2502")
        for cells in [[cell.strip() for cell in line.strip("\u2502").split("\u2502")]]
    }
    assert table["cla"] == ["1", "5", "3", "2"]
    assert table["population"] == ["1", "3", "3", "0"]
    assert table["cin"] == ["0", "0", "0", "0"]


@pytest.mark.parametrize("has_database", [True, False])
def test_bad_input_is_one_sentence_and_exit_code_2(tmp_path, extracts, database, has_database):
    if has_database:
        assert run_load(extracts, "--database", database).returncode == 0
        before = database.read_bytes()
    (extracts / "cla.csv").write_text(as_text(header_of("cla")[1:], []))
    for folder in (extracts, tmp_path / "nowhere"):
        run = run_load(folder, "--database", database)
        assert run.returncode == 2
        assert len(run.stderr.strip().splitlines()) == 1
        assert "Traceback" not in run.stderr
    if has_database:
        assert database.read_bytes() == before
    assert files_beside(database) == ["warehouse.duckdb"] * has_database


def test_a_database_in_use_is_refused(extracts, database):
    assert run_load(extracts, "--database", database).returncode == 0
    before = database.read_bytes()
    with duckdb.connect(database):
        run = run_load(extracts, "--database", database)
    assert run.returncode == 2
    assert "Close it in other programs" in run.stderr
    assert database.read_bytes() == before
    assert files_beside(database) == ["warehouse.duckdb"]


def test_missing_columns_can_be_filled(extracts, database):
    (extracts / "more.csv").write_text(as_text(PUPIL_HEADER[:2], [("P9", "M9")]))
    refused = run_load(extracts, "--database", database)
    assert refused.returncode == 2
    assert "--fill-missing-columns" in refused.stderr
    run = run_load(extracts, "--database", database, "--fill-missing-columns")
    assert run.returncode == 0
    assert query(database, "select count(*) from raw.population") == [(4,)]


def big_delivery(folder):
    rows = [(f"P{i}", f"M{i}", "2000") for i in range(1_500_000)]
    write_pupils(folder, rows=rows)


def start_load(*arguments):
    return subprocess.Popen(
        [sys.executable, str(LOAD_SCRIPT), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def wait_for_line(process, start):
    for line in process.stdout:
        if line.startswith(start):
            return
    raise AssertionError(f"the load ended before it said {start!r}")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("step", ["Counting", "Loading", "Writing"])
@pytest.mark.parametrize("delay", [0.0, 0.25])
def test_a_killed_load_leaves_the_database_as_it_was(tmp_path, extracts, database, step, delay):
    assert run_load(extracts, "--database", database).returncode == 0
    big_delivery(tmp_path / "big")
    process = start_load(tmp_path / "big", "--database", database)
    wait_for_line(process, step)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    n_rows = query(database, "select count(*) from raw.population")[0][0]
    # After "Writing" the new rows may be there already: all of them, never some.
    assert n_rows in ((3, 1_500_000) if step == "Writing" else (3,))
    assert run_load(extracts, "--database", database).returncode == 0
    assert query(database, "select count(*) from raw.population") == [(3,)]
    assert files_beside(database) == ["warehouse.duckdb"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("step", ["Counting", "Loading"])
def test_an_interrupted_load_cleans_up(tmp_path, database, step):
    big_delivery(tmp_path / "big")
    process = start_load(tmp_path / "big", "--database", database)
    wait_for_line(process, step)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped." in errors
    assert "Traceback" not in errors
    assert files_beside(database) == []


def test_no_value_is_ever_printed(tmp_path, database):
    folder = tmp_path / "bad"
    header = header_of("cla")
    row = [PLANTED] * len(header)
    good = as_text(header, [row])
    contents = {
        "too few": good + f"{PLANTED},{PLANTED}\n",
        "quotes": good + f'"{PLANTED}"{PLANTED},x\n"{PLANTED}\n',
        "latin": good.replace(PLANTED, PLANTED + "\xe9").encode("latin-1").decode("latin-1"),
        "missing": as_text(header[1:], [row[1:]]),
        "nul": good + f"{PLANTED}\0\n",
        "no header": ",".join(row) + "\n",
    }
    for text in contents.values():
        folder.mkdir(exist_ok=True)
        (folder / "cla.csv").write_bytes(text.encode("latin-1"))
        run = run_load(folder, "--database", database)
        assert PLANTED not in run.stdout + run.stderr
        assert "Traceback" not in run.stderr
