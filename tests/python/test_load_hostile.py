"""Files as nobody should deliver them: loaded right, rejected by line, or refused in a sentence.

Every case goes through as text and gzipped, and the accounts balance whatever happens. What a line
can be is in test_load_lines.py, what a whole delivery can lack in test_load_refused.py.
"""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from loading_helpers import (
    LOAD_SCRIPT,
    PUPIL_HEADER,
    PUPILS_TEXT,
    as_text,
    files_beside,
    parquet,
    query,
    run_load,
)

from social_care_warehouse.console import PROJECT_DIR, UserError
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


def assert_balanced(database: Path) -> None:
    """Lines of files are rows and rejected lines, by the accounts and by the tables themselves."""
    lines, loaded, rejected = query(
        database, "select sum(lines), sum(rows_loaded), sum(rows_rejected) from raw.load_files"
    )[0]
    n_rows = query(database, "select count(*) from raw.population")[0][0]
    n_rejected = query(database, "select count(*) from raw.rejected_lines")[0][0]
    assert (lines, loaded, rejected) == (n_rows + n_rejected, n_rows, n_rejected)


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


def assert_refused(extracts: Path, database: Path, part: str) -> None:
    """A load and a check give the same sentence, and a load leaves nothing."""
    with pytest.raises(UserError) as refused:
        load_delivery(extracts, database)
    assert part in str(refused.value)
    assert "\n" not in str(refused.value)
    assert files_beside(database) == []


@pytest.mark.parametrize("is_compressed", [False, True])
@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_and_why(extracts, database, kind, is_compressed) -> None:
    data, part = REFUSED[kind]
    path = write(extracts, data, is_compressed)
    assert_refused(extracts, database, part.format(name=path.name))
    assert not check_delivery(extracts).can_be_loaded


@pytest.mark.parametrize("padding", [b"\0" * 512, gzip.compress(b"")])
def test_padding_after_a_gzip_file_is_nothing(extracts, database, padding) -> None:
    (extracts / "x.csv.gz").write_bytes(gzip.compress(PUPILS_TEXT.encode()) + padding)
    load_delivery(extracts, database)
    assert_balanced(database)
    assert query(database, "select count(*) from raw.population") == [(3,)]


GZIPPED = gzip.compress(PUPILS_TEXT.encode() * 50)
TABLE = parquet(PUPIL_HEADER, [("P1", "M1", "1999"), ("P2", "M2", "2000")])
BAD_TEXT = pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff\xfe"], pa.binary()).buffers())
DAMAGED = {
    "gzip cut off": ("x.csv.gz", GZIPPED[:-20], "is cut off or damaged"),
    "gzip of two bytes": ("x.csv.gz", GZIPPED[:2], "is cut off or damaged"),
    "gzip and something else": ("x.csv.gz", GZIPPED + b"junk", "is cut off or damaged"),
    "gzip in a gzip": ("x.csv.gz", gzip.compress(GZIPPED), "x.csv.gz: no"),
    "text that says it is gzip": ("x.csv.gz", PUPILS_TEXT.encode(), "is not a gzip file"),
    "zip": ("x.csv", b"PK\x03\x04" + os.urandom(500), "x.csv: no"),
    "Parquet cut off": ("x.parquet", TABLE[:-30], "cannot be read as a Parquet file"),
    "Parquet without its start": ("x.parquet", TABLE[40:], "x.parquet c"),
    "text that says it is Parquet": ("x.parquet", PUPILS_TEXT.encode(), "cannot be read as a Par"),
    "Parquet gzipped": ("x.parquet", gzip.compress(TABLE), "cannot be read as a Parquet file"),
    "Parquet that says it is text": ("x.csv", TABLE, "x.csv: no"),
    "Parquet of a name twice": (
        "x.parquet",
        parquet([*PUPIL_HEADER, "MoJ_UID"], [("a", "b", "c", "d")]),
        "Columns 2 and 4 of x.parquet both mean MoJUID.",
    ),
    "Parquet of too many columns": (
        "x.parquet",
        parquet([*PUPIL_HEADER, *(f"c{i}" for i in range(6000))], [["a"] * 6003]),
        "x.parquet has 6,003 columns",
    ),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_what_is_not_what_it_says_is_refused(extracts, database, kind) -> None:
    name, data, part = DAMAGED[kind]
    (extracts / name).write_bytes(data)
    assert_refused(extracts, database, part)


def test_a_parquet_file_with_any_byte_changed_is_loaded_or_refused(extracts, database) -> None:
    for place in range(0, len(TABLE), 31):
        data = bytearray(TABLE)
        data[place] ^= 0xFF
        (extracts / "x.parquet").write_bytes(bytes(data))
        try:
            load_delivery(extracts, database)
        except UserError:
            assert files_beside(database) == []
        else:
            assert_balanced(database)
            database.unlink()


def test_parquet_without_rows_or_with_unusual_values(extracts, database) -> None:
    unusual = [("a\0b", "c\nd", "e" * 5_000_000), ("", " ", ",\t")]
    (extracts / "x.parquet").write_bytes(parquet(PUPIL_HEADER, unusual))
    no_rows = pa.table({name: pa.array([], pa.string()) for name in PUPIL_HEADER})
    pq.write_table(no_rows, extracts / "y.parquet")
    load_delivery(extracts, database)
    assert_balanced(database)
    rows = query(
        database,
        "select PupilMatchingRefAnonymous, MoJUID, YearOfBirth from raw.population"
        " where _source_file = 'x.parquet' order by _source_row",
    )
    assert rows == unusual


@pytest.mark.parametrize("format_", ["text", "gzip", "parquet"])
@pytest.mark.parametrize("how", ["grows", "shrinks", "goes"])
def test_a_file_that_changes_meanwhile_is_refused(extracts, database, format_, how) -> None:
    name, data = {
        "text": ("x.csv", PUPILS_TEXT.encode()),
        "gzip": ("x.csv.gz", gzip.compress(PUPILS_TEXT.encode())),
        "parquet": ("x.parquet", TABLE),
    }[format_]
    path = extracts / name
    path.write_bytes(data)

    def change(sentence: str) -> None:
        if sentence.startswith("Loading"):
            if how == "goes":
                path.unlink()
            else:
                path.write_bytes(data + data if how == "grows" else data[: len(data) // 2])

    with pytest.raises(UserError, match=f"{name} "):
        load_delivery(extracts, database, report=change)
    assert files_beside(database) == []


@pytest.mark.skipif(os.name != "posix", reason="links and pipes")
def test_pipes_devices_and_system_files_are_never_opened(extracts, database) -> None:
    (extracts / "good.csv").write_text(PUPILS_TEXT)
    (extracts / "folder.csv").mkdir()
    (extracts / "folder.parquet").mkdir()
    (extracts / "itself.csv").symlink_to(extracts / "itself.csv")
    (extracts / "folder link.csv").symlink_to(extracts)
    (extracts / "zeros.csv").symlink_to("/dev/zero")
    (extracts / "kernel messages.csv").symlink_to("/proc/kmsg")
    (extracts / "memory.csv").symlink_to("/proc/self/mem")
    os.mkfifo(extracts / "pipe.csv")
    (extracts / "pipe link.csv.gz").symlink_to(extracts / "pipe.csv")
    run = run_load(extracts, "--database", database)
    assert run.returncode == 0, run.stderr
    assert_balanced(database)
    assert dict(query(database, "select file_name, reason from raw.unused_files")) == {
        "folder.csv": "folder",
        "folder.parquet": "folder",
        "itself.csv": "a link to nothing",
        "folder link.csv": "folder",
        "zeros.csv": "not a regular file",
        "kernel messages.csv": "not a regular file",
        "memory.csv": "not a regular file",
        "pipe.csv": "not a regular file",
        "pipe link.csv.gz": "not a regular file",
    }


def as_a_user_without_rights(*command: object) -> subprocess.CompletedProcess[str]:
    """Run a command that may read only what its owner lets it: root gives up its rights first."""
    prefix = []
    if os.geteuid() == 0:
        prefix = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    return subprocess.run(
        [*prefix, *map(str, command)], capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(
    os.name != "posix" or (os.geteuid() == 0 and shutil.which("setpriv") is None),
    reason="permissions of POSIX, which root would have to give up",
)
@pytest.mark.parametrize("name", ["x.csv", "x.csv.gz", "x.parquet", "."])
def test_what_may_not_be_read_is_refused(extracts, database, name) -> None:
    if name != ".":
        (extracts / name).write_bytes(TABLE)
    (extracts / name).chmod(0)
    for arguments in (["--database", database], ["--check"]):
        run = as_a_user_without_rights(sys.executable, LOAD_SCRIPT, extracts, *arguments)
        said = run.stderr + run.stdout
        assert run.returncode == 2
        assert "Traceback" not in said
        assert ("cannot be read." if name == "." else f"{name} cannot be opened.") in said
    assert files_beside(database) == []


@pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
@pytest.mark.parametrize("limit", [0, 1_000, 20_000, 1_000_000])
@pytest.mark.parametrize("last_line", ["", "1,2\n"])
def test_no_room_on_the_disk(extracts, database, limit, last_line) -> None:
    rows = [(f"P{i}", f"M{i}", "2000") for i in range(200_000)]
    (extracts / "x.csv").write_text(as_text(PUPIL_HEADER, rows) + last_line)

    def no_room() -> None:
        import resource  # noqa: PLC0415 (Windows does not have it)

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    run = subprocess.run(
        [sys.executable, str(LOAD_SCRIPT), str(extracts), "--database", str(database)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=no_room,
    )
    assert run.returncode == 1
    assert len(run.stderr.strip().splitlines()) == 1
    assert "disk" in run.stderr
    assert files_beside(database) == []


def test_mutated_files_are_accounted_for_or_refused() -> None:
    """The short form of `make test-fuzz`, with the same files every time."""
    fuzz = PROJECT_DIR / "tests" / "faults" / "fuzz_loader.py"
    run = subprocess.run(
        [sys.executable, str(fuzz), "--files", "250", "--seed", "2"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "250 mutated files were loaded or refused, every line accounted for" in run.stdout
    for outcome in ("loaded whole", "loaded, lines rejected", "refused"):
        assert outcome in run.stdout
