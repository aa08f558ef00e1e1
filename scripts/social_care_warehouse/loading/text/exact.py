"""The slow way through a text file that is not plain: line by line, and nothing is lost.

Writes an even copy of the lines that are rows, which DuckDB then reads, and keeps the other lines
with the reason why they are rejected. The rules are those of RFC 4180 and of Python's csv module: a
value is quoted when a quote is its first character, a quote inside it is doubled, any other quote
is an ordinary character. Where a quote is never closed, or something follows a closed one, only the
line on which it opens is rejected, so that one stray quote cannot swallow the rest of a file.
"""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from social_care_warehouse.console import UserError, WorkError
from social_care_warehouse.loading.header import Header, cannot_unzip, open_text
from social_care_warehouse.loading.progress import Progress
from social_care_warehouse.loading.text.encoding import is_utf_8
from social_care_warehouse.loading.text.exact_copy import CopyPaths, CopyWriter, ExactCopy
from social_care_warehouse.loading.text.lines_alike import (
    NOT_CLOSED,
    NOT_UTF_8,
    NUL_BYTE,
    REASONS,
    TEXT_AFTER_QUOTE,
    TOO_FEW,
    TOO_LONG,
    TOO_MANY,
    few_broken,
    lines_alike,
    n_strict_records,
)
from social_care_warehouse.loading.text.no_rows import OTHER_HEADER, NoRows
from social_care_warehouse.loading.text.plain import (
    BLOCK,
    LONGEST_LINE,
    QUOTED_SPAN,
    bytes_except,
    not_the_encoding,
    skeleton,
)

# So much of a text is dealt with at once where no line in it needs a closer look, or so much where
# one may.
BULKS = (64 << 10, 2 << 10)


def copy_exactly(
    header: Header, encoding: str, no_rows: NoRows, folder: Path, progress: Progress
) -> ExactCopy:
    """Read a file line by line and write its rows, its other lines and their places into a folder.

    Raises UserError when the file cannot be read, holds the header of another file, or there is no
    room for the copy.
    """
    paths = CopyPaths(folder)
    try:
        with paths.open() as files:
            copy = CopyWriter(paths, files)
            reader = _ExactReader(header, no_rows, copy)
            reader.read_all(_utf_8_blocks(header, encoding, progress))
    except UnicodeDecodeError:
        raise not_the_encoding(header) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise cannot_unzip(header.name) from None
    except OSError:
        raise WorkError(
            f"{header.name} could not be copied into {folder.parent}. "
            "Check that the disk has room, then try again."
        ) from None
    return copy.result()


def _utf_8_blocks(header: Header, encoding: str, progress: Progress) -> Iterator[bytes]:
    """The text of a file as UTF-8 without a byte order mark, every line ended by a line feed."""
    decoder = codecs.getincrementaldecoder(encoding)()
    is_start = True
    with (
        header.path.open("rb") as delivered,
        open_text(delivered, is_compressed=header.is_compressed) as opened,
    ):
        while True:
            block = opened.read(BLOCK)
            progress.show(delivered.tell())
            is_end = not block
            if encoding != "utf-8":
                # A lone half of a character pair has no UTF-8 form.
                block = decoder.decode(block, final=is_end).encode("utf-8", errors="replace")
            if is_start and block:
                block = block.removeprefix(codecs.BOM_UTF8)
                is_start = False
            if header.has_old_line_ends:
                block = block.replace(b"\r", b"\n")
            yield block
            if is_end:
                return


def other_header(where: str, name: str) -> UserError:
    """The sentence for a file that other files were joined to."""
    return UserError(
        f"{where} of {name} is a header with other columns, or in another order, than the header at"
        " its top: files were joined, and the lines below it would be read wrongly. Split the file"
        " there and deliver each part as a file."
    )


@dataclass(frozen=True)
class _Record:
    """A line of the file, or several if a quoted value holds line breaks."""

    end: int
    cells: list[bytes]
    reason: str | None = None


class _ExactReader:
    def __init__(self, header: Header, no_rows: NoRows, copy: CopyWriter) -> None:
        self._header = header
        self._no_rows = no_rows
        self._copy = copy
        self._n_columns = len(header.cells)
        self._delimiter = header.delimiter.encode()
        self._other_bytes = bytes_except(self._delimiter)
        self._line_end = b"\n"
        self._has_seen_header = False
        self._in_long_line = False
        self._compile()

    def _compile(self) -> None:
        delimiter = re.escape(self._delimiter)
        # Possessive throughout (`*+`), so that no line makes the search go back on itself.
        quoted = rb'"(?:[^"\0]++|"")*+"'
        bare = rb'[^"\r\n\0' + delimiter + rb"]*+"
        cell = rb"(?:" + quoted + rb"|" + bare + rb")"
        if self._n_columns == 1:
            cell = rb"(?:" + quoted + rb"|" + bare[:-2] + rb"++)"
        more = rb"(?:" + cell + delimiter + rb"){%d}" % (self._n_columns - 1)
        self._good_lines = {
            end: re.compile(rb"(?:" + more + cell + end + rb")*+") for end in (b"\n", b"\r\n")
        }
        self._lines_alike = lines_alike(delimiter, self._n_columns)
        self._few_broken = re.compile(few_broken(delimiter, self._n_columns))
        self._cells_to_rewrite = re.compile(
            rb'"((?:[^"]++|"")*+)"( *+)|(?<![^\n' + delimiter + rb'])([^"\n' + delimiter + rb"]++"
            rb'"[^\n' + delimiter + rb"]*+)"
        )
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
                start = position
                position, careful_until = self._take_good_lines(text, start)
                if position >= careful_until and self._n_columns > 1:
                    position, careful_until = self._take_bulk(text, position)
                if position > start:
                    continue
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
        good_lines = self._good_lines[self._line_end].match(text, position)
        end = good_lines.end() if good_lines else position
        lines = text[position:end]
        if not lines or self._need_a_closer_look(lines):
            return position, end
        self._copy.take_rows(lines, skeleton(lines, self._other_bytes).count(b"\n"))
        return end, end

    def _take_bulk(self, text: bytes, position: int) -> tuple[int, int]:
        """Deal with many lines at once, whether they are rows or not.

        Returns the same as `_take_good_lines`.
        """
        end = position
        for size in BULKS:
            end = text.rfind(b"\n", position, position + size) + 1
            if not end:
                return position, position
            if not self._need_a_closer_look(text[position:end]):
                break
        else:
            return position, end
        for found in self._lines_alike.finditer(text, position, end):
            kind = found.lastgroup
            if kind == "closer":
                break
            self._take_alike(kind, found[0])
            position = found.end()
        return position, position

    def _take_alike(self, kind: str | None, lines: bytes) -> None:
        """Deal with lines of one kind."""
        n_lines = lines.count(b"\n")
        if kind == "few_broken" and self._copy.is_full:
            self._copy.reject(TOO_FEW, lines, n_strict_records(lines))
        elif kind in ("few_broken", "few_broken_odd"):
            records = self._few_broken.findall(lines)
            if self._copy.is_full:
                self._copy.reject(TOO_FEW, lines, len(records))
            else:
                for record in records:
                    self._copy.reject(TOO_FEW, record, 1)
        elif kind == "blank":
            self._copy.pass_blank_lines(n_lines)
        elif kind == "row":
            self._copy.take_rows(self._rewritten(lines), n_lines)
        else:
            self._copy.reject(REASONS[kind or ""], lines, n_lines)

    def _rewritten(self, lines: bytes) -> bytes:
        """Rows with quotes around each value that has a quote, and the line ends of the file."""
        lines = lines.replace(b"\r\n", b"\n")
        if b'"' in lines:
            lines = self._cells_to_rewrite.sub(self._rewritten_cell, lines)
        return lines.replace(b"\n", self._line_end)

    def _rewritten_cell(self, cell: re.Match[bytes]) -> bytes:
        quoted, spaces, bare = cell.groups()
        if quoted is None:
            return self._written(bare)
        return self._written(quoted.replace(b'""', b'"') + spaces) if spaces else cell[0]

    def _need_a_closer_look(self, lines: bytes) -> bool:
        return self._may_be_too_long(lines) or not is_utf_8(lines) or self._no_rows.may_be_in(lines)

    def _may_be_too_long(self, lines: bytes) -> bool:
        """Whether a record can be among the lines that is longer than DuckDB reads."""
        if len(lines) <= LONGEST_LINE:
            return False
        # A record is no longer than its line breaks allow outside quotes, and what is in quotes.
        longest_quoted = max(map(len, QUOTED_SPAN.findall(lines)), default=0)
        longest_bare = max(map(len, QUOTED_SPAN.sub(b"", lines).split(b"\n")))
        return longest_bare + longest_quoted * self._n_columns > LONGEST_LINE

    def _next_record(self, text: bytes, position: int, is_end: bool) -> _Record | None:
        """The line at a position, or None when it needs more of the text to see where it ends."""
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
            cells = line.split(self._delimiter)
            if b"\r" in line and len(cells) != self._n_columns:
                # Two lines, where some of a file end in a carriage return alone.
                first = line[: line.index(b"\r")]
                if first.count(self._delimiter) == self._n_columns - 1:
                    return _Record(position + len(first) + 1, first.split(self._delimiter))
            return _Record(next_line, cells)
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
                end = self._end_of_bare_cell(text, at, limit)
                is_last = text[end : end + 1] != self._delimiter
                cells.append(text[at:end].removesuffix(b"\r") if is_last else text[at:end])
                at = end
            if at >= limit and may_go_on:
                return None
            if at >= limit and limit < len(text):
                return _Record(next_line, [], NOT_CLOSED)
            if text[at : at + 1] != self._delimiter:
                return _Record(min(at + 1, len(text)), cells)
            at += 1

    def _end_of_bare_cell(self, text: bytes, at: int, limit: int) -> int:
        bare = self._bare_cell.match(text, at, limit)
        return bare.end() if bare else at

    def _take(self, record: _Record, delivered: bytes) -> None:
        if not delivered.strip(b"\r\n"):
            self._copy.pass_blank_lines(1)
        elif not self._has_seen_header:
            if b"\r" in delivered.rstrip(b"\r\n") and len(record.cells) != self._n_columns:
                # Rows would be taken for a part of the header.
                raise UserError(
                    f"The header of {self._header.name} does not end as its lines do. Save the file"
                    " with one kind of line end."
                )
            self._start_rows(delivered)
        elif reason := self._no_rows.reason(delivered, record.cells) or self._fault_of(record):
            if reason == OTHER_HEADER:
                raise other_header(f"Line {self._copy.line:,}", self._header.name)
            self._copy.reject(reason, delivered, 1)
        else:
            row = self._delimiter.join(map(self._written, record.cells)) + self._line_end
            self._copy.take_rows(row, 1)

    def _fault_of(self, record: _Record) -> str | None:
        """Why a record is not a row; None if it is one."""
        if record.reason:
            return record.reason
        if any(b"\0" in cell for cell in record.cells):
            return NUL_BYTE
        if not all(map(is_utf_8, record.cells)):
            return NOT_UTF_8
        if len(record.cells) != self._n_columns:
            return TOO_FEW if len(record.cells) < self._n_columns else TOO_MANY
        return None

    def _start_rows(self, header: bytes) -> None:
        self._has_seen_header = True
        if header.endswith(b"\r\n"):
            self._line_end = b"\r\n"
        self._copy.start(self._delimiter.join([b"c"] * self._n_columns) + self._line_end)

    def _written(self, cell: bytes) -> bytes:
        needs_quotes = (
            self._delimiter in cell
            or any(sign in cell for sign in (b'"', b"\n", b"\r"))
            or (not cell and self._n_columns == 1)
        )
        return b'"' + cell.replace(b'"', b'""') + b'"' if needs_quotes else cell
