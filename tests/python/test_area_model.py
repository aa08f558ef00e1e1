"""The multilevel model in numbers: against lme4, and against the truth of drawn data."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from commands import PROJECT_DIR

from social_care_warehouse.areas.laplace import Counts, NotConvergedError, _evaluate, fit

CASE = PROJECT_DIR / "tests" / "python" / "data" / "mixed_model_case.csv"


def counts_of(path: Path) -> Counts:
    """The counts of a file with the columns la, group, pov, n and y."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    codes, kinds = ({row[name]: None for row in rows} for name in ("la", "group"))
    poverty = {row["la"]: float(row["pov"]) for row in rows}
    return Counts(
        with_outcome=np.array([float(row["y"]) for row in rows]),
        observed=np.array([float(row["n"]) for row in rows]),
        kind=np.array([list(kinds).index(row["group"]) for row in rows]),
        kinds=np.column_stack([np.ones(len(kinds)), np.eye(len(kinds))[:, 1:]]),
        group=np.array([list(codes).index(row["la"]) for row in rows]),
        groups=np.array([[poverty[code]] for code in codes]),
    )


def drawn(
    seed: int, n_groups: int = 60, spread: float = 0.3, size: float = 60.0
) -> tuple[Counts, np.ndarray]:
    """Counts of four kinds in each group, and the effects they were drawn with."""
    random = np.random.default_rng(seed)
    effects = random.normal(0, spread, n_groups)
    covariate = random.normal(0, 1, n_groups)
    kind = np.tile(np.arange(4), n_groups)
    group = np.repeat(np.arange(n_groups), 4)
    logit = -2 + 0.4 * kind + 0.2 * covariate[group] + effects[group]
    observed = 1 + random.poisson(size * random.gamma(2, 0.5, n_groups)[group])
    with_outcome = random.binomial(observed, 1 / (1 + np.exp(-logit)))
    kinds = np.column_stack([np.ones(4), np.eye(4)[:, 1:]])
    counts = Counts(
        with_outcome.astype(float), observed.astype(float), kind, kinds, group, covariate[:, None]
    )
    return counts, effects


def test_the_fit_is_that_of_lme4() -> None:
    """glmer of lme4 1.1-31 in R 4.2.2, nAGQ = 1, made these numbers from the same file."""
    fitted = fit(counts_of(CASE))
    coefficients = [-3.428549, 0.906873, 1.189625, 1.508382, 2.007693, 0.224575]
    errors = [0.020682, 0.010300, 0.011437, 0.017011, 0.011879, 0.017738]
    effects = [0.074625, 0.401550, 0.309350, 0.486911, 0.064182]
    assert fitted.coefficients == pytest.approx(coefficients, abs=5e-5)
    assert fitted.standard_errors == pytest.approx(errors, abs=5e-5)
    assert fitted.spread == pytest.approx(0.247147, abs=5e-5)
    assert fitted.log_likelihood == pytest.approx(-2876.165582, abs=5e-5)
    assert fitted.effects[:5] == pytest.approx(effects, abs=5e-5)


def test_nine_points_instead_of_laplace_hardly_change_it() -> None:
    """glmer with nAGQ = 9: the approximation costs nothing at this size."""
    fitted = fit(counts_of(CASE))
    assert fitted.coefficients[[0, 5]] == pytest.approx([-3.428551, 0.224575], abs=5e-5)
    assert fitted.spread == pytest.approx(0.247155, abs=5e-5)


LME4_IS_MISSING = 77
GLMER = """
if (!requireNamespace("lme4", quietly = TRUE)) quit(status = 77)
library(lme4)
d <- read.csv("drawn.csv")
m <- glmer(cbind(y, n - y) ~ factor(kind) + x + (1 | group), data = d, family = binomial,
           control = glmerControl(optimizer = "bobyqa"))
u <- ranef(m, condVar = TRUE)$group
cat(fixef(m), sqrt(diag(vcov(m))), sqrt(unlist(VarCorr(m))), as.numeric(logLik(m)),
    u[["(Intercept)"]], sqrt(attr(u, "postVar")), sep = "\\n")
"""


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed (no Rscript on PATH)")
def test_r_comes_to_the_same_fit(tmp_path: Path) -> None:
    """On small counts, where the approximation matters most."""
    counts, _ = drawn(2, size=8.0)
    table = np.column_stack(
        [counts.with_outcome, counts.observed, counts.kind, counts.group,
         counts.groups[counts.group, 0]]
    )  # fmt: skip
    np.savetxt(tmp_path / "drawn.csv", table, "%.17g", ",", header="y,n,kind,group,x", comments="")
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", GLMER],
        cwd=tmp_path, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode == LME4_IS_MISSING:
        pytest.skip("the R package lme4 is not installed")
    assert done.returncode == 0, done.stderr
    theirs = np.array([float(line) for line in done.stdout.split()])
    ours = fit(counts)
    numbers = np.concatenate(
        [ours.coefficients, ours.standard_errors, [ours.spread, ours.log_likelihood], ours.effects]
    )
    given_terms = theirs[numbers.size :]
    assert theirs[: numbers.size] == pytest.approx(numbers, abs=1e-3)
    # Ours hold what is uncertain in the terms as well.
    assert (ours.effect_errors > given_terms).all()
    assert ours.effect_errors == pytest.approx(given_terms, rel=0.25)


def test_the_slope_is_that_of_the_log_likelihood() -> None:
    counts, _ = drawn(3)
    at = np.array([-2.2, 0.5, 0.7, 1.1, 0.1, 0.25])
    width = 1e-5
    steps = [
        (_evaluate(counts, at + move).value - _evaluate(counts, at - move).value) / (2 * width)
        for move in width * np.eye(at.size)
    ]
    assert _evaluate(counts, at).slope == pytest.approx(steps, rel=1e-5)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """95% of the intervals of effects; those of the spread too, seen over 20 draws."""
    inside, spreads = [], []
    for seed in range(20):
        counts, effects = drawn(seed)
        fitted = fit(counts)
        inside += list(np.abs(fitted.effects - effects) < 1.96 * fitted.effect_errors)
        spreads.append(fitted.spread_limits[0] < 0.3 < fitted.spread_limits[1])
    assert 0.93 < np.mean(inside) < 0.97
    assert sum(spreads) >= 17


def test_no_differences_are_not_made_up() -> None:
    """Where authorities do not differ, the limits of the spread nearly always start at 0."""
    fits = [fit(drawn(seed, spread=0.0)[0]) for seed in range(20)]
    assert sum(fitted.spread_limits[0] == 0 for fitted in fits) >= 19
    without = [fitted for fitted in fits if fitted.spread == 0]
    assert without
    assert all((fitted.effects == 0).all() for fitted in without)


def test_few_children_with_large_differences_converge() -> None:
    """A spread of 2 moves some authorities to shares near 0 or 1."""
    fitted = fit(drawn(6, n_groups=40, spread=2.0, size=4.0)[0])
    assert fitted.spread_limits[0] < 2 < fitted.spread_limits[1]


def test_a_category_without_the_outcome_does_not_converge() -> None:
    counts, _ = drawn(1)
    counts.with_outcome[counts.kind == 2] = 0
    with pytest.raises(NotConvergedError):
        fit(counts)


def test_two_covariates_that_say_the_same_do_not_converge() -> None:
    counts, _ = drawn(1)
    twice = Counts(
        counts.with_outcome, counts.observed, counts.kind, counts.kinds, counts.group,
        np.column_stack([counts.groups, 2 * counts.groups]),
    )  # fmt: skip
    with pytest.raises(NotConvergedError):
        fit(twice)


def test_the_order_of_the_rows_does_not_matter() -> None:
    counts, _ = drawn(4)
    order = np.random.default_rng(1).permutation(counts.group.size)
    turned = Counts(
        counts.with_outcome[order], counts.observed[order], counts.kind[order], counts.kinds,
        counts.group[order], counts.groups,
    )  # fmt: skip
    assert fit(turned).effects == pytest.approx(fit(counts).effects, abs=1e-6)
