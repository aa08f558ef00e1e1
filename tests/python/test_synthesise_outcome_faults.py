"""Synthetic schooling and offending: what makes the real files hard to read, and their faults."""

from __future__ import annotations

from pathlib import Path

import pytest
from outcome_file_queries import FAULTS, PNC, TRAPS, rows
from synthetic import PROJECT_DIR


def test_clean_has_no_faults_and_the_others_list_them(clean_files: Path, later_files: Path) -> None:
    assert rows(clean_files, "select count(*) from '{}/truth/outcome_dirty_row.parquet'") == [(0,)]
    settings = PROJECT_DIR / "scripts/social_care_warehouse/synthesis/settings/outcome_dirt.csv"
    common = rows(
        settings.parent,
        "select dataset || ' ' || kind from read_csv('{}/outcome_dirt.csv')"
        " where rate between 0.002 and 0.9 and dataset != 'exclusion_early' order by 1",
    )
    listed = rows(
        later_files,
        "select distinct dataset || ' ' || kind from '{}/truth/outcome_dirty_row.parquet'",
    )
    assert len(common) > 15
    assert set(common) <= set(listed)


def test_some_offend_after_the_death_that_social_care_recorded(later_files: Path) -> None:
    listed = rows(
        later_files,
        "select count(*) from '{}/truth/outcome_dirty_row.parquet' where kind = 'after_death'",
    )
    delivered = rows(later_files, f"select count(*) from {PNC} where caseid like 'DC%'")
    assert delivered == listed
    assert listed[0][0] > 0


@pytest.mark.parametrize("trap", TRAPS)
def test_what_makes_the_real_files_hard_to_read_is_there(clean_files: Path, trap: str) -> None:
    assert rows(clean_files, TRAPS[trap].replace("{{}}", "{}")) == [(True,)]


def count_faults(folder: Path, fault: str) -> int:
    """How many of these faults the files have, in all years that the query is made for."""
    first, last, query = FAULTS[fault]
    years = [
        year for year in range(first, last + 1) if (folder / f"Spring_Census_{year}.csv").exists()
    ]
    return sum(
        rows(folder, query.replace("{year}", str(year)).replace("{yy}", f"{year % 100:02}"))[0][0]
        for year in years
        if year != 2020 or "Absence" not in query
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_in_the_files_and_in_no_clean_ones(
    clean_files: Path, later_files: Path, fault: str
) -> None:
    assert count_faults(later_files, fault) > 0
    assert count_faults(clean_files, fault) == 0
