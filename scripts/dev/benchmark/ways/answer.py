"""The answer of a warehouse, as the other ways write theirs."""

from __future__ import annotations

from pathlib import Path

import duckdb


def write_answer(database: Path) -> None:
    with duckdb.connect(str(database), read_only=True) as warehouse:
        warehouse.execute(
            "copy (select pupil_id, cast(highest_intervention as varchar) as highest_intervention"
            " from marts.person_highest_intervention) to 'answer.parquet' (format parquet)"
        )
