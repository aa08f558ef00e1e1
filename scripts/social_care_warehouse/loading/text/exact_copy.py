"""The copy that exact reading makes: rows, rejected lines, and where they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

# How much of a rejected line is kept: enough to recognise it, too little to fill a disk.
LONGEST_KEPT_TEXT = 100_000
# The number of rejected lines of a file that are kept one by one, give or take a bulk of lines. The
# others are counted: a file of millions of short lines would take far longer than one of rows.
MOST_KEPT_LINES = 100_000

# Every rejected line is one value, so its delimiter must be in none that is not quoted.
REJECTED_DELIMITER = b"\x1f"


@dataclass(frozen=True)
class CopyFiles:
    """The open files of a copy."""

    rows: BinaryIO
    rejected: BinaryIO  # the text of every rejected line
    stretches: BinaryIO  # from which rejected line on: the line in the file, and the reason
    gaps: BinaryIO  # from which row on: how many lines above it are not rows


@dataclass(frozen=True)
class CopyPaths:
    """Where a copy is."""

    folder: Path

    @property
    def rows(self) -> Path:
        return self.folder / "rows.csv"

    @property
    def rejected(self) -> Path:
        return self.folder / "rejected.csv"

    @property
    def stretches(self) -> Path:
        return self.folder / "stretches.csv"

    @property
    def gaps(self) -> Path:
        return self.folder / "gaps.csv"

    @contextmanager
    def open(self) -> Iterator[CopyFiles]:
        """Open all files for writing."""
        with (
            self.rows.open("wb") as rows,
            self.rejected.open("wb") as rejected,
            self.stretches.open("wb") as stretches,
            self.gaps.open("wb") as gaps,
        ):
            yield CopyFiles(rows, rejected, stretches, gaps)


@dataclass
class CountedLines:
    """Rejected lines of one reason that are not kept one by one."""

    first_line: int
    n_lines: int = 0


@dataclass(frozen=True)
class ExactCopy:
    """What exact reading made of a file, and where it put it."""

    paths: CopyPaths
    n_rows: int
    rejected: dict[str, int]  # the number of rejected lines for each reason
    counted: dict[str, CountedLines]  # by reason: those of them that are not kept one by one
    n_stretches: int  # of neighbouring lines that are kept and were rejected for one reason
    n_blank_lines: int
    has_gaps: bool  # whether a row comes after a line that is not a row

    @property
    def n_rejected(self) -> int:
        """How many lines are rejected."""
        return sum(self.rejected.values())

    @property
    def n_kept(self) -> int:
        """How many rejected lines are kept one by one."""
        return self.n_rejected - sum(counted.n_lines for counted in self.counted.values())

    @property
    def n_lines(self) -> int:
        """How many lines are rows or rejected."""
        return self.n_rows + self.n_rejected


class CopyWriter:
    """Writes a copy: rows as they are, and all other lines where their reasons can be found."""

    def __init__(self, paths: CopyPaths, files: CopyFiles) -> None:
        self.n_rows = 0
        self.n_rejected = 0
        self._paths = paths
        self._files = files
        self._rejected: Counter[str] = Counter()
        self._counted: dict[str, CountedLines] = {}
        self._n_blank_lines = 0
        self._n_stretches = 0
        self._has_gaps = False
        self._is_after_gap = False
        self._next_stretch: tuple[int, str] | None = None  # the line and reason that continue one

    @property
    def line(self) -> int:
        """The number of the next line; the header is line 1, and a record counts once."""
        return self.n_rows + self.n_rejected + self._n_blank_lines + 2

    @property
    def is_full(self) -> bool:
        """Whether further rejected lines are counted and not kept one by one."""
        return self.n_rejected >= MOST_KEPT_LINES

    def start(self, header: bytes) -> None:
        """Write the header that DuckDB passes over."""
        self._files.rows.write(header)

    def take_rows(self, rows: bytes, n_rows: int) -> None:
        """Write rows."""
        if self._is_after_gap:
            n_before = self.n_rejected + self._n_blank_lines
            self._files.gaps.write(b"%d,%d\n" % (self.n_rows + 1, n_before))
            self._is_after_gap = False
            self._has_gaps = True
        self._files.rows.write(rows)
        self.n_rows += n_rows

    def pass_blank_lines(self, n_lines: int) -> None:
        """Count lines that are blank."""
        self._n_blank_lines += n_lines
        self._is_after_gap = True

    def reject(self, reason: str, lines: bytes, n_lines: int) -> None:
        """Keep lines that are not rows, or count them."""
        if self.is_full:
            self._counted.setdefault(reason, CountedLines(self.line)).n_lines += n_lines
        else:
            self._keep(reason, _as_values(lines) if n_lines > 1 else _as_value(lines))
        self.n_rejected += n_lines
        self._rejected[reason] += n_lines
        self._next_stretch = (self.line, reason)
        self._is_after_gap = True

    def _keep(self, reason: str, lines: bytes) -> None:
        if (self.line, reason) != self._next_stretch:
            stretch = f"{self.n_rejected + 1},{self.line},{reason}\n"
            self._files.stretches.write(stretch.encode())
            self._n_stretches += 1
        self._files.rejected.write(lines)

    def result(self) -> ExactCopy:
        """What was written."""
        return ExactCopy(
            self._paths,
            n_rows=self.n_rows,
            rejected=dict(self._rejected),
            counted=self._counted,
            n_stretches=self._n_stretches,
            n_blank_lines=self._n_blank_lines,
            has_gaps=self._has_gaps,
        )


def _as_value(record: bytes) -> bytes:
    """A rejected line as a value for DuckDB; much of it can be left out."""
    start = record[: LONGEST_KEPT_TEXT * 4].rstrip(b"\r\n")
    text = start.decode("utf-8", "replace").replace("\0", "\u2400")[:LONGEST_KEPT_TEXT]
    return b'"' + text.replace('"', '""').encode() + b'"\n'


def _as_values(lines: bytes) -> bytes:
    """Lines as a column of values for DuckDB, one for each line."""
    lines = lines.replace(b"\r\n", b"\n").replace(b"\0", "\u2400".encode())
    if any(sign in lines for sign in (b'"', b"\r", REJECTED_DELIMITER)):
        lines = b'"' + lines[:-1].replace(b'"', b'""').replace(b"\n", b'"\n"') + b'"\n'
    return lines
