"""Compares both warehouses with the truth. All counting is in `sql/`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from dev.misclassification.releases import Release
from dev.realism.report import records
from social_care_warehouse.sql_text import literal
from social_care_warehouse.synthesis.generate import SETTINGS_DIR

LIVES = ("person", "plan", "referral", "care_period", "care_episode")
# Each is written as CSV, and all together as JSON.
TABLES = ("confusion", "too_low_by_category", "too_low_by_birth_year", "seen")
ONLY_IN_JSON = ("too_low_of_all", "release_changes_category", "outside_population", "item")

Row = dict[str, Any]


class Comparison:
    """The tables of the comparison, as lists of rows."""

    def __init__(self, releases: Sequence[Release]) -> None:
        latest, every = releases
        self.connection = duckdb.connect()
        run = self.connection.execute
        run(f"attach {literal(latest.database)} as latest (read_only)")
        run(f"attach {literal(every.database)} as every (read_only)")
        run(f"create view extract as from read_csv({literal(SETTINGS_DIR / 'extract.csv')})")
        # The lives are the same in both releases, so the truth of one is enough.
        for name in LIVES:
            run(f"create view truth_{name} as from {literal(every.truth / f'{name}.parquet')}")
        for script in sorted((Path(__file__).parent / "sql").glob("*.sql")):
            run(script.read_text(encoding="utf-8"))
        self.tables = {
            name: records(self.connection, f"from {name}") for name in (*TABLES, *ONLY_IN_JSON)
        }

    def rows(self, table: str, **where: object) -> list[Row]:
        """The rows of a table, or those in which the named columns have these values."""
        return [
            row
            for row in self.tables[table]
            if all(row[column] == value for column, value in where.items())
        ]

    def row(self, table: str, **where: object) -> Row:
        """The only row with these values."""
        (row,) = self.rows(table, **where)
        return row

    def write(self, folder: Path, pupils: int, seed: int) -> list[Path]:
        """Write each table as CSV, and everything as misclassification.json."""
        paths = []
        for name in TABLES:
            paths.append(folder / f"{name}.csv")
            self.connection.execute(f"copy {name} to {literal(paths[-1])} (header)")
        paths.append(folder / "misclassification.json")
        content = {"synthetic": True, "pupils": pupils, "seed": seed} | self.tables
        paths[-1].write_text(json.dumps(content, indent=1), encoding="utf-8")
        return paths
