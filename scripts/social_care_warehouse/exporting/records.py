"""Rows of a mart as fixed-width binary records, batch by batch, so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from social_care_warehouse.exporting.variables import Variable
from social_care_warehouse.sql_text import identifier

ROWS_PER_BATCH = 50_000


@dataclass(frozen=True)
class Field:
    """One variable in a record: how SQL gives its value, and how numpy stores it."""

    variable: Variable
    sql: str  # never NULL: a missing value is already the program's own code for one
    dtype: str
    padding: bytes = b"\0"


@dataclass(frozen=True)
class Extent:
    """What a column holds: the smallest and largest integer, and the longest text in bytes."""

    smallest: int = 0
    largest: int = 0
    n_bytes: int = 0


def extents(
    connection: duckdb.DuckDBPyConnection, mart: str, variables: list[Variable]
) -> tuple[int, dict[str, Extent]]:
    """The number of rows of a mart, and the extent of each integer and text column: one scan."""
    asked = [variable for variable in variables if variable.kind in ("integer", "text")]
    parts = ["count(*)"]
    for variable in asked:
        column = identifier(variable.column)
        if variable.kind == "integer":
            parts += [f"coalesce(min({column}), 0)", f"coalesce(max({column}), 0)"]
        else:
            parts += ["0", f"coalesce(max(strlen({column})), 0)"]
    query = f"select {', '.join(parts)} from marts.{identifier(mart)}"
    (row,) = connection.execute(query).fetchall()
    found = {}
    for variable, low, high in zip(asked, row[1::2], row[2::2], strict=True):
        is_text = variable.kind == "text"
        found[variable.column] = Extent(n_bytes=high) if is_text else Extent(low, high)
    return row[0], found


def batches(
    connection: duckdb.DuckDBPyConnection, mart: str, fields: list[Field]
) -> Iterator[bytes]:
    """The records of a mart, some ten thousand at a time."""
    columns = ", ".join(f"{field.sql} as f{n}" for n, field in enumerate(fields))
    layout = np.dtype([(f"f{n}", field.dtype) for n, field in enumerate(fields)])
    query = f"select {columns} from marts.{identifier(mart)}"
    reader = connection.sql(query).to_arrow_reader(ROWS_PER_BATCH)
    for batch in reader:
        records = np.zeros(batch.num_rows, dtype=layout)
        for n, field in enumerate(fields):
            records[f"f{n}"] = _values(batch.column(n), field)
        yield records.tobytes()


def _values(column: Any, field: Field) -> Any:
    if field.variable.kind != "text":
        return column.to_numpy(zero_copy_only=False)
    width = int(field.dtype[1:])
    texts = column.cast(pa.binary()).to_numpy(zero_copy_only=False)
    if field.padding == b"\0":
        return np.array(texts, dtype=f"S{width}")
    return np.array([text.ljust(width, field.padding) for text in texts], dtype=f"S{width}")
