"""Which columns a delivery fills, whatever the form of its files."""

from __future__ import annotations

import csv
import gzip
import hashlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from loading_helpers import (
    DATASETS,
    PUPIL_HEADER,
    PUPILS,
    PUPILS_TEXT,
    as_text,
    delivered_rows,
    header_of,
    parquet,
    put,
    query,
    rows_of,
    write_seed,
)

from social_care_warehouse.loading import load_delivery


def test_every_dataset_of_the_seed_has_its_table(extracts, database):
    put(extracts, "a.csv", header_of("cla"))
    result = load_delivery(extracts, database)
    tables = {row[0] for row in query(database, "select table_name from duckdb_tables()")}
    assert tables == {*DATASETS, "load_files", "unused_files", "rejected_lines"}
    assert result.not_delivered == tuple(name for name in DATASETS if name != "cla")
    for name, dataset in DATASETS.items():
        columns = query(database, f"select column_name, column_type from (describe raw.{name})")
        assert [column for column, _ in columns] == [
            *dataset.columns,
            *(["_suffix_year"] if dataset.has_year else []),
            "_source_file",
            "_source_line",
            "_source_row",
            "_loaded_at",
        ]
        kinds = dict(columns)
        assert kinds.pop("_suffix_year", "INTEGER") == "INTEGER"
        assert {kind for _, kind in [*kinds.items()][:-3]} == {"VARCHAR"}
        assert [kind for _, kind in columns[-3:]] == ["BIGINT", "BIGINT", "TIMESTAMP"]


def test_a_new_dataset_needs_only_rows_in_the_seed(tmp_path, extracts, database):
    put(extracts, "any name.txt", ["PupilRef", "Visit-ID", "Room"], delimiter="\t")
    load_delivery(extracts, database, aliases=write_seed(tmp_path))
    columns = [row[0] for row in query(database, "describe raw.visit")]
    assert columns[:4] == ["visit_id", "pupil_id", "note", "Room"]
    assert delivered_rows(database, "visit")[0] == ("v0_1", "v0_0", None, "v0_2")


def test_optional_columns_not_delivered_are_null_and_unused_ones_are_kept(extracts, database):
    header = [*header_of("cin", required_only=True), "Extra Note", "", "rowid", "extra note"]
    put(extracts, "cin.csv", header)
    result = load_delivery(extracts, database)
    columns = [row[0] for row in query(database, "describe raw.cin")]
    n_known = len(DATASETS["cin"].columns)
    position = len(header) - 2
    assert columns[n_known:-4] == [
        "Extra Note",
        f"column_{position}",
        "rowid_2",
        "extra note_2",
    ]
    first = dict(zip(columns, query(database, "from raw.cin order by _source_row")[0], strict=True))
    assert first["CIN_LA"] is None
    assert first["MoJUID"] == "v0_0"
    assert first["extra note_2"] == f"v0_{len(header) - 1}"
    assert first["_source_line"] == 2
    assert result.files[0].unused_columns == (
        "Extra Note",
        f"column {position}",
        "rowid",
        "extra note",
    )
    unused_columns = query(database, "select unused_columns from raw.load_files")[0][0]
    assert unused_columns == f"Extra Note, column {position}, rowid, extra note"


PUPILS_TABBED = as_text(PUPIL_HEADER, PUPILS, delimiter="\t")
PUPILS_CRLF = as_text(PUPIL_HEADER, PUPILS, line_end="\r\n")
PUPILS_QUOTED = as_text(PUPIL_HEADER, PUPILS, quoting=csv.QUOTE_ALL)
PUPILS_EXCEL = as_text(PUPIL_HEADER, PUPILS, quoting=csv.QUOTE_ALL, delimiter="\t", line_end="\r\n")
OTHER_NAMES = [" pupil_matching.ref Anonymous", "moj_uid ", "Year.Of.Birth"]

# The same rows in every form in which they may be delivered.
FORMS = {
    "comma": ("p.csv", PUPILS_TEXT.encode()),
    "tab": ("p.txt", PUPILS_TABBED.encode()),
    "tsv": ("P.TSV", PUPILS_TABBED.encode()),
    "gzip": ("p.csv.gz", gzip.compress(PUPILS_TEXT.encode())),
    "gzip in two parts": (
        "p.txt.gz",
        gzip.compress(PUPILS_TEXT[:40].encode()) + gzip.compress(PUPILS_TEXT[40:].encode()),
    ),
    "gzip that does not say so": ("p.csv", gzip.compress(PUPILS_TEXT.encode())),
    "byte order mark": ("p.csv", PUPILS_TEXT.encode("utf-8-sig")),
    "crlf": ("p.csv", PUPILS_CRLF.encode()),
    "quoted": ("p.csv", PUPILS_QUOTED.encode()),
    "mark, tab, crlf, quoted": ("p.csv", PUPILS_EXCEL.encode("utf-8-sig")),
    "utf-16": ("p.csv", PUPILS_TEXT.encode("utf-16")),
    "upper case": ("p.csv", as_text([name.upper() for name in PUPIL_HEADER], PUPILS).encode()),
    "other names": ("p.csv", as_text(OTHER_NAMES, PUPILS).encode()),
    "unusual file name": ("p [1]* ' {a,b}?.csv", PUPILS_TEXT.encode()),
    "parquet": ("p.parquet", parquet(PUPIL_HEADER, PUPILS)),
}


@pytest.mark.parametrize("is_link", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_a_file_does_not_matter(tmp_path, extracts, database, form, is_link):
    name, content = FORMS[form]
    if is_link:
        (tmp_path / "elsewhere").write_bytes(content)
        (extracts / name).symlink_to(tmp_path / "elsewhere")
    else:
        (extracts / name).write_bytes(content)
    load_delivery(extracts, database)
    empty = (None,) * (len(DATASETS["population"].columns) - len(PUPIL_HEADER))
    assert delivered_rows(database, "population") == [row + empty for row in PUPILS]
    lines = query(database, "select _source_line, _source_row from raw.population order by 2")
    has_lines = form != "parquet"
    assert lines == [(row + 1 if has_lines else None, row) for row in (1, 2, 3)]
    counts = query(database, "select lines, rows_loaded, rows_rejected from raw.load_files")
    assert counts == [(3, 3, 0)]


def test_parquet_values_become_text_and_null_stays_null(extracts, database):
    table = pa.table(
        {
            "file_row_number": [9, None],
            "PupilMatchingRefAnonymous": ["A", None],
            "MoJUID": pa.array([b"\x00\xff", b"m"]),
            "YearOfBirth": [1999, 2000],
            "Nested": [{"a": 1}, None],
        }
    )
    pq.write_table(table, extracts / "p.parquet")
    load_delivery(extracts, database)
    rows = query(
        database,
        'select PupilMatchingRefAnonymous, YearOfBirth, file_row_number, "Nested", _source_row '
        "from raw.population order by _source_row",
    )
    assert rows == [("A", "1999", "9", "{'a': 1}", 1), (None, "2000", None, None, 2)]


def test_several_files_are_one_dataset(extracts, database):
    header = header_of("cla")
    for year in (2006, 2007, 2008):
        put(extracts, f"CLA_{year}.csv", header, [[f"{year}_{i}" for i in range(len(header))]] * 2)
    columns = list(zip(*rows_of(header), strict=True))
    pq.write_table(pa.table([pa.array(c) for c in columns], names=header), extracts / "z.parquet")
    load_delivery(extracts, database)
    found = query(
        database,
        "select _source_file, count(*), min(_source_row), max(_source_row), max(_source_line) "
        "from raw.cla group by all order by all",
    )
    assert found == [
        ("CLA_2006.csv", 2, 1, 2, 3),
        ("CLA_2007.csv", 2, 1, 2, 3),
        ("CLA_2008.csv", 2, 1, 2, 3),
        ("z.parquet", 3, 1, 3, None),
    ]
    assert len(query(database, "select distinct _loaded_at from raw.cla")) == 1


def test_the_order_of_columns_in_other_files_does_not_matter(extracts, database):
    put(extracts, "a.csv", [*PUPIL_HEADER, "Foo Bar"], [["1", "2", "3", "4"]])
    put(extracts, "b.csv", ["foo_bar", *reversed(PUPIL_HEADER)], [["4", "3", "2", "1"]])
    load_delivery(extracts, database)
    rows = query(
        database, 'select PupilMatchingRefAnonymous, MoJUID, "Foo Bar" from raw.population'
    )
    assert rows == [("1", "2", "4")] * 2


def test_different_columns_are_loaded_by_name_when_asked_for(extracts, database):
    put(extracts, "a.csv", [*PUPIL_HEADER, "X"], [["1", "2", "3", "x"]])
    put(extracts, "b.csv", [*PUPIL_HEADER[:2], "Y"], [["4", "5", "y"]])
    load_delivery(extracts, database, fill_missing_columns=True)
    rows = query(database, "select MoJUID, YearOfBirth, X, Y from raw.population order by 1")
    assert rows == [("2", "3", "x", None), ("5", None, None, "y")]


def test_accounts(extracts, database):
    text = as_text(PUPIL_HEADER, PUPILS) + "\n4,5\n\n7,8,9\n"
    data = gzip.compress(text.encode())
    (extracts / "p.csv.gz").write_bytes(data)
    result = load_delivery(extracts, database)
    digest = hashlib.sha256(data).hexdigest()
    row = query(
        database,
        "select file_name, dataset, format, delimiter, encoding, is_compressed, bytes, lines, "
        "blank_lines, rows_loaded, rows_rejected, unused_columns from raw.load_files",
    )[0]
    assert row == ("p.csv.gz", "population", "csv", ",", "utf-8", True, len(data), 5, 2, 4, 1, "")
    assert query(database, "select sha256 from raw.load_files") == [(digest,)]
    assert result.rejected == {("population", "too few columns"): 1}
    rejected = query(database, "select dataset, _source_file, _source_line from raw.rejected_lines")
    assert rejected == [("population", "p.csv.gz", 6)]
    assert query(database, "select max(_source_line) from raw.population") == [(8,)]
