"""A build of what changed gives what a build from nothing gives, and does no more than it must.

`make test-rebuilds` makes other random changes, for as long as you like.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import duckdb
import pytest
from commands import run_dbt, run_script
from random_changes import Lab
from synthetic import make

from social_care_warehouse.building.dbt_process.kept_sql import (
    KeptNode,
    KeptSql,
    read_kept_sql,
    write_kept_sql,
)
from social_care_warehouse.building.reuse import LastBuild, Node, Project, make_plan

CHANGES = (
    "definition",
    "label in a code list",
    "model",
    "macro",
    "description",
    "file split in two",
)


def query(database: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def line_of(said: str, start: str) -> str:
    return next(line for line in said.splitlines() if line.startswith(start))


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """Each test goes on from the warehouse of the one before, because a build takes a while."""
    folder = tmp_path_factory.mktemp("rebuild")
    release = make(folder / "release", "--pupils", 200, "--seed", 4, "--release", "all-episodes")
    return Lab(folder, [release], random.Random(1))


@pytest.fixture(scope="module")
def chosen(lab: Lab) -> str:
    """What the command said when it built one mart."""
    return lab.build_again("--select", "care_episode")


def test_select_builds_one_mart_and_what_it_needs(lab: Lab, chosen: str) -> None:
    marts = query(lab.again, "select table_name from duckdb_tables() where schema_name = 'marts'")
    assert marts == [("care_episode",)]
    assert "person_highest_intervention, " in line_of(chosen, "Marts not built: ")
    assert "quality.warning was not built" in chosen
    assert "Persons by highest intervention" not in chosen
    tests = query(lab.again, "select test_name from meta.test_result")
    assert len(tests) > 50


def test_nothing_is_written_where_nothing_changed(lab: Lab, chosen: str) -> None:
    before = lab.again.read_bytes()
    said = lab.build_again("--select", "care_episode")
    assert "Nothing has changed since the last build, so nothing was built." in said
    assert line_of(said, "Marts not built: ") == line_of(chosen, "Marts not built: ")
    assert lab.again.read_bytes() == before


@pytest.fixture(scope="module")
def changed(lab: Lab, chosen: str) -> str:
    """What the command said when it built all marts after many changes."""
    for name in CHANGES:
        lab.changes[name]()
    return lab.build_again()


@pytest.fixture(scope="module")
def differences(lab: Lab, changed: str) -> list[str]:
    """The tables that a build from nothing makes in another way."""
    return lab.differences()


def test_a_build_of_what_changed_equals_a_build_from_nothing(
    lab: Lab, changed: str, differences: list[str]
) -> None:
    assert "stay, because nothing that they need changed" in changed
    assert "Not read again, because they are the same: 2 files" in changed
    assert "Marts not built" not in changed
    assert differences == []
    times = query(lab.again, "select distinct tested_at from meta.test_result order by all")
    assert len(times) == 2
    assert times[1:] == query(lab.again, "select started_at from meta.build")


def test_what_others_changed_in_the_warehouse_is_built_again(lab: Lab, changed: str) -> None:
    """Rows that somebody removed, and a table that somebody made."""
    n_rows = query(lab.again, "select count(*) from marts.care_episode")
    with duckdb.connect(str(lab.again)) as connection:
        connection.execute("delete from marts.care_episode")
        connection.execute("create table main.mine as select 1 as one")
    assert "stay, because nothing that they need changed" in lab.build_again()
    assert query(lab.again, "select count(*) from marts.care_episode") == n_rows
    assert not query(lab.again, "select 1 from duckdb_tables() where table_name = 'mine'")


def test_plain_dbt_removes_the_record_of_the_build_if_it_changes_tables(
    lab: Lab, changed: str, tmp_path: Path
) -> None:
    database = tmp_path / "warehouse.duckdb"
    shutil.copy(lab.again, database)
    for command, is_record_there in (("test", True), ("compile", True), ("run", False)):
        done = run_dbt(database, tmp_path, command, "--select", "referral_only_agreement")
        assert done.returncode == 0, done.stdout
        found = query(database, "select 1 from duckdb_tables() where schema_name = 'meta'")
        assert bool(found) is is_record_there


def test_one_select_takes_several_marts() -> None:
    from social_care_warehouse.commands import build  # noqa: PLC0415

    arguments = ["extracts", "--select", "care_episode", "referral", "--database", "w.duckdb"]
    context = build.make_context("build", arguments)
    assert context.params["marts"] == ("care_episode", "referral")
    assert context.params["extract_dir"] == Path("extracts")


def test_an_unknown_mart_is_refused(tmp_path: Path) -> None:
    done = run_script("build", tmp_path, "--database", tmp_path / "w.duckdb", "--select", "cla")
    assert done.returncode == 2
    assert done.stderr.startswith("Unknown mart 'cla'. Choose one of: area_outcome, ")


@pytest.fixture(scope="module")
def without_dbt(differences: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package that stops each program that loads dbt."""
    package = tmp_path_factory.mktemp("without_dbt") / "dbt"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('dbt was loaded')")
    return package.parent


def test_a_build_that_was_made_before_needs_no_dbt(
    lab: Lab, without_dbt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(without_dbt))
    lab.again.unlink()
    lab.build_again()
    assert lab.differences_to_fresh() == []


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select 3 as failures, true as should_warn, true as should_error", "The build failed at"),
        ("select error('No space left on device, value 4711')", "The disk is full."),
    ],
)
def test_a_failed_check_stops_a_build_without_dbt(
    lab: Lab, without_dbt: Path, monkeypatch: pytest.MonkeyPatch, query: str, said: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(without_dbt))
    kept = {path: path.read_bytes() for path in lab.kept_sql()}
    names = lab.change_a_check(query)
    try:
        lab.again.unlink(missing_ok=True)
        done = lab.try_to_build(lab.again)
    finally:
        for path, content in kept.items():
            path.write_bytes(content)
    assert done.returncode == 1
    assert said in done.stderr
    assert any(f"The build failed at: {name}. " in done.stderr for name in names)
    assert "4711" not in done.stdout + done.stderr
    assert not lab.again.exists()


def test_damaged_sql_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "sql.json"
    assert read_kept_sql(path) is None
    node = KeptNode(["select 1"], "logic", "ERROR")
    kept = KeptSql({"nodes": {"test.one": {}}}, ["select 2"], {"test.one": node})
    write_kept_sql(path, kept)
    assert read_kept_sql(path) == kept
    assert kept.has_all(None)
    assert not kept.has_all(["test.two"])
    content = path.read_bytes()
    for damaged in (content[:-1], content.replace(b"select 1", b"select 3"), b"", b"{}"):
        path.write_bytes(damaged)
        assert read_kept_sql(path) is None


def test_extracts_of_which_every_file_is_new_replace_the_last(tmp_path: Path) -> None:
    """All eight datasets are others, so only the code lists would be the same."""
    database = tmp_path / "w.duckdb"
    for seed in (1, 2):
        options = ["--pupils", 300, "--seed", seed, "--datasets", "all", "--clean"]
        extracts = make(tmp_path / f"extracts {seed}", *options)
        done = run_script("build", extracts, "--database", database)
        assert done.returncode == 0, done.stdout + done.stderr
    delivered = f"select count(distinct MoJUID) from read_csv('{extracts}/population.csv')"
    assert query(database, delivered) == query(
        database, "select count(distinct moj_uid) from marts.person_highest_intervention"
    )
    assert query(database, "select count(*) > 0 from lookups.placement") == [(True,)]


@pytest.mark.parametrize(("is_macro_changed", "n_kept"), [(False, 3), (True, 0)])
def test_code_lists_alone_do_not_stay(is_macro_changed: bool, n_kept: int) -> None:
    last = {"seed": "1", "model": "1", "test": "1"}
    now = last | ({"model": "2"} if is_macro_changed else {})
    nodes = {
        "seed": Node(now["seed"], "seed", "lookups", "codes", (), needs_all=False),
        "model": Node(now["model"], "model", "marts", "person", ("seed",), needs_all=False),
        "test": Node(now["test"], "test", "tests", "codes_unique", ("seed",), needs_all=False),
    }
    plan = make_plan(Project("same", nodes), LastBuild(last, "same"), ())
    assert len(plan.kept) == n_kept
    assert len(plan.to_build) == 3 - n_kept


@pytest.mark.parametrize(("read_in_part", "is_kept"), [((), False), (("seed",), True)])
def test_another_column_of_a_code_list_does_not_matter(
    read_in_part: tuple[str, ...], *, is_kept: bool
) -> None:
    nodes = {
        "seed": Node("2", "seed", "lookups", "codes", (), needs_all=False),
        "model": Node(
            "1", "model", "intermediate", "care", ("seed",), needs_all=False,
            read_in_part=read_in_part,
        ),
        "child": Node("1", "model", "marts", "person", ("model",), needs_all=False),
        "other": Node("1", "model", "marts", "other", (), needs_all=False),
    }  # fmt: skip
    last = LastBuild({"seed": "1", "model": "1", "child": "1", "other": "1"}, "same")
    plan = make_plan(Project("same", nodes), last, ())
    assert plan.kept == ({"model", "child", "other"} if is_kept else {"other"})
