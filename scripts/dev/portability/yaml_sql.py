"""What is SQL in a YAML file of dbt: types of columns, and arguments of tests and settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import yaml

from dev.portability.rules import Finding, Rule, find

# Keys whose value, or each item of whose list, dbt or a test of ours puts into a query.
SQL_KEYS = {
    *("condition", "expression", "fail_calc", "part", "sql", "total", "where"),
    *("column_name", "columns", "count_column", "end_column", "filled_columns"),
    *("max_value", "min_value", "partition_columns", "post_hook", "pre_hook", "start_column"),
}
# Free notes and settings, in which any key may stand.
NOT_SQL = ("meta", "vars")
# What each kind of value is in a query.
QUERIES = {"sql": "{}", "type": "cast(x as {})", "pattern": "'{}'"}
# A type that asks for the engine has an answer for each.
ASKS_FOR_ENGINE = re.compile(r"\{\{[^}]*\btarget\.type\b[^}]*\}\}")

ANCHOR_OR_TAG = re.compile(r"(?:[&!]\S*\s+)*")
ESCAPE = re.compile(r"\\(?:x\w{2}|u\w{4}|U\w{8}|.|$)")


@dataclass(frozen=True)
class Piece:
    """SQL out of a YAML file, and for each of its lines the one of the file."""

    sql: str
    lines: tuple[int, ...]


def find_in_yaml(text: str, rules: list[Rule]) -> list[Finding]:
    """Every construct of the rules in the SQL of a YAML file, in order of lines."""
    findings = [
        replace(finding, line=piece.lines[finding.line - 1])
        for piece in pieces(text)
        for finding in find(piece.sql, rules)
    ]
    return sorted(findings, key=lambda finding: finding.line)


def pieces(text: str) -> list[Piece]:
    """Each piece of SQL; one that stands under an anchor once, however often it is used."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    found = {(node.start_mark.index, kind): node for node, kind in _scalars(root, None)}
    return [_piece(text, node, kind) for (_, kind), node in found.items()]


def _scalars(node: yaml.Node | None, kind: str | None) -> Iterator[tuple[yaml.ScalarNode, str]]:
    """Every value that is SQL, with its kind."""
    if isinstance(node, yaml.ScalarNode) and kind:
        yield node, kind
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item, kind)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = key.value.lstrip("+").replace("-", "_")
            if name == "column_types" and isinstance(value, yaml.MappingNode):
                for _, column_type in value.value:
                    yield from _scalars(column_type, "type")
            elif name not in NOT_SQL and not (name == "rows" and not _is_in_sql(node)):
                yield from _scalars(value, _kind(name))


def _kind(name: str) -> str | None:
    if name in SQL_KEYS or name == "rows":
        return "sql"
    return {"data_type": "type", "pattern": "pattern"}.get(name)


def _is_in_sql(fixture: yaml.MappingNode) -> bool:
    """Whether the rows of a unit test are a query, and not values."""
    return any(key.value == "format" and value.value == "sql" for key, value in fixture.value)


def _piece(text: str, node: yaml.ScalarNode, kind: str) -> Piece:
    lines, numbers = zip(*_lines(text, node), strict=True)
    sql = "\n".join(lines)
    if kind == "type":
        sql = ASKS_FOR_ENGINE.sub("", sql)
    if kind == "pattern":
        sql = sql.replace("'", "''")
    return Piece(QUERIES[kind].format(sql), numbers)


def _lines(text: str, node: yaml.ScalarNode) -> Iterator[tuple[str, int]]:
    """The lines of a value, without what YAML puts around it, and their numbers in the file."""
    written = text[node.start_mark.index : node.end_mark.index]
    before = ANCHOR_OR_TAG.match(written)[0]
    written = written.removeprefix(before)
    if node.style in ("|", ">"):
        header, _, written = written.partition("\n")
        before += f"{header}\n"
    elif node.style:
        written = written[1:-1]
    for number, line in enumerate(
        written.split("\n"), node.start_mark.line + 1 + before.count("\n")
    ):
        if node.style == "'":
            yield line.replace("''", "'"), number
        elif node.style == '"':
            for part in ESCAPE.sub(_meaning, line).split("\n"):
                yield part, number
        else:
            yield line, number


def _meaning(escape: re.Match[str]) -> str:
    """What a character after a backslash stands for; at the end of a line it only joins two."""
    return yaml.safe_load(f'"{escape[0]}"') if escape[0] != "\\" else ""
