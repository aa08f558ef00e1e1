"""What this warehouse is told by its environment variables while it is measured."""

from __future__ import annotations

import os

from social_care_warehouse.console import PROJECT_DIR
from social_care_warehouse.loading.engine import DEFAULTS

SETTINGS_OF_OURS = {
    # As many as the others take by themselves.
    "WAREHOUSE_THREADS": str(os.cpu_count()),
    "WAREHOUSE_MEMORY": DEFAULTS["WAREHOUSE_MEMORY"],
}


def environment() -> dict[str, str]:
    """The user's, but for what it says to the warehouse, or results would differ in silence."""
    kept = {name: of for name, of in os.environ.items() if not name.startswith("WAREHOUSE_")}
    return (
        kept | SETTINGS_OF_OURS | {"PYTHONPATH": str(PROJECT_DIR / "scripts"), "DO_NOT_TRACK": "1"}
    )
