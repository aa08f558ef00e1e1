"""Small warehouses, made by hand, to make tables for release from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

META = """
create schema meta;
create table meta.build as
select '1.0' as project_version, 'abc' as git_commit, timestamp '2026-01-01' as finished_at,
    'data_explained' as intervention_definition, '{}' as vars;
create table meta.input_file as select repeat('a', 64) as sha256;
create schema marts;
create type level as enum ('low', 'middle', 'high');
"""

PERSONS = """
create table marts.person_made (
    pupil_id varchar, level level, cohort varchar, is_flagged boolean, days integer,
    amount double, first_date date, age integer
);
"""


def warehouse(path: Path, *statements: str) -> Path:
    """A warehouse with what the command reads of every warehouse, and these tables."""
    with duckdb.connect(str(path)) as connection:
        for statement in (META, *statements):
            connection.execute(statement)
    return path


def persons(groups: Iterable[tuple[int, str]]) -> str:
    """SQL that adds persons: how many, and their values after the identifier, as SQL."""
    parts = [
        f"select 'SECRET' || {number} || '_' || i, {values} from range({n}) as t(i)"
        for number, (n, values) in enumerate(groups)
    ]
    return f"{PERSONS} insert into marts.person_made {' union all '.join(parts)};"


def specification(**keys: object) -> dict[str, object]:
    """A specification of the persons, with other keys where given; None leaves a key out."""
    made: dict[str, object] = {
        "name": "made",
        "title": "Persons",
        "population": "All persons",
        "mart": "person_made",
        "rows": ["cohort"],
        "columns": ["level"],
        "measures": ["count"],
    }
    return {key: value for key, value in (made | keys).items() if value is not None}
