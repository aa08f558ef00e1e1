"""The twelve outcomes of each person: a row of `person_outcome`.

None means not observed, 0 means observed none. Which of the two holds depends on what was
delivered: a school year of which nobody has an exclusion was not delivered.
"""

from __future__ import annotations

from datetime import date

from reference.absence import absence_years
from reference.cells import (
    Result,
    Row,
    clean_code,
    read_flag,
)
from reference.census import census_years, deprivation_deciles, free_meals
from reference.contacts import Interval, first_contacts, order
from reference.episodes import care_histories
from reference.exclusions import exclusion_years
from reference.ks4 import end_rows, results
from reference.offences import (
    REFERENCES,
    last_day_of_police_record,
    occasions,
    proven_offences,
)
from reference.particulars import birth
from reference.persons import persons
from reference.school_years import (
    SECONDARY,
    age_before,
    pupil_rows,
    read_year_group,
    school_year,
)

Extracts = dict[str, list[Row]]
Birth = tuple[int, int | None] | None

OUTCOME_TO_AGE = 18
LEGAL_MAXIMUM = 420
FIRST_DAY_OF_POLICE_RECORD = date(2000, 1, 1)
BANDS = ("none", "one", "two or more")
DISPOSALS = ("none", "caution", "non-custodial", "custodial")
# Each level of contact, the rank of intervention that it belongs to, and its dataset.
LEVELS = (("care", 4, "cla"), ("plan", 3, "cin"), ("need", 2, "cin"), ("referral", 1, "cin"))


def outcomes(extracts: Extracts) -> list[Result]:
    """One row for each pupil of any dataset."""
    rows_of = rows_of_pupils(extracts)
    born = births(extracts)
    in_school = schooling(extracts, born)
    police = justice(extracts, born)
    contacts = social_care(extracts)
    ends = results(extracts.get("ks4", []))
    no_results = dict.fromkeys(
        ("ks4_academic_year", "ks4_regime", "ks4_level_2_english_maths", "ks4_attainment_rank")
    )
    delivered = {dataset for dataset, rows in extracts.items() if rows}
    found = []
    for pupil in born:
        own = {"pupil_id": pupil} | ends.get(pupil, no_results) | in_school[pupil] | police[pupil]
        rows = {dataset: of_pupil.get(pupil, []) for dataset, of_pupil in rows_of.items()}
        own |= what_came_first(contacts.get(pupil, {}), own, highest(rows), delivered)
        own["is_ever_fsm"] = ever_free_meals(rows)
        found.append({name: value for name, value in own.items() if not name.startswith("_")})
    return found


def rows_of_pupils(extracts: Extracts) -> dict[str, dict[str, list[Row]]]:
    """The rows of each pupil in each dataset."""
    return {
        dataset: pupil_rows(rows, REFERENCES.get(dataset, "PupilMatchingRefAnonymous"))
        for dataset, rows in extracts.items()
    }


def births(extracts: Extracts) -> dict[str, Birth]:
    """Year and month of birth of each pupil of any dataset."""
    rows_of = rows_of_pupils(extracts)
    pupils = {pupil for own in rows_of.values() for pupil in own}
    return {pupil: birth_in_any_file(pupil, rows_of) for pupil in pupils}


def highest(rows: dict[str, list[Row]]) -> int:
    """The rank of the highest intervention of one pupil, from the rows of that pupil."""
    people = persons(rows.get("cla", []), rows.get("cin", []), rows.get("population", []))
    return people[0]["highest_intervention_rank"] if people else 0


def ever_free_meals(rows: dict[str, list[Row]]) -> bool | None:
    """Whether any row of any census, or the row at the end of key stage 4, shows free meals."""
    flags = [
        flag
        for row in rows.get("census", [])
        if school_year(row, "AcademicYear") is not None
        for flag in free_meals(row)
    ]
    flags += [
        read_flag(row.get(column))
        for row in end_rows(rows.get("ks4", [])).values()
        for column in ("KS4_FSM", "KS4_FSM6")
    ]
    known = [flag for flag in flags if flag is not None]
    return any(known) if known else None


def birth_in_any_file(pupil: str, rows_of: dict[str, dict[str, list[Row]]]) -> Birth:
    """Year and month of birth, from one file: the population, else the census, else KS4.

    A file that has both comes before one that has the year alone.
    """

    def own(dataset: str) -> list[Row]:
        return rows_of.get(dataset, {}).get(pupil, [])

    births = [birth(pupil, own("population"))]
    for dataset, year, month in (
        ("census", "YearOfBirth", "MonthOfBirth"),
        ("ks4", "KS4_YEAROFBIRTH", "KS4_MONTHOFBIRTH"),
    ):
        rows = [
            {
                "PupilMatchingRefAnonymous": pupil,
                "YearOfBirth": row.get(year),
                "MonthOfBirth": row.get(month),
            }
            for row in own(dataset)
        ]
        births.append(birth(pupil, rows))
    known = [born for born in births if born is not None]
    return next((born for born in known if born[1] is not None), known[0] if known else None)


# Items 4 to 6 and 12 ----------------------------------------------------------------------------


def schooling(extracts: Extracts, births: dict[str, Birth]) -> dict[str, Result]:
    """Absence, exclusions and what the censuses show of each pupil."""
    census = census_years(extracts.get("census", []))
    deciles = deprivation_deciles(census)
    absence = absence_years(extracts.get("absence", []))
    exclusions = exclusion_years(extracts.get("exclusion", []))
    years = [(year, one) for own in exclusions.values() for year, one in own.items()]
    with_any = {year for year, _ in years}
    with_suspensions = {year for year, one in years if (one["n_suspensions"] or 0) > 0}
    found = {}
    for pupil, born in births.items():
        censuses, returns = census.get(pupil, {}), absence.get(pupil, {})
        excluded = exclusions.get(pupil, {})
        seen: Result = {"possible": [], "missed": [], "suspensions": [], "sessions": []}
        permanent: list[int] = []
        for year in {*censuses, *returns, *excluded}:
            group = None
            if year in censuses:
                group = read_year_group(censuses[year].get("NCyearActual"))
            for source in (returns, excluded):
                if group is None and year in source:
                    group = source[year]["year_group"]
            if group is None:
                age = age_before(born, year)
                group = None if age is None else age - 4
            shown = excluded.get(year)
            is_unreadable = {
                item: shown is not None and shown[f"is_{item}_unreadable"]
                for item in ("total", "permanent")
            }
            if shown is not None and shown["n_permanent"] is not None:
                permanent.append(shown["n_permanent"])
            elif year in censuses and year in with_any and not is_unreadable["permanent"]:
                permanent.append(0)
            if group not in SECONDARY:
                continue
            if year in returns and is_observed(returns[year]):
                seen["possible"].append(returns[year]["possible"])
                seen["missed"].append(returns[year]["unauthorised"])
            if shown is not None and shown["n_suspensions"] is not None:
                seen["suspensions"].append(shown["n_suspensions"])
                is_none = shown["n_suspensions"] == 0
                seen["sessions"].append(0 if is_none else shown["sessions"])
            elif year in censuses and year in with_suspensions and not is_unreadable["total"]:
                seen["suspensions"].append(0)
                seen["sessions"].append(0)
        starts = [day for one in excluded.values() if (day := one["first_permanent"])]
        n_permanent = sum(permanent) if permanent else None
        found[pupil] = {
            "n_secondary_years_observed": len(seen["possible"]) if absence else None,
            "sessions_possible_secondary": sum(seen["possible"]) if seen["possible"] else None,
            "unauthorised_sessions_secondary": sum(seen["missed"]) if seen["missed"] else None,
            "n_suspensions_secondary": sum(seen["suspensions"]) if seen["suspensions"] else None,
            "suspension_sessions_secondary": (
                sum(seen["sessions"]) if seen["sessions"] and None not in seen["sessions"] else None
            ),
            "n_permanent_exclusions": n_permanent,
            "is_permanently_excluded": None if n_permanent is None else n_permanent > 0,
            "first_permanent_exclusion_date": min(starts, default=None),
            **place(censuses, deciles.get(pupil, {}), born),
        }
    return found


def is_observed(year: Result) -> bool:
    """Whether a year shows absence: a return that is credible, and no more than a year holds."""
    return (
        year["possible"] is not None
        and 0 < year["possible"] <= LEGAL_MAXIMUM
        and year["unauthorised"] is not None
    )


def place(censuses: dict[int, Row], deciles: dict[int, int], born: Birth) -> Result:
    """Authority, deprivation, needs: each of the census at 15, else of the nearest before it."""
    found: Result = {
        "home_la_at_15": None,
        "school_la_at_15": None,
        "idaci_decile_at_15": None,
        "sen_at_15": None,
    }
    for year in sorted(censuses):
        row = censuses[year]
        if born is not None and born[1] is not None:
            age = year - born[0] - (born[1] > 1)
        else:
            group = read_year_group(row.get("NCyearActual"))
            age = None if group is None else group + 4
        if age is None or age > 15:
            continue
        shown = {
            "home_la_at_15": clean_code(row.get("HomeLA")),
            "school_la_at_15": clean_code(row.get("LA")),
            "idaci_decile_at_15": deciles.get(year),
            "sen_at_15": clean_code(row.get("SENprovision")),
        }
        found |= {item: value for item, value in shown.items() if value is not None}
    # Alternative provision and the years before 2005/06 do not deliver a home.
    found["home_la_at_15"] = found["home_la_at_15"] or found["school_la_at_15"]
    return found


# Items 7 to 9 and 11 ----------------------------------------------------------------------------


def justice(extracts: Extracts, births: dict[str, Birth]) -> dict[str, Result]:
    """Cautions and convictions of each pupil, and up to which age they were observed.

    None of them is known only of somebody who was followed from the age of 10 on.
    """
    proven = proven_offences(extracts, births)
    found, last = occasions(proven), last_day_of_police_record(proven)
    return {pupil: _justice(found.get(pupil, []), born, last) for pupil, born in births.items()}


def _justice(own: list[Result], born: Birth, last: date | None) -> Result:
    observed_to = None
    if last is not None and born is not None and born[1] is not None:
        observed_to = last.year - born[0] - (last.month < born[1])
    is_from_10 = observed_to is not None and (
        date(born[0] + 10, born[1], 1) >= FIRST_DAY_OF_POLICE_RECORD
    )
    is_observed = is_from_10 and observed_to >= 10
    is_none_known = is_observed and all(one["age"] is not None for one in own)
    counted = [one for one in own if one["age"] is not None and one["age"] < OUTCOME_TO_AGE]

    def known(number: int) -> int | None:
        return number if number > 0 or is_none_known else None

    n_convictions = known(sum(one["is_conviction"] for one in counted))
    n_cautions = known(sum(not one["is_conviction"] for one in counted))
    ranks = [one["severity_rank"] for one in counted if one["severity_rank"] is not None]
    rank = max(ranks, default=0 if is_none_known and not counted else None)
    first = [one["first_offence"] for one in own if one["first_offence"]]
    dated = [one["age"] for one in own if one["first_offence"] and one["age"] is not None]
    undated = [one["age"] for one in own if not one["first_offence"]]
    is_first_dated = not undated or (
        bool(dated) and None not in undated and min(undated) > min(dated)
    )
    ages = [one["age"] for one in own if one["age"] is not None]
    dates = [one["conviction_date"] for one in own if one["conviction_date"]]
    return {
        "n_convictions": n_convictions,
        "n_cautions": n_cautions,
        "n_occasions": (
            None if None in (n_convictions, n_cautions) else n_convictions + n_cautions
        ),
        "convictions_band": None if n_convictions is None else BANDS[min(n_convictions, 2)],
        "highest_disposal": None if rank is None else DISPOSALS[rank],
        "highest_disposal_rank": rank,
        "first_offence_date": min(first, default=None) if is_first_dated else None,
        "first_offence_age": min(ages, default=None),
        "first_conviction_date": min(dates, default=None),
        "justice_observed_to_age": observed_to,
        "is_justice_10_17_complete": None
        if observed_to is None
        else is_from_10 and observed_to >= 18,
        "_has_offence": bool(own),
        "_is_observed": is_observed,
    }


# Item 10 ----------------------------------------------------------------------------------------


def social_care(extracts: Extracts) -> dict[str, dict[str, Interval]]:
    """The first contacts of each person who ever met social care."""
    cla = pupil_rows(extracts.get("cla", []), "CLA_PupilMatchingRefAnonymous")
    cin = pupil_rows(extracts.get("cin", []), "CIN_PupilMatchingRefAnonymous")
    histories = care_histories(extracts.get("cla", []), extracts.get("population", []))
    return {
        pupil: first_contacts(
            cin.get(pupil, []), histories.get(pupil, ([], []))[0], cla.get(pupil, [])
        )
        for pupil in {*cla, *cin}
    }


def what_came_first(
    contacts: dict[str, Interval], person: Result, rank: int, delivered: set[str]
) -> Result:
    """The order of first contact and first offence: at the highest level, at each, and at any.

    A child whose only care was a remand is judged by the level below.
    """
    offence = person["first_offence_date"]
    reached = [level for level, at_least, _ in LEVELS if rank >= at_least and level in contacts]
    highest_contact = contacts.get(reached[0]) if reached else None

    def answer(contact: Interval | None, *datasets: str) -> str | None:
        if not delivered & {*datasets}:
            return None
        if not person["_has_offence"] and not person["_is_observed"]:
            return None
        return order(contact, person["_has_offence"], offence)

    def days(contact: Interval | None) -> int | None:
        is_exact = contact is not None and contact[0] == contact[1] and offence is not None
        return (offence - contact[0]).days if is_exact else None

    return {
        "contact_order": answer(highest_contact, "cla", "cin"),
        "contact_order_any": answer(contacts.get("any"), "cla", "cin"),
        "days_social_care_to_offence": days(highest_contact),
        "days_any_contact_to_offence": days(contacts.get("any")),
        **{
            f"contact_order_{level}": answer(contacts.get(level), dataset)
            for level, _, dataset in LEVELS
        },
        **{f"days_{level}_to_offence": days(contacts.get(level)) for level, _, _ in LEVELS},
    }
