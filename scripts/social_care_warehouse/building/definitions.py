"""The definitions of the highest intervention that a warehouse can be built with."""

from __future__ import annotations

import csv

from social_care_warehouse.console import UserError
from social_care_warehouse.project import PROJECT_DIR

SEED = PROJECT_DIR / "seeds" / "definitions" / "intervention_definitions.csv"


def check_definition(name: str) -> None:
    """Raise UserError, listing the definitions, if the seed has none of this name."""
    with SEED.open(encoding="utf-8", newline="") as lines:
        known = [row["definition"] for row in csv.DictReader(lines)]
    if name not in known:
        raise UserError(f"Unknown definition {name!r}. Choose one of: {', '.join(known)}.")
