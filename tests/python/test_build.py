"""scripts/build.py from end to end: what it makes, and what it leaves alone."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path

import duckdb
import pytest
from commands import PROJECT_DIR, run_dbt, run_script
from formats import deliver_in_other_formats
from warehouses import bytes_of_marts, contents

from social_care_warehouse.building.summary import KINDS_SHOWN
from social_care_warehouse.files.lock import only_writer_of
from social_care_warehouse.project import project_version

MARTS = {
    "area_outcome",
    "area_referral_threshold",
    "care_episode",
    "counting_rule_sensitivity",
    "cpp_agreement",
    "definition_sensitivity",
    "exclusion",
    "offence_occasion",
    "outcome_by_intervention",
    "period_of_care",
    "person_care_history",
    "person_first_contact",
    "person_highest_intervention",
    "person_outcome",
    "person_placement",
    "person_school_year",
    "person_year",
    "referral",
    "referral_factor",
    "referral_only_agreement",
}


@pytest.fixture(scope="module")
def built(small_extracts: Path, tmp_path_factory: pytest.TempPathFactory):
    """A warehouse of the small extracts, and what the command said."""
    database = tmp_path_factory.mktemp("built") / "warehouse.duckdb"
    done = run_script("build", small_extracts, "--database", database)
    assert done.returncode == 0, done.stdout + done.stderr
    return database, done.stdout


@pytest.fixture
def copy_of_built(built, tmp_path: Path) -> Path:
    return Path(shutil.copy(built[0], tmp_path / "warehouse.duckdb"))


def test_a_build_ends_with_a_summary(built) -> None:
    database, said = built
    for expected in (
        "not linked",
        "child looked after",
        "without a pupil reference",
        "checks of the warehouse itself passed",
        f"The warehouse is {database}",
    ):
        assert expected in said


def test_the_query_that_a_build_suggests_runs(built) -> None:
    database, said = built
    # As pasted: Python refuses a first line that is indented.
    program = "\n".join(said.split("Next:")[1].splitlines()[2:5])
    shown = io.StringIO()
    with redirect_stdout(shown):
        exec(program)
    assert str(database) in program
    assert "child looked after" in shown.getvalue()


def test_warnings_are_shown_in_the_order_of_the_table(built) -> None:
    database, said = built
    with duckdb.connect(str(database), read_only=True) as connection:
        warnings = connection.sql(
            "select code, message from quality.warning order by warning_order"
        ).fetchall()
    kinds = Counter(code for code, _ in warnings)
    first = dict(reversed(warnings))
    places = [said.find(f"- {first[code]}") for code in list(kinds)[:KINDS_SHOWN]]
    assert len(places) > 3
    assert places == sorted(places)
    assert -1 not in places
    assert f"quality.warning has all {len(warnings)} warnings, of {len(kinds)} kinds." in said


def test_warnings_of_one_kind_are_one_line(built) -> None:
    shown = built[1].split("Warnings about the data")[1].split("quality.warning has all")[0]
    assert shown.count("without a pupil reference") == 1
    assert "And 1 more of this kind." in shown


def test_every_mart_is_there_and_nothing_is_left_over(built) -> None:
    database, _ = built
    with duckdb.connect(str(database), read_only=True) as connection:
        made = connection.sql(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
    assert {name for (name,) in made} == MARTS
    assert [path.name for path in database.parent.iterdir()] == ["warehouse.duckdb"]
    if os.name == "posix":
        assert database.stat().st_mode & 0o777 == 0o600


def test_every_pupil_of_the_population_is_there_exactly_once(built) -> None:
    with duckdb.connect(str(built[0]), read_only=True) as connection:
        n_missing, n_twice = connection.sql("""
            with delivered as (
                select distinct PupilMatchingRefAnonymous as pupil_id from raw.population
            ),

            found as (
                select pupil_id, count(*) as n_rows
                from marts.person_highest_intervention
                group by pupil_id
            )

            select
                count(*) filter (where found.pupil_id is null),
                count(*) filter (where found.n_rows > 1)
            from delivered
            left join found on trim(delivered.pupil_id) = found.pupil_id
        """).fetchall()[0]
    assert (n_missing, n_twice) == (0, 0)


def test_dbt_build_alone_works_twice_with_the_same_result(copy_of_built: Path, tmp_path) -> None:
    """Without its tests, which `make test-dbt` runs in the same way."""
    before = contents(copy_of_built, "marts", "quality", "intermediate", "lookups")
    for _ in range(2):
        done = run_dbt(
            copy_of_built, tmp_path, "build", "--exclude-resource-type", "unit_test", "test"
        )
        assert done.returncode == 0, done.stdout
        assert contents(copy_of_built, "marts", "quality", "intermediate", "lookups") == before


def test_any_format_and_order_gives_the_same_warehouse(
    built, small_extracts: Path, tmp_path: Path
) -> None:
    delivery = deliver_in_other_formats(small_extracts, tmp_path / "delivery")
    database = tmp_path / "other.duckdb"
    done = run_script("build", delivery, "--database", database)
    assert done.returncode == 0, done.stdout + done.stderr
    assert contents(database, "marts", "quality") == contents(built[0], "marts", "quality")
    assert bytes_of_marts(database) == bytes_of_marts(built[0])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["/no/such/folder"], "folder"),
        (["{extracts}", "--definition", "no_such"], "Unknown definition 'no_such'. Choose one of:"),
        (["{extracts}", "--definition", "data_explaind"], "Did you mean data_explained or "),
        (["{extracts}", "--select", "person_yaer"], "Did you mean person_year or "),
    ],
)
def test_bad_input_is_refused_and_the_warehouse_stays(
    arguments: list[str], sentence: str, copy_of_built: Path, small_extracts: Path
) -> None:
    before = copy_of_built.read_bytes()
    filled = [argument.format(extracts=small_extracts) for argument in arguments]
    done = run_script("build", *filled, "--database", copy_of_built)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert copy_of_built.read_bytes() == before
    assert [path.name for path in copy_of_built.parent.iterdir()] == ["warehouse.duckdb"]


def test_a_failed_build_leaves_the_last_good_warehouse(
    copy_of_built: Path, default_extracts: Path
) -> None:
    before = copy_of_built.read_bytes()
    done = run_script(
        "build",
        default_extracts,
        "--database",
        copy_of_built,
        environment={"WAREHOUSE_MEMORY": "20MB", "WAREHOUSE_TEMP_DIRECTORY": "/dev/null/none"},
    )
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stdout + done.stderr
    assert copy_of_built.read_bytes() == before
    assert [path.name for path in copy_of_built.parent.iterdir()] == ["warehouse.duckdb"]


def test_a_second_build_at_the_same_time_is_refused(
    copy_of_built: Path, small_extracts: Path
) -> None:
    with only_writer_of(copy_of_built):
        done = run_script("build", small_extracts, "--database", copy_of_built)
    assert done.returncode == 2
    assert "Another build" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_build_leaves_the_last_good_warehouse_and_the_next_one_tidies(
    copy_of_built: Path, small_extracts: Path
) -> None:
    before = copy_of_built.read_bytes()
    command = [sys.executable, str(PROJECT_DIR / "scripts/build.py"), str(small_extracts)]
    with subprocess.Popen(
        [*command, "--database", str(copy_of_built), "--definition", "any_record"],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        workshop = copy_of_built.with_name(".warehouse.duckdb.building")
        deadline = time.monotonic() + 60
        while not (workshop / "warehouse.duckdb").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
    assert workshop.exists()
    assert copy_of_built.read_bytes() == before

    done = run_script("build", small_extracts, "--database", copy_of_built)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.name for path in copy_of_built.parent.iterdir()] == ["warehouse.duckdb"]


def test_the_warehouse_says_what_it_is(built, small_extracts: Path) -> None:
    database, said = built
    with duckdb.connect(str(database), read_only=True) as connection:
        build = connection.sql("""
            select
                project_version,
                duckdb_version,
                json_extract_string(vars, '$.intervention_definition'),
                intervention_definition,
                started_at < finished_at
            from meta.build
        """).fetchall()
        files = connection.sql("from meta.input_file order by file_name").fetchall()
        rows = connection.sql("from meta.table_rows").fetchall()
        counted = [
            (schema, table, connection.table(f"{schema}.{table}").count("*").fetchall()[0][0])
            for schema, table, _ in rows
        ]
        tests = connection.sql("""
            select test_type, status, count(*) from meta.test_result group by all
        """).fetchall()
    versions = (project_version(), duckdb.__version__)
    assert build == [(*versions, "data_explained", "data_explained", True)]
    assert [(name, digest) for name, _, digest, *_ in files] == [
        (path.name, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(small_extracts.glob("*.csv"))
    ]
    assert rows == counted
    assert {("raw", "cin"), ("marts", "person_year")} <= {row[:2] for row in rows}
    counts = {(test_type, status): count for test_type, status, count in tests}
    n_logic, n_warned = counts["logic", "pass"], counts["data", "warn"]
    n_data = n_warned + counts["data", "pass"]
    assert len(counts) == 3
    assert f"All {n_logic} checks of the warehouse itself passed" in said
    assert f"{n_warned} of {n_data} data checks raised warnings. See quality.warning." in said


def test_a_build_without_extracts_uses_those_loaded_before(
    built, copy_of_built: Path, small_extracts: Path
) -> None:
    done = run_script("build", "--database", copy_of_built, "--definition", "any_record")
    assert done.returncode == 0, done.stdout + done.stderr
    again = contents(copy_of_built, "raw", "staging", "meta", "lookups")
    first = contents(built[0], "raw", "staging", "meta", "lookups")
    for table in ("raw.cla", "raw.load_files", "staging.stg_cin", "meta.input_file"):
        assert again[table] == first[table]
    with duckdb.connect(str(copy_of_built), read_only=True) as connection:
        assert connection.sql("select intervention_definition from meta.build").fetchall() == [
            ("any_record",)
        ]


def test_without_extracts_there_must_be_a_loaded_database(tmp_path: Path) -> None:
    done = run_script("build", "--database", tmp_path / "w.duckdb")
    assert done.returncode == 2
    assert "so there is nothing to build from. Give the folder of your extracts" in done.stderr
    with duckdb.connect(tmp_path / "w.duckdb") as connection:
        connection.execute("create table notes (a int)")
    done = run_script("build", "--database", tmp_path / "w.duckdb")
    assert done.returncode == 2
    assert "does not hold the loaded extracts" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["w.duckdb"]
