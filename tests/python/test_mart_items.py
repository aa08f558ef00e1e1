"""The seed `mart_item`: which columns of the marts `quality.mart_coverage` looks at."""

from __future__ import annotations

import csv

import pytest
import yaml
from commands import PROJECT_DIR


def columns_of_marts() -> dict[str, set[str]]:
    """The columns of each mart, as its contract has them."""
    models = [
        model
        for path in (PROJECT_DIR / "models" / "marts").glob("*/*.yml")
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", ())
    ]
    return {model["name"]: {column["name"] for column in model["columns"]} for model in models}


def items() -> dict[str, set[str]]:
    """The columns of each mart that the seed lists."""
    found: dict[str, set[str]] = {}
    path = PROJECT_DIR / "seeds" / "definitions" / "mart_item.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["mart_name"], set()).add(row["item_name"])
    return found


def test_every_item_is_a_column_of_its_mart() -> None:
    columns = columns_of_marts()
    assert {
        mart: names - columns[mart] for mart, names in items().items() if names - columns[mart]
    } == {}


@pytest.mark.parametrize("mart", ["person_school_year", "exclusion", "offence_occasion"])
def test_every_column_of_the_marts_of_school_and_justice_is_an_item(mart: str) -> None:
    assert items().get(mart) == columns_of_marts()[mart]
