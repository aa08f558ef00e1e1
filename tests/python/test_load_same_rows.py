"""Rows that are delivered twice, in two files of any form, are reported."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from loading_helpers import query

from social_care_warehouse.loading import load_delivery
from social_care_warehouse.loading.check import check_delivery

HEADER = "PupilMatchingRefAnonymous,MoJUID,YearOfBirth,MonthOfBirth,Note"
ROWS = [f"P{number},M{number},{1990 + number % 9},,2011-05-01" for number in range(20)]
TEXT = "\n".join([HEADER, *ROWS, ""])


def other_columns() -> str:
    """The same cells in another order of columns and rows."""
    lines = [line.split(",")[::-1] for line in (HEADER, *ROWS[::-1])]
    return "".join(",".join(line) + "\n" for line in lines)


def typed_parquet() -> bytes:
    """What a program makes of the text: numbers with decimals, times, NULL."""
    columns = list(zip(*(row.split(",") for row in ROWS), strict=True))
    table = pa.table(
        {
            "PupilMatchingRefAnonymous": pa.array(columns[0]),
            "MoJUID": pa.array(columns[1]),
            "YearOfBirth": pa.array([float(year) for year in columns[2]]),
            "MonthOfBirth": pa.nulls(len(ROWS), pa.float64()),
            "Note": pa.array([1304208000] * len(ROWS), pa.timestamp("s")),
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


FORMS = {
    "mark.csv": b"\xef\xbb\xbf" + TEXT.encode(),
    "windows.csv": TEXT.replace("\n", "\r\n").encode(),
    "packed.csv.gz": gzip.compress(TEXT.replace("\n", "\r\n").encode()),
    "tabs.txt": TEXT.replace(",", "\t").encode(),
    "wide.csv": TEXT.encode("utf-16"),
    "quoted.csv": TEXT.replace("P1,", '"P1",').encode(),
    "other columns.csv": other_columns().encode(),
    "typed.parquet": typed_parquet(),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_same_rows_in_another_form_are_reported(extracts, database, name) -> None:
    (extracts / "first.csv").write_text(TEXT, newline="")
    (extracts / name).write_bytes(FORMS[name])
    names = sorted([name, "first.csv"])
    sentence = (
        f"Same rows twice: {names[0]} and {names[1]} hold the same 20 rows of population. Remove"
        " one of them from the folder: rows that are delivered twice can count twice."
    )
    assert next(iter(check_delivery(extracts).warnings())) == sentence
    assert load_delivery(extracts, database).remarks[0] == sentence
    accounts = query(database, "select file_name, same_rows_as from raw.load_files order by 1")
    assert accounts == [(names[0], None), (names[1], names[0])]


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("P7,", "Q7,"),
        TEXT.replace("P7,M7", "P7,M8"),
        TEXT.replace(ROWS[3], ROWS[4]),
        TEXT + "P20,M20,1990,1,\n",
        TEXT.replace("MonthOfBirth", "Gender"),
    ],
    ids=["pupil", "identifier", "copy", "longer", "column"],
)
def test_other_rows_are_not_the_same(extracts: Path, database: Path, other: str) -> None:
    (extracts / "first.csv").write_text(TEXT)
    (extracts / "second.csv").write_text(other)
    result = load_delivery(extracts, database, fill_missing_columns=True)
    assert not [remark for remark in result.remarks if remark.startswith("Same rows")]


def test_the_same_rows_of_another_year_are_not_the_same(extracts: Path, database: Path) -> None:
    for year in ("12", "13"):
        text = f"PupilMatchingRefAnonymous_SPR{year},AcademicYear_SPR{year},LA_SPR{year}\nP1,,301\n"
        (extracts / f"census{year}.csv").write_text(text)
    assert not load_delivery(extracts, database).same_rows
