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
from random_lives import lives
from reference.outcomes import outcomes
from synthetic import make

N_PUPILS = 200
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
    models.run(extracts, "person_outcome")
    assert differences(models.rows("person_outcome"), outcomes(extracts)) == Counter()


def test_every_item_of_a_synthetic_delivery_is_what_the_reference_says(
    models: CompiledModels, tmp_path: Path
) -> None:
    """With all the faults that the generator knows, through the loader."""
    make(tmp_path / "extracts", "--pupils", 1_500, "--seed", 9, "--datasets", "all")
    done = run_script("load", tmp_path / "extracts", "--database", tmp_path / "loaded.duckdb")
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(tmp_path / "loaded.duckdb"), read_only=True) as loaded:
        extracts = {dataset: loaded_rows(loaded, dataset) for dataset in models.columns}
    models.run(extracts, "person_outcome")
    assert differences(models.rows("person_outcome"), outcomes(extracts)) == Counter()


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
