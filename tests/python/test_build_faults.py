"""Where disk, memory, screen or settings fail, the last good warehouse stays."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from commands import FROM_HERE, PROJECT_DIR, run, run_script
from last_good import POSIX_ONLY, make_database, names_next_to, start_build

from social_care_warehouse.building import run_dbt
from social_care_warehouse.building.build_folder import build_folder
from social_care_warehouse.files.lock import only_writer_of


@pytest.mark.parametrize("folder", ["nowhere", "a file", "a link to itself"])
def test_a_build_and_a_load_say_in_the_same_words_that_there_is_no_folder(
    few_extracts: Path, tmp_path: Path, folder: str
) -> None:
    (tmp_path / "a file").touch()
    if folder == "a link to itself":
        (tmp_path / folder).symlink_to(folder)
    before = sorted(tmp_path.iterdir())
    database = tmp_path / folder / "warehouse.duckdb"
    for name in ("build", "load"):
        done = run_script(name, few_extracts, "--database", database)
        assert done.returncode == 2
        assert done.stderr == (
            f"There is no folder {database.parent}. Make it first, or choose another path.\n"
        )
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="only root can make a small disk to fill up",
)
def test_a_full_disk_is_said_in_one_sentence(few_extracts: Path, tmp_path: Path) -> None:
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
        done = run_script("build", few_extracts, "--database", database)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert "disk" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        assert database.read_bytes() == before
        assert names_next_to(database) == ["warehouse.duckdb"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_build_goes_on_where_nothing_can_be_shown(few_extracts: Path, tmp_path: Path) -> None:
    """Links are followed, an ASCII terminal is written to, options of dbt have no effect."""
    delivery = Path(shutil.copytree(few_extracts, tmp_path / "日本 \x1b[31mred"))
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
def test_a_reader_that_goes_away_does_not_stop_a_build(few_extracts: Path, last_good: Path) -> None:
    process = start_build(few_extracts, last_good, "1/3")
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0, errors
    assert errors == ""
    with duckdb.connect(last_good, read_only=True) as connection:
        assert connection.sql("select count(*) from meta.build").fetchall() == [(1,)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize(("command", "code"), [("synthesise", 0), ("check", 1)])
def test_a_full_disk_for_the_output_is_reported_where_the_output_is_the_result(
    few_extracts: Path, tmp_path: Path, command: str, code: int
) -> None:
    arguments = {
        "synthesise": [tmp_path / "out", "--pupils", "5", "--seed", "1"],
        "check": [few_extracts, "--json"],
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


def test_a_load_waits_for_the_turn_of_a_build(few_extracts: Path, last_good: Path) -> None:
    before = last_good.read_bytes()
    with only_writer_of(last_good):
        done = run_script("load", few_extracts, "--database", last_good)
    assert done.returncode == 2
    assert f"Another build or load of {last_good} is running." in done.stderr
    assert last_good.read_bytes() == before


@POSIX_ONLY
def test_a_load_makes_the_database_private(few_extracts: Path, last_good: Path) -> None:
    last_good.chmod(0o666)
    done = run_script("load", few_extracts, "--database", last_good)
    assert done.returncode == 0, done.stderr
    assert last_good.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="DuckDB does not start there")
@pytest.mark.parametrize("command", ["build", "load", "check", "synthesise"])
def test_a_shell_with_too_little_memory_is_refused_in_one_sentence(
    few_extracts: Path, tmp_path: Path, command: str
) -> None:
    arguments = {"synthesise": "--pupils 5 --seed 1", "check": ""}.get(
        command, "--database w.duckdb"
    )
    script = (
        f"ulimit -v 250000; exec {sys.executable} -m social_care_warehouse {command} {few_extracts}"
        f" {arguments}"
    )
    done = run("bash", "-c", script, cwd=tmp_path, environment=FROM_HERE)
    assert done.returncode == 2
    assert "Raise the limit first: ulimit -v unlimited." in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("memory", "expected"), [("1GB", 1), ("1999 MB", 1), ("2GiB", 2), (None, 2), ("1TB", 2)]
)
def test_with_little_memory_a_build_makes_one_table_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, memory: str | None, expected: int
) -> None:
    """dbt, and what sends the SQL of an earlier dbt, are started with this number."""
    monkeypatch.delenv("WAREHOUSE_MEMORY", raising=False)
    if memory:
        monkeypatch.setenv("WAREHOUSE_MEMORY", memory)
    started: list[tuple[list[str], dict[str, str]]] = []

    def start(command: list[str], env: dict[str, str], **_: object) -> None:
        started.append((command, env))
        raise InterruptedError

    monkeypatch.setattr(run_dbt.subprocess, "Popen", start)
    with (
        build_folder(tmp_path / "w.duckdb") as place,
        pytest.raises(InterruptedError),
        run_dbt.waiting_dbt(place, {}, ""),
    ):
        pass
    command, environment = started[0]
    assert command[command.index("--threads") + 1] == str(expected)
    assert environment["MODELS_AT_ONCE"] == str(expected)


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
