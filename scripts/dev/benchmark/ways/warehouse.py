"""This warehouse: warehouse.py EXTRACTS [--tested] [--social-care]: with tests, fewer marts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[4]
DATABASE = Path("warehouse.duckdb").absolute()
# Stays between runs, as in a project folder, so that dbt reads only the files that changed.
DBT_TARGET = DATABASE.parents[1] / "dbt"
# The marts that need no file of schools or offences.
SOCIAL_CARE = (
    *("person_highest_intervention", "person_year", "person_first_contact", "person_care_history"),
    *("person_placement", "care_episode", "period_of_care", "referral", "referral_factor"),
    *("cpp_agreement", "referral_only_agreement", "definition_sensitivity"),
)


def run(*command: object) -> None:
    environment = os.environ | {"WAREHOUSE_DB": str(DATABASE)}
    subprocess.run([sys.executable, *map(str, command)], check=True, env=environment)


def main(extracts: str, is_tested: bool, marts: Sequence[str]) -> None:
    scripts = PROJECT / "scripts"
    if is_tested:
        select = ("--select", *marts) if marts else ()
        run(scripts / "build.py", extracts, "--database", DATABASE, *select)
    else:
        select = ("--select", *(f"+{mart}" for mart in marts)) if marts else ()
        run(scripts / "load.py", extracts, "--database", DATABASE)
        run(
            *("-m", "dbt.cli.main", "--quiet", "build", "--project-dir", PROJECT),
            *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
            *select,
            *("--profiles-dir", PROJECT / "profiles"),
            *("--target-path", DBT_TARGET, "--log-path", Path("logs").absolute()),
        )
    with duckdb.connect(str(DATABASE), read_only=True) as warehouse:
        warehouse.execute(
            "copy (select pupil_id, cast(highest_intervention as varchar) as highest_intervention"
            " from marts.person_highest_intervention) to 'answer.parquet' (format parquet)"
        )


if __name__ == "__main__":
    main(sys.argv[1], "--tested" in sys.argv, SOCIAL_CARE if "--social-care" in sys.argv else ())
