"""The variables of dbt_project.yml: unit tests do not depend on them, and a page explains them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from commands import PROJECT_DIR, csv_rows

from dev.worked_cases import Row, unit_tests
from social_care_warehouse.building import build

VARIABLES: dict[str, Any] = yaml.safe_load((PROJECT_DIR / "dbt_project.yml").read_text("utf-8"))[
    "vars"
]
PAGE = PROJECT_DIR / "docs" / "reference" / "settings.md"
# They concern every model of staging, but only the cases that have a date.
RANGE_OF_DATES = {"earliest_plausible_date", "latest_plausible_date"}
MACRO = re.compile(r"{%-?\s*macro\s+(?:(?:default|duckdb)__)?(\w+)(.*?)endmacro", re.DOTALL)
VARIABLE = re.compile(r"""\bvar\s*\(\s*['"](\w+)""")
SETTING = re.compile(r"^\| `(\w+)` \| .{20,} \| (?:`([^`]*)`|(empty)) \|$", re.MULTILINE)


@cache
def macros() -> dict[str, str]:
    """The text of each macro of the project, by its name."""
    return {
        name: text
        for path in (PROJECT_DIR / "macros").glob("**/*.sql")
        for name, text in MACRO.findall(path.read_text(encoding="utf-8"))
    }


def variables_read(text: str) -> set[str]:
    """The variables that a text reads, itself or with the macros that it names."""
    found: set[str] = set()
    seen: set[str] = set()
    to_visit = [text]
    while to_visit:
        text = to_visit.pop()
        found |= set(VARIABLE.findall(text))
        named = (set(re.findall(r"\w+", text)) & macros().keys()) - seen
        seen |= named
        to_visit += [macros()[name] for name in named]
    return found


@cache
def variables_of(model: str) -> set[str]:
    (path,) = (PROJECT_DIR / "models").glob(f"**/{model}.sql")
    return variables_read(path.read_text(encoding="utf-8"))


def columns_given(test: Row) -> Iterator[str]:
    """The columns that a unit test gives to its model, with [n] for the number at their end."""
    for given in test["given"]:
        rows = given.get("rows", [])
        if isinstance(rows, str):
            assert given["format"] == "csv", f"{test['name']}: only rows and CSV can be judged."
            rows = csv.DictReader(StringIO(rows))
        for row in rows:
            for column in row:
                yield re.sub(r"\d+$", "[n]", column)


@cache
def columns_of_dates() -> set[str]:
    aliases = csv_rows(PROJECT_DIR / "seeds" / "definitions" / "column_aliases.csv")
    return {row["alias"] for row in aliases if row["value_type"] == "date"}


def variables_that_matter(test: Row) -> set[str]:
    """The variables that decide the outcome of a unit test, unless it states them."""
    matter = variables_of(test["model"])
    if matter & RANGE_OF_DATES and columns_of_dates().isdisjoint(columns_given(test)):
        return matter - RANGE_OF_DATES
    return matter


def stated(test: Row) -> set[str]:
    return set(test.get("overrides", {}).get("vars", {}))


@pytest.fixture(scope="module")
def tests() -> list[Row]:
    return list(unit_tests())


def test_every_unit_test_states_the_variables_that_matter_for_it(tests: list[Row]) -> None:
    """A build with other variables runs it too, and leaves out tables where it fails."""
    missing = {test["name"]: variables_that_matter(test) - stated(test) for test in tests}
    # Add to these unit tests, under `overrides: {vars: …}`, the values that they are about.
    assert {name: variables for name, variables in missing.items() if variables} == {}


def test_every_variable_matters_for_a_unit_test(tests: list[Row]) -> None:
    """So none is overlooked, for example because a macro reads it in another way."""
    assert set().union(*map(variables_that_matter, tests)) == VARIABLES.keys()


def test_the_page_of_settings_has_every_variable_and_its_default() -> None:
    section = PAGE.read_text(encoding="utf-8").split("\n## For the data\n")[1]
    settings = {name: default for name, default, _ in SETTING.findall(section)}
    assert settings == {name: str(value) for name, value in VARIABLES.items()}


def test_an_option_of_build_counts_before_the_value_of_the_project(monkeypatch) -> None:
    monkeypatch.setattr(
        build, "variables_of_project", lambda: {"children_represented": 7, "area_place": "home"}
    )
    request = build.BuildRequest(
        extract_dir=None,
        database=Path("w.duckdb"),
        intervention_definition="plan_start",
        children_represented=None,
        period_of_care_max_gap_days=0,
        fill_missing_columns=False,
        allow_rejected=False,
    )
    assert request.variables() == {
        "intervention_definition": "plan_start",
        "children_represented": 7,
        "period_of_care_max_gap_days": 0,
        "area_place": "home",
    }
