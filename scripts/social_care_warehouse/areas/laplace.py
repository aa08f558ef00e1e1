"""A logit model of counts with an effect of each group, by the Laplace approximation.

logit(share) = terms of the cell + terms of the group + effect of the group,
effects ~ Normal(0, spread²).

The effects are integrated out by the Laplace approximation, as `glmer` of lme4 does with nAGQ = 1.
An inner Newton search finds the effects that fit best for given coefficients, all groups at once.
An outer search (BFGS) finds the coefficients and the spread.

Inside, an effect is spread times b with b ~ Normal(0, 1). So a spread of 0 needs no special case,
and the sign of the spread has no meaning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize
from scipy.special import expit, gammaln

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Numbers = NDArray[np.int64]

NORMAL_95 = 1.959963985
# Twice the drop of the log-likelihood that bounds a 95% interval: chi-squared, one degree.
DROP_95 = NORMAL_95**2
# A smaller spread counts as 0: an odds ratio between two groups of about 1.001.
NO_SPREAD = 1e-3
# On the scale of log-odds. A coefficient beyond it has run away: its share is 0 or 1.
FARTHEST = 15.0
# Where the search for the spread starts. The second is tried if the first leads to none.
STARTS = (0.3, 0.03)
MOST_STEPS = 200
# The best fit may be this far away, in standard errors.
NEAR_ENOUGH = 1e-3


class NotConvergedError(Exception):
    """The search did not find a best fit."""


@dataclass(frozen=True)
class Counts:
    """In each row: how many are observed, how many of them have the outcome, and which terms apply.

    Rows of the same kind have the same terms, one row of `kinds`. All rows of a group have the
    terms of one row of `groups`.
    """

    with_outcome: Vector
    observed: Vector
    kind: Numbers
    kinds: Matrix
    group: Numbers
    groups: Matrix

    @property
    def n_groups(self) -> int:
        """The groups have the numbers from 0 on, and each has a row."""
        return len(self.groups)

    def by_group(self, values: Vector) -> Vector:
        """The sum of the rows of each group."""
        return np.bincount(self.group, values, self.n_groups).astype(np.float64)

    def by_kind(self, values: Vector) -> Vector:
        """The sum of the rows of each kind."""
        return np.bincount(self.kind, values, len(self.kinds)).astype(np.float64)

    def times(self, beta: Vector) -> Vector:
        """The terms of each row times these coefficients."""
        of_kind, of_group = np.split(beta, [self.kinds.shape[1]])
        fixed: Vector = (self.kinds @ of_kind)[self.kind] + (self.groups @ of_group)[self.group]
        return fixed

    def summed(self, values: Vector) -> Vector:
        """Each term times these values, summed over the rows."""
        return np.concatenate(
            [self.kinds.T @ self.by_kind(values), self.groups.T @ self.by_group(values)]
        )

    def information(self, weights: Vector) -> Matrix:
        """Each term times each term times these weights, summed over the rows."""
        of_both = np.zeros((self.kinds.shape[0], self.n_groups))
        np.add.at(of_both, (self.kind, self.group), weights)
        mixed = self.kinds.T @ of_both @ self.groups
        of_kinds = self.kinds.T @ (of_both.sum(axis=1)[:, None] * self.kinds)
        of_groups = self.groups.T @ (of_both.sum(axis=0)[:, None] * self.groups)
        return np.block([[of_kinds, mixed], [mixed.T, of_groups]])


@dataclass(frozen=True)
class Fit:
    """The fitted model: the coefficients of kinds, then those of groups. Limits are of 95%."""

    coefficients: Vector
    standard_errors: Vector
    spread: float
    spread_limits: tuple[float, float]
    effects: Vector
    effect_errors: Vector
    log_likelihood: float


@dataclass(frozen=True)
class _Point:
    """The log-likelihood at one set of parameters, with its slope and the best effects."""

    value: float
    slope: Vector
    b: Vector
    curvature: Vector


def fit(counts: Counts) -> Fit:
    """Fit the model. Raises NotConvergedError where no best fit is found."""
    plain, covariance = _without_effects(counts)
    best = _best(counts, plain, covariance)
    n_terms = plain.size
    effects = errors = np.zeros(counts.n_groups)
    if abs(float(best[-1])) > NO_SPREAD:
        root = _root_of_covariance(counts, best, covariance)
        # One step of Newton's method: the search stops when it is near enough.
        best = best + root @ root.T @ _evaluate(counts, best).slope
        effects, errors = _effects(counts, best, root)
        covariance = root @ root.T
    point = _evaluate(counts, best)
    return Fit(
        coefficients=best[:-1],
        standard_errors=np.sqrt(np.diag(covariance)[:n_terms]),
        spread=abs(float(best[-1])),
        spread_limits=_spread_limits(counts, best, point.value, covariance[:n_terms, :n_terms]),
        effects=effects,
        effect_errors=errors,
        log_likelihood=point.value + _constant(counts),
    )


def _without_effects(counts: Counts) -> tuple[Vector, Matrix]:
    """The coefficients of the plain logit model, by Newton's method, and their covariance."""
    beta = np.zeros(counts.kinds.shape[1] + counts.groups.shape[1])
    for _ in range(MOST_STEPS):
        expected = counts.observed * expit(counts.times(beta))
        weights = expected * (1 - expected / counts.observed)
        covariance = _inverse(counts.information(weights))
        step = covariance @ counts.summed(counts.with_outcome - expected)
        beta = beta + np.clip(step, -2, 2)
        if np.abs(beta).max() > FARTHEST:
            break
        if np.abs(step).max() < 1e-8:
            return beta, covariance
    raise NotConvergedError


def _best(counts: Counts, plain: Vector, covariance: Matrix) -> Vector:
    """The coefficients and the spread of the best fit."""
    guess = _with_spread(covariance, 0.1 / np.sqrt(counts.n_groups))
    for start in STARTS:
        found = _search(lambda x: _evaluate(counts, x), np.append(plain, start), guess)
        if abs(float(found[-1])) > NO_SPREAD:
            return found
    return np.append(plain, 0.0)


def _with_spread(covariance: Matrix, error: float) -> Matrix:
    """The covariance of the coefficients with that of the spread, a first guess."""
    size = covariance.shape[0]
    whole = np.zeros((size + 1, size + 1))
    whole[:size, :size] = covariance
    whole[size, size] = error**2
    return whole


def _search(evaluate: Callable[[Vector], _Point], start: Vector, covariance: Matrix) -> Vector:
    """The parameters where the log-likelihood is highest.

    The search moves in standard errors, in directions that hardly depend on one another.
    """
    scale = _root(covariance)

    def downhill(moved: Vector) -> tuple[float, Vector]:
        point = evaluate(start + scale @ moved)
        return -point.value, -(scale.T @ point.slope)

    found = minimize(
        downhill, np.zeros(start.size), jac=True, method="BFGS", options={"gtol": NEAR_ENOUGH / 10}
    )
    parameters: Vector = start + scale @ found.x
    is_near = bool(np.abs(found.jac).max() < NEAR_ENOUGH)
    if not is_near or np.abs(parameters).max() > FARTHEST:
        raise NotConvergedError
    return parameters


def _evaluate(counts: Counts, parameters: Vector) -> _Point:
    """The log-likelihood, without its constant, and its exact slope."""
    fixed, spread = counts.times(parameters[:-1]), float(parameters[-1])
    b = _best_effects(counts, fixed, spread)
    logit = fixed + spread * b[counts.group]
    share = expit(logit)
    missed = counts.with_outcome - counts.observed * share
    weights = counts.observed * share * (1 - share)
    group_weights = counts.by_group(weights)
    curvature = 1 + spread**2 * group_weights
    value = (
        float(counts.with_outcome @ logit - counts.observed @ np.logaddexp(0, logit))
        - float(b @ b) / 2
        - float(np.log(curvature).sum()) / 2
    )
    # The best effects move with the parameters, and the curvature moves with both.
    bend = weights * (1 - 2 * share)
    group_bend = counts.by_group(bend)
    slope_beta = counts.summed(
        missed
        - (spread**2 / curvature)[counts.group] * bend / 2
        + (spread**4 * group_bend / curvature**2)[counts.group] * weights / 2
    )
    group_missed = counts.by_group(missed)
    b_by_spread = (group_missed - spread * group_weights * b) / curvature
    curvature_by_spread = 2 * spread * group_weights + spread**2 * group_bend * (
        b + spread * b_by_spread
    )
    slope_spread = float((group_missed * b).sum() - (curvature_by_spread / curvature).sum() / 2)
    return _Point(value, np.append(slope_beta, slope_spread), b, curvature)


def _best_effects(counts: Counts, fixed: Vector, spread: float) -> Vector:
    """For each group the b with the highest likelihood, by Newton's method.

    A step moves a log-odds by 1 at most, so that it cannot jump to and fro across the best one.
    """
    b = np.zeros(counts.n_groups)
    longest = 1 / max(abs(spread), 0.5)
    for _ in range(MOST_STEPS):
        share = expit(fixed + spread * b[counts.group])
        missed = counts.by_group(counts.with_outcome - counts.observed * share)
        weights = counts.by_group(counts.observed * share * (1 - share))
        step = (spread * missed - b) / (1 + spread**2 * weights)
        b = b + np.clip(step, -longest, longest)
        if np.abs(step).max() < 1e-10:
            return b
    raise NotConvergedError


def _root_of_covariance(counts: Counts, best: Vector, of_coefficients: Matrix) -> Matrix:
    """A root of the inverse of the curvature, which comes from differences of the slope."""
    scale = _root(_with_spread(of_coefficients, 0.1 / np.sqrt(counts.n_groups)))
    width = 0.01
    curvature = np.empty_like(scale)
    for number, move in enumerate(width * scale.T):
        below, above = _evaluate(counts, best - move), _evaluate(counts, best + move)
        curvature[number] = scale.T @ (below.slope - above.slope) / (2 * width)
    root: Matrix = scale @ _root(_inverse((curvature + curvature.T) / 2))
    return root


def _effects(counts: Counts, best: Vector, root: Matrix) -> tuple[Vector, Vector]:
    """The effects with their standard errors, which hold what the terms leave uncertain too.

    lme4 gives the errors for terms that are known for sure, which are a little smaller.
    """

    def effects(parameters: Vector) -> Vector:
        of_groups: Vector = parameters[-1] * _evaluate(counts, parameters).b
        return of_groups

    width = 0.01
    moves = [(effects(best + m) - effects(best - m)) / (2 * width) for m in width * root.T]
    given_terms = best[-1] ** 2 / _evaluate(counts, best).curvature
    return effects(best), np.sqrt(given_terms + np.square(moves).sum(axis=0))


def _spread_limits(
    counts: Counts, best: Vector, highest: float, covariance: Matrix
) -> tuple[float, float]:
    """The spreads at which the log-likelihood is lower by what bounds a 95% interval."""

    def drop(spread: float) -> float:
        def held(beta: Vector) -> _Point:
            point = _evaluate(counts, np.append(beta, spread))
            return _Point(point.value, point.slope[:-1], point.b, point.curvature)

        beta = _search(held, best[:-1], covariance)
        return 2 * (highest - held(beta).value) - DROP_95

    spread = abs(float(best[-1]))
    lower = 0.0
    if spread > 0 and drop(0.0) > 0:
        lower = float(brentq(drop, 0.0, spread, xtol=1e-5))
    upper = max(1.2 * spread, 0.05)
    while drop(upper) < 0:
        upper *= 1.5
        if upper > FARTHEST:
            raise NotConvergedError
    return lower, float(brentq(drop, spread, upper, xtol=1e-5))


def _constant(counts: Counts) -> float:
    """The part of the log-likelihood that depends on the counts alone."""
    y, n = counts.with_outcome, counts.observed
    return float((gammaln(n + 1) - gammaln(y + 1) - gammaln(n - y + 1)).sum())


def _inverse(matrix: Matrix) -> Matrix:
    if not np.isfinite(matrix).all() or np.linalg.cond(matrix) > 1e12:
        raise NotConvergedError
    return np.linalg.inv(matrix).astype(np.float64)


def _root(covariance: Matrix) -> Matrix:
    try:
        return np.linalg.cholesky(covariance).astype(np.float64)
    except np.linalg.LinAlgError:
        raise NotConvergedError from None
