"""Rows for the report from tables that a warehouse may lack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb


def rows_if_built(
    connection: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, object] | None = None
) -> list[tuple[Any, ...]] | None:
    """The rows of a query; None where the warehouse does not have its tables."""
    try:
        return connection.execute(query, values).fetchall()
    except duckdb.CatalogException:
        return None
