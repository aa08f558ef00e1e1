"""Tables for release, made by the command or from persons made by hand."""

from __future__ import annotations

import subprocess
from pathlib import Path

import duckdb
import yaml
from commands import run_cli
from output_warehouses import specification

from social_care_warehouse.outputs.release import release
from social_care_warehouse.outputs.specification import load_specifications
from social_care_warehouse.outputs.table import ReleasedTable


def run_outputs(
    *arguments: object, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command, run as a user runs it."""
    return run_cli("outputs", *arguments, environment=environment)


def write_spec(path: Path, *specifications: dict[str, object]) -> Path:
    path.write_text(yaml.safe_dump(list(specifications), sort_keys=False), encoding="utf-8")
    return path


def table_of(database: Path, tmp_path: Path, exact: bool = False, **keys: object) -> ReleasedTable:
    """The table of a specification of the persons made by hand."""
    path = write_spec(tmp_path / "spec.yml", specification(**keys))
    with duckdb.connect(str(database), read_only=True) as connection:
        return release(connection, load_specifications(path)[0], exact=exact)


def cells(table: ReleasedTable, column: str) -> dict[tuple[object, ...], object]:
    """One column of a table by group."""
    n = sum(one.kind == "dimension" for one in table.columns)
    at = [one.name for one in table.columns].index(column)
    return {row[:n]: row[at] for row in table.rows}
