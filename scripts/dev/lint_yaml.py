"""Checks every YAML file that dbt or GitHub reads: lint_yaml.py [PROJECT_DIR].

On DuckDB, dbt ignores a key that is misspelt or in the wrong place, and with it the test or setting
that was meant. yamllint finds keys that are written twice. check-jsonschema compares the files with
the JSON schemas that dbt ships, to which this module adds what they leave open. It compares the
workflows of GitHub with the schema that it ships itself.
"""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.contracts.project import ProjectFlags
from dbt.jsonschemas import JSONSCHEMAS_PATH

PROJECT_DIR = Path(__file__).resolve().parents[2]
RESOURCE_FOLDERS = ("models", "seeds", "macros", "tests")
# DuckDB accepts these only when it opens the database; in `settings` they come too late.
ONLY_AS_CONFIG_OPTIONS = ("memory_limit", "temp_directory", "threads")
YAMLLINT = "{rules: {key-duplicates: enable}}"

Schema = dict[str, Any]


def main(project_dir: Path = PROJECT_DIR) -> None:
    files = {
        "resources": [
            path
            for folder in RESOURCE_FOLDERS
            for path in sorted((project_dir / folder).rglob("*.y*ml"))
        ],
        "project": [project_dir / "dbt_project.yml"],
        "profile": [project_dir / "profiles" / "profiles.yml"],
    }
    schemas = {"resources": resources(), "project": project(), "profile": profile()}
    every = [path for paths in files.values() for path in paths]
    are_right = [_run("yamllint", "--strict", "-d", YAMLLINT, *every)]
    with tempfile.TemporaryDirectory() as folder:
        for kind, schema in schemas.items():
            path = Path(folder) / f"{kind}.json"
            path.write_text(json.dumps(schema), encoding="utf-8")
            are_right.append(_run("check_jsonschema", "--schemafile", path, *files[kind]))
    workflows = sorted((project_dir / ".github" / "workflows").glob("*.yml"))
    if workflows:
        every += workflows
        schema_of_github = ("--builtin-schema", "vendor.github-workflows")
        are_right.append(_run("check_jsonschema", *schema_of_github, *workflows))
    if not all(are_right):
        sys.exit("Correct the keys named above. dbt would ignore them, GitHub would refuse them.")
    print(f"{len(every)} YAML files have only keys that dbt or GitHub reads.")


def resources() -> Schema:
    """The schema of models, seeds, tests and macros."""
    schema = _shipped("resources", "latest.json")
    for part in _parts(schema):
        # dbt accepts the older name, but this project uses one name only.
        if "data_tests" in part.get("properties", {}):
            part["properties"].pop("tests", None)
        # dbt accepts these words in lower case too.
        if isinstance(part.get("enum"), list):
            part["enum"] += [word.lower() for word in part["enum"] if isinstance(word, str)]
    return schema


def project() -> Schema:
    """The schema of dbt_project.yml: as dbt ships it, with flags and with `+` keys at any depth."""
    newest = max((Path(JSONSCHEMAS_PATH) / "project").glob("[0-9]*.json"), key=_version)
    schema = _shipped("project", newest.name)
    schema["properties"]["flags"] = _only(_fields(ProjectFlags))
    for part in _parts(schema):
        known = [key for key in part.get("properties", {}) if key.startswith("+")]
        if known:
            no_plus = {"not": {"pattern": "^[+]"}}
            part["propertyNames"] = {"anyOf": [no_plus, {"enum": known}]}
    return schema


def profile() -> Schema:
    """dbt ships no schema of a profile, but its adapter knows what a DuckDB target may have."""
    duckdb_target = _only(_fields(DuckDBCredentials) | {"type", "threads"})
    duckdb_target["properties"]["settings"] = {
        "propertyNames": {"not": {"enum": list(ONLY_AS_CONFIG_OPTIONS)}}
    }
    target = {"if": {"properties": {"type": {"const": "duckdb"}}}, "then": duckdb_target}
    content = _only({"target", "outputs"})
    content["properties"]["outputs"] = {"type": "object", "additionalProperties": target}
    return {"type": "object", "additionalProperties": content}


def _only(keys: set[str]) -> Schema:
    properties: Schema = {key: {} for key in sorted(keys)}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _fields(of: Any) -> set[str]:
    return {field.name for field in dataclasses.fields(of)}


def _shipped(kind: str, name: str) -> Schema:
    path = Path(JSONSCHEMAS_PATH) / kind / name
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _version(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", path.stem)]


def _parts(schema: Any) -> Iterator[Schema]:
    """Every object inside a schema."""
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(part, (dict, list)):
            yield from _parts(part)


def _run(module: str, *arguments: object) -> bool:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        print(done.stdout + done.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
