"""Values that went through a number, a time zone or a folder name before they were delivered."""

from __future__ import annotations

import datetime as dt
import os

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from loading_helpers import (
    DATASETS,
    PUPIL_HEADER,
    as_text,
    files_beside,
    header_of,
    parquet,
    query,
    rows_of,
    run_load,
    write_pupils,
)

from social_care_warehouse.console import UserError
from social_care_warehouse.loading import check_delivery, load_delivery

DAMAGED = [
    *("1.23457E+11", "1e+05", "1.2E17", "1,23457E+11", " 4.5e+012 ", "-1.5E+09"),
    *("1.23457D+11", '="1.23457E+11"', "1.23457E 11"),
]  # fmt: skip
# Real references have letters and digits in any order.
SOUND = ["1E5", "E5", "12E7A", "1000", "123E45", "1e", "+1", "a1.5E+09", "12D7", "0x1E5"]


def pupils(identifiers: list[str]) -> list[tuple[str, str, str]]:
    return [(identifier, f"M{i}", "2000") for i, identifier in enumerate(identifiers)]


@pytest.mark.parametrize("form", ["text", "parquet"])
def test_a_file_of_damaged_identifiers_is_refused(extracts, database, form) -> None:
    rows = pupils([*DAMAGED, "", "NULL", "P1"])
    if form == "text":
        write_pupils(extracts, "x.csv", rows)
    else:
        (extracts / "x.parquet").write_bytes(parquet(PUPIL_HEADER, rows))
    with pytest.raises(UserError) as refused:
        load_delivery(extracts, database)
    said = str(refused.value)
    assert "9 of 10 values of PupilMatchingRefAnonymous" in said
    assert "--allow-rejected" in said
    assert not any(value in said for value in DAMAGED)
    assert files_beside(database) == []
    assert check_delivery(extracts).problems == [said]
    load_delivery(extracts, database, allow_rejected=True)
    stored = query(
        database, "select PupilMatchingRefAnonymous from raw.population order by _source_row"
    )
    assert stored == [(row[0],) for row in rows]


def test_some_damaged_identifiers_are_counted_first_of_all(extracts, database) -> None:
    write_pupils(extracts, rows=pupils([*DAMAGED, *SOUND]))
    result = load_delivery(extracts, database)
    counted = "9 of 19 values of PupilMatchingRefAnonymous in pupils.csv are numbers that lost"
    assert counted in result.remarks[0]
    assert counted in run_load(extracts, "--check").stdout
    assert query(database, "select count(*) from raw.population") == [(19,)]


def test_sound_identifiers_are_not_damaged(extracts, database) -> None:
    write_pupils(extracts, rows=pupils(SOUND))
    assert not any("lost" in remark for remark in load_delivery(extracts, database).remarks)


@pytest.mark.parametrize(
    ("type_", "values", "texts"),
    [
        (pa.float64(), [1000.0, None, 2.0**53 - 1], ["1000", None, "9007199254740991"]),
        (pa.float64(), [7.0, 8.0, 2.0**53], ["7", "8", "9.0071992547409920e+15"]),
        (pa.float64(), [7.0, 8.0, 123456789012345678.0], ["7", "8", "1.2345678901234568e+17"]),
        (pa.float64(), [7.5, 0.0, -1.0], ["7.5", "0", "-1"]),
        (pa.float32(), [16777215.0, 1.0, 16777216.0], ["16777215", "1", "1.6777216000000000e+07"]),
        (pa.int64(), [2**53 + 1, 1, 2**62], ["9007199254740993", "1", str(2**62)]),
        (pa.binary(), [b"p\xc3\xa9", b"\xff", None], ["p\u00e9", "\\xFF", None]),
        (pa.large_string(), ["a", "", " "], ["a", "", " "]),
        (pa.dictionary(pa.int8(), pa.string()), ["a", None, "b"], ["a", None, "b"]),
    ],
)
def test_typed_identifiers_in_parquet(extracts, database, type_, values, texts) -> None:
    array = (
        pa.array(values, pa.string()).dictionary_encode()
        if "dict" in str(type_)
        else (pa.array(values, type_))
    )
    table = pa.table({"PupilMatchingRefAnonymous": array, "MoJUID": ["a", "b", "c"]})
    pq.write_table(table, extracts / "x.parquet")
    load_delivery(extracts, database)
    stored = query(
        database, "select PupilMatchingRefAnonymous from raw.population order by _source_row"
    )
    assert [row[0] for row in stored] == texts


def test_parquet_identifiers_that_are_not_exact_are_refused(extracts, database) -> None:
    table = pa.table({"PupilMatchingRefAnonymous": [1e17, 2e17, 3.0], "MoJUID": ["a", "b", "c"]})
    pq.write_table(table, extracts / "x.parquet")
    with pytest.raises(UserError, match="2 of 3 values of PupilMatchingRefAnonymous"):
        load_delivery(extracts, database)


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "America/Los_Angeles", "Asia/Tokyo"])
@pytest.mark.parametrize("is_old", [False, True])
def test_times_with_a_zone_are_dates_of_london(tmp_path, extracts, zone, is_old) -> None:
    header = header_of("cla")
    columns = dict(zip(header, map(list, zip(*rows_of(header, 3), strict=True)), strict=True))
    # Midnight in London, in summer, in winter, and on the last night of summer time.
    instants = [
        dt.datetime(2011, 4, 30, 23, tzinfo=dt.UTC),
        dt.datetime(2011, 12, 1, tzinfo=dt.UTC),
        dt.datetime(2011, 10, 29, 23, tzinfo=dt.UTC),
    ]
    columns["CLA_DATE_EPI_COMM"] = pa.array(instants, pa.timestamp("us", "UTC"))
    naive = [dt.datetime(2011, 5, 1), dt.datetime(2011, 12, 1), dt.datetime(2011, 10, 30)]
    columns["CLA_POC_START"] = pa.array([day.date() for day in naive])
    pq.write_table(
        pa.table(columns), extracts / "cla.parquet", use_deprecated_int96_timestamps=is_old
    )
    database = tmp_path / "w.duckdb"
    run = run_load(extracts, "--database", database, TZ=zone)
    assert run.returncode == 0, run.stderr
    stored = query(
        database, "select CLA_DATE_EPI_COMM, CLA_POC_START from raw.cla order by _source_row"
    )
    assert [row[0][:10] for row in stored] == ["2011-05-01", "2011-12-01", "2011-10-30"]
    assert [row[1] for row in stored] == ["2011-05-01", "2011-12-01", "2011-10-30"]


@pytest.mark.parametrize("form", ["text", "parquet"])
@pytest.mark.parametrize("folder", ["PupilMatchingRefAnonymous=CHILD5", "cell_1=7", "MoJUID=7"])
def test_a_folder_name_is_never_a_value(tmp_path, database, folder, form) -> None:
    extracts = tmp_path / folder / "CLA_REC=E4"
    extracts.mkdir(parents=True)
    rows = [("p0", "m0", "2000"), ("p1", "m1", "2001")]
    if form == "text":
        write_pupils(extracts, "p.csv", rows)
    else:
        (extracts / "p.parquet").write_bytes(parquet(PUPIL_HEADER, rows))
    load_delivery(extracts, database)
    stored = query(
        database,
        "select PupilMatchingRefAnonymous, MoJUID, YearOfBirth from raw.population order by 1",
    )
    assert stored == rows
    assert check_delivery(extracts).can_be_loaded


@pytest.mark.skipif(os.name != "posix", reason="names that Windows does not allow")
@pytest.mark.parametrize(
    "name",
    ["a\\*", "a\\b", "{a,b}[c]?", "back\\", "new\nline", b"\xff".decode("utf8", "surrogateescape")],
)
@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "parquet"])
def test_any_file_name_can_be_loaded(extracts, database, name, suffix) -> None:
    import gzip  # noqa: PLC0415

    data = as_text(PUPIL_HEADER, [("p", "m", "2000")]).encode()
    path = extracts / f"{name}.{suffix}"
    contents = {
        "csv": data,
        "csv.gz": gzip.compress(data),
        "parquet": parquet(PUPIL_HEADER, [("p", "m", "2000")]),
    }
    path.write_bytes(contents[suffix])
    assert check_delivery(extracts).can_be_loaded
    load_delivery(extracts, database)
    assert query(database, "select MoJUID from raw.population") == [("m",)]


def cla_with(column: str, values: list[str]) -> str:
    """Rows of children looked after, all readable except for one column."""
    header = header_of("cla", required_only=True)
    good = {
        "CLA_ACADYR": "2011/2012", "CLA_PROCESSING_YEAR": "2012", "CLA_POC_START": "2011-05-01",
        "CLA_CLA_31_MARCH": "1", "CLA_POC_LENGTH": "30", "CLA_DATE_EPI_COMM": "2011-05-01",
        "CLA_DATE_EPI_CEASED": "",
    }  # fmt: skip
    rows = [
        [value if name == column else good.get(name, f"x{i}") for name in header]
        for i, value in enumerate(values)
    ]
    return as_text(header, rows)


UNREADABLE = {
    "numbers of days": ("CLA_DATE_EPI_COMM", ["40664", "40665", ""]),
    "two-digit years": ("CLA_DATE_EPI_COMM", ["01/05/11", "02/05/11"]),
    "flags": ("CLA_CLA_31_MARCH", ["2", "3"]),
    "academic years": ("CLA_ACADYR", ["11/12", "11/12"]),
    "lengths": ("CLA_POC_LENGTH", ["4 weeks", "2 weeks"]),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_check_reports_a_column_that_cannot_be_read(extracts, kind) -> None:
    column, values = UNREADABLE[kind]
    (extracts / "cla.csv").write_text(cla_with(column, values))
    check = check_delivery(extracts)
    assert check.can_be_loaded
    warnings = [said for said in check.warnings() if said.startswith("Unreadable")]
    assert len(warnings) == 1
    assert f"2 of 2 values of {column} in cla.csv" in warnings[0]


def test_a_check_reports_dates_with_the_month_first(extracts) -> None:
    values = ["05/13/2011", "05/01/2011", "06/02/2011", "12/31/2011"]
    (extracts / "cla.csv").write_text(cla_with("CLA_DATE_EPI_COMM", values))
    warnings = [said for said in check_delivery(extracts).warnings() if "month first" in said]
    assert len(warnings) == 1
    assert "2 values of CLA_DATE_EPI_COMM in cla.csv" in warnings[0]


def test_readable_columns_are_not_reported(extracts) -> None:
    values = [
        *("2011-05-01", "01/05/2011", "31/12/2011", "01APR2005", "01-Apr-2005", "20110501"),
        *("2011-05-01T00:00:00Z", "1may2011 00:00:00", "May  1 2011 12:00AM", "NULL", "nan", "."),
    ]
    (extracts / "cla.csv").write_text(cla_with("CLA_DATE_EPI_COMM", values))
    assert [said for said in check_delivery(extracts).warnings() if "cla.csv" in said] == []


def test_a_check_reports_dates_with_the_day_before_the_month(extracts) -> None:
    values = ["2011-13-05", "2011-05-01", "'05/13/2011", "2011-31-12 00:00:00"]
    (extracts / "cla.csv").write_text(cla_with("CLA_DATE_EPI_COMM", values))
    warnings = [said for said in check_delivery(extracts).warnings() if "month first" in said]
    assert len(warnings) == 1
    assert "3 values of CLA_DATE_EPI_COMM in cla.csv" in warnings[0]


@pytest.mark.parametrize("time", ["23:00", "23:00:00", "23:00:00.000", "11:00:00 PM", "11:00pm"])
def test_a_check_reports_midnights_of_summer_in_utc(extracts, time) -> None:
    values = [f"2011-04-30 {time}", f"30/04/2011 {time}", "2011-04-30 22:00", "2011-01-01 00:00"]
    (extracts / "cla.csv").write_text(cla_with("CLA_DATE_EPI_COMM", values))
    warnings = [said for said in check_delivery(extracts).warnings() if "23:00" in said]
    assert len(warnings) == 1
    assert "2 values of CLA_DATE_EPI_COMM in cla.csv" in warnings[0]


def test_quotes_around_values_are_not_reported(extracts) -> None:
    header = header_of("cla", required_only=True)
    text = cla_with("CLA_REC", ["E4", "E4"])
    lines = [line.split(",") for line in text.splitlines()[1:]]
    for form in ('="{}"', "'{}", "'{}'", "b'{}'", '"{}"', "{}\t"):
        rows = [[form.format(cell) for cell in line] for line in lines]
        (extracts / "cla.csv").write_text(as_text(header, rows))
        assert [said for said in check_delivery(extracts).warnings() if "cla.csv" in said] == []


@pytest.mark.parametrize("form", ["{}", "{:,}", '="{}"'])
def test_identifiers_that_a_spreadsheet_cut_are_reported(extracts, database, form) -> None:
    cut = [form.format(123456789012345000 + 1000 * number) for number in range(10)]
    write_pupils(extracts, rows=pupils(cut))
    (said,) = (said for said in load_delivery(extracts, database).warnings() if "cut" in said)
    assert "10 of 10 long values of PupilMatchingRefAnonymous in pupils.csv" in said
    assert said in list(check_delivery(extracts).warnings())


def test_long_identifiers_are_not_reported(extracts) -> None:
    whole = [str(123456789012345678 + 333 * number) for number in range(10)]
    others = [f"A{123456789012345000 + number}" for number in range(10)]
    write_pupils(extracts, rows=pupils([*whole, *others, "1000", "12345678901234500"]))
    assert not [said for said in check_delivery(extracts).warnings() if "cut" in said]


@pytest.mark.parametrize(
    ("dataset", "column", "n_alike", "n_others", "is_reported"),
    [
        ("cin", "CIN_PupilMatchingRefAnonymous", 20, 380, True),
        ("cin", "CIN_PupilMatchingRefAnonymous", 19, 1, False),
        ("cin", "CIN_PupilMatchingRefAnonymous", 20, 381, False),
        ("cin", "CIN_PupilMatchingRefAnonymous", 200, 39_800, True),
        ("cin", "CIN_PupilMatchingRefAnonymous", 200, 39_801, False),
        ("offence", "MoJUID", 100, 1900, True),
        ("offence", "MoJUID", 99, 1, False),
        ("offence", "CaseID", 200, 100, False),
        ("cin", "MoJUID", 200, 100, False),
    ],
)
def test_a_check_reports_an_identifier_on_too_many_rows(  # noqa: PLR0913, PLR0917
    extracts, dataset, column, n_alike, n_others, is_reported
) -> None:
    """The thresholds are those of rule R160, which the build applies to all rows of a dataset."""
    header = [column, *(name for name in header_of(dataset) if name != column)][:30]
    identifiers = [*["NOBODY1"] * n_alike, *(f"P{number}" for number in range(n_others))]
    rows = [
        [identifier, *[f"x{number}"] * (len(header) - 1)]
        for number, identifier in enumerate(identifiers)
    ]
    (extracts / "x.csv").write_text(as_text(header, rows))
    said = [said for said in check_delivery(extracts).warnings() if "Placeholder" in said]
    assert len(said) == is_reported
    assert all(f"{column} in x.csv is on {n_alike:,} of {n_alike + n_others:,}" in s for s in said)
    assert "NOBODY1" not in "".join(said)


@pytest.mark.parametrize("n_notes", [0, 2])
def test_notes_below_a_table_are_reported(extracts, database, n_notes) -> None:
    header = header_of("cla", required_only=True)
    notes = [["Source: made up", *[""] * (len(header) - 1)]] * n_notes
    blanks = [[""] * len(header)] * 3
    (extracts / "cla.csv").write_text(
        cla_with("CLA_REC", ["E4"] * 9) + as_text(header, [*blanks, *notes]).split("\n", 1)[1]
    )
    said = [said for said in load_delivery(extracts, database).warnings() if "Lone" in said]
    assert said == [said for said in check_delivery(extracts).warnings() if "Lone" in said]
    assert len(said) == bool(n_notes)
    assert all("2 lines of cla.csv" in one for one in said)


def test_pupils_of_whom_nothing_is_known_are_no_notes(extracts) -> None:
    header = [*PUPIL_HEADER, "MonthOfBirth", "Gender"]
    (extracts / "x.csv").write_text(as_text(header, [["P1", "", "", "", ""]] * 5))
    assert not [said for said in check_delivery(extracts).warnings() if "Lone" in said]


@pytest.mark.parametrize(("n_rows", "is_reported"), [(65_534, False), (65_535, True)])
def test_a_file_that_fills_a_sheet_is_reported(extracts, n_rows, is_reported) -> None:
    write_pupils(extracts, rows=[(f"P{number}", "", "") for number in range(n_rows)])
    said = [said for said in check_delivery(extracts).warnings() if "Cut off" in said]
    assert len(said) == is_reported


@pytest.mark.parametrize("type_", [pa.list_(pa.string()), pa.struct([("id", pa.string())])])
def test_lists_and_records_in_a_known_column_are_refused(extracts, database, type_) -> None:
    values = [["P1"]] if pa.types.is_list(type_) else [{"id": "P1"}]
    table = {PUPIL_HEADER[0]: pa.array(values, type_), PUPIL_HEADER[1]: pa.array(["M1"])}
    pq.write_table(pa.table(table), extracts / "x.parquet")
    with pytest.raises(UserError, match="holds lists or records") as refused:
        load_delivery(extracts, database)
    assert check_delivery(extracts).problems == [str(refused.value)]


@pytest.mark.parametrize("kind", ["labels", "types"])
def test_a_second_header_of_words_is_reported(extracts, database, kind) -> None:
    header = header_of("cla", required_only=True)
    types = {"date": "date", "flag": "bit", "years": "char(9)"}
    words = {
        "labels": [f"Label of the {name.lower()}" for name in header],
        "types": [types.get(DATASETS["cla"].kinds.get(name, ""), "int") for name in header],
    }
    text = cla_with("CLA_REC", ["E4"] * 9)
    (extracts / "cla.csv").write_text(as_text(header, [words[kind]]) + text.split("\n", 1)[1])
    for read in (load_delivery(extracts, database), check_delivery(extracts)):
        said = [said for said in read.warnings() if "Labels" in said]
        assert len(said) == 1
        assert "1 line of cla.csv" in said[0]


def test_a_check_reports_a_line_of_labels(extracts) -> None:
    header = header_of("cla", required_only=True)
    labels = as_text(header, [[f"Label of the {name.lower()}" for name in header]])
    text = cla_with("CLA_REC", ["E4"])
    (extracts / "cla.csv").write_text(labels + text.split("\n", 1)[1])
    warnings = [said for said in check_delivery(extracts).warnings() if "Labels" in said]
    assert len(warnings) == 1
    assert "1 line of cla.csv" in warnings[0]
