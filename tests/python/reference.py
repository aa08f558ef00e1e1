"""What the warehouse must say of a person and of an episode, written out a second time.

The rules once more in plain Python, as slow and as obvious as possible: one pupil after the other,
days in care as sets of days, no SQL. Nothing here is shared with the models but the seeds (code
lists and recodes), which are data. Rows are dicts of text, as the loader leaves them in `raw`.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "seeds"

Row = dict[str, str | None]
Result = dict[str, object]

# Unicode's white space, and the characters without width that look like nothing in a cell.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
    "\u200b\u200c\u200d\u2060\ufeff"
)
TOKENS_FOR_NOTHING = ("", "NULL", "NA", "N/A", ".")
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
EARLIEST_PLAUSIBLE_DATE = date(1930, 1, 1)
LATEST_PLAUSIBLE_DATE = date(2049, 12, 31)
STILL_LOOKED_AFTER = "-10"
SHORT_BREAKS = ("V3", "V4")
CATEGORIES = [
    "no social care contact",
    "referral only",
    "child in need",
    "child protection plan",
    "child looked after",
]


# Cells ------------------------------------------------------------------------------------------


def clean(text: str | None) -> str | None:
    """A cell without white space at its ends; None where it stands for nothing."""
    if text is None:
        return None
    trimmed = text.strip(WHITE_SPACE)
    return None if trimmed.upper() in TOKENS_FOR_NOTHING else trimmed


def clean_code(text: str | None) -> str | None:
    """A code in capitals, without spaces inside."""
    code = clean(text)
    return None if code is None else code.replace(" ", "").upper()


def read_date(text: str | None) -> date | None:
    """A day that exists, in any form that the extracts use, and that is no placeholder."""
    cell = clean(text)
    if cell is None:
        return None
    time = r"([ T:][0-9:.]+)?"
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})" + time, cell):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif found := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})" + time, cell):
        day, month, year = int(found[1]), int(found[2]), int(found[3])
    elif found := re.fullmatch(r"([0-9]{2})-?([A-Za-z]{3})-?([0-9]{4})" + time, cell):
        if found[2].upper() not in MONTHS:
            return None
        day, month, year = int(found[1]), MONTHS.index(found[2].upper()) + 1, int(found[3])
    else:
        return None
    try:
        the_day = date(year, month, day)
    except ValueError:
        return None
    if the_day < EARLIEST_PLAUSIBLE_DATE or the_day > LATEST_PLAUSIBLE_DATE:
        return None
    return the_day


def read_academic_year(text: str | None) -> int | None:
    """The second calendar year of an academic year: 2006 for 2005/2006 in any of its five forms."""
    cell = clean(text)
    found = re.fullmatch(r"([0-9]{4})[-/]?([0-9]{4}|[0-9]{2})", cell or "")
    if not found or found[1][:2] not in ("19", "20"):
        return None
    year_after = str(int(found[1]) + 1)
    return int(year_after) if year_after.endswith(found[2]) else None


def read_processing_year(text: str | None) -> int | None:
    """A calendar year, perhaps one that passed through a number column."""
    found = re.fullmatch(r"((19|20)[0-9]{2})([.]0*)?", clean(text) or "")
    return int(found[1]) if found else None


def read_flag(text: str | None) -> bool | None:
    """Yes, no, or neither."""
    cell = (clean(text) or "").lower()
    if cell in ("1", "1.0", "true", "t", "yes", "y"):
        return True
    if cell in ("0", "0.0", "false", "f", "no", "n"):
        return False
    return None


def read_whole_number(text: str | None) -> int | None:
    """A whole number of up to nine digits, perhaps written with a point and noughts."""
    found = re.fullmatch(r"([-+]?[0-9]{1,9})([.]0*)?", clean(text) or "")
    return int(found[1]) if found else None


def academic_year_label(year_end: int | None) -> str | None:
    """2006 as '2005/2006'."""
    return None if year_end is None else f"{year_end - 1}/{year_end}"


# Seeds ------------------------------------------------------------------------------------------


@cache
def labels(lookup: str) -> dict[str, str]:
    """The label of each code of a code list."""
    with (SEEDS / "lookups" / f"{lookup}.csv").open(encoding="utf-8", newline="") as lines:
        return {row["code"]: row["label"] for row in csv.DictReader(lines)}


@cache
def placement_groups() -> dict[str, tuple[str, str]]:
    """The published group of each placement code, with the kind of foster carer."""
    with (SEEDS / "lookups" / "placement.csv").open(encoding="utf-8", newline="") as lines:
        return {
            row["code"]: (row["published_group"], row["foster_carer_type"])
            for row in csv.DictReader(lines)
        }


@cache
def recodes(dataset: str, column: str) -> dict[str, str | None]:
    """The listed code for each delivered one that has another form."""
    path = SEEDS / "definitions" / "code_recodes.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            row["delivered_code"]: row["code"] or None
            for row in csv.DictReader(lines)
            if (row["dataset"], row["column_name"]) == (dataset, column)
        }


# Episodes ---------------------------------------------------------------------------------------


def care_episodes(cla: list[Row]) -> list[Result]:
    """The rows of `care_episode`: one for each pupil and start date."""
    sightings: dict[tuple[str, date], list[Result]] = {}
    for row in cla:
        pupil = clean(row["CLA_PupilMatchingRefAnonymous"])
        start = read_date(row["CLA_DATE_EPI_COMM"])
        if pupil is not None and start is not None:
            sightings.setdefault((pupil, start), []).append(_sighting(row))
    return [_episode(pupil, start, rows) for (pupil, start), rows in sightings.items()]


def reporting_year(row: Row) -> int | None:
    """The year of a row; the processing year, where the academic year cannot be read."""
    return read_academic_year(row["CLA_ACADYR"]) or read_processing_year(row["CLA_PROCESSING_YEAR"])


def _period_start(row: Row) -> date | None:
    """When the child's period of care began, unless that is longer ago than a childhood."""
    period_start, start = read_date(row["CLA_POC_START"]), read_date(row["CLA_DATE_EPI_COMM"])
    is_too_long = period_start and start and (start - period_start).days >= 19 * 365
    return None if is_too_long else period_start


def _sighting(row: Row) -> Result:
    """What one yearly row says of its episode."""
    year = reporting_year(row)
    report_day = None if year is None else date(year, 3, 31)
    end = read_date(row["CLA_DATE_EPI_CEASED"])
    reason = clean_code(row["CLA_REC"])
    changed = recodes("cla", "reason_episode_ceased_code")
    if reason in changed:
        reason = changed[reason]
    is_open = end is None or reason == STILL_LOOKED_AFTER
    if end is not None and report_day is not None and end > report_day:
        is_open = True
    return {
        "year": year,
        "report_day": report_day,
        "end": end,
        "is_open": is_open,
        "reason": reason,
        "placement": clean_code(row["CLA_PLACEMENT"]),
        "legal_status": clean_code(row["CLA_LEGAL_STATUS"]),
        "need": clean_code(row["CLA_CAT_NEED"]),
        "authority": clean_code(row["CLA_CLA_LA"]),
        "poc_start": _period_start(row),
        "poc_length": clean(row["CLA_POC_LENGTH"]),
    }


def _episode(pupil: str, start: date, sightings: list[Result]) -> Result:
    """One episode from its yearly rows: the latest year's word, where it says anything."""
    ordered = sorted(sightings, key=_from_the_one_that_knows_most)
    latest = ordered[0]
    end = latest["report_day"] if latest["is_open"] else latest["end"]
    is_end_before_start = end is not None and end < start
    placement = _first_known(ordered, "placement")
    legal_status = _first_known(ordered, "legal_status")
    need = _first_known(ordered, "need")
    years = [sighting["year"] for sighting in sightings if sighting["year"] is not None]
    return {
        "care_episode_id": hashlib.md5(f"{pupil}|{start.isoformat()}".encode()).hexdigest(),
        "pupil_id": pupil,
        "episode_start_date": start,
        "episode_end_date": end,
        "recorded_end_date": latest["end"],
        "duration_days": None if end is None or is_end_before_start else (end - start).days,
        "is_censored": latest["is_open"],
        "is_end_before_start": is_end_before_start,
        "is_short_break": legal_status in SHORT_BREAKS,
        "placement_code": placement,
        "placement_label": labels("placement").get(placement),
        "legal_status_code": legal_status,
        "legal_status_label": labels("legal_status").get(legal_status),
        "reason_episode_ceased_code": latest["reason"],
        "reason_episode_ceased_label": labels("reason_episode_ceased").get(latest["reason"]),
        "category_of_need_code": need,
        "category_of_need_label": labels("category_of_need").get(need),
        "period_of_care_start_date": _first_known(ordered, "poc_start"),
        "local_authority_code": _first_known(ordered, "authority"),
        "first_seen_year": min(years, default=None),
        "last_seen_year": latest["year"],
        "n_yearly_rows": len(sightings),
    }


def _from_the_one_that_knows_most(sighting: Result) -> list:
    """Sorts the rows of an episode (decision record 7).

    The latest year first; within it an ended row before an open one, then the later end; what is
    left is settled by the alphabet, blanks last.
    """
    year, end = sighting["year"], sighting["end"]
    alphabet = ("reason", "placement", "legal_status", "need", "authority")
    return [
        (0, -year) if year is not None else (1, 0),
        sighting["is_open"],
        (0, -end.toordinal()) if end is not None else (1, 0),
        *((0, sighting[item]) if sighting[item] is not None else (1, "") for item in alphabet),
        (0, sighting["poc_start"]) if sighting["poc_start"] is not None else (1, date.max),
    ]


def _first_known(ordered: list[Result], item: str) -> object:
    for sighting in ordered:
        if sighting[item] is not None:
            return sighting[item]
    return None


# Days in care -----------------------------------------------------------------------------------


def _stays(episodes: list[Result]) -> list[tuple[date, date]]:
    """From when to when each episode says that the child was in care.

    That is from the start of the period of care, where it is given and lies before the episode.
    """
    stays = []
    for episode in episodes:
        start, end = episode["episode_start_date"], episode["episode_end_date"]
        if end is None or episode["is_end_before_start"]:
            continue
        poc_start = episode["period_of_care_start_date"]
        stays.append((start if poc_start is None else min(start, poc_start), end))
    return stays


def nights_in_care(episodes: list[Result]) -> set[date]:
    """The nights on which the child was in care, by the days that they follow."""
    nights = set()
    for start, end in _stays(episodes):
        for number in range((end - start).days):
            nights.add(start + timedelta(days=number))
    return nights


def days_in_care(episodes: list[Result]) -> int:
    """On how many nights the child was in care, each counted once."""
    return len(nights_in_care(episodes))


def years_covered(cla: list[Row]) -> tuple[date, date] | None:
    """First and last day of the reporting years in which any episode was seen."""
    years = [_sighting(row)["year"] for row in cla if _is_of_an_episode(row)]
    known = [year for year in years if year is not None]
    return (date(min(known) - 1, 4, 1), date(max(known), 3, 31)) if known else None


def _is_of_an_episode(row: Row) -> bool:
    pupil = clean(row["CLA_PupilMatchingRefAnonymous"])
    return pupil is not None and read_date(row["CLA_DATE_EPI_COMM"]) is not None


def days_in_covered_years(episodes: list[Result], covered: tuple[date, date] | None) -> int:
    """On how many nights within the years covered the child was in care."""
    if covered is None:
        return 0
    return len({night for night in nights_in_care(episodes) if covered[0] <= night < covered[1]})


def max_known(start: date, end: date | None) -> date | None:
    """The later of an episode's start and end; None where the end is not known."""
    return None if end is None else max(start, end)


def number_of_periods(episodes: list[Result]) -> int:
    """How many periods of care: stays that share a day, the last one included, are one."""
    periods: list[set[date]] = []
    for start, end in _stays(episodes):
        days = {start + timedelta(days=number) for number in range((end - start).days + 1)}
        apart = []
        for period in periods:
            if period & days:
                days |= period
            else:
                apart.append(period)
        periods = [*apart, days]
    return len(periods)


# Persons ----------------------------------------------------------------------------------------


def persons(cla: list[Row], cin: list[Row], population: list[Row]) -> list[Result]:
    """The rows of `person_highest_intervention`: one for each pupil of any dataset."""
    pupils = {clean(row["CLA_PupilMatchingRefAnonymous"]) for row in cla}
    pupils |= {clean(row["CIN_PupilMatchingRefAnonymous"]) for row in cin}
    pupils |= {clean(row["PupilMatchingRefAnonymous"]) for row in population}
    return [_person(pupil, cla, cin, population) for pupil in pupils if pupil is not None]


def _person(pupil: str, cla: list[Row], cin: list[Row], population: list[Row]) -> Result:
    own_cla = [row for row in cla if clean(row["CLA_PupilMatchingRefAnonymous"]) == pupil]
    own_cin = [row for row in cin if clean(row["CIN_PupilMatchingRefAnonymous"]) == pupil]
    own_population = [row for row in population if clean(row["PupilMatchingRefAnonymous"]) == pupil]

    moj_uids = Counter(clean(row["MoJUID"]) for row in [*own_cla, *own_cin, *own_population])
    del moj_uids[None]
    years = [reporting_year(row) for row in own_cla]
    years += [read_academic_year(row["CIN_ACADYR"]) for row in own_cin]
    years = [year for year in years if year is not None]

    care, need = _care(own_cla), _need(own_cin)
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


def _care(own_cla: list[Row]) -> Result:
    """What the rows of a child looked after say of the child; None for all of it without rows."""
    episodes = care_episodes(own_cla)
    # An episode that ends before it starts was seen on the day on which it started.
    ends = [max_known(e["episode_start_date"], e["episode_end_date"]) for e in episodes]
    groups = {placement_groups().get(e["placement_code"]) for e in episodes} - {None}
    items = {
        "is_child_looked_after": True,
        "first_cla_date": min((e["episode_start_date"] for e in episodes), default=None),
        "last_cla_date": max((end for end in ends if end is not None), default=None),
        "care_days_observed": days_in_care(episodes),
        "n_periods_of_care": number_of_periods(episodes),
        "n_care_episodes": len(episodes),
        "n_placement_types": len({e["placement_code"] for e in episodes} - {None}),
        "n_placement_groups": len(groups),
        "is_short_breaks_only": all(
            clean_code(row["CLA_LEGAL_STATUS"]) in SHORT_BREAKS for row in own_cla
        ),
    }
    return items if own_cla else dict.fromkeys(items)


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
