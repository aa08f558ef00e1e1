"""No value of a person leaves the warehouse, however a build breaks.

Marked identifiers and bad values are planted in extracts. Builds of them go well and break in many
ways; then everything that was said or written outside the warehouse is searched for the mark.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb
import pytest
from commands import PROJECT_DIR, run_dbt, run_script

from social_care_warehouse.building.dbt_process.known_reasons import KNOWN_REASONS
from social_care_warehouse.console import speaks_plainly

MARK = "LEAKMARK86"
MARTS_OF_PERSONS = (
    "person_highest_intervention", "person_school_year", "exclusion", "offence_occasion",
    "person_outcome",
)  # fmt: skip
# Bad values of every kind that a column can hold; each carries the mark.
BAD_VALUES = (
    MARK,
    f"31/02/{MARK}",
    f"99999999999999999999{MARK}",
    f"'; drop table {MARK}; --",
    f"[red]{MARK}[/red]",
    f'"{MARK}',
    f"\u00e9{MARK}",
)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Synthetic extracts with marked persons, and some rows that are marked in every column."""
    folder = tmp_path_factory.mktemp("planted") / "extracts"
    done = run_script("synthesise", folder, "--pupils", 200, "--seed", 11, "--datasets", "all")
    assert done.returncode == 0, done.stderr
    for path in (*folder.glob("*.csv"), *folder.glob("[!R]*.txt")):
        plant(path, "," if path.suffix == ".csv" else "\t")
    return folder


def plant(path: Path, delimiter: str) -> None:
    """Mark the identifiers of every other row, and add rows and lines that are all mark."""
    with path.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines, delimiter=delimiter)
    identifiers = [is_identifier(name) for name in header]
    assert any(identifiers), path.name
    for number, row in enumerate(rows):
        if number % 2:
            row[:] = [
                f"{MARK}{number % 20}" if marked else value
                for value, marked in zip(row, identifiers, strict=True)
            ]
    for value in BAD_VALUES:
        rows.append([value] * len(header))
        rows.append([MARK if marked else value for marked in identifiers])
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, delimiter=delimiter).writerows([header, *rows])
    broken = f'{MARK}{delimiter}too few\n"{MARK} never closed{delimiter}{MARK}\n{MARK}\0{MARK}\n'
    with path.open("a", encoding="latin-1") as lines:
        lines.write(broken)


def is_identifier(header_cell: str) -> bool:
    return "matchingref" in header_cell.lower() or header_cell.lower() == "mojuid"


@pytest.fixture(scope="module")
def built(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Path]:
    """A warehouse of the planted extracts, what was said, and where all that was written is."""
    work = tmp_path_factory.mktemp("built")
    database = work / "warehouse" / "warehouse.duckdb"
    database.parent.mkdir()
    done = run_script("build", planted, "--database", database, environment=away(work))
    assert done.returncode == 0, done.stdout + done.stderr
    return database, done.stdout + done.stderr, work


def away(work: Path) -> dict[str, str]:
    """An environment in which what is written anywhere is written below the folder."""
    places = {"HOME": work / "home", "TMPDIR": work / "tmp", "XDG_CACHE_HOME": work / "cache"}
    for place in places.values():
        place.mkdir(exist_ok=True)
    return {name: str(place) for name, place in places.items()}


def assert_no_mark(said: str, *folders: Path) -> None:
    """Neither in what was said nor in any file of the folders that is not a warehouse."""
    assert MARK not in said
    everywhere = [*folders, PROJECT_DIR / "target", PROJECT_DIR / "logs"]
    files = [path for folder in everywhere for path in folder.rglob("*") if path.is_file()]
    leaky = [
        str(path)
        for path in files
        if not path.name.endswith((".duckdb", ".duckdb.wal")) and MARK.encode() in _bytes_of(path)
    ]
    assert leaky == []


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # another build tidied up meanwhile
        return b""


def test_a_good_build_says_and_writes_no_value(built) -> None:
    database, said, work = built
    assert_no_mark(said, work)
    with duckdb.connect(database, read_only=True) as connection:
        n_marked = {
            mart: connection.execute(
                f"select count(*) from marts.{mart} where pupil_id like ?", [f"{MARK}%"]
            ).fetchall()[0][0]
            for mart in MARTS_OF_PERSONS
        }
        quality = tables_of_quality(connection)
        meta = [
            row
            for table in ("build", "input_file", "table_rows", "test_result")
            for row in connection.sql(f"from meta.{table}").fetchall()
        ]
    assert all(n_marked.values()), f"nothing was planted in one of {n_marked}"
    assert MARK not in str(meta)
    assert "quality.warning" in quality
    assert [table for table, rows in quality.items() if MARK in rows] == []


def tables_of_quality(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What the tables of quality say, by name. One of them lists codes, as delivered."""
    names = connection.sql(
        "select table_name from duckdb_tables()"
        " where schema_name = 'quality' and table_name <> 'code_list_breaches'"
    ).fetchall()
    return {
        f"quality.{name}": str(connection.sql(f"from quality.{name}").fetchall())
        for (name,) in names
    }


@pytest.mark.parametrize(
    "environment",
    [
        {"WAREHOUSE_MEMORY": "1MB"},
        {"WAREHOUSE_MEMORY": "12MB", "WAREHOUSE_TEMP_DIRECTORY": "/dev/null/none"},
        {"WAREHOUSE_MEMORY": MARK},
    ],
)
def test_a_build_without_memory(planted: Path, tmp_path: Path, environment: dict) -> None:
    done = run_script(
        "build", planted, "--database", tmp_path / "w.duckdb",
        environment=away(tmp_path) | environment,
    )  # fmt: skip
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stdout + done.stderr
    assert_no_mark(done.stdout + done.stderr, tmp_path)


@pytest.mark.parametrize(
    ("name", "column"),
    [("CLA*.csv", "CLA_PLACEMENT"), ("MOJ_PNC.csv", "caseid"), ("Spring*18.csv", "MoJUID")],
)
@pytest.mark.parametrize("damage", ["no header", "cut off", "not parquet", "a column is missing"])
def test_a_file_that_is_broken(
    planted: Path, tmp_path: Path, damage: str, name: str, column: str
) -> None:
    folder = tmp_path / "extracts"
    folder.mkdir()
    path = Path(shutil.copy(next(planted.glob(name)), folder))
    lines = path.read_bytes().split(b"\n")
    if damage == "no header":
        path.write_bytes(b"\n".join(lines[1:]))
    elif damage == "cut off":
        path.with_suffix(".csv.gz").write_bytes(b"\x1f\x8b" + path.read_bytes()[:500])
    elif damage == "not parquet":
        path.rename(path.with_suffix(".parquet"))
    else:
        path.write_bytes(b"\n".join([lines[0].replace(column.encode(), b"X"), *lines[1:]]))
    for script, arguments in (
        ("load", ["--check"]),
        ("load", ["--database", tmp_path / "w.duckdb"]),
    ):
        done = run_script(script, folder, *arguments, environment=away(tmp_path))
        assert "Traceback" not in done.stderr
        assert_no_mark(
            done.stdout + done.stderr, *(tmp_path / name for name in ("home", "tmp", "cache"))
        )


@pytest.fixture(scope="module")
def dbt_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One place for all runs of plain dbt, so that it reads the project once."""
    return tmp_path_factory.mktemp("dbt")


@pytest.mark.parametrize("flag", ["--store-failures", "--debug"])
def test_tests_that_fail_by_a_change_made_by_hand(built, dbt_folder: Path, flag: str) -> None:
    database = Path(shutil.copy(built[0], dbt_folder / "warehouse.duckdb"))
    with duckdb.connect(database) as connection:
        for mart in MARTS_OF_PERSONS:
            connection.execute(f"insert into marts.{mart} select * from marts.{mart}")
    select = ["--select", *MARTS_OF_PERSONS]
    arguments = [flag, "test", *select] if flag == "--debug" else ["test", flag, *select]
    done = run_dbt(database, dbt_folder, *arguments, environment={})
    assert done.returncode == 1, "the tests were to fail"
    assert (dbt_folder / "logs" / "dbt.log").exists()
    assert (dbt_folder / "target" / "run_results.json").exists()
    assert_no_mark(done.stdout + done.stderr, dbt_folder)


def test_plain_dbt_at_its_most_talkative(built, dbt_folder: Path) -> None:
    database = Path(shutil.copy(built[0], dbt_folder / "warehouse.duckdb"))
    arguments = ("--debug", "build", "--exclude-resource-type", "unit_test")
    done = run_dbt(database, dbt_folder, *arguments, environment={})
    assert done.returncode == 0, "the planted values were to break nothing"
    assert "on-run" in done.stdout or "Began running node" in done.stdout, "not at debug level"
    assert_no_mark(done.stdout + done.stderr, dbt_folder)


def test_values_changed_by_hand_between_the_layers(built, dbt_folder: Path) -> None:
    """Models read no value but by try_cast: one that is not a year any more becomes NULL."""
    database = Path(shutil.copy(built[0], dbt_folder / "warehouse.duckdb"))
    with duckdb.connect(database) as connection:
        texts = connection.sql("""
            select schema_name, table_name, column_name
            from duckdb_columns()
            inner join duckdb_tables() using (database_name, schema_name, table_name)
            where schema_name in ('staging', 'intermediate') and data_type = 'VARCHAR'
        """).fetchall()
        for schema, table, column in texts:
            # Identifiers stay different, or each row would meet all others in a join.
            is_identifier_column = column.endswith(("_id", "_uid"))
            changed = f"$mark || '-' || \"{column}\"" if is_identifier_column else "$mark"
            connection.execute(
                f'update {schema}.{table} set "{column}" = {changed}', {"mark": MARK}
            )
    done = run_dbt(
        database,
        dbt_folder,
        "--debug",
        "run",
        "--select",
        "path:models/marts",
        "path:models/quality",
        environment={},
    )  # fmt: skip
    assert "Conversion Error" not in done.stdout
    assert_no_mark(done.stdout + done.stderr, dbt_folder)


def test_raw_changed_by_hand_breaks_the_models(built, dbt_folder: Path) -> None:
    database = Path(shutil.copy(built[0], dbt_folder / "warehouse.duckdb"))
    with duckdb.connect(database) as connection:
        connection.execute("alter table raw.cla rename column CLA_ACADYR to year_of_mine")
        connection.execute("alter table raw.population drop column YearOfBirth")
        connection.execute("alter table raw.offence rename column CaseID to case_of_mine")
    models = ("stg_cla", "stg_population", "stg_offence")
    done = run_dbt(database, dbt_folder, "run", "--select", *models, environment={})
    assert done.returncode == 1
    assert_no_mark(done.stdout + done.stderr, dbt_folder)


def test_of_an_unexpected_error_only_the_kind_and_place_are_shown(capsys) -> None:
    @speaks_plainly
    def command() -> None:
        raise ValueError(MARK)

    with pytest.raises(SystemExit) as ended:
        command()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert "ValueError in test_no_leak.py" in said.replace("\n", " ")
    assert MARK not in said


def test_what_the_screen_shows_of_a_failure_is_in_our_own_words() -> None:
    """The engine's message selects a fixed sentence; no sentence has room for a value."""
    assert all("{" not in reason for reason in KNOWN_REASONS.values())


def test_logs_and_target_are_kept_out_of_version_control() -> None:
    ignored = (PROJECT_DIR / ".gitignore").read_text().split()
    assert {"target/", "logs/", "*.duckdb", "*.duckdb.*"} <= set(ignored)
