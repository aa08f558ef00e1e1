"""A build sends SQL that an earlier build made, so the SQL must not depend on what tables hold."""

from __future__ import annotations

import re

from commands import PROJECT_DIR

ASKS = re.compile(r"run_query|load_result|call statement|get_columns_in_relation|get_relation\b")

# Each was read: it asks for no row of a table, or for a file whose hash is part of the name of the
# kept SQL.
READ = {
    "macros/engine/built_columns.sql": "columns, which only the project decides",
    "macros/engine/create_function.sql": "makes functions of the project",
    "macros/engine/forget_last_build.sql": "removes the record of an earlier build",
    "macros/engine/hand_over.sql": "makes views on Spark",
    "macros/engine/unit_tests.sql": "unit tests, which a build leaves out",
    "macros/reading/reading_functions.sql": "makes a schema",
    "macros/reading/staged_columns.sql": "columns, for unit tests",
    "macros/rules/own_covariates.sql": "the file of WAREHOUSE_AREA_COVARIATES",
    "tests/singular/example_queries_run.sql": "whether queries of the project can run",
}


def test_no_other_macro_asks_the_database_while_it_writes_sql() -> None:
    asking = {
        path.relative_to(PROJECT_DIR).as_posix()
        for folder in ("macros", "models", "tests/singular")
        for path in (PROJECT_DIR / folder).rglob("*.sql")
        if ASKS.search(path.read_text(encoding="utf-8"))
    }
    assert asking == set(READ)
