"""The mart of outcomes on clean extracts against the lives that they were made from."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from commands import run_dbt, run_script

PUPILS = 10_000
# Where the record can show another order than the life, the truth says whether it does.
ONLY_IF = {
    "days_social_care_to_offence": "is_contact_order_observable",
    "is_first_contact_uncertain": "is_contact_order_observable",
    **{
        f"contact_order{level}": f"is_contact_order{level}_observable"
        for level in ("", "_referral", "_need", "_plan", "_care")
    },
}
ITEMS = (
    "ks4_academic_year", "ks4_regime", "ks4_level_2_english_maths", "ks4_attainment_rank",
    "unauthorised_sessions_secondary", "sessions_possible_secondary",
    "n_secondary_years_observed", "suspension_sessions_secondary", "n_suspensions_secondary",
    "is_permanently_excluded", "n_permanent_exclusions", "first_permanent_exclusion_date",
    "convictions_band", "n_convictions", "n_cautions", "highest_disposal",
    "highest_disposal_rank", "first_offence_date", "first_offence_age",
    "first_conviction_date", "contact_order", "contact_order_referral", "contact_order_need",
    "contact_order_plan", "contact_order_care", "days_social_care_to_offence",
    "is_first_contact_uncertain", "justice_observed_to_age", "is_justice_10_17_complete",
    "home_la_at_15", "idaci_decile_at_15", "is_ever_fsm", "sen_at_15",
)  # fmt: skip


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """Two tables of the same pupils, truth and mart."""
    folder = tmp_path_factory.mktemp("outcomes")
    database, extracts = folder / "warehouse.duckdb", folder / "extracts"
    options = ("--pupils", PUPILS, "--seed", 11, "--clean", "--datasets", "all")
    for done in (
        run_script("synthesise", extracts, *options),
        run_script("load", extracts, "--database", database),
        run_dbt(
            database, folder, "build", "--quiet", "--select", "+person_outcome",
            "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test",
        ),
    ):  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
    return side_by_side(database, extracts / "truth" / "person_outcome.parquet")


def side_by_side(database: Path, truth: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"attach '{database}' as wh (read_only)")
    connection.execute(f"create view truth as from read_parquet('{truth}')")
    connection.execute("create view mart as from wh.marts.person_outcome")
    return connection


def test_every_pupil_is_compared(compared: duckdb.DuckDBPyConnection) -> None:
    joined = compared.sql("select count(*) from truth inner join mart using (pupil_id)")
    assert joined.fetchall() == [(PUPILS,)]


@pytest.mark.parametrize("item", ITEMS)
def test_the_mart_equals_the_truth(compared: duckdb.DuckDBPyConnection, item: str) -> None:
    """NULL is NULL in both; a number is compared as a number."""
    condition = ONLY_IF.get(item, "true")
    (n_compared, n_known, n_different), *_ = compared.sql(
        f"select count(*), count(truth.{item}), count(*) filter ("
        f" where truth.{item}::varchar is distinct from mart.{item}::varchar"
        f" and coalesce(abs(try_cast(truth.{item}::varchar as double)"
        f" - try_cast(mart.{item}::varchar as double)) > 1e-9, true))"
        f" from truth inner join mart using (pupil_id) where {condition}"
    ).fetchall()
    assert n_compared > PUPILS / 2
    assert n_known > 0
    assert n_different == 0
