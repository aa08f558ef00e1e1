"""One DuckDB script by hand: floor.py EXTRACTS. Writes its answer to the current folder."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

with duckdb.connect("floor.duckdb") as connection:
    connection.execute("set variable extracts = $folder", {"folder": sys.argv[1]})
    connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
