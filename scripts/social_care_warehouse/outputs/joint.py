"""Tables of the same persons as one model, so that a reader of them all is reckoned with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, combinations, product

import duckdb

from social_care_warehouse.outputs.audit import INFINITE, Goal, Model
from social_care_warehouse.outputs.plan import PERSON, Plan, run
from social_care_warehouse.outputs.protect import Count, TableModel, shown_bounds
from social_care_warehouse.outputs.query import label_sql
from social_care_warehouse.outputs.rules import Rules
from social_care_warehouse.outputs.table import ALL, HIDDEN, OTHER, Cell
from social_care_warehouse.outputs.true_table import Group, is_nested
from social_care_warehouse.sql_text import identifier, literal

# More combinations than this are not filled up with those that nobody is in.
MOST_LEAVES = 20_000
Trait = tuple[str, str | bool]
Key = tuple[str | bool, ...] | None  # labels, then answers; None: not in the table
Keys = tuple[Key, ...]  # one for each table


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


def joint_counts(connection: duckdb.DuckDBPyConnection, tables: Sequence[Shown]) -> dict[Keys, int]:
    """How many persons have each combination of the keys of several tables."""
    sources: dict[str, list[int]] = defaultdict(list)
    for number, shown in enumerate(tables):
        sources[shown.plan.source].append(number)
    # Tables of one source have its rows in common, so only different sources are joined.
    parts = [
        f"s{place} as (select {identifier(PERSON)} as person,"
        f" {', '.join(column for n in numbers for column in _columns(n, tables[n]))}"
        f" from {source})"
        for place, (source, numbers) in enumerate(sources.items())
    ]
    joins = "".join(f" full outer join s{n} using (person)" for n in range(1, len(sources)))
    listed = []
    for number, shown in enumerate(tables):
        listed.append(f"coalesce(t{number}_in, false)")
        listed += [f"t{number}_d{n}" for n in range(shown.n_dimensions)]
        listed += [f"t{number}_c{n}" for n in range(len(shown.plan.conditions))]
    sql = (
        f"with {', '.join(parts)} select {', '.join(listed)}, count(*) from s0{joins} group by all"
    )
    found: dict[Keys, int] = {}
    for *values, n in run(connection, sql, tables[0].plan.specification):
        keys: list[Key] = []
        for shown in tables:
            width = shown.n_dimensions + len(shown.plan.conditions)
            is_in, *key = values[: width + 1]
            del values[: width + 1]
            keys.append(tuple(key) if is_in else None)  # type: ignore[arg-type]
        found[tuple(keys)] = int(n)  # type: ignore[call-overload]
    return found


def _columns(number: int, shown: Shown) -> list[str]:
    """Whether a person is in a table, and the labels and answers of those who are."""
    plan = shown.plan
    is_in = f"coalesce(({plan.specification.filter}\n), false)"
    is_in = is_in if plan.specification.filter else "true"
    values = {
        f"d{position}": _label(shown, dimension)
        for position, dimension in enumerate(plan.specification.dimensions)
    } | {f"c{position}": f"coalesce({sql}, false)" for position, sql in enumerate(plan.conditions)}
    return [
        f"{is_in} as t{number}_in",
        *(f"case when {is_in} then {sql} end as t{number}_{name}" for name, sql in values.items()),
    ]


def joint_model(tables: Sequence[Shown], counted: Mapping[Keys, int]) -> TableModel:
    """The model of a reader of all tables. Only counts of the last can still be hidden."""
    model = Model()
    truth: dict[int, int] = defaultdict(int)
    variables: list[dict[Count, int]] = []
    for shown in tables:
        variables.append(
            {
                count: model.add(*shown_bounds(cell, shown.rules, exact=shown.is_exact))
                for count, cell in shown.cells.items()
                if cell is not None
            }
        )
    leaves: dict[int, list[int]] = defaultdict(list)
    alike: dict[frozenset[int], dict[int, int]] = defaultdict(dict)
    counts_of = [cache(shown.counts_of) for shown in tables]
    for keys in _filled_up(tables, counted):
        members = [
            variables[number][count]
            for number, key in enumerate(keys)
            for count in counts_of[number](key)
            if count in variables[number]
        ]
        if not members:
            continue
        leaf, n = model.add(), counted.get(keys, 0)
        for variable in members:
            leaves[variable].append(leaf)
            truth[variable] += n
        alike[frozenset(one for one in members if model.high[one] != INFINITE)][leaf] = n
        if 0 < n < tables[-1].rules.threshold:
            # Whatever a reader subtracts from what, few persons must not remain.
            model.goals[leaf] = Goal(n, tables[-1].rules.threshold, reach=False)
    for members_of, parts in alike.items():
        # Several combinations in the same shown counts remain together.
        n = sum(parts.values())
        if members_of and len(parts) > 1 and 0 < n < tables[-1].rules.threshold:
            together = model.add()
            model.add_sum(together, parts)
            model.goals[together] = Goal(n, tables[-1].rules.threshold, reach=False)
    for variable in [one for listed in variables for one in listed.values()]:
        if leaves[variable]:
            model.add_sum(variable, leaves[variable])
    for number, shown in enumerate(tables):
        _add_goals(shown, variables[number], truth, leaves, model)
    new = len(tables) - 1
    for number in range(new):
        pair = tables[number], tables[new]
        _add_differences(*pair, [variables[number], variables[new]], truth, leaves, model)
    return TableModel(model, variables[new])


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
            if model.high[whole] == 0:
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
    listed = ", ".join(literal(one) for one in categories if one != OTHER)
    return f"case when {label} in ({listed or 'null'}) then {label} else '{OTHER}' end"


def _filled_up(tables: Sequence[Shown], counted: Mapping[Keys, int]) -> Collection[Keys]:
    """The combinations that a reader must think possible: those with persons, and others.

    Two parts of a combination that never meet, although both have persons, may exclude each other
    for a reason that a reader knows as well. So they do here, except two categories of which
    neither follows from the other.
    """
    grids = [_grid(one, [keys[number] for keys in counted]) for number, one in enumerate(tables)]
    pairs = {
        (one, other): _Pair.of(tables[one], tables[other], {(k[one], k[other]) for k in counted})
        for one, other in combinations(range(len(tables)), 2)
    }
    found: dict[Keys, None] = dict.fromkeys(counted)
    # A category that has nobody in another table must still look as if it could have somebody.
    for how in ("all", "alike", "labels"):
        with_leaf = [{keys[number] for keys in found} for number in range(len(tables))]
        made: list[Keys] = [()]
        for number, grid in enumerate(grids):
            if len(made) * len(grid) > MOST_LEAVES:
                return found
            made = [
                (*keys, key)
                for keys in made
                for key in grid
                if all(pairs[n, number].may_meet(keys[n], key, how) for n in range(number))
            ]
        for keys in made:
            is_needed = how == "all" or any(
                key not in with_leaf[number] for number, key in enumerate(keys)
            )
            if is_needed and any(key is not None for key in keys):
                found.setdefault(keys)
    return found


@dataclass(frozen=True)
class _Pair:
    """Which keys of two tables can belong to one person."""

    first: Shown
    second: Shown
    met: set[tuple[Trait, Trait]]
    seen: tuple[set[Trait], set[Trait]]
    independent: set[tuple[str, str]]

    @classmethod
    def of(cls, first: Shown, second: Shown, counted: set[tuple[Key, Key]]) -> _Pair:
        met = {
            pair
            for keys in counted
            for pair in product(_traits(first, keys[0]), _traits(second, keys[1]))
        }
        seen = ({one for one, _ in met}, {other for _, other in met})
        return cls(first, second, met, seen, _independent(first, second, met))

    def may_meet(self, key: Key, other: Key, how: str) -> bool:
        """Whether one person can have both keys, by all their parts.

        With `alike`, labels are compared with labels alone and answers with answers alone; with
        `labels`, nothing but labels is compared.
        """
        if not _agree(self.first, self.second, (key, other)):
            return False
        traits, others = _traits(self.first, key), _traits(self.second, other)
        if not all(self._is_possible(*pair) for pair in self._decided(traits, others)):
            return False
        ends = self.first.n_dimensions + 1, self.second.n_dimensions + 1
        labels = product(traits[1 : ends[0]], others[1 : ends[1]])
        answers = product(traits[:1] + traits[ends[0] :], others[:1] + others[ends[1] :])
        compared = {
            "all": product(traits, others),
            "alike": chain(labels, answers),
            "labels": labels,
        }
        return all(self._is_possible(*pair) for pair in compared[how])

    def _decided(self, traits: list[Trait], others: list[Trait]) -> Iterator[tuple[Trait, Trait]]:
        """Who is in a table that is filtered by columns of the other, which a reader knows."""
        if self.first.plan.source != self.second.plan.source:
            return
        names = [
            {one.lower() for one in table.plan.specification.dimensions}
            for table in (self.first, self.second)
        ]
        if self.first.plan.columns_of_filter <= names[1]:
            yield from product(traits[:1], others[1 : self.second.n_dimensions + 1])
        if self.second.plan.columns_of_filter <= names[0]:
            yield from product(traits[1 : self.first.n_dimensions + 1], others[:1])

    def _is_possible(self, one: Trait, other: Trait) -> bool:
        return (
            (one, other) in self.met
            or one not in self.seen[0]
            or other not in self.seen[1]
            or (one[0], other[0]) in self.independent
        )


def _independent(
    first: Shown, second: Shown, met: set[tuple[Trait, Trait]]
) -> set[tuple[str, str]]:
    """Pairs of dimensions where a category of one has several of the other, both ways."""
    found = set()
    for one, other in product(
        first.plan.specification.dimensions, second.plan.specification.dimensions
    ):
        pairs = [(a[1], b[1]) for a, b in met if a[0] == one and b[0] == other]
        if is_nested(pairs):
            continue
        found.add((one, other))
    return found


def _grid(shown: Shown, keys: list[Key]) -> list[Key]:
    """All keys that a person could have in the table, those with nobody included."""
    width = shown.n_dimensions
    present = [key for key in keys if key is not None]
    answers = {key[width:] for key in present}
    # Where one category follows from another, the others cannot go with it.
    apart = [
        (one, other, pairs)
        for one, other in combinations(range(width), 2)
        if is_nested(pairs := {(key[one], key[other]) for key in present})
    ]
    labels = [
        label
        for label in product(*(shown.categories[d] for d in shown.plan.specification.dimensions))
        if all((label[one], label[other]) in pairs for one, other, pairs in apart)
    ]
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
