"""This warehouse: warehouse.py EXTRACTS, or with its tests: warehouse.py EXTRACTS --tested."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[4]
DATABASE = Path("warehouse.duckdb").absolute()
# Stays between runs, as in a project folder, so that dbt reads only the files that changed.
DBT_TARGET = DATABASE.parents[1] / "dbt"


def run(*command: object) -> None:
    environment = os.environ | {"WAREHOUSE_DB": str(DATABASE)}
    subprocess.run([sys.executable, *map(str, command)], check=True, env=environment)


def main(extracts: str, is_tested: bool) -> None:
    scripts = PROJECT / "scripts"
    if is_tested:
        run(scripts / "build.py", extracts, "--database", DATABASE)
    else:
        run(scripts / "load.py", extracts, "--database", DATABASE)
        run(
            *("-m", "dbt.cli.main", "--quiet", "build", "--project-dir", PROJECT),
            *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
            *("--profiles-dir", PROJECT / "profiles"),
            *("--target-path", DBT_TARGET, "--log-path", Path("logs").absolute()),
        )
    with duckdb.connect(str(DATABASE), read_only=True) as warehouse:
        warehouse.execute(
            "copy (select pupil_id, cast(highest_intervention as varchar) as highest_intervention"
            " from marts.person_highest_intervention) to 'answer.parquet' (format parquet)"
        )


if __name__ == "__main__":
    main(sys.argv[1], "--tested" in sys.argv)
