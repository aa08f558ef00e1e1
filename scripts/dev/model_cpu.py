"""Processor time of each table model: model_cpu.py WAREHOUSE [MODEL]...

Runs the compiled query of each model over the tables of a warehouse that was built before, with one
thread, and writes its result into a database that is deleted at the end. The warehouse keeps its
tables. Processor time hardly depends on what else the machine does. First:

    dbt compile --profiles-dir profiles
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import click
import duckdb

PROJECT_DIR = Path(__file__).resolve().parents[2]


def table_models(target: Path, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The name and the compiled query of each table model, or of those named."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    for node in manifest["nodes"].values():
        is_table = node["resource_type"] == "model" and node["config"]["materialized"] == "table"
        if is_table and (not names or node["name"] in names):
            path = target / "compiled" / node["package_name"] / node["original_file_path"]
            # A compiled query names the file that dbt compiled it for.
            query = path.read_text(encoding="utf-8").replace(f'"{node["database"]}".', "")
            yield node["name"], query


def processor_time(connection: duckdb.DuckDBPyConnection, query: str) -> float:
    """Seconds of processor time to run a query and write its result to disk."""
    start = time.process_time()
    connection.execute(f"create table result.model as {query}")
    connection.execute("checkpoint result")
    seconds = time.process_time() - start
    connection.execute("drop table result.model")
    return seconds


@click.command(help=__doc__)
@click.argument("warehouse", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("models", nargs=-1)
@click.option(
    "--target", type=click.Path(path_type=Path, file_okay=False), default=PROJECT_DIR / "target"
)
def main(warehouse: Path, models: tuple[str, ...], target: Path) -> None:
    times = {}
    with (
        tempfile.TemporaryDirectory(dir=warehouse.parent) as folder,
        duckdb.connect() as connection,
    ):
        connection.execute("set threads = 1")
        connection.execute(f"set temp_directory = '{folder}/spill'")
        connection.execute(f"attach '{warehouse}' as built (read_only)")
        connection.execute(f"attach '{folder}/result.duckdb' as result (storage_version 'v1.4.0')")
        connection.execute("use built")
        for name, query in table_models(target, models):
            times[name] = processor_time(connection, query)
    for name, seconds in sorted(times.items(), key=lambda item: -item[1]):
        click.echo(f"{seconds:8.2f}  {name}")
    click.echo(f"{sum(times.values()):8.2f}  all")


if __name__ == "__main__":
    main()
