"""Areas: the tables follow from the persons, with and without names of authorities."""

from __future__ import annotations

import csv
import os
import shutil
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest
from commands import PROJECT_DIR, run_dbt
from compiled_models import CompiledModels, Rows
from outcome_extracts import Extracts
from random_lives import lives

MARTS = ("person_outcome", "area_outcome", "area_referral_threshold")
# Of each outcome: whether a person has it, by the columns of person_outcome; None is not known.
OUTCOMES = {
    "permanently_excluded": lambda person: person["is_permanently_excluded"],
    "any_suspension": lambda person: yes(person["n_suspensions_secondary"], 1),
    "convicted_two_or_more": lambda person: (
        yes(person["n_convictions"], 2) if person["is_justice_complete"] else None
    ),
}


def yes(number: int | None, least: int) -> bool | None:
    return None if number is None else number >= least


@pytest.fixture(scope="module")
def extracts() -> Extracts:
    """Some pupils with rows in every dataset."""
    return lives(seed=8, n_pupils=150)


def with_authorities(extracts: Extracts, changed: dict[str, str | None]) -> Extracts:
    """The same extracts with other codes of authorities in the census."""
    rows = [
        row | {name: changed.get(str(row[name])) for name in ("LA", "HomeLA") if row.get(name)}
        for row in extracts["census"]
    ]
    return extracts | {"census": rows}


def area_of_code() -> dict[str, str]:
    """The area of each code of three digits, from the seeds."""
    seeds = PROJECT_DIR / "seeds"
    with (seeds / "lookups" / "local_authority.csv").open(encoding="utf-8") as lines:
        codes = {row["code"]: row["ons_code"] for row in csv.DictReader(lines)}
    with (seeds / "areas" / "local_authority_change.csv").open(encoding="utf-8") as lines:
        areas = {row["new_la_code"]: row["area_code"] for row in csv.DictReader(lines)}
    return {code: areas.get(new, new) for code, new in codes.items()}


def expected_counts(persons: Rows) -> dict[tuple, list[float]]:
    """Persons, known, observed and expected by area, level and outcome."""
    areas = area_of_code()
    found: dict[tuple, list[float]] = defaultdict(lambda: [0, 0, 0, 0.0])
    for outcome, value_of in OUTCOMES.items():
        alike: dict[tuple, list[bool]] = defaultdict(list)
        members = []
        for person in persons:
            code = person["home_la_at_15"]
            if code is None:
                continue
            level, value = person["highest_intervention_rank"], value_of(person)
            group = (level, person["birth_cohort"], person["gender_code"])
            members.append((areas.get(str(code), str(code)), level, group, value))
            if value is not None:
                alike[group].append(value)
        for area, level, group, value in members:
            counts = found[area, level, outcome]
            counts[0] += 1
            if value is not None:
                counts[1] += 1
                counts[2] += value
                counts[3] += sum(alike[group]) / len(alike[group])
    return found


def test_areas_follow_from_the_persons(models: CompiledModels, extracts: Extracts) -> None:
    models.run(extracts, *MARTS)
    expected = expected_counts(models.rows("person_outcome"))
    rows = [
        row
        for row in models.rows("area_outcome")
        if row["cohort"] == "all" and row["outcome"] in OUTCOMES
    ]
    assert len({row["local_authority_code"] for row in rows}) > 1
    assert any(row["n_observed"] for row in rows)
    assert {
        (row["local_authority_code"], row["highest_intervention_rank"], row["outcome"])
        for row in rows
    } == {*expected}
    for row in rows:
        key = (row["local_authority_code"], row["highest_intervention_rank"], row["outcome"])
        n_persons, n_known, n_observed, n_expected = expected[key]
        assert (row["n_persons"], row["n_known"]) == (n_persons, n_known)
        assert (row["n_observed"] or 0, row["n_observed"] is None) == (n_observed, n_known == 0)
        assert (row["n_expected"] or 0) == pytest.approx(n_expected, abs=1e-6)
    persons = sum(
        row["n_persons"] for row in models.rows("area_referral_threshold") if row["cohort"] == "all"
    )
    assert persons == sum(row["home_la_at_15"] is not None for row in models.rows("person_outcome"))


def test_pseudonyms_are_areas_without_names(models: CompiledModels, extracts: Extracts) -> None:
    codes = {
        str(row[name]) for row in extracts["census"] for name in ("LA", "HomeLA") if row.get(name)
    }
    models.run(with_authorities(extracts, {code: f"P{code}" for code in codes}), *MARTS)
    rows = models.rows("area_outcome")
    assert rows
    assert all(str(row["local_authority_code"]).startswith("P") for row in rows)
    assert {row["la_name"] for row in rows} == {None}
    assert any(row["ratio"] is not None for row in rows)


def test_without_authorities_there_are_no_areas(models: CompiledModels, extracts: Extracts) -> None:
    for delivered in (with_authorities(extracts, {}), extracts | {"census": []}):
        models.run(delivered, *MARTS)
        assert models.rows("person_outcome")
        assert models.rows("area_outcome") == []
        assert models.rows("area_referral_threshold") == []


def test_figures_of_a_user_count_in_their_areas(default_warehouse: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(
        "new_la_code,year,measure,value\n"
        "E10000021,2015,crime,10\n"
        "941,2022,crime,20\n"
        "E06000065,2023,imd_2019_average_score,7\n"
        "Z99,2015,crime,99\n"
        "E10000021,2015,crime,many\n",
        encoding="utf-8",
    )
    database = Path(shutil.copy(default_warehouse, tmp_path / "warehouse.duckdb"))
    done = build_covariates(database, path)
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str(database), read_only=True) as connection:
        values = connection.sql(
            "select local_authority_code, measure, value from intermediate.int_area_covariate"
            " where measure in ('crime', 'imd_2019_average_score') order by all"
        ).fetchall()
        unused = connection.sql(
            "select n, n_total from quality.area_finding where code = 'covariate_not_used'"
        ).fetchall()
    # A measure of the file takes the place of the published one.
    assert values == [
        ("E10000021", "crime", 15.0),
        ("E10000023", "imd_2019_average_score", 7.0),
    ]
    assert unused == [(2, 5)]

    header = "new_la_code,year,measure,value\n"
    for text, sentence in (
        ("Anna,2015,crime,10\n", "has no header new_la_code,year,measure,value"),
        (header + "E10000021,2015,crime,Anna,10\n", "has lines with other than 4 columns"),
    ):
        path.write_text(text, encoding="utf-8")
        done = build_covariates(database, path)
        assert done.returncode != 0
        assert sentence in done.stdout
        assert "Anna" not in done.stdout + done.stderr


def build_covariates(database: Path, own: Path):
    """Build the tables about figures of authorities with the user's file."""
    os.environ["WAREHOUSE_AREA_COVARIATES"] = str(own)
    try:
        return run_dbt(
            database, database.parent, "build", "--exclude-resource-type", "unit_test", "--select",
            "int_area_covariate_row", "int_area_covariate", "area_finding",
        )  # fmt: skip
    finally:
        del os.environ["WAREHOUSE_AREA_COVARIATES"]
