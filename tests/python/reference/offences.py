"""Offences of the police record, and the occasions on which they were dealt with."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from functools import cache

from reference.cells import (
    Result,
    Row,
    clean,
    clean_code,
    read_date,
    read_flag,
    read_identifier,
    read_whole_number,
)
from reference.code_lists import SEEDS

CAUTION, NON_CUSTODIAL = 1, 2
RANKS = {"caution": CAUTION, "non-custodial": NON_CUSTODIAL, "custodial": 3}
AGE_OF_CRIMINAL_RESPONSIBILITY = 10
OLDEST = 110
REFERENCES = {
    "cla": "CLA_PupilMatchingRefAnonymous",
    "cin": "CIN_PupilMatchingRefAnonymous",
    "ks4": "KS4_PupilMatchingRefAnonymous",
}

Birth = tuple[int, int | None] | None


@cache
def listed(lookup: str, column: str) -> dict[str | None, str]:
    """What a list says of each code. A code may also be delivered in the words of its label."""
    path = SEEDS / "lookups" / f"{lookup}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    words = {clean_code(row["label"]): row[column] for row in rows}
    return words | {row["code"]: row[column] for row in rows}


def moj_uids_of_pupils(extracts: dict[str, list[Row]]) -> dict[str, Counter[str]]:
    """The MoJ identifiers with which each pupil is seen, and how often."""
    seen: dict[str, Counter[str]] = {}
    for dataset, rows in extracts.items():
        for row in rows:
            moj_uid = read_identifier(row.get("MoJUID"))
            pupil = read_identifier(row.get(REFERENCES.get(dataset, "PupilMatchingRefAnonymous")))
            if moj_uid is not None and pupil is not None:
                seen.setdefault(pupil, Counter())[moj_uid] += 1
    return seen


def pupils_by_moj_uid(seen: dict[str, Counter[str]]) -> dict[str, set[str]]:
    """The pupils that are seen with each MoJ identifier."""
    found: dict[str, set[str]] = {}
    for pupil, moj_uids in seen.items():
        for moj_uid in moj_uids:
            found.setdefault(moj_uid, set()).add(pupil)
    return found


def age_on(day: date, born: Birth) -> int | None:
    """Full years from the month of birth; in that month the birthday counts as past."""
    if born is None or born[1] is None:
        return None
    return day.year - born[0] - (day.month < born[1])


def age_at(row: Row, born: Birth) -> int | None:
    """The age at the offence: from the month of birth, otherwise as recorded."""
    day = read_date(row.get("OffenceStartDate"))
    age = None if day is None else age_on(day, born)
    if age is None:
        age = read_whole_number(row.get("OffenceStartAge"))
        age = age if age in range(OLDEST + 1) else None
    return age


def proven_offences(
    extracts: dict[str, list[Row]], births: dict[str, Birth]
) -> dict[tuple, list[Result]]:
    """The offences that count, by case. The first part of the key is the pupil, None for nobody."""
    seen = moj_uids_of_pupils(extracts)
    links = pupils_by_moj_uid(seen)
    cases: dict[tuple, dict[tuple, list[Row]]] = {}
    linked = []
    for row in extracts.get("offence", []):
        moj_uid = read_identifier(row.get("MoJUID"))
        own = pupil = read_identifier(row.get("PupilMatchingRefAnonymous"))
        if pupil is None:
            candidates = links.get(moj_uid, set())
            pupil = next(iter(candidates)) if len(candidates) == 1 else None
        if own is not None or moj_uid is not None:
            linked.append((row, pupil, moj_uid))
    for row, pupil, moj_uid in linked:
        filled = moj_uid
        if moj_uid is None:
            # A row without an identifier stays in the case of its pupil.
            others = {
                moj
                for other, same, moj in linked
                if same == pupil and moj is not None and _case(other) == _case(row)
            }
            counts = seen.get(pupil, Counter())
            most = sorted(counts, key=lambda uid: (-counts[uid], uid))
            filled = min(others, default=most[0] if most else None)
        person = ("pupil", pupil) if filled is None else ("moj", filled)
        cases.setdefault((pupil, person, _case(row)), {}).setdefault(_number(row), []).append(row)
    found = {}
    for key, offences in cases.items():
        judged = [_offence(rows, births.get(key[0])) for rows in offences.values()]
        found[key] = [
            one
            for one in judged
            if one is not None
            and not (one["age"] is not None and one["age"] < AGE_OF_CRIMINAL_RESPONSIBILITY)
        ]
    return found


def occasions(proven: dict[tuple, list[Result]]) -> dict[str, list[Result]]:
    """The cautions and convictions of each pupil: a case is one of them, whatever it holds."""
    found: dict[str, list[Result]] = {}
    for (pupil, *_), offences in proven.items():
        if pupil is not None and offences:
            found.setdefault(pupil, []).append(_occasion(offences))
    return found


def last_day_of_police_record(proven: dict[tuple, list[Result]]) -> date | None:
    """The last day of the record; a month with hardly anything in it is not an end.

    Nor is one with few days, however often they are there.
    """
    days = [
        one[item]
        for offences in proven.values()
        for one in offences
        for item in ("day", "sentence")
        if one[item] is not None
    ]
    months = Counter((day.year, day.month) for day in days)
    months_by_day = Counter((day.year, day.month) for day in set(days))
    fullest, widest = (max(counts.values(), default=0) for counts in (months, months_by_day))
    return max(
        (
            day
            for day in days
            if months[day.year, day.month] * 100 >= fullest
            and months_by_day[day.year, day.month] * 10 >= widest
        ),
        default=None,
    )


def _case(row: Row) -> tuple:
    """The case; without one the day of the offence is the best sign of an occasion."""
    case = read_identifier(row.get("CaseID"))
    return ("case", case) if case is not None else ("day", read_date(row.get("OffenceStartDate")))


def _number(row: Row) -> tuple:
    """The number of an offence; without one, all that is known of it identifies it."""
    number = read_identifier(row.get("OffenceID"))
    if number is not None:
        return ("number", number)
    names = ("OffenceGroup", "Offence", "OffenceType")
    return (read_date(row.get("OffenceStartDate")), *(clean(row.get(name)) for name in names))


def _offence(rows: list[Row], born: Birth) -> Result | None:
    """An offence from all its rows, whatever the rank of their disposals; None if not proven."""
    disposals = [code for row in rows if (code := clean_code(row.get("DisposalCode")))]
    severities = [listed("pnc_disposal", "severity").get(code) for code in disposals]
    rank = max((RANKS[one] for one in severities if one in RANKS), default=None)
    adjudications = [code for row in rows if (code := clean_code(row.get("AdjudicationCode")))]
    is_guilty = any(
        listed("pnc_adjudication", "is_guilty").get(code) == "true" for code in adjudications
    )
    flags = [flag for row in rows if (flag := read_flag(row.get("Conviction"))) is not None]
    is_recorded_conviction = any(flags)
    has_finding = is_guilty or (not adjudications and is_recorded_conviction)
    # No court has to find anything on a caution.
    has_caution = CAUTION in (RANKS.get(one) for one in severities)
    is_caution = (has_caution and (rank == CAUTION or not has_finding)) or (
        not disposals
        and bool(flags)
        and not is_recorded_conviction
        and (is_guilty or not adjudications)
    )
    is_without_sanction = rank is None and "none" in severities
    is_conviction = has_finding and not is_caution and not is_without_sanction
    if not is_caution and not is_conviction:
        return None
    days = [day for row in rows if (day := read_date(row.get("OffenceStartDate")))]
    ages = [age for row in rows if (age := age_at(row, born)) is not None]
    sentences = [day for row in rows if (day := read_date(row.get("ConvictionDate")))]
    groups = [group for row in rows if (group := offence_group(row)) is not None]
    return {
        "is_primary": any(read_flag(row.get("IsPrimaryOffence")) for row in rows),
        "group": min(groups, default=None),
        "has_own_reference": any(
            read_identifier(row.get("PupilMatchingRefAnonymous")) for row in rows
        ),
        "is_conviction": is_conviction,
        "rank": CAUTION if is_caution else rank,
        "day": min(days, default=None),
        "age": min(ages, default=None),
        "sentence": min(sentences, default=None),
    }


def offence_group(row: Row) -> str | None:
    """The number with which the group begins, with two digits."""
    found = re.fullmatch(r"0*([0-9]{1,2})([^0-9].*)?", clean(row.get("OffenceGroup")) or "")
    return found[1].zfill(2) if found else None


def _occasion(offences: list[Result]) -> Result:
    """The offences of a case: a conviction, if one of them is."""
    convictions = [one for one in offences if one["is_conviction"]]
    days = [one["day"] for one in offences if one["day"] is not None]
    ages = [one["age"] for one in offences if one["age"] is not None]
    own = [one["sentence"] for one in convictions if one["sentence"] is not None]
    every = [one["sentence"] for one in offences if one["sentence"] is not None]
    ranks = [_severity(one) for one in convictions]
    with_group = [one for one in offences if one["group"] is not None]
    main = min(
        with_group,
        key=lambda one: (not one["is_primary"], -_severity(one), one["group"]),
        default=None,
    )
    return {
        "offence_group": None if main is None else main["group"],
        "n_offences": len(offences),
        "link_type": (
            "pupil reference" if any(one["has_own_reference"] for one in offences) else "moj_uid"
        ),
        "is_severity_assumed": bool(convictions)
        and all(one["rank"] is None for one in convictions),
        "date_of_outcome": min(own or every, default=None),
        "is_conviction": bool(convictions),
        "first_offence": None if _is_undated_first(offences) else min(days, default=None),
        "age": min(ages, default=None),
        "severity_rank": max(ranks) if convictions else CAUTION,
        "conviction_date": min(own or every, default=None) if convictions else None,
    }


def _is_undated_first(offences: list[Result]) -> bool:
    """Whether an offence without a day was at a lower age than each one with a day."""
    ages = {
        has_day: [
            one["age"]
            for one in offences
            if one["age"] is not None and (one["day"] is not None) is has_day
        ]
        for has_day in (True, False)
    }
    return bool(ages[True] and ages[False]) and min(ages[False]) < min(ages[True])


def _severity(offence: Result) -> int:
    """A court that convicts gives at least a sentence without custody."""
    return offence["rank"] or NON_CUSTODIAL
