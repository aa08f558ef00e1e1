"""The definitions that a warehouse can be built with, and the marts that it can have."""

from __future__ import annotations

import csv
from collections.abc import Collection

from social_care_warehouse.console import UserError, nearest
from social_care_warehouse.project import PROJECT_DIR

SEED = PROJECT_DIR / "seeds" / "definitions" / "intervention_definitions.csv"


def check_definition(name: str) -> None:
    """Raise UserError, listing the definitions, if the seed has none of this name."""
    with SEED.open(encoding="utf-8", newline="") as lines:
        known = [row["definition"] for row in csv.DictReader(lines)]
    if name not in known:
        raise UserError(f"Unknown definition {name!r}. {nearest(name, known)}")


def names_of_marts() -> list[str]:
    """The marts of the project."""
    return sorted(path.stem for path in (PROJECT_DIR / "models" / "marts").rglob("*.sql"))


def check_marts(names: Collection[str]) -> None:
    """Raise UserError, listing the marts, if one of these names is unknown."""
    known = names_of_marts()
    if unknown := [name for name in names if name not in known]:
        raise UserError(f"Unknown mart {unknown[0]!r}. {nearest(unknown[0], known)}")
