"""Measures a warehouse of synthetic extracts and compares it with published figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
from rich.table import Table

from social_care_warehouse.console import console
from social_care_warehouse.sql_text import literal

HERE = Path(__file__).parent
CSV_FILES = {
    "band": "bands.csv",
    "outcome_figure": "outcome_figures.csv",
    "known_gap": "known_gaps.csv",
    "held_out": "held_out.csv",
}
# What is printed, by its title.
SCREEN = {
    "England, published and synthetic, years ending 31 March": "from counts_and_medians",
    "Shares in per cent: published / synthetic": "select * exclude (first_line), null from"
    " (pivot (select * exclude (shares) from margins) on reporting_year using any_value(shown))"
    " order by first_line",
    "Of all children, per cent": "select * replace (format('{:.1f}', synthetic) as synthetic), null"
    " from childhood",
    "England, published and synthetic, school years": "from outcomes",
    "Schooling and offending: figures to which nothing was fitted": "from not_fitted",
}
WORDS = ("series", "category", "group", "what", "figure", "source", "verdict")


class Report:
    """The measures of one warehouse, in tables of their own connection."""

    def __init__(
        self, database: Path, truth_dir: Path, children_per_pupil: float, chance_errors: float
    ) -> None:
        self.children_per_pupil = children_per_pupil
        self.connection = duckdb.connect()
        run = self.connection.execute
        run(f"attach {literal(database)} as wh (read_only)")
        for name in ("person", "referral", "plan", "care_period"):
            path = literal(truth_dir / f"{name}.parquet")
            run(f"create temp view truth_{name} as from read_parquet({path})")
        run("set variable chance_errors = ?", [chance_errors])
        run("set variable children_per_pupil = ?", [children_per_pupil])
        for name, file in CSV_FILES.items():
            path = literal(HERE / file)
            run(f"create temp table {name} as from read_csv({path}, header = true)")
        for script in sorted((HERE / "sql").glob("*.sql")):
            run(script.read_text(encoding="utf-8"))

    def verdicts(self, comparison: str) -> dict[str, int]:
        """The number of figures with each verdict in `comparison` or `outcome_comparison`."""
        query = f"select verdict, count(*) from {comparison} where synthetic is not null"
        return dict(self.connection.execute(f"{query} group by all order by all").fetchall())

    def print_tables(self) -> None:
        """Print every table."""
        for title, query in SCREEN.items():
            result = self.connection.execute(query)
            table = Table(title=title)
            for name, *_ in result.description[:-1]:
                table.add_column(name, justify="left" if name in WORDS else "right")
            last = None
            for first, *cells, style in result.fetchall():
                table.add_row("" if first == last else first, *cells, style=style)
                last = first
            console.print(table)

    def print_known_gaps(self) -> None:
        """Print the figures that are outside their band, with the reason why that is known."""
        for (sentence,) in self.connection.execute("from known_gaps").fetchall():
            console.print(sentence, soft_wrap=True)

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write the comparison as CSV, and all of it as JSON."""
        csv_path, json_path = folder / "realism.csv", folder / "realism.json"
        self.connection.execute(
            f"copy (from comparison order by line) to {literal(csv_path)} (header)"
        )
        content = {
            "children_per_pupil": self.children_per_pupil,
            "verdicts": self.verdicts("comparison"),
            "comparison": records(self.connection, "from comparison order by line"),
            "outcome_verdicts": self.verdicts("outcome_comparison"),
            "outcomes": records(self.connection, "from outcome_comparison order by all"),
            "childhood": records(self.connection, "from childhood"),
        }
        json_path.write_text(json.dumps(content, indent=1), encoding="utf-8")
        return csv_path, json_path


def records(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """The rows of a query, with the names of their columns."""
    result = connection.execute(query)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
