"""What kind of file a delivered file is, and what its header says."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import duckdb

from social_care_warehouse.console import UserError
from social_care_warehouse.engine import OFFLINE
from social_care_warehouse.loading.columns import Dataset
from social_care_warehouse.loading.sql import any_file_name_pattern, statement

TEXT_SUFFIXES = (".csv", ".txt", ".tsv")
LONGEST_HEADER = 1 << 20
GZIP_MAGIC = b"\x1f\x8b"
DELIMITERS = (",", "\t")
# Not read, but known when seen.
OTHER_DELIMITERS = {";": "semicolons", "|": "vertical bars"}
# So far down a header is looked for where the first line is none.
MOST_LINES_ABOVE = 10
_LINE_END = re.compile(r"\r\n|\n|\r")


class NotOursError(Exception):
    """The file is none that a dataset could be read from; its text says why."""


@dataclass(frozen=True)
class Header:
    """How a delivered file is to be read, and the names at its top."""

    format: str  # "csv" for delimited text, or "parquet"
    cells: tuple[str, ...]
    is_compressed: bool = False
    delimiter: str | None = None
    encoding: str | None = None  # utf-8 until the whole file was seen to be something else
    has_old_line_ends: bool = False  # lines ended by a carriage return alone
    # What the first lines would be as a header: line, delimiter, cells.
    other_readings: tuple[tuple[int, str, tuple[str, ...]], ...] = ()


def has_readable_name(path: Path) -> bool:
    """Whether the name promises delimited text or Parquet."""
    name = path.name.lower().removesuffix(".gz")
    is_gzip = path.name.lower().endswith(".gz")
    return name.endswith(TEXT_SUFFIXES) or (name.endswith(".parquet") and not is_gzip)


def read_header(path: Path, name: str, datasets: Sequence[Dataset]) -> Header:
    """Read the top of a file.

    Raises NotOursError with the reason when no dataset could be in it, UserError when it should be
    readable but is broken.
    """
    try:
        with path.open("rb") as file:
            start = file.read(2)
        if not start:
            raise NotOursError("empty file")
        if path.name.lower().endswith(".parquet"):
            return _parquet_header(path, name)
        if path.name.lower().endswith(".gz") and start != GZIP_MAGIC:
            raise UserError(f"{name} is not a gzip file although its name says so.")
        is_compressed = start == GZIP_MAGIC
        with open_text(path, is_compressed=is_compressed) as file:
            top = file.read(LONGEST_HEADER)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise UserError(f"{name} is cut off or damaged: it cannot be unzipped.") from None
    except OSError:
        raise UserError(f"{name} cannot be opened.") from None
    return _text_header(top, datasets, is_compressed=is_compressed)


def open_text(path: Path, *, is_compressed: bool) -> BinaryIO:
    """Open the bytes of a text file, unzipped."""
    return gzip.open(path, "rb") if is_compressed else path.open("rb")  # type: ignore[return-value]


def _text_header(top: bytes, datasets: Sequence[Dataset], *, is_compressed: bool) -> Header:
    encoding = _encoding_of(top)
    is_utf_8 = encoding == "utf-8"
    # Cut off in the middle of a character, the last one may be wrong; the header is long over by
    # then.
    whole_text = top.decode(encoding, errors="replace").removeprefix("\ufeff")
    text = whole_text.lstrip("\r\n")
    if not text.strip():
        raise NotOursError("empty file")
    has_old_line_ends = "\r" in text and "\n" not in text
    if "\n" not in text and "\r" not in text and len(top) >= LONGEST_HEADER:
        raise NotOursError("its first line is too long for a header")
    candidates = [_cells(text, delimiter) for delimiter in DELIMITERS]
    delimiter, cells = max(
        zip(DELIMITERS, candidates, strict=True),
        key=lambda candidate: (_n_known(candidate[1], datasets), len(candidate[1])),
    )
    if any("\0" in cell for cell in cells):
        raise NotOursError("not a delimited text or Parquet file")
    if is_utf_8 and any("\ufffd" in cell for cell in cells):
        text = top.decode("latin-1").lstrip("\r\n")
        cells = _cells(text, delimiter)
    return Header(
        format="csv",
        cells=tuple(cells),
        is_compressed=is_compressed,
        delimiter=delimiter,
        encoding=encoding,
        has_old_line_ends=has_old_line_ends,
        other_readings=tuple(_other_readings(whole_text)),
    )


def _other_readings(text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    lines = _LINE_END.split(text, MOST_LINES_ABOVE + 1)[: MOST_LINES_ABOVE + 1]
    for number, line in enumerate(lines, start=1):
        for delimiter in (*DELIMITERS, *OTHER_DELIMITERS):
            if delimiter in line:
                with suppress(NotOursError):
                    yield number, delimiter, tuple(_cells(line, delimiter))


def _encoding_of(top: bytes) -> str:
    if top.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise NotOursError("not a delimited text or Parquet file")
    if top.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if top.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    # Without a mark, two-byte text gives itself away: every second byte of a header is zero.
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
        raise NotOursError("not a delimited text or Parquet file") from None


def _n_known(cells: Sequence[str], datasets: Sequence[Dataset]) -> int:
    return max(
        sum(dataset.canonical_name(cell) is not None for cell in cells) for dataset in datasets
    )


def _parquet_header(path: Path, name: str) -> Header:
    try:
        with duckdb.connect(config=OFFLINE) as connection:
            nodes = connection.execute(
                statement("parquet_columns"), {"path": any_file_name_pattern(path)}
            ).fetchall()
    except (duckdb.Error, UnicodeError):
        raise UserError(f"{name} cannot be read as a Parquet file.") from None
    return Header(format="parquet", cells=tuple(_top_level_names(nodes)))


def _top_level_names(nodes: list[tuple[str, int]]) -> list[str]:
    """The names of the columns themselves, without those of nested values inside them."""
    names = []
    position = 1
    while position < len(nodes):
        names.append(nodes[position][0])
        unseen = 1
        while unseen:
            unseen += nodes[position][1] - 1
            position += 1
    return names
