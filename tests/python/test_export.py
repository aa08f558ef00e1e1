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

from social_care_warehouse.console import UserError
from social_care_warehouse.exporting.export import SUFFIXES, export_marts
from social_care_warehouse.exporting.variables import LONGEST_NAME, variables_of

MARTS = (
    "care_episode", "cpp_agreement", "definition_sensitivity", "exclusion", "offence_occasion",
    "period_of_care", "person_care_history", "person_first_contact", "person_highest_intervention",
    "person_placement", "person_year", "referral", "referral_factor", "referral_only_agreement",
)  # fmt: skip


@pytest.fixture(scope="module")
def exports(default_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder per format with marts of one warehouse."""
    folder = tmp_path_factory.mktemp("exports")
    for file_format in SUFFIXES:
        export_marts(default_warehouse, folder / file_format, file_format, list(MARTS))
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
def test_stata_holds_what_the_warehouse_holds(mart, exports, default_warehouse) -> None:
    read = pd.read_stata(exports / "stata" / f"{mart}.dta", convert_categoricals=False)
    with duckdb.connect(str(default_warehouse), read_only=True) as connection:
        variables = variables_of(connection, mart)
    assert list(read.columns) == [variable.name for variable in variables]
    for variable in variables:
        if variable.kind == "category":
            read[variable.name] = read[variable.name].map(dict(enumerate(variable.values)))
    expected = in_the_warehouse(default_warehouse, mart)
    assert plain(read, blank_is_missing=True) == plain(expected, blank_is_missing=True)


@pytest.mark.parametrize("mart", MARTS)
def test_spss_holds_what_the_warehouse_holds(mart, exports, default_warehouse) -> None:
    read, meta = pyreadstat.read_sav(exports / "spss" / f"{mart}.sav")
    with duckdb.connect(str(default_warehouse), read_only=True) as connection:
        variables = variables_of(connection, mart)
    for variable in variables:
        if variable.kind == "category":
            labels = meta.variable_value_labels[variable.name]
            assert list(labels.values()) == list(variable.values)
            assert meta.variable_measure[variable.name] == "ordinal"
            read[variable.name] = read[variable.name].map(labels)
    expected = in_the_warehouse(default_warehouse, mart)
    assert plain(read, blank_is_missing=True) == plain(expected, blank_is_missing=True)


@pytest.mark.parametrize("mart", MARTS)
def test_parquet_and_csv_hold_what_the_warehouse_holds(mart, exports, default_warehouse) -> None:
    with duckdb.connect(str(default_warehouse), read_only=True) as connection:
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


def test_the_folder_says_which_build_it_comes_from(exports, default_warehouse) -> None:
    text = (exports / "stata" / "CITATION.txt").read_text(encoding="utf-8")
    with duckdb.connect(str(default_warehouse), read_only=True) as connection:
        digests = connection.sql("select sha256 from raw.load_files").fetchall()
    assert "social_care_warehouse" in text
    assert all(digest in text for (digest,) in digests)


def test_files_are_for_their_owner_only(exports) -> None:
    for file in exports.rglob("*.*"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_an_export_never_replaces_a_file_unasked(default_warehouse, tmp_path) -> None:
    export_marts(default_warehouse, tmp_path, "csv", ["cpp_agreement"])
    before = (tmp_path / "cpp_agreement.csv").stat().st_mtime_ns
    with pytest.raises(UserError, match=r"already holds cpp_agreement\.csv.*--replace"):
        export_marts(default_warehouse, tmp_path, "csv", ["cpp_agreement"])
    assert (tmp_path / "cpp_agreement.csv").stat().st_mtime_ns == before
    export_marts(default_warehouse, tmp_path, "csv", ["cpp_agreement"], replace=True)


def test_an_unknown_mart_names_those_that_exist(default_warehouse, tmp_path) -> None:
    with pytest.raises(UserError, match=r"Unknown mart 'persons'.*person_highest_intervention"):
        export_marts(default_warehouse, tmp_path, "csv", ["persons"])


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed")
def test_r_reads_the_same_counts(exports, default_warehouse) -> None:
    file = exports / "stata" / "person_highest_intervention.dta"
    code = (
        f'd <- haven::read_dta("{file}");'
        " counts <- table(haven::as_factor(d$highest_intervention));"
        ' writeLines(paste0(names(counts), "=", counts));'
        " cat(sum(is.na(d$first_cla_date)), as.character(min(d$first_cla_date, na.rm = TRUE)))"
    )
    if subprocess.run(
        ["Rscript", "-e", "library(haven)"], check=False, capture_output=True
    ).returncode:
        pytest.skip("the R package haven is not installed")
    done = subprocess.run(["Rscript", "-e", code], check=True, capture_output=True, text=True)
    with duckdb.connect(str(default_warehouse), read_only=True) as connection:
        counts = connection.sql("""
            select highest_intervention::varchar, count(*)
            from marts.person_highest_intervention
            group by highest_intervention
            order by highest_intervention
        """).fetchall()
        dates = connection.sql("""
            select count(*) filter (where first_cla_date is null), min(first_cla_date)
            from marts.person_highest_intervention
        """).fetchall()
    expected = [f"{level}={n}" for level, n in counts] + ["{} {}".format(*dates[0])]
    assert done.stdout.splitlines() == expected


def test_csv_and_parquet_need_no_other_package(default_warehouse: Path, tmp_path: Path) -> None:
    """As after `pip install .`, which brings neither numpy nor pyarrow."""
    for name in ("numpy", "pyarrow"):
        (tmp_path / f"{name}.py").write_text(f"raise ModuleNotFoundError({name!r})\n")

    def export(file_format: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "social_care_warehouse", "export", "--database",
             default_warehouse, "--to", tmp_path / file_format, "--format", file_format,
             "--mart", "cpp_agreement"],
            env=os.environ | {"PYTHONPATH": str(tmp_path)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert [export(file_format).returncode for file_format in ("csv", "parquet")] == [0, 0]
    refused = export("stata")
    assert refused.returncode == 2
    assert "pip install numpy pyarrow" in refused.stderr
