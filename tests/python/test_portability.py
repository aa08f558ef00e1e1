"""The sqlfluff rules for portability find their examples, and nothing in plain SQL."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb
import pytest
from commands import PROJECT_DIR, run
from sqlfluff.core import FluffConfig, Linter

from dev import portability
from dev.portability.rules import ROWS


@pytest.fixture(scope="module")
def linter() -> Linter:
    portability.register()
    return Linter(config=FluffConfig(overrides={"dialect": "duckdb", "rules": "portability"}))


def names(linter: Linter, sql: str) -> list[str]:
    """The rules that a query breaks; a query that cannot be parsed breaks one of another name."""
    violations = linter.lint_string(sql).get_violations()
    return [
        violation.rule.name.partition(".")[2] if hasattr(violation, "rule") else str(violation)
        for violation in violations
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_a_rule_finds_its_bad_example_and_not_its_good_one(linter, row):
    assert names(linter, row["bad"]) == [row["name"]]
    assert names(linter, row["bad"].upper()) == [row["name"]]
    assert names(linter, row["good"]) == []
    assert duckdb.sql(row["good"]).fetchall()


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 -- concat(a)",
        "select 1 /* hash(a)\n try_cast */",
        "select 'hash(a)' as note",
        "select cast(round(a / b) as integer), cast(ceil(a / b) + 1 as integer) from t",
        "select cast(sum(case when a / b > 0.5 then n end) as integer), cast(n as integer) from t",
        "select cast(count(a / b) filter (where a > 0.5) as bigint) from t",
        "select cast(sum(n) filter (where a > 0.5) as bigint) from t",
        "select cast(avg(cast(a as integer)) as double), cast(a as decimal(18, 3)) from t",
        "select left(a, 1), left(a, length(b) - 1), substring(a, 1, 0), substr(f(a, 0), 1) from t",
        "select trim(both ',' from coalesce(a, b)), trim(coalesce(a, b)) from t",
        "select max_by(a, b) filter (where a is not null and c) from t",
        "select extract(year from a) from t",
    ],
)
def test_plain_sql_breaks_no_rule(linter, sql):
    assert names(linter, sql) == []


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("select (5 / 3)::integer", "whole_number_from_fraction"),
        ("select cast((1 + 4) / 3 as integer)", "whole_number_from_fraction"),
        ("select cast(coalesce(5.0, 1) / 3 as integer)", "whole_number_from_fraction"),
        ("select cast(avg(x) as integer) from t", "whole_number_from_fraction"),
        ("select cast((sum(n) + 1) / 2 as bigint) from t", "whole_number_from_fraction"),
        ("select cast(cast(a as double) as integer) from t", "whole_number_from_fraction"),
        ("select cast(case when a then b / 2 end as integer) from t", "whole_number_from_fraction"),
        ("select cast(n * .5 as integer) from t", "whole_number_from_fraction"),
        ("select cast(coalesce(a, 1) as numeric) from t", "decimal_without_digits"),
        ("select trim(coalesce(a, b), 'x') from t", "trim_with_comma"),
        ("select left(coalesce(a, b), -1) from t", "negative_length"),
        ("select right(a, - n) from t", "negative_length"),
        ("select substring(a from 0 for 2) from t", "substring_from_zero"),
        ("select substr(\n    f(a), 0) from t", "substring_from_zero"),
        ("select a + interval 1 day from t", "interval"),
        ("select a - interval (n) days from t", "interval"),
        ("select dayofweek(a) from t", "day_of_week"),
        ("select min_by(a, b) filter (where c) from t", "value_at_the_highest"),
        ("select '[.]\\d' as note", "backslash"),
    ],
)
def test_other_forms_of_a_rule_are_found(linter, sql, name):
    assert names(linter, sql) == [name]


def test_two_rules_find_their_part_of_one_expression(linter):
    found = names(linter, "select cast(round(a / b, 1) as bigint) from t")
    assert sorted(found) == ["rounded_digits", "whole_number_from_fraction"]


def test_the_command_checks_macros_where_they_are_used_except_those_of_an_engine(tmp_path: Path):
    for name in (".sqlfluff", "scripts/dev/sqlfluff_library/adapter.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT_DIR / name, tmp_path / name)
    files = {
        "macros/joined.sql": "{% macro joined(a) %}concat({{ a }}, 'x'){% endmacro %}\n",
        "macros/hashed.sql": "{% macro hashed(a) %}"
        "{{ adapter.dispatch('hashed')(a) }}{% endmacro %}\n"
        "{% macro duckdb__hashed(a) %}hash({{ a }}){% endmacro %}\n",
        "models/bad.sql": "select {{ joined('a') }} as a\nfrom {{ ref('t') }}\n",
        "models/good.sql": "select {{ hashed('a') }} as a\nfrom {{ ref('t') }}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    script = PROJECT_DIR / "scripts" / "dev" / "lint_sql.py"
    done = run(sys.executable, script, "lint", "--processes", "2", "models", cwd=tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "portability.concat" in done.stdout
    assert "models/bad.sql" in done.stdout
    assert "models/good.sql" not in done.stdout
