"""The seeds: code lists and recodes, which are data that both implementations read."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from reference.cells import clean_code

SEEDS = Path(__file__).resolve().parents[3] / "seeds"


@cache
def labels(lookup: str) -> dict[str, str]:
    """The label of each code of a code list."""
    with (SEEDS / "lookups" / f"{lookup}.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["label"] for row in csv.DictReader(lines)}


@cache
def exit_reasons() -> set[str]:
    """The reasons with which a child left care, not only one authority's."""
    with (SEEDS / "lookups" / "reason_episode_ceased.csv").open(
        encoding="utf-8", newline=""
    ) as lines:
        return {
            row["code"]
            for row in csv.DictReader(lines)
            if row["ends_period_of_care"] == "true" and row["code"] != "E3"
        }


@cache
def end_ranks() -> dict[str, int]:
    """Which reason counts where several end on one day: that with the lowest number."""
    with (SEEDS / "lookups" / "reason_episode_ceased.csv").open(
        encoding="utf-8", newline=""
    ) as lines:
        return {row["code"]: int(row["end_rank"]) for row in csv.DictReader(lines)}


@cache
def placement_groups() -> dict[str, tuple[str, str]]:
    """The published group of each placement code, with the kind of foster carer."""
    with (SEEDS / "lookups" / "placement.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["code"]: (row["published_group"], row["foster_carer_type"])
            for row in csv.DictReader(lines)
        }


@cache
def recodes(dataset: str, column: str) -> dict[str, str | None]:
    """The listed code for each delivered one that has another form."""
    path = SEEDS / "definitions" / "code_recodes.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            row["delivered_code"]: row["code"] or None
            for row in csv.DictReader(lines)
            if (row["dataset"], row["column_name"]) == (dataset, column)
        }


def recoded(dataset: str, column: str, text: str | None) -> str | None:
    """A delivered code as the code list writes it."""
    code = clean_code(text)
    changed = recodes(dataset, column)
    return changed.get(code, code)
