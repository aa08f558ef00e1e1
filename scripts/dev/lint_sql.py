"""Runs sqlfluff with the rules of `portability`: lint_sql.py lint models tests/singular."""

from __future__ import annotations

import sys
from pathlib import Path

from sqlfluff.cli.commands import cli

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dev import portability

# Here, and not below, because each process of sqlfluff imports this file again.
portability.register()

if __name__ == "__main__":
    cli()
