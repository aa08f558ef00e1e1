"""What a build compares to see what changed, and what the comparison of dbt overlooks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from commands import PROJECT_DIR

sys.path.insert(0, str(PROJECT_DIR / "scripts/social_care_warehouse/building/dbt_process"))

from fingerprints import Fingerprints

PACKAGE = "social_care_warehouse"


def as_dict(**values: object) -> SimpleNamespace:
    return SimpleNamespace(to_dict=lambda: values, **values)


class Project:
    """A project of a seed, a model that reads it with two macros, and a macro of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.variables: dict[str, object] = {"days": 1, "other": 1}
        (folder / "profiles").mkdir()
        (folder / "profiles" / "profiles.yml").write_text("target: duckdb\n")
        (folder / "dbt_project.yml").write_text("name: social_care_warehouse\n")
        self.seed_file = folder / "codes.csv"
        self.seed_file.write_text("code,label\n" + "1,one\n" * 300_000 + "2,two\n")
        self.macros = {
            "outer": self._macro("outer", "{{ inner() }}", ["inner"]),
            "inner": self._macro("inner", "{{ var('days') }}", []),
            "generate_schema_name": self._macro("generate_schema_name", "{{ custom }}", []),
            "spark__inner": self._macro("spark__inner", "{{ spark }}", []),
        }
        self.nodes = {
            "seed.codes": self._node("seed", "codes", "", [], []),
            "model.person": self._node(
                "model", "person", "{{ outer() }}", ["outer"], ["seed.codes"]
            ),
            "model.plain": self._node("model", "plain", "select 1", [], []),
        }

    def describe(self) -> dict[str, str]:
        found = self._found()
        hashes = {name: node["fingerprint"] for name, node in found["nodes"].items()}
        return hashes | {"everything": found["environment"]}

    def describe_nodes(self) -> dict[str, dict[str, object]]:
        nodes: dict[str, dict[str, object]] = self._found()["nodes"]
        return nodes

    def _found(self) -> dict[str, Any]:
        manifest = SimpleNamespace(nodes=self.nodes, macros=self.macros)
        found: dict[str, Any] = Fingerprints(manifest, self.folder, self.variables).describe()
        return found

    @staticmethod
    def _macro(name: str, text: str, used: list[str]) -> SimpleNamespace:
        depends_on = SimpleNamespace(macros=used)
        return SimpleNamespace(
            name=name, macro_sql=text, depends_on=depends_on, package_name=PACKAGE
        )

    @staticmethod
    def _node(
        kind: str, name: str, code: str, macros: list[str], parents: list[str]
    ) -> SimpleNamespace:
        return SimpleNamespace(
            resource_type=kind, name=name, alias=name, schema="marts", raw_code=code,
            config=as_dict(materialized="table"), description="", columns={},
            depends_on=SimpleNamespace(macros=macros, nodes=parents),
            original_file_path="codes.csv",
        )  # fmt: skip


def _change_last_row_of_a_large_seed(project: Project) -> None:
    content = project.seed_file.read_text()
    assert len(content) > 1_000_000
    project.seed_file.write_text(content.replace("2,two", "2,too"))


def _change_variable(project: Project) -> None:
    project.variables["days"] = 2


def _change_variable_that_nobody_reads(project: Project) -> None:
    project.variables["other"] = 2


def _change_inner_macro(project: Project) -> None:
    project.macros["inner"].macro_sql = "{{ var('days') + 1 }}"


def _change_macro_that_no_node_names(project: Project) -> None:
    project.macros["generate_schema_name"].macro_sql = "{{ other }}"


def _change_macro_of_another_engine(project: Project) -> None:
    project.macros["spark__inner"].macro_sql = "{{ other }}"


def _change_profile(project: Project) -> None:
    (project.folder / "profiles" / "profiles.yml").write_text("target: spark\n")


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (_change_last_row_of_a_large_seed, {"seed.codes"}),
        (_change_variable, {"model.person"}),
        (_change_variable_that_nobody_reads, set()),
        (_change_inner_macro, {"model.person"}),
        (_change_macro_that_no_node_names, {"everything"}),
        (_change_macro_of_another_engine, set()),
        (_change_profile, {"everything"}),
    ],
)
def test_a_change_is_seen_where_it_matters(
    tmp_path: Path, change: Callable[[Project], None], changed: set[str]
) -> None:
    project = Project(tmp_path)
    before = project.describe()
    change(project)
    after = project.describe()
    assert {name for name in before if before[name] != after[name]} == changed


def test_an_environment_variable_counts_for_those_that_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = Project(tmp_path)
    project.macros["inner"].macro_sql = "{{ env_var('A_SETTING', '') }}"
    before = project.describe()
    monkeypatch.setenv("A_SETTING", "1")
    after = project.describe()
    assert {name for name in before if before[name] != after[name]} == {"model.person"}


def test_a_variable_without_its_name_is_every_variable(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.nodes["model.plain"].raw_code = "{{ var(name) }}"
    before = project.describe()
    project.variables["other"] = 2
    after = project.describe()
    assert {name for name in before if before[name] != after[name]} == {"model.plain"}


@pytest.mark.parametrize(
    ("code", "macro", "is_in_part"),
    [
        ("codes as (\n    select code\n    from {{ ref('codes') }}\n)", "", True),
        ("codes as (select code from {{ without_catalog(ref('codes')) }})", "", True),
        ("codes as (select * from {{ ref('codes') }})", "", False),
        ("codes as (select distinct code from {{ ref('codes') }})", "", False),
        ("codes as (select code as label from {{ ref('codes') }})", "", False),
        ("codes as (select code from {{ ref('codes') }} where label = 'one')", "", False),
        ("a as (select code from {{ ref('codes') }}), b as ({{ f(ref('codes')) }})", "", False),
        ("codes as (select code from {{ ref('codes') }})", "{{ ref('codes') }}", False),
    ],
)
def test_a_model_that_names_columns_of_a_seed_reads_it_in_part(
    tmp_path: Path, code: str, macro: str, *, is_in_part: bool
) -> None:
    project = Project(tmp_path)
    project.nodes["model.person"].raw_code = code
    project.macros["outer"].macro_sql = macro
    before = project.describe_nodes()["model.person"]
    assert before["read_in_part"] == (["seed.codes"] if is_in_part else [])

    _change_last_row_of_a_large_seed(project)
    assert project.describe_nodes()["model.person"]["fingerprint"] == before["fingerprint"]
    project.seed_file.write_text(project.seed_file.read_text().replace("2,too", "3,too"))
    is_same = project.describe_nodes()["model.person"]["fingerprint"] == before["fingerprint"]
    assert is_same is not is_in_part
