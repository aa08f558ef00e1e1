"""On which days a child was in care, as sets of days."""

from __future__ import annotations

from datetime import date, timedelta

from reference.cells import Result, Spell
from reference.code_lists import exit_reasons


def stays(episodes: list[Result], earliest: date) -> list[Spell]:
    """The first and last day on which each episode of one pupil shows the child in care.

    The first day is the start of the period of care, unless the child left care after it or was not
    yet born.
    """
    usable = [e for e in episodes if e["episode_end_date"] and not e["is_end_before_start"]]
    exits = [
        (e["care_episode_id"], e["episode_end_date"])
        for e in usable
        if not e["is_censored"] and e["reason_episode_ceased_code"] in exit_reasons()
    ]
    found = []
    for episode in usable:
        start, end = episode["episode_start_date"], episode["episode_end_date"]
        period_start = episode["period_of_care_start_date"] or start
        has_left = any(
            period_start < day <= start for key, day in exits if key != episode["care_episode_id"]
        )
        if has_left or period_start < earliest or period_start > start:
            period_start = start
        if end >= earliest:
            found.append((max(period_start, earliest), end))
    return found


def nights(spells: list[Spell]) -> set[date]:
    """The nights of the spells, each named by the day before it."""
    nights = set()
    for start, end in spells:
        for number in range((end - start).days):
            nights.add(start + timedelta(days=number))
    return nights


def days_in_covered_years(spells: list[Spell], covered: tuple[date, date] | None) -> int:
    """How many nights of the spells lie within the years covered."""
    if covered is None:
        return 0
    return len({night for night in nights(spells) if covered[0] <= night < covered[1]})


def number_of_periods(spells: list[Spell]) -> int:
    """How many periods of care. Stays that share a day, such as a last day, are one period."""
    periods: list[set[date]] = []
    for start, end in spells:
        days = {start + timedelta(days=number) for number in range((end - start).days + 1)}
        apart = []
        for period in periods:
            if period & days:
                days |= period
            else:
                apart.append(period)
        periods = [*apart, days]
    return len(periods)
