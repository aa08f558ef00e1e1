"""Files as nobody should deliver them: loaded right, rejected by line, or refused in a sentence.

Every case goes through as text and gzipped, and the accounts balance whatever happens. What a line
can be is in test_load_lines.py, what a whole delivery can lack in test_load_refused.py.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import pytest
from commands import run
from hostile_files import assert_balanced, assert_refused
from loading_helpers import (
    PUPIL_HEADER,
    PUPILS_TEXT,
    as_text,
    query,
)

from social_care_warehouse.console import PROJECT_DIR
from social_care_warehouse.loading import check_delivery, load_delivery

HEADER, *LINES = PUPILS_TEXT.splitlines(keepends=True)


ACUTE = "\u00e9"


def with_line(line: str | bytes) -> bytes:
    """The pupils with one more line, the second after the header."""
    data = line.encode() if isinstance(line, str) else line
    return (HEADER + LINES[0]).encode() + data + b"\n" + "".join(LINES[1:]).encode()


# What is delivered, how many rows of it are loaded, and which lines are rejected and why.
LOADED = {
    "too few columns": (with_line("a,b"), 3, [(3, "too few columns")]),
    "too many columns": (with_line("a,b,c,d"), 3, [(3, "too many columns")]),
    "a million columns": (with_line("x," * 999_999), 3, [(3, "too many columns")]),
    "other delimiters": (with_line("a\tb\tc"), 3, [(3, "too few columns")]),
    "quote never closed": (with_line('"a,b,c'), 3, [(3, "quote not closed")]),
    "quote escaped by a backslash": (
        with_line('"a\\"b",c,d'),
        3,
        [(3, "text after a closing quote")],
    ),
    "NUL byte": (with_line("a\0,b,c"), 3, [(3, "a NUL byte in it")]),
    "only NUL bytes": (with_line(b"\0" * 5000), 3, [(3, "a NUL byte in it")]),
    "header repeated": (with_line(HEADER.strip()), 3, [(3, "header repeated")]),
    "long value": (with_line("a," + "y" * 1_500_000 + ",c"), 4, []),
    "too long a line": (with_line("a," + "y" * 30_000_000 + ",c"), 3, [(3, "line too long")]),
    "line breaks in a value": (with_line('"a\nb\n",c,d'), 4, []),
    "one byte that is not UTF-8": (
        with_line(f"{ACUTE},b,c\n{ACUTE},d,e\n".encode() + b"\xff,f,g"),
        5,
        [(5, "bytes in it that are not UTF-8")],
    ),
    "quoted byte that is not UTF-8": (
        with_line(f"{ACUTE},b,c\n{ACUTE},d,e\n".encode() + b'"\xff\n",f,g'),
        5,
        [(5, "bytes in it that are not UTF-8")],
    ),
    "Latin-1": (with_line(f"{ACUTE},b,c".encode("latin-1")), 4, []),
    "UTF-16": (PUPILS_TEXT.encode("utf-16"), 3, []),
    "UTF-16 without a mark": (PUPILS_TEXT.encode("utf-16-le"), 3, []),
    "carriage returns only": (PUPILS_TEXT.replace("\n", "\r").encode(), 3, []),
    "two carriage returns": (PUPILS_TEXT.replace("\n", "\r\r\n").encode(), 3, []),
    "a carriage return after the header": (PUPILS_TEXT.replace("\n", "\r", 1).encode(), 3, []),
    "carriage returns at the top": (PUPILS_TEXT.replace("\n", "\r", 3).encode(), 3, []),
    "tabs": (PUPILS_TEXT.replace(",", "\t").encode(), 3, []),
    "spaces around quoted names": (
        ('" ' + ' " , " '.join(PUPIL_HEADER) + ' "\n' + "".join(LINES)).encode(),
        3,
        [],
    ),
    "the same unknown name twice": (
        as_text([*PUPIL_HEADER, "X", "x "], [["a", "b", "c", "d", "e"]]).encode(),
        1,
        [],
    ),
    "blank lines above": (b"\n\r\n" + PUPILS_TEXT.encode(), 3, []),
    "a count below": (
        PUPILS_TEXT.encode() + b"\n(3 rows affected)\n",
        3,
        [(6, "too few columns")],
    ),
    "end-of-file mark of DOS": (PUPILS_TEXT.encode() + b"\x1a", 3, [(5, "too few columns")]),
    "no line end at the end": (PUPILS_TEXT.strip().encode(), 3, []),
    "a delimiter too many in every row": (
        (HEADER + "".join(f"{line.strip()},\n" for line in LINES)).encode(),
        0,
        [(line, "too many columns") for line in (2, 3, 4)],
    ),
    "header without rows": (HEADER.encode(), 0, []),
    "header without a line end": (HEADER.strip().encode(), 0, []),
}


def write(folder: Path, data: bytes, is_compressed: bool, name: str = "x.csv") -> Path:
    path = folder / f"{name}{'.gz' * is_compressed}"
    path.write_bytes(gzip.compress(data, 1) if is_compressed else data)
    return path


@pytest.mark.parametrize("is_compressed", [False, True])
@pytest.mark.parametrize("kind", LOADED)
def test_what_is_loaded_and_what_is_rejected(extracts, database, kind, is_compressed) -> None:
    data, n_rows, rejected = LOADED[kind]
    write(extracts, data, is_compressed)
    assert check_delivery(extracts, allow_rejected=True).can_be_loaded
    load_delivery(extracts, database, allow_rejected=True)
    assert_balanced(database)
    assert query(database, "select count(*) from raw.population") == [(n_rows,)]
    found = query(database, "select _source_line, reason from raw.rejected_lines order by 1")
    assert found == rejected


def test_a_value_of_many_lines_is_rejected_line_by_line(extracts, database) -> None:
    lines = ("y" * 20_000 + "\n") * 101
    write(extracts, with_line(f'a,"{lines}",c'), False)
    load_delivery(extracts, database, allow_rejected=True)
    assert_balanced(database)
    reasons = query(
        database, "select reason, count(*) from raw.rejected_lines group by all order by 2"
    )
    # The line on which the quote opens, and the last one, which opens another.
    assert reasons == [("quote not closed", 2), ("too few columns", 100)]
    assert query(database, "select max(_source_line) from raw.population") == [(106,)]


def test_a_line_without_end_takes_no_time(extracts, database) -> None:
    with (extracts / "x.csv").open("wb") as file:
        file.write(PUPILS_TEXT.encode())
        for _ in range(300):
            file.write(b"password" * 131_072)
        file.write(b"\nP9,M9,2000\n")
    (extracts / "y.csv").write_bytes(b"password" * 30_000_000)
    load_delivery(extracts, database)
    assert_balanced(database)
    assert query(database, "select count(*) from raw.population") == [(4,)]
    kept = query(database, "select reason, length(line_text) from raw.rejected_lines")
    assert kept == [("line too long", 100_000)]
    unused = query(database, "select file_name, reason from raw.unused_files")
    assert unused == [("y.csv", "its first line is too long for a header")]


# What is delivered, and what the sentence must say.
REFUSED = {
    "empty": (b"", "it holds {name}: empty file."),
    "only a byte order mark": (b"\xef\xbb\xbf", "{name}: empty file."),
    "only a mark of UTF-16": (b"\xff\xfe", "{name}: empty file."),
    "only white space": (b"  \n \n", "{name}: empty file."),
    "half a character": (PUPILS_TEXT.encode("utf-16") + b"x", "{name} is not the utf-16-le text"),
    "UTF-32": (PUPILS_TEXT.encode("utf-32"), "{name}: not a delimited text or Parquet file."),
    "semicolons": (
        PUPILS_TEXT.replace(",", ";").encode(),
        "{name} is a population file separated by semicolons. Deliver it with commas or tabs.",
    ),
    "vertical bars": (PUPILS_TEXT.replace(",", "|").encode(), "separated by vertical bars"),
    "a title above": (
        b"Pupils\nof 2019\n" + PUPILS_TEXT.encode(),
        "The header of {name}, a population file, is on line 3. Remove the lines above it.",
    ),
    "a note to Excel above": (b"sep=,\r\n" + PUPILS_TEXT.encode(), "is on line 2."),
    "lines ended as on a mainframe": (
        PUPILS_TEXT.replace("\n", "\x85").encode(),
        "The name of column 3 of {name} has a line break in it",
    ),
    "lines ended by a separator of Unicode": (
        PUPILS_TEXT.replace("\n", "\u2028").encode(),
        "The name of column 3 of {name} has a line break in it",
    ),
    "a carriage return after a quoted header": (
        ('"' + HEADER.strip().replace(",", '","') + '"\r' + "".join(LINES)).encode(),
        "The header of {name} does not end as its lines do.",
    ),
    "the same name twice": (
        as_text([*PUPIL_HEADER, "moj uid"], [["a", "b", "c", "d"]]).encode(),
        "Columns 2 and 4 of {name} both mean MoJUID.",
    ),
    "a million columns": (
        as_text([*PUPIL_HEADER, *(f"c{i}" for i in range(1_000_000))], []).encode(),
        "{name}: its first line is too long for a header.",
    ),
    "six thousand columns": (
        as_text([*PUPIL_HEADER, *(f"c{i}" for i in range(6000))], []).encode(),
        "{name} has 6,003 columns; at most 5,000 can be loaded.",
    ),
}


@pytest.mark.parametrize("is_compressed", [False, True])
@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_and_why(extracts, database, kind, is_compressed) -> None:
    data, part = REFUSED[kind]
    path = write(extracts, data, is_compressed)
    assert_refused(extracts, database, part.format(name=path.name))
    assert not check_delivery(extracts).can_be_loaded


def test_mutated_files_are_accounted_for_or_refused() -> None:
    """The short form of `make test-fuzz`, with the same files every time."""
    fuzz = PROJECT_DIR / "tests" / "faults" / "fuzz_loader.py"
    done = run(sys.executable, fuzz, "--files", "250", "--seed", "2")
    assert done.returncode == 0, done.stderr
    assert "250 mutated files were loaded or refused, every line accounted for" in done.stdout
    for outcome in ("loaded whole", "loaded, lines rejected", "refused"):
        assert outcome in done.stdout
