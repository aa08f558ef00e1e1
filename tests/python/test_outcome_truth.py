"""Outcomes against the truth: on clean data, nothing that can be observed may differ.

The generator writes what each child lived through, as far as the delivered years reach. Nobody's
values are shown where they differ: only how many differ, item by item.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import Share, build_clean

# A year in which nobody of a small delivery was excluded counts as not delivered.
HAS_EXCLUSION_YEAR = """pupil_id in (
    select pupil_id
    from intermediate.int_census_pupil_year
    semi join intermediate.int_exclusion_pupil_year using (academic_year)
)"""
# Whether the extracts can show the item of a person, where that is not always so.
OBSERVABLE = {
    "contact_order": "is_contact_order_observable",
    "days_social_care_to_offence": "is_contact_order_observable",
    "is_first_contact_uncertain": "is_contact_order_observable",
    **{
        f"contact_order_{level}": f"is_contact_order_{level}_observable"
        for level in ("referral", "need", "plan", "care")
    },
}
# The same for a delivery so small that the exclusions of a year can be missing.
OBSERVABLE_IF_SMALL = OBSERVABLE | {
    "is_permanently_excluded": HAS_EXCLUSION_YEAR,
    "n_permanent_exclusions": HAS_EXCLUSION_YEAR,
}
# Each item, with how many persons at least must have it for the comparison to mean anything.
ITEMS = {
    "ks4_academic_year": 1000,
    "ks4_regime": 1000,
    "ks4_level_2_english_maths": 1000,
    "ks4_attainment_rank": 1000,
    "unauthorised_sessions_secondary": 1000,
    "sessions_possible_secondary": 1000,
    "n_secondary_years_observed": 1000,
    "suspension_sessions_secondary": 1000,
    "n_suspensions_secondary": 1000,
    "is_permanently_excluded": 1000,
    "n_permanent_exclusions": 1000,
    "first_permanent_exclusion_date": 10,
    "convictions_band": 1000,
    "n_convictions": 1000,
    "n_cautions": 1000,
    "highest_disposal": 1000,
    "highest_disposal_rank": 1000,
    "first_offence_date": 100,
    "first_offence_age": 100,
    "first_conviction_date": 100,
    "contact_order": 1000,
    "contact_order_referral": 1000,
    "contact_order_need": 1000,
    "contact_order_plan": 1000,
    "contact_order_care": 1000,
    "days_social_care_to_offence": 20,
    "is_first_contact_uncertain": 100,
    "justice_observed_to_age": 1000,
    "is_justice_10_17_complete": 1000,
    "home_la_at_15": 1000,
    "idaci_decile_at_15": 1000,
    "is_ever_fsm": 1000,
    "sen_at_15": 1000,
}


@pytest.fixture(scope="module")
def clean_later_years(share: Share) -> Path:
    """A folder with clean extracts of every episode up to 2023, and a warehouse up to outcomes."""
    options = (
        "--pupils", 4_000, "--seed", 11, "--datasets", "all", "--release", "all-episodes",
        "--until", 2023,
    )  # fmt: skip
    return share(
        "clean_later_years",
        lambda folder: build_clean(folder, options, "person_outcome"),
    )


@pytest.fixture(scope="module")
def compared_later(clean_later_years: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    yield from side_by_side(clean_later_years)


@pytest.fixture(scope="module")
def compared(clean_latest_episodes: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    yield from side_by_side(clean_latest_episodes)


def side_by_side(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The mart and the truth of clean extracts, as `shown` and `lived`."""
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        connection.execute(f"""
            create temp view lived as
            from read_parquet('{folder}/extracts/truth/person_outcome.parquet')
        """)
        connection.execute("create temp view shown as from marts.person_outcome")
        yield connection


def test_every_person_of_the_truth_is_in_the_mart(
    compared: duckdb.DuckDBPyConnection, compared_later: duckdb.DuckDBPyConnection
) -> None:
    for connection in (compared, compared_later):
        absent = connection.sql("select count(*) from lived anti join shown using (pupil_id)")
        assert absent.fetchall() == [(0,)]


@pytest.mark.parametrize("item", ITEMS)
def test_what_is_shown_is_what_was_lived(compared: duckdb.DuckDBPyConnection, item: str) -> None:
    n_compared, n_lived, n_different = differences(compared, item, OBSERVABLE)
    assert n_different == 0
    assert n_lived >= ITEMS[item]
    assert n_compared > 10_000


@pytest.mark.parametrize("item", ITEMS)
def test_the_same_holds_in_later_years(
    compared_later: duckdb.DuckDBPyConnection, item: str
) -> None:
    _, n_lived, n_different = differences(compared_later, item, OBSERVABLE_IF_SMALL)
    assert n_different == 0
    assert n_lived >= ITEMS[item]


def differences(
    connection: duckdb.DuckDBPyConnection, item: str, observable: dict[str, str]
) -> tuple[int, int, int]:
    """How many persons are compared, how many of them have the item, and how many differ."""
    is_alike = f"shown.{item}::varchar is not distinct from lived.{item}::varchar"
    if item == "ks4_attainment_rank":
        is_alike = f"({is_alike} or coalesce(abs(shown.{item} - lived.{item}) < 1e-9, false))"
    return connection.sql(f"""
        select count(*), count(lived.{item}), count(*) filter (where not {is_alike})
        from lived
        inner join shown using (pupil_id)
        where {observable.get(item, "true")}
    """).fetchall()[0]
