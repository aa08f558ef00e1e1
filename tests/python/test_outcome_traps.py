"""The table of traps in docs/explanation/synthetic-extracts.md: each is in the files."""

from __future__ import annotations

import re

import pytest
import test_synthesise_later_years
import test_synthesise_outcome_faults
import test_synthesise_outcome_layouts
from commands import csv_rows
from outcome_file_queries import FAULTS, SHARES, TRAPS
from synthetic import PROJECT_DIR, SETTINGS_DIR

N_TRAPS = 23
# Where the tests are that the table names.
TESTS = {
    **vars(test_synthesise_later_years),
    **vars(test_synthesise_outcome_faults),
    **vars(test_synthesise_outcome_layouts),
}


def table() -> dict[str, list[str]]:
    """The cells of each row, by trap."""
    page = (PROJECT_DIR / "docs/explanation/synthetic-extracts.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| \d+\. .*\|$", page, flags=re.MULTILINE)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {trap: cells for trap, *cells in rows}


def rates() -> dict[str, str]:
    """The rate of each error and share of the settings, as the table writes them."""
    found = {}
    for name in ("outcome_dirt.csv", "dirt.csv"):
        for row in csv_rows(SETTINGS_DIR / name):
            found[f"{row['dataset']} {row['kind']}"] = row["rate"]
    for row in csv_rows(SETTINGS_DIR / "outcome_scalar.csv"):
        found[row["name"]] = row["value"]
    return {name: f"{100 * float(rate):.4g}%" for name, rate in found.items()}


def test_all_traps_are_in_the_table() -> None:
    assert [int(trap.split(".")[0]) for trap in table()] == [*range(1, N_TRAPS + 1)]


@pytest.mark.parametrize("trap", table())
def test_a_trap_is_made_at_the_rate_of_the_table(trap: str) -> None:
    """An error or a share has the rate of the settings. Each has a test of the files."""
    places, percents, _ = table()[trap]
    settings = rates()
    for place, percent in zip(places.split(", "), percents.split(", "), strict=True):
        name = place.strip("`")
        if percent == "always":
            assert name in TRAPS or callable(TESTS.get(name)), name
        else:
            assert settings[name] == percent, name
            assert name in FAULTS or SHARES[name] in TRAPS, name


@pytest.mark.parametrize("trap", table())
def test_the_rules_of_a_trap_are_registered(trap: str) -> None:
    register = (PROJECT_DIR / "docs/reference/rules.md").read_text(encoding="utf-8")
    for rule in table()[trap][2].split(", "):
        assert f"| [{rule}](" in register, rule
