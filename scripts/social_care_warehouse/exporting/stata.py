"""Writes a mart as a Stata file (format 118, Stata 14 and later), in bounded memory."""

from __future__ import annotations

import struct
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

LONGEST_TEXT = 2045
# The storage types of integers: numpy's, Stata's number, the largest value, the code for missing.
_INTEGERS = [
    ("<i1", 65530, -127, 100, 101),
    ("<i2", 65529, -32_767, 32_740, 32_741),
    ("<i4", 65528, -2_147_483_647, 2_147_483_620, 2_147_483_621),
]
_LONG_MISSING = 2_147_483_621
_DOUBLE_MISSING = "8.98846567431158e307"  # 2 to the power of 1023, as Stata has it
_TYPES = {"<i1": 65530, "<i2": 65529, "<i4": 65528, "<f8": 65526}
_NOTE = (
    "Missing is larger than any number in Stata: 'if years_child_in_need >= 1' also takes persons"
    " without any children in need record. Add '& !missing(years_child_in_need)'."
)


def write_stata(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    path: Path,
    notes: Sequence[str] = (),
    report: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Write marts.<mart> to `path`. `report` receives rows written and rows in all.

    Raises UserError for a text of more than 2,045 bytes.
    """
    variables = variables_of(connection, mart)
    n_rows, found = extents(connection, mart, variables)
    fields = [
        _field(variable, found.get(variable.column, Extent()), mart) for variable in variables
    ]
    with path.open("wb") as file:
        writer = _Writer(file)
        writer.header(len(fields), n_rows, f"marts.{mart}")
        writer.variables(fields)
        writer.notes([_NOTE, *notes])
        writer.mark("data")
        file.write(b"<data>")
        done = 0
        width = sum(
            int(field.dtype[2:] if field.dtype[0] == "<" else field.dtype[1:]) for field in fields
        )
        for records in batches(connection, mart, fields):
            file.write(records)
            done += len(records) // width
            report(done, n_rows)
        file.write(b"</data>")
        writer.mark("strls")
        file.write(b"<strls></strls>")
        writer.value_labels(fields)
        writer.close()


def _field(variable: Variable, extent: Extent, mart: str) -> Field:
    column = identifier(variable.column)
    if variable.kind == "text":
        if extent.n_bytes > LONGEST_TEXT:
            raise UserError(
                f"Column {variable.column} of marts.{mart} has a text of more than {LONGEST_TEXT}"
                " bytes, which a Stata file cannot hold. Export it as Parquet."
            )
        return Field(variable, f"coalesce({column}, '')", f"S{max(extent.n_bytes, 1)}")
    if variable.kind in ("boolean", "category"):
        code = f"enum_code({column})" if variable.kind == "category" else column
        return Field(variable, f"coalesce(cast({code} as tinyint), 101::tinyint)", "<i1")
    if variable.kind == "date":
        days = f"date_diff('day', date '1960-01-01', {column})"
        return Field(variable, f"coalesce({days}, {_LONG_MISSING})", "<i4")
    if variable.kind == "integer":
        for dtype, _, low, high, missing in _INTEGERS:
            if low <= extent.smallest and extent.largest <= high:
                return Field(variable, f"coalesce(cast({column} as bigint), {missing})", dtype)
    if variable.kind == "timestamp":
        column = f"epoch_ms({column}) + 315619200000"
    return Field(variable, f"coalesce(cast({column} as double), {_DOUBLE_MISSING})", "<f8")


class _Writer:
    """The parts of the file in their order, with the places at which they begin."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.places: dict[str, int] = {"stata_data": 0}

    def mark(self, part: str) -> None:
        self.places[part] = self.file.tell()

    def header(self, n_variables: int, n_rows: int, label: str) -> None:
        text = label.encode()[:80]
        self.file.write(
            b"<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>"
            + struct.pack("<H", n_variables) + b"</K><N>" + struct.pack("<Q", n_rows)
            + b"</N><label>" + struct.pack("<H", len(text)) + text
            + b"</label><timestamp>\0</timestamp></header>"
        )  # fmt: skip
        self.mark("map")
        self.file.write(b"<map>" + bytes(14 * 8) + b"</map>")

    def variables(self, fields: Sequence[Field]) -> None:
        types = b"".join(
            struct.pack("<H", _TYPES.get(field.dtype) or int(field.dtype[1:])) for field in fields
        )
        self._part("variable_types", types)
        self._part("varnames", b"".join(_padded(f.variable.name, 129) for f in fields))
        self._part("sortlist", bytes(2 * (len(fields) + 1)))
        self._part("formats", b"".join(_padded(_format(field), 57) for field in fields))
        labels = (_label_name(field.variable) for field in fields)
        self._part("value_label_names", b"".join(_padded(label, 129) for label in labels))
        texts = (_padded(field.variable.label, 321) for field in fields)
        self._part("variable_labels", b"".join(texts))

    def notes(self, notes: Sequence[str]) -> None:
        named = [("note0", str(len(notes)))]
        named += [(f"note{number}", note) for number, note in enumerate(notes, start=1)]
        parts = []
        for name, text in named:
            content = _padded("_dta", 129) + _padded(name, 129) + text.encode() + b"\0"
            parts.append(b"<ch>" + struct.pack("<I", len(content)) + content + b"</ch>")
        self._part("characteristics", b"".join(parts))

    def value_labels(self, fields: Sequence[Field]) -> None:
        labels = {_label_name(f.variable): f.variable.values for f in fields if f.variable.values}
        self._part("value_labels", b"".join(_label_table(*label) for label in labels.items()))

    def close(self) -> None:
        self.mark("stata_data_close")
        self.file.write(b"</stata_dta>")
        self.mark("end_of_file")
        self.file.seek(self.places["map"] + len(b"<map>"))
        self.file.write(struct.pack("<14Q", *self.places.values()))

    def _part(self, name: str, content: bytes) -> None:
        self.mark(name)
        self.file.write(f"<{name}>".encode() + content + f"</{name}>".encode())


def _padded(text: str, width: int) -> bytes:
    """Text in UTF-8, cut at a whole character, with at least one zero byte at its end."""
    return text.encode()[: width - 1].decode(errors="ignore").encode().ljust(width, b"\0")


def _format(field: Field) -> str:
    if field.variable.kind == "text":
        return f"%-{field.dtype[1:]}s"
    by_kind = {"date": "%td", "timestamp": "%tc", "number": "%10.0g"}
    return by_kind.get(field.variable.kind, "%8.0g")


def _label_name(variable: Variable) -> str:
    if variable.kind == "boolean":
        return "no_yes"
    return variable.name if variable.values else ""


def _label_table(name: str, values: Sequence[str]) -> bytes:
    texts = [value.encode() + b"\0" for value in values]
    offsets = [sum(map(len, texts[:n])) for n in range(len(texts))]
    table = (
        struct.pack("<II", len(texts), sum(map(len, texts)))
        + struct.pack(f"<{len(texts)}I", *offsets)
        + struct.pack(f"<{len(texts)}i", *range(len(texts)))
        + b"".join(texts)
    )
    return (
        b"<lbl>" + struct.pack("<I", len(table)) + _padded(name, 129) + bytes(3) + table + b"</lbl>"
    )
