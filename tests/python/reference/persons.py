"""What the rows of a person show of intervention by social care."""

from __future__ import annotations

from collections import Counter
from datetime import date

from reference.care_days import nights, number_of_periods
from reference.cells import (
    Result,
    Row,
    Spell,
    academic_year_label,
    clean,
    clean_code,
    read_academic_year,
    read_date,
    read_flag,
    read_identifier,
    read_whole_number,
)
from reference.code_lists import labels, placement_groups, recoded
from reference.episodes import SHORT_BREAKS, care_histories, reporting_year, start_date

CATEGORIES = [
    "no social care contact",
    "referral only",
    "child in need",
    "child protection plan",
    "child looked after",
]


def persons(cla: list[Row], cin: list[Row], population: list[Row]) -> list[Result]:
    """The rows of `person_highest_intervention`: one for each pupil of any dataset."""
    pupils = {read_identifier(row["CLA_PupilMatchingRefAnonymous"]) for row in cla}
    pupils |= {read_identifier(row["CIN_PupilMatchingRefAnonymous"]) for row in cin}
    pupils |= {read_identifier(row["PupilMatchingRefAnonymous"]) for row in population}
    histories = care_histories(cla, population)
    return [
        _person(pupil, cla, cin, population, histories.get(pupil, ([], [])))
        for pupil in pupils
        if pupil is not None
    ]


def _person(
    pupil: str,
    cla: list[Row],
    cin: list[Row],
    population: list[Row],
    history: tuple[list[Result], list[Spell]],
) -> Result:
    own_cla = [row for row in cla if read_identifier(row["CLA_PupilMatchingRefAnonymous"]) == pupil]
    own_cin = [row for row in cin if read_identifier(row["CIN_PupilMatchingRefAnonymous"]) == pupil]
    own_population = [
        row for row in population if read_identifier(row["PupilMatchingRefAnonymous"]) == pupil
    ]

    moj_uids = Counter(
        read_identifier(row["MoJUID"]) for row in [*own_cla, *own_cin, *own_population]
    )
    del moj_uids[None]
    years = [reporting_year(row) for row in own_cla]
    years += [read_academic_year(row["CIN_ACADYR"]) for row in own_cin]
    years = [year for year in years if year is not None]

    care, need = _care(own_cla, *history), _need(own_cin)
    if own_cla:
        rank = 4
    elif own_cin and need["is_child_protection_plan"]:
        rank = 3
    elif own_cin and need["is_child_in_need"]:
        rank = 2
    elif own_cin:
        rank = 1
    else:
        rank = 0
    return {
        "pupil_id": pupil,
        # The most frequent one; of several that are equally frequent the first in the alphabet.
        "moj_uid": min(moj_uids, key=lambda uid: (-moj_uids[uid], uid), default=None),
        "highest_intervention": CATEGORIES[rank],
        "highest_intervention_rank": rank,
        "in_population": bool(own_population),
        "in_cla": bool(own_cla),
        "in_cin": bool(own_cin),
        **care,
        **need,
        "first_academic_year": academic_year_label(min(years, default=None)),
        "last_academic_year": academic_year_label(max(years, default=None)),
        "has_conflicting_moj_uid": len(moj_uids) > 1,
    }


def _care(own_cla: list[Row], episodes: list[Result], spells: list[Spell]) -> Result:
    """What the rows of a child looked after show of the child; None for all of it without rows."""
    # An episode that ends before it starts was seen on the day on which it started.
    ends = [max_known(e["episode_start_date"], e["episode_end_date"]) for e in episodes]
    groups = {placement_groups().get(e["placement_code"]) for e in episodes} - {None}
    items = {
        "is_child_looked_after": True,
        "first_cla_date": min((e["episode_start_date"] for e in episodes), default=None),
        "last_cla_date": max((end for end in ends if end is not None), default=None),
        "care_days_observed": len(nights(spells)),
        "n_periods_of_care": number_of_periods(spells),
        "n_care_episodes": len(episodes),
        "n_placement_types": len({e["placement_code"] for e in episodes} - {None}),
        "n_placement_groups": len(groups),
        # A row without a start is in no episode, so it counts by itself.
        "is_short_breaks_only": all(e["is_short_break"] for e in episodes)
        and all(
            clean_code(row["CLA_LEGAL_STATUS"]) in SHORT_BREAKS
            for row in own_cla
            if start_date(row, "CLA_DATE_EPI_COMM") is None
        ),
    }
    return items if own_cla else dict.fromkeys(items)


def max_known(start: date, end: date | None) -> date | None:
    """The later of an episode's start and end; None where the end is not known."""
    return None if end is None else max(start, end)


def closure(row: Row) -> tuple[date | None, str | None, bool | None]:
    """When and why a row shows a referral closed, and whether with no further action."""
    reason = recoded("cin", "reason_for_closure_code", row["CIN_ReasonForClosure"])
    return read_date(row["CIN_CINClosureDate"]), reason, read_flag(row["CIN_ReferralNFA"])


def _need(own_cin: list[Row]) -> Result:
    """The answers from the rows of a child in need; None for each of them without rows."""
    years_in_need: set[int | None] = set()
    has_category, previous_plans = False, 0
    for row in own_cin:
        if read_flag(row["CIN_CINat31March"]):
            years_in_need.add(read_academic_year(row["CIN_ACADYR"]))
        for column in ("CIN_CategoryOfAbuse", "CIN_InitialCategoryOfAbuse"):
            # A code that is not on the list counts as blank.
            has_category |= clean_code(row[column]) in labels("category_of_abuse")
        number = read_whole_number(row["CIN_NumberOfPreviousCPP"])
        if number is not None and 0 <= number <= 20:
            previous_plans += number
    was_in_need = _any_yes([row["CIN_CINat31March"] for row in own_cin])
    is_referral_only = None if was_in_need is None else not was_in_need
    items = {
        "is_child_protection_plan": has_category or previous_plans >= 1,
        "cpp_by_abuse_category": has_category,
        "cpp_by_previous_plans": previous_plans >= 1,
        "is_child_in_need": was_in_need,
        "years_child_in_need": _number_of_years(was_in_need, years_in_need),
        "is_referral_only": is_referral_only,
        "referral_only_by_31_march": is_referral_only,
        "referral_only_by_nfa": _any_yes([row["CIN_ReferralNFA"] for row in own_cin]),
    }
    return items if own_cin else dict.fromkeys(items)


def _any_yes(flags: list[str | None]) -> bool | None:
    """Whether any flag says yes; without one, None where a flag is there but cannot be read."""
    if any(read_flag(flag) for flag in flags):
        return True
    is_unknown = any(clean(flag) is not None and read_flag(flag) is None for flag in flags)
    return None if is_unknown else False


def _number_of_years(was_in_need: bool | None, years: set[int | None]) -> int | None:
    """How many years are known; at least one for a child who was in need in a year that is not."""
    if was_in_need is None:
        return None
    return max(1, len(years - {None})) if was_in_need else 0
