"""Writes the schema `meta`: what built a warehouse, from which files, with which test results."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from social_care_warehouse.building.last_build import rows_of_built_nodes
from social_care_warehouse.building.reuse import Plan
from social_care_warehouse.building.run_dbt import DbtRun
from social_care_warehouse.console import WorkError
from social_care_warehouse.engine import OFFLINE
from social_care_warehouse.project import PROJECT_DIR, project_version

SQL_DIR = Path(__file__).parent / "sql"


def write_meta(  # noqa: PLR0913, PLR0917
    database: Path,
    run: DbtRun,
    variables: Mapping[str, object],
    started_at: datetime,
    plan: Plan,
    project_files: str,
) -> None:
    """Record versions, settings, files, test results and what the next build needs to know.

    The database is closed for good.

    Raises WorkError when it cannot be written. Afterwards the warehouse is one file.
    """
    commit, has_changes = _git_state()
    build = {
        "project_version": project_version(),
        "git_commit": commit,
        "has_uncommitted_changes": has_changes,
        "dbt_version": version("dbt-core"),
        "dbt_duckdb_version": version("dbt-duckdb"),
        "duckdb_version": duckdb.__version__,
        "python_version": platform.python_version(),
        "vars": json.dumps(variables, sort_keys=True, default=str),
        "intervention_definition": variables["intervention_definition"],
        "started_at": started_at,
        "finished_at": datetime.now(UTC).replace(tzinfo=None),
    }
    tests = [
        {
            "test_name": test.name,
            "test_type": test.type,
            "status": test.status,
            "n_failures": test.failures,
            "tested_at": test.tested_at or started_at,
        }
        for test in sorted(run.tests, key=lambda test: test.name)
    ]
    try:
        with duckdb.connect(database, config=OFFLINE) as connection:
            connection.begin()
            connection.execute(_sql("meta_tables"))
            connection.execute(_sql("meta_build"), build)
            connection.executemany(
                _sql("meta_test_result"), [list(test.values()) for test in tests]
            )
            connection.executemany(
                _sql("meta_built_node"),
                rows_of_built_nodes(plan, run, connection, project_files),
            )
            connection.commit()
            connection.execute("checkpoint")
    except duckdb.Error:
        raise WorkError(
            "The new warehouse could not be finished. Check that the disk has room, then try again."
        ) from None
    if database.with_name(f"{database.name}.wal").exists():
        raise WorkError(
            "The new warehouse could not be written completely. Check that the disk has room,"
            " then try again."
        )


def _sql(name: str) -> str:
    return (SQL_DIR / f"{name}.sql").read_text(encoding="utf-8")


def _git_state() -> tuple[str | None, bool | None]:
    """The commit of the project, and whether files differ from it; None outside a checkout."""
    if not (PROJECT_DIR / ".git").exists():
        return None, None
    commit = _git("rev-parse", "HEAD")
    changes = _git("status", "--porcelain", "--untracked-files=no")
    return commit, None if changes is None else bool(changes)


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(PROJECT_DIR), *arguments],
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
