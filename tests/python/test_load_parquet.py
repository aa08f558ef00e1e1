"""The raw layer as Parquet files, for an engine that is not DuckDB."""

from __future__ import annotations

import duckdb
import pytest
from loading_helpers import DATASETS, as_text, header_of, query, rows_of, run_load, write_pupils


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
