"""A build of what changed gives what a build from nothing gives, and does no more than it must."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest
from commands import run_dbt, run_script
from random_changes import Lab
from synthetic import make

# A later build needs the one before it, so the tests of this file are in order, and few.
ROUNDS = (
    ("definition", "label in a code list", "model", "description", "file split in two"),
    ("release", "macro", "variable of the project"),
)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("releases")
    return [
        make(folder / release, "--pupils", 200, "--seed", 4, "--release", release)
        for release in ("latest-episode", "all-episodes")
    ]


def query(database: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_build_of_what_changed_equals_a_build_from_nothing(
    releases: list[Path], tmp_path: Path
) -> None:
    lab = Lab(tmp_path, releases, random.Random(1))
    lab.build_again()
    for names in ROUNDS:
        for name in names:
            lab.changes[name]()
        said = lab.build_again()
        assert "stay, because nothing that they need changed" in said
        assert lab.differences() == [], names


@pytest.fixture(scope="module")
def chosen(releases: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A warehouse of one mart, and what the command said."""
    database = tmp_path_factory.mktemp("chosen") / "warehouse.duckdb"
    done = run_script("build", releases[0], "--database", database, "--select", "care_episode")
    assert done.returncode == 0, done.stdout + done.stderr
    return database, done.stdout


def test_select_builds_one_mart_and_what_it_needs(chosen: tuple[Path, str]) -> None:
    database, said = chosen
    marts = query(database, "select table_name from duckdb_tables() where schema_name = 'marts'")
    assert marts == [("care_episode",)]
    assert "Marts not built: counting_rule_sensitivity, " in said
    assert "quality.warning was not built" in said
    assert "Persons by highest intervention" not in said
    tests = query(database, "select status, count(*) from meta.test_result group by all")
    assert sum(count for _, count in tests) > 50


def test_nothing_is_written_where_nothing_changed(
    chosen: tuple[Path, str], releases: list[Path]
) -> None:
    database, _ = chosen
    before = database.read_bytes()
    done = run_script("build", releases[0], "--database", database, "--select", "care_episode")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing has changed since the last build, so nothing was built." in done.stdout
    assert "Marts not built: counting_rule_sensitivity, " in done.stdout
    assert database.read_bytes() == before


def test_a_later_build_adds_the_rest_and_keeps_what_is_there(chosen: tuple[Path, str]) -> None:
    database, _ = chosen
    first = query(database, "select distinct tested_at from meta.test_result")
    done = run_script("build", "--database", database)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Marts not built" not in done.stdout
    tested = query(database, "select distinct tested_at from meta.test_result order by all")
    assert tested[:1] == first
    assert tested[1:] == query(database, "select started_at from meta.build")
    assert query(database, "select count(*) > 0 from marts.person_highest_intervention") == [
        (True,)
    ]


def test_what_others_changed_in_the_warehouse_is_built_again(
    chosen: tuple[Path, str], tmp_path: Path
) -> None:
    """Rows that somebody removed, a table that somebody made, and a run of plain dbt."""
    database, _ = chosen
    n_rows = query(database, "select count(*) from marts.care_episode")
    with duckdb.connect(str(database)) as connection:
        connection.execute("delete from marts.care_episode")
        connection.execute("create table main.mine as select 1 as one")
    done = run_script("build", "--database", database)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Building 1 tables." in done.stdout
    assert query(database, "select count(*) from marts.care_episode") == n_rows
    assert not query(database, "select 1 from duckdb_tables() where table_name = 'mine'")
    done = run_dbt(database, tmp_path, "run", "--select", "care_episode")
    assert done.returncode == 0, done.stdout
    assert not query(database, "select 1 from duckdb_tables() where table_name = 'built_node'")


def test_one_select_takes_several_marts() -> None:
    from social_care_warehouse.commands import build  # noqa: PLC0415

    arguments = ["extracts", "--select", "care_episode", "referral", "--database", "w.duckdb"]
    context = build.make_context("build", arguments)
    assert context.params["marts"] == ("care_episode", "referral")
    assert context.params["extract_dir"] == Path("extracts")


def test_an_unknown_mart_is_refused(tmp_path: Path) -> None:
    done = run_script("build", tmp_path, "--database", tmp_path / "w.duckdb", "--select", "cla")
    assert done.returncode == 2
    assert done.stderr.startswith("Unknown mart 'cla'. Choose from: ")
