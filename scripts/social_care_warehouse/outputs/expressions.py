"""Checks that a text from a specification is one SQL expression over the columns of its mart."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from social_care_warehouse.console import UserError, nearest

_ALLOWED = {
    "BETWEEN", "CASE", "CAST", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT", "FUNCTION",
    "OPERATOR", "TYPE",
}  # fmt: skip


def check_expression(
    connection: duckdb.DuckDBPyConnection, text: str, columns: Mapping[str, str], place: str
) -> None:
    """Raise UserError unless the text is a single expression that uses only these columns.

    It cannot read other tables or files, and it cannot close the bracket that it is put into.
    """
    # In brackets it must be one expression, and without them the brackets in it must match.
    trees = [_parsed(connection, f"select ({text}\n)"), _parsed(connection, f"select {text}\n")]
    statements = trees[0].get("statements", [])
    if any(tree["error"] for tree in trees) or len(statements) != 1:
        raise UserError(f"{place} is not a valid SQL expression: {text}. Correct it.")
    node = statements[0]["node"]
    is_plain = (
        node["type"] == "SELECT_NODE"
        and len(node["select_list"]) == 1
        and node["from_table"]["type"] == "EMPTY"
        and not node["cte_map"]["map"]
        and not node["modifiers"]
        and not any(node[key] for key in ("where_clause", "group_expressions", "having", "qualify"))
    )
    if not is_plain:
        raise UserError(f"{place} must be one expression, as in a where clause: {text}.")
    changing = _changing_functions(connection)
    for part in _parts(node["select_list"][0]):
        if part["class"] == "FUNCTION" and part["function_name"].lower() in changing:
            raise UserError(
                f"{place} uses the function {part['function_name']}, whose answer changes from one"
                " run to the next. Compare columns of the mart with values."
            )
        if part["class"] not in _ALLOWED:
            raise UserError(
                f"{place} may hold no {part['class'].lower().replace('_', ' ')}: {text}."
                " Compare columns of the mart with values."
            )
        if part["class"] == "COLUMN_REF":
            name = part["column_names"][-1]
            if len(part["column_names"]) > 1 or name.lower() not in columns:
                raise UserError(
                    f"{place} uses the unknown column {'.'.join(part['column_names'])}."
                    f" {nearest(name, columns)}"
                )


def _changing_functions(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Functions such as random. A table made with them could not be compared with later ones."""
    rows = connection.execute(
        "select function_name from duckdb_functions() where stability <> 'CONSISTENT'"
    ).fetchall()
    return {str(name) for (name,) in rows}


def columns_of(connection: duckdb.DuckDBPyConnection, text: str) -> set[str]:
    """The columns that a checked expression uses, in small letters."""
    tree = _parsed(connection, f"select ({text}\n)")
    return {
        part["column_names"][-1].lower()
        for part in _parts(tree["statements"])
        if part["class"] == "COLUMN_REF"
    }


def _parsed(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    answer = connection.execute("select json_serialize_sql(?)", [sql]).fetchall()[0][0]
    tree: dict[str, Any] = json.loads(answer)
    return tree


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "class" in node:
            yield node
        for child in node.values():
            yield from _parts(child)
    elif isinstance(node, list):
        for child in node:
            yield from _parts(child)
