"""Small deliveries to load, and what the loader made of them."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from commands import WIDE, run

from social_care_warehouse.console import PROJECT_DIR
from social_care_warehouse.loading.column_seeds import read_datasets
from social_care_warehouse.loading.columns import Dataset
from social_care_warehouse.sql_text import literal

DATASETS = {dataset.name: dataset for dataset in read_datasets()}
LOAD_SCRIPT = PROJECT_DIR / "scripts" / "load.py"

PUPIL_HEADER = ("PupilMatchingRefAnonymous", "MoJUID", "YearOfBirth")
PUPILS = [("P1", "M1", "1999"), ("P2", "", "2001"), ("P3", "M3", " ")]

# A made-up dataset, for rules that do not depend on any real one.
VISIT_SEED = """dataset,column_name,alias,is_required
visit,visit_id,visit_id,true
visit,pupil_id,pupil_id,true
visit,pupil_id,PupilRef,true
visit,note,note,false
"""


def header_of(name: str, *, required_only: bool = False) -> list[str]:
    """The columns of a dataset under their canonical names."""
    dataset: Dataset = DATASETS[name]
    return [c for c in dataset.columns if c in dataset.required or not required_only]


def rows_of(header: Sequence[str], n_rows: int = 3) -> list[list[str]]:
    """Rows in which every value is different."""
    return [[f"v{row}_{column}" for column in range(len(header))] for row in range(n_rows)]


def as_text(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    delimiter: str = ",",
    line_end: str = "\n",
    quoting: int = csv.QUOTE_MINIMAL,
) -> str:
    """Delimited text, as Python's csv module writes it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


PUPILS_TEXT = as_text(PUPIL_HEADER, PUPILS)


def put(
    folder: Path,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]] | None = None,
    **how: Any,
) -> None:
    """Write a file of delimited text; without rows said, some in which every value differs."""
    rows = rows_of(header) if rows is None else rows
    (folder / name).write_text(as_text(header, rows, **how), encoding="utf-8", newline="")


def parquet(header: Sequence[str], rows: Sequence[Sequence[str]], **how: Any) -> bytes:
    """The bytes of a Parquet file of text columns."""
    out = io.BytesIO()
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    pq.write_table(pa.table(columns, names=list(header)), out, **how)
    return out.getvalue()


def write_pupils(folder: Path, name: str = "pupils.csv", rows: Sequence = PUPILS) -> Path:
    """A small population file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(as_text(PUPIL_HEADER, rows), encoding="utf-8", newline="")
    return path


def write_seed(folder: Path, text: str = VISIT_SEED) -> Path:
    """A seed of column aliases."""
    path = folder / "aliases.csv"
    path.write_text(text, encoding="utf-8")
    return path


def query(database: Path, sql: str) -> list[tuple]:
    """The rows of a query on a loaded database.

    To attach a file is quicker than a connection of its own.
    """
    connection = _in_memory()
    connection.execute(f"attach {literal(database)} as loaded (read_only)")
    try:
        connection.execute("use loaded")
        return connection.execute(sql).fetchall()
    finally:
        connection.execute("use memory")
        connection.execute("detach loaded")


@cache
def _in_memory() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def delivered_rows(database: Path, table: str) -> list[tuple]:
    """A table's rows in the order of the file, without their provenance."""
    return query(
        database,
        f"select * exclude (_source_file, _source_line, _source_row, _loaded_at) from raw.{table} "
        "order by _source_file, _source_row",
    )


def files_beside(database: Path) -> list[str]:
    """What is in the database's folder."""
    return sorted(path.name for path in database.parent.iterdir())


def run_load(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    ours = WIDE | environment
    return run(sys.executable, LOAD_SCRIPT, *arguments, timeout=120, environment=ours)
