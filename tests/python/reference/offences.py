"""Offences of the police record, and the occasions on which they were dealt with."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache

from reference.cells import Result, Row, clean_code, read_date, read_identifier, read_whole_number
from reference.code_lists import SEEDS

GUILTY = ("G", "J")
CAUTION, NON_CUSTODIAL, CUSTODIAL = 1, 2, 3
RANKS = {"caution": CAUTION, "non-custodial": NON_CUSTODIAL, "custodial": CUSTODIAL}
AGE_OF_CRIMINAL_RESPONSIBILITY = 10


@cache
def severities() -> dict[str, str]:
    """The severity of each disposal."""
    path = SEEDS / "lookups" / "pnc_disposal.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["severity"] for row in csv.DictReader(lines)}


def pupils_by_moj_uid(extracts: dict[str, list[Row]]) -> dict[str, set[str]]:
    """The pupils with whom each MoJ identifier was seen, in any dataset."""
    names = {
        "cla": "CLA_PupilMatchingRefAnonymous",
        "cin": "CIN_PupilMatchingRefAnonymous",
        "ks4": "KS4_PupilMatchingRefAnonymous",
    }
    found: dict[str, set[str]] = {}
    for dataset, rows in extracts.items():
        for row in rows:
            moj_uid = read_identifier(row.get("MoJUID"))
            column = names.get(dataset, "PupilMatchingRefAnonymous")
            pupil = read_identifier(row.get(column))
            if moj_uid is not None and pupil is not None:
                found.setdefault(moj_uid, set()).add(pupil)
    return found


def age_on(day: date, born: tuple[int, int | None] | None) -> int | None:
    """Full years from the month of birth."""
    if born is None or born[1] is None:
        return None
    return day.year - born[0] - (day.month < born[1])


def is_guilty(row: Row) -> bool:
    """Whether a court found the person guilty."""
    return clean_code(row.get("AdjudicationCode")) in GUILTY


def severity(row: Row) -> str | None:
    """The severity of the disposal of a row."""
    return severities().get(clean_code(row.get("DisposalCode")))


def is_proven(row: Row) -> bool:
    """A finding of guilt, or a caution, which no court has to find anything on."""
    return is_guilty(row) or severity(row) == "caution"


def occasions(
    extracts: dict[str, list[Row]], births: dict[str, tuple[int, int | None] | None]
) -> dict[str, list[Result]]:
    """The cautions and convictions of each pupil: a case is one of them, whatever it holds."""
    links = pupils_by_moj_uid(extracts)
    cases: dict[tuple[str, str], list[Row]] = {}
    for row in extracts.get("offence", []):
        pupil = read_identifier(row.get("PupilMatchingRefAnonymous"))
        if pupil is None:
            candidates = links.get(read_identifier(row.get("MoJUID")), set())
            pupil = next(iter(candidates)) if len(candidates) == 1 else None
        case = read_identifier(row.get("CaseID"))
        if pupil is not None and case is not None:
            cases.setdefault((pupil, case), []).append(row)
    found: dict[str, list[Result]] = {}
    for (pupil, _), rows in cases.items():
        occasion = _occasion(rows, births.get(pupil))
        if occasion is not None:
            found.setdefault(pupil, []).append(occasion)
    return found


def _age(row: Row, born: tuple[int, int | None] | None) -> int | None:
    """The age at the offence: from the month of birth, otherwise as recorded."""
    day = read_date(row.get("OffenceStartDate"))
    age = None if day is None else age_on(day, born)
    if age is None:
        age = read_whole_number(row.get("OffenceStartAge"))
    return age if age is not None and age >= 0 else None


def _occasion(rows: list[Row], born: tuple[int, int | None] | None) -> Result | None:
    """The proven offences of a case at which the person was 10 or older."""
    proven = []
    for row in rows:
        age = _age(row, born)
        if is_proven(row) and not (age is not None and age < AGE_OF_CRIMINAL_RESPONSIBILITY):
            proven.append(row)
    if not proven:
        return None
    days = [day for row in proven if (day := read_date(row.get("OffenceStartDate")))]
    ages = [age for row in proven if (age := _age(row, born)) is not None]
    ranks = [rank for row in proven if (rank := RANKS.get(severity(row)))]
    convictions = [day for row in proven if (day := read_date(row.get("ConvictionDate")))]
    is_conviction = any(is_guilty(row) and severity(row) != "caution" for row in proven)
    rank = max(ranks, default=None)
    if is_conviction:
        rank = max(rank or 0, NON_CUSTODIAL)
    return {
        "is_conviction": is_conviction,
        "first_offence": min(days, default=None),
        "age": min(ages, default=None),
        "severity_rank": rank,
        "conviction_date": min(convictions, default=None) if is_conviction else None,
    }
