"""A released table as the page shows it: arranged for its part of the page, with cells as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from social_care_warehouse.outputs.table import HIDDEN, Cell, ReleasedColumn, ReleasedTable
from social_care_warehouse.reporting.content import Part

# A longer table is folded, so that a reader can get past it.
LONGEST_OPEN_TABLE = 40
NO_NUMBER = "\N{EN DASH}"

Row = tuple[Cell, ...]


@dataclass(frozen=True)
class ShownColumn:
    """The heading of a column."""

    label: str
    is_number: bool


@dataclass(frozen=True)
class ShownTable:
    """A table as the page shows it: all cells as text."""

    id: str
    title: str
    note: str
    columns: Sequence[ShownColumn]
    rows: Sequence[Sequence[str]]
    n_headings: int

    @property
    def is_long(self) -> bool:
        """Whether the page shows the table folded."""
        return len(self.rows) > LONGEST_OPEN_TABLE


def shown_tables(part: Part, table: ReleasedTable, part_id: str) -> list[ShownTable]:
    """The tables of a part; if the part asks for it, one for each value of a column."""
    column = part.one_table_for_each
    return [
        _shown_table(
            part,
            replace(
                table, title=f"{table.title}: {value}" if column else table.title, rows=tuple(rows)
            ),
            f"{part_id}-table-{number}",
        )
        for number, (value, rows) in enumerate(split(table, table.rows, column), start=1)
    ]


def _shown_table(part: Part, table: ReleasedTable, table_id: str) -> ShownTable:
    """A released table with all its cells as text, as the part wants it arranged."""
    columns, rows = (_spread if part.across else _as_it_is)(part, table)
    headings = [not column.is_number for column in columns]
    return ShownTable(
        id=table_id, title=table.title, note=table.population, columns=columns, rows=rows,
        n_headings=[*headings, False].index(False),
    )  # fmt: skip


def places_to_show(part: Part, table: ReleasedTable) -> list[int]:
    """The columns that are wanted, without those that are in a heading above the table."""
    in_heading = (part.one_for_each, part.one_table_for_each)
    return [
        place
        for place, column in enumerate(table.columns)
        if (column.name in part.columns or not part.columns) and column.name not in in_heading
    ]


def _as_it_is(part: Part, table: ReleasedTable) -> tuple[list[ShownColumn], list[list[str]]]:
    """A line for each row."""
    places = places_to_show(part, table)
    columns = [_shown_column(part, table.columns[place]) for place in places]
    rows = [
        [as_text(row[place], table.columns[place].kind) for place in places] for row in table.rows
    ]
    return columns, rows


def _spread(part: Part, table: ReleasedTable) -> tuple[list[ShownColumn], list[list[str]]]:
    """One column for each value of the column `across`; its cells hold one or two numbers."""
    across = place_of(table, str(part.across))
    left = [
        place
        for place in places_to_show(part, table)
        if table.columns[place].kind == "dimension" and place != across
    ]
    cells = [place_of(table, name) for name in part.cells]
    with_numbers = [row for row in table.rows if any(row[place] is not None for place in cells)]
    headings = list(dict.fromkeys(str(row[across]) for row in with_numbers))
    lines: dict[tuple[str, ...], dict[str, str]] = {}
    for row in table.rows:
        numbers = [as_text(row[place], table.columns[place].kind) for place in cells]
        line = lines.setdefault(tuple(str(row[place]) for place in left), {})
        line[str(row[across])] = _together(numbers)
    columns = [_shown_column(part, table.columns[place]) for place in left]
    columns += [ShownColumn(heading, is_number=True) for heading in headings]
    rows = [
        [*line, *(numbers.get(heading, NO_NUMBER) for heading in headings)]
        for line, numbers in lines.items()
    ]
    return columns, rows


def _together(numbers: Sequence[str]) -> str:
    """A count, with its per cent in brackets where there is one."""
    first, *others = numbers
    shown = [number for number in others if number not in (NO_NUMBER, HIDDEN)]
    return f"{first} ({', '.join(shown)})" if shown else first


def _shown_column(part: Part, column: ReleasedColumn) -> ShownColumn:
    return ShownColumn(part.labels.get(column.name, column.label), column.kind != "dimension")


def as_text(cell: Cell, kind: str) -> str:
    """A cell as the page shows it."""
    if cell is None:
        return NO_NUMBER
    if isinstance(cell, str):
        return cell
    return f"{cell:,.1f}" if kind == "percent" else f"{cell:,.10g}"


def place_of(table: ReleasedTable, name: str) -> int:
    """The position of a column in each row."""
    return [column.name for column in table.columns].index(name)


def split(
    table: ReleasedTable, rows: Iterable[Row], column: str | None
) -> Iterable[tuple[str, list[Row]]]:
    """The rows for each value of a column, in the order of the table; all of them without one."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row[place_of(table, column)]) if column else "", []).append(row)
    return groups.items()


def in_order(rows: Iterable[Row], place: int, order: Sequence[str]) -> list[Row]:
    """Rows in the order given for the values of one column; values without a place come last."""
    rank = {value: number for number, value in enumerate(order)}
    return sorted(rows, key=lambda row: rank.get(str(row[place]), len(rank)))


def is_number(table: ReleasedTable, place: int) -> bool:
    """Whether a column holds numbers."""
    return table.columns[place].kind != "dimension"
