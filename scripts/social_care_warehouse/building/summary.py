"""What a researcher reads when a build ends."""

from __future__ import annotations

from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from social_care_warehouse.building.run_dbt import DbtRun

SQL_DIR = Path(__file__).parent / "sql"
WARNINGS_SHOWN = 8


def print_summary(database: Path, console: Console) -> None:
    """Rows in and out, persons per category, tables made, and what to know about the data."""
    with duckdb.connect(str(database), read_only=True) as connection:
        console.print(_table(connection, "rows_by_dataset", "Rows", {
            "dataset": None, "lines in files": 0, "loaded": 0, "rejected": 0,
            "linked to a person": 0, "no pupil reference": 0,
        }))  # fmt: skip
        console.print(_table(connection, "persons_by_category", "Highest intervention", {
            "category": None, "persons": 0, "per cent": 1,
        }))  # fmt: skip
        console.print(_table(connection, "marts", "Tables to read", {"table": None, "rows": 0}))
        _print_warnings(connection, console)


def print_tests(run: DbtRun, console: Console) -> None:
    """Which tests are of our own logic and which of the user's data, and what they came to."""
    n_logic = run.count_tests(is_of_user_data=False, status="pass")
    n_data = run.count_tests(is_of_user_data=True)
    n_found = run.count_tests(is_of_user_data=True, status="warn")
    console.print(f"{n_logic} checks of our own logic passed: the warehouse is built as it should.")
    if n_found:
        console.print(
            f"{n_found} of {n_data} checks of your data found something: see quality.warning."
        )
    else:
        console.print(f"{n_data} checks of your data found nothing odd.")


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple]:
    return connection.execute((SQL_DIR / f"{name}.sql").read_text(encoding="utf-8")).fetchall()


def _table(
    connection: duckdb.DuckDBPyConnection, name: str, title: str, columns: dict[str, int | None]
) -> Table:
    """A table of a query's rows; columns map a heading to its decimals, None for text."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for heading, decimals in columns.items():
        table.add_column(heading, justify="left" if decimals is None else "right")
    for row in _rows(connection, name):
        table.add_row(*(
            str(value) if decimals is None else f"{value or 0:,.{decimals}f}"
            for value, decimals in zip(row, columns.values(), strict=True)
        ))  # fmt: skip
    return table


def _print_warnings(connection: duckdb.DuckDBPyConnection, console: Console) -> None:
    warnings = _rows(connection, "warnings")
    if not warnings:
        console.print("Nothing odd was found in the data.\n")
        return
    console.print("[bold]To know about the data[/bold] (most harmful first; quality.warning has all)")
    for message, source_table in warnings[:WARNINGS_SHOWN]:
        console.print(f"  • {message} [dim]See {source_table}.[/dim]", soft_wrap=True)
    if len(warnings) > WARNINGS_SHOWN:
        console.print(f"  • … and {len(warnings) - WARNINGS_SHOWN} more.")
    console.print()
