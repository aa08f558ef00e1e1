"""dbt ignores a misplaced key in silence; scripts/dev/lint_yaml.py does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import PROJECT_DIR, run_dev

from dev.lint_yaml import lint_project

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
FILES = {
    "models/care_episode.yml": MODEL,
    "dbt_project.yml": PROJECT,
    "profiles/profiles.yml": PROFILE,
}


@pytest.fixture
def project(tmp_path: Path):
    """Make a little project, with one text of one of its files replaced, and lint it."""

    def make(file: str | None = None, old: str = "", new: str = "") -> list[str]:
        files = dict(FILES)
        if file:
            assert files[file].count(old) == 1, f"{old!r} is not once in {file}"
            files[file] = files[file].replace(old, new)
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return [str(breach) for breach in lint_project(tmp_path)[1]]

    return make


def test_files_of_this_project_are_right():
    files, breaches = lint_project(PROJECT_DIR)
    assert [str(breach) for breach in breaches] == []
    names = {str(file.relative_to(PROJECT_DIR)) for file in files}
    assert {"dbt_project.yml", "profiles/profiles.yml", "macros/_macros.yml"} <= names
    assert any(name.endswith("__unit_tests.yml") for name in names)


def test_a_project_without_fault_passes(project):
    assert project() == []


@pytest.mark.parametrize(
    ("old", "new", "key", "line"),
    [
        ("    data_tests:\n      - u", "    tests_typo:\n      - u", "tests_typo", 7),
        (
            "    config:\n      tags",
            "    materialised: table\n    config:\n      tags",
            "materi",
            4,
        ),
        ("      tags: [logic]\n", "      materialised: table\n", "materialised", 5),
        ("    config:\n      tags", "    meta: {a: b}\n    config:\n      tags", "meta", 4),
        ("        data_type: string\n", "        meta: {unit: days}\n", "meta", 13),
        ("        data_type: string\n", "        tags: [logic]\n", "tags", 13),
        ("        data_type: string\n", "        datatype: string\n", "datatype", 13),
        ("arguments: {columns:", "argument: {columns:", "argument", 9),
        ("arguments: {columns: [care_episode_id]}", "columns: [care_episode_id]", "columns", 9),
        ("{severity: error, tags", "{severty: error, tags", "severty", 10),
        ("              name: person_is_known\n", "              meta: {a: b}\n", "meta", 18),
        ("models:\n", "model:\n", "model", 1),
    ],
)
def test_a_wrong_key_is_named_with_its_line(project, old, new, key, line):
    found = project("models/care_episode.yml", old, new)
    assert len(found) == 1, found
    assert found[0].startswith(f'models/care_episode.yml, line {line}: "{key}')


def test_the_place_is_named_as_a_person_would(project):
    found = project(
        "models/care_episode.yml", "        data_type: string\n", "        unit: days\n"
    )
    assert found == [
        "models/care_episode.yml, line 13: "
        '"unit" is no key of models[care_episode].columns[pupil_id].'
    ]


def test_the_older_name_of_data_tests_is_refused(project):
    found = project("models/care_episode.yml", "        data_tests:\n", "        tests:\n")
    assert len(found) == 1
    assert 'write "data_tests"' in found[0]


def test_a_key_that_stands_twice_is_found(project):
    found = project(
        "models/care_episode.yml",
        "        data_type: string\n",
        "        data_type: string\n        data_type: integer\n",
    )
    assert len(found) == 1
    assert "line 14" in found[0]
    assert '"data_type" stands twice' in found[0]


def test_text_that_is_no_yaml_is_found(project):
    found = project("models/care_episode.yml", "tags: [logic]\n", "tags: [logic\n")
    assert len(found) == 1
    assert "this is no YAML" in found[0]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("+materialized: table", "+materialised: table", "+materialised"),
        ("+materialized: table", "materialised: table", "materialised"),
        ("        enforced: true", "        enforce: true", "enforce"),
        ("+contract:", "+contrakt:", "+contrakt"),
        ("  +store_failures: false", "  +store_failure: false", "+store_failure"),
        ("send_anonymous_usage_stats", "send_anonymous_usage", "send_anonymous_usage"),
        ("profile: social", "profil: social", "profil"),
    ],
)
def test_a_wrong_key_of_the_project_is_found(project, old, new, key):
    found = project("dbt_project.yml", old, new)
    assert f'"{key}" is no' in found[0]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("config_options:", "config_option:", "config_option"),
        ("  target: duckdb", "  targets: duckdb", "targets"),
        ("preserve_insertion_order: false", "memory_limit: 4GB", "memory_limit"),
    ],
)
def test_a_wrong_key_of_the_profile_is_found(project, old, new, key):
    found = project("profiles/profiles.yml", old, new)
    assert len(found) == 1, found
    assert f'"{key}"' in found[0]


def test_the_command_exits_1_and_names_file_and_key(project, tmp_path):
    project("models/care_episode.yml", "        data_type: string\n", "        unit: days\n")
    done = run_dev("lint_yaml", tmp_path)
    assert done.returncode == 1
    assert "models/care_episode.yml" in done.stderr
    assert '"unit"' in done.stderr


def test_the_command_exits_0_where_all_is_right(project, tmp_path):
    project()
    done = run_dev("lint_yaml", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "3 YAML files" in done.stdout
