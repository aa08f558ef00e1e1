"""Reads the true counts of a specification. They must never be shown as they are.

Counts are counts of persons where the mart has persons. Other marts hold counts already, and each
number of a table is then one row of the mart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, product
from math import prod

import duckdb

from social_care_warehouse.console import UserError
from social_care_warehouse.outputs.plan import (
    PERSON,
    WHOLE,
    Plan,
    place_of,
    planned,
    run,
)
from social_care_warehouse.outputs.rules import Rules
from social_care_warehouse.outputs.specification import Specification
from social_care_warehouse.outputs.table import ALL, NOT_KNOWN, OTHER
from social_care_warehouse.outputs.true_table import Group, Statistic, TrueTable
from social_care_warehouse.sql_text import identifier

MOST_GROUPS = 20_000


def read_true_table(
    connection: duckdb.DuckDBPyConnection, specification: Specification, rules: Rules
) -> TrueTable:
    """Count what the specification asks for. Raises UserError where it does not fit the warehouse.

    No message of the database is passed on, because it can quote a value.
    """
    plan = planned(connection, specification)
    sql = _sql(plan, rules)
    names = [f"d{number}" for number in range(len(specification.dimensions))]
    rows = run(connection, sql, specification)
    width = len(names)
    records = {}
    seen: dict[str, set[str]] = {dimension: set() for dimension in specification.dimensions}
    for row in rows:
        group = tuple(
            ALL if is_total else str(label)
            for label, is_total in zip(row[:width], row[width : 2 * width], strict=True)
        )
        for dimension, label, is_total in zip(
            specification.dimensions, row[:width], row[width : 2 * width], strict=True
        ):
            if not is_total:
                if label == ALL and dimension in plan.totals:
                    raise UserError(
                        f"{place_of(specification)}: {dimension} has the value '{ALL}', which"
                        " means a total. Leave it out with filter, or remove the total."
                    )
                seen[dimension].add(str(label))
        records[group] = row[2 * width :]
    categories = {
        dimension: _in_order(connection, plan, dimension, labels)
        for dimension, labels in seen.items()
    }
    n_groups = prod(len(listed) for listed in categories.values()) if plan.has_persons else 0
    if max(n_groups, len(records)) > MOST_GROUPS:
        raise UserError(
            f"{place_of(specification)}: the table has more than {MOST_GROUPS:,} groups. Use fewer"
            " rows and columns."
        )
    groups = _groups(plan, categories, set(records))
    return _filled(plan, categories, groups, records, sql)


def _sql(plan: Plan, rules: Rules) -> str:
    specification = plan.specification
    dimensions = [f"d{number}" for number in range(len(specification.dimensions))]
    labels = [
        f"    {label_sql(dimension, plan.types)} as d{number},"
        for number, dimension in enumerate(specification.dimensions)
    ]
    where = f"where ({specification.filter}\n)" if specification.filter else ""
    if plan.has_persons:
        inner, measures = _parts_of_persons(plan)
        regrouped, ctes = _small_categories(plan, rules)
    else:
        inner, measures = _parts_of_rows(plan)
        regrouped, ctes = "from labelled", ""
    return "\n".join(
        line
        for line in (
            "with labelled as (",
            "  select",
            *labels,
            *inner,
            f"  from {plan.source}",
            f"  {where}" if where else "",
            f"){ctes},",
            "grouped as (",
            f"  {regrouped}",
            ")",
            "select",
            *(f"  {name}," for name in dimensions),
            *(f"  grouping({name}) = 1 as is_total_{name}," for name in dimensions),
            *(f"  {measure}," for measure in measures),
            "from grouped",
            "group by grouping sets (",
            ",\n".join(f"  ({', '.join(one)})" for one in _grouping_sets(plan)),
            ")",
        )
        if line
    )


def _parts_of_persons(plan: Plan) -> tuple[list[str], list[str]]:
    # Where each row is a person, rows are counted, not persons. That saves most of the time.
    inner = [] if plan.is_one_row_per_person else [f"    {identifier(PERSON)} as person,"]
    inner += [f"    {sql} as c{number}," for number, sql in enumerate(plan.conditions)]
    inner += [
        f"    cast({identifier(one)} as double) as v{n}," for n, one in enumerate(plan.values)
    ]
    count = _count_of(plan)
    measures = [
        count if series.sql == "persons" else f"{count} filter (where {series.sql})"
        for series in plan.series
    ]
    of_means = {one.column for one in plan.specification.measures if one.kind == "mean"}
    for number, column in enumerate(plan.values):
        most_common = f"list_max(map_values(histogram(v{number})))"
        measures += [
            f"avg(v{number})", f"median(v{number})", f"sum(abs(v{number}))",
            f"max(abs(v{number}), 2)", most_common if column in of_means else "0",
        ]  # fmt: skip
    return inner, measures


def _count_of(plan: Plan) -> str:
    return "count(*)" if plan.is_one_row_per_person else "count(distinct person)"


def _parts_of_rows(plan: Plan) -> tuple[list[str], list[str]]:
    columns = [series.sql for series in plan.series] + other_columns(plan.specification)
    inner = [f"    {identifier(one)} as m{number}," for number, one in enumerate(columns)]
    measures = ["count(*)"]
    for number in range(len(columns)):
        aggregate = "sum" if number < len(plan.series) else "any_value"
        measures.append(f"case when count(m{number}) = count(*) then {aggregate}(m{number}) end")
    return inner, measures


def other_columns(specification: Specification) -> list[str]:
    """Columns of a mart of counts that hold a value for each row: medians, ratios, limits."""
    found: list[str] = []
    for measure in specification.measures:
        if measure.kind == "median":
            found.append(str(measure.column))
        if measure.kind == "ratio":
            found += [str(measure.expected), *filter(None, [measure.value])]
            found += [column for column, _ in measure.limits]
    return list(dict.fromkeys(found))


def _small_categories(plan: Plan, rules: Rules) -> tuple[str, str]:
    """Put persons of categories that are too small, and on no fixed list, into one category."""
    ctes, replaced = "", []
    for number, dimension in enumerate(plan.specification.dimensions):
        if plan.types[dimension][:4] == "ENUM" or plan.types[dimension] == "BOOLEAN":
            continue
        name = f"d{number}"
        ctes += (
            f",\nkept_{name} as (\n  select {name}\n  from labelled\n  group by {name}\n"
            f"  having {_count_of(plan)} >= {rules.threshold} or {name} = '{NOT_KNOWN}'\n)"
        )
        replaced.append(
            f"case when {name} in (select {name} from kept_{name}) then {name}"
            f" else '{OTHER}' end as {name}"
        )
    if not replaced:
        return "from labelled", ctes
    listed = ",\n    ".join(replaced)
    return f"select * replace (\n    {listed}\n  )\n  from labelled", ctes


def label_sql(dimension: str, types: dict[str, str]) -> str:
    """The text of a category as SQL."""
    column = identifier(dimension)
    if types[dimension] == "BOOLEAN":
        return f"case when {column} then 'yes' when not {column} then 'no' else '{NOT_KNOWN}' end"
    return f"coalesce(cast({column} as varchar), '{NOT_KNOWN}')"


def _grouping_sets(plan: Plan) -> list[tuple[str, ...]]:
    dimensions = plan.specification.dimensions
    names = {dimension: f"d{number}" for number, dimension in enumerate(dimensions)}
    return [
        tuple(names[one] for one in dimensions if one not in left_out)
        for size in range(len(plan.totals) + 1)
        for left_out in combinations(plan.totals, size)
    ]


def _in_order(
    connection: duckdb.DuckDBPyConnection, plan: Plan, dimension: str, labels: set[str]
) -> list[str]:
    """The categories in their own order, then the small ones, the unknown, and the total."""
    type_ = plan.types[dimension]
    if type_[:4] == "ENUM":
        rows = connection.execute(
            f"select cast(unnest(enum_range(null::{type_})) as varchar)"
        ).fetchall()
        listed = [str(label) for (label,) in rows]
    elif type_ == "BOOLEAN":
        listed = ["yes", "no"]
    else:
        key: Callable[[str], object] = int if type_ in WHOLE else str
        listed = sorted(labels - {OTHER, NOT_KNOWN}, key=key)  # type: ignore[arg-type]
    if not plan.has_persons:
        listed = [label for label in listed if label in labels]
    last = [label for label in (OTHER, NOT_KNOWN) if label in labels and label not in listed]
    return listed + last + ([ALL] if dimension in plan.totals else [])


def _groups(plan: Plan, categories: dict[str, list[str]], found: set[Group]) -> list[Group]:
    """All combinations, so that nobody in a group looks like somebody who is hidden.

    A mart of counts lists its own combinations: those of its rows with those of its columns.
    """
    specification = plan.specification
    dimensions = specification.dimensions
    if plan.has_persons:
        return list(product(*(categories[dimension] for dimension in dimensions)))
    n_rows = len(specification.rows)
    at = [{label: n for n, label in enumerate(categories[one])} for one in dimensions]

    def in_order(parts: set[Group], first: int) -> list[Group]:
        return sorted(parts, key=lambda part: [at[first + n][one] for n, one in enumerate(part)])

    of_rows = in_order({group[:n_rows] for group in found}, 0)
    of_columns = in_order({group[n_rows:] for group in found}, n_rows)
    return [one + other for one in of_rows for other in of_columns]


def _filled(
    plan: Plan,
    categories: dict[str, list[str]],
    groups: Sequence[Group],
    records: dict[Group, tuple[object, ...]],
    sql: str,
) -> TrueTable:
    counts: dict[str, dict[Group, int | None]] = {series.name: {} for series in plan.series}
    statistics: dict[str, dict[Group, Statistic]] = {}
    specification = plan.specification
    for group in groups:
        record = records.get(group)
        numbers = list(record or ())
        if not plan.has_persons and numbers:
            n_rows = numbers.pop(0)
            if ALL not in group and n_rows != 1 and not specification.add_rows:
                raise UserError(
                    f"{place_of(specification)}: several rows of {specification.mart} fall into one"
                    " group. Add columns to rows, choose rows with filter, or set add_rows: true"
                    " if their counts may be added up."
                )
        for number, series in enumerate(plan.series):
            value = numbers[number] if numbers else 0
            counts[series.name][group] = None if value is None else int(value)  # type: ignore[call-overload]
        fill = _statistics_of_persons if plan.has_persons else _statistics_of_rows
        for name, statistic in fill(plan, group, numbers, counts):
            statistics.setdefault(name, {})[group] = statistic
    return TrueTable(
        specification,
        categories,
        list(groups),
        list(plan.series),
        counts,
        statistics,
        sql,
        plan.has_persons,
        plan.is_one_row_per_person,
        plan.counted_by,
    )


def _statistics_of_persons(
    plan: Plan, group: Group, numbers: list[object], counts: dict[str, dict[Group, int | None]]
) -> Iterable[tuple[str, Statistic]]:
    for measure in plan.specification.measures:
        if measure.kind not in ("mean", "median"):
            continue
        n = counts[f"n_with_{measure.column}"][group] or 0
        if not n:
            yield measure.name, Statistic(None)
            continue
        at = len(plan.series) + 5 * plan.values.index(str(measure.column))
        mean, median, total, largest, n_most_common = numbers[at : at + 5]
        value = mean if measure.kind == "mean" else median
        yield (
            measure.name,
            Statistic(_number(value), n, _number(total) or 0, tuple(largest), int(n_most_common)),  # type: ignore[arg-type,call-overload]
        )


def _statistics_of_rows(
    plan: Plan, group: Group, numbers: list[object], counts: dict[str, dict[Group, int | None]]
) -> Iterable[tuple[str, Statistic]]:
    for number, column in enumerate(other_columns(plan.specification), start=len(plan.series)):
        # A value of one row of the mart. A total has several rows, so it has none.
        value = numbers[number] if numbers and ALL not in group else None
        yield column, Statistic(_number(value))


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]
