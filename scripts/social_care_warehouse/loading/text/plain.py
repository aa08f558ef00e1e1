"""One fast look at every byte of a file: its hash, its lines, and whether DuckDB may read it so.

Lines are counted here without DuckDB, so that the two counts check each other.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import re
import zlib
from dataclasses import dataclass
from typing import BinaryIO, cast

from social_care_warehouse.console import UserError
from social_care_warehouse.loading.header import Header, cannot_unzip, open_text
from social_care_warehouse.loading.progress import Progress
from social_care_warehouse.loading.text.encoding import Utf8Lines
from social_care_warehouse.loading.text.no_rows import NoRows

BLOCK = 512 << 10  # small enough to stay in the cache of a processor while it is looked at
LONGEST_LINE = 2_000_000  # the longest line that DuckDB reads by default

QUOTED_SPAN = re.compile(rb'"[^"]*+"')


@dataclass(frozen=True)
class FileScan:
    """What one pass over the bytes of a file found."""

    sha256: str
    content_sha256: str  # of the text itself, the same whether the file is compressed or not
    n_bytes: int
    encoding: str | None = None
    lines: int | None = None  # None when the file has to be read line by line first
    blank_lines: int = 0


class _HashingReader:
    """A file that hashes what is read from it."""

    def __init__(self, file: BinaryIO, progress: Progress) -> None:
        self._file = file
        self._progress = progress
        self.hash = hashlib.sha256()
        self.n_bytes = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.hash.update(data)
        self.n_bytes += len(data)
        self._progress.show(self.n_bytes)
        return data


def scan(header: Header, no_rows: NoRows, progress: Progress) -> FileScan:
    """Read a file once from end to end.

    Raises UserError when it cannot be read to its end.
    """
    try:
        with header.path.open("rb") as opened:
            return _scan(header, no_rows, _HashingReader(opened, progress))
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise cannot_unzip(header.name) from None
    except UnicodeDecodeError:
        raise not_the_encoding(header) from None
    except OSError:
        raise UserError(f"{header.name} cannot be read to its end. Copy it again.") from None


def not_the_encoding(header: Header) -> UserError:
    """The sentence for a file that begins in an encoding and does not go on in it."""
    return UserError(
        f"{header.name} is not the {header.encoding} text that it seems to be. Save it as UTF-8."
    )


def _scan(header: Header, no_rows: NoRows, opened: _HashingReader) -> FileScan:
    if header.format == "parquet":
        while opened.read(BLOCK):
            pass
        digest = opened.hash.hexdigest()
        return FileScan(digest, digest, opened.n_bytes)

    content = hashlib.sha256() if header.is_compressed else opened.hash
    lines = PlainLines(header.delimiter, len(header.cells), no_rows)
    decoder = codecs.getincrementaldecoder(header.encoding or "utf-8")()
    with open_text(cast("BinaryIO", opened), is_compressed=header.is_compressed) as text:
        while block := text.read(BLOCK):
            if header.is_compressed:
                content.update(block)
            if header.encoding == "utf-8":
                lines.feed(block)
            else:
                decoder.decode(block)
    decoder.decode(b"", final=True)
    lines.finish()
    is_plain = lines.is_plain and header.encoding == "utf-8" and not header.has_old_line_ends
    return FileScan(
        sha256=opened.hash.hexdigest(),
        content_sha256=content.hexdigest(),
        n_bytes=opened.n_bytes,
        encoding=header.encoding if lines.are_utf_8 else "latin-1",
        lines=lines.n_lines if is_plain else None,
        blank_lines=lines.n_blank_lines if is_plain else 0,
    )


def skeleton(block: bytes, other_bytes: bytes) -> bytes:
    """Whole lines without their values: the delimiters and line breaks outside quotes.

    `other_bytes` are all bytes except the delimiter, the quote and the line break.
    """
    bones = block.translate(None, other_bytes)
    if b'"' in bones:
        # Two quotes side by side are an empty or emptied value, or one quote inside a value:
        # nothing is lost.
        bones = bones.replace(b'""', b"")
        if b'"' in bones:
            bones = QUOTED_SPAN.sub(b"", bones)
    return bones


def bytes_except(delimiter: bytes) -> bytes:
    """All bytes that do not change the shape of a line."""
    return bytes(set(range(256)) - set(delimiter + b'"\n'))


class PlainLines:
    """Counts the lines of a text as its blocks go by, and notices whatever is not plain.

    A text is plain when it is UTF-8, every line ends in the same way and has as many columns as the
    header, and nothing in it is read differently by different programs. Anything else may be right,
    but exact.py decides that.
    """

    def __init__(self, delimiter: str, n_columns: int, no_rows: NoRows) -> None:
        self.is_plain = True
        self.n_blank_lines = 0
        self._n_lines_with_header = 0
        self._n_columns = n_columns
        self._no_rows = no_rows
        self._one_line = delimiter.encode() * (self._n_columns - 1) + b"\n"
        self._other_bytes = bytes_except(delimiter.encode())
        self._has_crlf: bool | None = None
        self._rest = b""
        self._utf_8_lines = Utf8Lines(LONGEST_LINE)

    @property
    def n_lines(self) -> int:
        return self._n_lines_with_header - 1

    @property
    def are_utf_8(self) -> bool:
        return self._utf_8_lines.are_utf_8

    def feed(self, block: bytes) -> None:
        """Take the next bytes of the text."""
        if not self.is_plain:
            # Only the encoding is not decided yet.
            rest, self._rest = self._rest, b""
            self._utf_8_lines.feed(rest + block if rest else block)
            return
        text = self._rest + block
        end = text.rfind(b"\n") + 1
        # An odd number of quotes means that the last line break is inside a value.
        if text.count(b'"', 0, end) % 2:
            end = 0
        self._rest = text[end:]
        if len(self._rest) > BLOCK + LONGEST_LINE:
            self.is_plain = False
        elif end:
            self._look_at(text[:end])

    def finish(self) -> None:
        """Say that the text is over."""
        last_line, self._rest = self._rest, b""
        if not self.is_plain:
            self._utf_8_lines.feed(last_line)
        elif last_line:
            is_damaged = last_line.count(b'"') % 2 or last_line.endswith(b"\r")
            self._look_at(last_line + (b"\r\n" if self._has_crlf else b"\n"))
            self.is_plain &= not is_damaged
        self._utf_8_lines.finish()
        self.is_plain &= self._n_lines_with_header > 0

    def _look_at(self, lines: bytes) -> None:
        self._utf_8_lines.count(lines)
        self.is_plain = (
            not self._utf_8_lines.n_other
            and b"\0" not in lines
            and self._ends_alike(lines)
            and not _has_loose_quotes(lines)
            and not self._no_rows.may_be_in(self._below_header(lines))
            and self._has_even_lines(lines)
        )

    def _ends_alike(self, lines: bytes) -> bool:
        has_crlf = b"\r" in lines
        if self._has_crlf is None:
            self._has_crlf = has_crlf
        if not has_crlf:
            return not self._has_crlf
        n_pairs = lines.count(b"\r\n")
        return self._has_crlf and n_pairs == lines.count(b"\r") == lines.count(b"\n")

    def _below_header(self, lines: bytes) -> bytes:
        return lines if self._n_lines_with_header else lines[lines.find(b"\n") + 1 :]

    def _has_even_lines(self, lines: bytes) -> bool:
        bones = skeleton(lines, self._other_bytes)
        if self._n_columns == 1:
            # A blank line looks like any other here.
            if lines.startswith((b"\n", b"\r\n")) or b"\n\n" in lines or b"\n\r\n" in lines:
                return False
            self._n_lines_with_header += len(bones)
            return bones.count(b"\n") == len(bones)
        body = bones.rstrip(b"\n")
        n_blank = len(bones) - len(body) - bool(body)
        if body and self.n_blank_lines:
            return False  # blank lines further up, so that rows and lines are no longer in step
        self.n_blank_lines += n_blank
        n_lines, remainder = divmod(len(body) + bool(body), len(self._one_line))
        self._n_lines_with_header += n_lines
        return not remainder and body + b"\n" * bool(body) == self._one_line * n_lines


def _has_loose_quotes(lines: bytes) -> bool:
    """Whether there are spaces outside a quoted value, which DuckDB would drop."""
    return b'"' in lines and (b'" ' in lines or b' "' in lines)
