"""Synthetic authorities differ in a known way, and England as a whole stays as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from commands import run_script
from synthetic import make

from social_care_warehouse.synthesis import generate
from social_care_warehouse.synthesis.generate import Order

PUPILS = 10_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same pupils with authorities that have no effect, and with ten that have."""
    folder = tmp_path_factory.mktemp("authorities")
    options = ("--pupils", PUPILS, "--seed", 5, "--clean", "--datasets", "all")
    return {
        name: make(folder / name, *options, "--authority-effects", name) for name in ("none", "ten")
    }


def rows(folder: Path, query: str) -> list[tuple]:
    """The answer to a query in which {} is the folder of the truth."""
    return duckdb.sql(query.replace("{}", str(folder / "truth"))).fetchall()


def test_the_truth_has_each_authority_once(made: dict[str, Path]) -> None:
    counts = rows(
        made["ten"],
        """
        select
            count(*) = count(distinct local_authority_old_code),
            count(*) = count(distinct local_authority_code),
            count(*) filter (where offence_effect = 1.5),
            count(distinct offence_effect) filter (where offence_effect < 1) = 1,
            bool_and(offence_factor = 1 and referral_offence_factor = 1),
            max(abs(social_care_offence_factor - offence_effect)) < 1e-9
        from '{}/local_authority.parquet'
        """,
    )
    assert counts == [(True, True, 10, True, True, True)]
    effects = "select distinct offence_effect from '{}/local_authority.parquet'"
    assert rows(made["none"], effects) == [(1.0,)]


@pytest.mark.parametrize("name", ["none", "ten"])
def test_england_as_a_whole_stays_as_it_was(name: str, made: dict[str, Path]) -> None:
    """Referrals of all children, and offending of those with social care, in the mean."""
    means = rows(
        made[name],
        """
        select
            sum(pupil_share * referral_factor),
            sum(pupil_share * referral_factor * social_care_offence_factor)
        from '{}/local_authority.parquet'
        """,
    )
    assert means[0] == pytest.approx((1, 1))


def offenders(folder: Path) -> dict[tuple[bool, bool], set[str]]:
    """The pupils who offended before 18, by whether they had social care, and in one of the ten."""
    found: dict[tuple[bool, bool], set[str]] = {}
    for has_social_care, is_one_of_ten, pupil_id in rows(
        folder,
        """
        select
            persons.true_highest_intervention != 'no social care contact',
            persons.la_code::bigint in (
                select local_authority_old_code
                from '{}/../../ten/truth/local_authority.parquet'
                where offence_effect > 1
            ),
            outcomes.pupil_id
        from '{}/person_outcome.parquet' as outcomes
        inner join '{}/person.parquet' as persons on outcomes.pupil_id = persons.pupil_id
        where outcomes.first_offence_age < 18
        """,
    ):
        found.setdefault((has_social_care, is_one_of_ten), set()).add(pupil_id)
    return found


def test_an_effect_moves_those_with_social_care_alone(made: dict[str, Path]) -> None:
    none, ten = offenders(made["none"]), offenders(made["ten"])
    assert ten[False, True] == none[False, True]
    assert ten[False, False] == none[False, False]
    assert ten[True, True] > none[True, True]
    # The others offend a little less, so that the rate of England stays.
    assert ten[True, False] <= none[True, False]


def test_no_chance_is_too_large_for_the_effect() -> None:
    """Otherwise those who offend most would have less than 1.5 times their chance."""
    with duckdb.connect() as connection:
        generate._prepare(connection, Order(Path(), 10, 1, datasets="all", authority_effects="ten"))
        largest = connection.sql("""
            select getvariable('largest_youth_chance') * max(social_care_offence_factor)
            from authority
        """).fetchall()
    assert largest[0][0] == pytest.approx(1)


def test_chosen_birth_years(tmp_path: Path) -> None:
    folder = make(tmp_path / "a", "--pupils", 200, "--seed", 5, "--clean", "--birth-years",
                  "1994-1995")  # fmt: skip
    born = duckdb.sql(f"""
        select count(*), min(birth_date), max(birth_date)
        from '{folder}/truth/person.parquet'
    """).fetchall()
    assert born[0][0] >= 200
    assert date(1994, 9, 1) <= born[0][1] < date(1995, 9, 1) <= born[0][2] < date(1996, 9, 1)
    for years in ("1998-1994", "1988", "1994-2012", "94-98"):
        done = run_script("synthesise", tmp_path / "b", "--pupils", 10, "--seed", 1,
                          "--birth-years", years)  # fmt: skip
        assert done.returncode == 2
        assert "from 1989 to 2011, for example 1994-1998" in done.stderr.replace("\n", " ")


def test_a_wrong_name_is_refused(tmp_path: Path) -> None:
    options = ("--pupils", 10, "--seed", 1)
    done = run_script("synthesise", tmp_path / "a", *options, "--authority-effects", "usua")
    assert done.returncode == 2
    assert "usual, none, ten" in done.stderr
    done = run_script("synthesise", tmp_path / "a", *options, "--authority-effects", "none")
    assert done.returncode == 2
    assert "--datasets all" in done.stderr
