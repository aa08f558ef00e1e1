"""Extracts written by hand: each cell of a mart that the rules of outcomes give for them."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
from commands import run_script

HERE = Path(__file__).parent / "data" / "outcomes_by_hand"
MARTS = ("person_outcome", "person_school_year", "exclusion", "offence_occasion")


def shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").removesuffix(".")
    return "NULL" if value is None else str(value)


def test_each_cell_has_the_value_that_was_written_down_first(tmp_path: Path) -> None:
    database = tmp_path / "warehouse.duckdb"
    built = run_script("build", HERE / "extracts", "--database", database, "--select", *MARTS)
    assert built.returncode == 0, built.stdout + built.stderr
    wrong = []
    with (
        duckdb.connect(database, read_only=True) as warehouse,
        (HERE / "expected.csv").open() as file,
    ):
        for cell in csv.DictReader(file):
            pupil, _, year = cell["key"].partition("|")
            found = warehouse.execute(
                f"select {cell['column']} from marts.{cell['mart']} where pupil_id = ?"
                + (" and academic_year = ?" if year else ""),
                [pupil, year] if year else [pupil],
            ).fetchall()
            expected = cell["value"].removesuffix(".0")
            if [shown(row[0]) for row in found] != [expected]:
                wrong.append((cell["rule"], cell["key"], cell["column"]))
    assert not wrong
