"""Finds the mart of a specification, checks every name and expression, and lists its counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import duckdb

from social_care_warehouse.console import UserError, nearest
from social_care_warehouse.outputs.expressions import check_expression, columns_of
from social_care_warehouse.outputs.specification import Measure, Specification
from social_care_warehouse.sql_text import identifier

PERSON = "pupil_id"
_PERSONS_AT_ONCE = 2_000_000
_IDENTIFIERS = re.compile(r"pupil_id|moj_uid|.*_id|.*matching_?ref.*", re.IGNORECASE)
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT")


@dataclass(frozen=True)
class Series:
    """A count that the table shows for every group. `part_of` names the series that contains it."""

    name: str
    label: str
    sql: str
    part_of: str | None = None
    may_be_all: bool = False
    is_yes: bool = False  # of a yes/no question, so that the rest of `part_of` is the no


@dataclass(frozen=True)
class Plan:
    """A specification with its place in the warehouse: the parts of its SQL."""

    specification: Specification
    types: dict[str, str]
    series: tuple[Series, ...]
    conditions: tuple[str, ...]  # SQL of the conditions c0, c1 …
    values: tuple[str, ...]  # columns behind v0, v1 …
    has_persons: bool
    is_one_row_per_person: bool
    totals: tuple[str, ...]
    # The columns that each count with a condition uses, in small letters.
    columns_of_answers: tuple[tuple[Series, frozenset[str]], ...]
    columns_of_filter: frozenset[str]

    @property
    def source(self) -> str:
        """The table that is counted, as SQL."""
        return f"{identifier(self.specification.schema)}.{identifier(self.specification.table)}"

    @property
    def counted_by(self) -> frozenset[str]:
        """The columns by which persons are counted: those of groups and of conditions."""
        groups = {dimension.lower() for dimension in self.specification.dimensions}
        return frozenset(groups).union(*(columns for _, columns in self.columns_of_answers))


def place_of(specification: Specification) -> str:
    """How messages name the specification."""
    return f"{specification.source}, {specification.name}"


def run(
    connection: duckdb.DuckDBPyConnection, sql: str, specification: Specification
) -> list[tuple[object, ...]]:
    """The rows of a query, or a UserError without the words of the database."""
    with _plain_errors(specification):
        return connection.execute(sql).fetchall()


@contextmanager
def _plain_errors(specification: Specification) -> Iterator[None]:
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException):
        raise UserError(
            f"{place_of(specification)}: not enough memory or disk to count. Raise"
            " WAREHOUSE_MEMORY, or set WAREHOUSE_TEMP_DIRECTORY to a larger disk."
        ) from None
    except duckdb.Error as error:
        raise UserError(
            f"{place_of(specification)}: the table cannot be counted ({type(error).__name__})."
            " Compare the types of the columns with the values in filter and where."
        ) from None


def planned(connection: duckdb.DuckDBPyConnection, specification: Specification) -> Plan:
    """Find the mart and check every name and expression against it."""
    types = _types(connection, specification)
    place = place_of(specification)
    for dimension in specification.dimensions:
        _check_dimension(dimension, types, place)
    if specification.filter:
        _check_condition(connection, specification, specification.filter, types, "filter")
    has_persons = PERSON in types
    for measure in specification.measures:
        if measure.where:
            key = f"measure {measure.name}, where"
            _check_condition(connection, specification, measure.where, types, key)
        _check_columns(measure, types, place, has_persons=has_persons)
    is_one_row = has_persons and _is_one_row_per_person(connection, specification)
    if has_persons and not is_one_row:
        for measure in specification.measures:
            if measure.kind in ("mean", "median"):
                raise UserError(
                    f"{place}, measure {measure.name}: {specification.mart} has several rows for a"
                    f" person, so a {measure.kind} is not over persons. Use a mart with one row per"
                    " person."
                )
    maker = _series_of_persons if has_persons else _series_of_rows
    series, conditions, values = maker(specification)
    totals = specification.totals
    if totals is None:
        totals = specification.dimensions if has_persons else ()
    for measure in specification.measures:
        for dimension in specification.dimensions:
            if measure.of and dimension not in measure.of and dimension not in totals:
                raise UserError(
                    f"{place}, measure {measure.name}: a per cent of"
                    f" {', '.join(measure.of)} needs a total over {dimension}. Add {dimension} to"
                    " totals."
                )
    return Plan(
        specification,
        types,
        tuple(series),
        tuple(conditions),
        tuple(values),
        has_persons,
        is_one_row,
        totals,
        tuple(_columns_of_answers(connection, specification, series)),
        frozenset(columns_of(connection, specification.filter) if specification.filter else ()),
    )


def _columns_of_answers(
    connection: duckdb.DuckDBPyConnection, specification: Specification, series: list[Series]
) -> Iterator[tuple[Series, frozenset[str]]]:
    by_name = {one.name: one for one in series}
    for measure in specification.measures:
        if measure.where:
            columns = frozenset(columns_of(connection, measure.where))
            yield by_name[f"{measure.name}_n_observed"], columns
            yield by_name[f"{measure.name}_n"], columns


def _types(connection: duckdb.DuckDBPyConnection, specification: Specification) -> dict[str, str]:
    place = place_of(specification)
    if specification.schema not in ("marts", "quality"):
        raise UserError(f"{place}: mart must be a table of marts or quality. Choose another.")
    rows = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = ?"
        " and not internal order by table_name, column_index",
        [specification.schema],
    ).fetchall()
    tables = {table for table, _, _ in rows}
    if specification.table not in tables:
        raise UserError(
            f"{place}: there is no mart {specification.mart} in this warehouse."
            f" {nearest(specification.table, sorted(tables))} A build with --select may have left"
            " it out."
        )
    return {column: type_ for table, column, type_ in rows if table == specification.table}


def _check_dimension(dimension: str, types: dict[str, str], place: str) -> None:
    if dimension not in types:
        raise UserError(
            f"{place}: there is no column {dimension} in the mart. {nearest(dimension, types)}"
        )
    if _IDENTIFIERS.fullmatch(dimension):
        raise UserError(
            f"{place}: {dimension} identifies single persons or rows, so it cannot be a row or"
            " column of a table. Choose a column with groups."
        )
    if not (types[dimension] in ("BOOLEAN", "VARCHAR", *WHOLE) or types[dimension][:4] == "ENUM"):
        raise UserError(
            f"{place}: {dimension} has the type {types[dimension]}, so almost every value is one"
            " person's. Choose a column with groups."
        )


def _check_condition(
    connection: duckdb.DuckDBPyConnection,
    specification: Specification,
    text: str,
    types: dict[str, str],
    key: str,
) -> None:
    """A condition is one expression over columns of the mart, and true or false."""
    place = f"{place_of(specification)}, {key}"
    check_expression(connection, text, types, place)
    for column in sorted(columns_of(connection, text)):
        if _IDENTIFIERS.fullmatch(column):
            raise UserError(
                f"{place} uses {column}, which identifies single persons or rows. Use columns with"
                " groups."
            )
    source = f"{identifier(specification.schema)}.{identifier(specification.table)}"
    described = run(connection, f"describe select ({text}\n) from {source}", specification)
    if described[0][1] != "BOOLEAN":
        raise UserError(f"{place} is no condition: {text}. Compare it, as in age > 0.")


def _check_columns(
    measure: Measure,
    types: dict[str, str],
    place: str,
    *,
    has_persons: bool,
) -> None:
    place = f"{place}, measure {measure.name}"
    used = (
        measure.column, measure.persons, measure.numerator, measure.denominator, measure.observed,
        measure.expected, measure.value, *(column for column, _ in measure.limits),
    )  # fmt: skip
    for column in filter(None, used):
        if column not in types:
            raise UserError(
                f"{place}: there is no column {column} in the mart. {nearest(column, types)}"
            )
        if not types[column].startswith((*WHOLE, "DOUBLE", "FLOAT", "DECIMAL")):
            raise UserError(f"{place}: {column} does not hold numbers. Choose a column of numbers.")
    counts = [measure.persons, measure.numerator, measure.denominator, measure.observed]
    if measure.kind == "count":
        counts.append(measure.column)
    for column in filter(None, counts):
        if not (column.startswith("n_") and types[column] in WHOLE):
            raise UserError(
                f"{place}: {column} is not a count. Choose a column of whole numbers that begins"
                " with n_."
            )
    wrong = _misfit(measure, has_persons=has_persons)
    if wrong:
        raise UserError(f"{place}: {wrong}")


def _misfit(measure: Measure, *, has_persons: bool) -> str:
    """What a measure asks that this kind of mart does not have."""
    needs_counts = (
        (measure.kind == "count" and measure.column is not None)
        or measure.numerator is not None
        or measure.persons is not None
        or measure.kind == "ratio"
    )
    if has_persons and needs_counts:
        return (
            "the mart has persons, who are counted one by one. Leave out column, persons,"
            " numerator and denominator; a ratio needs a mart of counts."
        )
    if has_persons:
        return ""
    if measure.kind == "count" and not measure.column:
        return "the mart has no persons. Name the column with the count, as in column: n_persons."
    if measure.kind == "mean" or measure.where:
        return "this needs a mart with persons, and this one has counts only."
    if measure.kind == "median" and not measure.persons:
        return "name the count behind the median, as in persons: n_observed."
    return ""


def _is_one_row_per_person(
    connection: duckdb.DuckDBPyConnection, specification: Specification
) -> bool:
    with _plain_errors(specification):
        return _has_distinct_persons(connection, specification.schema, specification.table)


@cache
def _has_distinct_persons(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether nobody is in two rows. Some persons at a time, so that memory stays bounded."""
    source, person = f"{identifier(schema)}.{identifier(table)}", identifier(PERSON)
    ((n_rows,),) = connection.execute(f"select count(*) from {source}").fetchall()
    n_parts = 1 + n_rows // _PERSONS_AT_ONCE
    sql = (
        f"select count({person}) = count(distinct {person}) from {source}"
        f" where hash({person}) % {n_parts} = ?"
    )
    return all(connection.execute(sql, [part]).fetchall() == [(True,)] for part in range(n_parts))


def _series_of_persons(
    specification: Specification,
) -> tuple[list[Series], list[str], list[str]]:
    """The counts of a mart with persons: all, those with a known answer, those with a yes."""
    base = next((m for m in specification.measures if m.kind == "count"), None)
    everyone = Series(
        base.name if base else "n_persons", base.label if base else "Persons", "persons"
    )
    series, conditions, values = [everyone], [], []
    for measure in specification.measures:
        if measure.where:
            known, yes = f"{measure.name}_n_observed", f"{measure.name}_n"
            conditions += [f"({measure.where}\n) is not null", f"({measure.where}\n)"]
            series += [
                Series(known, f"Persons observed: {measure.label}", f"c{len(conditions) - 2}",
                       everyone.name),
                Series(yes, f"Persons: {measure.label}", f"c{len(conditions) - 1}", known,
                       measure.may_be_all, is_yes=True),
            ]  # fmt: skip
        elif measure.kind in ("mean", "median") and measure.column not in values:
            values.append(str(measure.column))
            conditions.append(f"{identifier(str(measure.column))} is not null")
            series.append(
                Series(f"n_with_{measure.column}", f"Persons with a value: {measure.label}",
                       f"c{len(conditions) - 1}", everyone.name)
            )  # fmt: skip
    return series, conditions, values


def _series_of_rows(specification: Specification) -> tuple[list[Series], list[str], list[str]]:
    """The counts of a mart of counts: its columns, each once."""
    series: dict[str, Series] = {}
    for measure in specification.measures:
        if measure.kind == "count" and measure.column:
            series[measure.column] = Series(measure.name, measure.label, measure.column)
    for measure in specification.measures:
        for column in (measure.denominator, measure.persons, measure.observed):
            if column and column not in series:
                label = column.replace("_", " ").removeprefix("n ").capitalize()
                series[column] = Series(column, f"Number: {label}", column)
        if measure.numerator and measure.denominator:
            given = series.get(measure.numerator)
            series[measure.numerator] = Series(
                given.name if given else measure.numerator,
                given.label if given else f"Number: {measure.label}",
                measure.numerator,
                series[measure.denominator].name,
                measure.may_be_all,
                is_yes=True,
            )
    return list(series.values()), [], []
