"""Exported marts, read back by other programs: the same values, missing ones included."""

from __future__ import annotations

import csv
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyreadstat
import pytest
from commands import PROJECT_DIR, run_cli

from social_care_warehouse.console import UserError
from social_care_warehouse.exporting.export import SUFFIXES, export_marts
from social_care_warehouse.exporting.spss import write_spss
from social_care_warehouse.exporting.variables import LONGEST_NAME, variables_of

MARTS = sorted(path.stem for path in (PROJECT_DIR / "models" / "marts").rglob("*.sql"))
ROWS_OF_A_MART = 1_500


@pytest.fixture(scope="module")
def sampled_warehouse(default_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every mart of a warehouse with some of its rows, and all that an export reads."""
    file = tmp_path_factory.mktemp("sampled") / "warehouse.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"attach '{default_warehouse}' as whole (read_only)")
        connection.execute("create schema marts; create schema meta")
        for table in ("meta.build", "meta.input_file"):
            connection.execute(f"create table {table} as from whole.{table}")
        for mart in MARTS:
            connection.execute(
                f"create table marts.{mart} as from whole.marts.{mart}"
                f" using sample reservoir({ROWS_OF_A_MART} rows) repeatable (1)"
            )
        comments = connection.execute(
            "select table_name, column_name, comment from duckdb_columns()"
            " where database_name = 'whole' and schema_name = 'marts'"
        ).fetchall()
        for mart, column, comment in comments:
            text = comment.replace("'", "''")
            connection.execute(f"comment on column marts.{mart}.{column} is '{text}'")
    return file


@pytest.fixture(scope="module")
def exports(sampled_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder per format with all marts of one warehouse."""
    folder = tmp_path_factory.mktemp("exports")
    for file_format in SUFFIXES:
        export_marts(sampled_warehouse, folder / file_format, file_format)
    return folder


def in_the_warehouse(warehouse: Path, mart: str) -> pd.DataFrame:
    """A mart with its category as text, its booleans as 0 and 1, its dates as dates."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        columns = ", ".join(
            f"cast({v.column} as {'varchar' if v.kind == 'category' else 'tinyint'}) as {v.column}"
            if v.kind in ("boolean", "category")
            else v.column
            for v in variables_of(connection, mart)
        )
        return connection.sql(f"select {columns} from marts.{mart}").df()


def plain(frame: pd.DataFrame, *, blank_is_missing: bool) -> list[tuple[object, ...]]:
    """The rows as plain values: numbers as floats, dates as ISO text, each missing kind as None."""
    columns = []
    for name in frame.columns:
        values = frame[name]
        if pd.api.types.is_datetime64_any_dtype(values):
            values = values.dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
            values = values.astype("float64")
        else:
            values = values.astype("object").map(
                lambda value: value if pd.isna(value) else str(value)
            )
            values = values.where(values != "", None) if blank_is_missing else values
        columns.append([None if pd.isna(value) else value for value in values])
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize("mart", MARTS)
def test_stata_holds_what_the_warehouse_holds(mart, exports, sampled_warehouse) -> None:
    read = pd.read_stata(exports / "stata" / f"{mart}.dta", convert_categoricals=False)
    with duckdb.connect(str(sampled_warehouse), read_only=True) as connection:
        variables = variables_of(connection, mart)
    assert list(read.columns) == [variable.name for variable in variables]
    for variable in variables:
        if variable.kind == "category":
            read[variable.name] = read[variable.name].map(dict(enumerate(variable.values)))
    expected = in_the_warehouse(sampled_warehouse, mart)
    assert plain(read, blank_is_missing=True) == plain(expected, blank_is_missing=True)


@pytest.mark.parametrize("mart", MARTS)
def test_spss_holds_what_the_warehouse_holds(mart, exports, sampled_warehouse) -> None:
    read, meta = pyreadstat.read_sav(exports / "spss" / f"{mart}.sav")
    with duckdb.connect(str(sampled_warehouse), read_only=True) as connection:
        variables = variables_of(connection, mart)
    for variable in variables:
        if variable.kind == "category":
            labels = meta.variable_value_labels[variable.name]
            assert list(labels.values()) == list(variable.values)
            assert meta.variable_measure[variable.name] == "ordinal"
            read[variable.name] = read[variable.name].map(labels)
    expected = in_the_warehouse(sampled_warehouse, mart)
    assert plain(read, blank_is_missing=True) == plain(expected, blank_is_missing=True)


@pytest.mark.parametrize("mart", MARTS)
def test_parquet_and_csv_hold_what_the_warehouse_holds(mart, exports, sampled_warehouse) -> None:
    with duckdb.connect(str(sampled_warehouse), read_only=True) as connection:
        expected = connection.sql(f"from marts.{mart}").fetchall()
        names = [variable.column for variable in variables_of(connection, mart)]
    of_parquet = pl.read_parquet(exports / "parquet" / f"{mart}.parquet")
    assert of_parquet.columns == names
    assert of_parquet.rows() == expected
    with (exports / "csv" / f"{mart}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == names
    assert rows[1:] == [
        ["" if value is None else as_csv(value) for value in row] for row in expected
    ]


def as_csv(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_labels_say_what_a_variable_is(exports) -> None:
    with pd.io.stata.StataReader(exports / "stata" / "person_highest_intervention.dta") as reader:
        labels, values = reader.variable_labels(), reader.value_labels()
    assert values["highest_intervention"][4] == "child looked after"
    assert values["no_yes"] == {0: "no", 1: "yes"}
    assert all(0 < len(label) <= 80 for label in labels.values())


def test_long_names_are_shortened_by_a_stated_map(exports) -> None:
    read = pd.read_stata(exports / "stata" / "cpp_agreement.dta")
    assert max(map(len, read.columns)) <= LONGEST_NAME
    with (exports / "stata" / "cpp_agreement.dictionary.csv").open(encoding="utf-8") as file:
        names = {row["column"]: row["variable"] for row in csv.DictReader(file)}
    assert names["cpp_by_abuse_category_sensitivity_percent"] == "cpp_by_abuse_category_sens_pct"


def test_the_folder_says_which_build_it_comes_from(exports, sampled_warehouse) -> None:
    text = (exports / "stata" / "CITATION.txt").read_text(encoding="utf-8")
    with duckdb.connect(str(sampled_warehouse), read_only=True) as connection:
        digests = connection.sql("select sha256 from meta.input_file").fetchall()
    assert "social_care_warehouse" in text
    assert all(digest in text for (digest,) in digests)


def test_files_are_for_their_owner_only(exports) -> None:
    for file in exports.rglob("*.*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_an_export_never_replaces_a_file_unasked(sampled_warehouse, tmp_path) -> None:
    export_marts(sampled_warehouse, tmp_path, "csv", ["cpp_agreement"])
    before = (tmp_path / "cpp_agreement.csv").stat().st_mtime_ns
    with pytest.raises(UserError, match=r"already holds cpp_agreement\.csv.*--replace"):
        export_marts(sampled_warehouse, tmp_path, "csv", ["cpp_agreement"])
    assert (tmp_path / "cpp_agreement.csv").stat().st_mtime_ns == before
    export_marts(sampled_warehouse, tmp_path, "csv", ["cpp_agreement"], replace=True)


def test_two_formats_in_one_folder_share_a_dictionary(sampled_warehouse, tmp_path) -> None:
    for file_format in ("stata", "csv"):
        export_marts(sampled_warehouse, tmp_path, file_format, ["cpp_agreement"])
    with (tmp_path / "cpp_agreement.dictionary.csv").open(encoding="utf-8") as file:
        rows = {row["column"]: row for row in csv.DictReader(file)}
    assert rows["cpp_by_previous_plans"]["values"] == "0 = no; 1 = yes"
    short = rows["cpp_by_abuse_category_sensitivity_percent"]["variable"]
    assert short == "cpp_by_abuse_category_sens_pct"


def test_tables_of_two_builds_never_share_a_citation_unasked(sampled_warehouse, tmp_path) -> None:
    other = tmp_path / "other.duckdb"
    shutil.copy(sampled_warehouse, other)
    with duckdb.connect(str(other)) as connection:
        connection.execute("update meta.build set git_commit = 'another'")
    folder = tmp_path / "files"
    export_marts(sampled_warehouse, folder, "csv", ["cpp_agreement"])
    export_marts(sampled_warehouse, folder, "csv", ["definition_sensitivity"])
    before = (folder / "CITATION.txt").read_text(encoding="utf-8")
    with pytest.raises(UserError, match=r"holds a CITATION\.txt that differs.*--replace"):
        export_marts(other, folder, "csv", ["referral_only_agreement"])
    assert (folder / "CITATION.txt").read_text(encoding="utf-8") == before
    assert not (folder / "referral_only_agreement.csv").exists()
    with pytest.raises(UserError, match=r"cpp_agreement\.csv, definition_sensitivity\.csv of"):
        export_marts(other, folder, "csv", ["referral_only_agreement"], replace=True)
    with pytest.raises(UserError, match=r"also holds definition_sensitivity\.csv of another build"):
        export_marts(other, folder, "csv", ["cpp_agreement"], replace=True)
    with pytest.raises(UserError, match=r"also holds cpp_agreement\.csv"):
        export_marts(other, folder, "parquet", ["cpp_agreement"], replace=True)
    assert (folder / "CITATION.txt").read_text(encoding="utf-8") == before
    export_marts(other, folder, "csv", ["cpp_agreement", "definition_sensitivity"], replace=True)
    assert "another" in (folder / "CITATION.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("n_bytes", [1, 8, 9, 248, 249, 255])
def test_spss_holds_a_text_of_every_length(n_bytes: int, tmp_path: Path) -> None:
    """SPSS stores 8 bytes at a time, but a text has at most 255: 249 bytes fill 256."""
    text = "x" * (n_bytes - 1) + "z"
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        connection.execute(f"create table marts.m as select '{text}' as first, 7 as second")
        write_spss(connection, "m", tmp_path / "m.sav")
    read, _ = pyreadstat.read_sav(tmp_path / "m.sav")
    assert read.to_dict("records") == [{"first": text, "second": 7.0}]


def test_an_unknown_mart_names_those_that_exist(sampled_warehouse, tmp_path) -> None:
    with pytest.raises(UserError, match=r"Unknown mart 'persons'.*Did you mean person_year or"):
        export_marts(sampled_warehouse, tmp_path, "csv", ["persons"])


def test_what_a_failed_build_left_is_not_exported(sampled_warehouse, tmp_path: Path) -> None:
    """Plain dbt that fails leaves some of the marts, and no record of a build."""
    file = tmp_path / "w.duckdb"
    shutil.copy(sampled_warehouse, file)
    with duckdb.connect(str(file)) as connection:
        connection.execute("drop schema meta cascade")
    done = run_cli("export", "--database", file, "--to", tmp_path / "to", "--format", "csv")
    assert done.returncode == 2, done.stderr
    assert not (tmp_path / "to").exists()
    assert " ".join(done.stderr.split()) == (
        f"{file} has no table meta.build, so marts may be missing or changed. A build that failed,"
        " or dbt alone, made it. Build it with 'social-care-warehouse build', and try again."
    )


def test_every_mart_has_a_dictionary_and_rows(exports) -> None:
    """A sample without rows would make the comparisons empty."""
    for file_format, suffix in SUFFIXES.items():
        names = {file.name for file in (exports / file_format).iterdir()}
        wanted = {f"{mart}{end}" for mart in MARTS for end in (suffix, ".dictionary.csv")}
        assert names == {*wanted, "CITATION.txt"}
    rows = {mart: len(pl.read_parquet(exports / "parquet" / f"{mart}.parquet")) for mart in MARTS}
    # Extracts without dates of factors have none.
    assert {mart for mart, n in rows.items() if not n} <= {"referral_factor"}


R_CODE = """
for (file in list.files(commandArgs(TRUE)[1], "[.]dta$", full.names = TRUE)) {
  d <- haven::read_dta(file)
  for (name in names(d)) {
    if (inherits(d[[name]], c("Date", "POSIXct"))) d[[name]] <- format(d[[name]], "%Y-%m-%d")
    if (name %in% c("highest_intervention")) d[[name]] <- as.character(haven::as_factor(d[[name]]))
  }
  write.csv(haven::zap_labels(d), sub("dta$", "csv", file), row.names = FALSE, na = "")
}
"""


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed")
def test_r_reads_every_mart_as_the_warehouse_has_it(exports, sampled_warehouse, tmp_path) -> None:
    if subprocess.run(
        ["Rscript", "-e", "library(haven)"], check=False, capture_output=True
    ).returncode:
        pytest.skip("the R package haven is not installed")
    for mart in MARTS:
        shutil.copy(exports / "stata" / f"{mart}.dta", tmp_path)
    subprocess.run(["Rscript", "-e", R_CODE, str(tmp_path)], check=True, capture_output=True)
    for mart in MARTS:
        expected = in_the_warehouse(sampled_warehouse, mart)
        with duckdb.connect(str(sampled_warehouse), read_only=True) as connection:
            variables = variables_of(connection, mart)
        types = {
            v.name: "str" if v.kind in ("text", "category", "date", "timestamp") else "float64"
            for v in variables
        }
        read = pd.read_csv(tmp_path / f"{mart}.csv", dtype=types)
        for variable in variables:
            if variable.kind == "category" and variable.name != "highest_intervention":
                labels = {str(code): text for code, text in enumerate(variable.values)}
                read[variable.name] = read[variable.name].map(labels)
        read.columns = expected.columns
        pd.testing.assert_frame_equal(
            pd.DataFrame(plain(read, blank_is_missing=True)),
            pd.DataFrame(plain(expected, blank_is_missing=True)),
            check_dtype=False, rtol=1e-14, atol=0, obj=mart,
        )  # fmt: skip


def test_csv_and_parquet_need_no_other_package(sampled_warehouse: Path, tmp_path: Path) -> None:
    """As after `pip install .`, which brings neither numpy nor pyarrow."""
    for name in ("numpy", "pyarrow"):
        (tmp_path / f"{name}.py").write_text(f"raise ModuleNotFoundError({name!r})\n")

    def export(file_format: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "social_care_warehouse", "export", "--database",
             sampled_warehouse, "--to", tmp_path / file_format, "--format", file_format,
             "--mart", "cpp_agreement"],
            env=os.environ | {"PYTHONPATH": str(tmp_path)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert [export(file_format).returncode for file_format in ("csv", "parquet")] == [0, 0]
    refused = export("stata")
    assert refused.returncode == 2
    assert "pip install numpy pyarrow" in refused.stderr
