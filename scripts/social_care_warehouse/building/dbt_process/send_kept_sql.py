"""Builds and tests nodes with the SQL that dbt sent for them in an earlier build."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
from kept_sql import KeptNode, KeptSql  # type: ignore[import-not-found]
from known_reasons import known_reason  # type: ignore[import-not-found]

# As in profiles/profiles.yml.
STORAGE_VERSION = "v1.4.0"
BAD_STATUSES = {"error", "fail"}


def build_with_kept_sql(
    kept: KeptSql,
    database: Path,
    chosen: Collection[str] | None,
    on_result: Callable[[str, bool, int], None],
) -> dict[str, Any]:
    """Build these nodes (None: all), and return what dbt would report about the run.

    on_result gets the name of a node, whether it failed, and how many nodes there are.
    """
    nodes: dict[str, dict[str, Any]] = kept.project["nodes"]
    wanted = list(nodes) if chosen is None else [name for name in nodes if name in set(chosen)]
    statuses: dict[str, tuple[str, int | None]] = {}
    reasons: list[str] = []
    with _open(database) as connection:
        _prepare(
            connection, kept, {nodes[name]["schema"] for name in wanted if _is_table(kept, name)}
        )
        for name, result in _results(connection, kept, wanted):
            status, failures, reason = result
            statuses[name] = status, failures
            reasons.append(reason)
            on_result(nodes[name]["name"], status in BAD_STATUSES, len(wanted))
    return {
        "is_good": not any(status in BAD_STATUSES for status, _ in statuses.values()),
        "tests": [
            {
                "name": nodes[name]["name"],
                "type": kept.nodes[name].test_type,
                "status": status,
                "failures": failures,
            }
            for name, (status, failures) in statuses.items()
            if not _is_table(kept, name)
        ],
        "stopped_because": next(filter(None, reasons), ""),
    }


def _is_table(kept: KeptSql, name: str) -> bool:
    return kept.nodes[name].test_type is None


def _open(database: Path) -> duckdb.DuckDBPyConnection:
    """As dbt opens it. Engine and profile take the limits from the same variables."""
    # scripts/build.py also works where the package is not installed.
    sys.path.append(str(Path(__file__).parents[3]))
    from social_care_warehouse.engine import set_limits  # noqa: PLC0415

    config: dict[str, str | bool | int | float | list[str]] = {
        "storage_compatibility_version": STORAGE_VERSION,
        "temp_directory": os.environ["WAREHOUSE_TEMP_DIRECTORY"],
    }
    connection = duckdb.connect(str(database), config=config)
    set_limits(connection)
    return connection


def _prepare(connection: duckdb.DuckDBPyConnection, kept: KeptSql, schemas: set[str]) -> None:
    for schema in sorted(schemas):
        connection.execute(f'create schema if not exists "{schema}"')
    for statement in kept.hooks:
        connection.execute(statement)


def _results(
    connection: duckdb.DuckDBPyConnection, kept: KeptSql, wanted: list[str]
) -> Iterator[tuple[str, tuple[str, int | None, str]]]:
    """Run each node after those that it reads. What reads a node that failed is left out."""
    parents = _parents(kept, wanted)
    order = TopologicalSorter(parents)
    order.prepare()
    failed: set[str] = set()
    running: dict[Future[tuple[str, int | None, str]], str] = {}
    with ThreadPoolExecutor(int(os.environ["MODELS_AT_ONCE"])) as workers:
        while order.is_active():
            for name in order.get_ready():
                if parents[name] & failed:
                    failed.add(name)
                    order.done(name)
                else:
                    task = workers.submit(_run, connection, kept.nodes[name])
                    running[task] = name
            if running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for task in done:
                    name, result = running.pop(task), task.result()
                    if result[0] == "error":
                        failed.add(name)
                    order.done(name)
                    yield name, result


def _parents(kept: KeptSql, wanted: list[str]) -> dict[str, set[str]]:
    nodes = kept.project["nodes"]
    tables = {name for name in wanted if _is_table(kept, name)}
    return {
        name: tables if nodes[name]["needs_all"] else tables.intersection(nodes[name]["parents"])
        for name in wanted
    }


def _run(connection: duckdb.DuckDBPyConnection, node: KeptNode) -> tuple[str, int | None, str]:
    """Status, number of failures, and the reason where it is known.

    The message of the engine stays here, because it can quote a value.
    """
    try:
        with connection.cursor() as cursor:
            cursor.begin()
            for statement in node.statements:
                cursor.execute(statement)
            status, failures = _status(cursor, node)
            cursor.commit()
    except (duckdb.Error, RuntimeError) as error:
        return "error", None, known_reason(str(error))
    return status, failures, ""


def _status(cursor: duckdb.DuckDBPyConnection, node: KeptNode) -> tuple[str, int | None]:
    if node.test_type is None:
        return "success", None
    row = cursor.fetchone()
    assert row
    names = [column[0] for column in cursor.description]
    result = dict(zip(names, row, strict=True))
    if node.severity == "ERROR" and result["should_error"]:
        return "fail", int(result["failures"])
    return ("warn", int(result["failures"])) if result["should_warn"] else ("pass", 0)
