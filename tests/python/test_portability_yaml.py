"""The linter of portability finds what is SQL in a YAML file, however YAML lets one write it."""

from __future__ import annotations

import re

import pytest
from commands import PROJECT_DIR

from dev.portability.rules import read_rules
from dev.portability.yaml_sql import SQL_KEYS, find_in_yaml

RULES = read_rules()
# Arguments of the project's own tests that are no SQL: relations, numbers of rows, switches.
NO_SQL = {
    *("always_filled", "compare_model", "inclusive", "min_gap_days", "model", "n_rows", "strictly")
}


def found(text: str) -> list[tuple[int, str]]:
    return [(finding.line, finding.rule.name) for finding in find_in_yaml(text, RULES)]


YAML = """models:
  - name: a
    description: cast(a as varchar), and hash(b)
    config:
      column_types:
        code: varchar
        n: integer
    columns:
      - name: b
        data_type: hugeint
    data_tests:
      - expression_is_true:
          arguments:
            expression: concat(a, 'hash(b)') = b
      - null_unless:
          arguments:
            columns: [a]
            condition: >-
              a is null
              or hash(b) = 1
          config: {severity: error}
      - no_rows_where:
          arguments: {condition: "log(a) > 1 or b = 'log(x)'"}
"""


def test_of_yaml_types_and_arguments_are_read():
    assert found(YAML) == [
        (6, "varchar"),
        (10, "types of one engine"),
        (14, "concat"),
        (20, "hashes"),
        (23, "logarithm without a base"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("condition: a\n  or hash(b)", 2),
        ("condition: 'a\n  or hash(b)'", 2),
        ("condition: \"a = '\\x41'\\\n\n  or hash(b)\"", 3),
        ('condition: "a\\n or hash(b)"', 1),
        ("condition: |\n  a\n\n  or hash(b)\nname: b", 4),
        ("condition: >+\n  a\n  or hash(b)\n\nname: b", 3),
        ("condition: >- # why\n  hash(b)", 2),
        ("condition:\n  hash(b)", 2),
        ("condition: &name\n  hash(b)\nother: {where: *name}", 2),
        ('{columns: [a], condition: "hash(a)"}', 1),
        ("{condition: \"a = '}' or hash(a)\"}", 1),
        ("- expression: hash(a)", 1),
        ("- name: a\n  expression: hash(a)", 2),
        ("where: hash(a)", 1),
        ("config:\n  fail_calc: hash(a)", 2),
        ("part: hash(a)", 1),
        ("total: hash(a)", 1),
        ("columns:\n  - a\n  - hash(a)", 3),
        ("columns: [a, 'hash(a)']", 1),
        ("min_value: hash(a)", 1),
        ("max_value: hash(a)", 1),
        ("pre_hook: hash(a)", 1),
        ("+pre-hook:\n  - a\n  - hash(a)", 3),
        ("post_hook:\n  - sql: hash(a)\n    transaction: true", 2),
        ("given:\n  - input: a\n    format: sql\n    rows: |\n      select hash(a)", 5),
    ],
)
def test_sql_is_found_however_it_is_written(text, line):
    assert found(text) == [(line, "hashes")]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('data_type: "varchar"', "varchar"),
        ("data_type: VARCHAR(20)", "varchar"),
        ("{name: a, data_type: varchar}", "varchar"),
        ("data_type: varchar # why", "varchar"),
        ("- data_type: varchar", "varchar"),
        ("data_type: varchar[]", "varchar"),
        ("data_type: integer[]", "lists"),
        ("data_type: enum('a', 'b')", "enum"),
        ("data_type: struct(a integer)", "structures"),
        ("data_type: text", "types that may also be names"),
        ("data_type: bit", "types that may also be names"),
        ("data_type: decimal", "decimal without digits"),
        ("column_types: {a: VARCHAR}", "varchar"),
        ("+column_types:\n  a: 'varchar' # why", "varchar"),
        ("pattern: '\\d+'", "backslash in a text"),
        ('pattern: "it\'s \\\\d"', "backslash in a text"),
    ],
)
def test_types_and_regular_expressions_are_found(text, name):
    assert name in [rule for _, rule in found(text)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "macros:\n  - name: bit\n    description: varchar",
        "label: |\n  hash(a)",
        "given:\n  - rows:\n      - where: hash(a)\n        code: bit",
        "given:\n  - input: a\n    rows:\n      - {code: bit, where: hash(a), pattern: '\\d'}",
        "given:\n  - input: a\n    format: csv\n    rows: |\n      code\n      hash(a)",
        "condition: a is null # not hash(a)",
        "condition: >-\n  a is null\n# hash(a)\nname: b",
        "condition: 'a = ''hash(a)'''",
        "condition: \"a = 'x' -- hash(a)\"",
        "meta: {condition: hash(a)}",
        "columns:\n  - name: hash(a)\n    data_type: string",
        "data_type: \"{{ \\\"enum('a')\\\" if target.type == 'duckdb' else 'string' }}\"",
        "pattern: '[0-9]{4}/[0-9]{4}|hash(a)'",
    ],
)
def test_what_is_no_sql_is_left_alone(text):
    assert found(text) == []


def test_every_argument_of_our_tests_is_known_as_sql_or_not():
    arguments = set()
    for path in (PROJECT_DIR / "macros" / "tests").glob("*.sql"):
        signature = re.search(r"{% test \w+\((.*?)\)\s*%}", path.read_text(), re.DOTALL)
        arguments |= {argument.split("=")[0].strip() for argument in signature[1].split(",")}
    assert arguments - NO_SQL - {"pattern"} <= SQL_KEYS
