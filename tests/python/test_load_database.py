"""The database that a load makes or changes, and where it may be."""

from __future__ import annotations

import re

import duckdb
import pytest
from commands import PROJECT_DIR
from loading_helpers import (
    files_beside,
    query,
    write_pupils,
)

from social_care_warehouse.console import UserError
from social_care_warehouse.loading import load_delivery
from social_care_warehouse.settings import DEFAULTS


def test_places_where_no_database_can_be(tmp_path, extracts):
    write_pupils(extracts)
    with pytest.raises(UserError, match="is a folder"):
        load_delivery(extracts, tmp_path)
    with pytest.raises(UserError, match="There is no folder"):
        load_delivery(extracts, tmp_path / "nowhere" / "w.duckdb")
    for content in (b"", b"no database, but long enough to be one"):
        other = tmp_path / "other.duckdb"
        other.write_bytes(content)
        with pytest.raises(UserError, match="is not a DuckDB database"):
            load_delivery(extracts, other)
        assert other.read_bytes() == content
        other.unlink()
    (tmp_path / "w.duckdb.wal").write_bytes(b"x")
    with pytest.raises(UserError, match="belongs to a database that no longer exists"):
        load_delivery(extracts, tmp_path / "w.duckdb")


def test_loading_again_replaces_and_keeps_the_rest(tmp_path, extracts, database):
    load_delivery(write_pupils(tmp_path / "before").parent, database)
    with duckdb.connect(database) as connection:
        connection.execute("create schema mine; create table mine.notes as select 42 as answer")
        connection.execute("create view mine.pupils as select count(*) as n from raw.population")
    write_pupils(extracts, rows=[("Q1", "N1", "2000")])
    result = load_delivery(extracts, database)
    assert result.has_replaced
    assert query(database, "from mine.notes") == [(42,)]
    assert query(database, "from mine.pupils") == [(1,)]
    assert query(database, "select file_name, rows_loaded from raw.load_files") == [
        ("pupils.csv", 1)
    ]
    assert files_beside(database) == ["warehouse.duckdb"]


def test_a_new_database_is_for_its_owner_and_for_older_readers(extracts, database):
    load_delivery(write_pupils(extracts).parent, database)
    assert database.stat().st_mode & 0o777 == 0o600
    tags = query(
        database, "select tags from duckdb_databases() where database_name = current_database()"
    )
    assert tags[0][0]["storage_version"].startswith("v1.4")


def test_settings_come_from_the_environment(extracts, database, tmp_path, monkeypatch):
    write_pupils(extracts)
    monkeypatch.setenv("WAREHOUSE_TEMP_DIRECTORY", str(tmp_path / "spill"))
    monkeypatch.setenv("WAREHOUSE_THREADS", "1")
    monkeypatch.setenv("WAREHOUSE_MEMORY", "200MB")
    load_delivery(extracts, database)
    assert list((tmp_path / "spill").iterdir()) == []
    monkeypatch.setenv("WAREHOUSE_MEMORY", "a lot")
    database.unlink()
    with pytest.raises(UserError, match="WAREHOUSE_MEMORY"):
        load_delivery(extracts, database)
    assert files_beside(database) == []


def test_a_load_has_the_limits_of_a_build_where_nothing_else_is_said() -> None:
    profile = (PROJECT_DIR / "profiles" / "profiles.yml").read_text("utf-8")
    said = re.findall(r"env_var\('(WAREHOUSE_(?:MEMORY|THREADS))', '(\w+)'\)", profile)
    assert dict(said) == DEFAULTS
