"""Turns cells and authorities into the numbers of the model, with a name for each term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from social_care_warehouse.areas.laplace import Counts, Matrix, Vector
from social_care_warehouse.areas.warehouse import Authority, Cell

LOG_ODDS_TERM = "log_odds_without_social_care"

# What a cell is described by, and the group of terms that it becomes.
FACTORS: dict[str, Callable[[Cell], str | int]] = {
    "highest_intervention": lambda cell: cell.level_rank,
    "birth_cohort": lambda cell: cell.cohort,
    "gender_code": lambda cell: cell.sex,
}


@dataclass(frozen=True)
class Term:
    """A coefficient of the model."""

    group: str
    name: str


@dataclass(frozen=True)
class Design:
    """The numbers of one model, and what they describe."""

    counts: Counts
    terms: tuple[Term, ...]
    authorities: tuple[str, ...]


def cells_for_the_model(cells: Sequence[Cell], authorities: Mapping[str, Authority]) -> list[Cell]:
    """The cells of these authorities, without categories that have no finite log-odds.

    Where none or all of a cohort, level or sex have the outcome, its cells say nothing about
    authorities.
    """
    kept = [cell for cell in cells if cell.authority in authorities]
    while True:
        without = _without_one_answer(kept)
        if len(without) == len(kept):
            return kept
        kept = without


def _without_one_answer(cells: Sequence[Cell]) -> list[Cell]:
    kept = list(cells)
    for factor in FACTORS.values():
        observed: dict[str | int, int] = defaultdict(int)
        with_outcome: dict[str | int, int] = defaultdict(int)
        for cell in kept:
            observed[factor(cell)] += cell.n_observed
            with_outcome[factor(cell)] += cell.n_with_outcome
        kept = [c for c in kept if 0 < with_outcome[factor(c)] < observed[factor(c)]]
    return kept


def design(
    cells: Sequence[Cell],
    authorities: Mapping[str, Authority],
    level_names: Mapping[int, str],
    poverty: str | None,
    *,
    has_covariates: bool,
) -> Design:
    """The model of these cells. Without a name for poverty, it is not in the model."""
    codes = sorted({cell.authority for cell in cells})
    kinds = sorted({_kind(cell) for cell in cells})
    code_number = {code: number for number, code in enumerate(codes)}
    kind_number = {kind: number for number, kind in enumerate(kinds)}
    kind_terms, kind_matrix = _factors(kinds, level_names)
    group_terms, group_matrix = (
        _covariates([authorities[code] for code in codes], poverty)
        if has_covariates
        else ([], np.zeros((len(codes), 0)))
    )
    return Design(
        counts=Counts(
            with_outcome=np.array([float(cell.n_with_outcome) for cell in cells]),
            observed=np.array([float(cell.n_observed) for cell in cells]),
            kind=np.array([kind_number[_kind(cell)] for cell in cells]),
            kinds=kind_matrix,
            group=np.array([code_number[cell.authority] for cell in cells]),
            groups=group_matrix,
        ),
        terms=(*kind_terms, *group_terms),
        authorities=tuple(codes),
    )


def _kind(cell: Cell) -> tuple[str | int, ...]:
    return tuple(factor(cell) for factor in FACTORS.values())


def _factors(
    kinds: Sequence[tuple[str | int, ...]], level_names: Mapping[int, str]
) -> tuple[list[Term], Matrix]:
    """A column of ones, and one for each category but the first of each factor."""
    terms = [Term("intercept", "intercept")]
    columns = [np.ones(len(kinds))]
    for number, group in enumerate(FACTORS):
        categories = sorted({kind[number] for kind in kinds}, key=lambda name: (str(name), name))
        for category in categories[1:]:
            name = level_names[category] if isinstance(category, int) else category
            terms.append(Term(group, name))
            columns.append(np.array([float(kind[number] == category) for kind in kinds]))
    return terms, np.column_stack(columns)


def _covariates(authorities: Sequence[Authority], poverty: str | None) -> tuple[list[Term], Matrix]:
    """A column for each covariate that differs between the authorities."""
    log_odds = np.array([authority.log_odds for authority in authorities])
    columns = {LOG_ODDS_TERM: log_odds - log_odds.mean()}
    if poverty is not None:
        known = [one.poverty for one in authorities if one.poverty is not None]
        columns[poverty] = _standardised(np.array(known))
    different = {name: column for name, column in columns.items() if np.ptp(column) > 0}
    terms = [Term("covariate", name) for name in different]
    if not terms:
        return terms, np.zeros((len(authorities), 0))
    return terms, np.column_stack(list(different.values()))


def _standardised(values: Vector) -> Vector:
    deviation = float(values.std(ddof=1))
    centred: Vector = values - values.mean()
    return centred / deviation if deviation > 0 else centred
