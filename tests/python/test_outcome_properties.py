"""The models of the outcomes on random pupils, each compared with the Python reference.

Pupils are independent of one another, so one run of the models answers for hundreds of them.
PROPERTY_PROFILE=search looks for new ones, for an hour or so.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from compiled_models import CompiledModels
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_lives import lives
from reference.outcomes import outcomes

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
