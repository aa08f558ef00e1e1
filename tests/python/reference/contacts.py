"""When social care and the justice system first met a person, and which of them came first.

Each first contact is an interval: one day where the day is known, otherwise the reporting year.
"""

from __future__ import annotations

from datetime import date

from reference.cells import (
    Result,
    Row,
    clean_code,
    read_academic_year,
    read_date,
    read_flag,
    read_whole_number,
)
from reference.code_lists import labels
from reference.episodes import reporting_year, start_date

Interval = tuple[date, date]
LEVELS = ("referral", "need", "plan", "care")
REMAND = "J1"
CORRECTED_DATE_MAX_DAYS = 30


def whole_year(year: int) -> Interval:
    """The first and the last day of a reporting year."""
    return date(year - 1, 4, 1), date(year, 3, 31)


def first_contacts(cin: list[Row], episodes: list[Result], cla: list[Row]) -> dict[str, Interval]:
    """The first contact of each level that one person reached, from the rows of that person."""
    contacts: dict[str, list[Interval]] = {level: [] for level in LEVELS}
    for row in cin:
        year = read_academic_year(row.get("CIN_ACADYR"))
        when = _when(read_date(row.get("CIN_ReferralDate")), year)
        contacts["referral"].append(when)
        if is_need(row):
            contacts["need"].append(when)
    plan = _first_plan(cin)
    if plan is not None:
        contacts["plan"].append(plan)
    for episode in episodes:
        # Remand follows an offence, so it is not a contact that could precede one.
        if episode["legal_status_code"] != REMAND:
            start = episode["period_of_care_start_date"] or episode["episode_start_date"]
            contacts["care"].append((start, start))
    contacts["care"] += [
        _when(None, reporting_year(row))
        for row in cla
        if start_date(row, "CLA_DATE_EPI_COMM") is None
        and clean_code(row.get("CLA_LEGAL_STATUS")) != REMAND
    ]
    firsts = {level: _first(found) for level, found in contacts.items() if found}
    every = [one for found in contacts.values() for one in found]
    return firsts | ({"any": _first(every)} if every else {})


def is_need(row: Row) -> bool:
    """Whether a row shows an episode of need: not closed without further action."""
    reason = clean_code(row.get("CIN_ReasonForClosure"))
    return bool(read_flag(row.get("CIN_CINat31March"))) or (
        reason != "RC8" and not read_flag(row.get("CIN_ReferralNFA"))
    )


def _when(day: date | None, year: int | None) -> Interval:
    if day is not None:
        return day, day
    return whole_year(year) if year is not None else (date(1900, 1, 1), date(2999, 12, 31))


def _first_plan(cin: list[Row]) -> Interval | None:
    """The start of the first plan; the first year that shows one where no start is known."""
    rows = [row for row in cin if _shows_plan(row)]
    years = [year for row in rows if (year := read_academic_year(row.get("CIN_ACADYR")))]
    starts = plan_starts(cin)
    if not rows or not years:
        return None
    first, last = whole_year(min(years))
    if any(
        (read_whole_number(row.get("CIN_NumberOfPreviousCPP")) or 0) >= 1
        for row in rows
        if read_academic_year(row.get("CIN_ACADYR")) == min(years)
    ):
        first = date(1900, 1, 1)
    elif starts and min(starts) <= last:
        first = min(starts)
    return first, min([*starts, last])


def plan_date(row: Row, column: str) -> date | None:
    """A date of a plan, unless it lies longer before the end of the row's year than a childhood."""
    day, year = read_date(row.get(column)), read_academic_year(row.get("CIN_ACADYR"))
    return None if day and year and day <= date(year - 19, 3, 31) else day


def plan_starts(cin: list[Row]) -> list[date]:
    """The starts of plans, each as the latest year has it."""
    referrals: dict[object, dict[date, list[tuple[int, date]]]] = {}
    for row in cin:
        year = read_academic_year(row.get("CIN_ACADYR"))
        start = plan_date(row, "CIN_CPPstartDate")
        if start is not None:
            # Without a date the rows of a year are one referral.
            referral = read_date(row.get("CIN_ReferralDate")) or year
            end = plan_date(row, "CIN_CPPendDate") or date.max
            plans = referrals.setdefault(referral, {})
            plans.setdefault(start, []).append((year or 0, end))
    return [start for plans in referrals.values() for start in plans if not _later(start, plans)]


def _later(start: date, plans: dict[date, list[tuple[int, date]]]) -> date | None:
    """The start by which a later year replaced this one, where no other fits as well."""

    def candidates(one: date) -> list[date]:
        last, end = max(plans[one])
        if last == 0:
            return []
        close = {
            other: min(rows)[0]
            for other, rows in plans.items()
            if 1 <= abs((other - one).days) <= CORRECTED_DATE_MAX_DAYS
            and last < min(rows)[0]
            and other <= whole_year(last)[1]
            and (end > whole_year(last)[1] or end == max(rows)[1])
        }
        return [other for other, year in close.items() if year == min(close.values())]

    own = candidates(start)
    is_alone = len(own) == 1 and sum(own[0] in candidates(one) for one in plans) == 1
    return own[0] if is_alone else None


def _shows_plan(row: Row) -> bool:
    codes = ("CIN_CategoryOfAbuse", "CIN_InitialCategoryOfAbuse")
    return (
        any(clean_code(row.get(code)) in labels("category_of_abuse") for code in codes)
        or (read_whole_number(row.get("CIN_NumberOfPreviousCPP")) or 0) >= 1
        or plan_date(row, "CIN_CPPstartDate") is not None
    )


def _first(found: list[Interval]) -> Interval:
    """Of several contacts: the first lies between the first start and the first end."""
    return min(start for start, _ in found), min(end for _, end in found)


def a_year_later(day: date) -> date:
    """The same day of the next year; 28 February for the 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def order(contact: Interval | None, has_offence: bool, offence: date | None) -> str:
    """Which came first: the first contact with social care, or the first offence."""
    if contact is None:
        return "justice only" if has_offence else "neither"
    if not has_offence:
        return "social care only"
    earliest, latest = contact
    if offence is None or earliest <= offence <= latest:
        return "same day or not determined"
    if offence < earliest:
        return "justice first"
    if a_year_later(latest) <= offence:
        return "social care first by a year or more"
    return "social care first by less than a year"
