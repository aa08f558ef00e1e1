"""Attacks tables for release: what can somebody who has them work out?

The attacker shares no code with the proof in social_care_warehouse.outputs. Unknown is how many
persons have each combination of all attributes; each published number is a condition on their sums.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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
BUILD = Build("0" * 16, "0", "0", "0", "0")
DIFFERENCE = "difference"
COARSE = {"a": "ab", "b": "ab", "c": "cd", "d": "cd", "e": "e"}


@dataclass(frozen=True)
class Case:
    """A random population and one or two tables of it, as released."""

    connection: duckdb.DuckDBPyConnection
    tables: tuple[ReleasedTable, ...]
    specifications: tuple[Specification, ...]


def random_case(seed: int, *, n_tables: int, exact: bool) -> Case:
    """Persons with four attributes, most combinations rare, and tables of them."""
    draw = random.Random(seed)
    connection = duckdb.connect()
    connection.execute("create schema marts")
    connection.execute(
        "create table marts.person_random (pupil_id varchar, first varchar, second varchar,"
        " coarse varchar, is_flagged boolean, is_chosen boolean, amount double)"
    )

    def amount() -> float:
        """Most have little, and some so much that they dominate the sum of their group."""
        return float(draw.choice((1, 2, 3, 4, 5, 8)) * (400 if draw.random() < 0.01 else 1))

    firsts, seconds = "abcde"[: draw.randint(2, 5)], "xyz"[: draw.randint(2, 3)]
    rows = []
    for first, second, flagged, chosen in product(firsts, seconds, (True, False), (True, False)):
        n = draw.choice((0, 0, 1, 2, 3, 5, 8, 13, 40, 90))
        rows += [(first, second, COARSE[first], flagged, chosen, amount()) for _ in range(n)]
    rows += [("a", "x", "ab", False, True, amount()) for _ in range(30)]
    connection.executemany(
        "insert into marts.person_random values (?, ?, ?, ?, ?, ?, ?)",
        [(f"p{number}", *row) for number, row in enumerate(rows)],
    )
    specifications = tuple(_random_specification(draw, number) for number in range(n_tables))
    return Case(connection, _released(connection, specifications, exact=exact), specifications)


def _random_specification(draw: random.Random, number: int) -> Specification:
    dimensions = draw.sample(["first", "second", "coarse"], draw.choice((1, 2, 2)))
    if {"first", "coarse"} == set(dimensions):
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
    if totals:
        of = tuple(one for one in dimensions if one not in totals[:1])
        if of:
            measures.append(Measure("percent", "percent_of", "Per cent of the total", of=of))
    return Specification(
        f"table_{number}", "A table", "Persons", "person_random", tuple(dimensions[:1]),
        tuple(dimensions[1:]), tuple(measures),
        filter="is_chosen" if draw.random() < 0.4 else None, totals=totals,
    )  # fmt: skip


def _released(
    connection: duckdb.DuckDBPyConnection,
    specifications: Sequence[Specification],
    *,
    exact: bool,
) -> tuple[ReleasedTable, ...]:
    """The tables, each protected with the earlier ones in mind, as the command does it."""
    rules = default_rules()
    entries: list[Entry] = []
    tables = []
    for specification in specifications:
        true_table = read_true_table(connection, specification, rules)
        protection = protect(true_table, rules, exact=exact)
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


def attack(case: Case, *, exact: bool) -> list[Finding]:
    """Every small count of the tables that their readers can narrow down too far."""
    leaves = list(_leaves(case))
    truth = {
        tuple(row[:4]): row[4]
        for row in case.connection.execute(
            "select first, second, is_flagged, is_chosen, count(*) from marts.person_random"
            " group by all"
        ).fetchall()
    }
    n = len(leaves)
    a_ub, b_ub = [], []
    targets = []
    for table, specification in zip(case.tables, case.specifications, strict=True):
        names = [column.name for column in table.columns]
        listed = {
            dimension: {row[number] for row in table.rows}
            for number, dimension in enumerate(specification.dimensions)
        }
        for row in table.rows:
            values = dict(zip(names, row, strict=True))
            for name, condition in _counts(specification):
                members = np.array(
                    [
                        _is_in(leaf, specification, values, listed) and condition(leaf)
                        for leaf in leaves
                    ],
                    dtype=float,
                )
                shown = values[name]
                if shown != "[c]":
                    low, high = (shown, shown) if exact else (shown - 5, shown + 4)
                    if not exact:
                        low = max(low, THRESHOLD)
                    a_ub += [members, -members]
                    b_ub += [high, -low]
                true = _true_count(truth, leaves, members)
                if true < THRESHOLD:
                    assert shown == "[c]", (table.name, "a small count is shown")
                    targets.append((table.name, f"{row[:2]} {name}", members, true))
                if name.endswith("_n"):
                    whole = np.array(
                        [_is_in(leaf, specification, values, listed) for leaf in leaves],
                        dtype=float,
                    )
                    true = _true_count(truth, leaves, whole - members)
                    if true < THRESHOLD:
                        rest = f"{row[:2]} rest of {name}"
                        targets.append((table.name, rest, whole - members, true))
    targets += _small_differences(a_ub, truth, leaves)
    found = []
    for name, what, members, true in targets:
        bounds = []
        for direction in (1, -1):
            done = linprog(
                direction * members, A_ub=np.array(a_ub) if a_ub else None, b_ub=b_ub or None,
                bounds=[(0, 10_000)] * n, method="highs",
            )  # fmt: skip
            assert done.status == 0, "the published numbers contradict each other"
            bounds.append(direction * done.fun)
        low, high = bounds
        assert low - 1e-6 <= true <= high + 1e-6, "the truth does not fit what is published"
        is_reached = high >= THRESHOLD - 1e-6 or name == DIFFERENCE
        if not is_reached or high - low < THRESHOLD - 1 - 1e-6:
            found.append(Finding(name, what, low, high))
    return found


def attack_sums(case: Case, *, exact: bool) -> list[Finding]:
    """Groups of few persons, or with a dominant one, whose sum the means of tables give away.

    The sum is found where it is known to within a tenth of the largest value in it.
    """
    leaves = list(_leaves(case))
    values: dict[tuple, list[float]] = {leaf: [] for leaf in leaves}
    for *leaf, amount in case.connection.execute(
        "select first, second, is_flagged, is_chosen, amount from marts.person_random"
    ).fetchall():
        values[tuple(leaf)].append(amount)
    a_ub, b_ub, targets = [], [], []
    for table, specification in zip(case.tables, case.specifications, strict=True):
        names = [column.name for column in table.columns]
        listed = {
            dimension: {row[number] for row in table.rows}
            for number, dimension in enumerate(specification.dimensions)
        }
        for row in table.rows if "mean_amount" in names else ():
            shown = dict(zip(names, row, strict=True))
            is_in = [_is_in(leaf, specification, shown, listed) for leaf in leaves]
            members = np.array(is_in, dtype=float)
            inside = sorted(
                (one for leaf, wanted in zip(leaves, is_in, strict=True) if wanted
                 for one in values[leaf]),
                reverse=True,
            )  # fmt: skip
            mean, n = shown["mean_amount"], shown["n_with_amount"]
            if mean != "[c]" and mean is not None:
                half = 0.5 * 10 ** (floor(log10(mean)) - 2)
                low, high = (n, n) if exact else (max(n - 5, THRESHOLD), n + 4)
                a_ub += [members, -members]
                b_ub += [(mean + half) * high, -(mean - half) * low]
            if inside and (len(inside) < THRESHOLD or inside[0] > 0.4375 * sum(inside)):
                targets.append((table.name, str(row[:2]), members, inside))
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
    shown: list[np.ndarray], truth: dict[tuple, int], leaves: list[tuple[str, str, bool, bool]]
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


def _leaves(case: Case) -> Iterator[tuple[str, str, bool, bool]]:
    firsts = case.connection.execute("select distinct first from marts.person_random").fetchall()
    seconds = case.connection.execute("select distinct second from marts.person_random").fetchall()
    for (first,), (second,) in product(sorted(firsts), sorted(seconds)):
        yield from product((first,), (second,), (True, False), (True, False))


def _counts(
    specification: Specification,
) -> Iterator[tuple[str, Callable[[tuple[str, str, bool, bool]], bool]]]:
    yield "n_persons", lambda leaf: True
    conditions = {
        "percent_flagged": lambda leaf: leaf[2],
        "percent_both": lambda leaf: all(leaf[2:]),
    }
    for measure in specification.measures:
        if measure.where:
            yield f"{measure.name}_n_observed", lambda leaf: True
            yield f"{measure.name}_n", conditions[measure.name]


def _is_in(
    leaf: tuple[str, str, bool, bool],
    specification: Specification,
    values: dict,
    listed: dict[str, set],
) -> bool:
    first, second, _, chosen = leaf
    labels = {"first": first, "second": second, "coarse": COARSE[first]}
    if specification.filter and not chosen:
        return False
    return all(
        values[dimension] in ("all", labels[dimension])
        or (values[dimension] == "other" and labels[dimension] not in listed[dimension])
        for dimension in specification.dimensions
    )


def _true_count(
    truth: dict[tuple, int], leaves: list[tuple[str, str, bool, bool]], members: np.ndarray
) -> int:
    return round(sum(truth.get(leaf, 0) * one for leaf, one in zip(leaves, members, strict=True)))
