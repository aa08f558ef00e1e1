"""What the comparison of authorities finds: differences that are there, and hardly any other.

The counts are drawn at random with a known truth, and the compiled models of `area_outcome` read
them. Each outcome of the mart gets draws of its own, so that one run gives several draws.
"""

from __future__ import annotations

import numpy as np
import pytest
from area_draws import (
    ALL_COHORTS,
    ANY_SOCIAL_CARE,
    LEVELS,
    OUTSIDE,
    compared,
    drawn,
    intervals_that_miss_no_difference,
    share_outcomes,
    shares_of_authorities,
    ten_ordinary,
    with_all_levels,
)


@pytest.fixture(scope="module")
def outcomes() -> list[str]:
    """The outcomes of the mart, each with room for a draw."""
    return share_outcomes()


@pytest.fixture(scope="module")
def sizes() -> dict[str, float]:
    """The share of the children of England in each authority, the smallest first."""
    return shares_of_authorities()


def test_without_differences_hardly_any_authority_is_outside(models, outcomes, sizes) -> None:
    """At most 1 in 100 in 100 draws, at each level of social care."""
    outside, all_of_them = np.zeros(len(LEVELS)), np.zeros(len(LEVELS))
    n_draws = 0
    for seed in range(-(-100 // len(outcomes))):
        connection = compared(models, drawn(outcomes, sizes, 1_000_000, seed, []))
        n_draws += len(outcomes)
        for rank, n_outside, n in connection.execute(
            f"select highest_intervention_rank, count(*) filter (where {OUTSIDE}), count(*)"
            f" {ALL_COHORTS} group by all"
        ).fetchall():
            outside[rank] += n_outside
            all_of_them[rank] += n
    assert n_draws >= 100
    assert (all_of_them > 0).all()
    assert outside.sum() / all_of_them.sum() < 0.01
    assert (outside / all_of_them < 0.01).all(), outside / all_of_them


@pytest.mark.parametrize(
    ("pupils", "ranks"),
    [
        pytest.param(1_000_000, (0,), id="a million pupils, children without social care"),
        pytest.param(5_000_000, (1, 2, 4), id="five million pupils, children with social care"),
    ],
)
def test_a_difference_of_half_as_much_again_is_found(
    models, outcomes, sizes, pupils: int, ranks: tuple[int, ...]
) -> None:
    """In ten authorities of ordinary size; at least nine of them are found, and few others."""
    planted = ten_ordinary(sizes)
    assert len(planted) == 10
    connection = compared(models, drawn(outcomes, sizes, pupils, 1, planted))
    for rank in ranks:
        found, others, n_others = connection.execute(
            f"""
            select
                count(*) filter (where is_planted and ratio > funnel_upper_998),
                count(*) filter (where not is_planted and {OUTSIDE}),
                count(*) filter (where not is_planted)
            from (
                select *, list_contains(?, local_authority_code) as is_planted {ALL_COHORTS}
                and highest_intervention_rank = ?
            )
            """,
            [planted, rank],
        ).fetchall()[0]
        assert found >= 9 * len(outcomes), (rank, found / len(outcomes))
        assert others < 0.01 * n_others, (rank, others / n_others)


def test_all_levels_together_find_differences_at_a_million_pupils(models, outcomes, sizes) -> None:
    """By the ratio of the sums over the levels with social care; `make area-power` shows more."""
    planted = ten_ordinary(sizes)
    connection = compared(models, drawn(outcomes, sizes, 1_000_000, 1, planted))
    with_all_levels(models)
    found, found_998, others, n_others = connection.execute(
        f"""
        select
            count(*) filter (where is_planted and funnel_class_adjusted like 'High%'),
            count(*) filter (where is_planted and funnel_class_adjusted = 'High (0.001)'),
            count(*) filter (where not is_planted and funnel_class_adjusted like '%(0.001)'),
            count(*) filter (where not is_planted)
        from (
            select *, list_contains(?, local_authority_code) as is_planted {ALL_COHORTS}
            and highest_intervention_rank = {ANY_SOCIAL_CARE}
        )
        """,
        [planted],
    ).fetchall()[0]
    assert found >= 9 * len(outcomes)
    assert found_998 >= 8 * len(outcomes)
    assert others < 0.01 * n_others


@pytest.mark.parametrize("seed", range(3))
def test_the_model_finds_differences_among_children_with_social_care(sizes, seed: int) -> None:
    """A million pupils are enough, as the model reads all levels together."""
    planted = set(ten_ordinary(sizes))
    above, below = intervals_that_miss_no_difference(sizes, list(planted), seed)
    assert len(above & planted) >= 9
    assert len((above | below) - planted) <= 0.05 * len(sizes)


def test_the_model_finds_none_where_there_is_none(sizes) -> None:
    wrong = [intervals_that_miss_no_difference(sizes, [], seed) for seed in range(5)]
    assert sum(len(above | below) for above, below in wrong) <= 0.01 * 5 * len(sizes)
