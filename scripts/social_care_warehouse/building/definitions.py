"""The definitions of the highest intervention that a warehouse can be built with."""

from __future__ import annotations

import csv

from social_care_warehouse.console import PROJECT_DIR, UserError

SEED = PROJECT_DIR / "seeds" / "definitions" / "intervention_definitions.csv"


def check_definition(name: str) -> None:
    """Raise UserError, naming those that there are, if the seed has no such definition."""
    with SEED.open(encoding="utf-8", newline="") as lines:
        known = [row["definition"] for row in csv.DictReader(lines)]
    if name not in known:
        raise UserError(f"There is no definition of that name; there are: {', '.join(known)}.")
