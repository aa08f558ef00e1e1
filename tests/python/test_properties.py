"""The models on hundreds of little extracts that nobody would think of writing down.

Each is compared with the package `reference`, which says the same things in slow, plain Python.
The ordinary run is the same every time; PROPERTY_PROFILE=search looks for new examples, for an
hour or so.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from itertools import pairwise

import reference
from compiled_models import CompiledModels
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

COMMON = {
    "deadline": None,
    "database": None,
    "print_blob": False,
    "suppress_health_check": list(HealthCheck),
}
settings.register_profile("ci", max_examples=150, derandomize=True, **COMMON)
settings.register_profile("search", max_examples=5_000, **COMMON)
profile = settings.get_profile(os.environ.get("PROPERTY_PROFILE", "ci"))
# Where each example takes several runs of the models.
fewer = settings(profile, max_examples=profile.max_examples // 6)


# Little extracts --------------------------------------------------------------------------------

# Few pupils, few days and few years, so that rows often meet: the same start, spells that touch,
# the same day, the edges of reporting years, 29 February.
DAYS = [
    date(2009, 12, 1),
    date(2010, 1, 10),
    date(2010, 3, 31),
    date(2010, 4, 1),
    date(2011, 3, 31),
    date(2012, 2, 29),
    date(2012, 3, 31),
    date(2013, 1, 1),
]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
YEAR_ENDS = [2010, 2011, 2012, 2013]

blanks = st.sampled_from(
    [None, "", " ", "\t", "\xa0", "\u3000 ", "\ufeff", "NULL", "null", "NA", "n/a", ".", " NA\t"]
)


def often(usual: st.SearchStrategy, *unusual: st.SearchStrategy) -> st.SearchStrategy:
    """Mostly the first, now and then one of the others."""
    return st.integers(0, 9).flatmap(lambda number: st.one_of(*unusual) if number == 0 else usual)


def padded(texts: st.SearchStrategy) -> st.SearchStrategy:
    """Now and then with white space round it."""
    spaces = st.sampled_from([" {}", "{}\t", "\xa0{} "])
    return often(texts, st.tuples(spaces, texts).map(lambda pair: pair[0].format(pair[1])))


def written(day: date) -> st.SearchStrategy:
    """A day in any form in which the extracts write one."""
    month = MONTHS[day.month - 1]
    return st.sampled_from(
        [
            day.isoformat(),
            f"{day.isoformat()} 00:00:00.000",
            f"{day.isoformat()}T00:00:00",
            f"{day:%d/%m/%Y}",
            f"{day.day}/{day.month}/{day.year}",
            f"{day:%d}{month.upper()}{day.year}",
            f"{day:%d}{month.upper()}{day.year}:00:00:00",
            f"{day:%d}-{month}-{day.year}",
        ]
    )


days = st.one_of(
    st.sampled_from(DAYS),
    st.sampled_from(DAYS),
    st.builds(lambda day, n: day + timedelta(days=n), st.sampled_from(DAYS), st.integers(-2, 2)),
    st.dates(date(2005, 4, 1), date(2018, 3, 31)),
)
no_dates = st.sampled_from(["31/02/2010", "29FEB2011", "2010-02-30", "12/25/2010", "2010", "soon"])
placeholders = st.sampled_from(["1900-01-01", "01/01/1800", "31-Dec-9999"])
dates = padded(often(days.flatmap(written), no_dates, placeholders))


def year_forms(year_end: int) -> st.SearchStrategy:
    """A year in each of its five forms."""
    start, end = str(year_end - 1), str(year_end)
    return st.sampled_from(
        [f"{start}/{end}", f"{start}{end}"]
        + [f"{start}{between}{end[2:]}" for between in ("/", "-", "")]
    )


year_ends = often(st.sampled_from(YEAR_ENDS), st.integers(2006, 2018))
no_years = st.sampled_from(["2005/2007", "2010", "2010/10", "9998/9999", "last year"])
years = padded(often(year_ends.flatmap(year_forms), no_years, blanks))
processing_years = often(
    year_ends.map(str),
    year_ends.map(lambda year: f"{year}.0"),
    blanks,
    st.sampled_from(["999999999", "-5", "2010.5"]),
)
flags = often(
    st.sampled_from(["0", "1"]),
    st.sampled_from(["0.0", "1.0", "TRUE", "false", "Y", "n"]),
    st.sampled_from(["2", "9", "?"]),
    blanks,
)
pupils = padded(often(st.sampled_from(["P1", "P1", "P2"]), st.sampled_from(["P3", "P4"]), blanks))
moj_uids = padded(often(st.sampled_from(["M1", "M2"]), blanks))
placements = often(st.sampled_from(["U6", "K2", "F1"]), st.just("u 6"), st.just("X9"), blanks)
legal_statuses = often(st.sampled_from(["C2", "V3", "V4", "V2"]), st.just("v4"), blanks)
reasons = st.one_of(
    st.sampled_from(["X1", "E4"]), st.sampled_from(["-10", "-10.0", "E11 ", "X9"]), blanks
)
abuse = st.one_of(
    blanks, blanks, blanks, st.sampled_from(["NEG", "emo"]), st.sampled_from(["X9", "0", "-", "N"])
)
plan_numbers = st.one_of(
    blanks,
    st.just("0"),
    st.sampled_from(["1", "2.0", " 3", "-1"]),
    st.sampled_from(["1.5", "one", "999999999"]),
)

cla_rows = st.fixed_dictionaries(
    {
        "CLA_PupilMatchingRefAnonymous": pupils,
        "MoJUID": moj_uids,
        "CLA_ACADYR": years,
        "CLA_PROCESSING_YEAR": processing_years,
        "CLA_POC_START": st.one_of(blanks, dates),
        "CLA_POC_LENGTH": st.sampled_from(["", "3", "90.5", "long"]),
        "CLA_CLA_31_MARCH": flags,
        "CLA_DATE_EPI_COMM": often(dates, blanks),
        "CLA_DATE_EPI_CEASED": st.one_of(blanks, dates, dates),
        "CLA_PLACEMENT": placements,
        "CLA_LEGAL_STATUS": legal_statuses,
        "CLA_CAT_NEED": often(st.sampled_from(["N1", "N8"]), st.just("N99"), blanks),
        "CLA_REC": reasons,
        "CLA_CLA_LA": often(st.sampled_from(["201", "302"]), blanks),
        "CLA_RNE": st.sampled_from(["", "S", "L", "P", "B"]),
    }
)
cin_rows = st.fixed_dictionaries(
    {
        "CIN_PupilMatchingRefAnonymous": pupils,
        "MoJUID": moj_uids,
        "CIN_ACADYR": years,
        "CIN_ReferralNFA": flags,
        "CIN_CINat31March": flags,
        "CIN_CategoryOfAbuse": abuse,
        "CIN_InitialCategoryOfAbuse": abuse,
        "CIN_LatestCategoryOfAbuse": abuse,
        "CIN_NumberOfPreviousCPP": plan_numbers,
        "CIN_PrimaryNeedCode": st.sampled_from(["N1", "A2", "NO", "", "X9"]),
        "CIN_ReasonForClosure": st.sampled_from(["RC1", "RC8", "NFA", "none", ""]),
        "CIN_ReferralDate": st.one_of(blanks, dates),
        "CIN_CINClosureDate": st.one_of(blanks, dates),
        "CIN_CPPstartDate": st.one_of(blanks, dates),
        "CIN_CPPendDate": st.one_of(blanks, dates),
        "CIN_ReferralSource": st.sampled_from(["", "1A", "2B"]),
        "CIN_LA": st.sampled_from(["", "201", "302"]),
        "CIN_AssessmentFactors": st.sampled_from(["", "1A,2B", "2b 1a"]),
    }
)
population_rows = st.fixed_dictionaries(
    {
        "PupilMatchingRefAnonymous": padded(often(st.sampled_from(["P1", "P2", "P5"]), blanks)),
        "MoJUID": moj_uids,
        "YearOfBirth": st.sampled_from(["1998", "2000.0", "NA", "98"]),
        "MonthOfBirth": st.sampled_from(["3", "12", "13", ""]),
        "Gender": st.sampled_from(["F", "M", ""]),
    }
)


@st.composite
def with_repeats(draw: st.DrawFn, rows: st.SearchStrategy, n_rows: int) -> list[dict]:
    """Rows, and some of them again: exactly, in another year, or with a cell or two changed."""
    drawn = draw(st.lists(rows, min_size=draw(often(st.just(n_rows), st.just(0))), max_size=n_rows))
    for row in draw(st.lists(st.sampled_from(drawn), max_size=n_rows)) if drawn else []:
        other = draw(rows)
        changed = draw(st.sets(st.sampled_from(sorted(row)), max_size=3))
        drawn.append(row | {column: other[column] for column in changed})
    return drawn


def reporting_year(day: date) -> int:
    """The year of the 31 March that ends the reporting year of a day."""
    return day.year + (day > date(day.year, 3, 31))


@st.composite
def care_histories(draw: st.DrawFn) -> list[dict]:
    """The yearly rows of a child whose episodes follow, touch, overlap or lie within one another.

    As an extract shows them: open in each year, or in some, until the one in which they end. Now
    and then a later year corrects the start, and another record has the same start.
    """
    pupil = draw(st.sampled_from(["P1", "P2"]))
    start = first_start = draw(st.sampled_from(DAYS))
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        end = start + timedelta(days=draw(st.sampled_from([0, 1, 10, 40, 400, 800])))
        last_year = reporting_year(end)
        codes = draw(cla_rows)
        shown_start = start
        for year in range(reporting_year(start), last_year + 1):
            is_last = year == last_year
            if not is_last and draw(st.booleans()):
                continue
            row = draw(often(st.just(codes), cla_rows)) | {
                "CLA_PupilMatchingRefAnonymous": pupil,
                "CLA_ACADYR": draw(year_forms(year)),
                "CLA_DATE_EPI_COMM": draw(written(shown_start)),
            }
            if draw(often(st.just(True), st.just(False))):
                row["CLA_DATE_EPI_CEASED"] = draw(written(end) if is_last else blanks)
                row["CLA_REC"] = "E4" if is_last else "-10"
            row["CLA_POC_START"] = draw(often(blanks, written(first_start), dates))
            rows.append(row)
            if draw(st.integers(0, 4)) == 0:
                rows.append(row | draw(other_records(shown_start)))
            shown_start += timedelta(days=draw(st.sampled_from([0, 0, 0, 1, -3, 30, 31])))
        start = end + timedelta(days=draw(st.sampled_from([0, 0, 1, 30, -1, -30, -390])))
    return rows


def other_records(start: date) -> st.SearchStrategy:
    """What a second record of one start and year has of its own."""
    ended = st.sampled_from([0, 0, 1, 20]).map(lambda n: start + timedelta(days=n)).flatmap(written)
    return st.fixed_dictionaries(
        {},
        optional={
            "CLA_DATE_EPI_CEASED": often(ended, blanks),
            "CLA_REC": st.sampled_from(["X1", "E4", "E3"]),
            "CLA_CLA_LA": st.sampled_from(["201", "302", ""]),
            "CLA_PLACEMENT": placements,
        },
    )


@st.composite
def referral_histories(draw: st.DrawFn) -> list[dict]:
    """The yearly rows of a referral: closed and open again, with plans, a date that changes."""
    day = draw(st.sampled_from(DAYS))
    codes = draw(cin_rows) | {"CIN_PupilMatchingRefAnonymous": draw(st.sampled_from(["P1", "P2"]))}
    rows = []
    for year in range(reporting_year(day), reporting_year(day) + draw(st.integers(1, 3))):
        row = draw(often(st.just(codes), cin_rows)) | {
            "CIN_PupilMatchingRefAnonymous": codes["CIN_PupilMatchingRefAnonymous"],
            "CIN_ACADYR": draw(year_forms(year)),
            "CIN_ReferralDate": draw(often(written(day), blanks)),
            "CIN_CINClosureDate": draw(st.one_of(blanks, blanks, dates)),
            "CIN_CPPstartDate": draw(st.one_of(blanks, st.just("2011-05-01"), dates)),
            "CIN_CPPendDate": draw(st.one_of(blanks, dates)),
        }
        rows.append(row)
        if draw(st.integers(0, 3)) == 0:
            other = draw(cin_rows)
            changed = ("CIN_LA", "CIN_ReferralNFA", "CIN_ReasonForClosure", "CIN_CINClosureDate")
            rows.append(row | {column: other[column] for column in changed})
        day += timedelta(days=draw(st.sampled_from([0, 0, 0, 1, -10, 31])))
    return rows


@st.composite
def cin_extracts(draw: st.DrawFn) -> list[dict]:
    """Referrals whose rows belong together, and rows that follow no plan at all."""
    histories = draw(st.lists(referral_histories(), max_size=2))
    return [*(row for rows in histories for row in rows), *draw(with_repeats(cin_rows, 3))]


@st.composite
def cla_extracts(draw: st.DrawFn) -> list[dict]:
    """Children whose rows belong together, and rows that follow no plan at all."""
    histories = draw(st.lists(care_histories(), max_size=2))
    return [*(row for rows in histories for row in rows), *draw(with_repeats(cla_rows, 3))]


extracts = st.fixed_dictionaries(
    {
        "cla": cla_extracts(),
        "cin": cin_extracts(),
        "population": st.lists(population_rows, max_size=4),
    }
)


PERSONS = "person_highest_intervention"

# Properties -------------------------------------------------------------------------------------


@profile
@given(extracts)
def test_marts_say_what_they_must(models: CompiledModels, extracts: dict) -> None:
    """What must hold of the marts of any extract."""
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
    models.run(extracts, PERSONS)
    before = models.rows(PERSONS)
    more = {"cla": [*extracts["cla"], cla_row], "cin": [*extracts["cin"], cin_row]}
    models.run(extracts | more, PERSONS)
    after = {row["pupil_id"]: row for row in models.rows(PERSONS)}
    for row in before:
        later = after[row["pupil_id"]]
        assert later["highest_intervention_rank"] >= row["highest_intervention_rank"]
