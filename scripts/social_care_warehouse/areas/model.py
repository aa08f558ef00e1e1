"""Fits the model of local authorities to a warehouse, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from social_care_warehouse.areas.design import cells_for_the_model, design
from social_care_warehouse.areas.laplace import NotConvergedError, fit
from social_care_warehouse.areas.results import Result, effect_rows, term_rows
from social_care_warehouse.areas.warehouse import Authority, Cell, Warehouse, open_warehouse
from social_care_warehouse.console import UserError, WorkError

DEFAULT_OUTCOME = "cautioned_or_convicted_10_17"
DEFAULT_POVERTY = "ever_free_meals_percent"
ALL_LEVELS = "any social care"
# With fewer, how much authorities differ cannot be estimated.
LEAST_AUTHORITIES = 10
# Children with the outcome, and without it.
LEAST_CHILDREN = 10


@dataclass(frozen=True)
class Question:
    """What to model. No levels and no cohorts mean all of them."""

    outcomes: tuple[str, ...] = (DEFAULT_OUTCOME,)
    levels: tuple[str, ...] = ()
    cohorts: tuple[str, ...] = ()
    poverty: str = DEFAULT_POVERTY


@dataclass(frozen=True)
class Answer:
    """The models, and what could not be modelled or adjusted for, in sentences."""

    results: tuple[Result, ...]
    notes: tuple[str, ...]


def model_authorities(
    database: Path, question: Question, report: Callable[[str], None] = lambda sentence: None
) -> Answer:
    """Fit the models and write their results into the warehouse.

    Raises UserError for a question that the warehouse cannot answer, and WorkError where a model
    does not converge. Nothing is written then.
    """
    with open_warehouse(database) as warehouse:
        question = _checked(warehouse, question)
        answer = _answer(warehouse, question, report)
        report("Writing the results")
        warehouse.write(term_rows(answer.results), effect_rows(answer.results))
    return answer


def _checked(warehouse: Warehouse, question: Question) -> Question:
    """The question with its cohorts in order. Raises UserError for a name that is unknown."""
    outcomes = warehouse.outcomes()
    if not outcomes:
        raise UserError(
            "No person in this warehouse has a local authority, so authorities cannot be compared."
            " Load a school census, or a population file with a local authority."
        )
    _refuse_unknown("outcome", question.outcomes, outcomes)
    levels = _levels_with_social_care(warehouse).values()
    if not levels:
        raise UserError(
            "No child in this warehouse has social care, so there is nothing to model. Load"
            " extracts of children looked after or children in need."
        )
    _refuse_unknown("level", question.levels, levels)
    cohorts = warehouse.cohorts()
    _refuse_unknown("birth cohort", question.cohorts, cohorts)
    measures = warehouse.measures()
    if question.poverty != DEFAULT_POVERTY:
        _refuse_unknown("measure", [question.poverty], measures)
    return replace(
        question,
        outcomes=tuple(dict.fromkeys(question.outcomes)),
        cohorts=tuple(cohort for cohort in cohorts if cohort in question.cohorts),
    )


def _refuse_unknown(what: str, wanted: Sequence[str], known: Iterable[str]) -> None:
    names = list(known)
    for name in wanted:
        if name not in names:
            raise UserError(f"Unknown {what} '{name}'. Choose from: {', '.join(names)}.")


def _levels_with_social_care(warehouse: Warehouse) -> dict[int, str]:
    return {rank: name for rank, name in warehouse.levels().items() if rank > 0}


def _answer(warehouse: Warehouse, question: Question, report: Callable[[str], None]) -> Answer:
    results: list[Result] = []
    notes: list[str] = []
    level_names = _levels_with_social_care(warehouse)
    for outcome in question.outcomes:
        cells = warehouse.cells(outcome, question.cohorts)
        known = warehouse.authorities(outcome, question.cohorts, question.poverty)
        has_poverty = any(authority.poverty is not None for authority in known)
        poverty = question.poverty if has_poverty else None
        authorities = {
            authority.code: authority
            for authority in known
            if authority.poverty is not None or not has_poverty
        }
        notes += _notes_on_authorities(outcome, cells, authorities, question, has_poverty)
        reasons: list[str] = []
        for level, ranks in _populations(level_names, question.levels).items():
            chosen = cells_for_the_model(
                [cell for cell in cells if cell.level_rank in ranks], authorities
            )
            if why := _why_too_few(chosen):
                notes.append(f"{outcome}, {level}: no model, because {why}.")
                reasons.append(why)
                continue
            report(f"Modelling {outcome}, {level}")
            about = (outcome, level, _named(question))
            try:
                results += _models(chosen, authorities, level_names, poverty, about)
            except NotConvergedError:
                if level == ALL_LEVELS or question.levels:
                    raise _not_converged(outcome, level) from None
                notes.append(f"{outcome}, {level}: no model, because it does not converge.")
                reasons.append("the model does not converge")
        if not any(result.outcome == outcome for result in results):
            raise UserError(
                f"Authorities cannot be compared by {outcome}, because {reasons[0]}. Use an extract"
                " with more children, all cohorts, or another outcome."
            )
    return Answer(tuple(results), tuple(notes))


def _populations(
    level_names: Mapping[int, str], chosen: Sequence[str]
) -> dict[str, frozenset[int]]:
    """The ranks of the levels in each model: all together, then one after the other."""
    wanted = chosen or tuple(level_names.values())
    ranks = {name: rank for rank, name in level_names.items() if name in wanted}
    single = {name: frozenset({rank}) for name, rank in ranks.items()}
    if len(ranks) < 2:
        return single
    return {ALL_LEVELS: frozenset(ranks.values())} | single


def _models(
    cells: Sequence[Cell],
    authorities: Mapping[str, Authority],
    level_names: Mapping[int, str],
    poverty: str | None,
    about: tuple[str, str, str],
) -> list[Result]:
    """The model without covariates and the one with them, of the same children."""
    results = []
    for has_covariates in (False, True):
        numbers = design(cells, authorities, level_names, poverty, has_covariates=has_covariates)
        results.append(Result(*about, has_covariates, numbers, fit(numbers.counts)))
    return results


def _not_converged(outcome: str, level: str) -> WorkError:
    return WorkError(
        f"The model of {outcome}, {level}, does not converge: it adjusts for too much with so"
        " few children. Nothing was written. Choose other levels with --level, or another outcome"
        " with --outcome."
    )


def _notes_on_authorities(
    outcome: str,
    cells: Sequence[Cell],
    authorities: Mapping[str, Authority],
    question: Question,
    has_poverty: bool,
) -> list[str]:
    notes = []
    left_out = {cell.authority for cell in cells} - set(authorities)
    if left_out:
        notes.append(
            f"{outcome}: {len(left_out)} authorities are left out, because no child without social"
            " care is observed there or its poverty is not known."
        )
    if not has_poverty:
        notes.append(
            f"{outcome}: not adjusted for poverty, because the warehouse has no"
            f" {question.poverty} by authority."
        )
    return notes


def _why_too_few(cells: Sequence[Cell]) -> str:
    """Why there is too little to model; empty if there is enough."""
    if len({cell.authority for cell in cells}) < LEAST_AUTHORITIES:
        return f"fewer than {LEAST_AUTHORITIES} local authorities have children to compare"
    with_outcome = sum(cell.n_with_outcome for cell in cells)
    without = sum(cell.n_observed for cell in cells) - with_outcome
    if min(with_outcome, without) < LEAST_CHILDREN:
        return f"fewer than {LEAST_CHILDREN} children have the outcome, or do not have it"
    return ""


def _named(question: Question) -> str:
    return ", ".join(question.cohorts) or "all"
