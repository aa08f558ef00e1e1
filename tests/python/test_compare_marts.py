"""compare_marts.py finds every difference between two warehouses, and never prints a value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from dev.compare_marts import main

OLD = """
    create schema marts;
    create schema quality;
    create schema raw;
    create table raw.person as select 'not compared' as a;
    create table marts.person as
    select *
    from (values
        ('SECRET1', 'low'::enum('low', 'high'), 0.1::double, 1),
        ('SECRET1', 'low', 0.1, 1),
        ('SECRET2', 'high', null, null)
    ) as persons(pupil_id, category, share, n);
    create table quality.scope as select 'all of it' as scope, 3 as n_of_pupils, now() as loaded_at;
    create view quality.persons as select pupil_id from warehouse.marts.person;
"""
RENAMES = """
tables: {quality.scope: marts.coverage}
columns: {"*": {n_of_pupils: n_pupils}}
values: {marts.coverage: {scope: {all of it: complete}}}
ignore: {marts.coverage: [loaded_at]}
"""
RENAMED = """
    drop table quality.scope;
    create table marts.coverage as select 3 as n_pupils, 'complete' as scope, now() as loaded_at;
"""


@pytest.fixture
def compared(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Compares a warehouse with one that differs by some SQL: the exit code and what it prints."""

    def run(change: str, *options: str, renames: str = "") -> tuple[int, str]:
        paths = []
        for name, sql in (("old", OLD), ("new", OLD + change)):
            paths.append(tmp_path / name / "warehouse.duckdb")
            paths[-1].parent.mkdir()
            with duckdb.connect(str(paths[-1])) as connection:
                connection.execute(sql)
        if renames:
            (tmp_path / "renames.yml").write_text(renames, encoding="utf-8")
            options = (*options, "--renames", str(tmp_path / "renames.yml"))
        done = CliRunner().invoke(main, [*map(str, paths), *options])
        assert "SECRET" not in done.output
        return done.exit_code, done.output

    return run


def test_renamed_tables_columns_and_values_are_equal(compared):
    exit_code, printed = compared(RENAMED, renames=RENAMES)
    assert exit_code == 0, printed
    assert "marts.coverage: equal (1 rows)" in printed
    assert "quality.persons: equal (3 rows)" in printed
    assert "3 tables are equal, 0 differ." in printed


def test_without_the_renames_they_differ(compared):
    exit_code, printed = compared(RENAMED)
    assert exit_code == 1
    assert "marts.coverage: only in the new warehouse" in printed
    assert "quality.scope: only in the old warehouse" in printed


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("create or replace table marts.person as from marts.person order by all desc", "equal"),
        ("update marts.person set share = share + 1e-16", "equal (3 rows)"),
        (
            "update marts.person set share = 0.2 where n is null",
            "1 of 3 rows only in the old warehouse, 1 of 3 only in the new warehouse (columns"
            " with other values: share)",
        ),
        (
            "insert into marts.person from marts.person where n is null",
            "0 of 3 rows only in the old warehouse, 1 of 4 only in the new warehouse",
        ),
        ("delete from marts.person where n is null", "1 of 3 rows only in the old warehouse"),
        ("alter table marts.person drop n", "column n missing"),
        ("alter table marts.person add column m integer", "column m added"),
        ("alter table marts.person alter n type bigint", "column n was INTEGER, is BIGINT"),
    ],
)
def test_a_difference_is_counted(compared, change, line):
    exit_code, printed = compared(change, "--schema", "marts")
    assert f"marts.person: {line}" in printed
    assert exit_code == (0 if line.startswith("equal") else 1)


def test_a_wrong_file_of_renames_is_refused(compared):
    exit_code, printed = compared("", renames="column: {}")
    assert exit_code == 2
    assert "may only have the keys tables, columns, values and ignore" in printed


def test_files_without_these_schemas_are_refused(compared):
    exit_code, printed = compared("", "--schema", "elsewhere")
    assert exit_code == 2
    assert "Neither file has a table in the schemas elsewhere" in printed
