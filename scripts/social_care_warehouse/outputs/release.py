"""Makes a table that may leave: counts, then what is hidden, then what is shown."""

from __future__ import annotations

import duckdb

from social_care_warehouse.outputs.protect import Protection, protect, shown_bounds
from social_care_warehouse.outputs.query import read_true_table
from social_care_warehouse.outputs.rules import Rules, default_rules
from social_care_warehouse.outputs.specification import Measure, Specification
from social_care_warehouse.outputs.table import HIDDEN, Cell, ReleasedColumn, ReleasedTable
from social_care_warehouse.outputs.true_table import Group, TrueTable


def release(
    connection: duckdb.DuckDBPyConnection,
    specification: Specification,
    rules: Rules | None = None,
    *,
    exact: bool = False,
) -> ReleasedTable:
    """The table of a specification as it may leave the secure environment.

    Counts are rounded, or with `exact` shown as they are, and hidden where they are small or would
    give a small one away. Raises UserError where the specification does not fit the warehouse.
    """
    rules = rules or default_rules()
    true_table = read_true_table(connection, specification, rules)
    return released(true_table, protect(true_table, rules, exact=exact), rules)


def released(true_table: TrueTable, protection: Protection, rules: Rules) -> ReleasedTable:
    """The table with what the protection lets through."""
    specification = true_table.specification
    columns = [
        ReleasedColumn(name, name.replace("_", " ").capitalize(), "dimension")
        for name in specification.dimensions
    ]
    columns += [ReleasedColumn(one.name, one.label, "count") for one in true_table.series]
    for measure in specification.measures:
        if measure.kind == "ratio" and measure.expected not in {one.name for one in columns}:
            name = str(measure.expected)
            columns.append(ReleasedColumn(name, f"Expected: {measure.label}", "count"))
        if measure.kind != "count":
            columns.append(ReleasedColumn(measure.name, measure.label, measure.kind))
        columns += [ReleasedColumn(name, label, "limit") for name, label in measure.limits]
    names = [column.name for column in columns]
    rows = tuple(
        tuple(_row(true_table, protection, rules, group)[name] for name in names)
        for group in true_table.groups
    )
    return ReleasedTable(
        specification.name,
        specification.title,
        specification.population,
        tuple(columns),
        rows,
        protection.sentence,
        sum(cell == HIDDEN for row in rows for cell in row[len(specification.dimensions) :]),
    )


def _row(
    true_table: TrueTable, protection: Protection, rules: Rules, group: Group
) -> dict[str, Cell]:
    row: dict[str, Cell] = dict(zip(true_table.specification.dimensions, group, strict=True))
    row |= {series.name: protection.shown[series.name][group] for series in true_table.series}
    makers = {"percent": _percent, "mean": _mean, "median": _median}
    for measure in true_table.specification.measures:
        if measure.kind == "ratio":
            names = [str(measure.expected), measure.name, *(name for name, _ in measure.limits)]
            made = _ratio(true_table, protection, rules, measure, group)
            row |= dict(zip(names, made, strict=True))
        elif measure.kind != "count":
            maker = makers[measure.kind]
            row[measure.name] = maker(true_table, protection, rules, measure, group)
    counts = {row[series.name] for series in true_table.series}
    if HIDDEN in counts or counts == {None}:
        # Next to a hidden count, or without a count, a blank would reveal that it is nobody.
        return {name: HIDDEN if cell is None else cell for name, cell in row.items()}
    return row


def _percent(
    true_table: TrueTable, protection: Protection, rules: Rules, measure: Measure, group: Group
) -> Cell:
    """From the shown counts; where numerator, denominator or the rest may be small, hidden.

    Only shown counts decide, so that a hidden percentage says nothing of a count. A denominator
    that is shown as 0 has no percentage. One that is hidden could be any number.
    """
    part, whole = true_table.parts_of_percent(measure, group)
    if part == whole:
        return None
    shown = [protection.shown[series][at] for series, at in (part, whole)]
    if None in shown or shown[1] == 0:
        return None
    exact = protection.is_exact
    most, least = (shown_bounds(cell, rules, exact=exact)[1 - at] for at, cell in enumerate(shown))
    if HIDDEN in shown or (least - most < rules.threshold and not measure.may_be_all):
        return HIDDEN
    numerator, denominator = (float(count) for count in shown)  # type: ignore[arg-type]
    return round(100 * numerator / denominator, 1)


def _mean(
    true_table: TrueTable, protection: Protection, rules: Rules, measure: Measure, group: Group
) -> Cell:
    """Hidden for few persons, and where one or two of them give most of the sum.

    Also where few have another value than the most common one: the mean would give their number.
    A total of which a part is hidden has none, as the total and the other parts would give it.
    """
    statistics = true_table.statistics[measure.name]
    if measure.column in protection.without_means:
        return HIDDEN
    if any(
        protection.shown[f"n_with_{measure.column}"][part] == HIDDEN
        or _is_dominated(statistics[part].total, statistics[part].largest, rules)
        or statistics[part].n - statistics[part].n_most_common < rules.threshold
        for part in true_table.parts_of(group)
    ):
        return HIDDEN
    value = statistics[group].value
    if value is None:
        return None
    n = protection.shown[f"n_with_{measure.column}"][group]
    least, _ = shown_bounds(n, rules, exact=protection.is_exact)
    return shown_mean(value, int(least), rules.mean_digits)


def _median(
    true_table: TrueTable, protection: Protection, rules: Rules, measure: Measure, group: Group
) -> Cell:
    """Hidden unless enough persons are on each side; rounded, because it is one person's value.

    The shown number of persons decides, so that a hidden median says nothing of it. A median
    shows on which side the half of a group is. So exact counts by the same column, of which some
    are hidden, are shown without it.
    """
    if measure.column in protection.without_medians or (
        protection.is_exact
        and str(measure.column).lower() in true_table.counted_by
        and any(HIDDEN in shown.values() for shown in protection.shown.values())
    ):
        return HIDDEN
    if true_table.has_persons:
        persons, key = f"n_with_{measure.column}", measure.name
    else:
        persons, key = true_table.series_of(measure.persons), str(measure.column)
    statistic = true_table.statistics[key][group]
    n = true_table.counts[persons][group]
    if n is None or (not true_table.has_persons and statistic.value is None):
        return None
    least, _ = shown_bounds(protection.shown[persons][group], rules, exact=protection.is_exact)
    if least < 2 * rules.persons_each_side:
        return HIDDEN
    return None if statistic.value is None else significant(statistic.value, rules.median_digits)


def _ratio(
    true_table: TrueTable, protection: Protection, rules: Rules, measure: Measure, group: Group
) -> list[Cell]:
    """Expected number, ratio and limits, where observed and expected are large enough."""
    series = true_table.series_of(measure.observed)
    observed = true_table.counts[series][group]
    expected = true_table.statistics[str(measure.expected)][group].value
    width = 2 + len(measure.limits)
    if observed is None or expected is None:
        return [None] * width
    if protection.shown[series][group] == HIDDEN or expected < rules.threshold:
        return [HIDDEN] * width
    value: float | None = observed / expected
    if measure.value:
        value = true_table.statistics[measure.value][group].value
    limits = [true_table.statistics[column][group].value for column, _ in measure.limits]
    digits = [rules.ratio_digits, *(rules.limit_digits for _ in limits)]
    return [
        rules.rounded(round(expected)),
        *(
            None if one is None else significant(one, n)
            for one, n in zip((value, *limits), digits, strict=True)
        ),
    ]


def _is_dominated(total: float, largest: tuple[float, ...], rules: Rules) -> bool:
    """Whether one or two persons have so much of the sum that it is as good as theirs."""
    if not total:
        # Everybody has 0, so the mean is the value of each of them.
        return True
    first, second = (*largest, 0.0, 0.0)[:2]
    return (
        first > rules.one_person_share * total
        or first + second > rules.two_persons_share * total
        or total - first - second < rules.rest_to_largest * first
    )


def shown_mean(value: float, least: int, digits: int) -> float:
    """The mean as it is shown, of this number of persons or more.

    The sum of whole numbers is a whole number. With more decimals than these, few numbers of
    persons would have a sum with this mean: 0.365 of about 50 persons is only 19 of 52.
    """
    exponent = int(f"{value:.{digits - 1}e}".partition("e")[2])
    return round(value, min(digits - 1 - exponent, len(str(least)) - 1))


def significant(value: float, digits: int) -> float:
    """The value with that many significant digits."""
    return float(f"{value:.{digits}g}")
