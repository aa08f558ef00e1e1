"""Contradictions between the rows of a child, from the delivered rows to the marts.

Each case is a delivery of one child among others, and what the marts must show of it. The kinds of
contradiction come from validation rules and cleaning code that analysts of these returns publish.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from compiled_models import CompiledModels

HOMES = "Secure units, children's homes and semi-independent living accommodation"
CLA_COLUMNS = {
    "authority": "CLA_CLA_LA",
    "placement": "CLA_PLACEMENT",
    "reason": "CLA_REC",
    "new": "CLA_RNE",
    "poc": "CLA_POC_START",
}


@dataclass(frozen=True)
class Case:
    """The rows of a child, and the columns of marts that follow from them."""

    name: str
    rows: tuple[dict[str, str], ...]
    person: dict[str, object] = field(default_factory=dict)
    episodes: tuple[dict[str, object], ...] = ()
    placement_days: dict[str, int] | None = None
    every_episode: bool = True
    birth: tuple[str, str] | None = None


def care(year: int, start: str, end: str = "", **other: str) -> dict[str, str]:
    """A row of the looked after extract; open without an end."""
    row = {
        "CLA_PupilMatchingRefAnonymous": "child",
        "CLA_ACADYR": f"{year - 1}/{year}",
        "CLA_DATE_EPI_COMM": start,
        "CLA_DATE_EPI_CEASED": end,
        "CLA_PLACEMENT": "U6",
        "CLA_LEGAL_STATUS": "C2",
        "CLA_CAT_NEED": "N1",
        "CLA_REC": "" if end else "-10",
        "CLA_POC_START": "2011-05-01",
    }
    return row | {CLA_COLUMNS[name]: text for name, text in other.items()}


CARE = [
    Case(
        "moved on the day of arrival",
        (
            care(2012, "2011-05-01", "2011-05-01", reason="X1", placement="H5"),
            care(2012, "2011-05-01"),
        ),
        {"care_days_observed": 335, "n_care_episodes": 2, "n_placement_types": 2},
        ({"is_censored": True, "placement_code": "U6"}, {"is_censored": False, "duration_days": 0}),
    ),
    Case(
        "moved on the day of arrival, latest episode",
        (
            care(2012, "2011-05-01", "2011-05-01", reason="X1", placement="H5"),
            care(2012, "2011-05-01"),
        ),
        {"care_days_observed": 335, "n_care_episodes": 1},
        ({"is_censored": True, "placement_code": "U6"},),
        every_episode=False,
    ),
    Case(
        "two authorities from one day on",
        (
            care(2012, "2011-05-01", "2011-06-01", reason="E3", authority="301"),
            care(2012, "2011-05-01", authority="302"),
        ),
        {"care_days_observed": 335, "n_periods_of_care": 1},
        placement_days={"Foster placements: other carer": 335},
    ),
    Case(
        "two authorities from one day on, latest episode",
        (
            care(2012, "2011-05-01", "2011-06-01", reason="E3", authority="301"),
            care(2012, "2011-05-01", authority="302"),
        ),
        {"care_days_observed": 335, "n_care_episodes": 1},
        every_episode=False,
    ),
    Case(
        "two ended episodes of one start",
        (
            care(2012, "2011-06-08", "2011-06-09", reason="X1", placement="H5", poc="2011-06-08"),
            care(2012, "2011-06-08", "2011-06-10", reason="E4A", poc="2011-06-08"),
        ),
        {"care_days_observed": 2, "n_care_episodes": 2, "n_placement_types": 2},
    ),
    Case(
        "start corrected by a day in the next year",
        (
            care(2011, "2010-06-10", poc="2010-06-10"),
            care(2012, "2010-06-11", "2011-07-01", reason="E4A", poc="2010-06-10"),
        ),
        {"care_days_observed": 386, "n_care_episodes": 1, "n_periods_of_care": 1},
        ({"is_censored": False, "first_seen_year": 2011, "n_yearly_rows": 2},),
    ),
    Case(
        "open when last seen and followed by another placement",
        (
            care(2011, "2010-06-01", poc="2010-06-01"),
            care(2012, "2011-08-20", "2012-02-01", reason="E4A", placement="K2", poc="2010-06-01"),
        ),
        {"care_days_observed": 610, "n_care_episodes": 2, "n_periods_of_care": 1},
        placement_days={"Foster placements: other carer": 445, HOMES: 165},
    ),
    Case(
        "open when last seen and back in another period",
        (
            care(2011, "2010-06-01", poc="2010-06-01"),
            care(2012, "2011-08-20", "2012-02-01", reason="E4A", new="S", poc="2011-08-20"),
        ),
        {"care_days_observed": 303 + 165, "n_periods_of_care": 2},
    ),
    Case(
        "two starts in one year",
        (
            care(2011, "2010-09-23", "2011-01-30", reason="E4A", poc="2010-09-23"),
            care(2011, "2010-09-27", poc="2010-09-23"),
        ),
        {"care_days_observed": 189, "n_care_episodes": 2},
    ),
    Case(
        "overlapping placements",
        (
            care(2011, "2010-05-01", "2010-08-02", reason="X1", poc="2010-05-01"),
            care(2011, "2010-06-01", "2010-11-07", reason="E4", placement="K2", poc="2010-05-01"),
        ),
        {"care_days_observed": 190, "n_periods_of_care": 1},
        placement_days={"Foster placements: other carer": 31, HOMES: 159},
    ),
    Case(
        "start of the period from before the child went home",
        (
            care(2011, "2009-05-01", "2010-06-10", reason="E4A", poc="2009-05-01"),
            care(2012, "2011-09-01", "2011-12-01", reason="E8", new="S", poc="2009-05-01"),
        ),
        {"care_days_observed": 405 + 91, "n_periods_of_care": 2},
    ),
    Case(
        "end corrected to an earlier day",
        (
            care(2011, "2010-06-10", poc="2010-06-10"),
            care(2012, "2010-06-10", "2010-11-01", reason="E4A", poc="2010-06-10"),
        ),
        {"care_days_observed": 144, "n_care_episodes": 1},
    ),
    Case(
        "ended in one year and open in the next",
        (
            care(2011, "2010-06-10", "2010-11-01", reason="E4A", poc="2010-06-10"),
            care(2012, "2010-06-10", poc="2010-06-10"),
        ),
        {"care_days_observed": 660, "n_care_episodes": 1},
        ({"is_censored": True},),
    ),
    Case(
        "reason of an exit on an open episode",
        (care(2012, "2011-05-01", "2012-04-05", reason="E4A"),),
        {"care_days_observed": 335},
        (
            {
                "is_censored": True,
                "reason_episode_ceased_code": "E4A",
                "reason_episode_ceased_group": None,
            },
        ),
    ),
    Case(
        "care from before birth",
        (care(2012, "2011-05-01", "2011-08-01", reason="E4A", poc="2011-05-01"),),
        {"care_days_observed": 31},
        ({"is_start_too_early": True, "duration_days": None},),
        birth=("2011", "7"),
    ),
    Case(
        "start of the period from before birth",
        (care(2012, "2011-09-01", "2011-10-01", reason="E4A", poc="2009-05-01"),),
        {"care_days_observed": 30},
        birth=("2011", "7"),
    ),
    Case(
        "longer than a childhood",
        (
            care(2003, "1990-05-01", poc="1990-05-01"),
            care(2018, "2017-05-01", "2017-09-01", reason="E8", poc="1999-05-01"),
        ),
        # From 1 April 1999, 19 years before the end of the last reporting year.
        {"care_days_observed": 6728},
    ),
]


def others(every_episode: bool) -> list[dict[str, str]]:
    """Children who make it clear which release was delivered."""
    rows = []
    for number in range(30):
        other = {"CLA_PupilMatchingRefAnonymous": f"other {number}"}
        rows.append(care(2012, "2011-09-01", poc="2011-09-01") | other)
        if every_episode:
            ended = care(2012, "2011-06-01", "2011-07-01", reason="E8", poc="2011-06-01")
            rows.append(ended | other)
    return rows


@pytest.mark.parametrize("case", CARE, ids=lambda case: case.name)
def test_contradictions_of_care(models: CompiledModels, case: Case) -> None:
    population = []
    if case.birth is not None:
        year, month = case.birth
        population = [
            {"PupilMatchingRefAnonymous": "child", "YearOfBirth": year, "MonthOfBirth": month}
        ]
    models.run(
        {"cla": [*case.rows, *others(case.every_episode)], "population": population},
        "person_highest_intervention",
        "care_episode",
        "person_placement",
    )
    person = _own(models, "person_highest_intervention")[0]
    assert {column: person[column] for column in case.person} == case.person
    episodes = _own(models, "care_episode")
    episodes.sort(key=lambda row: (not row["is_censored"], row["episode_start_date"]))
    for found, expected in zip(episodes, case.episodes, strict=False):
        assert {column: found[column] for column in expected} == expected
    assert not case.episodes or len(episodes) == len(case.episodes)
    if case.placement_days is not None:
        placements = _own(models, "person_placement")
        days = {row["placement_group"]: row["placement_days"] for row in placements}
        assert days == case.placement_days


def _own(models: CompiledModels, mart: str) -> list[dict[str, object]]:
    return [row for row in models.rows(mart) if row["pupil_id"] == "child"]


def need(year: int, day: str, closed: str = "", reason: str = "", **other: str) -> dict[str, str]:
    """A row of the children in need extract; open without a closure."""
    row = {
        "CIN_PupilMatchingRefAnonymous": "child",
        "CIN_ACADYR": f"{year - 1}/{year}",
        "CIN_ReferralDate": day,
        "CIN_CINClosureDate": closed,
        "CIN_ReasonForClosure": reason,
        "CIN_ReferralNFA": "0",
        "CIN_CINat31March": "0" if closed else "1",
        "CIN_PrimaryNeedCode": "N1",
    }
    columns = {
        "authority": "CIN_LA",
        "nfa": "CIN_ReferralNFA",
        "plan": "CIN_CPPstartDate",
        "plan_end": "CIN_CPPendDate",
    }
    return row | {columns[name]: text for name, text in other.items()}


NEED = {
    "no further action in one authority, need in another": (
        [
            need(2012, "2011-05-01", "2011-05-01", "RC8", nfa="1", authority="301"),
            need(2012, "2011-05-01", plan="2011-06-01", authority="302"),
        ],
        [
            {"is_need_episode": False, "is_referral_nfa": True, "n_plans": 0},
            {"is_need_episode": True, "is_referral_nfa": False, "n_plans": 1},
        ],
    ),
    "no further action and need in one authority": (
        [
            need(2012, "2011-05-01", "2011-05-01", "RC8", nfa="1"),
            need(2012, "2011-05-01", plan="2011-06-01"),
        ],
        [{"is_need_episode": True, "is_referral_nfa": False, "closure": "None", "n_plans": 1}],
    ),
    "closed in one year and open in the next": (
        [need(2012, "2011-05-01", "2011-09-01", "RC1"), need(2013, "2011-05-01")],
        [{"closure": "None", "reason_for_closure_code": None, "n_yearly_rows": 2}],
    ),
    "second plan a year later": (
        [
            need(2012, "2011-05-01", plan="2011-06-01", plan_end="2011-08-01"),
            need(2013, "2011-05-01", plan="2012-12-01"),
        ],
        [{"plan": "2012-12-01", "plan_end": "None", "n_plans": 2}],
    ),
    "second plan in the same year": (
        [
            need(2012, "2011-05-01", plan="2011-06-01", plan_end="2011-08-01"),
            need(2012, "2011-05-01", plan="2011-12-01"),
        ],
        [{"plan": "2011-12-01", "plan_end": "None", "n_plans": 2}],
    ),
    "plan corrected by three days": (
        [
            need(2012, "2011-05-01", plan="2011-06-01"),
            need(2013, "2011-05-01", plan="2011-06-04", plan_end="2012-05-01"),
        ],
        [{"plan": "2011-06-04", "plan_end": "2012-05-01", "n_plans": 1}],
    ),
    "date corrected by a day": (
        [need(2012, "2011-05-01"), need(2013, "2011-05-02", "2012-06-01", "RC1")],
        [{"date": "2011-05-02", "closure": "2012-06-01", "n_yearly_rows": 2}],
    ),
    "date blank in one year": (
        [
            need(2012, "2011-05-01"),
            need(2013, ""),
            need(2014, "2011-05-01", "2013-06-01", "RC1"),
        ],
        [{"date": "2011-05-01", "closure": "2013-06-01", "n_yearly_rows": 3}],
    ),
}


@pytest.mark.parametrize("case", NEED)
def test_contradictions_of_need(models: CompiledModels, case: str) -> None:
    rows, expected = NEED[case]
    models.run({"cin": rows}, "referral", "person_first_contact")
    referrals = sorted(models.rows("referral"), key=lambda row: str(row["is_need_episode"]))
    shown = [
        row
        | {
            "date": str(row["referral_date"]),
            "closure": str(row["closure_date"]),
            "plan": str(row["cpp_start_date"]),
            "plan_end": str(row["cpp_end_date"]),
        }
        for row in referrals
    ]
    found = [
        {column: row[column] for column in wanted}
        for row, wanted in zip(shown, expected, strict=True)
    ]
    assert found == expected
    if any(row["is_need_episode"] for row in referrals):
        assert models.rows("person_first_contact")[0]["first_need_date"] is not None
