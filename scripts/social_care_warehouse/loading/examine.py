"""What the values of a file show: damaged identifiers, unreadable columns, the order of dates.

One query over the rows counts all of it. Only counts and names of columns leave the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import duckdb

from social_care_warehouse.loading.sql import statement
from social_care_warehouse.loading.survey import RecognisedFile

# Fewer typed values in a row are not a sign that the row holds labels.
FEWEST_LABELS = 3
# Labels are in the first rows, right below the header.
ROWS_OF_LABELS = 3
# A row of fewer columns can have a value in the first of them alone.
FEWEST_COLUMNS_OF_ROWS = 5
# Rows are counted by groups of identifiers first, because there are too many identifiers.
N_GROUPS = 1024
# One identifier in ten of 16 digits ends in a zero by chance.
FEWEST_LONG_IDENTIFIERS = 10


@dataclass(frozen=True)
class ColumnFindings:
    """Counts for one column."""

    column: str
    kind: str
    n_values: int = 0  # not blank
    n_damaged: int = 0  # identifiers that lost digits
    n_long: int = 0  # identifiers of more than 15 characters
    n_largest_group: int = 0  # rows of the most frequent group of identifiers
    n_most: int = 0  # rows of one identifier, where they are too many for one person
    n_cut: int = 0  # and those of them that have zeros after 15 digits
    n_unlike: int = 0  # not of the type that the column should have
    n_day_first: int = 0  # dates that must be day first, and dates that must be month first
    n_month_first: int = 0
    n_hour_early: int = 0  # times of 23:00

    @property
    def is_mostly_damaged(self) -> bool:
        """Whether most identifiers lost digits."""
        return 2 * self.n_damaged > self.n_values

    @property
    def is_mostly_cut(self) -> bool:
        """Whether most long identifiers have zeros after 15 digits."""
        return self.n_long >= FEWEST_LONG_IDENTIFIERS and 2 * self.n_cut > self.n_long

    @property
    def is_mostly_unlike(self) -> bool:
        """Whether most values are not of the type that the column should have."""
        return 2 * self.n_unlike > self.n_values

    @property
    def is_month_first(self) -> bool:
        """Whether the values prove that the month comes first."""
        return self.n_month_first > self.n_day_first


@dataclass(frozen=True)
class Findings:
    """Counts for one file."""

    n_rows: int
    columns: tuple[ColumnFindings, ...] = ()
    n_label_rows: int = 0  # rows of which no typed value can be read
    n_lone_values: int = 0  # rows with a value in the first column alone
    years: tuple[int, int, int] | None = field(default=None)  # first, last, how many

    @property
    def damaged(self) -> list[ColumnFindings]:
        """The columns with identifiers that lost digits."""
        return [column for column in self.columns if column.n_damaged]


def examine(
    connection: duckdb.DuckDBPyConnection,
    file: RecognisedFile,
    source: str,
    values: Mapping[str, object],
    *,
    in_full: bool,
) -> Findings:
    """Count what the rows of a file show; identifiers only, unless `in_full`.

    `source` is SQL that gives the rows, with cells called cell_1 and so on.
    """
    typed = {
        cell: (column, kind)
        for cell, (column, kind) in _cells_with_a_kind(file).items()
        if in_full or kind == "identifier"
    }
    measures: dict[str, str] = {}
    for cell, (_, kind) in typed.items():
        measures |= {f"{cell} {name}": sql for name, sql in _measures(cell, kind).items()}
    if in_full:
        measures |= {
            f"{cell} n_largest_group": _largest_group(cell)
            for cell, (_, kind) in typed.items()
            if kind == "identifier"
        }
        # A damaged column is noticed only if its values are read.
        cells = (f"cell_{position}" for position in range(1, len(file.fit.columns) + 1))
        measures |= {cell: f"max(length({cell}))" for cell in cells if cell not in typed}
    n_columns = len(file.fit.columns)
    # A list of pupils can say nothing more of a pupil.
    if n_columns >= FEWEST_COLUMNS_OF_ROWS and not file.dataset.layout.is_last_choice:
        measures["lone values"] = _lone_values(n_columns)
    if in_full:
        measures["label rows"] = _label_rows(typed)
    year = next((cell for cell, (_, kind) in typed.items() if kind == "years"), None)
    if year:
        measures["first year"] = f"min(first_year({year}))"
        measures["last year"] = f"max(first_year({year}))"
        measures["years"] = f"count(distinct first_year({year}))"
    query = statement(
        "examine_rows", source=source, measures=",\n    ".join(measures.values()) or "null"
    )
    row = connection.execute(query, dict(values)).fetchone() or ()
    found = dict(zip(measures, row[1:], strict=False))
    return Findings(
        n_rows=row[0],
        columns=tuple(
            ColumnFindings(
                column,
                kind,
                n_largest_group=found.get(f"{cell} n_largest_group") or 0,
                **{name: found[f"{cell} {name}"] for name in _measures(cell, kind)},
            )
            for cell, (column, kind) in typed.items()
        ),
        n_label_rows=found.get("label rows", 0),
        n_lone_values=found.get("lone values", 0),
        years=(found["first year"], found["last year"], found["years"])
        if found.get("years")
        else None,
    )


def count_label_rows(
    connection: duckdb.DuckDBPyConnection,
    file: RecognisedFile,
    source: str,
    values: Mapping[str, object],
) -> int:
    """How many of the rows hold labels: no date, year, flag or number can be read in them."""
    measure = _label_rows(_cells_with_a_kind(file))
    query = statement("examine_rows", source=source, measures=measure)
    row = connection.execute(query, dict(values)).fetchone() or (0, 0)
    return int(row[1])


def with_placeholders(
    connection: duckdb.DuckDBPyConnection,
    file: RecognisedFile,
    source: str,
    values: Mapping[str, object],
    findings: Findings,
) -> Findings:
    """The findings with the rows of identifiers that are on more rows than a person can have.

    The rows are read once more only where a group of identifiers has that many.
    """
    columns = []
    for column in findings.columns:
        found = column
        if _is_of_persons(column, file) and _is_too_many(column.n_largest_group, column, file):
            cell = f"cell_{file.fit.columns.index(column.column) + 1}"
            query = statement("most_frequent", source=source, cell=cell)
            n_most = (connection.execute(query, dict(values)).fetchone() or (0,))[0]
            found = replace(column, n_most=n_most if _is_too_many(n_most, column, file) else 0)
        columns.append(found)
    return replace(findings, columns=tuple(columns))


def _is_of_persons(column: ColumnFindings, file: RecognisedFile) -> bool:
    """Whether a column has the pupils, or in offences the persons, of the rows."""
    name = column.column.lower()
    is_pupil = name.endswith("pupilmatchingrefanonymous")
    return is_pupil or (name == "mojuid" and file.dataset.name == "offence")


def _is_too_many(n_rows: int, column: ColumnFindings, file: RecognisedFile) -> bool:
    """Whether one value is on more rows than a person can have, as in placeholder_finding."""
    least = file.dataset.layout.n_rows_of_placeholder
    return (n_rows >= least and 20 * n_rows >= column.n_values) or (
        n_rows >= 10 * least and 200 * n_rows >= column.n_values
    )


def _cells_with_a_kind(file: RecognisedFile) -> dict[str, tuple[str, str]]:
    """The column and kind of each cell, as far as more is known of it than that it holds a code."""
    kinds = file.dataset.kinds
    return {
        f"cell_{position}": (column or "", kind)
        for position, column in enumerate(file.fit.columns, start=1)
        if (kind := kinds.get(column or "", "code")) != "code"
    }


def _measures(cell: str, kind: str) -> dict[str, str]:
    conditions = {"n_values": f"not is_blank({cell})"}
    if kind == "identifier":
        conditions["n_damaged"] = f"is_damaged_identifier({cell})"
        conditions["n_long"] = f"length({cell}) > 15"
        conditions["n_cut"] = f"is_cut_identifier({cell})"
    else:
        conditions["n_unlike"] = f"not is_blank({cell}) and not is_a_{kind}({cell})"
    if kind == "date":
        conditions["n_day_first"] = f"is_first_over_12({cell})"
        conditions["n_month_first"] = f"is_second_over_12({cell})"
        conditions["n_hour_early"] = f"is_an_hour_early({cell})"
    return {name: f"count(*) filter (where {sql})" for name, sql in conditions.items()}


def _largest_group(cell: str) -> str:
    group = f"histogram(hash({cell}) % {N_GROUPS}) filter (where not is_blank({cell}))"
    return f"list_max(map_values({group}))"


def _lone_values(n_columns: int) -> str:
    """SQL that counts rows with a value in the first column alone, as notes below a table have."""
    others = " and ".join(f"coalesce(cell_{number}, '') = ''" for number in range(2, n_columns + 1))
    return f"count(*) filter (where {others} and coalesce(cell_1, '') <> '')"


def _label_rows(typed: Mapping[str, tuple[str, str]]) -> str:
    """SQL that counts rows with labels in typed columns and no value of the type of its column."""
    others = {cell: kind for cell, (_, kind) in typed.items() if kind != "identifier"}
    if len(others) < FEWEST_LABELS:
        return "0"
    cells_of_kind: dict[str, list[str]] = {}
    for cell, kind in others.items():
        cells_of_kind.setdefault(kind, []).append(cell)
    points = (
        f"list_sum(list_transform([{', '.join(cells)}],"
        f" lambda cell: label_points(cell, is_a_{kind}(cell), {len(others)})))"
        for kind, cells in cells_of_kind.items()
    )
    return f"count(*) filter (where {' + '.join(points)} >= {FEWEST_LABELS})"
