"""What each part of the project is, as one hash, so that a build can see what has changed.

The comparison of dbt itself (`state:modified`) does not see a variable that a macro reads, an
environment variable, or another cell in a seed of more than 1 MB. Here all of them count. What
cannot be attributed to single nodes counts for all of them.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

PACKAGE = "social_care_warehouse"
# Change it when the meaning of a hash changes.
FORMAT = 2
BUILT = {"model", "seed", "test"}
OTHER_ENGINE = "spark__"
# The hashes of nodes cover these parts of dbt_project.yml.
COVERED_BY_NODES = ("vars", "models", "seeds", "data_tests", "version")

_VARIABLE = re.compile(r"""\b(env_var|var)\s*\(\s*(?:'([^']*)'|"([^"]*)")?""")
_GRAPH = re.compile(r"\bgraph\.")
# A CTE that reads named columns of a seed and nothing else, and any reading of it.
_COLUMNS_OF = (
    r"\(\s*select\s+([a-z0-9_,\s]+?)\s+from\s+{{{{\s*(?:without_catalog\()?{ref}\)?\s*}}}}\s*\)"
)
_REF_TO = r"ref\(\s*['\"]{name}['\"]\s*\)"


class Fingerprints:
    """The hashes of a project, as dbt parsed it."""

    def __init__(self, manifest: Any, project_dir: Path, variables: Mapping[str, Any]) -> None:
        self._manifest = manifest
        self._project_dir = project_dir
        self._variables = variables
        self._reached: set[str] = set()

    def describe(self) -> dict[str, Any]:
        """Hash, kind, place and parents of every node, and one hash of what all depend on."""
        nodes = {
            unique_id: self._describe(node)
            for unique_id, node in self._manifest.nodes.items()
            if node.resource_type in BUILT
        }
        # Last, because it takes what no node was seen to use.
        return {"nodes": nodes, "environment": self._environment()}

    def _describe(self, node: Any) -> dict[str, Any]:
        macros = self._macros_below(tuple(node.depends_on.macros))
        parts = {
            "code": node.raw_code,
            "file": self._seed_file(node),
            "config": node.config.to_dict(),
            "description": node.description,
            "columns": {name: column.to_dict() for name, column in node.columns.items()},
            "parents": sorted(getattr(node.depends_on, "nodes", ())),
            "place": [node.schema, node.alias],
            "test": _test_arguments(node),
        }
        text = _text(parts)
        reads_graph = bool(_GRAPH.search(text)) or any(map(self._reads_graph, macros))
        parts["macros"] = [(name, self._hash_of(name)) for name in sorted(macros)]
        parts["variables"] = self._values(_mentions(text).union(*map(self._mentions_of, macros)))
        parts["all nodes"] = self._descriptions() if reads_graph else None
        read_in_part = self._read_in_part(node, macros)
        parts["columns of seeds"] = {
            seed: self._columns_of_seed(seed, columns) for seed, columns in read_in_part.items()
        }
        return {
            "fingerprint": _hash(parts),
            "kind": str(node.resource_type),
            "schema": node.schema,
            "name": node.name,
            "parents": sorted(getattr(node.depends_on, "nodes", ())),
            # Seeds of which other columns can change: those that it reads are in its hash.
            "read_in_part": sorted(read_in_part),
            # It looks at nodes that it does not name.
            "needs_all": reads_graph and node.resource_type == "test",
        }

    def _environment(self) -> str:
        """What the result of every node may depend on."""
        operations = [
            node for node in self._manifest.nodes.values() if node.resource_type not in BUILT
        ]
        used = tuple(macro for node in operations for macro in node.depends_on.macros)
        macros = self._macros_below(used) | {
            name
            for name, macro in self._manifest.macros.items()
            if macro.package_name == PACKAGE
            and name not in self._reached
            and not macro.name.startswith(OTHER_ENGINE)
        }
        project = yaml.safe_load((self._project_dir / "dbt_project.yml").read_text("utf-8"))
        parts: dict[str, Any] = {
            "format": FORMAT,
            "versions": [version(name) for name in ("dbt-core", "dbt-duckdb", "duckdb")],
            "project": {
                name: value for name, value in project.items() if name not in COVERED_BY_NODES
            },
            "profile": (self._project_dir / "profiles" / "profiles.yml").read_text("utf-8"),
            "hooks": sorted(node.raw_code for node in operations),
            "macros": [(name, self._hash_of(name)) for name in sorted(macros)],
            "variables": self._values(set().union(*map(self._mentions_of, macros))),
        }
        return _hash(parts)

    @cache  # noqa: B019
    def _macros_below(self, names: tuple[str, ...]) -> frozenset[str]:
        """The macros of this project that these reach, themselves included."""
        seen: set[str] = set()
        to_visit = list(names)
        while to_visit:
            name = to_visit.pop()
            macro = self._manifest.macros.get(name)
            if macro is not None and name not in seen:
                seen.add(name)
                to_visit += macro.depends_on.macros
        self._reached |= seen
        return frozenset(
            name for name in seen if self._manifest.macros[name].package_name == PACKAGE
        )

    @cache  # noqa: B019
    def _hash_of(self, macro: str) -> str:
        return hashlib.sha256(self._manifest.macros[macro].macro_sql.encode()).hexdigest()

    @cache  # noqa: B019
    def _mentions_of(self, macro: str) -> frozenset[tuple[str, str]]:
        return _mentions(self._manifest.macros[macro].macro_sql)

    @cache  # noqa: B019
    def _reads_graph(self, macro: str) -> bool:
        return bool(_GRAPH.search(self._manifest.macros[macro].macro_sql))

    def _seed_file(self, node: Any) -> str | None:
        if node.resource_type != "seed":
            return None
        content = (self._project_dir / node.original_file_path).read_bytes()
        return hashlib.sha256(content).hexdigest()

    def _read_in_part(self, node: Any, macros: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The seeds of which a model reads named columns only, with these columns."""
        found = {}
        if node.resource_type == "model":
            for parent in getattr(node.depends_on, "nodes", ()):
                seed = self._manifest.nodes.get(parent)
                if seed is not None and seed.resource_type == "seed":
                    columns = _columns_read(node.raw_code, seed.name)
                    in_macros = re.compile(_REF_TO.format(name=seed.name))
                    texts = (self._manifest.macros[name].macro_sql for name in macros)
                    if columns and not any(map(in_macros.search, texts)):
                        found[parent] = columns
        return found

    @cache  # noqa: B019
    def _columns_of_seed(self, unique_id: str, columns: tuple[str, ...]) -> str:
        """A hash of these columns of a seed, and of how dbt loads it."""
        seed = self._manifest.nodes[unique_id]
        path = self._project_dir / seed.original_file_path
        with path.open(encoding="utf-8", newline="") as lines:
            rows = [[row.get(name) for name in columns] for row in csv.DictReader(lines)]
        return _hash({"rows": rows, "columns": columns, "config": seed.config.to_dict()})

    def _values(self, mentions: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """The value of each variable that is read; of all, where one is read without its name."""
        found: dict[str, Any] = {}
        for kind, name in mentions:
            if kind == "env_var":
                found[f"env {name}"] = environment_value(name)
            elif name:
                found[name] = self._variables.get(name)
            else:
                found |= self._variables
        return found

    @cache  # noqa: B019
    def _descriptions(self) -> str:
        return _hash({
            unique_id: [node.description, {name: c.to_dict() for name, c in node.columns.items()}]
            for unique_id, node in self._manifest.nodes.items()
            if node.resource_type == "model"
        })  # fmt: skip


def environment_value(name: str) -> tuple[str | None, str | None]:
    """An environment variable and, where it names a file, a hash of what the file holds."""
    value = os.environ.get(name)
    if value is None or not Path(value).is_file():
        return value, None
    return value, hashlib.sha256(Path(value).read_bytes()).hexdigest()


def _columns_read(code: str, seed: str) -> tuple[str, ...]:
    """The columns of a seed that a model names where it reads it; none if it may read others."""
    ref = _REF_TO.format(name=seed)
    lists = re.findall(_COLUMNS_OF.format(ref=ref), code)
    if len(lists) != len(re.findall(ref, code)):
        return ()
    columns = {name.strip() for names in lists for name in names.split(",")}
    # `distinct code` and `code as other` are more than a name.
    is_plain = all(re.fullmatch("[a-z0-9_]+", name) for name in columns)
    return tuple(sorted(columns)) if is_plain else ()


def _mentions(text: str) -> frozenset[tuple[str, str]]:
    """Kind and name of each variable that a text reads; an empty name where it does not say it."""
    found = _VARIABLE.findall(text.replace('\\"', '"'))
    return frozenset((kind, single or double) for kind, single, double in found)


def _test_arguments(node: Any) -> Any:
    metadata = getattr(node, "test_metadata", None)
    return metadata and [metadata.to_dict(), getattr(node, "column_name", None)]


def _text(parts: Mapping[str, Any]) -> str:
    return json.dumps(parts, sort_keys=True, default=str)


def _hash(parts: Mapping[str, Any]) -> str:
    return hashlib.sha256(_text(parts).encode()).hexdigest()
