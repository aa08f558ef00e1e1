"""Files that are damaged, change meanwhile, may not be read, or for which there is no room."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from commands import run
from hostile_files import TABLE, assert_balanced, assert_refused
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

from social_care_warehouse.console import UserError
from social_care_warehouse.loading import load_delivery


@pytest.mark.parametrize("padding", [b"\0" * 512, gzip.compress(b"")], ids=["zeros", "gzip"])
def test_padding_after_a_gzip_file_is_nothing(extracts, database, padding) -> None:
    (extracts / "x.csv.gz").write_bytes(gzip.compress(PUPILS_TEXT.encode()) + padding)
    load_delivery(extracts, database)
    assert_balanced(database)
    assert query(database, "select count(*) from raw.population") == [(3,)]


GZIPPED = gzip.compress(PUPILS_TEXT.encode() * 50)


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
    return run(*prefix, *command)


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

    done = run(
        sys.executable, LOAD_SCRIPT, extracts, "--database", database, preexec_fn=no_room
    )  # fmt: skip
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "disk" in done.stderr
    assert files_beside(database) == []
