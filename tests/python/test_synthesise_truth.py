"""The warehouse on clean extracts against the lives that they were made from."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

# The pupils of each shared warehouse.
PUPILS = {"clean_latest_episodes": 20_000, "clean_all_episodes": 10_000}


@pytest.fixture(scope="module", params=PUPILS)
def built(request: pytest.FixtureRequest) -> tuple[str, duckdb.DuckDBPyConnection]:
    """The release, and each pupil's row of the warehouse with the truth."""
    folder = request.getfixturevalue(request.param)
    truth = folder / "extracts" / "truth" / "person.parquet"
    return request.param, next_to_the_truth(folder / "warehouse.duckdb", truth)


def next_to_the_truth(database: Path, truth: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"attach '{database}' as wh (read_only)")
    connection.execute(
        "create table pupil as select truth.*,"
        " mart.pupil_id is not null as is_in_mart,"
        " mart.highest_intervention::varchar as highest_intervention,"
        " coalesce(mart.care_days_observed, 0) as care_days_observed"
        " from read_parquet(?) as truth"
        " left join wh.marts.person_highest_intervention as mart"
        " on truth.pupil_id = mart.pupil_id where truth.pupil_id is not null",
        [str(truth)],
    )
    return connection


def count(connection: duckdb.DuckDBPyConnection, condition: str) -> int:
    query = f"select count(*) from pupil where {condition}"
    return connection.execute(query).fetchone()[0]


def test_every_pupil_has_one_row(built: tuple[str, duckdb.DuckDBPyConnection]) -> None:
    release, connection = built
    assert count(connection, "is_in_mart") == count(connection, "true") == PUPILS[release]


def test_the_warehouse_gives_what_is_visible(
    built: tuple[str, duckdb.DuckDBPyConnection],
) -> None:
    _, connection = built
    assert count(connection, "highest_intervention != visible_highest_intervention") == 0
    assert count(connection, "care_days_observed != visible_care_days") == 0


@pytest.mark.parametrize("built", ["clean_all_episodes"], indirect=True)
def test_all_episodes_give_the_truth_of_everyone_observable(
    built: tuple[str, duckdb.DuckDBPyConnection],
) -> None:
    release, connection = built
    assert (
        count(
            connection,
            "is_highest_observable and highest_intervention != true_highest_intervention",
        )
        == 0
    )
    assert (
        count(connection, "are_care_days_observable and care_days_observed != true_care_days") == 0
    )
    # The test is of something: every level is there, and much of care is observable.
    levels = connection.execute(
        "select count(distinct true_highest_intervention) from pupil where is_highest_observable"
    ).fetchone()[0]
    assert levels == 5
    assert count(connection, "is_highest_observable") > 0.7 * PUPILS[release]
    in_care = "true_care_days > 0"
    assert count(connection, f"{in_care} and are_care_days_observable") > 0.4 * count(
        connection, in_care
    )
    # And it is not all: the extracts do hide a part of the truth.
    assert count(connection, f"{in_care} and not are_care_days_observable") > 0
