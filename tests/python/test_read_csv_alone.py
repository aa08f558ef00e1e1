"""The experiment of decision record 0023: what `read_csv` alone makes of a file with eight faults.

If a test here fails after an upgrade of DuckDB, read the record again: own reading may no longer be
needed.
"""

from __future__ import annotations

import duckdb
import pytest
from loading_helpers import query, write_seed

from social_care_warehouse.loading import load_delivery

HEADER = "visit_id,pupil_id,note"
N_GOOD = 2_992
FAULTS = {
    41: '"1,p,q',  # a quote that never closes
    300: "1,p",
    600: "1,p,q,r",
    900: "1,p\0,q",
    1200: HEADER,
    1500: '1,"p"x,q',
    1800: "1,p,\udcff",
    2100: "-,-,-",
}
READ = """
    from read_csv(
        $path, columns = {'visit_id': 'varchar', 'pupil_id': 'varchar', 'note': 'varchar'},
        delim = ',', quote = '"', escape = '"', header = true, auto_detect = false,
        hive_partitioning = false, %s
    )
"""


@pytest.fixture
def faulty(tmp_path):
    """A file of good lines, each with its own number, and a faulty one here and there."""
    good = iter(range(N_GOOD))
    lines = [
        FAULTS.get(number) or f"g{next(good)},p," + ('"q, \u00e9"' if number % 9 == 0 else "q")
        for number in range(N_GOOD + len(FAULTS))
    ]
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / "visits.csv"
    path.write_bytes(("\n".join([HEADER, *lines]) + "\n").encode("utf-8", "surrogateescape"))
    return path


def good_lines_read(path, options: str) -> tuple[int, int]:
    """How many good lines are read as they are, and how many other rows there are."""
    with duckdb.connect() as connection:
        rows = connection.execute("select *" + READ % options, {"path": str(path)}).fetchall()
    good = [row for row in rows if (row[0] or "").startswith("g") and row[1] == "p"]
    return len(good), len(rows) - len(good)


@pytest.mark.parametrize(
    "options",
    ["store_rejects = true", "ignore_errors = true", "strict_mode = false, ignore_errors = true"],
)
def test_read_csv_alone_loses_good_lines_or_keeps_faulty_ones(faulty, options) -> None:
    n_good, n_other = good_lines_read(faulty, options)
    assert (n_good, n_other) != (N_GOOD, 0)
    assert n_good < N_GOOD


def test_the_loader_keeps_every_good_line_and_rejects_every_faulty_one(faulty, tmp_path) -> None:
    database = tmp_path / "w.duckdb"
    load_delivery(faulty.parent, database, aliases=write_seed(tmp_path))
    found = query(database, "select count(distinct visit_id), count(*) from raw.visit")
    assert found == [(N_GOOD, N_GOOD)]
    rejected = query(
        database, "select _source_line, reason from raw.rejected_lines order by _source_line"
    )
    assert rejected == [
        (43, "quote not closed"),
        (302, "too few columns"),
        (602, "too many columns"),
        (902, "a NUL byte in it"),
        (1202, "header repeated"),
        (1502, "text after a closing quote"),
        (1802, "bytes in it that are not UTF-8"),
        (2102, "line of hyphens"),
    ]
