"""What the existing warehouse was built from, as far as the next build can rely on it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

import duckdb
import yaml

from social_care_warehouse.building.dbt_process.fingerprints import environment_value
from social_care_warehouse.building.reuse import RAW, LastBuild, Plan
from social_care_warehouse.building.run_dbt import DbtRun, TestResult
from social_care_warehouse.engine import OFFLINE
from social_care_warehouse.loading.column_seeds import read_datasets
from social_care_warehouse.loading.loaded_before import LoadedFiles, read_loaded_files
from social_care_warehouse.project import PROJECT_DIR

SQL_DIR = Path(__file__).parent / "sql"
PROJECT_FILES = ("models", "macros", "seeds", "tests/singular", "profiles", "dbt_project.yml")
# Names of rows of meta.built_node that are not nodes.
ENVIRONMENT, PROJECT = "environment", "project"
_ENVIRONMENT_VARIABLE = re.compile(rb"env_var\(\s*['\"](\w+)")


@dataclass(frozen=True)
class LastWarehouse:
    """The existing warehouse: what it was built from, and the results of its tests."""

    build: LastBuild = field(default_factory=LastBuild)
    project_files: str | None = None  # a hash; None where not all tables were built
    loaded: LoadedFiles | None = None
    tests: Mapping[str, TestResult] = field(default_factory=dict)


def read_last_warehouse(database: Path) -> LastWarehouse:
    """Read it. Empty if nothing is there, or if another version built it."""
    if not database.exists() or database.with_name(f"{database.name}.wal").exists():
        return LastWarehouse()
    found = LastWarehouse()
    with (
        suppress(duckdb.Error),
        duckdb.connect(database, read_only=True, config=OFFLINE) as connection,
    ):
        with suppress(duckdb.Error):
            found = replace(found, loaded=read_loaded_files(connection))
        with suppress(duckdb.Error):
            found = _with_build(found, connection)
    return found


def _with_build(found: LastWarehouse, connection: duckdb.DuckDBPyConnection) -> LastWarehouse:
    built: dict[str, str] = dict(connection.execute(_sql("built_nodes")).fetchall())
    environment, project = built.pop(ENVIRONMENT, None), built.pop(PROJECT, None)
    there = set(connection.execute(_sql("tables_as_built")).fetchall())
    sources = source_fingerprints(connection)
    reliable = {
        name: fingerprint
        for name, fingerprint in built.items()
        if _is_there(name, there) and sources.get(name, fingerprint) == fingerprint
    }
    tests = {
        name: TestResult(name, *result)
        for name, *result in connection.execute(_sql("results_of_tests")).fetchall()
    }
    return replace(
        found,
        build=LastBuild(reliable, environment),
        project_files=project if reliable == built else None,
        tests=tests,
    )


def _is_there(name: str, there: set[tuple[str, str]]) -> bool:
    kind, _, *place = name.split(".")
    if kind == "source":
        return tuple(place) in there
    # The name of a table is the same in every schema: dbt allows no other.
    return kind == "test" or place[0] in {table for _, table in there}


def source_fingerprints(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """A hash of each raw table: its files, and when they were loaded."""
    rows = connection.execute("from raw.load_files").fetchall()
    names = [column[0] for column in connection.description]
    datasets = [row[names.index("dataset")] for row in rows]
    unused = connection.execute("from raw.unused_files").fetchall()
    fingerprints = {
        f"{RAW}{dataset.name}": _hash(
            [row for row, name in zip(rows, datasets, strict=True) if name == dataset.name]
        )
        for dataset in read_datasets()
    }
    everything = _hash(rows, unused)
    accounts = ("load_files", "rejected_lines", "unused_files")
    return fingerprints | {f"{RAW}{table}": everything for table in accounts}


def fingerprints_of_project_files(variables: Mapping[str, object]) -> str:
    """A hash of every file, version and setting that the result of a build may depend on."""
    digest = hashlib.sha256(repr(sorted(variables.items())).encode())
    for package in ("dbt-core", "dbt-adapters", "dbt-duckdb", "duckdb"):
        digest.update(f"{package} {version(package)}\n".encode())
    settings = set()
    for path in _project_files():
        content = path.read_bytes()
        if path.parent.name != "profiles":
            settings |= set(_ENVIRONMENT_VARIABLE.findall(content))
        digest.update(str(path.relative_to(PROJECT_DIR)).encode() + b"\0" + content + b"\0")
    for name in sorted(settings):
        digest.update(repr(environment_value(name.decode())).encode())
    # What decides in this package what is built.
    for path in sorted((Path(__file__).parent / "dbt_process").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _project_files() -> Iterator[Path]:
    for name in PROJECT_FILES:
        place = PROJECT_DIR / name
        found = [place] if place.is_file() else place.rglob("*")
        yield from sorted(path for path in found if path.is_file())


@cache
def variables_of_project() -> dict[str, object]:
    """The variables of dbt_project.yml."""
    project = yaml.safe_load((PROJECT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))
    return dict(project["vars"])


def rows_of_built_nodes(
    plan: Plan, run: DbtRun, connection: duckdb.DuckDBPyConnection, project_files: str
) -> list[tuple[str, str]]:
    """What the next build needs to know of what is in the warehouse."""
    nodes = plan.project.nodes
    tested = {test.name for test in run.tests}
    rows = {
        name: nodes[name].fingerprint
        for name in plan.to_build | plan.kept
        if nodes[name].is_table or nodes[name].name in tested
    }
    rows |= source_fingerprints(connection)
    rows[ENVIRONMENT] = plan.project.environment
    if not plan.missing:
        rows[PROJECT] = project_files
    return sorted(rows.items())


def _hash(*parts: object) -> str:
    texts = (repr(sorted(map(repr, part))) for part in parts)  # type: ignore[call-overload]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


@cache
def _sql(name: str) -> str:
    return (SQL_DIR / f"{name}.sql").read_text(encoding="utf-8")
