"""Writes a mart as an SPSS file (.sav, UTF-8), in bounded memory."""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import duckdb

from social_care_warehouse.console import UserError
from social_care_warehouse.exporting.records import (
    Extent,
    Field,
    batches,
    extents,
)
from social_care_warehouse.exporting.variables import Variable, variables_of
from social_care_warehouse.sql_text import identifier

LONGEST_TEXT = 255
MISSING = -sys.float_info.max
_SECONDS_TO_1970 = 141_428 * 86_400  # from 14 October 1582, where SPSS counts from
_TEXT, _NUMBER, _DATE, _DATETIME = 1, 5, 23, 22  # formats: A, F, ADATE, DATETIME


def write_spss(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    path: Path,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Write marts.<mart> to `path`. `report` receives rows written and rows in all.

    Raises UserError for a text of more than 255 bytes.
    """
    variables = variables_of(connection, mart)
    n_rows, found = extents(connection, mart, variables)
    fields = [
        _field(variable, found.get(variable.column, Extent()), mart) for variable in variables
    ]
    width = sum(map(_n_bytes, fields))
    with path.open("wb") as file:
        _write_header(file, f"marts.{mart}", n_rows, width // 8)
        for number, field in enumerate(fields, start=1):
            _write_variable(file, number, field)
        _write_value_labels(file, fields)
        _write_extensions(file, fields, n_rows)
        file.write(struct.pack("<ii", 999, 0))
        done = 0
        for records in batches(connection, mart, fields):
            file.write(records)
            done += len(records) // width
            report(done, n_rows)


def _field(variable: Variable, extent: Extent, mart: str) -> Field:
    column = identifier(variable.column)
    if variable.kind == "text":
        if extent.n_bytes > LONGEST_TEXT:
            raise UserError(
                f"Column {variable.column} of marts.{mart} has a text of more than {LONGEST_TEXT}"
                " bytes, which this SPSS export does not write. Export it as Stata or Parquet;"
                " SPSS reads Stata files."
            )
        width = 8 * math.ceil(max(extent.n_bytes, 1) / 8)
        return Field(variable, f"coalesce({column}, '')", f"S{width}", padding=b" ")
    if variable.kind == "category":
        column = f"enum_code({column})"
    elif variable.kind in ("date", "timestamp"):
        column = f"epoch({column}) + {_SECONDS_TO_1970}"
    return Field(variable, f"coalesce(cast({column} as double), {MISSING!r}::double)", "<f8")


def _n_bytes(field: Field) -> int:
    return int(field.dtype[1:]) if field.variable.kind == "text" else 8


def _write_header(file: BinaryIO, label: str, n_rows: int, n_elements: int) -> None:
    product = "@(#) SPSS DATA FILE social_care_warehouse"
    file.write(
        b"$FL2"
        + product.encode().ljust(60)
        + struct.pack("<iiiii", 2, n_elements, 0, 0, n_rows)
        + struct.pack("<d", 100.0)
        + b"01 Jan 70"
        + b"00:00:00"
        + label.encode()[:64].ljust(64)
        + bytes(3)
    )


def _write_variable(file: BinaryIO, number: int, field: Field) -> None:
    # A text takes elements of 8 bytes: 32 of them have room for 256, but SPSS allows 255.
    n_bytes = _n_bytes(field)
    width = min(n_bytes, LONGEST_TEXT) if field.variable.kind == "text" else 0
    label = field.variable.label.encode()[:255]
    file.write(struct.pack("<iiiiii", 2, width, 1, 0, *[_format(field, width)] * 2))
    file.write(_short_name(number).encode().ljust(8))
    file.write(struct.pack("<i", len(label)) + label.ljust(4 * math.ceil(len(label) / 4), b"\0"))
    for _ in range(n_bytes // 8 - 1):
        file.write(struct.pack("<iiiiii", 2, -1, 0, 0, 0, 0) + b" " * 8)


def _format(field: Field, width: int) -> int:
    kind, columns, decimals = {
        "text": (_TEXT, width, 0),
        "date": (_DATE, 10, 0),
        "timestamp": (_DATETIME, 20, 0),
        "number": (_NUMBER, 12, 4),
    }.get(field.variable.kind, (_NUMBER, 12, 0))
    return kind << 16 | columns << 8 | decimals


def _write_value_labels(file: BinaryIO, fields: Sequence[Field]) -> None:
    place = 1
    for field in fields:
        values = field.variable.values
        if values:
            file.write(struct.pack("<ii", 3, len(values)))
            for code, text in enumerate(values):
                label = bytes([len(text.encode())]) + text.encode()
                file.write(struct.pack("<d", code) + label.ljust(8 * math.ceil(len(label) / 8)))
            file.write(struct.pack("<iii", 4, 1, place))
        place += _n_bytes(field) // 8


def _write_extensions(file: BinaryIO, fields: Sequence[Field], n_rows: int) -> None:
    _extension(file, 3, struct.pack("<8i", 1, 0, 0, -1, 1, 1, 2, 65001), size=4)
    lowest = math.nextafter(MISSING, 0)
    _extension(file, 4, struct.pack("<3d", MISSING, sys.float_info.max, lowest), size=8)
    shown = [value for field in fields for value in (_measure(field.variable), 12, 0)]
    _extension(file, 11, struct.pack(f"<{len(shown)}i", *shown), size=4)
    names = (
        f"{_short_name(number)}={field.variable.name}" for number, field in enumerate(fields, 1)
    )
    _extension(file, 13, "\t".join(names).encode())
    _extension(file, 16, struct.pack("<qq", 1, n_rows), size=8)
    _extension(file, 20, b"UTF-8")


def _extension(file: BinaryIO, subtype: int, content: bytes, size: int = 1) -> None:
    file.write(struct.pack("<iiii", 7, subtype, size, len(content) // size) + content)


def _measure(variable: Variable) -> int:
    """1 nominal, 2 ordinal, 3 scale."""
    if variable.kind == "category":
        return 2
    return 1 if variable.kind in ("boolean", "text") else 3


def _short_name(number: int) -> str:
    return f"V{number}"
