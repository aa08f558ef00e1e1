"""The models on hundreds of little extracts that nobody would think of writing down.

Each is compared with the package `reference`, which says the same things in slow, plain Python.
A run of the models takes as long for one extract as for many, so most extracts run together, with
pupils of their own. The ordinary run is the same every time; PROPERTY_PROFILE=search looks for new
examples, for an hour or so.
"""

from __future__ import annotations

import os
import random
from datetime import date
from itertools import pairwise

import pytest
import reference
from compiled_models import CompiledModels
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_extracts import cin_rows, cla_rows, extracts

COMMON = {
    "deadline": None,
    "database": None,
    "print_blob": False,
    "suppress_health_check": list(HealthCheck),
}
settings.register_profile("ci", max_examples=20, derandomize=True, **COMMON)
settings.register_profile("search", max_examples=5_000, **COMMON)
profile = settings.get_profile(os.environ.get("PROPERTY_PROFILE", "ci"))
# Where each example takes several runs of the models.
fewer = settings(profile, max_examples=profile.max_examples // 4)

N_DRAWN = 200
N_TOGETHER = 20

PERSONS = "person_highest_intervention"
PUPIL_COLUMNS = {
    "cla": "CLA_PupilMatchingRefAnonymous",
    "cin": "CIN_PupilMatchingRefAnonymous",
    "population": "PupilMatchingRefAnonymous",
}

# Many extracts together ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn() -> list[dict]:
    """Extracts as Hypothesis draws them, the same ones in every run."""
    found: list[dict] = []

    @settings(settings.get_profile("ci"), max_examples=N_DRAWN)
    @given(extracts)
    def keep(one: dict) -> None:
        found.append(one)

    keep()
    assert len(found) > N_DRAWN / 2
    return found


def together(parts: list[dict]) -> dict:
    """One delivery of several extracts, in which no pupil is in two of them."""
    return {
        dataset: [
            row | {column: own_name(row[column], part) for column in (name, "MoJUID")}
            for part, one in enumerate(parts)
            for row in one[dataset]
        ]
        for dataset, name in PUPIL_COLUMNS.items()
    }


def own_name(identifier: str | None, part: int) -> str | None:
    """P1 of part 7 is P7x1. What is blank stays blank."""
    return identifier and identifier.replace("P", f"P{part}x").replace("M", f"M{part}x")


def in_groups(drawn: list[dict], n_groups: int | None = None) -> list[list[dict]]:
    """The extracts in groups that run together; all of them, or only this many groups."""
    starts = range(0, len(drawn), N_TOGETHER)
    return [drawn[start : start + N_TOGETHER] for start in starts][:n_groups]


# Properties -------------------------------------------------------------------------------------


def test_marts_of_many_extracts_say_what_they_must(
    models: CompiledModels, drawn: list[dict]
) -> None:
    """What must hold of the marts of any extract, on many of them."""
    for parts in in_groups(drawn):
        try:
            _say_what_they_must(models, together(parts))
        except AssertionError:
            # An extract that fails alone is easier to read.
            for part in parts:
                _say_what_they_must(models, part)
            raise


@profile
@given(extracts)
def test_marts_say_what_they_must(models: CompiledModels, extracts: dict) -> None:
    """The same on one extract alone: what is decided by the whole delivery differs most then."""
    _say_what_they_must(models, extracts)


def _say_what_they_must(models: CompiledModels, extracts: dict) -> None:
    models.run(
        extracts,
        "care_episode",
        "period_of_care",
        "person_highest_intervention",
        "person_care_history",
        "person_placement",
        "person_year",
        "definition_sensitivity",
        "referral",
        "person_first_contact",
    )
    _are_what_the_reference_says(models, extracts)
    _have_every_pupil_once(models, extracts)
    _have_days_in_care_that_fit_in_the_calendar(models)
    _have_days_in_care_that_the_extract_covers(models, extracts)
    _have_placements_that_fit_in_care(models)
    _have_moves_as_the_reference_counts_them(models)
    _have_care_before_referral_from_the_start_of_the_period(models, extracts)
    _have_children_in_care_who_are_open_on_31_march(models, extracts)
    _have_no_more_care_than_a_childhood(models, extracts)
    _have_referrals_of_rows_that_agree(models, extracts)
    _have_years_that_lead_up_to_the_person(models, extracts)


def _are_what_the_reference_says(models: CompiledModels, extracts: dict) -> None:
    """Every column that the reference knows, of every episode and every person."""
    episodes = reference.care_episodes(extracts["cla"], extracts["population"])
    persons = reference.persons(extracts["cla"], extracts["cin"], extracts["population"])
    _assert_alike(models.rows("care_episode"), episodes, "care_episode_id")
    _assert_alike(models.rows("person_highest_intervention"), persons, "pupil_id")


def _assert_alike(actual: list[dict], expected: list[dict], key: str) -> None:
    """The same keys, and for each the same value and type in every column of the expected row."""
    assert sorted(row[key] for row in actual) == sorted(row[key] for row in expected)
    by_key = {row[key]: row for row in actual}
    for row in expected:
        found = by_key[row[key]]
        assert {column: found[column] for column in row} == row
        assert [type(found[column]) for column in row] == [type(value) for value in row.values()]


def _have_every_pupil_once(models: CompiledModels, extracts: dict) -> None:
    """Each pupil of the population, and of the extracts, has one row; nobody else has one.

    Under every definition each of them is counted in one category.
    """
    pupils = {
        reference.clean(row[column])
        for dataset, column in (
            ("population", "PupilMatchingRefAnonymous"),
            ("cla", "CLA_PupilMatchingRefAnonymous"),
            ("cin", "CIN_PupilMatchingRefAnonymous"),
        )
        for row in extracts[dataset]
    }
    rows = models.rows("person_highest_intervention")
    assert sorted(row["pupil_id"] for row in rows) == sorted(pupils - {None})
    persons: dict[object, int] = {}
    for row in models.rows("definition_sensitivity"):
        persons[row["definition"]] = persons.get(row["definition"], 0) + row["n_persons"]
    assert set(persons.values()) == {len(rows)}


def _have_days_in_care_that_fit_in_the_calendar(models: CompiledModels) -> None:
    """A child is in care on no more nights than lie between the first start and the last end.

    The first start may be that of a period of care, before the first episode that was shown. The
    days are those of the child's periods, which never touch, and cover each episode.
    """
    episodes, periods = models.rows("care_episode"), models.rows("period_of_care")
    for person in models.rows("person_highest_intervention"):
        own_periods = [row for row in periods if row["pupil_id"] == person["pupil_id"]]
        own_periods.sort(key=lambda row: row["period_start_date"])
        own_episodes = [row for row in episodes if row["pupil_id"] == person["pupil_id"]]
        if not own_periods:
            assert person["care_days_observed"] in (None, 0)
            continue
        starts = [row["episode_start_date"] for row in own_episodes]
        starts += [row["period_of_care_start_date"] for row in own_episodes]
        first_start = min(day for day in starts if day is not None)
        calendar_days = (person["last_cla_date"] - first_start).days
        assert 0 <= person["care_days_observed"] <= calendar_days
        assert person["care_days_observed"] == sum(row["period_days"] for row in own_periods)
        for earlier, later in pairwise(own_periods):
            assert earlier["period_end_date"] < later["period_start_date"]
        for row in own_episodes:
            assert (row["duration_days"] or 0) <= person["care_days_observed"]


def _have_days_in_care_that_the_extract_covers(models: CompiledModels, extracts: dict) -> None:
    """Of the nights in care those within the years of the extract, counted night by night.

    They are no more than these years have; where no year can be read, none is covered.
    """
    covered = reference.years_covered(extracts["cla"])
    histories = reference.care_histories(extracts["cla"], extracts["population"])
    for row in models.rows("person_care_history"):
        _, spells = histories[row["pupil_id"]]
        n_days = reference.days_in_covered_years(spells, covered)
        assert row["care_days_in_covered_years"] == n_days
        assert n_days <= row["care_days"]
        assert n_days == 0 or n_days <= (covered[1] - covered[0]).days


def _have_placements_that_fit_in_care(models: CompiledModels) -> None:
    """The nights in all placements of a child are no more than those in care."""
    days = {row["pupil_id"]: row["care_days"] for row in models.rows("person_care_history")}
    placement_days: dict[object, int] = {}
    for row in models.rows("person_placement"):
        pupil = row["pupil_id"]
        placement_days[pupil] = placement_days.get(pupil, 0) + row["placement_days"]
        assert 0 <= row["placement_days_not_short_break"] <= row["placement_days"]
        assert 0 <= row["n_episodes_not_short_break"] <= row["n_episodes"]
        assert row["last_date"] is None or row["last_date"] >= row["first_date"]
    for pupil, n_days in placement_days.items():
        assert n_days <= days.get(pupil, 0)


def _have_moves_as_the_reference_counts_them(models: CompiledModels) -> None:
    """The moves of each period, from its episodes in order of time."""
    facts = {row["care_episode_id"]: row for row in models.rows("int_cla_episode", "intermediate")}
    periods: dict[object, list[dict]] = {}
    for row in models.rows("int_cla_episode_period", "intermediate"):
        periods.setdefault((row["pupil_id"], row["period_number"]), []).append(row)
    for period in models.rows("period_of_care"):
        own = periods[(period["pupil_id"], period["period_number"])]
        own.sort(
            key=lambda row: (
                row["episode_start_date"],
                row["episode_end_date"],
                row["care_episode_id"],
            )
        )
        episodes = [facts[row["care_episode_id"]] | row for row in own]
        assert period["n_placement_moves"] == reference.number_of_moves(episodes)


def _have_care_before_referral_from_the_start_of_the_period(
    models: CompiledModels, extracts: dict
) -> None:
    """Care began with the first spell, or with an episode that shows no spell.

    Children with a start before birth are left out.
    """
    histories = reference.care_histories(extracts["cla"], extracts["population"])
    for row in models.rows("person_first_contact"):
        episodes, spells = histories.get(row["pupil_id"], ([], []))
        if any(episode["is_start_too_early"] for episode in episodes):
            continue
        starts = [start for start, _ in spells]
        starts += [e["episode_start_date"] for e in episodes if e["duration_days"] is None]
        referral = row["first_referral_date"]
        is_before = min(starts) < referral if starts and referral is not None else None
        assert row["is_care_before_referral"] == is_before


def _have_children_in_care_who_are_open_on_31_march(models: CompiledModels, extracts: dict) -> None:
    """A child with a row that is open on 31 March is in care on that day.

    A later row of the same start, or of one that can be its correction, may say otherwise.
    """
    delivered = []
    for row in extracts["cla"]:
        pupil = reference.clean(row["CLA_PupilMatchingRefAnonymous"])
        start = reference.start_date(row, "CLA_DATE_EPI_COMM")
        year = reference.reporting_year(row)
        if None not in (pupil, start, year):
            delivered.append((pupil, start, year, row))
    episodes = models.rows("care_episode")
    for pupil, start, year, row in delivered:
        day = date(year, 3, 31)
        is_latest = not any(
            other_pupil == pupil and other_year > year and abs((other_start - start).days) <= 30
            for other_pupil, other_start, other_year, _ in delivered
        )
        if is_latest and start <= day and reference.is_open(row):
            assert any(
                episode["pupil_id"] == pupil
                and episode["episode_start_date"] <= day <= episode["episode_end_date"]
                for episode in episodes
                if episode["episode_end_date"] is not None
            )


def _have_no_more_care_than_a_childhood(models: CompiledModels, extracts: dict) -> None:
    """Nobody is in care for more days than since birth, or than 19 years."""
    for row in models.rows("person_highest_intervention"):
        n_days = row["care_days_observed"] or 0
        assert n_days <= 19 * 365.25
        born = reference.birth(row["pupil_id"], extracts["population"])
        if born is not None and n_days > 0:
            assert n_days <= (row["last_cla_date"] - date(born[0], born[1] or 1, 1)).days


def _have_referrals_of_rows_that_agree(models: CompiledModels, extracts: dict) -> None:
    """Closure, reason and decision are those of one row, and so are start and end of a plan."""
    closures, plans = set(), set()
    for row in extracts["cin"]:
        pupil = reference.clean(row["CIN_PupilMatchingRefAnonymous"])
        plans.add((pupil, *(reference.read_date(row[f"CIN_CPP{x}Date"]) for x in ("start", "end"))))
        closures.add((pupil, *reference.closure(row)))
    needs: dict[object, list] = {}
    for row in models.rows("referral"):
        pupil, decision = row["pupil_id"], (row["reason_for_closure_code"], row["is_referral_nfa"])
        assert (pupil, row["closure_date"], *decision) in closures
        if row["n_plans"] > 0:
            assert (pupil, row["cpp_start_date"], row["cpp_end_date"]) in plans
        assert row["is_need_episode"] == (decision[0] != "RC8" and not decision[1])
        if row["is_need_episode"] and row["referral_date"] is not None:
            needs.setdefault(pupil, []).append(row["referral_date"])
    for row in models.rows("person_first_contact"):
        assert row["first_need_date"] == min(needs.get(row["pupil_id"], []), default=None)


def _have_years_that_lead_up_to_the_person(models: CompiledModels, extracts: dict) -> None:
    """The highest so far is that of the years up to then, and in the end the person's own.

    Rows whose year cannot be read are left out.
    """
    unclear = {
        reference.clean(row["CLA_PupilMatchingRefAnonymous"])
        for row in extracts["cla"]
        if reference.reporting_year(row) is None
    } | {
        reference.clean(row["CIN_PupilMatchingRefAnonymous"])
        for row in extracts["cin"]
        if reference.read_academic_year(row["CIN_ACADYR"]) is None
    }
    so_far: dict[object, int] = {}
    for row in sorted(models.rows("person_year"), key=lambda row: row["academic_year"]):
        rank, pupil = row["highest_intervention_rank"], row["pupil_id"]
        so_far[pupil] = max(so_far.get(pupil, 0), rank)
        assert row["highest_intervention_so_far_rank"] == so_far[pupil]
    for row in models.rows("person_highest_intervention"):
        if row["pupil_id"] not in unclear:
            assert row["highest_intervention_rank"] == so_far.get(row["pupil_id"], 0)


@fewer
@given(extracts, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(models: CompiledModels, extracts: dict, random) -> None:
    """The same rows in another order give the same marts, to the byte."""
    _are_the_same_in_any_order(models, extracts, random)


def test_order_of_rows_of_many_extracts_does_not_matter(
    models: CompiledModels, drawn: list[dict]
) -> None:
    for parts in in_groups(drawn, 4):
        _are_the_same_in_any_order(models, together(parts), random.Random(1))


def _are_the_same_in_any_order(
    models: CompiledModels, extracts: dict, random: random.Random
) -> None:
    models.run(extracts)
    before = {mart: repr(models.rows(mart)).encode() for mart in models.marts}
    for rows in extracts.values():
        random.shuffle(rows)
    models.run(extracts)
    after = {mart: repr(models.rows(mart)).encode() for mart in models.marts}
    assert after == before


@fewer
@given(extracts)
def test_a_delivery_made_twice_changes_no_person(models: CompiledModels, extracts: dict) -> None:
    """Rows that are exactly alike are evidence of nothing more, for a person or a year."""
    _are_the_same_if_made_twice(models, extracts)


def test_many_extracts_made_twice_change_no_person(
    models: CompiledModels, drawn: list[dict]
) -> None:
    for parts in in_groups(drawn, 6):
        _are_the_same_if_made_twice(models, together(parts))


def _are_the_same_if_made_twice(models: CompiledModels, extracts: dict) -> None:
    marts = (PERSONS, "person_year")
    models.run(extracts, *marts)
    once = [models.rows(mart) for mart in marts]
    models.run({dataset: rows + rows for dataset, rows in extracts.items()}, *marts)
    assert [models.rows(mart) for mart in marts] == once


@fewer
@given(extracts, cla_rows, cin_rows)
def test_more_rows_never_lower_an_intervention(
    models: CompiledModels, extracts: dict, cla_row: dict, cin_row: dict
) -> None:
    """The highest that a person ever had can only rise when more is known."""
    _never_fall(models, extracts, {"cla": [cla_row], "cin": [cin_row], "population": []})


def test_more_rows_of_many_extracts_never_lower_an_intervention(
    models: CompiledModels, drawn: list[dict]
) -> None:
    """To the rows of each pupil come those of the pupil of that name in the next extract."""
    for parts in in_groups(drawn, 6):
        nothing: dict = {"population": []}
        others = [part | nothing for part in [*parts[1:], parts[0]]]
        _never_fall(models, together(parts), together(others))


def _never_fall(models: CompiledModels, extracts: dict, more: dict) -> None:
    models.run(extracts, PERSONS)
    before = models.rows(PERSONS)
    models.run({dataset: rows + more[dataset] for dataset, rows in extracts.items()}, PERSONS)
    after = {row["pupil_id"]: row for row in models.rows(PERSONS)}
    for row in before:
        later = after[row["pupil_id"]]
        assert later["highest_intervention_rank"] >= row["highest_intervention_rank"]
