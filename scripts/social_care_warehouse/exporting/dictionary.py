"""What goes with an export: a data dictionary for each mart, and how to cite the build."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import duckdb

from social_care_warehouse.exporting.variables import Variable

_FIELDS = ("variable", "column", "type", "label", "values", "description")


def write_dictionary(variables: Sequence[Variable], path: Path, *, has_own_names: bool) -> None:
    """One row per variable: its name in the file and in the warehouse, type, label, values, rule.

    `has_own_names` says that the program shortens long names and codes its categories.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_FIELDS)
        for variable in variables:
            values = enumerate(variable.values) if has_own_names else ()
            writer.writerow(
                (
                    variable.name if has_own_names else variable.column,
                    variable.column,
                    variable.kind,
                    variable.label,
                    "; ".join(f"{code} = {text}" for code, text in values),
                    " ".join(variable.description.split()),
                )
            )


def citation(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Sentences that say which build the files come from: version, commit, definition, inputs."""
    built = connection.execute("""
        select project_version, coalesce(git_commit, 'unknown'), finished_at,
            intervention_definition
        from meta.build
    """).fetchall()
    if not built:
        return []
    version, commit, finished_at, definition = built[0]
    inputs = connection.execute("""
        select file_name, rows_loaded, sha256
        from raw.load_files
        order by file_name
    """).fetchall()
    return [
        f"Made by social_care_warehouse {version}, commit {commit}.",
        f"The warehouse was built at {finished_at:%Y-%m-%d %H:%M} UTC with the definition"
        f" '{definition}' of the highest intervention.",
        *(f"Input: {name}, {rows} rows, SHA-256 {digest}." for name, rows, digest in inputs),
    ]
