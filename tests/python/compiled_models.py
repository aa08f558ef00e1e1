"""Runs the models of the project on little extracts, quickly.

dbt compiles the project once; after that each extract costs only its queries, about a fifth of a
second. On a few rows nearly all of that is planning, so what can be saved there is saved.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow
from commands import run_dbt, run_script

from social_care_warehouse.loading.column_seeds import read_datasets

# Also the name by which the compiled SQL calls the database.
DATABASE = "warehouse"
# Up to here a list of values is quicker than a table of Arrow.
FEW_ROWS = 50

Extract = dict[str, str | None]
Rows = list[dict[str, object]]


class CompiledModels:
    """The models that lead to the marts, on a database in memory with the seeds in it."""

    def __init__(self, database: Path, manifest: dict) -> None:
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute(f"attach '{database}' as built (read_only)")
        self.connection.execute(f"attach ':memory:' as {DATABASE}")
        self.connection.execute(f"copy from database built to {DATABASE}")
        self.connection.execute("detach built")
        # The functions of the warehouse are found in the database in use only.
        self.connection.execute(f"use {DATABASE}")
        # A join for each long `in` list, quick as it is on many rows, is slow on a few.
        self.connection.execute("set disabled_optimizers = 'in_clause'")
        self.columns = {dataset.name: dataset.columns for dataset in read_datasets()}
        self.models = _in_order(manifest)
        self.marts = [node["name"] for node in self.models if node["schema"] == "marts"]
        # The models of staging whose dataset had rows in the last run.
        self.filled: set[str] = set()
        for schema in {node["schema"] for node in self.models}:
            self.connection.execute(f"create schema if not exists {schema}")
        for node in self.models:
            kind, query = node["config"]["materialized"], node["compiled_code"]
            self.connection.execute(f"create {kind} {node['relation_name']} as {query}")
        for node in _tables(self.models):
            table, query = node["relation_name"], node["compiled_code"]
            self.connection.execute(f"prepare {node['name']} as insert into {table} {query}")

    def run(self, extracts: dict[str, Sequence[Extract]], *marts: str) -> None:
        """Fill `raw` with the extracts, and these marts (or all) with what follows from them."""
        for dataset, columns in self.columns.items():
            self._fill(dataset, columns, extracts.get(dataset, ()))
        to_run = _that_lead_to(marts or self.marts, self.models)
        self._execute([node for node in to_run if not self._stays_empty(node, extracts)])

    def run_after(self, filled: str, mart: str) -> None:
        """Fill this mart from a model that the caller has filled, and from nothing before it."""
        self._execute(_that_rest_on(filled, _that_lead_to([mart], self.models)))

    def _execute(self, nodes: Sequence[dict]) -> None:
        self.connection.begin()
        for node in _tables(nodes):
            self.connection.execute(f"delete from {node['relation_name']}")
            self.connection.execute(f"execute {node['name']}")
        self.connection.commit()

    def _stays_empty(self, node: dict, extracts: dict[str, Sequence[Extract]]) -> bool:
        """Whether a model of staging had no rows in the last run, and has none in this one.

        Most extracts have rows of three datasets, and staging takes longest, also without rows.
        """
        if node["schema"] != "staging":
            return False
        datasets = [key.rpartition(".")[2] for key in node["depends_on"]["nodes"]]
        had_rows = node["name"] in self.filled
        if any(extracts.get(dataset) for dataset in datasets):
            self.filled.add(node["name"])
            return False
        self.filled.discard(node["name"])
        return not had_rows

    def rows(self, model: str, schema: str = "marts") -> Rows:
        """All rows of a mart, or of a table in another schema, in the order of its columns."""
        result = self.connection.execute(f"from {DATABASE}.{schema}.{model} order by all")
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def _fill(self, dataset: str, columns: Sequence[str], rows: Sequence[Extract]) -> None:
        table = f"{DATABASE}.raw.{dataset}"
        self.connection.execute(f"delete from {table}")
        if not rows:
            return
        # Of the hundreds of columns of some datasets those that hold anything.
        filled = [
            name
            for name in (*columns, "_suffix_year")
            if any(row.get(name) is not None for row in rows)
        ]
        texts = {name: [row.get(name) for row in rows] for name in filled}
        texts["_source_file"] = [f"{dataset}.csv"] * len(rows)
        texts["_source_row"] = list(range(1, len(rows) + 1))
        if len(rows) > FEW_ROWS:
            delivered = pyarrow.table(texts)
            self.connection.register("delivered", delivered)
            self.connection.execute(f"insert into {table} by name from delivered")
            self.connection.unregister("delivered")
            return
        names = ", ".join(f'"{name}"' for name in texts)
        places = ", ".join(["(" + ", ".join("?" * len(texts)) + ")"] * len(rows))
        values = [text for row in zip(*texts.values(), strict=True) for text in row]
        self.connection.execute(f"insert into {table} ({names}) values {places}", values)


def compile_models(work_dir: Path) -> None:
    """Load extracts without rows, make the seeds next to them, and let dbt compile its SQL."""
    extracts = work_dir / "extracts"
    extracts.mkdir()
    for dataset in read_datasets():
        path = extracts / f"{dataset.name}.csv"
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerow(dataset.columns)
    database = work_dir / f"{DATABASE}.duckdb"
    done = run_script("load", extracts, "--database", database)
    assert done.returncode == 0, done.stdout + done.stderr
    for command in (["seed"], ["compile", "--select", "resource_type:model"]):
        done = run_dbt(database, work_dir, *command, environment={})
        assert done.returncode == 0, done.stdout + done.stderr


def open_models(work_dir: Path) -> CompiledModels:
    """The models that were compiled in this folder, on a database of their own."""
    manifest = json.loads((work_dir / "target" / "manifest.json").read_text(encoding="utf-8"))
    return CompiledModels(work_dir / f"{DATABASE}.duckdb", manifest)


def _in_order(manifest: dict) -> list[dict]:
    """All marts and the models that they rest on, each after the models that it reads."""
    models = {
        key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"
    }
    ordered: dict[str, dict] = {}

    def add(key: str) -> None:
        if key in ordered or key not in models:
            return
        for parent in models[key]["depends_on"]["nodes"]:
            add(parent)
        ordered[key] = models[key]

    for key in sorted(models):
        if models[key]["schema"] == "marts":
            add(key)
    return list(ordered.values())


def _tables(models: list[dict]) -> list[dict]:
    """Those of the models that hold rows; a view follows its tables by itself."""
    return [node for node in models if node["config"]["materialized"] == "table"]


def _that_lead_to(names: Sequence[str], models: list[dict]) -> list[dict]:
    """The models of these names and those that they rest on, in the same order."""
    wanted: set[str] = set()
    for node in reversed(models):
        if node["name"] in names or node["unique_id"] in wanted:
            wanted |= {node["unique_id"], *node["depends_on"]["nodes"]}
    return [node for node in models if node["unique_id"] in wanted]


def _that_rest_on(name: str, models: list[dict]) -> list[dict]:
    """Of models in order, those that read this one, themselves or through others."""
    found: set[str] = {node["unique_id"] for node in models if node["name"] == name}
    after = []
    for node in models:
        if found & set(node["depends_on"]["nodes"]):
            found.add(node["unique_id"])
            after.append(node)
    return after
