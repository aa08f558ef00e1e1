"""Deliveries that lack some of the datasets: what they cannot show is unknown, and never zero."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

import duckdb
import pytest
from commands import run_script
from compiled_models import CompiledModels
from conftest import Share
from dataset_subsets import (
    COVERING_SUBSETS,
    ITEMS,
    OUTCOME_DATASETS,
    OUTCOMES,
    SOCIAL_CARE,
    Rows,
    all_subsets,
    by_key,
    differences,
)
from outcome_extracts import Extracts, write
from random_lives import lives

# Marts that read any of them, without the large tables of rates.
MARTS = (
    "person_highest_intervention", "person_care_history", "person_year", "person_school_year",
    "person_outcome", "exclusion", "offence_occasion",
)  # fmt: skip
SOCIAL_CARE_MARTS = ("person_highest_intervention", "person_year", "person_first_contact")


@pytest.fixture(scope="module")
def extracts() -> Extracts:
    """Some pupils with rows in every dataset."""
    return lives(seed=5, n_pupils=60)


def only(extracts: Extracts, *datasets: str) -> Extracts:
    """A delivery of these datasets."""
    return {dataset: rows if dataset in datasets else [] for dataset, rows in extracts.items()}


@pytest.mark.parametrize("absent", OUTCOME_DATASETS)
def test_what_one_dataset_shows_is_unknown_without_it(
    models: CompiledModels, extracts: Extracts, absent: str
) -> None:
    marts = ("person_outcome", "outcome_by_intervention")
    models.run(extracts, *marts)
    assert shown_items(models, absent) == {*ITEMS[absent]}
    assert observed_outcomes(models, absent) == {*OUTCOMES[absent]}
    models.run(only(extracts, *(name for name in extracts if name != absent)), *marts)
    assert shown_items(models, absent) == set()
    assert observed_outcomes(models, absent) == set()


def shown_items(models: CompiledModels, dataset: str) -> set[str]:
    """The items of a dataset that any person has."""
    persons = models.rows("person_outcome")
    return {item for item in ITEMS[dataset] if any(row[item] is not None for row in persons)}


def observed_outcomes(models: CompiledModels, dataset: str) -> set[str]:
    """The outcomes of a dataset that are known of anybody, yes or no."""
    return {
        str(row["outcome"])
        for row in models.rows("outcome_by_intervention")
        if row["outcome"] in OUTCOMES[dataset]
        and (row["n_observed"] or row["n_with_outcome"] is not None)
    }


@pytest.mark.parametrize("delivered", OUTCOME_DATASETS)
def test_one_dataset_alone_shows_what_is_in_it(
    models: CompiledModels, extracts: Extracts, delivered: str
) -> None:
    models.run(only(extracts, *SOCIAL_CARE, delivered), "person_outcome")
    assert shown_items(models, delivered) == {*ITEMS[delivered]}
    for other in OUTCOME_DATASETS:
        if other != delivered:
            assert shown_items(models, other) == set()


def test_social_care_does_not_depend_on_the_outcomes(
    models: CompiledModels, extracts: Extracts
) -> None:
    models.run(only(extracts, *SOCIAL_CARE), *SOCIAL_CARE_MARTS)
    without = {mart: models.rows(mart) for mart in SOCIAL_CARE_MARTS}
    assert all(without.values())
    models.run(extracts, *SOCIAL_CARE_MARTS)
    known = {row["pupil_id"] for row in without["person_highest_intervention"]}
    ages = ("age_31_march",)
    for mart in SOCIAL_CARE_MARTS:
        shown = [row for row in models.rows(mart) if row["pupil_id"] in known]
        # The census may add a birth that the population file lacks, and so an age.
        assert [without_items(row, ages) for row in shown] == [
            without_items(row, ages) for row in without[mart]
        ]


def without_items(row: dict[str, object], names: tuple[str, ...]) -> dict[str, object]:
    """The row without these columns, and without the identifier that more rows may change."""
    left_out = {*names, "moj_uid", "has_conflicting_moj_uid"}
    return {name: value for name, value in row.items() if name not in left_out}


@pytest.fixture(scope="module")
def full(models: CompiledModels, extracts: Extracts) -> dict[str, Rows]:
    """The marts of the full delivery."""
    models.run(extracts, *MARTS)
    return {mart: by_key(mart, models.rows(mart)) for mart in MARTS}


def test_every_two_datasets_come_and_lack_together_and_apart() -> None:
    cases = {
        (first, first in subset, second, second in subset)
        for subset in COVERING_SUBSETS
        for first, second in combinations(OUTCOME_DATASETS, 2)
    }
    assert len(cases) == 4 * math.comb(len(OUTCOME_DATASETS), 2)
    assert len(set(all_subsets())) == 32


@pytest.mark.parametrize("delivered", COVERING_SUBSETS, ids=lambda names: "+".join(names) or "none")
def test_what_is_delivered_shows_what_it_shows_in_a_full_delivery(
    models: CompiledModels, extracts: Extracts, full: dict[str, Rows], delivered: tuple[str, ...]
) -> None:
    models.run(only(extracts, *SOCIAL_CARE, *delivered), *MARTS)
    found = {mart: by_key(mart, models.rows(mart)) for mart in MARTS}
    assert {
        name for mart in MARTS for name in differences(mart, full[mart], found[mart], delivered)
    } == set()
    for missing in {*OUTCOME_DATASETS} - {*delivered}:
        assert shown_items(models, missing) == set()


def test_census_and_offences_alone_make_a_warehouse(share: Share, extracts: Extracts) -> None:
    """From the files to the marts: no population file, and no social care."""

    def build(folder: Path) -> None:
        delivered = {name: extracts[name] for name in ("census", "offence")}
        files = write(delivered, folder / "extracts")
        done = run_script("build", files, "--database", folder / "warehouse.duckdb")
        assert done.returncode == 0, done.stdout + done.stderr

    database = share("census_and_offences", build) / "warehouse.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        persons = connection.sql(
            "select count(*), count(convictions_band), count(home_la_at_15), count(contact_order),"
            " count(ks4_regime) from marts.person_outcome"
        ).fetchall()
        scopes = dict(connection.sql("select item, scope from quality.mart_coverage").fetchall())
    ((n_persons, n_bands, n_places, n_orders, n_regimes),) = persons
    assert 0 < n_bands <= n_persons
    assert n_places > 0
    assert (n_orders, n_regimes) == (0, 0)
    assert scopes["person_outcome.convictions_band"] != "not available"
    assert scopes["offence_occasion.offence_age"] != "not available"
    assert scopes["person_school_year.in_census"] == "complete"
    for item in (
        "person_outcome.contact_order",
        "person_outcome.n_suspensions_secondary",
        "person_school_year.is_end_of_ks4",
        "person_school_year.n_suspensions",
        "person_school_year.sessions_possible",
        "exclusion.category_code",
    ):
        assert scopes[item] == "not available", item
