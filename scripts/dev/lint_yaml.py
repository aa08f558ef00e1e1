"""Check the keys of every YAML file that dbt reads.

On DuckDB dbt does not check them: a key that is misspelt, or that stands one level too high, is
ignored in silence, and with it the test or the setting that it was meant to be. dbt ships the JSON
schemas of its files, though; this holds the files against them.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import jsonschema
import yaml
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.contracts.project import ProjectFlags
from dbt.jsonschemas import JSONSCHEMAS_PATH

from social_care_warehouse.console import PROJECT_DIR, console, error_console

RESOURCE_FOLDERS = ("models", "seeds", "macros", "tests", "snapshots", "analyses")
# DuckDB takes these only when the database is opened; as settings they come too late.
ONLY_AS_CONFIG_OPTIONS = ("memory_limit", "temp_directory", "threads")

Place = tuple[str | int, ...]


@dataclasses.dataclass(frozen=True)
class Breach:
    """A key that dbt would ignore, or a value where dbt expects another kind of value."""

    file: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.sentence}"


@dataclasses.dataclass(frozen=True)
class Document:
    """A YAML file, with the line of everything in it."""

    file: Path
    root: yaml.Node | None
    value: Any

    def breach(self, place: Place, sentence: str) -> Breach:
        return Breach(self.file, self.line(place), sentence)

    def line(self, place: Place) -> int:
        """The line of a key (or item), or of the nearest thing around it that has one."""
        node, line = self.root, 1
        for step in place:
            found = None
            if isinstance(node, yaml.MappingNode):
                found = next((pair for pair in node.value if pair[0].value == step), None)
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                item = node.value[step]
                found = (item, item)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        return line

    def words(self, place: Place) -> str:
        """A place as a person names it: models[care_episode].columns[pupil_id].config."""
        value, words = self.value, ""
        for step in place:
            value = value[step] if isinstance(value, (list, dict)) else None
            if isinstance(step, int):
                name = value.get("name") if isinstance(value, dict) else None
                words += f"[{name or step + 1}]"
            else:
                words += f".{step}" if words else str(step)
        return words or "the file"


def lint_project(project_dir: Path) -> tuple[list[Path], list[Breach]]:
    """The files that were checked, and all that is wrong with them, in order."""
    resources = _schema("resources", "latest.json")
    project = _schema("project", None)
    files, breaches = [], []
    for file in _files(project_dir):
        files.append(file)
        name = file.relative_to(project_dir)
        try:
            document = _read(file, name)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or "cannot be read"
            line = mark.line + 1 if mark else 1
            breaches.append(Breach(name, line, f"this is no YAML: {problem}."))
            continue
        breaches += _repeated_keys(document, document.root, ())
        if name.name == "dbt_project.yml":
            breaches += _against_schema(document, project)
            breaches += _project_keys(document, project)
        elif name.name == "profiles.yml":
            breaches += _profile_keys(document)
        else:
            breaches += _against_schema(document, resources)
            breaches += _house_rules(document, document.value, ())
    return files, sorted(set(breaches), key=lambda breach: (str(breach.file), breach.line))


def _files(project_dir: Path) -> Iterator[Path]:
    for name in ("dbt_project.yml", "profiles/profiles.yml"):
        if (project_dir / name).exists():
            yield project_dir / name
    for folder in RESOURCE_FOLDERS:
        for pattern in ("*.yml", "*.yaml"):
            yield from sorted((project_dir / folder).rglob(pattern))


def _schema(kind: str, name: str | None) -> dict[str, Any]:
    """One of the schemas that dbt ships; the newest where no name is given."""
    folder = Path(JSONSCHEMAS_PATH) / kind
    versions = sorted(
        folder.glob("[0-9]*.json"),
        key=lambda path: [int(number) for number in re.findall(r"[0-9]+", path.stem)],
    )
    path = folder / name if name else versions[-1]
    return json.loads(path.read_text(encoding="utf-8"))


def _read(file: Path, name: Path) -> Document:
    text = file.read_text(encoding="utf-8")
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return Document(name, root, yaml.safe_load(text))


def _repeated_keys(document: Document, node: yaml.Node | None, place: Place) -> Iterator[Breach]:
    """YAML lets a key stand twice in one place, and the last one wins."""
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _repeated_keys(document, item, (*place, index))
    elif isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield Breach(
                    document.file,
                    key.start_mark.line + 1,
                    f'"{key.value}" stands twice in {document.words(place)}.',
                )
            seen.add(key.value)
            yield from _repeated_keys(document, value, (*place, key.value))


def _against_schema(document: Document, schema: dict[str, Any]) -> Iterator[Breach]:
    if document.value is None:
        return
    for error in jsonschema.Draft7Validator(schema).iter_errors(document.value):
        for cause in _causes(error):
            if not _is_only_case(cause):
                yield from _in_plain_words(document, cause)


def _causes(error: jsonschema.ValidationError) -> list[jsonschema.ValidationError]:
    """What is really wrong where a value fits none of several alternatives.

    Of the alternatives, the one that came furthest before it failed is the one that was meant.
    """
    if not error.context:
        return [error]
    alternatives: dict[Any, list[jsonschema.ValidationError]] = {}
    for cause in error.context:
        alternatives.setdefault(cause.schema_path[0], []).extend(_causes(cause))

    def depth(causes: Sequence[jsonschema.ValidationError]) -> tuple[int, bool]:
        return (
            max(len(cause.absolute_path) for cause in causes),
            all(cause.validator == "additionalProperties" for cause in causes),
        )

    return max(alternatives.values(), key=depth)


def _is_only_case(error: jsonschema.ValidationError) -> bool:
    """The schema writes Error where dbt itself writes error, and takes both."""
    words = error.schema.get("enum") or []
    return str(error.instance).lower() in (str(word).lower() for word in words)


def _in_plain_words(document: Document, error: jsonschema.ValidationError) -> Iterator[Breach]:
    place = tuple(error.absolute_path)
    where = document.words(place)
    if error.validator == "additionalProperties":
        for key in error.instance:
            if key not in error.schema.get("properties", {}):
                yield document.breach((*place, key), f'"{key}" is no key of {where}.')
    elif error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        yield document.breach(place, f'{where} lacks "{missing[0]}".')
    elif place and isinstance(place[-1], str) and error.validator in ("type", "enum"):
        around = document.words(place[:-1])
        yield document.breach(
            place, f'"{place[-1]}" is no key of {around}, or its value is of the wrong kind.'
        )
    else:
        yield document.breach(place, f"{where} is not what dbt expects there.")


def _house_rules(document: Document, value: Any, place: Place) -> Iterator[Breach]:
    """What dbt would take, but this project writes in one way only."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _house_rules(document, item, (*place, index))
    elif isinstance(value, dict):
        # Rows of a unit test, parameters of a test and free notes may have any key.
        for key, item in value.items():
            if key == "tests":
                sentence = f'write "data_tests" for "tests" in {document.words(place)}.'
                yield document.breach((*place, key), sentence)
            if key not in ("arguments", "column_types", "expect", "given", "meta"):
                yield from _house_rules(document, item, (*place, key))


def _project_keys(document: Document, schema: dict[str, Any]) -> Iterator[Breach]:
    """Keys of dbt_project.yml about which the schema says nothing: flags, and + at any depth."""
    flags = {field.name for field in dataclasses.fields(ProjectFlags)}
    for flag in document.value.get("flags") or {}:
        if flag not in flags:
            yield document.breach(("flags", flag), f'"{flag}" is no flag of dbt.')
    for section, definition in schema["properties"].items():
        reference = (definition.get("anyOf") or [{}])[0].get("$ref", "")
        known = schema["definitions"].get(reference.rpartition("/")[2])
        keys = set(known.get("properties", {})) if isinstance(known, dict) else set()
        if any(key.startswith("+") for key in keys):
            content = document.value.get(section) or {}
            yield from _plus_keys(document, content, (section,), keys)


def _plus_keys(document: Document, value: Any, place: Place, known: set[str]) -> Iterator[Breach]:
    """An unknown + key with keys of its own, which the schema takes for a folder of models."""
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if key.startswith("+"):
            if key not in known and isinstance(item, dict):
                sentence = f'"{key}" is no key of {document.words(place)}.'
                yield document.breach((*place, key), sentence)
        else:
            yield from _plus_keys(document, item, (*place, key), known)


def _profile_keys(document: Document) -> Iterator[Breach]:
    """dbt ships no schema of a profile; what a DuckDB target takes, its adapter knows."""
    known = {field.name for field in dataclasses.fields(DuckDBCredentials)} | {"type", "threads"}
    for profile, content in (document.value or {}).items():
        for key in content:
            if key not in ("target", "outputs"):
                yield document.breach((profile, key), f'"{key}" is no key of {profile}.')
        for target, output in (content.get("outputs") or {}).items():
            place = (profile, "outputs", target)
            if output.get("type") != "duckdb":
                continue
            for key in output:
                if key not in known:
                    sentence = f'"{key}" is no key of {document.words(place)}.'
                    yield document.breach((*place, key), sentence)
            for key in output.get("settings") or {}:
                if key in ONLY_AS_CONFIG_OPTIONS:
                    yield document.breach(
                        (*place, "settings", key),
                        f'"{key}" belongs in config_options, not in settings.',
                    )


@click.command()
@click.argument("project_dir", type=click.Path(path_type=Path), default=PROJECT_DIR)
def lint_yaml(project_dir: Path) -> None:
    """Check the keys of every YAML file that dbt reads; exit code 1 where one is wrong."""
    files, breaches = lint_project(project_dir)
    for breach in breaches:
        error_console.print(str(breach), markup=False, style="red")
    if breaches:
        noun = "key is" if len(breaches) == 1 else "keys are"
        error_console.print(f"{len(breaches)} {noun} wrong.", markup=False, style="red")
        sys.exit(1)
    console.print(f"The keys of {len(files)} YAML files are as dbt expects them.")


if __name__ == "__main__":
    lint_yaml()
