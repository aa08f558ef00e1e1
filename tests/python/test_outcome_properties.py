"""The models of the outcomes on random pupils, each compared with the Python reference.

Pupils are independent of one another, so one run of the models answers for hundreds of them.
PROPERTY_PROFILE=search looks for new ones, for an hour or so.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from pathlib import Path

import duckdb
import pytest
from commands import run_script
from compiled_models import CompiledModels
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outcome_extracts import Extracts
from random_lives import lives
from reference.outcome_marts import exclusion_rows, occasion_rows, person_school_years
from reference.outcomes import births, outcomes
from synthetic import make

N_PUPILS = 200
MARTS = ("person_outcome", "person_school_year", "exclusion", "offence_occasion")
DATASETS = ("population", "census", "absence", "ks4", "exclusion", "offence", "cla", "cin")

is_search = os.environ.get("PROPERTY_PROFILE") == "search"
profile = settings(
    max_examples=500 if is_search else 8,
    derandomize=not is_search,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def differences(shown: list[dict], expected: list[dict]) -> Counter[str]:
    """How many pupils differ, item by item."""
    by_pupil = {row["pupil_id"]: row for row in shown}
    assert sorted(by_pupil) == sorted(row["pupil_id"] for row in expected)
    return Counter(
        item
        for row in expected
        for item, value in row.items()
        if not _alike(by_pupil[row["pupil_id"]][item], value)
    )


def differences_of_rows(shown: list[dict], expected: list[dict]) -> Counter[str]:
    """How many rows have no equal, by the items in which the rows of their pupil differ."""

    def left_over(rows: list[dict], others: list[dict], items: tuple[str, ...]) -> Counter[tuple]:
        both = (
            Counter(tuple(row[item] for item in items) for row in one) for one in (rows, others)
        )
        return next(both) - next(both)

    items = tuple(expected[0]) if expected else ("pupil_id",)
    if not left_over(shown, expected, items) and not left_over(expected, shown, items):
        return Counter()
    return Counter(
        {
            item: left_over(shown, expected, ("pupil_id", item)).total()
            + left_over(expected, shown, ("pupil_id", item)).total()
            for item in items
        }
    ) + Counter({"whole row": 1})


def differences_of_marts(models: CompiledModels, extracts: Extracts) -> dict[str, Counter[str]]:
    """What differs in each mart of the outcomes."""
    persons, born = outcomes(extracts), births(extracts)
    found = {"person_outcome": differences(models.rows("person_outcome"), persons)}
    for mart, expected in (
        ("person_school_year", person_school_years(extracts, born)),
        ("exclusion", exclusion_rows(extracts)),
        ("offence_occasion", occasion_rows(extracts, born)),
    ):
        found[mart] = differences_of_rows(models.rows(mart), expected)
    return {mart: counts for mart, counts in found.items() if counts}


def _alike(one: object, other: object) -> bool:
    """The same value; a rank may differ by what is lost in a division."""
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other)
    return one == other and (one is None) == (other is None)


@profile
@given(st.integers(0, 10**6), st.sets(st.sampled_from(DATASETS), max_size=2))
def test_every_item_is_what_the_reference_says(
    models: CompiledModels, seed: int, not_delivered: set[str]
) -> None:
    """Also where a dataset or two were not delivered: an item is then unknown, and never zero."""
    extracts = lives(seed, N_PUPILS)
    extracts |= {dataset: [] for dataset in not_delivered}
    models.run(extracts, *MARTS)
    assert differences_of_marts(models, extracts) == {}


def test_every_item_of_a_synthetic_delivery_is_what_the_reference_says(
    models: CompiledModels, tmp_path: Path
) -> None:
    """With all the faults that the generator knows, through the loader."""
    make(tmp_path / "extracts", "--pupils", 1_500, "--seed", 9, "--datasets", "all")
    done = run_script("load", tmp_path / "extracts", "--database", tmp_path / "loaded.duckdb")
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(tmp_path / "loaded.duckdb"), read_only=True) as loaded:
        extracts = {dataset: loaded_rows(loaded, dataset) for dataset in models.columns}
    models.run(extracts, *MARTS)
    assert differences_of_marts(models, extracts) == {}


def loaded_rows(loaded: duckdb.DuckDBPyConnection, dataset: str) -> list[dict]:
    """The rows of a raw table; a column that is blank in a row is left out of it."""
    table = loaded.sql(f"from raw.{dataset}")
    kept = [
        (number, name)
        for number, name in enumerate(table.columns)
        if not name.startswith("_") or name == "_suffix_year"
    ]
    return [
        defaultdict(
            lambda: None,
            {name: row[number] for number, name in kept if row[number] is not None},
        )
        for row in table.fetchall()
    ]
