"""Loads thousands of mutated small files: never a traceback, never a hang, accounts that balance.

Run by `make test-fuzz`. Each file starts as text of some encoding, gzip or Parquet, some of them
joined from two files, with typed columns or in a folder called like a column, and is then cut,
doubled, swapped and overwritten at random. A load must end with every line accounted for, or with
one plain sentence and nothing left behind. A check must say whether the load ends well. No value is
ever shown or used as a name, and no header is loaded as a row. The files of a seed are always the
same: a file that breaks a rule is named by its number and kept.
"""

from __future__ import annotations

import argparse
import faulthandler
import gzip
import io
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT_DIR / "scripts"), str(PROJECT_DIR / "tests" / "python")]

import duckdb  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
from loading_helpers import DATASETS, as_text, parquet, write_seed  # noqa: E402

from social_care_warehouse.console import UserError  # noqa: E402
from social_care_warehouse.loading import check_delivery, load_delivery  # noqa: E402
from social_care_warehouse.loading.column_seeds import COLUMN_ALIASES  # noqa: E402
from social_care_warehouse.loading.columns import matching_form  # noqa: E402
from social_care_warehouse.loading.report import as_json  # noqa: E402

HANG_SECONDS = 60
PLANTED = "Planted"
HEADER = ("visit_id", "pupil_id", "note")
ROWS = [
    ("1", "P1", "plain"),
    ("2", "P2", 'a "quoted" word'),
    ("3", "P3", "two\nlines"),
    ("4", "P4", "caf\u00e9 \u4e2d"),
    ("", " ", ""),
    ("6", "P6", "with, comma\tand tab"),
]
PIECES = [
    *(b",", b'"', b'""', b"\n", b"\r\n", b"\r", b"\t", b"\0", b" ", b";", b"a", b"\\"),
    *(b"\xff", b"\xc3", b"\xe9", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1f\x8b", b"PAR1", b"\x1a"),
    *(b"visit_id,pupil_id,note\n", b"note", b"1,2,3\n", b'"x\ny","z",\n', b"x" * 5000, b"," * 300),
]


def original(chance: random.Random) -> tuple[str, bytes]:
    """A good file and its name."""
    kind = chance.choice(["text", "text", "text", "gzip", "parquet"])
    rows = [chance.choice(ROWS) for _ in range(chance.randint(0, 12))]
    if kind == "parquet":
        return "visits.parquet", parquet(HEADER, rows or ROWS)
    text = as_text(
        HEADER,
        rows,
        delimiter=chance.choice(",,\t"),
        line_end=chance.choice(["\n", "\n", "\r\n", "\r"]),
        quoting=chance.choice([0, 0, 1]),
    )
    encoding = chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"])
    data = text.encode(encoding, errors="replace")
    if kind == "gzip":
        return "visits.csv.gz", gzip.compress(data, mtime=0)
    return "visits.csv", data


def known_dataset(chance: random.Random) -> tuple[str, bytes]:
    """A file of a real dataset, typed or joined from two, and its name."""
    first = chance.choice(list(DATASETS))
    header = spelled(names_of(first, chance), chance)
    n_rows = chance.randint(1, 9)
    if chance.random() < 0.25:
        return f"{first}.parquet", typed_parquet(header, n_rows, chance)
    text = as_text(header, planted_rows(header, n_rows))
    kind = chance.choice(["alone", "same", "order", "dataset", "year", "part", "underline"])
    other = {
        "same": header,
        "order": chance.sample(header, len(header)),
        "dataset": names_of(chance.choice(list(DATASETS)), chance),
        "year": names_of(first, chance),
        "part": header[: len(header) * 2 // 3],
        "underline": ["-" * chance.randint(1, 9) for _ in header],
    }.get(kind)
    if other:
        delimiter = chance.choice(",,,\t")
        text += as_text(spelled(other, chance), planted_rows(other, 3), delimiter=delimiter)
    return f"{first}.csv", text.encode()


def names_of(name: str, chance: random.Random) -> list[str]:
    """The columns of a dataset as a file of some year has them."""
    dataset = DATASETS[name]
    columns = list(dataset.columns)
    if dataset.layout.files_may_differ and chance.random() < 0.7:
        needed = {column for group in dataset.required_groups for column in group[:1]}
        share = chance.random()
        columns = [name for name in columns if name in needed or chance.random() < share]
    year = chance.choice(["", f"_{dataset.layout.suffix}{chance.randint(0, 25):02}"])
    return [name + year for name in columns] if dataset.has_year else columns


def spelled(header: list[str], chance: random.Random) -> list[str]:
    """The names in some case."""
    change = chance.choice([str, str.lower, str.upper, lambda name: name.replace("_", ".")])
    return [change(name) for name in header]


def planted_rows(header: list[str], n_rows: int) -> list[list[str]]:
    """Rows of values that must never be seen."""
    return [[f"{PLANTED}{row}" for _ in header] for row in range(n_rows)]


def typed_parquet(header: list[str], n_rows: int, chance: random.Random) -> bytes:
    """A Parquet file with columns of all types."""
    now = datetime(2011, 4, 30, 23, tzinfo=UTC)
    columns = [
        chance.choice(
            [
                pa.array([PLANTED] * n_rows),
                pa.array([chance.choice([1.0, 2.0**60, float("nan"), 0.5])] * n_rows),
                pa.array([now] * n_rows, pa.timestamp("us", "UTC")),
                pa.array([PLANTED.encode() + b"\xff"] * n_rows, pa.binary()),
                pa.array([True] * n_rows),
                pa.array([[PLANTED]] * n_rows),
                pa.nulls(n_rows),
            ]
        )
        for _ in header
    ]
    out = io.BytesIO()
    pq.write_table(pa.table(columns, names=header), out)
    return out.getvalue()


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some of them changed, taken away, doubled or put elsewhere."""
    changed = bytearray(data)
    for _ in range(chance.choice([0, 1, 1, 2, 3, 5, 8])):
        at, to = sorted(chance.randint(0, len(changed)) for _ in range(2))
        to = min(to, at + chance.choice([1, 2, 8, 40]))
        how = chance.choice(["insert", "insert", "overwrite", "drop", "double", "cut", "flip"])
        if how == "insert":
            changed[at:at] = chance.choice(PIECES)
        elif how == "overwrite":
            changed[at:to] = chance.choice(PIECES)
        elif how == "drop":
            del changed[at:to]
        elif how == "double":
            changed[at:at] = changed[at:to] * chance.choice([1, 2, 50])
        elif how == "cut" and chance.random() < 0.3:
            del changed[at:]
        elif how == "flip" and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
    return bytes(changed)


def demand_balance(loaded: duckdb.DuckDBPyConnection, tables: list[str]) -> int:
    """Every line of the accounts is a row or a rejected line, in the tables as well.

    Returns the number of rejected lines.
    """
    balance = loaded.execute(
        "select coalesce(sum(lines), 0), coalesce(sum(rows_loaded), 0),"
        " coalesce(sum(rows_rejected), 0) from raw.load_files"
    ).fetchall()[0]
    rows = [
        row
        for table in tables
        for row in loaded.execute(f"select _source_row from raw.{table} order by 1").fetchall()
    ]
    n_rejected = loaded.execute(
        "select coalesce(sum(n_lines), 0) from raw.rejected_lines"
    ).fetchall()[0][0]
    assert balance == (len(rows) + n_rejected, len(rows), n_rejected), f"accounts: {balance}"
    assert rows == [(number,) for number in range(1, len(rows) + 1)], "rows are not numbered"
    return n_rejected


@cache
def is_name(cell: str) -> bool:
    """Whether a dataset knows the cell as the name of a column."""
    return any(dataset.meaning(cell) for dataset in DATASETS.values())


def demand_no_header_among_rows(loaded: duckdb.DuckDBPyConnection, tables: list[str]) -> None:
    """No row holds the names of columns: half of its cells, and two long ones."""
    for table in tables:
        rows = loaded.execute(f"select * exclude (_source_file) from raw.{table}").fetchall()
        for row in rows:
            cells = [matching_form(cell) for cell in row if isinstance(cell, str)]
            known = [cell for cell in cells if is_name(cell)]
            is_header = 2 * len(known) >= len(row) and len({k for k in known if len(k) > 9}) > 1
            assert not is_header, "a header is a row"


def demand_no_value(*said: str) -> None:
    """No sentence and no name has a value in it."""
    assert not any(PLANTED.lower() in text.lower() for text in said), "a value is shown"


def try_one(work: Path, seed: int, number: int) -> str:
    """Load one file; returns the outcome. Raises whatever must not be."""
    chance = random.Random(f"{seed} {number}")
    folder = work / str(number)
    folder.mkdir(parents=True)
    if chance.random() < 0.5:
        (name, data), seed_file, tables = original(chance), write_seed(folder), ["visit"]
    else:
        (name, data), seed_file, tables = known_dataset(chance), COLUMN_ALIASES, list(DATASETS)
    extracts = folder / chance.choice(["in", "MoJUID=7", "cell_1=CHILD5", "note=x"])
    extracts.mkdir()
    (extracts / name).write_bytes(mutated(data, chance))
    database = folder / "w.duckdb"
    before = {path.name for path in folder.iterdir()}
    allowed = {"aliases": seed_file, "allow_rejected": chance.random() < 0.3}
    check = check_delivery(extracts, **allowed)
    demand_no_value(as_json(check))
    try:
        result = load_delivery(extracts, database, **allowed)
    except UserError as refused:
        assert len(str(refused).splitlines()) == 1, "more than one line was said"
        assert not check.can_be_loaded, "a load refuses what the check would take"
        demand_no_value(str(refused))
        left, outcome = set(), "refused"
    else:
        assert check.can_be_loaded, "a load takes what the check would refuse"
        with duckdb.connect(database, read_only=True) as loaded:
            n_rejected = demand_balance(loaded, tables)
            demand_no_header_among_rows(loaded, tables)
            names = loaded.execute("select column_name from duckdb_columns()").fetchall()
            files = loaded.execute("from raw.load_files").fetchall()
        demand_no_value(*result.remarks, str(names), str(files))
        left, outcome = {"w.duckdb"}, "loaded, lines rejected" if n_rejected else "loaded whole"
    found = {path.name for path in folder.iterdir()}
    assert found == left | before, f"left behind: {found}"
    shutil.rmtree(folder)
    return f"{name}: {outcome}"


def work_through(job: tuple[Path, int, range]) -> Counter[str]:
    """Try a range of files; ends the process with a trace of where it hangs, if it does."""
    work, seed, numbers = job
    outcomes: Counter[str] = Counter()
    for number in numbers:
        faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
        try:
            outcomes[try_one(work, seed, number)] += 1
        except BaseException as error:
            error.add_note(f"File {number} of seed {seed}; it is kept.")
            raise
        finally:
            faulthandler.cancel_dump_traceback_later()
    return outcomes


def main() -> None:
    """Share the files among processes, one a core."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=None, help="to try the same files again")
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    started = time.monotonic()
    work = Path(tempfile.mkdtemp(prefix="trust_fuzz_"))
    print(f"Seed {seed}; a file that breaks a rule is kept in {work}", flush=True)
    # Small shares, so that a dead process is noticed soon and progress can be shown.
    share = 250
    jobs = [
        (work, seed, range(first, min(first + share, options.files)))
        for first in range(0, options.files, share)
    ]
    outcomes: Counter[str] = Counter()
    os.environ.setdefault("WAREHOUSE_THREADS", "1")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context) as pool:
        for done in as_completed([pool.submit(work_through, job) for job in jobs]):
            outcomes += done.result()
            print(f"{outcomes.total():>7,} of {options.files:,} files", flush=True)
    shutil.rmtree(work)
    for outcome, count in sorted(outcomes.items()):
        print(f"{count:>7,} {outcome}")
    print(
        f"{options.files:,} mutated files were loaded or refused, every line accounted for,"
        f" in {time.monotonic() - started:.0f} s."
    )


if __name__ == "__main__":
    main()
