"""Where the numbers of a report come from: version, build, definition and input files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

_BUILD = """
    select
        project_version,
        coalesce(git_commit, 'unknown'),
        coalesce(has_uncommitted_changes, false),
        strftime(finished_at, '%d %B %Y, %H:%M UTC'),
        build.intervention_definition,
        definitions.label,
        dbt_version,
        duckdb_version
    from meta.build as build
    left join lookups.intervention_definitions as definitions
        on build.intervention_definition = definitions.definition
"""
_INPUTS = """
    select dataset, file_name, sha256
    from meta.input_file
    where dataset is not null
    order by all
"""


@dataclass(frozen=True)
class Provenance:
    """Facts about the build, and the files that went into it."""

    facts: Sequence[tuple[str, str]]
    inputs: Sequence[tuple[str, str, str]]


def read_provenance(connection: duckdb.DuckDBPyConnection) -> Provenance:
    """What the database says about itself; little where dbt was run without our command."""
    try:
        builds = connection.execute(_BUILD).fetchall()
        inputs = connection.execute(_INPUTS).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        builds, inputs = [], []
    if not builds:
        unknown = "unknown, because the warehouse was not built by 'social-care-warehouse build'"
        return Provenance(facts=[("Build", unknown)], inputs=inputs)
    version, commit, is_changed, finished, definition, label, dbt, engine = builds[0]
    return Provenance(
        facts=[
            ("Made by", f"social_care_warehouse {version}"),
            ("Commit", f"{commit}{', with changes that were not committed' if is_changed else ''}"),
            ("Warehouse built", finished),
            ("Definition of the highest intervention", f"{definition}: {label or 'no label'}"),
            ("Engines", f"dbt {dbt}, DuckDB {engine}"),
        ],
        inputs=inputs,
    )
