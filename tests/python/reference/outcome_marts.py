"""The rows of the marts `person_school_year`, `exclusion` and `offence_occasion`.

The keys that are hashes are left out: what they are made of is in the other columns.
"""

from __future__ import annotations

import csv
from functools import cache

from reference.absence import absence_years
from reference.cells import Result, Row, academic_year_label, clean_code
from reference.census import census_years, deprivation_deciles, free_meals, shown_free_meals
from reference.code_lists import SEEDS, labels
from reference.exclusions import exclusion_years, exclusions
from reference.ks4 import end_rows
from reference.offences import RANKS, Birth, occasions, proven_offences
from reference.school_years import age_before, read_year_group, school_year

Extracts = dict[str, list[Row]]

LEGAL_MAXIMUM = 420
# Suspensions of primary and special schools were first collected in this school year.
FIRST_YEAR_OF_ALL_SUSPENSIONS = 2007
SEVERITIES = {rank: severity for severity, rank in RANKS.items()}


def person_school_years(extracts: Extracts, births: dict[str, Birth]) -> list[Result]:
    """A row for each pupil and school year in any of four datasets."""
    censuses = census_years(extracts.get("census", []))
    deciles = deprivation_deciles(censuses)
    meals = shown_free_meals(extracts.get("census", []))
    returns = absence_years(extracts.get("absence", []))
    excluded = exclusion_years(extracts.get("exclusion", []))
    ends = {
        pupil: school_year(row, "KS4_ACADYR")
        for pupil, row in end_rows(extracts.get("ks4", [])).items()
    }
    years_of_census = {year for own in censuses.values() for year in own}
    all_excluded = [(year, one) for own in excluded.values() for year, one in own.items()]
    years_of_exclusions = {year for year, _ in all_excluded}
    years_of_suspensions = {year for year, one in all_excluded if (one["n_suspensions"] or 0) > 0}
    found = []
    for pupil in {*censuses, *returns, *excluded, *ends}:
        own = [of.get(pupil, {}) for of in (censuses, returns, excluded)]
        for year in {*own[0], *own[1], *own[2], ends.get(pupil)} - {None}:
            census, absence, exclusion = (of.get(year) for of in own)
            group = _year_group(census, absence, exclusion)
            is_suspension_seen = year in years_of_suspensions and (
                year >= FIRST_YEAR_OF_ALL_SUSPENSIONS or _is_secondary(group, births[pupil], year)
            )
            found.append(
                {
                    "pupil_id": pupil,
                    **_names_of(year),
                    "year_group": group,
                    "in_census": census is not None if year in years_of_census else None,
                    "is_end_of_ks4": ends.get(pupil) == year,
                    **_sessions(absence),
                    **_suspensions(exclusion, census is not None and is_suspension_seen),
                    "n_permanent_exclusions": _number(
                        exclusion, "n_permanent", census is not None and year in years_of_exclusions
                    ),
                    "deprivation_decile": deciles.get(pupil, {}).get(year),
                    **_place_and_needs(census or {}, (pupil, year) in meals),
                }
            )
    return found


def _is_secondary(group: int | None, born: Birth, year: int) -> bool:
    """By the year group; where no source has one, by the age on 31 August before."""
    if group is not None:
        return group >= 7
    age = age_before(born, year)
    return age is not None and age >= 11


def _names_of(year: int) -> Result:
    """The school year by its label, its first calendar year and its last."""
    return {
        "academic_year": academic_year_label(year),
        "academic_year_start": year - 1,
        "academic_year_end": year,
    }


def _year_group(census: Row | None, absence: Result | None, exclusion: Result | None) -> int | None:
    shown = [
        read_year_group(census.get("NCyearActual")) if census else None,
        absence["year_group"] if absence else None,
        exclusion["year_group"] if exclusion else None,
    ]
    return next((group for group in shown if group is not None), None)


def _sessions(absence: Result | None) -> Result:
    """Sessions of the year, and the rate, which is unknown where more were possible than exist."""
    shown = absence or {}
    possible, missed = shown.get("possible"), shown.get("unauthorised")
    has_rate = possible is not None and possible <= LEGAL_MAXIMUM
    return {
        "sessions_possible": possible,
        "sessions_authorised": shown.get("authorised"),
        "sessions_unauthorised": missed,
        "percent_unauthorised": 100 * missed / possible if has_rate else None,
    }


def _suspensions(exclusion: Result | None, is_none_observed: bool) -> Result:
    number = _number(exclusion, "n_suspensions", is_none_observed)
    is_shown = exclusion is not None and (
        exclusion["n_suspensions"] is not None or (exclusion["sessions"] or 0) > 0
    )
    return {
        "n_suspensions": number,
        "suspension_sessions": exclusion["sessions"] if is_shown else number,
    }


def _number(exclusion: Result | None, item: str, is_none_observed: bool) -> int | None:
    """What the exclusions show; without that 0 where none is observed, otherwise unknown."""
    if exclusion is not None and exclusion[item] is not None:
        return exclusion[item]
    unreadable = "is_permanent_unreadable" if item == "n_permanent" else "is_total_unreadable"
    if exclusion is not None and exclusion[unreadable]:
        return None
    return 0 if is_none_observed else None


def _place_and_needs(census: Row, has_free_meals: bool) -> Result:
    home, sen = _authority(census, "HomeLA"), clean_code(census.get("SENprovision"))
    meals = free_meals(census)
    return {
        "local_authority_code": _authority(census, "LA"),
        "home_local_authority_code": home,
        "home_local_authority_label": _listed("local_authority", "label").get(home),
        "is_free_meals": meals[0],
        "is_ever_free_meals": True if has_free_meals else meals[3],
        "sen_code": sen,
        "sen_group": _listed("sen_provision", "sen_group").get(sen),
    }


def _authority(census: Row, column: str) -> str | None:
    """A local authority by its number, although it may be delivered by its longer code."""
    code = clean_code(census.get(column)) or clean_code(census.get(f"{column}_9Code"))
    return _numbers_of_authorities().get(code, code)


@cache
def _numbers_of_authorities() -> dict[str, str]:
    with (SEEDS / "lookups" / "local_authority.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row[name]: row["code"]
            for row in csv.DictReader(lines)
            for name in ("ons_code", "ons_code_later")
            if row[name]
        }


@cache
def _listed(lookup: str, column: str) -> dict[str, str]:
    """What a code list says of each of its codes."""
    with (SEEDS / "lookups" / f"{lookup}.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row[column] for row in csv.DictReader(lines)}


def exclusion_rows(extracts: Extracts) -> list[Result]:
    """A row for each exclusion that counts, of a year that is known."""
    reasons = labels("exclusion_reason")
    return [
        {
            "pupil_id": pupil,
            **_names_of(one["year"]),
            "start_date": one["start"],
            "category_code": one["category"],
            "category_label": labels("exclusion_category")[one["category"]],
            "category_group": one["group"],
            "reason_code": one["reasons"][0],
            "reason_label": reasons.get(one["reasons"][0]),
            "reason_b_code": one["reasons"][1],
            "reason_b_label": reasons.get(one["reasons"][1]),
            "reason_c_code": one["reasons"][2],
            "reason_c_label": reasons.get(one["reasons"][2]),
            "sessions": one["sessions"],
            "year_group": one["year_group"],
            "term_code": one["term"],
            "school_id": one["school"],
        }
        for pupil, own in exclusions(extracts.get("exclusion", [])).items()
        for one in own
    ]


def occasion_rows(extracts: Extracts, births: dict[str, Birth]) -> list[Result]:
    """A row for each caution or conviction of a pupil."""
    groups = labels("pnc_offence_group")
    has_disposals = any(clean_code(row.get("DisposalCode")) for row in extracts.get("offence", []))
    found = []
    for pupil, own in occasions(proven_offences(extracts, births)).items():
        for one in own:
            # Without a single disposal in the delivery nothing is assumed of severity.
            is_unknown = one["is_severity_assumed"] and not has_disposals
            rank = None if is_unknown else one["severity_rank"]
            found.append(
                {
                    "pupil_id": pupil,
                    "first_offence_date": one["first_offence"],
                    "offence_age": one["age"],
                    "conviction_date": one["date_of_outcome"],
                    "outcome": "conviction" if one["is_conviction"] else "caution",
                    "severity": SEVERITIES.get(rank),
                    "severity_rank": rank,
                    "is_severity_assumed": one["is_severity_assumed"] and has_disposals,
                    "offence_group_code": one["offence_group"],
                    "offence_group_label": groups.get(one["offence_group"]),
                    "n_offences": one["n_offences"],
                    "link_type": one["link_type"],
                }
            )
    return found
