"""Episodes of care, from the yearly rows in which they are delivered."""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import pairwise

from reference.care_days import stays
from reference.cells import (
    Result,
    Row,
    Spell,
    clean,
    clean_code,
    read_academic_year,
    read_date,
    read_identifier,
    read_processing_year,
)
from reference.code_lists import end_ranks, labels, recoded
from reference.particulars import birth

STILL_LOOKED_AFTER = "-10"
CORRECTED_DATE_MAX_DAYS = 30
SHORT_BREAKS = ("V3", "V4")


def care_episodes(cla: list[Row], population: list[Row]) -> list[Result]:
    """The rows of `care_episode`."""
    histories = care_histories(cla, population).values()
    return [episode for episodes, _ in histories for episode in episodes]


def care_histories(
    cla: list[Row], population: list[Row]
) -> dict[str, tuple[list[Result], list[Spell]]]:
    """The episodes of each pupil, and the spells in which they show the child in care."""
    every_episode = is_every_episode_shown(cla)
    sightings: dict[str, dict[date, list[Result]]] = {}
    for row in cla:
        if _is_of_an_episode(row):
            pupil = str(read_identifier(row["CLA_PupilMatchingRefAnonymous"]))
            start = start_date(row, "CLA_DATE_EPI_COMM")
            sightings.setdefault(pupil, {}).setdefault(start, []).append(_sighting(row))
    histories = {}
    for pupil, starts in sightings.items():
        records = [
            record
            for start in sorted(starts)
            for record in _records(pupil, start, starts[start], every_episode)
        ]
        earliest = _earliest_care(records, birth(pupil, population))
        episodes = [_episode(same_episode, earliest) for same_episode in _corrected(records)]
        histories[pupil] = (episodes, stays(episodes, earliest))
    return histories


def is_every_episode_shown(cla: list[Row]) -> bool:
    """Whether more than one child-year in twenty has several episodes."""
    child_years: dict[tuple[str | None, int], set[object]] = {}
    for row in cla:
        sighting = _sighting(row)
        if _is_of_an_episode(row) and sighting["year"] is not None:
            key = (read_identifier(row["CLA_PupilMatchingRefAnonymous"]), sighting["year"])
            start = start_date(row, "CLA_DATE_EPI_COMM")
            child_years.setdefault(key, set()).add((start, _known_end(sighting)))
    n_several = sum(len(episodes) > 1 for episodes in child_years.values())
    return n_several * 20 > len(child_years)


def _known_end(sighting: Result) -> date | None:
    """The end of a row that does not show its episode open."""
    return None if sighting["is_open"] else sighting["end"]


def _end_rank(sighting: Result) -> int:
    """Smaller for a reason that ends the period of care. An open row has no such reason."""
    last = max(end_ranks().values()) + 1
    return last if sighting["is_open"] else end_ranks().get(sighting["reason"], last)


def _standing(sighting: Result) -> tuple[bool, date]:
    """Larger for the row that leads: open, or with the later end."""
    return (sighting["is_open"], _known_end(sighting) or date.min)


def _records(pupil: str, start: date, sightings: list[Result], every_episode: bool) -> list[Result]:
    """The records of one start, the one that is open or ends last first."""
    by_year: dict[object, list[Result]] = {}
    for sighting in sightings:
        by_year.setdefault(sighting["year"], []).append(sighting)
    for rows in by_year.values():
        known = [row["authority"] for row in rows if row["authority"] is not None]
        for row in rows:
            row["filled_authority"] = row["authority"] or min(known, default="")

    if not every_episode:
        groups = {"main": sightings}
        used = []
        for rows in by_year.values():
            best = max(_standing(row) for row in rows)
            leading = [row for row in rows if _standing(row) == best]
            # Of two authorities with one end, the one that ended the period of care.
            _, authority = min((_end_rank(row), row["filled_authority"]) for row in leading)
            used += [row for row in leading if row["filled_authority"] == authority]
    else:
        used = sightings
        is_shared = any(
            len({row["filled_authority"] for row in rows}) > 1 for rows in by_year.values()
        )
        groups = {}
        for authority in {row["filled_authority"] if is_shared else "main" for row in sightings}:
            own = [
                row for row in sightings if not is_shared or row["filled_authority"] == authority
            ]
            behind = {
                _known_end(row)
                for row in own
                if any(_standing(row) < _standing(o) for o in own if o["year"] == row["year"])
            }
            for row in own:
                end = _known_end(row)
                is_behind = end is not None and end in behind
                mark = f"{authority}|{end}" if is_behind else authority
                groups.setdefault(mark, []).append(row)

    folded = [
        _record(pupil, start, rows, [row for row in rows if any(row is u for u in used)], mark)
        for mark, rows in groups.items()
    ]
    folded.sort(
        key=lambda r: (not r["is_censored"], -(r["end"] or date.min).toordinal(), r["mark"])
    )
    return [record | {"number": number} for number, record in enumerate(folded, start=1)]


def _record(
    pupil: str, start: date, sightings: list[Result], used: list[Result], mark: str
) -> Result:
    """One record from its yearly rows: the latest year's end, and its codes where it has any."""
    ordered = sorted(used, key=_from_the_latest)
    latest = ordered[0]
    years = [sighting["year"] for sighting in sightings if sighting["year"] is not None]
    items = ("placement", "legal_status", "need", "authority", "poc_start")
    return {
        "pupil": pupil,
        "start": start,
        "mark": mark,
        "end": latest["report_day"] if latest["is_open"] else latest["end"],
        "recorded_end": latest["end"],
        "is_censored": latest["is_open"],
        "reason": latest["reason"],
        "first_year": min(years, default=None),
        "last_year": latest["year"],
        "n_rows": len(sightings),
        **{item: _first_known(ordered, item) for item in items},
    }


def _corrected(records: list[Result]) -> list[list[Result]]:
    """The records of a pupil by episode: those whose start a later year corrected together."""
    chains: list[list[Result]] = []
    for record in records:
        if chains and _is_same_episode(chains[-1][-1], record):
            chains[-1].append(record)
        else:
            chains.append([record])
    episodes = []
    for chain in chains:
        chain.sort(key=lambda record: record["first_year"] or 0)
        is_clear = all(one["last_year"] < other["first_year"] for one, other in pairwise(chain))
        episodes += [chain] if is_clear else [[record] for record in chain]
    return episodes


def _is_same_episode(one: Result, other: Result) -> bool:
    """Whether one of two records is the other with a corrected start."""
    if None in (one["last_year"], other["last_year"], one["first_year"], other["first_year"]):
        return False
    first, second = (one, other) if one["last_year"] < other["first_year"] else (other, one)
    codes = ("placement", "legal_status", "need")
    return (
        first["last_year"] < second["first_year"]
        and first["is_censored"]
        and second["start"] <= date(first["last_year"], 3, 31)
        and 1 <= abs((second["start"] - first["start"]).days) <= CORRECTED_DATE_MAX_DAYS
        and _agree(one, other, "authority")
        and (
            (one["poc_start"] is not None and one["poc_start"] == other["poc_start"])
            or all(_agree(one, other, code) for code in codes)
        )
    )


def _agree(one: Result, other: Result, item: str) -> bool:
    return None in (one[item], other[item]) or one[item] == other[item]


def _earliest_care(records: list[Result], born: tuple[int, int | None] | None) -> date:
    """The first day on which a child can have been in care."""
    bounds = [date.min]
    if born is not None:
        bounds.append(date(born[0], born[1] or 1, 1))
    ends = [r["end"] for r in records if r["end"] is not None and r["end"] >= r["start"]]
    if ends:
        last = max(ends)
        bounds.append(date(last.year + (last > date(last.year, 3, 31)) - 19, 4, 1))
    return max(bounds)


def reporting_year(row: Row) -> int | None:
    """The year of a row; the processing year, where the academic year cannot be read."""
    return read_academic_year(row["CLA_ACADYR"]) or read_processing_year(row["CLA_PROCESSING_YEAR"])


def start_date(row: Row, column: str) -> date | None:
    """A start, unless it lies longer before the end of the row's year than a childhood."""
    start, year = read_date(row[column]), reporting_year(row)
    is_too_long_ago = start and year and start < date(year - 19, 3, 31)
    return None if is_too_long_ago else start


def is_open(row: Row) -> bool:
    """Whether a row shows the child still looked after on the 31 March of its year."""
    end, year = read_date(row["CLA_DATE_EPI_CEASED"]), reporting_year(row)
    reason = recoded("cla", "reason_episode_ceased_code", row["CLA_REC"])
    is_later = end is not None and year is not None and end > date(year, 3, 31)
    return end is None or reason == STILL_LOOKED_AFTER or is_later


def _sighting(row: Row) -> Result:
    """What one yearly row says of its episode."""
    year = reporting_year(row)
    return {
        "year": year,
        "report_day": None if year is None else date(year, 3, 31),
        "end": read_date(row["CLA_DATE_EPI_CEASED"]),
        "is_open": is_open(row),
        "reason": recoded("cla", "reason_episode_ceased_code", row["CLA_REC"]),
        "placement": clean_code(row["CLA_PLACEMENT"]),
        "legal_status": clean_code(row["CLA_LEGAL_STATUS"]),
        "need": clean_code(row["CLA_CAT_NEED"]),
        "authority": clean_code(row["CLA_CLA_LA"]),
        "new_reason": clean_code(row["CLA_RNE"]),
        "poc_start": start_date(row, "CLA_POC_START"),
        "poc_length": clean(row["CLA_POC_LENGTH"]),
    }


def _episode(records: list[Result], earliest: date) -> Result:
    """One episode from its records: the latest, seen since the first."""
    latest = records[-1]
    pupil, start, end = latest["pupil"], latest["start"], latest["end"]
    is_end_before_start = end is not None and end < start
    is_start_too_early = start < earliest
    has_length = not (end is None or is_end_before_start or is_start_too_early)
    key = f"{pupil}|{start.isoformat()}"
    if latest["number"] > 1:
        key += f"|{latest['number']}"
    reason = latest["reason"]
    is_reason_true = not latest["is_censored"] or reason == STILL_LOOKED_AFTER
    return {
        "care_episode_id": hashlib.md5(key.encode()).hexdigest(),
        "pupil_id": pupil,
        "episode_start_date": start,
        "episode_end_date": end,
        "recorded_end_date": latest["recorded_end"],
        "duration_days": (end - start).days if has_length else None,
        "is_censored": latest["is_censored"],
        "is_end_before_start": is_end_before_start,
        "is_start_too_early": is_start_too_early,
        "is_short_break": latest["legal_status"] in SHORT_BREAKS,
        "placement_code": latest["placement"],
        "placement_label": labels("placement").get(latest["placement"]),
        "legal_status_code": latest["legal_status"],
        "legal_status_label": labels("legal_status").get(latest["legal_status"]),
        "reason_episode_ceased_code": reason,
        "reason_episode_ceased_label": (
            labels("reason_episode_ceased").get(reason) if is_reason_true else None
        ),
        "category_of_need_code": latest["need"],
        "category_of_need_label": labels("category_of_need").get(latest["need"]),
        "period_of_care_start_date": latest["poc_start"],
        "local_authority_code": latest["authority"],
        "first_seen_year": records[0]["first_year"],
        "last_seen_year": latest["last_year"],
        "n_yearly_rows": sum(record["n_rows"] for record in records),
    }


def _from_the_latest(sighting: Result) -> list:
    """Sorts the rows of a record: the latest year, the reason that ends care, the alphabet."""
    year, end = sighting["year"], sighting["end"]
    alphabet = ("reason", "placement", "legal_status", "need", "authority", "new_reason")
    return [
        (0, -year) if year is not None else (1, 0),
        not sighting["is_open"],
        (0, -end.toordinal()) if end is not None else (1, 0),
        _end_rank(sighting),
        *((0, sighting[item]) if sighting[item] is not None else (1, "") for item in alphabet),
        (0, sighting["poc_start"]) if sighting["poc_start"] is not None else (1, date.max),
    ]


def _first_known(ordered: list[Result], item: str) -> object:
    for sighting in ordered:
        if sighting[item] is not None:
            return sighting[item]
    return None


def years_covered(cla: list[Row]) -> tuple[date, date] | None:
    """First and last day of the reporting years in which any episode was seen."""
    years = [_sighting(row)["year"] for row in cla if _is_of_an_episode(row)]
    known = [year for year in years if year is not None]
    return (date(min(known) - 1, 4, 1), date(max(known), 3, 31)) if known else None


def _is_of_an_episode(row: Row) -> bool:
    pupil = read_identifier(row["CLA_PupilMatchingRefAnonymous"])
    return pupil is not None and start_date(row, "CLA_DATE_EPI_COMM") is not None
