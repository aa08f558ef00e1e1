"""Whether two ways gave the same answer, row for row."""

from __future__ import annotations

from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError
from social_care_warehouse.loading.sql import literal

ANSWER_NAMES = ("answer.parquet", "answer.csv")


class DisagreementError(Exception):
    """Two ways differ; said in counts only, for an answer holds persons."""


def answer_in(folder: Path) -> Path:
    """The answer that a contender wrote in its folder."""
    for name in ANSWER_NAMES:
        if (folder / name).exists():
            return folder / name
    raise UserError(f"No answer was written in {folder}.")


def check_same(name: str, answer: Path, other_name: str, other: Path) -> None:
    """Compare two answers row for row. Raises DisagreementError."""
    config = {"temp_directory": str(answer.parent / "spill"), "memory_limit": "4GB"}
    with duckdb.connect(config=config) as connection:
        for table, path in (("one", answer), ("another", other)):
            connection.execute(f"create view {table} as {_rows(path)}")
        n_one, n_another, n_different = connection.execute(
            """
            select
                count(*) filter (where one.pupil_id is not null),
                count(*) filter (where another.pupil_id is not null),
                count(*) filter (
                    where one.highest_intervention is distinct from another.highest_intervention
                )
            from one full outer join another on one.pupil_id = another.pupil_id
            """
        ).fetchall()[0]
        n_rows = [
            connection.execute(f"select count(*) from {table}").fetchall()[0][0]
            for table in ("one", "another")
        ]
    # A pupil twice on one side would be counted twice by the join, or be no pupil at all.
    if n_different or n_rows != [n_one, n_another] or n_one != n_another:
        raise DisagreementError(
            f"{name} and {other_name} do not give the same answer: {n_rows[0]:,} and"
            f" {n_rows[1]:,} rows, of which {n_different:,} pupils have another answer or none."
        )


def _rows(path: Path) -> str:
    if path.suffix == ".csv":
        return f"select * from read_csv({literal(path)}, header = true, all_varchar = true)"
    return f"select * from read_parquet({literal(path)})"
