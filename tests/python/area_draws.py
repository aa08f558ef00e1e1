"""Counts of authorities with a known truth, drawn at random, and what the methods find in them."""

from __future__ import annotations

import duckdb
import numpy as np
from commands import PROJECT_DIR, csv_rows
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
ANY_SOCIAL_CARE = len(LEVELS)
# Of ordinary size: every seventh authority around the middle.
PLANTED = 1.5


def share_outcomes() -> list[str]:
    """The outcomes of the mart, each with room for a draw."""
    return [row["outcome"] for row in csv_rows(MEASURES) if row["measure_type"] == "share"]


def shares_of_authorities() -> dict[str, float]:
    """The share of the children of England in each authority, the smallest first."""
    codes = {
        row["la_code"]: row["la_nine_code"] for row in csv_rows(SETTINGS / "authority_outcome.csv")
    }
    weights = {
        codes[row["la_code"]]: float(row["weight"])
        for row in csv_rows(SETTINGS / "local_authority.csv")
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


def with_all_levels(models: CompiledModels) -> None:
    """Compare the children of all levels with social care together as well, as one more level.

    Expected numbers add up, so this is the ratio that a user gets from the sums of `area_outcome`.
    """
    expected = f"{DATABASE}.intermediate.int_area_expected"
    models.connection.execute(
        f"insert into {expected} select local_authority_code, {ANY_SOCIAL_CARE}, outcome, cohort,"
        " sum(n_persons), sum(n_known), sum(n_observed), sum(n_expected)"
        f" from {expected} where highest_intervention_rank > 0 group by all"
    )
    models.run_after("int_area_expected", "area_outcome")


ALL_COHORTS = f"from {DATABASE}.marts.area_outcome where cohort = 'all' and n_expected >= 10"
# By the limits after overdispersion, which is what the mart calls a difference.
OUTSIDE = "not ratio between funnel_lower_998 and funnel_upper_998"


def intervals_that_miss_no_difference(
    sizes: dict[str, float], planted: list[str], seed: int, pupils: float = 1_000_000
) -> tuple[set[str], set[str]]:
    """The authorities whose effect on all levels of social care is above 0, and those below."""
    counts = drawn(["convicted"], sizes, pupils, seed, planted)
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
