"""Which file of a delivery is which dataset, and what is refused before anything is touched."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import shutil

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from loading_helpers import (
    DATASETS,
    PUPIL_HEADER,
    PUPILS,
    VISIT_SEED,
    as_text,
    delivered_rows,
    files_beside,
    header_of,
    query,
    rows_of,
    write_pupils,
    write_seed,
)

from social_care_warehouse.console import UserError
from social_care_warehouse.loading import load_delivery
from social_care_warehouse.loading.columns import best_fits, read_datasets


@pytest.fixture
def extracts(tmp_path):
    folder = tmp_path / "extracts"
    folder.mkdir()
    return folder


@pytest.fixture
def database(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "warehouse.duckdb"


def unused(database):
    return dict(query(database, "select file_name, reason from raw.unused_files"))


def put(folder, name, header, rows=None, **how):
    rows = rows_of(header) if rows is None else rows
    (folder / name).write_text(as_text(header, rows, **how), encoding="utf-8", newline="")


# What is loaded, and into which columns


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
            "_source_file",
            "_source_line",
            "_source_row",
            "_loaded_at",
        ]
        assert {kind for _, kind in columns[:-3]} == {"VARCHAR"}
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


def parquet(header, rows, **how):
    """The bytes of a Parquet file of text columns."""
    out = io.BytesIO()
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    pq.write_table(pa.table(columns, names=list(header)), out, **how)
    return out.getvalue()


PUPILS_TEXT = as_text(PUPIL_HEADER, PUPILS)
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
    "odd file name": ("p [1]* ' {a,b}?.csv", PUPILS_TEXT.encode()),
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


# What is not used


def test_other_files_are_listed_with_their_reason(extracts, database):
    write_pupils(extracts)
    (extracts / "old").mkdir()
    (extracts / "dir.csv").mkdir()
    write_pupils(extracts / "old", "more.csv")
    (extracts / "empty.csv").touch()
    (extracts / "blank.csv").write_text("\n\r\n")
    (extracts / "empty.parquet").touch()
    (extracts / "notes.txt").write_text("Dear researcher,\nhere are the files.\n")
    (extracts / "ks4.csv").write_text("KS4_ACADYR,KS4_Score\n2005/2006,1\n")
    (extracts / "guide.pdf").write_bytes(b"%PDF-1.4\n\0\0")
    (extracts / "zeros.csv").write_bytes(b"\0" * 1000)
    (extracts / "picture.csv").write_bytes(os.urandom(64).replace(b"\x1f", b"x") + b"\0,\0")
    (extracts / "broken.csv").symlink_to(extracts / "nowhere.csv")
    (extracts / "wide.csv").write_text("x" * 2_000_000)
    os.mkfifo(extracts / "pipe.csv")
    shutil.copy(extracts / "pupils.csv", extracts / "pupils copy.csv")
    (extracts / "z.csv.gz").write_bytes(gzip.compress((extracts / "pupils.csv").read_bytes()))
    load_delivery(extracts, database)
    assert query(database, "select count(*) from raw.population") == [(3,)]
    reasons = unused(database)
    picture_reason = reasons.pop("picture.csv")
    assert picture_reason in ("no dataset of ours", "not a delimited text or Parquet file")
    assert reasons == {
        "old": "folder",
        "dir.csv": "folder",
        "empty.csv": "empty file",
        "blank.csv": "empty file",
        "empty.parquet": "empty file",
        "notes.txt": "no dataset of ours",
        "ks4.csv": "no dataset of ours",
        "guide.pdf": "not a delimited text or Parquet file",
        "zeros.csv": "not a delimited text or Parquet file",
        "broken.csv": "a link to nothing",
        "wide.csv": "its first line is too long for a header",
        "pipe.csv": "not a regular file",
        "pupils.csv": "the same content as pupils copy.csv",
        "z.csv.gz": "the same content as pupils copy.csv",
    }


# Which dataset a header belongs to


def test_a_header_fits_the_dataset_of_which_it_has_most():
    datasets = list(DATASETS.values())
    for name in DATASETS:
        assert [fit.dataset.name for fit in best_fits(header_of(name), datasets)] == [name]
    plain = [c.removeprefix("CLA_") for c in header_of("cla")]
    assert best_fits(plain, datasets)[0].dataset.name == "cla"


def test_a_file_with_one_column_missing_is_not_taken_for_a_list_of_pupils():
    header = [c.removeprefix("CLA_") for c in header_of("cla", required_only=True)][:-1]
    fits = best_fits(header, list(DATASETS.values()))
    assert [(fit.dataset.name, fit.missing) for fit in fits] == [("cla", ["CLA_REC"])]


def test_few_known_columns_among_many_are_no_dataset():
    header = ["MoJUID", "CLA_ACADYR", *(f"other_{i}" for i in range(20))]
    assert best_fits(header, list(DATASETS.values())) == []
    mostly_known = ["MoJUID", "YearOfBirth", "MonthOfBirth", "Gender"]
    fits = best_fits(mostly_known, list(DATASETS.values()))
    assert fits[0].missing == ["PupilMatchingRefAnonymous"]


# What is refused, and that nothing is touched


def cla_text(*, without=(), extra=()):
    header = [column for column in header_of("cla") if column not in without]
    return as_text([*header, *extra], rows_of([*header, *extra])).encode()


def damaged(content, start, end):
    return content[:start] + b"\xff" * (end - start) + content[end:]


PUPILS_GZIP = gzip.compress(PUPILS_TEXT.encode())
MANY_PUPILS = [[f"{column}{i}" for column in PUPIL_HEADER] for i in range(2000)]
MANY_PUPILS_PARQUET = parquet(PUPIL_HEADER, MANY_PUPILS, use_dictionary=False)
N_CLA = len(header_of("cla"))
PLACEMENT_AT = header_of("cla").index("CLA_PLACEMENT") + 1

# Deliveries with one thing wrong, and what the sentence must say about it.
REFUSED = {
    "nothing recognised": ({"notes.txt": b"a,b"}, ["No file in", "cla, cin"]),
    "missing column": (
        {"x.csv": cla_text(without=["CLA_PLACEMENT"]), "good.csv": PUPILS_TEXT.encode()},
        ["x.csv is a cla file without the column CLA_PLACEMENT."],
    ),
    "missing columns": (
        {"x.csv": cla_text(without=["CLA_PLACEMENT", "CLA_REC"])},
        ["without the columns CLA_PLACEMENT, CLA_REC."],
    ),
    "column twice": (
        {"x.csv": cla_text(extra=["cla placements"]), "good.csv": PUPILS_TEXT.encode()},
        [f"Columns {PLACEMENT_AT} and {N_CLA + 1} of x.csv both mean CLA_PLACEMENT."],
    ),
    "different columns": (
        {"a.csv": cla_text(extra=["Extra"]), "b.csv": cla_text()},
        ["a.csv has Extra, b.csv has not", "--fill-missing-columns"],
    ),
    "different optional columns": (
        {"a.csv": cla_text(without=["CLA_RNE"]), "b.csv": cla_text()},
        ["b.csv has CLA_RNE, a.csv has not"],
    ),
    "cut gzip": (
        {"x.csv.gz": PUPILS_GZIP + gzip.compress(b"1,2,3\n" * 1000)[:-9]},
        ["x.csv.gz is cut off or damaged"],
    ),
    "gzip with a wrong sum": (
        {"x.csv.gz": damaged(PUPILS_GZIP, len(PUPILS_GZIP) - 6, len(PUPILS_GZIP) - 5)},
        ["x.csv.gz is cut off or damaged"],
    ),
    "no gzip": ({"x.csv.gz": b"something else"}, ["x.csv.gz is not a gzip file"]),
    "no parquet": (
        {"x.parquet": b"PAR1 and nothing else"},
        ["x.parquet cannot be read as a Parquet file"],
    ),
    "damaged parquet": (
        {"x.parquet": damaged(MANY_PUPILS_PARQUET, 50, 2000)},
        ["x.parquet could not be loaded"],
    ),
    "half a character": (
        {"x.csv": PUPILS_TEXT.encode("utf-16") + b"x"},
        ["x.csv is not the utf-16-le text that it seems to be"],
    ),
    "too many columns": (
        {"x.csv": as_text([*PUPIL_HEADER, *(f"c{i}" for i in range(6000))], []).encode()},
        ["x.csv has 6,003 columns"],
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("has_database", [True, False])
def test_what_is_refused_leaves_everything_as_it_was(
    tmp_path, extracts, database, kind, has_database
):
    if has_database:
        load_delivery(write_pupils(tmp_path / "before").parent, database)
        before = database.read_bytes()
    contents, parts = REFUSED[kind]
    for name, content in contents.items():
        (extracts / name).write_bytes(content)
    with pytest.raises(UserError) as refused:
        load_delivery(extracts, database)
    for part in parts:
        assert part in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "v0_" not in str(refused.value)
    if has_database:
        assert database.read_bytes() == before
    assert files_beside(database) == ["warehouse.duckdb"] * has_database


def test_a_header_that_fits_two_datasets_is_refused(tmp_path, extracts, database):
    seed = write_seed(
        tmp_path, VISIT_SEED + VISIT_SEED.split("\n", 1)[1].replace("visit,", "stay,")
    )
    put(extracts, "x.csv", ["visit_id", "pupil_id"])
    with pytest.raises(UserError, match=r"x\.csv could be visit and stay"):
        load_delivery(extracts, database, aliases=seed)


def test_a_file_that_changes_while_it_is_read_is_refused(extracts, database):
    path = write_pupils(extracts)

    def report(sentence):
        if sentence.startswith("Loading"):
            with path.open("a") as file:
                file.write("P9,M9,1990\n")

    with pytest.raises(UserError, match=r"pupils\.csv changed while it was being read"):
        load_delivery(extracts, database, report=report)
    assert files_beside(database) == []


def test_no_folder(tmp_path, database):
    with pytest.raises(UserError, match="There is no folder"):
        load_delivery(tmp_path / "nowhere", database)
    with pytest.raises(UserError, match="is not a folder"):
        load_delivery(write_pupils(tmp_path), database)


def test_places_where_no_database_can_be(tmp_path, extracts):
    write_pupils(extracts)
    with pytest.raises(UserError, match="is a folder"):
        load_delivery(extracts, tmp_path)
    with pytest.raises(UserError, match="There is no folder"):
        load_delivery(extracts, tmp_path / "nowhere" / "w.duckdb")
    for content in (b"", b"no database, but long enough to be one"):
        other = tmp_path / "other.duckdb"
        other.write_bytes(content)
        with pytest.raises(UserError, match="is not a DuckDB database"):
            load_delivery(extracts, other)
        assert other.read_bytes() == content
        other.unlink()
    (tmp_path / "w.duckdb.wal").write_bytes(b"x")
    with pytest.raises(UserError, match="is left over"):
        load_delivery(extracts, tmp_path / "w.duckdb")


def test_a_seed_that_contradicts_itself_is_refused(tmp_path):
    for lines in ("visit,note,pupil_id,false\n", "visit,note,remark,true\n"):
        with pytest.raises(UserError, match=r"Line 6 of aliases\.csv"):
            read_datasets(write_seed(tmp_path, VISIT_SEED + lines))
    for text in ("", "a,b\n1,2\n"):
        with pytest.raises(UserError):
            read_datasets(write_seed(tmp_path, text))


# The database


def test_loading_again_replaces_and_keeps_the_rest(tmp_path, extracts, database):
    load_delivery(write_pupils(tmp_path / "before").parent, database)
    with duckdb.connect(database) as connection:
        connection.execute("create schema mine; create table mine.notes as select 42 as answer")
        connection.execute("create view mine.pupils as select count(*) as n from raw.population")
    write_pupils(extracts, rows=[("Q1", "N1", "2000")])
    result = load_delivery(extracts, database)
    assert result.has_replaced
    assert query(database, "from mine.notes") == [(42,)]
    assert query(database, "from mine.pupils") == [(1,)]
    assert query(database, "select file_name, rows_loaded from raw.load_files") == [
        ("pupils.csv", 1)
    ]
    assert files_beside(database) == ["warehouse.duckdb"]


def test_a_new_database_is_for_its_owner_and_for_older_readers(extracts, database):
    load_delivery(write_pupils(extracts).parent, database)
    assert database.stat().st_mode & 0o777 == 0o600
    tags = query(database, "select tags from duckdb_databases() where database_name = 'warehouse'")
    assert tags[0][0]["storage_version"].startswith("v1.4")


def test_settings_come_from_the_environment(extracts, database, tmp_path, monkeypatch):
    write_pupils(extracts)
    monkeypatch.setenv("WAREHOUSE_TEMP_DIRECTORY", str(tmp_path / "spill"))
    monkeypatch.setenv("WAREHOUSE_THREADS", "1")
    monkeypatch.setenv("WAREHOUSE_MEMORY", "200MB")
    load_delivery(extracts, database)
    assert list((tmp_path / "spill").iterdir()) == []
    monkeypatch.setenv("WAREHOUSE_MEMORY", "a lot")
    database.unlink()
    with pytest.raises(UserError, match="WAREHOUSE_MEMORY"):
        load_delivery(extracts, database)
    assert files_beside(database) == []
