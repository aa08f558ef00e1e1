"""Small extracts of all eight datasets, written as they are delivered.

A row is a dict of text with the names of `raw`, without year suffixes. `_suffix_year` is the
calendar year in which its school year ends: the row goes into the file of that year, where every
column carries the suffix. So the same rows serve the Python reference and the command line.
"""

from __future__ import annotations

import csv
from pathlib import Path

Row = dict[str, str | None]
Extracts = dict[str, list[Row]]

# How the columns of a file per year are marked. The MoJ identifier never carries the mark.
SUFFIXES = {"absence": "_ab", "exclusion": "_ex", "census": "_SPR"}
NAMES = {
    "ks4": "KS4Pupil.csv",
    "absence": "Absence_{year}_3Term.csv",
    "exclusion": "Exclusions_{year}_{layout}.csv",
    "census": "Spring_Census_{year}.csv",
    "offence": "MOJ_PNC.csv",
    "cla": "CLA.csv",
    "cin": "CIN.csv",
    "population": "population.csv",
}
SECONDARY = range(7, 12)


def school_year(year_end: int) -> str:
    """2012 as '2011/2012'."""
    return f"{year_end - 1}/{year_end}"


def population(pupil: str, born: tuple[int, int], **more: str) -> Row:
    """The row of a pupil in the population file."""
    return {
        "PupilMatchingRefAnonymous": pupil,
        "MoJUID": f"M{pupil}",
        "YearOfBirth": str(born[0]),
        "MonthOfBirth": str(born[1]),
        "Gender": "F",
        "EthnicGroupMajor": "WHIT",
    } | more


def census(pupil: str, year: int, group: int | str, **more: str) -> Row:
    """A row of a spring census."""
    return {
        "PupilMatchingRefAnonymous": pupil,
        "MoJUID": f"M{pupil}",
        "RecordStatus": "1",
        "AcademicYear": school_year(year),
        "CensusDate": f"{year}-01-19",
        "OnRoll": "1",
        "EnrolStatus": "C",
        "NCyearActual": str(group),
        "FSMeligible": "0",
        "SENprovision": "N",
        "LA": "201",
        "HomeLA": "202",
        "IDACIdecile": "3",
        "_suffix_year": year,
    } | more


def absence(pupil: str, year: int, group: int | str, **more: str) -> Row:
    """A row of a termly return: 320 sessions possible, none of them missed."""
    return {
        "PupilMatchingRefAnonymous": pupil,
        "MoJUID": f"M{pupil}",
        "AcademicYear": school_year(year),
        "MainRecord": "1",
        "EnrolStatus": "C",
        "NCyearActual": str(group),
        "LAEstab": "2014001",
        "SessionsPossible_Autumn": "140",
        "SessionsPossible_Spring": "120",
        "SessionsPossible_Summer": "60",
        "SessionsPossible_Annual": None,
        "AuthorisedAbsence_Autumn": "0",
        "AuthorisedAbsence_Spring": "0",
        "AuthorisedAbsence_Summer": "0",
        "AuthorisedAbsence_Annual": None,
        "UnauthorisedAbsence_Autumn": "0",
        "UnauthorisedAbsence_Spring": "0",
        "UnauthorisedAbsence_Summer": "0",
        "UnauthorisedAbsence_Annual": None,
        "_suffix_year": year,
    } | more


def annual_absence(pupil: str, year: int, group: int | str, possible: int, missed: int) -> Row:
    """A row of a special school, which returned one number for the whole year."""
    terms = ("Autumn", "Spring", "Summer")
    kinds = ("SessionsPossible", "AuthorisedAbsence", "UnauthorisedAbsence")
    return (
        absence(pupil, year, group, Phase="SP")
        | {f"{kind}_{term}": None for kind in kinds for term in terms}
        | {
            "SessionsPossible_Annual": str(possible),
            "AuthorisedAbsence_Annual": "0",
            "UnauthorisedAbsence_Annual": str(missed),
        }
    )


def ks4(pupil: str, year: int, **more: str) -> Row:
    """A row at the end of key stage 4, without a single pass."""
    measures = {
        "KS4_LEVEL2_EM": (2004, 2013),
        "KS4_PTSCNEWE": (2004, 2013),
        "KS4_LEVEL2_EM_PTQ": (2014, 2014),
        "KS4_PTSCNEWE_PTQ": (2014, 2014),
        "KS4_LEVEL2_EM_94": (2015, 2030),
        "KS4_PTSCNEWE_PTQ_EE": (2015, 2030),
        "KS4_ATT8": (2016, 2030),
    }
    return {
        "KS4_PupilMatchingRefAnonymous": pupil,
        "MoJUID": f"M{pupil}",
        "KS4_ACADYR": school_year(year),
        "KS4_ENDKS": "1",
        "KS4_ACTYRGRP": "11",
        "KS4_YEARGRP": "11",
        "KS4_NORFLAGE": "0",
        "KS4_NATRES": "1",
        **{
            name: "0" if first <= year <= last else None for name, (first, last) in measures.items()
        },
    } | more


def exclusion_year(
    pupil: str, year: int, slots: list[tuple], n_fixed: int, n_sessions: int, **more: str
) -> Row:
    """A row of table 3: a pupil's year. A slot is category, start, sessions and year group."""
    row: Row = {
        "PupilMatchingRefAnonymous": pupil,
        "MoJUID": f"M{pupil}",
        "AcademicYear": school_year(year),
        "TotalFixedExclusions": str(n_fixed),
        "TotalFixedSessions": str(n_sessions),
        "PermanentExclusionCount": str(sum(slot[0] == "PERM" for slot in slots)),
        "NumberOfEnrolments": "1",
        "_suffix_year": year,
    }
    for number, (category, start, sessions, group) in enumerate(slots, start=1):
        row |= {
            f"Category_{number}": category,
            f"Reason_{number}": "DB",
            f"StartDate_{number}": start,
            f"Sessions_{number}": None if sessions is None else str(sessions),
            f"Term_{number}": "Autumn",
            f"NCYear_{number}": str(group),
        }
    return row | more


def exclusion(pupil: str, year: int, slot: tuple, **more: str) -> Row:
    """A row of table 1: one exclusion, with its category, start, sessions and year group."""
    category, start, sessions, group = slot
    return {
        "PupilMatchingRefAnonymous": pupil,
        "MoJUID": f"M{pupil}",
        "AcademicYear": school_year(year),
        "ReportingAcademicYear": school_year(year),
        "Term": "Autumn",
        "Category": category,
        "StartDate": start,
        "Sessions": None if sessions is None else str(sessions),
        "Reason": "DB",
        "Perm_Duplicate": "0",
        "EnrolStatus": "C",
        "NCYear": str(group),
        "LAEstab": "2014001",
        "_suffix_year": year,
    } | more


def offence(pupil: str, case: str, start: str, disposal: str, **more: str) -> Row:
    """A row of the police record: the disposal of an offence, after a finding of guilt."""
    return {
        "MoJUID": f"M{pupil}",
        "PupilMatchingRefAnonymous": pupil,
        "CaseID": case,
        "OffenceID": f"{case}-1",
        "OffenceStartDate": start,
        "OffenceStartAge": None,
        "IsPrimaryOffence": "Y",
        "DisposalRank": "1",
        "AdjudicationCode": "G",
        "DisposalCode": disposal,
        "OffenceGroup": "04: Theft offences",
        "ConvictionDate": start,
    } | more


def caution(pupil: str, case: str, start: str, **more: str) -> Row:
    """A youth caution, which no court has found anything on."""
    return offence(pupil, case, start, "youth caution", AdjudicationCode=None) | more


def care(pupil: str, year: int, start: str, end: str | None, legal_status: str) -> Row:
    """A yearly row of a child looked after."""
    return {
        "MoJUID": f"M{pupil}",
        "CLA_PupilMatchingRefAnonymous": pupil,
        "CLA_ACADYR": school_year(year),
        "CLA_PROCESSING_YEAR": str(year),
        "CLA_POC_START": start,
        "CLA_CLA_31_MARCH": "0" if end else "1",
        "CLA_POC_LENGTH": None,
        "CLA_CAT_NEED": "N1",
        "CLA_DATE_EPI_COMM": start,
        "CLA_DATE_EPI_CEASED": end,
        "CLA_LEGAL_STATUS": legal_status,
        "CLA_PLACEMENT": "U6",
        "CLA_REC": "E8" if end else "-10",
        "CLA_CLA_LA": "201",
        "CLA_RNE": None,
    }


def referral(pupil: str, year: int, start: str | None, *, in_need: bool, **more: str) -> Row:
    """A yearly row of a referral."""
    return {
        "MoJUID": f"M{pupil}",
        "CIN_PupilMatchingRefAnonymous": pupil,
        "CIN_ACADYR": school_year(year),
        "CIN_ReferralNFA": "0",
        "CIN_CINat31March": "1" if in_need else "0",
        "CIN_CategoryOfAbuse": None,
        "CIN_InitialCategoryOfAbuse": None,
        "CIN_LatestCategoryOfAbuse": None,
        "CIN_NumberOfPreviousCPP": "0",
        "CIN_PrimaryNeedCode": "N1",
        "CIN_ReasonForClosure": None,
        "CIN_AgeStartOfCINPeriod": None,
        "CIN_AgeEndOfCINPeriod": None,
        "CIN_ReferralDate": start,
        "CIN_CINClosureDate": None,
        "CIN_CPPstartDate": None,
        "CIN_CPPendDate": None,
    } | more


def write(extracts: Extracts, folder: Path) -> Path:
    """Write every dataset into files of the delivered shape."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, list[Row]] = {}
    for dataset, rows in extracts.items():
        for row in rows:
            layout = "Table1" if "Category" in row else "Table3"
            name = NAMES[dataset].format(year=row.get("_suffix_year"), layout=layout)
            files.setdefault(name, []).append(_delivered(dataset, row))
    for name, rows in files.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / name).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def _delivered(dataset: str, row: Row) -> Row:
    """A row under the names that its file has, each with the suffix of its year."""
    shown = {name: text for name, text in row.items() if not name.startswith("_")}
    if dataset not in SUFFIXES:
        return shown
    suffix = f"{SUFFIXES[dataset]}{row['_suffix_year'] % 100:02d}"
    return {name if name == "MoJUID" else name + suffix: text for name, text in shown.items()}
