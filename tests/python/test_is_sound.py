"""The test `is_sound` finds and names each kind of breach, and finds nothing in a sound table."""

from __future__ import annotations

from types import SimpleNamespace

import duckdb
import jinja2
import pytest
from commands import PROJECT_DIR

SQL = (PROJECT_DIR / "macros" / "tests" / "is_sound.sql").read_text(encoding="utf-8")
SQL = SQL.replace("{% test ", "{% macro ").replace("{% endtest %}", "{% endmacro %}")
ROWS = "('a', 1, 2, 'x', true), ('b', 2, 2, 'y', false)"


def breaches(arguments: dict[str, object], *more_rows: str) -> list[tuple[str, int]]:
    """What the test says of the table with the sound rows and these."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    template = environment.from_string(SQL)
    module = template.make_module(
        {
            "config": lambda **_: "",
            "matches": lambda column, form: f"regexp_full_match({column}, '{form}')",
        }
    )
    with duckdb.connect() as connection:
        connection.execute("create table child (id text, n int, total int, kind text, flag bool)")
        connection.execute(f"insert into child values {', '.join([ROWS, *more_rows])}")
        connection.execute("create table parent as select unnest(['a', 'b', 'c']) as id")
        query = module.is_sound("child", **arguments)  # type: ignore[attr-defined]
        return connection.sql(query).order("breach").fetchall()


PARENT = type("Relation", (SimpleNamespace,), {"__str__": lambda _: "parent"})(identifier="parent")
EVERYTHING = {
    "key": [["id"], ["id", "n"]],
    "filled": ["id", "kind"],
    "in_order": [["n", "total"]],
    "ranges": [{"columns": ["n"], "min_value": 0, "max_value": 9}],
    "values": {"kind": ["x", "y"]},
    "forms": [{"columns": ["kind"], "pattern": "[a-z]"}],
    "null_unless": [{"columns": ["total"], "condition": "n > 0"}],
    "rules": {"flag_is_known": "flag is not null"},
    "parents": [{"column": "id", "to": PARENT}],
}


def test_a_sound_table_has_no_breach() -> None:
    assert breaches(EVERYTHING) == []


@pytest.mark.parametrize(
    ("argument", "row", "breach"),
    [
        ("key", "('a', 3, 3, 'x', true)", "several rows with the same id"),
        ("filled", "(null, 3, 3, 'x', true)", "id is null"),
        ("in_order", "('c', 3, 2, 'x', true)", "total is below n"),
        ("ranges", "('c', -1, 2, 'x', true)", "n is below 0"),
        ("ranges", "('c', 10, 12, 'x', true)", "n is above 9"),
        ("values", "('c', 1, 2, 'z', true)", "kind has a value that is not accepted"),
        ("forms", "('c', 1, 2, 'zz', true)", "kind has another form"),
        ("null_unless", "('c', null, 2, 'x', true)", "total is filled where it must be null"),
        ("null_unless", "('c', 1, null, 'x', true)", "total is null where it must be filled"),
        ("rules", "('c', 1, 2, 'x', null)", "not so: flag_is_known"),
        ("parents", "('d', 1, 2, 'x', true)", "id is not in parent"),
    ],
)
def test_each_breach_is_named(argument: str, row: str, breach: str) -> None:
    assert breaches({argument: EVERYTHING[argument]}, row) == [(breach, 1)]


def test_tables_of_different_length_are_found() -> None:
    assert breaches({"same_number_as": PARENT}) == [("not as many rows as parent", 1)]
    assert breaches({"same_number_as": PARENT}, "('c', 1, 2, 'x', true)") == []


def test_null_is_in_order_in_range_and_accepted() -> None:
    arguments = {name: EVERYTHING[name] for name in ("in_order", "ranges", "values", "forms")}
    assert breaches(arguments, "('c', null, null, null, null)") == []
