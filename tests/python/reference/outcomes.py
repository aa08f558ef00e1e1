"""The twelve outcomes of each person: a row of `person_outcome`.

None means not observed, 0 means observed none. Which of the two holds depends on what was
delivered: a school year of which nobody has an exclusion was not delivered.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from reference.absence import absence_years
from reference.cells import (
    Result,
    Row,
    clean_code,
    read_date,
    read_flag,
    read_processing_year,
    read_whole_number,
)
from reference.census import census_years
from reference.contacts import Interval, first_contacts, order
from reference.episodes import care_histories
from reference.exclusions import exclusion_years
from reference.ks4 import results
from reference.offences import occasions
from reference.particulars import birth
from reference.school_years import SECONDARY, age_before, pupil_rows, read_year_group

Extracts = dict[str, list[Row]]
Birth = tuple[int, int | None] | None

OUTCOME_TO_AGE = 18
LEGAL_MAXIMUM = 420
FIRST_DAY_OF_POLICE_RECORD = date(2000, 1, 1)
BANDS = ("none", "one", "two or more")
DISPOSALS = ("none", "caution", "non-custodial", "custodial")
# For each level of intervention the contacts that belong to it.
ORDER_ITEMS = {
    "referral": "contact_order_referral",
    "need": "contact_order_child_in_need",
    "plan": "contact_order_child_protection_plan",
    "care": "contact_order_child_looked_after",
}


def outcomes(extracts: Extracts) -> list[Result]:
    """One row for each pupil of any dataset."""
    columns = {
        "cla": "CLA_PupilMatchingRefAnonymous",
        "cin": "CIN_PupilMatchingRefAnonymous",
        "ks4": "KS4_PupilMatchingRefAnonymous",
    }
    rows_of = {
        dataset: pupil_rows(rows, columns.get(dataset, "PupilMatchingRefAnonymous"))
        for dataset, rows in extracts.items()
    }
    pupils = {pupil for own in rows_of.values() for pupil in own}
    births = {pupil: birth_in_any_file(pupil, rows_of) for pupil in pupils}
    in_school = schooling(extracts, births)
    police = justice(extracts, births)
    contacts = social_care(extracts)
    ends = results(extracts.get("ks4", []))
    no_results = dict.fromkeys(
        ("ks4_academic_year", "ks4_regime", "ks4_level_2_english_maths", "ks4_attainment_rank")
    )
    rows = []
    for pupil in pupils:
        own = {"pupil_id": pupil} | ends.get(pupil, no_results) | in_school[pupil] | police[pupil]
        own |= what_came_first(contacts.get(pupil, {}), own, bool(extracts.get("offence")))
        rows.append(own)
    return rows


def birth_in_any_file(pupil: str, rows_of: dict[str, dict[str, list[Row]]]) -> Birth:
    """Year and month of birth: from the population file, else from census, else from KS4."""

    def own(dataset: str) -> list[Row]:
        return rows_of.get(dataset, {}).get(pupil, [])

    born = birth(pupil, own("population"))
    if born is not None:
        return born
    for dataset, year, month in (
        ("census", "YearOfBirth", "MonthOfBirth"),
        ("ks4", "KS4_YEAROFBIRTH", "KS4_MONTHOFBIRTH"),
    ):
        births: Counter[tuple[int, int | None]] = Counter()
        for row in own(dataset):
            first, second = read_processing_year(row.get(year)), read_whole_number(row.get(month))
            if first is not None:
                births[first, second if second in range(1, 13) else None] += 1
        if births:
            return max(births, key=lambda b: (b[1] is not None, births[b], b[0], b[1] or 0))
    return None


# Items 4 to 6 and 12 ----------------------------------------------------------------------------


def schooling(extracts: Extracts, births: dict[str, Birth]) -> dict[str, Result]:
    """Absence, exclusions and what the censuses show of each pupil."""
    census = census_years(extracts.get("census", []))
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
            if shown is not None:
                permanent.append(shown["n_permanent"])
            elif year in censuses and year in with_any:
                permanent.append(0)
            if group not in SECONDARY:
                continue
            if year in returns and is_observed(returns[year]):
                seen["possible"].append(returns[year]["possible"])
                seen["missed"].append(returns[year]["unauthorised"])
            if shown is not None and shown["n_suspensions"] is not None:
                seen["suspensions"].append(shown["n_suspensions"])
                seen["sessions"].append(shown["sessions"])
            elif year in censuses and year in with_suspensions:
                seen["suspensions"].append(0)
                seen["sessions"].append(0)
        starts = [day for one in excluded.values() if (day := one["first_permanent"])]
        n_permanent = sum(permanent) if permanent else None
        found[pupil] = {
            "n_secondary_years_observed": len(seen["possible"]),
            "sessions_possible_secondary": sum(seen["possible"]) if seen["possible"] else None,
            "unauthorised_sessions_secondary": sum(seen["missed"]) if seen["missed"] else None,
            "n_suspensions_secondary": sum(seen["suspensions"]) if seen["suspensions"] else None,
            "suspension_sessions_secondary": (
                sum(seen["sessions"]) if seen["sessions"] and None not in seen["sessions"] else None
            ),
            "n_permanent_exclusions": n_permanent,
            "is_permanently_excluded": None if n_permanent is None else n_permanent > 0,
            "first_permanent_exclusion_date": min(starts, default=None),
            **place(censuses, born),
        }
    return found


def is_observed(year: Result) -> bool:
    """Whether a year shows absence: a return that is credible, and no more than a year holds."""
    return (
        year["possible"] is not None
        and 0 < year["possible"] <= LEGAL_MAXIMUM
        and year["unauthorised"] is not None
    )


def place(censuses: dict[int, Row], born: Birth) -> Result:
    """Authority, deprivation and needs: of the census at 15, else of the nearest earlier one."""
    at_15 = {}
    for year, row in censuses.items():
        if born is not None and born[1] is not None:
            age = year - born[0] - (born[1] > 1)
        else:
            group = read_year_group(row.get("NCyearActual"))
            age = None if group is None else group + 4
        if age is not None and age <= 15:
            at_15[year] = row

    def latest(*columns: str) -> str | None:
        for year in sorted(at_15, reverse=True):
            for column in columns:
                if (code := clean_code(at_15[year].get(column))) is not None:
                    return code
        return None

    meals = [
        flag
        for row in censuses.values()
        for column in ("FSMeligible", "EVERFSM_6", "EVERFSM_6_P", "EVERFSM_ALL")
        if (flag := read_flag(row.get(column))) is not None
    ]
    decile = latest("IDACIdecile")
    return {
        "home_la_at_15": latest("HomeLA", "LA"),
        "idaci_decile_at_15": None if decile is None else int(decile),
        "sen_at_15": latest("SENprovision"),
        "is_ever_fsm": any(meals) if meals else None,
    }


# Items 7 to 9 and 11 ----------------------------------------------------------------------------


def last_day_of_police_record(offence: list[Row]) -> date | None:
    """The last day on which anything happened; a month with hardly anything in it is no end."""
    days = [
        day
        for row in offence
        for column in ("OffenceStartDate", "ConvictionDate")
        if (day := read_date(row.get(column)))
    ]
    months = Counter((day.year, day.month) for day in days)
    fullest = max(months.values(), default=0)
    return max((d for d in days if months[d.year, d.month] * 100 >= fullest), default=None)


def justice(extracts: Extracts, births: dict[str, Birth]) -> dict[str, Result]:
    """Cautions and convictions of each pupil, and up to which age they were observed."""
    found = occasions(extracts, births)
    last = last_day_of_police_record(extracts.get("offence", []))
    is_delivered = bool(extracts.get("offence"))
    rows = {}
    for pupil, born in births.items():
        own = found.get(pupil, [])
        counted = [one for one in own if one["age"] is not None and one["age"] < OUTCOME_TO_AGE]
        n_convictions = sum(one["is_conviction"] for one in counted)
        rank = max((one["severity_rank"] or 0 for one in counted), default=0)
        items: Result = {
            "n_occasions": len(counted),
            "n_convictions": n_convictions,
            "n_cautions": len(counted) - n_convictions,
            "convictions_band": BANDS[min(n_convictions, 2)],
            "highest_disposal": DISPOSALS[rank],
            "highest_disposal_rank": rank,
        }
        first = [one["first_offence"] for one in own if one["first_offence"]]
        ages = [one["age"] for one in own if one["age"] is not None]
        dates = [one["conviction_date"] for one in own if one["conviction_date"]]
        observed_to = None
        is_complete = None
        if last is not None and born is not None and born[1] is not None:
            observed_to = last.year - born[0] - (last.month < born[1])
            is_complete = (
                date(born[0] + 10, born[1], 1) >= FIRST_DAY_OF_POLICE_RECORD and observed_to >= 18
            )
        rows[pupil] = (items if is_delivered else dict.fromkeys(items)) | {
            "has_offence": bool(own),
            "first_offence_date": min(first, default=None),
            "first_offence_age": min(ages, default=None),
            "first_conviction_date": min(dates, default=None),
            "justice_observed_to_age": observed_to,
            "is_justice_10_17_complete": is_complete,
        }
    return rows


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


def what_came_first(contacts: dict[str, Interval], person: Result, is_delivered: bool) -> Result:
    """The order of first contact and first offence, for any contact and for each level."""
    has_offence, offence = person.pop("has_offence"), person["first_offence_date"]
    items: Result = {
        "contact_order": order(contacts.get("any"), has_offence, offence),
        **{
            item: order(contacts.get(level), has_offence, offence)
            for level, item in ORDER_ITEMS.items()
        },
    }
    if not is_delivered:
        items = dict.fromkeys(items)
    first, last = contacts.get("any", (None, None))
    is_exact = first is not None and first == last and offence is not None
    return items | {"days_social_care_to_offence": (offence - first).days if is_exact else None}
