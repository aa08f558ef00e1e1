"""The rows of the tables models.area_term and models.area_effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from social_care_warehouse.areas.design import Design
from social_care_warehouse.areas.laplace import NORMAL_95, Fit

# Larsen and Merlo 2005: the median of the odds ratio between two authorities drawn at random is
# exp(0.954 sigma), where 0.954 is the square root of 2 times the upper quartile of the normal.
MEDIAN_FACTOR = 2**0.5 * 0.6744897501960817


@dataclass(frozen=True)
class Result:
    """One fitted model: its children and its results."""

    outcome: str
    level: str
    cohort: str
    has_covariates: bool
    design: Design
    fit: Fit

    @property
    def n_observed(self) -> int:
        """Children in the model."""
        return int(self.design.counts.observed.sum())

    @property
    def n_with_outcome(self) -> int:
        """Children in the model with the outcome."""
        return int(self.design.counts.with_outcome.sum())

    @property
    def n_authorities(self) -> int:
        """Local authorities in the model."""
        return len(self.design.authorities)


def median_odds_ratio(spread: float) -> float:
    """The median factor by which the odds of two authorities drawn at random differ."""
    return exp(MEDIAN_FACTOR * spread)


def variance_explained_percent(without: Result, with_covariates: Result) -> float | None:
    """How much of the variance between authorities the covariates explain; None without variance.

    The order of the two is that of their names.
    """
    if without.fit.spread == 0:
        return None
    return 100 * (1 - (with_covariates.fit.spread / without.fit.spread) ** 2)


def term_rows(results: Sequence[Result]) -> list[tuple[object, ...]]:
    """A row for each term of each model, in the order of the columns of models.area_term."""
    without = {
        (result.outcome, result.level): result for result in results if not result.has_covariates
    }
    rows: list[tuple[object, ...]] = []
    for result in results:
        explained = (
            variance_explained_percent(without[result.outcome, result.level], result)
            if result.has_covariates
            else None
        )
        about = (result.outcome, result.level, result.cohort, result.has_covariates)
        size = (
            result.n_authorities,
            result.n_observed,
            result.n_with_outcome,
            result.fit.log_likelihood,
        )
        terms = [*_coefficients(result), *_spread(result.fit, explained)]
        rows += [(*about, *term, *size) for term in terms]
    return rows


def effect_rows(results: Sequence[Result]) -> list[tuple[object, ...]]:
    """A row for each authority of each model, in the order of models.area_effect."""
    return [
        (
            code,
            result.outcome,
            result.level,
            result.cohort,
            result.has_covariates,
            *_with_limits(float(effect), float(error) if result.fit.spread > 0 else None),
            int(observed),
            int(with_outcome),
        )
        for result in results
        for code, effect, error, observed, with_outcome in zip(
            result.design.authorities,
            result.fit.effects,
            result.fit.effect_errors,
            result.design.counts.by_group(result.design.counts.observed),
            result.design.counts.by_group(result.design.counts.with_outcome),
            strict=True,
        )
    ]


def _coefficients(result: Result) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for term, estimate, error in zip(
        result.design.terms, result.fit.coefficients, result.fit.standard_errors, strict=True
    ):
        values = _with_limits(float(estimate), float(error))
        if term.group == "intercept":
            values = (*values[:4], None, None, None)
        rows.append((term.group, term.name, *values))
    return rows


def _spread(fit: Fit, explained: float | None) -> list[tuple[object, ...]]:
    sizes = (fit.spread, *fit.spread_limits)
    odds = [median_odds_ratio(size) for size in sizes]
    no_ratio = (None, None, None)
    rows: list[tuple[object, ...]] = [
        ("spread", "sigma", sizes[0], None, *sizes[1:], *no_ratio),
        ("spread", "median_odds_ratio", odds[0], None, *odds[1:], *no_ratio),
    ]
    if explained is not None:
        rows.append(
            ("spread", "variance_explained_percent", explained, None, None, None, *no_ratio)
        )
    return rows


def _with_limits(estimate: float, error: float | None) -> tuple[float | None, ...]:
    """Estimate, standard error and limits, then the odds ratio and its limits."""
    if error is None:
        return estimate, None, None, None, exp(estimate), None, None
    limits = (estimate - NORMAL_95 * error, estimate + NORMAL_95 * error)
    ratios = np.exp([estimate, *limits])
    return estimate, error, *limits, *map(float, ratios)
