"""Attacks tables for release: what can somebody who has them work out?

The attacker shares no code with the proof in social_care_warehouse.outputs. Unknown is how many
persons have each combination of all attributes; each published number is a condition on their sums.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import floor, log10
from pathlib import Path

import duckdb
import numpy as np
from scipy.optimize import linprog

from social_care_warehouse.outputs.manifest import Build, Output
from social_care_warehouse.outputs.protect import protect
from social_care_warehouse.outputs.query import read_true_table
from social_care_warehouse.outputs.register import Entry, check_earlier, entry_of
from social_care_warehouse.outputs.release import released
from social_care_warehouse.outputs.rules import default_rules
from social_care_warehouse.outputs.specification import Measure, Specification
from social_care_warehouse.outputs.table import ReleasedTable

THRESHOLD = 10
EACH_SIDE = 10
# Whole numbers, most of them 0 as numbers of offences are; for few persons not known.
SCORES = (0, 1, 2, 9, None)
# What tables ask of the score: the name of the measure, its condition, and the same in Python.
SCORE_CONDITIONS = {
    "percent_any": ("score >= 1", lambda score: score >= 1),
    "percent_more": ("score > 1", lambda score: score > 1),
    "percent_most": ("score = 9", lambda score: score == 9),
}
BUILD = Build("0" * 16, "0", "0", "0", "0")
DIFFERENCE = "difference"
Leaf = tuple[str, str, bool, bool, int | None]
COARSE = {"a": "ab", "b": "ab", "c": "cd", "d": "cd", "e": "e"}


@dataclass(frozen=True)
class Case:
    """A random population and one or two tables of it, as released."""

    connection: duckdb.DuckDBPyConnection
    tables: tuple[ReleasedTable, ...]
    specifications: tuple[Specification, ...]


def random_case(
    seed: int, *, n_tables: int, exact: bool | tuple[bool, ...], is_nested: bool = False
) -> Case:
    """Persons with four attributes, most combinations rare, and tables of them.

    All tables are exact, or none, or each as `exact` says for it. With `is_nested`, a table can
    have a category and its region: rows where most are impossible.
    """
    draw = random.Random(seed)
    connection = duckdb.connect()
    connection.execute("create schema marts")
    connection.execute(
        "create table marts.person_random (pupil_id varchar, first varchar, second varchar,"
        " coarse varchar, is_flagged boolean, is_chosen boolean, score integer, amount double)"
    )

    def amount() -> float:
        """Most have little, and some so much that they dominate the sum of their group."""
        return float(draw.choice((1, 2, 3, 4, 5, 8)) * (400 if draw.random() < 0.01 else 1))

    scores = [*draw.choices(SCORES, k=3), 0, 0, 0, 0]
    firsts, seconds = "abcde"[: draw.randint(2, 5)], "xyz"[: draw.randint(2, 3)]
    rows = []
    for first, second, flagged, chosen in product(firsts, seconds, (True, False), (True, False)):
        n = draw.choice((0, 0, 1, 2, 3, 5, 8, 13, 40, 90))
        rows += [(first, second, COARSE[first], flagged, chosen, draw.choice(scores), amount())
                 for _ in range(n)]  # fmt: skip
    rows += [("a", "x", "ab", False, True, draw.choice(scores), amount()) for _ in range(30)]
    connection.executemany(
        "insert into marts.person_random values (?, ?, ?, ?, ?, ?, ?, ?)",
        [(f"p{number}", *row) for number, row in enumerate(rows)],
    )
    specifications: list[Specification] = []
    for number in range(n_tables):
        if specifications and draw.random() < 0.4:
            specifications.append(_nearly_the_same(draw, specifications[0], number))
        else:
            specifications.append(_random_specification(draw, number, is_nested=is_nested))
    specifications = tuple(specifications)
    exact = exact if isinstance(exact, tuple) else (exact,) * n_tables
    return Case(connection, _released(connection, specifications, exact=exact), specifications)


def _random_specification(draw: random.Random, number: int, *, is_nested: bool) -> Specification:
    dimensions = draw.sample(["first", "second", "coarse"], draw.choice((1, 2, 2)))
    if {"first", "coarse"} == set(dimensions) and not is_nested:
        dimensions = ["first"]
    totals = tuple(one for one in dimensions if draw.random() < 0.8)
    measures = [Measure("count", "n_persons", "Persons")]
    if draw.random() < 0.5:
        measures.append(Measure("percent", "percent_flagged", "Flagged", where="is_flagged"))
    if draw.random() < 0.3:
        both = "is_flagged and is_chosen"
        measures.append(Measure("percent", "percent_both", "Both", where=both))
    if draw.random() < 0.5:
        measures.append(Measure("mean", "mean_amount", "Mean amount", column="amount"))
    for name, (condition, _) in SCORE_CONDITIONS.items():
        if draw.random() < 0.3:
            measures.append(Measure("percent", name, name, where=condition))
    for kind in ("mean", "median"):
        if draw.random() < 0.4:
            measures.append(Measure(kind, f"{kind}_score", f"{kind} score", column="score"))
    if totals:
        of = tuple(one for one in dimensions if one not in totals[:1])
        if of:
            measures.append(Measure("percent", "percent_of", "Per cent of the total", of=of))
    return Specification(
        f"table_{number}", "A table", "Persons", "person_random", tuple(dimensions[:1]),
        tuple(dimensions[1:]), tuple(measures),
        filter="is_chosen" if draw.random() < 0.4 else None, totals=totals,
    )  # fmt: skip


def _nearly_the_same(draw: random.Random, earlier: Specification, number: int) -> Specification:
    """A table that differs from an earlier one in one filter, one category, or one dimension."""
    changed = replace(earlier, name=f"table_{number}")
    how = draw.choice(("filter", "category", "dimension"))
    if how == "filter" or (how == "dimension" and not earlier.columns):
        return replace(changed, filter=None if earlier.filter else "is_chosen")
    if how == "category":
        return replace(changed, filter=f"first != '{draw.choice('abc')}'")
    dimensions = set(earlier.rows)
    measures = tuple(
        measure for measure in earlier.measures if not measure.of or set(measure.of) <= dimensions
    )
    totals = tuple(one for one in earlier.totals or () if one in dimensions)
    measures = tuple(
        one for one in measures if not one.of or set(totals) | set(one.of) == dimensions
    )
    return replace(changed, columns=(), totals=totals, measures=measures)


def _released(
    connection: duckdb.DuckDBPyConnection,
    specifications: Sequence[Specification],
    *,
    exact: Sequence[bool],
) -> tuple[ReleasedTable, ...]:
    """The tables, each protected with the earlier ones in mind, as the command does it."""
    rules = default_rules()
    entries: list[Entry] = []
    tables = []
    for specification, is_exact in zip(specifications, exact, strict=True):
        true_table = read_true_table(connection, specification, rules)
        protection = protect(true_table, rules, exact=is_exact)
        said = check_earlier(connection, true_table, protection, rules, entries, BUILD)
        table = released(true_table, protection, rules)
        tables.append(table)
        output = Output(table, true_table, protection, said, None)
        entries.append(entry_of(output, BUILD, rules, Path("outputs")))
    return tuple(tables)


@dataclass(frozen=True)
class Finding:
    """A small count that can be narrowed down, with what is known of it."""

    table: str
    what: str
    low: float
    high: float


def attack(case: Case, *, exact: bool | tuple[bool, ...]) -> list[Finding]:
    """Every small count of the tables that their readers can narrow down too far."""
    is_exact = exact if isinstance(exact, tuple) else (exact,) * len(case.tables)
    leaves = list(_leaves(case))
    truth = {
        tuple(leaf): n
        for *leaf, n in case.connection.execute(
            "select first, second, is_flagged, is_chosen, score, count(*)"
            " from marts.person_random group by all"
        ).fetchall()
    }
    # Each row times the numbers of persons is at most its limit.
    rows: list[np.ndarray] = []
    limits: list[float] = []
    counted: list[np.ndarray] = []
    targets = []
    for number, (table, specification) in enumerate(
        zip(case.tables, case.specifications, strict=True)
    ):
        left_out = _left_out(table, case.specifications[:number])
        for values, is_in in _groups_of(table, specification, leaves):
            group = [values[dimension] for dimension in specification.dimensions]
            for name, condition, part_of in _counts(specification):
                if name in left_out:
                    continue
                members = is_in * np.array([float(condition(leaf)) for leaf in leaves])
                if values[name] != "[c]":
                    low, high = _may_be(values[name], exact=is_exact[number])
                    rows += [members, -members]
                    limits += [high, -low]
                    counted.append(members)
                true = _true_count(truth, leaves, members)
                # That nobody is in a group which follows from no other is known to everybody.
                if true < THRESHOLD and members.any():
                    assert values[name] == "[c]", (table.name, "a small count is shown")
                    targets.append((table.name, f"{group} {name}", members, true))
                if part_of:
                    whole = is_in * np.array([float(part_of(leaf)) for leaf in leaves])
                    true = _true_count(truth, leaves, whole - members)
                    if true < THRESHOLD and whole.any():
                        rest = f"{group} rest of {name}"
                        targets.append((table.name, rest, whole - members, true))
            for row, limit in _known_from_statistics(values, is_in, leaves):
                rows.append(row)
                limits.append(limit)
    targets += _small_differences(counted, truth, leaves)
    found = []
    for name, what, low, high, true in _bounds(rows, limits, targets):
        assert low - 1e-6 <= true <= high + 1e-6, "the truth does not fit what is published"
        is_reached = high >= THRESHOLD - 1e-6 or name == DIFFERENCE
        if not is_reached or high - low < THRESHOLD - 1 - 1e-6:
            found.append(Finding(name, what, low, high))
    return found


def _left_out(table: ReleasedTable, earlier: Sequence[Specification]) -> set[str]:
    """Counts by the score that are as good as not in the table, because an earlier one has means.

    Every mean says that few persons have a very high value, whether a table counts them or not.
    """
    if not any(measure.column == "score" for one in earlier for measure in one.measures):
        return set()
    names = [column.name for column in table.columns]
    return {
        f"{name}_n"
        for name in SCORE_CONDITIONS
        if f"{name}_n" in names and {row[names.index(f"{name}_n")] for row in table.rows} == {"[c]"}
    }


def _may_be(shown: int, *, exact: bool) -> tuple[int, int]:
    return (shown, shown) if exact else (max(shown - 5, THRESHOLD), shown + 4)


def _groups_of(
    table: ReleasedTable, specification: Specification, leaves: list[Leaf]
) -> Iterator[tuple[dict, np.ndarray]]:
    """Each row of a table by the names of its columns, and which leaves are in its group."""
    names = [column.name for column in table.columns]
    listed = {
        dimension: {row[number] for row in table.rows}
        for number, dimension in enumerate(specification.dimensions)
    }
    for row in table.rows:
        values = dict(zip(names, row, strict=True))
        is_in = [float(_is_in(leaf, specification, values, listed)) for leaf in leaves]
        yield values, np.array(is_in)


def _known_from_statistics(
    values: dict, is_in: np.ndarray, leaves: list[Leaf]
) -> Iterator[tuple[np.ndarray, float]]:
    """What the mean and the median of the scores of a group say of its persons."""
    is_known = is_in * np.array([float(leaf[4] is not None) for leaf in leaves])
    scores = np.array([float(leaf[4] or 0) for leaf in leaves])
    mean, median = (values.get(f"{kind}_score", "[c]") for kind in ("mean", "median"))
    if mean not in ("[c]", None):
        half = 0.5 * 10 ** (floor(log10(mean)) - 2) + 1e-9
        yield is_known * (scores - mean - half), 0
        yield is_known * (mean - half - scores), 0
    if median not in ("[c]", None):
        # At least half of them on each side, and enough persons for a median to be shown.
        yield is_known * (0.5 - (scores <= median)), 0
        yield is_known * (0.5 - (scores >= median)), 0
        yield -is_known, -2 * EACH_SIDE


def _bounds(
    rows: list[np.ndarray], limits: list[float], targets: list[tuple[str, str, np.ndarray, int]]
) -> Iterator[tuple[str, str, float, float, int]]:
    """The lowest and the highest number of persons that each target can have."""
    if not targets:
        return
    # Combinations in the same numbers are one unknown.
    together = np.unique(np.array([*rows, *(target[2] for target in targets)]), axis=1)
    given, wanted = together[: len(rows)], together[len(rows) :]
    for (name, what, _, true), members in zip(targets, wanted, strict=True):
        bounds = []
        for direction in (1, -1):
            done = linprog(
                direction * members, A_ub=given if rows else None, b_ub=limits or None,
                bounds=[(0, 10_000)] * together.shape[1], method="highs",
            )  # fmt: skip
            assert done.status == 0, "the published numbers contradict each other"
            bounds.append(direction * done.fun)
        yield name, what, bounds[0], bounds[1], true


def attack_sums(case: Case, *, exact: bool) -> list[Finding]:
    """Groups of few persons, or with a dominant one, whose sum the means of tables give away.

    The sum is found where it is known to within a tenth of the largest value in it.
    """
    leaves = list(_leaves(case))
    amounts: dict[tuple, list[float]] = {leaf: [] for leaf in leaves}
    for *leaf, amount in case.connection.execute(
        "select first, second, is_flagged, is_chosen, score, amount from marts.person_random"
    ).fetchall():
        amounts[tuple(leaf)].append(amount)
    a_ub, b_ub, targets = [], [], []
    for table, specification in zip(case.tables, case.specifications, strict=True):
        if not any(measure.name == "mean_amount" for measure in specification.measures):
            continue
        for shown, members in _groups_of(table, specification, leaves):
            inside = sorted(
                (one for leaf, wanted in zip(leaves, members, strict=True) if wanted
                 for one in amounts[leaf]),
                reverse=True,
            )  # fmt: skip
            mean, n = shown["mean_amount"], shown["n_with_amount"]
            if mean != "[c]" and mean is not None:
                half = 0.5 * 10 ** (floor(log10(mean)) - 2)
                low, high = _may_be(n, exact=exact)
                a_ub += [members, -members]
                b_ub += [(mean + half) * high, -(mean - half) * low]
            if inside and (len(inside) < THRESHOLD or inside[0] > 0.4375 * sum(inside)):
                group = [shown[dimension] for dimension in specification.dimensions]
                targets.append((table.name, str(group), members, inside))
    found = []
    for name, what, members, inside in targets:
        low, high = (
            direction
            * linprog(
                direction * members, A_ub=np.array(a_ub) if a_ub else None, b_ub=b_ub or None,
                bounds=[(0, 1e7)] * len(leaves), method="highs",
            ).fun
            for direction in (1, -1)
        )  # fmt: skip
        assert low - 1e-3 <= sum(inside) <= high + 1e-3, "the truth does not fit what is published"
        if high - sum(inside) < inside[0] / 10 and sum(inside) - low < inside[0] / 10:
            found.append(Finding(name, f"{what} sum {sum(inside)}", low, high))
    return found


def _small_differences(
    shown: list[np.ndarray], truth: dict[tuple, int], leaves: list[Leaf]
) -> Iterator[tuple[str, str, np.ndarray, int]]:
    """Few persons whom the shown numbers separate from all others, for example by subtraction."""
    alike: dict[tuple[bool, ...], list[int]] = {}
    for number in range(len(leaves)):
        alike.setdefault(tuple(bool(one[number]) for one in shown), []).append(number)
    for is_in, numbers in alike.items():
        members = np.zeros(len(leaves))
        members[numbers] = 1
        true = _true_count(truth, leaves, members)
        if any(is_in) and 0 < true < THRESHOLD:
            yield DIFFERENCE, f"{len(numbers)} combinations", members, true


def _leaves(case: Case) -> Iterator[Leaf]:
    firsts = case.connection.execute("select distinct first from marts.person_random").fetchall()
    seconds = case.connection.execute("select distinct second from marts.person_random").fetchall()
    for (first,), (second,) in product(sorted(firsts), sorted(seconds)):
        yield from product((first,), (second,), (True, False), (True, False), SCORES)


def _counts(
    specification: Specification,
) -> Iterator[tuple[str, Callable[[Leaf], bool], Callable[[Leaf], bool] | None]]:
    """Name and condition of each count of a table, and of the count that a yes is part of."""

    def everybody(_: Leaf) -> bool:
        return True

    def is_known(leaf: Leaf) -> bool:
        return leaf[4] is not None

    yield "n_persons", everybody, None
    conditions: dict[str, Callable[[Leaf], bool]] = {
        "percent_flagged": lambda leaf: leaf[2],
        "percent_both": lambda leaf: leaf[2] and leaf[3],
    }
    for measure in specification.measures:
        if measure.where and measure.name in SCORE_CONDITIONS:
            holds = SCORE_CONDITIONS[measure.name][1]
            yield f"{measure.name}_n_observed", is_known, None
            yield (
                f"{measure.name}_n",
                lambda leaf, holds=holds: leaf[4] is not None and holds(leaf[4]),
                is_known,
            )
        elif measure.where:
            yield f"{measure.name}_n_observed", everybody, None
            yield f"{measure.name}_n", conditions[measure.name], everybody
    if any(measure.column == "score" for measure in specification.measures):
        yield "n_with_score", is_known, None


def _is_in(
    leaf: Leaf,
    specification: Specification,
    values: dict,
    listed: dict[str, set],
) -> bool:
    first, second, _, chosen, _ = leaf
    labels = {"first": first, "second": second, "coarse": COARSE[first]}
    if specification.filter == "is_chosen" and not chosen:
        return False
    if (specification.filter or "").startswith("first") and f"'{first}'" in str(
        specification.filter
    ):
        return False
    return all(
        values[dimension] in ("all", labels[dimension])
        or (values[dimension] == "other" and labels[dimension] not in listed[dimension])
        for dimension in specification.dimensions
    )


def _true_count(truth: dict[tuple, int], leaves: list[Leaf], members: np.ndarray) -> int:
    return round(sum(truth.get(leaf, 0) * one for leaf, one in zip(leaves, members, strict=True)))
