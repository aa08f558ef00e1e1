"""What goes with an export: a data dictionary for each mart, and how to cite the build."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

import duckdb

from social_care_warehouse.exporting.variables import Variable

_FIELDS = ("variable", "column", "type", "label", "values", "description")


def dictionary(variables: Sequence[Variable]) -> str:
    """One row per variable as CSV: its names, type, label, values and rule.

    The same text for every format, so that files of two formats can share a folder.
    """
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_FIELDS)
    for variable in variables:
        writer.writerow(
            (
                variable.name,
                variable.column,
                variable.kind,
                variable.label,
                "; ".join(f"{code} = {value}" for code, value in enumerate(variable.values)),
                " ".join(variable.description.split()),
            )
        )
    return text.getvalue()


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
        from meta.input_file
        order by file_name
    """).fetchall()
    return [
        f"Made by social_care_warehouse {version}, commit {commit}.",
        f"The warehouse was built at {finished_at:%Y-%m-%d %H:%M} UTC with the definition"
        f" '{definition}' of the highest intervention.",
        *(f"Input: {name}, {rows} rows, SHA-256 {digest}." for name, rows, digest in inputs),
    ]
