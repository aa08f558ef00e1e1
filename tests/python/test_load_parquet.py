"""The raw layer as Parquet files, for an engine that is not DuckDB."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from loading_helpers import (
    DATASETS,
    as_text,
    header_of,
    parquet,
    query,
    rows_of,
    run_load,
    write_pupils,
)


@pytest.fixture
def extracts(tmp_path):
    extracts = write_pupils(tmp_path / "extracts").parent
    header = [*header_of("cla"), "An unusual (name), with commas"]
    text = as_text(header, [*rows_of(header), [" ", "", *["\xe9"] * (len(header) - 2)]]) + "1,2\n"
    (extracts / "cla.csv").write_text(text, encoding="utf-8")
    (extracts / "notes.txt").write_text("of no dataset")
    return extracts


def test_every_raw_table_is_handed_over_as_it_is(extracts, tmp_path):
    folder, database = tmp_path / "parquet", tmp_path / "warehouse.duckdb"
    run = run_load(extracts, "--parquet", folder)
    assert run.returncode == 0, run.stderr
    assert f"Made {folder}" in run.stdout
    assert f"WAREHOUSE_PARQUET={folder} dbt build" in run.stdout
    assert run_load(extracts, "--database", database).returncode == 0
    tables = query(
        database, "select table_name from duckdb_tables() where schema_name = 'raw' order by all"
    )
    assert sorted(path.name for path in folder.iterdir()) == [f"{t}.parquet" for (t,) in tables]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    for (table,) in tables:
        # Only the hour of the load differs between two loads.
        hours = "loaded_at" if table in ("load_files", "unused_files") else "_loaded_at"
        rows = f"select * exclude ({hours}) from {{}} order by all"
        path = folder / f"{table}.parquet"
        expected = query(database, rows.format(f"raw.{table}"))
        assert duckdb.sql(rows.format(f"read_parquet('{path}')")).fetchall() == expected
        assert expected or (table in DATASETS and table != "cla")


def test_a_folder_is_replaced_as_a_whole(extracts, tmp_path):
    folder = tmp_path / "parquet"
    assert run_load(extracts, "--parquet", folder).returncode == 0
    (extracts / "cla.csv").unlink()
    assert run_load(extracts, "--parquet", folder).returncode == 0
    assert duckdb.sql(f"select count(*) from read_parquet('{folder}/cla.parquet')").fetchall() == [
        (0,)
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["extracts", "parquet"]


def test_a_refused_delivery_leaves_nothing(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    run = run_load(empty, "--parquet", tmp_path / "new" / "parquet")
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


@pytest.mark.parametrize("options", [[], ["--database", "a.duckdb", "--parquet", "b"]])
def test_one_place_is_named(extracts, options):
    run = run_load(extracts, *options)
    assert run.returncode == 2
    assert "--database PATH or --parquet DIR" in run.stderr


def test_a_folder_of_something_else_stays(extracts):
    run = run_load(extracts, "--parquet", extracts)
    assert run.returncode == 2
    assert "holds other files" in run.stderr
    assert sorted(path.name for path in extracts.iterdir()) == [
        "cla.csv",
        "notes.txt",
        "pupils.csv",
    ]


NAMES = ("PupilMatchingRefAnonymous_SPR12", "MoJUID", "AcademicYear_SPR12", "Gender_SPR12")
AGAIN = ("pupilmatchingref", "MOJUID", "academic year spr12", "Sex_SPR12")
CHILD = ("P1", "M1", "2011/2012", None)


def census(folder, *rows):
    folder.mkdir()
    (folder / "census.parquet").write_bytes(parquet(NAMES, rows))
    return folder


def test_a_header_among_the_rows_of_a_parquet_file_is_no_row(tmp_path):
    folder, database = census(tmp_path / "in", CHILD, AGAIN, CHILD, NAMES), tmp_path / "w.duckdb"
    run = run_load(folder, "--database", database)
    assert run.returncode == 0, run.stderr
    assert "Rejected: 2 lines of census: header repeated" in run.stdout
    numbered = query(database, 'select "MoJUID", _source_row from raw.census order by 2')
    assert numbered == [("M1", 1), ("M1", 2)]
    rejected = query(database, "select line_text, _source_line from raw.rejected_lines")
    assert rejected == [(",".join(AGAIN), None), (",".join(NAMES), None)]
    assert query(database, "select lines, rows_rejected from raw.load_files") == [(4, 2)]


@pytest.mark.parametrize(
    "underline",
    [("---", "--", "---------", "-"), ("-", None, "", None), ('"---"', "--+--", "- -", " ")],
)
def test_a_row_of_hyphens_of_a_parquet_file_is_no_row(tmp_path, underline):
    """As in a text file. A cell of hyphens in a row with values, and a blank row, are rows."""
    rows = [underline, CHILD, ("P2", "-", "---", "F"), (None,) * 4]
    folder, database = census(tmp_path / "in", *rows), tmp_path / "w.duckdb"
    run = run_load(folder, "--database", database)
    assert run.returncode == 0, run.stderr
    numbered = query(
        database, 'select "PupilMatchingRefAnonymous", _source_row from raw.census order by 2'
    )
    assert numbered == [("P1", 1), ("P2", 2), (None, 3)]
    rejected = query(database, "select reason, line_text from raw.rejected_lines")
    assert rejected == [("line of hyphens", ",".join(cell or "" for cell in underline))]


def test_a_parquet_file_of_hyphens_alone_is_an_empty_dataset(tmp_path):
    folder, database = census(tmp_path / "in", ("-----",) * 4), tmp_path / "w.duckdb"
    run = run_load(folder, "--database", database)
    assert run.returncode == 0, run.stderr
    assert query(database, "select count(*) from raw.census") == [(0,)]


@pytest.mark.parametrize(
    "other",
    [
        (*NAMES[:2], NAMES[3], NAMES[2]),
        header_of("cla")[:4],
        [n.replace("12", "13") for n in NAMES],
    ],
)
def test_another_header_among_the_rows_of_a_parquet_file_is_refused(tmp_path, other):
    run = run_load(census(tmp_path / "in", CHILD, other, CHILD), "--check")
    assert run.returncode == 2
    assert "Row 2 of census.parquet is a header with other columns" in run.stdout


def test_numbers_of_a_parquet_file_are_identifiers_as_far_as_they_are_exact(tmp_path):
    """A column with a gap is of floating point, and a gap may be "not a number"."""
    folder, database = tmp_path / "in", tmp_path / "w.duckdb"
    folder.mkdir()
    numbers = [1000.0, float("nan"), None, 2.0**53, float("inf"), 7.5, 8.0]
    table = pa.table({"PupilMatchingRefAnonymous": numbers, "MoJUID": ["M"] * len(numbers)})
    pq.write_table(table, folder / "pupils.parquet")
    run = run_load(folder, "--database", database)
    assert run.returncode == 0, run.stderr
    assert "2 of 4 values of PupilMatchingRefAnonymous" in run.stdout
    found = query(
        database, 'select "PupilMatchingRefAnonymous" from raw.population order by _source_row'
    )
    assert found == [
        ("1000",),
        ("nan",),
        (None,),
        ("9.0071992547409920e+15",),
        ("inf",),
        ("7.5",),
        ("8",),
    ]
