"""What the comparison of authorities finds: differences that are there, and hardly any other.

The counts are drawn at random with a known truth, and the compiled models of `area_outcome` read
them. Each outcome of the mart gets draws of its own, so that one run gives several draws.
"""

from __future__ import annotations

import csv

import duckdb
import numpy as np
import pytest
from commands import PROJECT_DIR
from compiled_models import DATABASE, CompiledModels

from social_care_warehouse.areas.design import cells_for_the_model, design
from social_care_warehouse.areas.laplace import fit
from social_care_warehouse.areas.warehouse import Authority, Cell

SETTINGS = PROJECT_DIR / "scripts" / "social_care_warehouse" / "synthesis" / "settings"
MEASURES = PROJECT_DIR / "seeds" / "definitions" / "outcome_measures.csv"
COHORTS = ("1994/1995", "1995/1996")
# Share of the pupils at each level of social care, and the share of these with the outcome, as in
# the tutorial on outcomes.
LEVELS = ((0.893, 0.046), (0.046, 0.114), (0.032, 0.154), (0.006, 0.111), (0.023, 0.275))
# Of ordinary size: every seventh authority around the middle.
PLANTED = 1.5


def read(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def outcomes(models: CompiledModels) -> list[str]:
    """The outcomes of the mart, each with room for a draw."""
    return [row["outcome"] for row in read(MEASURES) if row["measure_type"] == "share"]


@pytest.fixture(scope="module")
def sizes() -> dict[str, float]:
    """The share of the children of England in each authority, the smallest first."""
    codes = {
        row["la_code"]: row["la_nine_code"] for row in read(SETTINGS / "authority_outcome.csv")
    }
    weights = {
        codes[row["la_code"]]: float(row["weight"])
        for row in read(SETTINGS / "local_authority.csv")
    }
    total = sum(weights.values())
    return {code: weights[code] / total for code in sorted(weights, key=lambda c: weights[c])}


def ten_ordinary(sizes: dict[str, float]) -> list[str]:
    codes = list(sizes)
    middle = len(codes) // 2
    return codes[middle - 20 : middle + 50 : 7]


def drawn(
    outcomes: list[str], sizes: dict[str, float], pupils: float, seed: int, planted: list[str]
) -> dict[str, list[object]]:
    """Counts by authority, level, cohort, sex and outcome, in columns."""
    random = np.random.default_rng(seed)
    shape = (len(outcomes), len(sizes), len(LEVELS), len(COHORTS), 2)
    share, rate = np.array(LEVELS).T
    children = pupils / len(COHORTS) / 2 * np.array(list(sizes.values()))
    n = random.poisson(np.broadcast_to(
        children[:, None, None, None] * share[:, None, None], shape
    ))  # fmt: skip
    factor = np.where([code in planted for code in sizes], PLANTED, 1.0)
    # Boys four times as often as girls, the second cohort less often than the first.
    by_cohort_and_sex = np.array([[1.7, 0.425], [1.5, 0.375]])
    chance = factor[:, None, None, None] * rate[:, None, None] * by_cohort_and_sex[None, None, :, :]
    y = random.binomial(n, np.minimum(chance, 1))
    index = np.indices(shape).reshape(len(shape), -1)
    codes = list(sizes)
    return {
        "local_authority_code": [codes[number] for number in index[1]],
        "highest_intervention_rank": index[2].tolist(),
        "birth_cohort": [COHORTS[number] for number in index[3]],
        "gender_code": ["MF"[number] for number in index[4]],
        "outcome": [outcomes[number] for number in index[0]],
        "n_persons": n.ravel().tolist(),
        "n_observed": n.ravel().tolist(),
        "n_with_outcome": y.ravel().tolist(),
    }


def compared(models: CompiledModels, counts: dict[str, list[object]]) -> duckdb.DuckDBPyConnection:
    """Fill `area_outcome` from these counts; gives the connection to read it from."""
    connection = models.connection
    table = f"{DATABASE}.intermediate.int_area_count"
    columns = ", ".join(counts)
    values = ", ".join("unnest(?)" for _ in counts)
    connection.execute(f"delete from {table}")
    connection.execute(f"insert into {table} ({columns}) select {values}", list(counts.values()))
    models.run_after("int_area_count", "area_outcome")
    return connection


ALL_COHORTS = f"from {DATABASE}.marts.area_outcome where cohort = 'all' and n_expected >= 10"
# By the limits after overdispersion, which is what the mart calls a difference.
OUTSIDE = "not ratio between funnel_lower_998 and funnel_upper_998"


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


def intervals_that_miss_no_difference(
    sizes: dict[str, float], planted: list[str], seed: int
) -> tuple[set[str], set[str]]:
    """The authorities whose effect on all levels of social care is above 0, and those below."""
    counts = drawn(["convicted"], sizes, 1_000_000, seed, planted)
    rows = zip(*(counts[name] for name in (
        "local_authority_code", "highest_intervention_rank", "birth_cohort", "gender_code",
        "n_observed", "n_with_outcome",
    )), strict=True)  # fmt: skip
    authorities = {code: Authority(code, 0.0, None) for code in sizes}
    cells = [cell for row in rows if (cell := Cell(*row)).level_rank > 0 and cell.n_observed > 0]
    names = {rank: str(rank) for rank in range(1, len(LEVELS))}
    kept = cells_for_the_model(cells, authorities)
    numbers = design(kept, authorities, names, None, has_covariates=False)
    fitted = fit(numbers.counts)
    margins = 1.959963985 * fitted.effect_errors
    above, below = set(), set()
    for code, effect, margin in zip(numbers.authorities, fitted.effects, margins, strict=True):
        if effect > margin:
            above.add(code)
        elif effect < -margin:
            below.add(code)
    return above, below


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
