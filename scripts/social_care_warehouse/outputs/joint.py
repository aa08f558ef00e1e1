"""Two tables of the same persons as one model, so that a reader of both is reckoned with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product

import duckdb

from social_care_warehouse.outputs.audit import Goal, Model
from social_care_warehouse.outputs.plan import PERSON, Plan, quoted, run
from social_care_warehouse.outputs.protect import Count, TableModel, shown_bounds
from social_care_warehouse.outputs.query import Group, label_sql
from social_care_warehouse.outputs.rules import Rules
from social_care_warehouse.outputs.table import ALL, HIDDEN, OTHER, Cell

# More combinations than this are not filled up with those that nobody is in.
MOST_LEAVES = 20_000
Trait = tuple[str, str | bool]
Key = tuple[str | bool, ...] | None  # labels, then answers; None: not in the table


@dataclass(frozen=True)
class Shown:
    """A table as its readers have it. `categories` are those of each dimension, without totals."""

    plan: Plan
    categories: Mapping[str, list[str]]
    cells: Mapping[Count, Cell]
    is_exact: bool
    rules: Rules

    @property
    def n_dimensions(self) -> int:
        """How many of the values of a key are labels."""
        return len(self.plan.specification.dimensions)

    def counts_of(self, key: Key) -> list[Count]:
        """The counts in which a person with this key is."""
        if key is None:
            return []
        labels, answers = key[: self.n_dimensions], key[self.n_dimensions :]
        groups = list(product(*((str(label), ALL) for label in labels)))
        names = [
            series.name
            for series in self.plan.series
            if series.sql == "persons" or answers[int(series.sql[1:])]
        ]
        return [(name, group) for name in names for group in groups if (name, group) in self.cells]


def joint_counts(
    connection: duckdb.DuckDBPyConnection, first: Shown, second: Shown
) -> dict[tuple[Key, Key], int]:
    """How many persons have each combination of the keys of two tables."""
    parts = []
    for number, shown in enumerate((first, second)):
        plan = shown.plan
        columns = [
            f"{_label(shown, dimension)} as t{number}_d{position}"
            for position, dimension in enumerate(plan.specification.dimensions)
        ] + [
            f"coalesce({sql}, false) as t{number}_c{position}"
            for position, sql in enumerate(plan.conditions)
        ]
        where = f"where ({plan.specification.filter}\n)" if plan.specification.filter else ""
        parts.append(
            f"t{number} as (select {quoted(PERSON)} as person, {', '.join(columns)}"
            f" from {plan.source} {where})"
        )
    sql = (
        f"with {', '.join(parts)} select t0.person is not null, t1.person is not null,"
        " columns('^t[01]_'), count(*) from t0 full outer join t1 on t0.person = t1.person"
        " group by all"
    )
    rows = run(connection, sql, first.plan.specification)
    width = first.n_dimensions + len(first.plan.conditions)
    found: dict[tuple[Key, Key], int] = {}
    for in_first, in_second, *values, n in rows:
        key = tuple(values[:width]) if in_first else None
        other = tuple(values[width:]) if in_second else None
        found[key, other] = int(n)  # type: ignore[call-overload, index]
    return found


def joint_model(first: Shown, second: Shown, counted: dict[tuple[Key, Key], int]) -> TableModel:
    """The model of a reader of both tables. Only counts of the second can still be hidden."""
    model = Model()
    truth: dict[int, int] = defaultdict(int)
    variables: list[dict[Count, int]] = []
    for shown in (first, second):
        variables.append(
            {
                count: model.add(*shown_bounds(cell, shown.rules, exact=shown.is_exact))
                for count, cell in shown.cells.items()
                if cell is not None
            }
        )
    leaves: dict[int, list[int]] = defaultdict(list)
    members: dict[tuple[Key, Key], list[int]] = {}
    for keys in _filled_up(first, second, counted):
        members[keys] = [
            variables[number][count]
            for number, shown in enumerate((first, second))
            for count in shown.counts_of(keys[number])
            if count in variables[number]
        ]
        if members[keys]:
            leaf = model.add()
            for variable in members[keys]:
                leaves[variable].append(leaf)
                truth[variable] += counted.get(keys, 0)
    for variable in [one for listed in variables for one in listed.values()]:
        if leaves[variable]:
            model.add_sum(variable, leaves[variable])
    for number, shown in enumerate((first, second)):
        _add_goals(shown, variables[number], truth, leaves, model)
    _add_differences(first, second, variables, truth, leaves, model)
    return TableModel(model, variables[1])


def _add_goals(
    shown: Shown,
    variables: dict[Count, int],
    truth: Mapping[int, int],
    leaves: Mapping[int, list[int]],
    model: Model,
) -> None:
    for count, variable in variables.items():
        is_small = truth[variable] < shown.rules.threshold
        if shown.cells[count] == HIDDEN and is_small and leaves[variable]:
            model.goals[variable] = Goal(truth[variable], shown.rules.threshold, reach=True)
    for series in shown.plan.series:
        if not series.is_yes or series.may_be_all:
            continue
        for (name, group), part in list(variables.items()):
            whole = variables.get((str(series.part_of), group))
            if name != series.name or whole is None or not leaves[whole]:
                continue
            true_rest = truth[whole] - truth[part]
            if true_rest < shown.rules.threshold:
                rest = model.add()
                model.add_sum(whole, [part, rest])
                model.goals[rest] = Goal(true_rest, shown.rules.threshold, reach=True)


def _add_differences(  # noqa: PLR0913, PLR0917
    first: Shown,
    second: Shown,
    variables: list[dict[Count, int]],
    truth: Mapping[int, int],
    leaves: Mapping[int, list[int]],
    model: Model,
) -> None:
    """Where one count holds another, a reader can subtract: a small difference needs doubt too."""
    for inner, outer in ((0, 1), (1, 0)):
        whole_sets = {
            variable: frozenset(leaves[variable])
            for count, variable in variables[outer].items()
            if (first, second)[outer].cells[count] != HIDDEN
        }
        for count, part in variables[inner].items():
            if (first, second)[inner].cells[count] == HIDDEN or not leaves[part]:
                continue
            for whole, held in whole_sets.items():
                difference = truth[whole] - truth[part]
                if 0 < difference < second.rules.threshold and held.issuperset(leaves[part]):
                    rest = model.add()
                    model.add_sum(whole, [part, rest])
                    model.goals[rest] = Goal(difference, second.rules.threshold, reach=False)


def _label(shown: Shown, dimension: str) -> str:
    label = label_sql(dimension, shown.plan.types)
    categories = shown.categories[dimension]
    if OTHER not in categories:
        return label
    listed = ", ".join("'" + one.replace("'", "''") + "'" for one in categories if one != OTHER)
    return f"case when {label} in ({listed or 'null'}) then {label} else '{OTHER}' end"


def _filled_up(
    first: Shown, second: Shown, counted: Mapping[tuple[Key, Key], int]
) -> Iterable[tuple[Key, Key]]:
    """The combinations that a reader must think possible: those with persons, and others.

    Two parts of a combination that never meet, although both have persons, may exclude each other
    for a reason that a reader knows as well. So they do here, except two categories of which
    neither follows from the other.
    """
    of_first = _grid(first, [keys[0] for keys in counted])
    of_second = _grid(second, [keys[1] for keys in counted])
    if len(of_first) * len(of_second) > MOST_LEAVES:
        return counted
    met = {
        pair
        for keys in counted
        for pair in product(_traits(first, keys[0]), _traits(second, keys[1]))
    }
    seen = [{pair[number] for pair in met} for number in (0, 1)]
    independent = _independent(first, second, met)

    def is_possible(one: Trait, other: Trait) -> bool:
        return (
            (one, other) in met
            or one not in seen[0]
            or other not in seen[1]
            or (one[0], other[0]) in independent
        )

    found = dict.fromkeys(counted)
    n_labels = (first.n_dimensions + 1, second.n_dimensions + 1)
    # A category that has nobody in the other table must still look as if it could have somebody.
    for is_strict in (True, False):
        with_leaf = [{keys[number] for keys in found} for number in (0, 1)]
        for keys in product(of_first, of_second):
            if keys in found or keys == (None, None) or not _agree(first, second, keys):
                continue
            if not is_strict and all(keys[n] in with_leaf[n] for n in (0, 1)):
                continue
            traits = [_traits(first, keys[0]), _traits(second, keys[1])]
            if not is_strict:
                traits = [one[1:limit] for one, limit in zip(traits, n_labels, strict=True)]
            if all(is_possible(*pair) for pair in product(*traits)):
                found[keys] = None
    return list(found)


def _independent(
    first: Shown, second: Shown, met: set[tuple[Trait, Trait]]
) -> set[tuple[str, str]]:
    """Pairs of dimensions where a category of one has several of the other, both ways."""
    found = set()
    for one, other in product(
        first.plan.specification.dimensions, second.plan.specification.dimensions
    ):
        pairs = [(a[1], b[1]) for a, b in met if a[0] == one and b[0] == other]
        if any(len(pairs) == len({pair[side] for pair in pairs}) for side in (0, 1)):
            continue
        found.add((one, other))
    return found


def _grid(shown: Shown, keys: list[Key]) -> list[Key]:
    """All keys that a person could have in the table, those with nobody included."""
    width = shown.n_dimensions
    answers = {key[width:] for key in keys if key is not None}
    labels = product(*(shown.categories[one] for one in shown.plan.specification.dimensions))
    grid: list[Key] = [(*label, *answer) for label in labels for answer in answers]
    return [*grid, *({None} & set(keys))]


def _traits(shown: Shown, key: Key) -> list[Trait]:
    if key is None:
        return [("is in the table", False)]
    names = [*shown.plan.specification.dimensions, *shown.plan.conditions]
    return [("is in the table", True), *zip(names, key, strict=True)]


def _agree(first: Shown, second: Shown, keys: tuple[Key, Key]) -> bool:
    """Whether a dimension that both tables have is the same in both."""
    if keys[0] is None or keys[1] is None or first.plan.source != second.plan.source:
        return True
    mine = dict(zip(first.plan.specification.dimensions, keys[0], strict=False))
    return all(
        mine.get(dimension, label) in (label, OTHER) or label == OTHER
        for dimension, label in zip(second.plan.specification.dimensions, keys[1], strict=False)
    )


def cells_of(shown: Mapping[str, Mapping[Group, Cell]]) -> dict[Count, Cell]:
    """What is shown, by series and group together."""
    return {(series, group): cell for series, of in shown.items() for group, cell in of.items()}
