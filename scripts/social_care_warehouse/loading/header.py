"""Finds the kind of a delivered file, and the names in its header."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

import duckdb

from social_care_warehouse.console import UserError
from social_care_warehouse.engine import OFFLINE
from social_care_warehouse.loading.columns import Dataset, matching_form
from social_care_warehouse.loading.engine_files import engine_path
from social_care_warehouse.loading.names import LONGEST_NAME, is_name_with, is_showable
from social_care_warehouse.loading.sql import statement

TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
LONGEST_HEADER = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"
DELIMITERS = (",", "\t")
# Recognised, but not read.
OTHER_DELIMITERS = {";": "semicolons", "|": "vertical bars"}
# If the first line is not a header, the search for one ends at this line.
MOST_LINES_ABOVE = 10
# Many other names begin with a shorter one, such as LA.
SHORTEST_NAME = 6
# A shorter value is part of many names, such as F.
SHORTEST_VALUE = 3
# A header is as wide as one of this many lines below it, or its names are not shown.
LINES_TO_COMPARE = 5
_LINE_END = re.compile(r"\r\n|\n|\r")


class NotReadableError(Exception):
    """No dataset can be read from the file; the text of the error says why."""


@dataclass(frozen=True)
class Header:
    """How to read a delivered file, and the names in its header."""

    path: Path
    name: str  # of the file, as it can be shown
    format: str  # "csv" for delimited text, or "parquet"
    cells: tuple[str, ...]
    is_compressed: bool = False
    delimiter: str = ","
    encoding: str | None = None  # utf-8 until the whole file was seen to be something else
    has_old_line_ends: bool = False  # lines ended by a carriage return alone
    # Parquet columns, counted from 0, of old timestamps: times in UTC that are not marked as such.
    old_timestamps: frozenset[int] = frozenset()
    # Whether one of the next lines has as many cells. If none has, the header can be damaged, and
    # its cells can be values.
    fits_a_line: bool = True
    # Cells, counted from 1, that can hold a value: alone, or joined to a name.
    in_doubt: frozenset[int] = frozenset()
    # What the first lines would be as a header: line, delimiter, cells.
    other_readings: tuple[tuple[int, str, tuple[str, ...]], ...] = ()

    def can_be_shown(self, position: int) -> bool:
        """Whether a header cell, counted from 1, can only be a name and no value."""
        is_in_doubt = position in self.in_doubt
        return self.fits_a_line and not is_in_doubt and is_showable(self.cells[position - 1])

    def shown(self, position: int) -> str:
        """The name of a column if it can be shown; otherwise its position."""
        name = self.cells[position - 1].strip()
        if self.can_be_shown(position):
            return name
        return f"column {position} (its name is not shown)" if name else f"column {position}"


def has_readable_name(path: Path) -> bool:
    """Whether the name promises delimited text or Parquet."""
    name = path.name.lower().removesuffix(".gz")
    is_gzip = path.name.lower().endswith(".gz")
    return name.endswith(TEXT_SUFFIXES) or (name.endswith(".parquet") and not is_gzip)


def read_header(path: Path, name: str, datasets: Sequence[Dataset]) -> Header:
    """Read the top of a file.

    Raises NotReadableError with the reason when no dataset can be in it, UserError when it should
    be readable but is damaged.
    """
    try:
        with path.open("rb") as file:
            start = file.read(2)
        if not start:
            raise NotReadableError("empty file")
        if path.name.lower().endswith(".parquet"):
            return _parquet_header(path, name, datasets)
        if path.name.lower().endswith(".gz") and start != GZIP_MAGIC:
            raise UserError(
                f"{name} is not a gzip file although its name ends in .gz. Rename it, or copy it"
                " again."
            )
        is_compressed = start == GZIP_MAGIC
        with (
            path.open("rb") as file,
            open_text(file, is_compressed=is_compressed) as text,
        ):
            top = text.read(LONGEST_HEADER)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise cannot_unzip(name) from None
    except OSError:
        raise UserError(f"{name} cannot be opened. Check that you may read it.") from None
    return _text_header(path, name, top, datasets, is_compressed=is_compressed)


def cannot_unzip(name: str) -> UserError:
    """The sentence for a gzip file that is not whole."""
    return UserError(f"{name} is cut off or damaged: it cannot be unzipped. Copy it again.")


@contextmanager
def open_text(file: BinaryIO, *, is_compressed: bool) -> Iterator[BinaryIO]:
    """The bytes of an open text file, unzipped."""
    if not is_compressed:
        yield file
        return
    with gzip.GzipFile(fileobj=file, mode="rb") as unzipped:
        yield cast("BinaryIO", unzipped)


def _text_header(
    path: Path, name: str, top: bytes, datasets: Sequence[Dataset], *, is_compressed: bool
) -> Header:
    encoding = _encoding_of(top)
    is_utf_8 = encoding == "utf-8"
    # The last character can be cut in two; the header is long over by
    # then.
    whole_text = top.decode(encoding, errors="replace").removeprefix("\ufeff")
    text = whole_text.lstrip("\r\n")
    if not text.strip():
        raise NotReadableError("empty file")
    has_old_line_ends = "\r" in text and "\n" not in text
    if "\n" not in text and "\r" not in text and len(top) >= LONGEST_HEADER:
        raise NotReadableError("its first line is too long for a header")
    candidates = [_cells(text, delimiter) for delimiter in DELIMITERS]
    delimiter, cells = max(
        zip(DELIMITERS, candidates, strict=True),
        key=lambda candidate: (_n_known(candidate[1], datasets), len(candidate[1])),
    )
    if any("\0" in cell for cell in cells):
        raise NotReadableError("not a delimited text or Parquet file")
    if is_utf_8 and any("\ufffd" in cell for cell in cells):
        text = top.decode("latin-1").lstrip("\r\n")
        cells = _cells(text, delimiter)
    lines_below = _lines_below(text, delimiter)
    return Header(
        path,
        name,
        format="csv",
        cells=tuple(cells),
        is_compressed=is_compressed,
        delimiter=delimiter,
        encoding=encoding,
        has_old_line_ends=has_old_line_ends,
        fits_a_line=any(len(line) == len(cells) for line in lines_below),
        in_doubt=_in_doubt(cells, frozenset(_values(lines_below, cells, datasets)), datasets),
        other_readings=tuple(_other_readings(whole_text)),
    )


def _lines_below(text: str, delimiter: str) -> list[list[str]]:
    """The cells of the first lines below the header, up to one that cannot be read."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    found: list[list[str]] = []
    with suppress(csv.Error):
        found.extend(islice(lines, 1 + LINES_TO_COMPARE))
    return found[1:]


def _values(
    lines: Sequence[list[str]], header: list[str], datasets: Sequence[Dataset]
) -> Iterator[str]:
    """The cells of lines, without lines that repeat the header, and without known names."""
    names = [cell.lower() for cell in header]
    for line in lines:
        if [cell.lower() for cell in line] != names:
            for cell in map(str.strip, line):
                if cell and not any(dataset.meaning(cell) for dataset in datasets):
                    yield cell


def _in_doubt(
    cells: Sequence[str], values_below: frozenset[str], datasets: Sequence[Dataset]
) -> frozenset[int]:
    """The cells, counted from 1, that can hold a value: known names never do."""
    longer_values = [value for value in values_below if len(value) >= SHORTEST_VALUE]
    return frozenset(
        position
        for position, cell in enumerate(map(str.strip, cells), start=1)
        if not any(dataset.meaning(cell) for dataset in datasets)
        and (
            cell in values_below
            or any(value in cell for value in longer_values)
            or _begins_with_name(cell, datasets)
        )
    )


def _begins_with_name(cell: str, datasets: Sequence[Dataset]) -> bool:
    """Whether a cell is a known name, not a short one, and more that is no usual ending of it."""
    name = cell[: LONGEST_NAME + 1]
    return any(
        not is_name_with(name[:end], name[end:]) and dataset.meaning(name[:end])
        for end in range(SHORTEST_NAME, len(name))
        if len(matching_form(name[:end])) >= SHORTEST_NAME
        for dataset in datasets
    )


def _other_readings(text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    lines = _LINE_END.split(text, MOST_LINES_ABOVE + 1)[: MOST_LINES_ABOVE + 1]
    for number, line in enumerate(lines, start=1):
        for delimiter in (*DELIMITERS, *OTHER_DELIMITERS):
            if delimiter in line:
                with suppress(NotReadableError):
                    yield number, delimiter, tuple(_cells(line, delimiter))


def _encoding_of(top: bytes) -> str:
    if top.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise NotReadableError("not a delimited text or Parquet file")
    if top.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if top.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    # Two-byte text without a mark: every second byte of its header is zero.
    first, second = top[0:32:2], top[1:32:2]
    if len(second) >= 4 and not any(second) and all(first):
        return "utf-16-le"
    if len(second) >= 4 and not any(first) and all(second):
        return "utf-16-be"
    return "utf-8"


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (csv.Error, StopIteration):
        raise NotReadableError("not a delimited text or Parquet file") from None


def _n_known(cells: Sequence[str], datasets: Sequence[Dataset]) -> int:
    return max(sum(dataset.meaning(cell) is not None for cell in cells) for dataset in datasets)


def _parquet_header(path: Path, name: str, datasets: Sequence[Dataset]) -> Header:
    try:
        with duckdb.connect(config=OFFLINE) as connection, engine_path(path) as readable:
            nodes = connection.execute(statement("parquet_columns"), {"path": readable}).fetchall()
    except (duckdb.Error, OSError):
        raise UserError(
            f"{name} cannot be read as a Parquet file. Copy it again, or make it again."
        ) from None
    columns = list(_top_level_columns(nodes))
    cells = tuple(column for column, _ in columns)
    return Header(
        path,
        name,
        format="parquet",
        cells=cells,
        in_doubt=_in_doubt(cells, frozenset(), datasets),
        old_timestamps=frozenset(
            position for position, (_, is_old) in enumerate(columns) if is_old
        ),
    )


def _top_level_columns(nodes: Sequence[tuple[str, int, bool]]) -> Iterator[tuple[str, bool]]:
    """The columns themselves, without the nested values inside them."""
    position = 1
    while position < len(nodes):
        name, _, is_old_timestamp = nodes[position]
        yield name, is_old_timestamp
        unseen = 1
        while unseen:
            unseen += nodes[position][1] - 1
            position += 1
