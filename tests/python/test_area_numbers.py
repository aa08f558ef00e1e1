"""The models of areas give the published numbers of two R packages.

PHEindicatormethods (limits, ratios, classes) and FunnelPlotR (overdispersion, curves). Odds
ratios are compared with statsmodels.
"""

from __future__ import annotations

import math

import duckdb
import pytest
from compiled_models import DATABASE, CompiledModels


def query_of(models: CompiledModels, name: str) -> str:
    """The compiled SQL of one model."""
    (node,) = [node for node in models.models if node["name"] == name]
    return str(node["compiled_code"])


def run_on(models: CompiledModels, name: str, columns: str, **inputs: str) -> list[tuple]:
    """Columns of a model whose inputs are these queries."""
    query = query_of(models, name)
    with duckdb.connect() as connection:
        connection.execute(f"attach ':memory:' as {DATABASE}")
        for schema in ("intermediate", "lookups"):
            connection.execute(f"create schema {DATABASE}.{schema}")
        connection.execute(f"use {DATABASE}.intermediate")
        for table, rows in inputs.items():
            schema, name = table.split("__", 1)
            connection.execute(f"create table {DATABASE}.{schema}.{name} as {rows}")
        return connection.sql(f"select {columns} from ({query}) order by all").fetchall()


def seed(models: CompiledModels, name: str) -> str:
    """The rows of a seed as a query."""
    rows = models.connection.sql(f"from {DATABASE}.lookups.{name}").fetchall()
    columns = [
        column[0] for column in models.connection.sql(f"from {DATABASE}.lookups.{name}").description
    ]
    return f"select * from (values {', '.join(map(repr, rows))}) as rows ({', '.join(columns)})"


def funnel_of(
    models: CompiledModels, pairs: list[tuple[float, float]], columns: str
) -> list[tuple]:
    """Columns of int_area_funnel for observed and expected numbers, in that order."""
    rows = ", ".join(
        f"('{place:03}', 0, 'convicted', 'all', {observed}, {expected}::double)"
        for place, (observed, expected) in enumerate(pairs)
    )
    names = (
        "local_authority_code, highest_intervention_rank, outcome, cohort, n_observed, n_expected"
    )
    expected = f"select * from (values {rows}) as counts ({names})"
    with_place = f"local_authority_code, {columns}"
    dispersion = run_on(
        models, "int_area_dispersion", "phi, tau_squared", intermediate__int_area_expected=expected
    )
    phi, tau_squared = dispersion[0] if dispersion else (None, None)
    found = run_on(
        models,
        "int_area_funnel",
        with_place,
        intermediate__int_area_expected=expected,
        intermediate__int_area_dispersion=(
            "select 0 as highest_intervention_rank, 'convicted' as outcome, 'all' as cohort,"
            f" {phi or 'null'}::double as phi, {tau_squared or 'null'}::double as tau_squared"
        ),
        lookups__poisson_limits=seed(models, "poisson_limits"),
    )
    return [row[1:] for row in found]


@pytest.mark.parametrize(
    ("observed", "expected", "ratio", "limits"),
    [
        # ratio and limits at 95% and at 99.8%; observed over an expected of 1 are limits of a count
        (65, 1, 65, (50.163188, 82.849139, 42.880261, 94.000291)),
        (1045, 1, 1045, (982.593202, 1110.331213, None, None)),
        (10, 1, 10, (None, None, 2.916318, 24.193725)),
        (895, 835.883561, 1.070723, (1.001715, 1.143233, 0.963516, 1.186007)),
        (9, 835.883561, 0.010767, (0.004923, 0.020439, 0.002934, 0.027106)),
    ],
)
def test_a_ratio_has_the_published_limits(
    models: CompiledModels,
    observed: int,
    expected: float,
    ratio: float,
    limits: tuple[float | None, ...],
) -> None:
    columns = "ratio, ratio_lower_95, ratio_upper_95, ratio_lower_998, ratio_upper_998"
    ((found, *found_limits),) = funnel_of(models, [(observed, expected)], columns)
    assert found == pytest.approx(ratio, abs=1e-6)
    for limit, published in zip(found_limits, limits, strict=True):
        if published is not None:
            assert limit == pytest.approx(published, abs=1e-6)


def test_ratios_have_the_published_classes(models: CompiledModels) -> None:
    published = {
        (8, 6.239860227): "Not significant",
        (159, 232.9329036): "Low (0.001)",
        (220, 249.8012944): "Not significant",
        (150, 119.5695496): "High (0.025)",
        (0, 240.6273499): "Low (0.001)",
    }
    found = funnel_of(models, list(published), "funnel_class")
    assert [row[0] for row in found] == list(published.values())


def test_overdispersion_is_the_published_one(models: CompiledModels) -> None:
    observed, expected = (100, 150, 180, 80, 120, 225), (108, 112, 165, 95, 100, 220)
    columns = "phi, tau_squared, funnel_lower_95, funnel_upper_998, shrunken_ratio"
    found = funnel_of(models, list(zip(observed, expected, strict=True)), columns)
    phi, tau_squared = found[0][:2]
    assert phi == pytest.approx(2.948033, abs=1e-6)
    assert tau_squared == pytest.approx(0.019478, abs=1e-6)
    # The rest follows from these by the formulas of the reference page.
    width = math.sqrt(1 / 108 + tau_squared)
    assert found[0][2] == pytest.approx(math.exp(-1.959963985 * width))
    assert found[0][3] == pytest.approx(math.exp(3.090232306 * width))
    assert found[0][4] == pytest.approx((100 + 1 / tau_squared) / (108 + 1 / tau_squared))


@pytest.mark.parametrize(
    ("referred", "persons", "limits"),
    [
        (65, 100, {"lower_95": 0.552544, "upper_95": 0.736358}),
        (1045, 5000, {"lower_95": 0.197955, "upper_95": 0.220491}),
        (1045, 5000, {"lower_998": 0.191794, "upper_998": 0.227316}),
    ],
)
def test_the_share_referred_has_the_published_limits(
    models: CompiledModels, referred: int, persons: int, limits: dict[str, float]
) -> None:
    rows = ", ".join(
        f"('A', {rank}, '1993/1994', 'convicted', {number})"
        for rank, number in ((0, persons - referred), (1, referred))
    )
    columns = "local_authority_code, highest_intervention_rank, birth_cohort, outcome, n_persons"
    names = "'A' as authority_code, 'A' as local_authority_code, '' as la_name, '' as region_name"
    (found,) = run_on(
        models,
        "area_referral_threshold",
        ", ".join(f"percent_referred_{limit}" for limit in limits),
        intermediate__int_area_count=f"select * from (values {rows}) as counts ({columns})",
        intermediate__int_area_authority=f"select {names}",
        lookups__cohort_group="select 'never' as cohort, 1900 as first_year, 1900 as last_year",
    )
    assert found == pytest.approx([100 * limit for limit in limits.values()], abs=1e-4)


@pytest.mark.parametrize(
    ("expected", "limits"),
    [
        (15, (0.5596924, 1.649348, 0.386265, 2.082907)),
        (20, (0.610826, 1.544419, 0.4479107, 1.902094)),
    ],
)
def test_the_curves_of_a_funnel_plot_are_the_published_ones(
    models: CompiledModels, expected: int, limits: tuple[float, ...]
) -> None:
    (found,) = models.connection.sql(
        "select lower_95, upper_95, lower_998, upper_998"
        f" from {DATABASE}.lookups.funnel_curve where n_expected = {expected}"
    ).fetchall()
    assert found == pytest.approx(limits, abs=1e-6)


def test_the_odds_ratio_is_that_of_mantel_and_haenszel(models: CompiledModels) -> None:
    # Two cohorts of children looked after (with, without) and of those without contact.
    strata = [((10, 30), (20, 140)), ((12, 20), (15, 80))]
    rows = ", ".join(
        f"('A', {rank}, '{1993 + place}/{1994 + place}', {with_it + without}, {with_it})"
        for place, pair in enumerate(strata)
        for rank, (with_it, without) in zip((4, 0), pair, strict=True)
    )
    names = "area, highest_intervention_rank, birth_cohort, n_observed, n_with_outcome"
    ((found, lower, upper),) = run_on(
        models,
        "int_area_odds_ratio",
        "odds_ratio_within, odds_ratio_within_lower_95, odds_ratio_within_upper_95",
        intermediate__int_area_count=(
            "select *, area as local_authority_code, 'convicted' as outcome"
            f" from (values {rows}) as counts ({names})"
        ),
        intermediate__int_area_stratum=query_of(models, "int_area_stratum"),
        lookups__cohort_group="select 'never' as cohort, 1900 as first_year, 1900 as last_year",
    )
    # What statsmodels 0.15.0 gives for the same tables (StratifiedTable).
    assert found == pytest.approx(2.715124816, abs=1e-8)
    assert (lower, upper) == pytest.approx((1.462774093, 5.039672773), abs=1e-6)
