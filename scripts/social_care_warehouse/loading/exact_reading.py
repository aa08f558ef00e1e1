"""The slow way through a text file that is not plain: line by line, and nothing is lost.

Writes an even copy of the lines that are rows, which DuckDB then reads, and keeps the others aside
with their reasons. The rules are those of RFC 4180 and of Python's csv module: a value is quoted
when a quote is its first character, a quote inside it is doubled, any other quote is a character
like any other. Where a quote is never closed, or something follows a closed one, only the line on
which it opens is set aside, so that one stray quote cannot swallow the rest of a file.
"""

from __future__ import annotations

import codecs
import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from social_care_warehouse.console import UserError
from social_care_warehouse.loading.columns import matching_form
from social_care_warehouse.loading.delivery import DeliveredFile
from social_care_warehouse.loading.headers import open_text
from social_care_warehouse.loading.text_scan import (
    BLOCK,
    LONGEST_LINE,
    QUOTED_SPAN,
    bytes_except,
    longest_name,
    not_the_encoding,
    skeleton,
)
from social_care_warehouse.loading.utf_8_lines import is_utf_8

# As much of a rejected line as is kept: enough to see what it is, too little to fill a disk.
LONGEST_KEPT_TEXT = 100_000

_Write = Callable[[bytes], object]

TOO_FEW = "too few columns"
TOO_MANY = "too many columns"
NOT_CLOSED = "quote not closed"
TEXT_AFTER_QUOTE = "text after a closing quote"
NUL_BYTE = "a NUL byte in it"
NOT_UTF_8 = "bytes in it that are not UTF-8"
TOO_LONG = "line too long"
HEADER_REPEATED = "header repeated"


@dataclass(frozen=True)
class ExactCopy:
    """What exact reading made of a file, and where it put it."""

    rows_path: Path
    rejected_path: Path
    gaps_path: Path
    n_rows: int
    rejected: dict[str, int]  # the number of lines set aside for each reason
    n_blank_lines: int
    has_gaps: bool  # whether a row comes after a line that is none

    @property
    def n_rejected(self) -> int:
        return sum(self.rejected.values())

    @property
    def n_lines(self) -> int:
        return self.n_rows + self.n_rejected


def copy_exactly(file: DeliveredFile, encoding: str, folder: Path) -> ExactCopy:
    """Read a file line by line and write its rows, its other lines and their places into a folder.

    Raises UserError when the file cannot be read, or there is no room for the copy.
    """
    paths = [folder / name for name in ("rows.csv", "rejected.json", "gaps.csv")]
    try:
        with ExitStack() as stack:
            rows, rejected, gaps = (stack.enter_context(path.open("wb")) for path in paths)
            reader = _ExactReader(file, rows.write, rejected.write, gaps.write)
            reader.read_all(_utf_8_blocks(file, encoding))
    except UnicodeDecodeError:
        raise not_the_encoding(file) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise UserError(f"{file.name} is cut off or damaged: it cannot be unzipped.") from None
    except OSError:
        raise UserError(
            f"{file.name} has to be copied into {folder.parent} to be read, and that failed: "
            "is there room on the disk?"
        ) from None
    return ExactCopy(
        *paths,
        n_rows=reader.n_rows,
        rejected=dict(reader.rejected),
        n_blank_lines=reader.n_blank_lines,
        has_gaps=reader.has_gaps,
    )


def _utf_8_blocks(file: DeliveredFile, encoding: str) -> Iterator[bytes]:
    """The text of a file as UTF-8 without a byte order mark, every line ended by a line feed."""
    decoder = codecs.getincrementaldecoder(encoding)()
    is_start = True
    with open_text(file.path, is_compressed=file.header.is_compressed) as opened:
        while True:
            block = opened.read(BLOCK)
            is_end = not block
            if encoding != "utf-8":
                # A lone half of a character pair has no UTF-8 form.
                block = decoder.decode(block, final=is_end).encode("utf-8", errors="replace")
            if is_start and block:
                block = block.removeprefix(codecs.BOM_UTF8)
                is_start = False
            if file.header.has_old_line_ends:
                block = block.replace(b"\r", b"\n")
            yield block
            if is_end:
                return


@dataclass(frozen=True)
class _Record:
    """A line of the file, or several if a quoted value holds line breaks."""

    end: int
    cells: list[bytes]
    reason: str | None = None


class _ExactReader:
    def __init__(
        self, file: DeliveredFile, write_row: _Write, write_rejected: _Write, write_gap: _Write
    ) -> None:
        self.n_rows = 0
        self.n_rejected = 0
        self.rejected: Counter[str] = Counter()
        self.n_blank_lines = 0
        self.has_gaps = False
        self._write_row = write_row
        self._write_rejected = write_rejected
        self._write_gap = write_gap
        self._n_columns = len(file.header.cells)
        self._header_forms = [matching_form(cell) for cell in file.header.cells]
        self._header_name = longest_name(file.header.cells).encode()
        self._delimiter = (file.header.delimiter or ",").encode()
        self._other_bytes = bytes_except(self._delimiter)
        self._line_end = b"\n"
        self._has_seen_header = False
        self._is_after_gap = False
        self._in_long_line = False
        self._compile()

    def _compile(self) -> None:
        delimiter = re.escape(self._delimiter)
        # Possessive throughout (`*+`): no line, however odd, makes the search go back on itself.
        quoted = rb'"(?:[^"\0]++|"")*+"'
        bare = rb'[^"\r\n\0' + delimiter + rb"]*+"
        cell = rb"(?:" + quoted + rb"|" + bare + rb")"
        if self._n_columns == 1:
            cell = rb"(?:" + quoted + rb"|" + bare[:-2] + rb"++)"
        more = rb"(?:" + cell + delimiter + rb"){%d}" % (self._n_columns - 1)
        self._good_lines = {
            end: re.compile(rb"(?:" + more + cell + end + rb")*+") for end in (b"\n", b"\r\n")
        }
        self._bare_cell = re.compile(rb"[^\n" + delimiter + rb"]*+")
        self._quoted_cell = re.compile(rb'"((?:[^"]++|"")*+)"')
        self._after_quote = re.compile(rb"( *)(?=" + delimiter + rb"|\r?\n|\r?\Z)")

    def read_all(self, blocks: Iterator[bytes]) -> None:
        """Go through a text to its end."""
        rest = b""
        for block in blocks:
            rest += block
            done = self._consume(rest, is_end=not block)
            rest = rest[done:]

    def _consume(self, text: bytes, *, is_end: bool) -> int:
        """Deal with all lines that are whole in a text; return how far that was."""
        position = careful_until = 0
        while position < len(text):
            if self._in_long_line:
                line_end = text.find(b"\n", position)
                if line_end < 0:
                    return len(text)
                self._in_long_line = False
                position = line_end + 1
                continue
            if self._has_seen_header and position >= careful_until:
                position, careful_until = self._take_good_lines(text, position)
                if position >= len(text):
                    break
            record = self._next_record(text, position, is_end)
            if record is None:
                break
            self._take(record, text[position : record.end])
            position = record.end
        return position

    def _take_good_lines(self, text: bytes, position: int) -> tuple[int, int]:
        """Copy the lines from a position on that need no closer look.

        Returns where they end, and up to where the lines after that need one.
        """
        end = self._good_lines[self._line_end].match(text, position).end()
        if end == position:
            return position, position
        lines = text[position:end]
        may_be_header = self._header_name and self._header_name in lines
        if may_be_header or self._may_be_too_long(lines) or not is_utf_8(lines):
            return position, end
        self._rows_follow()
        self._write_row(lines)
        self.n_rows += skeleton(lines, self._other_bytes).count(b"\n")
        return end, end

    def _may_be_too_long(self, lines: bytes) -> bool:
        """Whether a record can be among the lines that is longer than DuckDB reads."""
        if len(lines) <= LONGEST_LINE:
            return False
        # A record is no longer than its line breaks allow outside quotes, and what is in quotes.
        longest_quoted = max(map(len, QUOTED_SPAN.findall(lines)), default=0)
        longest_bare = max(map(len, QUOTED_SPAN.sub(b"", lines).split(b"\n")))
        return longest_bare + longest_quoted * self._n_columns > LONGEST_LINE

    def _next_record(self, text: bytes, position: int, is_end: bool) -> _Record | None:
        """The line at a position, or None when more of the text is needed to tell where it ends."""
        limit = min(len(text), position + LONGEST_LINE)
        may_go_on = not is_end and limit == len(text)
        line_end = text.find(b"\n", position, limit)
        if line_end < 0:
            if may_go_on:
                return None
            if limit < len(text):
                line_end = text.find(b"\n", limit)
                self._in_long_line = line_end < 0 and not is_end
                return _Record(line_end + 1 or len(text), [], TOO_LONG)
            line_end = len(text)
        next_line = min(line_end + 1, len(text))
        line = text[position:line_end].removesuffix(b"\r")
        if b'"' not in line:
            return self._judged(_Record(next_line, line.split(self._delimiter)))
        return self._quoted_record(text, position, limit, next_line, may_go_on)

    def _quoted_record(
        self, text: bytes, position: int, limit: int, next_line: int, may_go_on: bool
    ) -> _Record | None:
        cells: list[bytes] = []
        at = position
        while True:
            quoted = self._quoted_cell.match(text, at, limit)
            if quoted and may_go_on and quoted.end() >= limit - 2:
                return None  # the quote at the very end may be the first of two
            if quoted:
                spaces = self._after_quote.match(text, quoted.end(), limit)
                if spaces is None:
                    reason = NOT_CLOSED if b"\n" in quoted[0] else TEXT_AFTER_QUOTE
                    return _Record(next_line, [], reason)
                cells.append(quoted[1].replace(b'""', b'"') + spaces[1])
                at = spaces.end()
                if text[at : at + 1] == b"\r":
                    at += 1
            elif text[at : at + 1] == b'"':
                return None if may_go_on else _Record(next_line, [], NOT_CLOSED)
            else:
                bare = self._bare_cell.match(text, at, limit)
                at = bare.end()
                is_last = text[at : at + 1] != self._delimiter
                cells.append(bare[0].removesuffix(b"\r") if is_last else bare[0])
            if at >= limit and may_go_on:
                return None
            if at >= limit and limit < len(text):
                return _Record(next_line, [], NOT_CLOSED)
            if text[at : at + 1] != self._delimiter:
                return self._judged(_Record(min(at + 1, len(text)), cells))
            at += 1

    def _judged(self, record: _Record) -> _Record:
        """The record with the reason why it is no row, if there is one."""
        reason = None
        if self._has_seen_header:
            n_cells = len(record.cells)
            if any(b"\0" in cell for cell in record.cells):
                reason = NUL_BYTE
            elif not all(map(is_utf_8, record.cells)):
                reason = NOT_UTF_8
            elif n_cells != self._n_columns:
                reason = TOO_FEW if n_cells < self._n_columns else TOO_MANY
            elif self._is_header(record.cells):
                reason = HEADER_REPEATED
        return _Record(record.end, record.cells, reason) if reason else record

    def _is_header(self, cells: list[bytes]) -> bool:
        return all(
            matching_form(cell.decode("utf-8", "replace")) == form
            for cell, form in zip(cells, self._header_forms, strict=True)
        )

    def _take(self, record: _Record, delivered: bytes) -> None:
        if not delivered.strip(b"\r\n"):
            self.n_blank_lines += 1
            self._is_after_gap = True
        elif not self._has_seen_header:
            self._start_rows(delivered)
        elif record.reason:
            self._reject(record.reason, delivered)
        else:
            self._rows_follow()
            self._write_row(self._delimiter.join(map(self._written, record.cells)) + self._line_end)
            self.n_rows += 1

    def _start_rows(self, header: bytes) -> None:
        self._has_seen_header = True
        if header.endswith(b"\r\n"):
            self._line_end = b"\r\n"
        self._write_row(self._delimiter.join([b"c"] * self._n_columns) + self._line_end)

    def _rows_follow(self) -> None:
        if self._is_after_gap:
            n_before = self.n_rejected + self.n_blank_lines
            self._write_gap(b"%d,%d\n" % (self.n_rows + 1, n_before))
            self._is_after_gap = False
            self.has_gaps = True

    def _reject(self, reason: str, delivered: bytes) -> None:
        line = self.n_rows + self.n_rejected + self.n_blank_lines + 2
        start = delivered[: LONGEST_KEPT_TEXT * 4].rstrip(b"\r\n")
        text = start.decode("utf-8", "replace").replace("\0", "\u2400")[:LONGEST_KEPT_TEXT]
        kept = {"line": line, "reason": reason, "line_text": text}
        self._write_rejected(json.dumps(kept).encode() + b"\n")
        self.n_rejected += 1
        self.rejected[reason] += 1
        self._is_after_gap = True

    def _written(self, cell: bytes) -> bytes:
        needs_quotes = (
            self._delimiter in cell
            or any(sign in cell for sign in (b'"', b"\n", b"\r"))
            or (not cell and self._n_columns == 1)
        )
        return b'"' + cell.replace(b'"', b'""') + b'"' if needs_quotes else cell
