"""Synthetic extracts after 2018: authorities, columns and codes that changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from outcome_file_queries import columns, rows


@pytest.mark.parametrize(
    ("year", "gone", "there"),
    [
        (2019, {"838", "839"}, {"835", "837"}),
        (2020, {"835", "836", "837"}, {"838", "839"}),
        (2021, {"940", "941"}, {"928"}),
        (2022, {"928"}, {"940", "941"}),
        (2023, {"942", "943"}, {"909"}),
        (2024, {"909"}, {"942", "943"}),
    ],
)
def test_authorities_replace_others_in_their_year(
    later_files: Path, year: int, gone: set[str], there: set[str]
) -> None:
    suffix = f"{year % 100:02}"
    census = f"read_csv('{{}}/Spring_Census_{year}.csv', all_varchar = true)"
    codes = {
        code
        for (code,) in rows(
            later_files,
            f"select HomeLA_SPR{suffix} from {census}"
            f" union select LA_SPR{suffix} from {census}"
            " union select CIN_LA from read_csv('{}/CIN_*.csv', all_varchar = true)"
            f" where CIN_ACADYR = '{year - 1}/{year}'",
        )
    }
    assert there <= codes
    assert not gone & codes


def test_later_years_have_their_columns_and_codes(later_files: Path) -> None:
    assert not (later_files / "Absence_2020_3Term.csv").exists()
    assert (later_files / "Absence_2025_3Term.csv").exists()
    assert {"Reason_A_1_ex22", "Reason_C_40_ex22"} <= set(
        columns(later_files / "Exclusions_2022_Table3.csv")
    )
    assert rows(
        later_files,
        "select distinct trim(upper(Category_1_ex22)) from"
        " read_csv('{}/Exclusions_2022_Table3.csv', all_varchar = true)"
        " where upper(Category_1_ex22) like '%SU%'",
    ) == [("SUSP",)]
    last = rows(
        later_files,
        "select max(CLA_PROCESSING_YEAR::integer)"
        " from read_csv('{}/CLA_2006_to_2025.csv', all_varchar = true)",
    )
    assert last == [(2025,)]


def test_table_1_comes_besides_table_3(later_files: Path) -> None:
    """Each exclusion of the year once, and further permanent ones marked as duplicates."""
    for year in (2014, 2015, 2016, 2022):
        yy = year % 100
        in_table_1 = rows(
            later_files,
            f"select count(distinct (PupilMatchingRefAnonymous_ex{yy}, StartDate_ex{yy}))"
            f" from read_csv('{{}}/Exclusions_{year}_Table1.csv', all_varchar = true)"
            f" where Category_ex{yy} in ('FIXD', 'SUSP')",
        )
        in_table_3 = rows(
            later_files,
            f"select sum(n::integer) from (select distinct"
            f" PupilMatchingRefAnonymous_ex{yy}, TotalFixedExclusions_ex{yy} as n"
            f" from read_csv('{{}}/Exclusions_{year}_Table3.csv', all_varchar = true))",
        )
        # A few totals have a fault, and two exclusions may begin on one day.
        assert in_table_1[0][0] > 30
        assert in_table_1[0][0] == pytest.approx(in_table_3[0][0], abs=6)
    assert {"Reason_ex14", "Perm_Duplicate_ex14"} <= set(
        columns(later_files / "Exclusions_2014_Table1.csv")
    )
    assert {"Reason_A_ex22", "Reason_C_ex22"} <= set(
        columns(later_files / "Exclusions_2022_Table1.csv")
    )


def test_a_pupil_can_have_more_exclusions_than_the_file_has_groups(later_files: Path) -> None:
    n_full = 0
    for year in range(2007, 2026):
        yy, groups = f"{year % 100:02}", 39 if year == 2010 else 40
        found = rows(
            later_files,
            f"select count(*), count(Category_{groups}_ex{yy})"
            f" from read_csv('{{}}/Exclusions_{year}_Table3.csv', all_varchar = true)"
            f" where TotalFixedExclusions_ex{yy}::integer > 40",
        )
        assert found[0][0] == found[0][1]
        n_full += found[0][0]
    assert n_full > 0
