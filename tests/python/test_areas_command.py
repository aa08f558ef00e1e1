"""The command `areas`, from a warehouse with counts by authority to the tables of results."""

from __future__ import annotations

import os
import re
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import duckdb
import numpy as np
import pytest
from commands import PROJECT_DIR, WIDE, run_cli

from social_care_warehouse.areas import model
from social_care_warehouse.areas.laplace import NotConvergedError
from social_care_warehouse.areas.results import median_odds_ratio
from social_care_warehouse.commands import group
from social_care_warehouse.files.lock import only_writer_of

LEVELS = (
    "no social care contact", "referral only", "child in need", "child protection plan",
    "child looked after",
)  # fmt: skip
N_AUTHORITIES = 40
Row = tuple[object, ...]


def run_areas(
    database: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    return run_cli("areas", "--database", database, environment=WIDE | (environment or {}))


def areas(database: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The same in this process, which saves the start of another one."""
    out, error = StringIO(), StringIO()
    code = 0
    with redirect_stdout(out), redirect_stderr(error):
        try:
            group.commands["areas"].main(["--database", str(database), *options])
        except SystemExit as end:
            code = int(end.code or 0)
    return subprocess.CompletedProcess(["areas"], code, out.getvalue(), error.getvalue())


def counts_by_authority(n_authorities: int = N_AUTHORITIES) -> tuple[list[Row], list[Row]]:
    """Made-up counts: authorities differ by poverty, by their other children, and a little more."""
    random = np.random.default_rng(15)
    counts: list[Row] = []
    covariates: list[Row] = []
    for number in range(n_authorities):
        code = f"E0600{number:04}"
        poverty, offending, effect = random.normal(0, (1, 0.3, 0.15))
        covariates.append((code, "ever_free_meals_percent", 30 + 8 * poverty))
        for rank in range(5):
            for cohort in ("1994/1995", "1995/1996", None):
                for sex in ("1", "2"):
                    observed = int(random.integers(150, 300))
                    logit = -2.5 + 0.4 * rank + offending + 0.7 * (sex == "1")
                    logit += (0.2 * poverty + effect) * (rank > 0)
                    with_outcome = int(random.binomial(observed, 1 / (1 + np.exp(-logit))))
                    who = (code, rank, cohort, sex, "cautioned_or_convicted_10_17")
                    counts.append((*who, observed + 20, observed, with_outcome))
    return counts, covariates


def make_warehouse(path: Path, counts: list[Row], covariates: list[Row]) -> Path:
    """A database with what the command reads."""
    with duckdb.connect(path) as connection:
        connection.execute("""
            create schema intermediate;
            create schema marts;
            create table intermediate.int_area_count (
                local_authority_code varchar, highest_intervention_rank integer,
                birth_cohort varchar, gender_code varchar, outcome varchar,
                n_persons bigint, n_observed bigint, n_with_outcome bigint
            );
            create table intermediate.int_area_covariate (
                local_authority_code varchar, measure varchar, value double
            );
            create table marts.person_highest_intervention (
                highest_intervention_rank integer, highest_intervention varchar
            );
        """)
        connection.executemany(
            "insert into marts.person_highest_intervention values (?, ?)", list(enumerate(LEVELS))
        )
        insert(connection, "intermediate.int_area_count", counts)
        insert(connection, "intermediate.int_area_covariate", covariates)
    return path


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    """Insert all rows at once: one after the other would take seconds."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        unnested = ", ".join("unnest(?)" for _ in columns)
        connection.execute(f"insert into {table} select {unnested}", columns)


def rows(database: Path, query: str) -> list[tuple]:
    with duckdb.connect(database, read_only=True) as connection:
        return connection.execute(query).fetchall()


def schemas(database: Path) -> set[str]:
    return {name for (name,) in rows(database, "select distinct schema_name from duckdb_tables()")}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A warehouse after the command, and what it printed."""
    database = tmp_path_factory.mktemp("areas") / "warehouse.duckdb"
    make_warehouse(database, *counts_by_authority())
    result = run_areas(database)
    assert result.returncode == 0, result.stdout + result.stderr
    return database, result


def test_there_is_a_model_of_all_levels_and_of_each(done) -> None:
    database, _ = done
    models = rows(
        database,
        "select distinct highest_intervention, has_covariates, n_local_authorities, cohort"
        " from models.area_term order by all",
    )
    expected = [
        (level, has, N_AUTHORITIES, "all")
        for level in sorted(("any social care", *LEVELS[1:]))
        for has in (False, True)
    ]
    assert models == expected


def test_the_terms_come_near_what_the_counts_were_drawn_with(done) -> None:
    database, _ = done
    terms = dict(
        rows(
            database,
            "select term, estimate from models.area_term"
            " where highest_intervention = 'any social care' and has_covariates",
        )
    )
    assert terms["child looked after"] == pytest.approx(3 * 0.4, abs=0.15)
    assert terms["2"] == pytest.approx(-0.7, abs=0.1)
    assert terms["ever_free_meals_percent"] == pytest.approx(0.2, abs=0.1)
    assert terms["log_odds_without_social_care"] == pytest.approx(1, abs=0.25)
    assert terms["sigma"] == pytest.approx(0.15, abs=0.06)
    assert terms["median_odds_ratio"] == pytest.approx(median_odds_ratio(terms["sigma"]))
    assert 50 < terms["variance_explained_percent"] < 100
    assert {"1995/1996", "not known"} <= set(terms)


def test_each_authority_has_an_effect_with_limits_and_its_counts(done) -> None:
    database, _ = done
    ((n, n_counted, n_in_limits, n_ratios),) = rows(
        database,
        """
        select
            count(*),
            sum(n_observed),
            count(*) filter (where effect between lower_95 and upper_95),
            count(*) filter (where abs(ln(odds_ratio_upper_95) - upper_95) < 1e-9)
        from models.area_effect
        where highest_intervention = 'any social care' and has_covariates
        """,
    )
    ((in_counts,),) = rows(
        database,
        "select sum(n_observed) from intermediate.int_area_count"
        " where highest_intervention_rank > 0",
    )
    assert (n, n_in_limits, n_ratios) == (N_AUTHORITIES,) * 3
    assert n_counted == in_counts


def test_every_table_and_column_is_described(done) -> None:
    database, _ = done
    ((n_columns, n_described, n_grains),) = rows(
        database,
        """
        select
            count(*),
            count(*) filter (where columns.comment is not null),
            count(distinct tables.comment) filter (where tables.comment like 'One row per %')
        from duckdb_columns() as columns
        inner join duckdb_tables() as tables using (schema_name, table_name)
        where schema_name = 'models'
        """,
    )
    assert (n_described, n_grains) == (n_columns, 2)


def test_the_screen_names_no_authority_and_no_small_count(done) -> None:
    _, result = done
    assert "median odds ratio" in result.stdout
    assert "E0600" not in result.stdout
    children = re.findall(r"│ +40 │ +([\d,]+) │", result.stdout)
    assert len(children) == 5
    assert all(int(number.replace(",", "")) % 10 == 0 for number in children)


def test_cohorts_levels_and_outcomes_can_be_chosen(tmp_path: Path) -> None:
    database = make_warehouse(tmp_path / "warehouse.duckdb", *counts_by_authority())
    result = areas(database, "--cohort", "1995/1996", "--level", "child in need")
    assert result.returncode == 0, result.stderr
    found = rows(
        database,
        "select distinct highest_intervention, cohort, n_observed from models.area_term",
    )
    expected = rows(
        database,
        "select 'child in need', '1995/1996', sum(n_observed)::bigint"
        " from intermediate.int_area_count"
        " where birth_cohort = '1995/1996' and highest_intervention_rank = 2",
    )
    assert found == expected


def test_a_second_run_replaces_the_first(tmp_path: Path) -> None:
    database = make_warehouse(tmp_path / "warehouse.duckdb", *counts_by_authority())
    for level in ("child in need", "referral only"):
        assert areas(database, "--level", level).returncode == 0
    query = "select distinct highest_intervention from models.area_effect"
    assert rows(database, query) == [("referral only",)]
    assert not list(tmp_path.glob("*.wal"))


def test_without_poverty_the_model_says_so(tmp_path: Path) -> None:
    counts, _ = counts_by_authority()
    database = make_warehouse(tmp_path / "warehouse.duckdb", counts, [])
    result = areas(database, "--level", "child in need")
    assert "not adjusted for poverty" in result.stdout
    query = "select term from models.area_term where term_group = 'covariate'"
    assert rows(database, query) == [("log_odds_without_social_care",)]


def test_an_authority_without_poverty_or_other_children_is_left_out(tmp_path: Path) -> None:
    counts, covariates = counts_by_authority()
    counts = [row for row in counts if row[:2] != ("E06000001", 0)]
    database = make_warehouse(tmp_path / "warehouse.duckdb", counts, covariates[1:])
    result = areas(database, "--level", "child in need")
    assert "2 authorities are left out" in result.stdout
    query = "select count(distinct local_authority_code), min(local_authority_code)"
    assert rows(database, f"{query} from models.area_effect") == [(38, "E06000002")]


def test_a_cohort_in_which_nobody_has_the_outcome_is_left_out(tmp_path: Path) -> None:
    counts, covariates = counts_by_authority()
    counts = [(*row[:7], 0) if row[2] == "1995/1996" else row for row in counts]
    database = make_warehouse(tmp_path / "warehouse.duckdb", counts, covariates)
    assert areas(database, "--level", "child in need").returncode == 0
    query = "select term from models.area_term where term_group = 'birth_cohort'"
    assert rows(database, f"{query} and has_covariates") == [("not known",)]


def refused(result: subprocess.CompletedProcess[str], code: int, words: str) -> None:
    assert result.returncode == code, result.stdout + result.stderr
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_extract_without_authorities_is_refused(tmp_path: Path) -> None:
    database = make_warehouse(tmp_path / "warehouse.duckdb", [], [])
    refused(areas(database), 2, "No person in this warehouse has a local authority")
    assert "models" not in schemas(database)


def test_too_few_authorities_are_refused(tmp_path: Path) -> None:
    database = make_warehouse(tmp_path / "warehouse.duckdb", *counts_by_authority(9))
    refused(areas(database), 2, "fewer than 10 local authorities")
    assert "models" not in schemas(database)


def test_too_few_children_are_refused(tmp_path: Path) -> None:
    counts, covariates = counts_by_authority()
    counts = [(*row[:7], int(number < 9)) for number, row in enumerate(counts)]
    database = make_warehouse(tmp_path / "warehouse.duckdb", counts, covariates)
    refused(areas(database), 2, "fewer than 10 children have the outcome")
    assert "models" not in schemas(database)


def test_a_model_that_does_not_converge_writes_nothing(tmp_path: Path) -> None:
    """Who has two of three signs has the outcome, and nobody else: no fit is the best one."""
    counts, covariates = counts_by_authority()
    counts = [
        (*row[:7], row[6] if (row[1] > 2) + (row[2] == "1995/1996") + (row[3] == "2") > 1 else 0)
        for row in counts
    ]
    database = make_warehouse(tmp_path / "warehouse.duckdb", counts, covariates)
    refused(areas(database), 1, "does not converge")
    assert "models" not in schemas(database)


@pytest.mark.parametrize(
    ("option", "known"),
    [
        ("--outcome", "cautioned_or_convicted_10_17"),
        ("--level", "child looked after"),
        ("--cohort", "1994/1995"),
        ("--poverty", "ever_free_meals_percent"),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_are_known(
    option: str, known: str, done: tuple[Path, object]
) -> None:
    refused(areas(done[0], option, "other"), 2, known)


def test_a_database_without_the_counts_is_refused(tmp_path: Path) -> None:
    database = tmp_path / "other.duckdb"
    duckdb.connect(str(database)).close()
    refused(areas(database), 2, "lacks tables about local authorities")
    refused(areas(tmp_path / "none.duckdb"), 2, "There is no warehouse")


def test_it_waits_for_no_build_for_ever(done: tuple[Path, object]) -> None:
    with only_writer_of(done[0]):
        refused(areas(done[0]), 2, "is running")


def test_without_scipy_the_command_says_what_to_install(
    done: tuple[Path, object], tmp_path: Path
) -> None:
    (tmp_path / "scipy.py").write_text("raise ModuleNotFoundError('scipy')\n")
    path = os.pathsep.join([str(tmp_path), str(PROJECT_DIR / "scripts")])
    refused(run_areas(done[0], {"PYTHONPATH": path}), 2, "pip install numpy scipy")


@pytest.mark.parametrize("options", [(), ("--level", "child in need")])
def test_without_social_care_there_is_nothing_to_model(tmp_path, options) -> None:
    counts, covariates = counts_by_authority()
    database = make_warehouse(tmp_path / "w.duckdb", [c for c in counts if not c[1]], covariates)
    with duckdb.connect(database) as connection:
        connection.execute(
            "delete from marts.person_highest_intervention where highest_intervention_rank > 0"
        )
    result = areas(database, *options)
    assert result.returncode == 2, result.stderr
    assert "No child in this warehouse has social care" in " ".join(result.stderr.split())


def test_one_level_that_does_not_converge_is_explained(tmp_path, monkeypatch) -> None:
    """With one level there is no model of all levels together."""

    def diverges(*_: object) -> None:
        raise NotConvergedError

    counts, covariates = counts_by_authority()
    database = make_warehouse(tmp_path / "w.duckdb", [c for c in counts if c[1] < 2], covariates)
    with duckdb.connect(database) as connection:
        connection.execute(
            "delete from marts.person_highest_intervention where highest_intervention_rank > 1"
        )
    monkeypatch.setattr(model, "fit", diverges)
    result = areas(database)
    assert result.returncode == 2, result.stderr
    assert "because the model does not converge" in " ".join(result.stderr.split())
