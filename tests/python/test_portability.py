"""The linter of portability: every rule finds what it should, and nothing else."""

from __future__ import annotations

import subprocess
import sys

import duckdb
import pytest
from commands import PROJECT_DIR

from dev import lint_portability
from dev.lint_portability import FOLDERS
from dev.portability.rules import find, read_rules

RULES = read_rules()


def names(sql: str) -> list[str]:
    return [finding.rule.name for finding in find(sql, RULES)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_finds_its_bad_example_and_not_its_good_one(rule):
    assert rule.name in names(rule.bad)
    assert names(rule.good) == []
    assert names(rule.bad.upper()) == names(rule.bad)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_the_good_example_is_one_that_runs(rule):
    assert duckdb.sql(rule.good).fetchall()


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 -- cast(a as varchar)",
        "select 1 /* hash(a)\n qualify */",
        "{#- split(a) 7 // 2 -#} select 1",
        "select 'hash(a) as varchar', 'it''s a ~ b' as note",
        "select '{{ var(\"a\\b\") }}' as note",
        "{% for x in range(3) %}select {{ x | list }}{% endfor %}",
        "select {{ matches('a', '[!-~](.*[!-~])?') }}, {{ matches('a', '[^a-z]') }}",
        "select {{ try_cast('a', 'integer') }}",
        "select {{ link('https://example.org/a') }}",
        "select sum(in_care_days), sum(t.has_n_rows), avg(is_open_years)",
        "select interval, t.bit as interval, 1 as blob from t where interval > 3 order by interval",
        "select interval as day, bit as text from t where interval and day > 1",
        "select cast(round(a / b) as integer), cast(ceil(a / b) + 1 as integer)",
        "select cast(sum(case when a / b > 0.5 then n end) as integer), cast(t1.n as integer)",
        "select cast(count(a / b) filter (where a > 0.5) as bigint), cast(a as decimal(18, 3))",
        "select cast(avg(cast(a as integer)) as double)",
        "select left(a, 1), left(a, length(b) - 1), substring(a, 1, 0), substr(f(a, 0), 1)",
        "select trim(both ',' from coalesce(a, b)), trim(coalesce(a, b))",
        '{%- set a = "coalesce(" -%} select cast(a as integer)) from ((t',
    ],
)
def test_what_is_no_sql_is_left_alone(sql):
    assert names(sql) == []


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("select {{ yearly('a', 'varchar', 'cla') }}", "varchar"),
        ('{%- set a = "hash(" ~ b ~ ")" -%}', "hashes"),
        ("select a || '' || hash(a)", "hashes"),
        ("select '' || \"a\"", "text in double quotes"),
        ("select '[.]\\d' as note", "backslash in a text"),
        ("select cast((1 + 4) / 3 as integer)", "whole number from a fraction"),
        ("select cast(coalesce(5.0, 1) / 3 as integer)", "whole number from a fraction"),
        ("select cast(avg(x) as integer)", "whole number from a fraction"),
        ("select cast((sum(n) + 1) / 2 as bigint)", "whole number from a fraction"),
        ("select cast(round(a / b, 1) as bigint)", "whole number from a fraction"),
        ("select cast(cast(a as double) as integer)", "whole number from a fraction"),
        ("select cast(n * .5 as integer)", "whole number from a fraction"),
        ("select cast({{ a }} / 3\n  as integer)", "whole number from a fraction"),
        ("select (5 / 3)::integer", "cast by colons"),
        ("select cast(trim(a) as text)", "types that may also be names"),
        ("select cast(trim(a) as bit)", "types that may also be names"),
        ("select cast(coalesce(a, 1) as numeric)", "decimal without digits"),
        ("select trim(coalesce(a, b), 'x')", "trim with a comma"),
        ("select left(coalesce(a, b), -1)", "left and right of a negative length"),
        ("select right(a, - n)", "left and right of a negative length"),
        ("select substring(a from 0 for 2)", "substring from 0"),
        ("select substring(coalesce(a, b), 0, n)", "substring from 0"),
        ("select substr(\n    f(a), 0)", "substring from 0"),
        ("select dayname(a)", "names of days and months"),
        ("select a + interval 1 day", "days plus a span of time"),
        ("select a + interval (n) days", "days plus a span of time"),
        ("select a - interval t.n months", "days plus a span of time"),
        ("select list(a)", "lists"),
        ("select cast(a as integer[])", "lists"),
        ("select cast(a as array<int>)", "lists"),
        ("select cast(a as map<int, int>)", "structures"),
        ("select min_by(a, b) filter (where c)", "value at the highest, which may be NULL"),
        ("select 7 // 2 from {{ f('https://a') }}", "integer division"),
        ("select avg(t.is_open_31_march)", "sum of booleans"),
    ],
)
def test_sql_is_found_wherever_it_stands(sql, name):
    assert names(sql) == [name]


def test_a_finding_names_line_construct_reason_and_what_to_do():
    (finding,) = find("select\n    '\n' as a,\n    -- why\n    hash (b) as c\n", RULES)
    assert str(finding).startswith("5: 'hash (' (hashes): no two engines hash alike")
    assert "Instead: the macros hash_key and row_hashes." in str(finding)


def test_a_finding_in_brackets_has_the_line_of_its_call():
    sql = "select\n    cast(\n        (1 + 4) / 3 as integer\n    ) as a,\n    left(f(b), -1) as b"
    assert [(finding.line, finding.construct) for finding in find(sql, RULES)] == [
        (2, "cast( (1 + 4) / 3 as integer )"),
        (5, "left(f(b), -"),
    ]


def lint(project_dir, capsys):
    """Where the findings in a project are, a file and line each."""
    with pytest.raises(SystemExit) as stop:
        lint_portability.main(project_dir)
    assert stop.value.code
    return [line.split(": ")[0] for line in capsys.readouterr().out.splitlines()]


def test_all_sql_of_the_project_is_read_but_that_of_the_engines(tmp_path, capsys):
    for folder in (*FOLDERS, "macros/engine"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "bad.sql").write_text("select\n    hash(a)\n")
        (tmp_path / folder / "bad.yml").write_text("seeds:\n  - data_type: varchar\n")
    assert lint(tmp_path, capsys) == [
        f"{folder}/bad.{suffix}:2" for folder in FOLDERS for suffix in ("sql", "yml")
    ]


def test_only_a_test_whose_config_names_one_engine_is_left_out(tmp_path, capsys):
    singular = tmp_path / "tests" / "singular"
    singular.mkdir(parents=True)
    mark = "enabled=(target.type == 'duckdb')"
    files = {
        "in_a_comment.sql": f"-- once {{{{ config({mark}) }}}}\nselect hash(a)",
        "many.yml": f"# {mark}\ntests: [{{condition: hash(a)}}]",
        "of_duckdb.sql": f"{{{{ config(tags=['logic'], {mark}) }}}}\nselect hash(a)",
    }
    for name, text in files.items():
        (singular / name).write_text(text)
    assert lint(tmp_path, capsys) == [
        "tests/singular/in_a_comment.sql:2",
        "tests/singular/many.yml:2",
    ]


def test_a_construct_may_stand_in_its_home_and_nowhere_else(tmp_path, capsys):
    folder = tmp_path / "macros" / "cleaning"
    folder.mkdir(parents=True)
    for name in ("latest_known.sql", "other.sql"):
        (folder / name).write_text("hash(a)\n\nmin_by(a, b)")
    assert lint(tmp_path, capsys) == [
        "macros/cleaning/latest_known.sql:1",
        "macros/cleaning/other.sql:1",
        "macros/cleaning/other.sql:3",
    ]


def test_the_project_itself_is_portable():
    run = subprocess.run(
        [sys.executable, "-m", "dev.lint_portability"],
        cwd=PROJECT_DIR / "scripts",
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
