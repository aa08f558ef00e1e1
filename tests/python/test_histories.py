"""Care histories against the truth: on clean data that shows every episode, nothing may differ."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from commands import run_dbt, run_script

N_PUPILS = 8_000


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory):
    """A warehouse of clean extracts that show every episode, with the truth attached as views."""
    folder = tmp_path_factory.mktemp("histories")
    extracts, database = folder / "extracts", folder / "warehouse.duckdb"
    options = ("--pupils", N_PUPILS, "--seed", 11, "--release", "all-episodes", "--clean")
    for done in (
        run_script("synthesise", extracts, *options),
        run_script("load", extracts, "--database", database),
        run_dbt(database, folder, "build", "--exclude-resource-type", "unit_test", "test"),
    ):
        assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(database)) as connection:
        _attach_truth(connection, extracts / "truth")
        yield connection


def _attach_truth(connection: duckdb.DuckDBPyConnection, truth: Path) -> None:
    """Children whose care lies within the years of the extract, and what they really lived."""
    connection.execute(f"""
        create temp table lived as
        select *
        from '{truth}/person.parquet'
        where
            are_care_days_observable
            and n_episodes > 0
            and first_care_date >= date '2005-04-01'
    """)
    connection.execute(f"""
        create temp table lived_episode as
        select episode.*
        from '{truth}/care_episode.parquet' as episode
        inner join lived on episode.pupil_id = lived.pupil_id
        where episode.episode_start_date <= date '2018-03-31'
    """)


@pytest.mark.parametrize(
    ("true_column", "mart_column"),
    [
        ("true_care_days", "care_days"),
        ("n_periods", "n_periods_of_care"),
        ("n_returns", "n_re_entries"),
        ("n_placement_moves", "n_placement_moves"),
    ],
)
def test_histories_equal_the_truth(
    warehouse: duckdb.DuckDBPyConnection, true_column: str, mart_column: str
) -> None:
    n_children, n_equal, total = warehouse.sql(f"""
        select
            count(*),
            count(*) filter (where lived.{true_column} = history.{mart_column}),
            sum(lived.{true_column})
        from lived
        left join marts.person_care_history as history on lived.pupil_id = history.pupil_id
    """).fetchall()[0]
    assert n_children > 50
    assert total > 0
    assert n_equal == n_children


def test_every_lived_episode_is_there_and_no_other(warehouse: duckdb.DuckDBPyConnection) -> None:
    differing = warehouse.sql("""
        with shown as (
            select episode.pupil_id, episode.episode_start_date
            from marts.care_episode as episode
            inner join lived on episode.pupil_id = lived.pupil_id
        ),

        lived_starts as (
            select pupil_id, episode_start_date
            from lived_episode
        )

        (from shown except from lived_starts)
        union all
        (from lived_starts except from shown)
    """).fetchall()
    assert len(differing) == 0
