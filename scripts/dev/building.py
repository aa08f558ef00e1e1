"""Builds a warehouse with the command of its users, which keeps what dbt made for the next one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from social_care_warehouse.console import PROJECT_DIR, UserError


def build_warehouse(extracts: Path, database: Path) -> None:
    """Load extracts and build every table. Raises UserError with what the command said."""
    command = (sys.executable, PROJECT_DIR / "scripts" / "build.py", extracts)
    done = subprocess.run(
        [*map(str, command), "--database", str(database)],
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if done.returncode:
        raise UserError(done.stderr.strip())
