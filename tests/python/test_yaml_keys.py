"""dbt ignores a misspelt or misplaced key; `make lint` names it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml
from commands import run_dev

from dev import lint_yaml

MODEL = """\
models:
  - name: care_episode
    description: One row per episode of care.
    config:
      tags: [logic]
      meta: {owner: researchers}
    data_tests:
      - unique_combination:
          arguments: {columns: [care_episode_id]}
          config: {severity: error, tags: [logic]}
    columns:
      - name: pupil_id
        data_type: string
        description: The person.
        data_tests:
          - not_null
          - relationships:
              name: person_is_known
              arguments: {to: ref('int_pupil'), field: pupil_id}
"""
PROJECT = """\
name: social_care_warehouse
version: 0.1.0
profile: social_care_warehouse
flags:
  send_anonymous_usage_stats: false
models:
  social_care_warehouse:
    +materialized: table
    marts:
      +contract:
        enforced: true
data_tests:
  +store_failures: false
"""
PROFILE = """\
social_care_warehouse:
  target: duckdb
  outputs:
    duckdb:
      type: duckdb
      path: warehouse.duckdb
      threads: 2
      config_options:
        memory_limit: 70%
      settings:
        preserve_insertion_order: false
"""
WORKFLOW = """\
on: push
jobs:
  linux:
    runs-on: ubuntu-latest
    steps: [{run: make test}]
"""
FILES = {
    "models/care_episode.yml": MODEL,
    "dbt_project.yml": PROJECT,
    "profiles/profiles.yml": PROFILE,
    ".github/workflows/ci.yml": WORKFLOW,
}


RESOURCES, PROJECT_FILE, PROFILES, _ = FILES
VALIDATORS = {
    RESOURCES: jsonschema.Draft7Validator(lint_yaml.resources()),
    PROJECT_FILE: jsonschema.Draft7Validator(lint_yaml.project()),
    PROFILES: jsonschema.Draft7Validator(lint_yaml.profile()),
}


def lint(folder: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Write the small project to a folder, with other texts for some files, and lint it."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changes.get(path.stem, text), encoding="utf-8")
    return run_dev("lint_yaml", folder)


@pytest.mark.parametrize("file", VALIDATORS)
def test_a_file_without_mistakes_is_accepted(file):
    assert VALIDATORS[file].is_valid(yaml.safe_load(FILES[file]))


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (RESOURCES, "    data_tests:\n      - u", "    tests_typo:\n      - u"),
        (RESOURCES, "    config:\n      tags", "    materialised: table\n    config:\n      tags"),
        (RESOURCES, "      tags: [logic]\n", "      materialised: table\n"),
        (RESOURCES, "    config:\n      tags", "    meta: {a: b}\n    config:\n      tags"),
        (RESOURCES, "        data_type: string\n", "        meta: {unit: days}\n"),
        (RESOURCES, "        data_type: string\n", "        tags: [logic]\n"),
        (RESOURCES, "        data_type: string\n", "        datatype: string\n"),
        (RESOURCES, "        data_tests:\n", "        tests:\n"),
        (RESOURCES, "arguments: {columns:", "argument: {columns:"),
        (RESOURCES, "arguments: {columns: [care_episode_id]}", "columns: [care_episode_id]"),
        (RESOURCES, "{severity: error, tags", "{severty: error, tags"),
        (RESOURCES, "{severity: error, tags", "{severity: eror, tags"),
        (RESOURCES, "              name: person_is_known\n", "              meta: {a: b}\n"),
        (RESOURCES, "models:\n", "model:\n"),
        (PROJECT_FILE, "+materialized: table", "+materialised: table"),
        (PROJECT_FILE, "+materialized: table", "materialised: table"),
        (PROJECT_FILE, "        enforced: true", "        enforce: true"),
        (PROJECT_FILE, "+contract:\n        enforced: true", "+contrakt:\n        a: {b: 1}"),
        (PROJECT_FILE, "+contract:\n        enforced: true", "+contrakt: {}"),
        (PROJECT_FILE, "  +store_failures: false", "  +store_failure: false"),
        (PROJECT_FILE, "send_anonymous_usage_stats", "send_anonymous_usage"),
        (PROJECT_FILE, "profile: social", "profil: social"),
        (PROFILES, "config_options:", "config_option:"),
        (PROFILES, "  target: duckdb", "  targets: duckdb"),
        (PROFILES, "preserve_insertion_order: false", "memory_limit: 4GB"),
    ],
)
def test_a_wrong_key_is_found(file, old, new):
    assert FILES[file].count(old) == 1
    assert not VALIDATORS[file].is_valid(yaml.safe_load(FILES[file].replace(old, new)))


def test_the_command_accepts_a_right_project(tmp_path):
    done = lint(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 YAML files" in done.stdout


def test_the_command_names_file_and_key(tmp_path):
    doubled = MODEL.replace("data_type: string", "data_type: string\n        data_type: integer")
    done = lint(
        tmp_path,
        care_episode=doubled,
        dbt_project=PROJECT.replace("send_anonymous_usage_stats", "send_anonymous_usage"),
        profiles=PROFILE.replace("config_options:", "config_option:"),
        ci=WORKFLOW.replace("runs-on", "run-on"),
    )
    assert done.returncode == 1
    for file, key in (
        ("models/care_episode.yml", 'duplication of key "data_type"'),
        ("dbt_project.yml", "send_anonymous_usage"),
        ("profiles/profiles.yml", "config_option"),
        (".github/workflows/ci.yml", "run-on"),
    ):
        assert file in done.stdout
        assert key in done.stdout
