"""Random pupils with random rows in every dataset, hundreds at a time.

Pupils do not depend on one another, except in the rank of their results and in which years count
as delivered. So one run of the models answers for hundreds of them. What is rare in an extract is
common here: the same school year twice, returns of zero, groups that are blank, births unknown.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from outcome_extracts import (
    Extracts,
    Row,
    absence,
    annual_absence,
    care,
    census,
    exclusion,
    exclusion_year,
    ks4,
    offence,
    population,
    referral,
)

YEARS = range(2004, 2019)
FIRST_EXCLUSIONS_IN_DETAIL = 2006
CATEGORIES = ("FIXD", "FIXD", "FIXD", "SUSP", "LNCH", "PERM", "fixd ", "", "ZZZZ")
DISPOSALS = (
    "1015", "1081", "1115", "1002", "youth caution", "reprimand", "1117", "2004", "1020",
    "1108", "1118", "", "9999", "1028",
)  # fmt: skip
ADJUDICATIONS = ("G", "G", "G", "J", "N", "", "g ")


def lives(seed: int, n_pupils: int) -> Extracts:
    """The rows of pupils, dataset by dataset."""
    extracts: Extracts = {
        name: []
        for name in ("population", "census", "absence", "ks4", "exclusion", "offence", "cla", "cin")
    }
    for number in range(n_pupils):
        random = Random(f"{seed} {number}")
        for dataset, rows in life(random, f"P{number}").items():
            extracts[dataset] += rows
    return extracts


def life(random: Random, pupil: str) -> Extracts:
    """The rows of one pupil."""
    born = (random.randint(1990, 2003), random.randint(1, 12))
    year_7 = born[0] + 12 + (born[1] > 8)
    groups = {year_7 + number: 7 + number for number in range(-2, 7) if year_7 + number in YEARS}
    return {
        "population": _population(random, pupil, born),
        "census": _census(random, pupil, groups, born),
        "absence": _absence(random, pupil, groups),
        "ks4": _ks4(random, pupil, year_7 + 4),
        "exclusion": _exclusion(random, pupil, groups),
        "offence": _offence(random, pupil, born),
        "cla": _care(random, pupil),
        "cin": _need(random, pupil),
    }


def _sometimes(random: Random, chance: float) -> bool:
    return random.random() < chance


def _group(random: Random, group: int) -> str:
    """A year group as delivered: mostly the right one."""
    return random.choice([str(group)] * 8 + [f"{group:02d}", str(group + 1), "X", ""])


def _population(random: Random, pupil: str, born: tuple[int, int]) -> list[Row]:
    if _sometimes(random, 0.1):
        return []
    row = population(pupil, born)
    if _sometimes(random, 0.1):
        row["MonthOfBirth"] = ""
    if _sometimes(random, 0.1):
        row["YearOfBirth"] = ""
    return [row]


def _census(random: Random, pupil: str, groups: dict[int, int], born: tuple[int, int]) -> list[Row]:
    rows = []
    for year, group in groups.items():
        if _sometimes(random, 0.35):
            continue
        row = census(
            pupil,
            year,
            _group(random, group),
            HomeLA=random.choice(["202", "203", "", "202"]),
            IDACIdecile=random.choice(["1", "10", "4.0", "", "", "11"]),
            IDACIRank=random.choice(["", str(random.randint(1, 30)), "12000.0"]),
            IDACIScore=random.choice(["", f"0.{random.randint(0, 9)}", "0.125"]),
            FSMeligible=random.choice(["0", "0", "1", "", "?"]),
            SENprovision=random.choice(["N", "E", "k", ""]),
            YearOfBirth=str(born[0]),
            MonthOfBirth=str(born[1]),
        )
        rows.append(row)
        if _sometimes(random, 0.15):
            rows.append(row | {"RecordStatus": "101", "HomeLA": "301", "NCyearActual": "3"})
        if _sometimes(random, 0.1):
            rows.append(dict(row))
    return rows


def _sessions(random: Random, row: Row) -> Row:
    """A return with sessions missed, zeros that mean nothing, or blanks."""
    for term in ("Autumn", "Spring", "Summer"):
        if row[f"SessionsPossible_{term}"] is None:
            continue
        row[f"UnauthorisedAbsence_{term}"] = random.choice(["0", "0", "3", "12", "", "x"])
        if _sometimes(random, 0.1):
            row[f"SessionsPossible_{term}"] = random.choice(["0", "", "170"])
    if _sometimes(random, 0.1):
        row |= {f"SessionsPossible_{term}": "0" for term in ("Autumn", "Spring", "Summer")}
    return row


def _absence(random: Random, pupil: str, groups: dict[int, int]) -> list[Row]:
    rows = []
    for year, group in groups.items():
        if year < 2006 or _sometimes(random, 0.3):
            continue
        for school in range(random.choice([1, 1, 1, 2, 3])):
            of_school = {
                "LAEstab": f"201400{school}",
                "MainRecord": "1" if school == 0 else "0",
                "EnrolStatus": random.choice("CMSG") if school else "C",
            }
            if _sometimes(random, 0.15):
                row = annual_absence(
                    pupil, year, _group(random, group), random.choice([0, 200, 360]), 20
                )
            else:
                row = _sessions(random, absence(pupil, year, _group(random, group)))
            if year >= 2013 and _sometimes(random, 0.5):
                row |= {"SessionsPossible_Summer6th": "60", "UnauthorisedAbsence_Summer6th": "9"}
            rows.append(row | of_school)
            if _sometimes(random, 0.1):
                rows.append(row | of_school)
    return rows


def _ks4(random: Random, pupil: str, year_11: int) -> list[Row]:
    rows = []
    for _ in range(random.choice([0, 1, 1, 1, 2, 3])):
        year = year_11 + random.choice([-1, 0, 0, 0, 1])
        if year not in YEARS:
            continue
        row = ks4(
            pupil,
            year,
            KS4_ENDKS=random.choice(["1", "1", "1", "0", ""]),
            KS4_NATRES=random.choice(["1", "1", "0", ""]),
            KS4_NORFLAGE=random.choice(["0", "0", "2", "5", ""]),
            KS4_ACTYRGRP=random.choice(["11", "11", "10", ""]),
            KS4_YEARGRP=random.choice(["11", "10", "99"]),
        )
        measures = [name for name in row if "LEVEL2" in name or "PTS" in name or "ATT8" in name]
        for name in measures:
            if row[name] is not None:
                row[name] = (
                    random.choice(["0", "1", "1.0", ""])
                    if "LEVEL2" in name
                    else random.choice(["", f"{random.randint(0, 90) * 5}", "312.5"])
                )
        rows.append(row)
    return rows


def _slot(random: Random, year: int, group: int) -> tuple:
    category = random.choice(CATEGORIES)
    start = date(year - 1, 9, 10) + timedelta(days=random.randint(0, 280))
    sessions = None if category == "PERM" else random.choice([1, 2, 5, 10, None])
    return category, random.choice([start.isoformat()] * 6 + [""]), sessions, group


def _exclusion(random: Random, pupil: str, groups: dict[int, int]) -> list[Row]:
    rows = []
    for year, group in groups.items():
        if _sometimes(random, 0.6):
            continue
        slots = [_slot(random, year, group) for _ in range(random.choice([1, 1, 2, 4]))]
        if year < FIRST_EXCLUSIONS_IN_DETAIL:
            rows += [_early(random, pupil, year, slot) for slot in slots[:1]]
        # One layout for a year, as delivered; now and then another one as well.
        is_single = year % 3 == 0
        if is_single or _sometimes(random, 0.1):
            rows += [
                exclusion(pupil, year, slot, Perm_Duplicate=random.choice(["0", "0", "0", "1", ""]))
                for slot in slots
            ]
        if not is_single:
            rows += _wide(random, pupil, year, slots)
        if _sometimes(random, 0.1):
            rows.append(dict(rows[-1]))
    return rows


def _wide(random: Random, pupil: str, year: int, slots: list[tuple]) -> list[Row]:
    """The year of a pupil, at all schools or at each of two; totals may differ from rows."""
    fixed = [slot for slot in slots if slot[0] in ("FIXD", "SUSP", "fixd ")]
    row = exclusion_year(pupil, year, slots, len(fixed), sum(slot[2] or 0 for slot in fixed))
    if _sometimes(random, 0.2):
        row["TotalFixedSessions"] = random.choice(["", "30"])
    if _sometimes(random, 0.2):
        row["TotalFixedExclusions"] = random.choice(["", "6"])
    if _sometimes(random, 0.2):
        row["PermanentExclusionCount"] = random.choice(["", "0", "1"])
    if _sometimes(random, 0.8):
        return [row]
    other = exclusion_year(pupil, year, [_slot(random, year, 9)], 1, 4, LAEstab="2014002")
    return [row | {"LAEstab": random.choice(["2014001", "2014001", ""])}, other]


def _early(random: Random, pupil: str, year: int, slot: tuple) -> Row:
    """A row of the first years: permanent or not, and no more than that."""
    return {
        "PupilMatchingRefAnonymous": pupil,
        "MoJUID": f"M{pupil}",
        "PermanentExclusionInd": random.choice(["P", "P", "PERM" if year == 2005 else "P", "F"]),
        "StartDate": slot[1],
        "_suffix_year": year,
    }


def _offence(random: Random, pupil: str, born: tuple[int, int]) -> list[Row]:
    rows: list[Row] = []
    for case in range(random.choice([0, 0, 0, 1, 1, 2, 4])):
        day = date(born[0] + random.randint(8, 22), random.randint(1, 12), random.randint(1, 28))
        for number in range(random.choice([1, 1, 1, 2])):
            disposal = random.choice(DISPOSALS)
            row = offence(
                pupil,
                f"{pupil}-{case}",
                random.choice([day.isoformat()] * 8 + ["1900-01-01", ""]),
                disposal,
                OffenceID=f"{case}-{number}",
                OffenceStartAge=random.choice(["", "", "-1", str(day.year - born[0]), "16"]),
                AdjudicationCode=random.choice(ADJUDICATIONS),
                IsPrimaryOffence=random.choice("YN"),
                DisposalRank=random.choice(["1", "2", ""]),
                ConvictionDate=random.choice([(day + timedelta(days=150)).isoformat(), ""]),
                Conviction=random.choice(["", "", "1", "0"]),
            )
            if _sometimes(random, 0.2):
                row["PupilMatchingRefAnonymous"] = None
            if _sometimes(random, 0.1):
                row |= random.choice([{"CaseID": ""}, {"OffenceID": ""}, {"MoJUID": ""}])
            rows.append(row)
            if _sometimes(random, 0.2):
                rows.append(row | {"DisposalCode": random.choice(DISPOSALS), "DisposalRank": "2"})
    return rows


def _care(random: Random, pupil: str) -> list[Row]:
    """At most one episode of care, which ended in the year in which it began."""
    if _sometimes(random, 0.7):
        return []
    year = random.choice(YEARS[3:])
    start = date(year - 1, 4, 1) + timedelta(days=random.randint(0, 300))
    end = start + timedelta(days=random.randint(1, 40))
    status = random.choice(["C2", "V2", "J1", ""])
    return [care(pupil, year, start.isoformat(), end.isoformat(), status)]


def _need(random: Random, pupil: str) -> list[Row]:
    """Referrals of different years, some without a date, some with a plan."""
    rows = []
    for year in random.sample(range(2009, 2018), random.choice([0, 0, 0, 1, 1, 2])):
        start = date(year - 1, 4, 1) + timedelta(days=random.randint(0, 330))
        row = referral(
            pupil,
            year,
            random.choice([start.isoformat(), start.isoformat(), None]),
            in_need=_sometimes(random, 0.5),
            CIN_ReferralNFA=random.choice(["0", "0", "1"]),
        )
        if _sometimes(random, 0.3):
            row |= {"CIN_CategoryOfAbuse": "NEG"}
            if _sometimes(random, 0.5):
                plan = start + timedelta(days=20)
                row["CIN_CPPstartDate"] = plan.isoformat()
                rows += _next_years(random, row, plan)
        rows.append(row)
    return rows


def _next_years(random: Random, row: Row, plan: date) -> list[Row]:
    """Rows of the same referral in later years, in which the start of the plan may differ."""
    rows = []
    while _sometimes(random, 0.4):
        first, last = (int(year) + 1 for year in row["CIN_ACADYR"].split("/"))
        plan += timedelta(days=random.choice([0, 1, -3, 12, 31]))
        row = row | {"CIN_ACADYR": f"{first}/{last}", "CIN_CPPstartDate": plan.isoformat()}
        if _sometimes(random, 0.4):
            row["CIN_CPPendDate"] = (plan + timedelta(days=random.choice([15, 200]))).isoformat()
        rows.append(row)
    return rows
