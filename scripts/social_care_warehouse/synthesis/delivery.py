"""Writes one batch of children after another, so that any number of them fits in memory."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from social_care_warehouse.sql_text import literal

POPULATION_NAME = "population.csv"
TRUTH_DIR = "truth"

# The view that holds each file, in the order of its rows.
CLA_VIEW, CIN_VIEW, POPULATION_VIEW = (
    "delivered_cla",
    "delivered_cin",
    "delivered_population",
)
TRUTH_FILES = ("person", "referral", "plan", "care_period", "care_episode", "dirty_row")
# Only the release of all episodes says why an episode began and what an assessment found.
ONLY_IN_ALL_EPISODES = {
    "delivered_cla": ("CLA_RNE",),
    "delivered_cin": ("CIN_AssessmentFactors",),
}


def csv_names(until: int) -> dict[str, str]:
    """The name of the file of each view, if the last school year ends in this year."""
    return {
        CLA_VIEW: f"CLA_2006_to_{until}.csv",
        CIN_VIEW: f"CIN_08-09_to_{(until - 2) % 100:02}-{(until - 1) % 100:02}.csv",
        POPULATION_VIEW: POPULATION_NAME,
    }


class Delivery:
    """The files of one output, which grow with every batch."""

    def __init__(self, folder: Path, parts: Path, release: str, until: int) -> None:
        self.folder = folder
        self.parts = parts
        self.release = release
        self.names = csv_names(until)
        self.rows = dict.fromkeys(self.names.values(), 0)
        self.batches = 0
        (folder / TRUTH_DIR).mkdir(parents=True)
        parts.mkdir()

    def add_batch(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Append the batch that the views now show."""
        connection.execute("set variable cla_rows_before = ?", [self.rows[self.names[CLA_VIEW]]])
        connection.execute("set variable cin_rows_before = ?", [self.rows[self.names[CIN_VIEW]]])
        for view, file_name in self.names.items():
            part = self.parts / file_name
            written = connection.execute(
                f"copy (select {self._columns(view)} from {view}) to {literal(part)}"
                f" (format csv, header {self.batches == 0}, delimiter ',')"
            ).fetchall()
            self.rows[file_name] += written[0][0]
            with part.open("rb") as source, (self.folder / file_name).open("ab") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            part.unlink()
        for name in TRUTH_FILES:
            copy_to_parquet(connection, f"truth_{name}", truth_part(self.parts, name, self.batches))
        self.batches += 1

    def finish(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make one file of each truth, in the order of the batches."""
        for name in TRUTH_FILES:
            parts = [str(truth_part(self.parts, name, number)) for number in range(self.batches)]
            connection.execute("set variable parts = ?", [parts])
            copy_to_parquet(
                connection,
                "read_parquet(getvariable('parts'), hive_partitioning = false)",
                self.folder / TRUTH_DIR / f"{name}.parquet",
            )

    def _columns(self, view: str) -> str:
        left_out = ONLY_IN_ALL_EPISODES.get(view, ())
        if self.release == "all-episodes" or not left_out:
            return "*"
        return f"* exclude ({', '.join(left_out)})"


def truth_part(parts: Path, name: str, number: int) -> Path:
    """The file for the truth of one batch."""
    return parts / f"{name}-{number:04}.parquet"


def copy_to_parquet(connection: duckdb.DuckDBPyConnection, source: str, path: Path) -> None:
    """Write a table, a view or a function of a table to one Parquet file."""
    connection.execute(
        f"copy (from {source}) to {literal(path)} (format parquet, compression zstd)"
    )
