"""What a researcher reads when a build ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from rich.table import Table
from rich.text import Text

from social_care_warehouse.building.run_dbt import DbtRun
from social_care_warehouse.console import Console

_TABLE_READ = re.compile(r"\b(?:from|join) ((?:quality|marts)\.\w+)")

SQL_DIR = Path(__file__).parent / "sql"
KINDS_SHOWN = 8
WARNINGS = "quality.warning"

# Heading of each column and its decimals; None is text.
ROWS_COLUMNS = {
    "dataset": None, "lines": 0, "loaded": 0, "rejected": 0,
    "linked": 0, "not linked": 0, "persons": 0,
}  # fmt: skip
PERSONS_COLUMNS = {"category": None, "persons": 0, "per cent": 1}
TABLES_COLUMNS = {"table": None, "rows": 0}


@dataclass(frozen=True)
class Summary:
    """The counts of a warehouse. They are read before it is swapped in and shown afterwards."""

    rows_by_dataset: Sequence[tuple[Any, ...]]
    persons_by_category: Sequence[tuple[Any, ...]]
    tables: Sequence[tuple[Any, ...]]
    warnings: Sequence[tuple[Any, ...]]


def read_summary(database: Path) -> Summary:
    """Read what the summary shows, as far as its tables were built."""
    with duckdb.connect(database, read_only=True) as connection:
        built = {
            f"{schema}.{table}"
            for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables() union all"
                " select schema_name, view_name from duckdb_views()"
            ).fetchall()
        }

        def rows(name: str) -> list[tuple[Any, ...]]:
            query = (SQL_DIR / f"{name}.sql").read_text(encoding="utf-8")
            if not set(_TABLE_READ.findall(query)) <= built:
                return []
            return connection.execute(query).fetchall()

        return Summary(
            rows_by_dataset=rows("rows_by_dataset"),
            persons_by_category=rows("persons_by_category"),
            tables=rows("marts"),
            warnings=rows("warnings"),
        )


def print_summary(summary: Summary, run: DbtRun, missing: Sequence[str], console: Console) -> None:
    """Rows in and out, persons by category, tables to read, warnings and checks.

    What reads a table that was not built is left out.
    """
    delivered = [row for row in summary.rows_by_dataset if row[1] is not None]
    if delivered:
        console.print(_table("Rows of your files", ROWS_COLUMNS, delivered))
    absent = [row[0] for row in summary.rows_by_dataset if row[1] is None]
    if absent:
        console.print(f"Not delivered: {', '.join(absent)}.\n", markup=False, soft_wrap=True)
    if summary.persons_by_category:
        console.print(
            _table(
                "Persons by highest intervention (marts.person_highest_intervention)",
                PERSONS_COLUMNS,
                summary.persons_by_category,
            )
        )
    console.print(_table("Tables to read", TABLES_COLUMNS, summary.tables))
    console.print(
        "The schema quality shows what was excluded, missing or contradictory. lookups holds the"
        " code lists.\n"
    )
    _print_missing(missing, console)
    _print_warnings(summary.warnings, console)
    _print_tests(run, console, has_warnings=WARNINGS not in missing)


def _print_missing(missing: Sequence[str], console: Console) -> None:
    """Say which tables to read were not built, and what that hides."""
    marts = [name.split(".")[1] for name in missing if name.startswith("marts.")]
    if marts:
        console.print(f"Marts not built: {', '.join(marts)}.", markup=False, soft_wrap=True)
    if WARNINGS in missing:
        console.print(
            f"{WARNINGS} was not built, because it reads more than the chosen marts. Build without"
            " --select to see all warnings about your data.\n",
            markup=False,
            soft_wrap=True,
        )


def _table(title: str, columns: dict[str, int | None], rows: Sequence[tuple[Any, ...]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for heading, decimals in columns.items():
        table.add_column(heading, justify="left" if decimals is None else "right")
    for row in rows:
        table.add_row(*(
            Text(str(value)) if decimals is None else _number(value, decimals)
            for value, decimals in zip(row, columns.values(), strict=True)
        ))  # fmt: skip
    return table


def _number(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:,.{decimals}f}"


def _print_warnings(warnings: Sequence[tuple[Any, ...]], console: Console) -> None:
    if not warnings:
        return
    console.print("[bold]Warnings about the data[/bold] (one of each kind, most important first)")
    for message, source_table, n_of_kind in warnings[:KINDS_SHOWN]:
        more = f" And {n_of_kind - 1} more of this kind." if n_of_kind > 1 else ""
        line = Text.assemble(f"  - {message}{more} ", (f"See {source_table}.", "dim"))
        console.print(line, soft_wrap=True)
    n_warnings = sum(n_of_kind for *_, n_of_kind in warnings)
    console.print(f"quality.warning has all {n_warnings} warnings, of {len(warnings)} kinds.\n")


def _print_tests(run: DbtRun, console: Console, *, has_warnings: bool) -> None:
    n_logic = run.count_tests("logic", "pass")
    n_data = run.count_tests("data")
    n_warned = run.count_tests("data", "warn")
    console.print(f"All {n_logic} checks of the warehouse itself passed.")
    if not n_data:
        return
    if n_warned:
        where = " See quality.warning." if has_warnings else ""
        console.print(f"{n_warned} of {n_data} data checks raised warnings.{where}")
    else:
        console.print(f"All {n_data} data checks passed.")
