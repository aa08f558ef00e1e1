"""What the warehouse must show of a person and of an episode, written out a second time.

The rules once more in plain Python, as slow and as obvious as possible: one pupil after the other,
days in care as sets of days, no SQL. Nothing here is shared with the models but the seeds (code
lists and recodes), which are data. Rows are dicts of text, as the loader leaves them in `raw`.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

SEEDS = Path(__file__).resolve().parents[2] / "seeds"

Row = dict[str, str | None]
Result = dict[str, object]
Spell = tuple[date, date]

# Unicode's white space, and the characters without width that look like nothing in a cell.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
    "\u200b\u200c\u200d\u2060\ufeff"
)
WORDS_FOR_MISSING = re.compile(
    r"|NULL|NA|N/A|NAN|NAT|NONE|<NA>|[^A-Z0-9]NULL[^A-Z0-9]|\\N|\.[A-Z_]?|-+"
    r"|#N/A|#NULL!|#VALUE!|#REF!|#NAME\?|#NUM!|#DIV/0!",
    re.IGNORECASE,
)
MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST"),
    *("SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)
LONDON = ZoneInfo("Europe/London")
EARLIEST_PLAUSIBLE_DATE = date(1930, 1, 1)
LATEST_PLAUSIBLE_DATE = date(2049, 12, 31)
ZERO_DAYS_OF_PROGRAMS = (date(1960, 1, 1), date(1970, 1, 1))
STILL_LOOKED_AFTER = "-10"
CORRECTED_DATE_MAX_DAYS = 30
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
    """A cell without white space at its ends; None for a blank and a word for "missing"."""
    if text is None:
        return None
    trimmed = text.strip(WHITE_SPACE)
    return None if WORDS_FOR_MISSING.fullmatch(trimmed) else trimmed


def read_identifier(text: str | None) -> str | None:
    """An identifier; None where a program wrote a long number in scientific notation."""
    cell = clean(text)
    if cell is None or not any(letter.isalnum() for letter in cell):
        return None
    if re.fullmatch(r"[-+]?[0-9]+([.][0-9]*E[-+]?|E[+])[0-9]+", cell, re.IGNORECASE):
        return None
    return re.sub(r"^([0-9]+)[.]0*$", r"\1", cell)


def clean_code(text: str | None) -> str | None:
    """A code in capitals, without spaces, without a description, without the point of a number."""
    cell = clean(text)
    if cell is None:
        return None
    code = cell.upper()
    code_with_digit = r"-?[A-Z]{0,3} *[0-9]{1,8}[A-Z]{0,2}"
    described = re.fullmatch(
        rf"({code_with_digit}|[A-Z]{{1,4}})( +[-\u2013\u2014=] | *[:(=]).*", code
    ) or re.fullmatch(rf"({code_with_digit})[-\u2013\u2014][A-Z][A-Z].*", code)
    if described:
        code = described[1]
    return re.sub(r"^(-?[0-9]+)[.]0*$", r"\1", code.replace(" ", ""))


def read_date(text: str | None) -> date | None:
    """A day that exists, in any form without doubt, and that is no placeholder."""
    cell = (clean(text) or "").upper()
    try:
        the_day = _day_of_instant(cell) or _day_as_written(cell)
    except ValueError:
        return None
    if the_day is None or the_day in ZERO_DAYS_OF_PROGRAMS:
        return None
    return the_day if EARLIEST_PLAUSIBLE_DATE <= the_day <= LATEST_PLAUSIBLE_DATE else None


def _day_of_instant(cell: str) -> date | None:
    """The date in London of a time with a zone; None at midnight, which marks a date."""
    found = re.fullmatch(
        r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})[ T]([0-9]{2}):?([0-9]{2})[0-9:.,]*"
        r" ?(Z|UTC|GMT|([-+])([0-9]{2}):?([0-9]{2})?)",
        cell,
    )
    if not found or found[4] + found[5] == "0000":
        return None
    offset = timedelta(hours=int(found[8] or 0), minutes=int(found[9] or 0))
    zone = timezone(-offset if found[7] == "-" else offset)
    instant = datetime(*(int(found[i]) for i in range(1, 6)), tzinfo=zone)
    return instant.astimezone(LONDON).date()


def _day_as_written(cell: str) -> date | None:
    time = r"([ T:]+[0-9:.,]+( ?[AP]M)?"
    zone = r"( ?(Z|UTC|GMT|[-+][0-9]{2}(:?[0-9]{2})?))?)?"
    if found := re.fullmatch(
        r"([0-9]{4})(?:[-/.]?)([0-9]{1,2})(?:[-/.]?)([0-9]{1,2})" + time + zone, cell
    ):
        is_compact = re.match(r"[0-9]{8}", cell)
        if is_compact or re.match(r"[0-9]{4}[-/.][0-9]{1,2}[-/.]", cell):
            return date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})[.]0*", cell):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})" + time + ")?", cell):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(
        r"([0-9]{1,2})[-/., ]*([A-Z]{3,9})[-/., ]*([0-9]{4})" + time + ")?", cell
    ):
        day, name, year = found[1], found[2], found[3]
    elif found := re.fullmatch(
        r"([A-Z]{3,9})[-/. ]+([0-9]{1,2})[-/., ]+([0-9]{4})" + time + ")?", cell
    ):
        day, name, year = found[2], found[1], found[3]
    else:
        return None
    for number, month in enumerate(MONTHS, start=1):
        if name in (month, month[:3]) or (number == 9 and name == "SEPT"):
            return date(int(year), number, int(day))
    return None


def read_academic_year(text: str | None) -> int | None:
    """The second calendar year of an academic year: 2006 for 2005/2006 in any of its forms."""
    cell = clean(text) or ""
    found = re.fullmatch(
        r"([0-9]{4})(?: ?[-\u2013/_] ?)?([0-9]{4}|[0-9]{2})([.]0*)?", cell
    ) or re.fullmatch(r"([0-9]{4}) ?[-\u2013/_] ?([0-9])([.]0*)?", cell)
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
    if cell in ("true", "t", "yes", "y") or re.fullmatch(r"[-+]?0*1([.]0*)?", cell):
        return True
    if cell in ("false", "f", "no", "n") or re.fullmatch(r"[-+]?0+([.]0*)?", cell):
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
def exit_reasons() -> set[str]:
    """The reasons with which a child left care, not only one authority's."""
    with (SEEDS / "lookups" / "reason_episode_ceased.csv").open(
        encoding="utf-8", newline=""
    ) as lines:
        return {
            row["code"]
            for row in csv.DictReader(lines)
            if row["ends_period_of_care"] == "true" and row["code"] != "E3"
        }


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


def recoded(dataset: str, column: str, text: str | None) -> str | None:
    """A delivered code as the code list writes it."""
    code = clean_code(text)
    changed = recodes(dataset, column)
    return changed.get(code, code)


# Episodes ---------------------------------------------------------------------------------------


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
        histories[pupil] = (episodes, _stays(episodes, earliest))
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
            authority = min(row["filled_authority"] for row in leading)
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


def birth(pupil: object, population: list[Row]) -> tuple[int, int | None] | None:
    """Year and month of birth of most rows: whole ones first, then the later."""
    births: Counter[tuple[int, int | None]] = Counter()
    for row in population:
        year = read_processing_year(row["YearOfBirth"])
        month = read_whole_number(row["MonthOfBirth"])
        if read_identifier(row["PupilMatchingRefAnonymous"]) == pupil and year is not None:
            births[year, month if month is not None and 1 <= month <= 12 else None] += 1
    return max(births, key=lambda b: (b[1] is not None, births[b], b[0], b[1] or 0), default=None)


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


def closure(row: Row) -> tuple[date | None, str | None, bool | None]:
    """When and why a row shows a referral closed, and whether with no further action."""
    reason = recoded("cin", "reason_for_closure_code", row["CIN_ReasonForClosure"])
    return read_date(row["CIN_CINClosureDate"]), reason, read_flag(row["CIN_ReferralNFA"])


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
    """Sorts the rows of a record: the latest year first, then by the alphabet, blanks last."""
    year, end = sighting["year"], sighting["end"]
    alphabet = ("reason", "placement", "legal_status", "need", "authority", "new_reason")
    return [
        (0, -year) if year is not None else (1, 0),
        not sighting["is_open"],
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


def _stays(episodes: list[Result], earliest: date) -> list[Spell]:
    """From when to when each episode of one pupil shows the child in care.

    That is from the start of the period of care, unless the child left care since then, or had not
    been born.
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
    """The nights of the spells, by the days that they follow."""
    nights = set()
    for start, end in spells:
        for number in range((end - start).days):
            nights.add(start + timedelta(days=number))
    return nights


def years_covered(cla: list[Row]) -> tuple[date, date] | None:
    """First and last day of the reporting years in which any episode was seen."""
    years = [_sighting(row)["year"] for row in cla if _is_of_an_episode(row)]
    known = [year for year in years if year is not None]
    return (date(min(known) - 1, 4, 1), date(max(known), 3, 31)) if known else None


def _is_of_an_episode(row: Row) -> bool:
    pupil = read_identifier(row["CLA_PupilMatchingRefAnonymous"])
    return pupil is not None and start_date(row, "CLA_DATE_EPI_COMM") is not None


def days_in_covered_years(spells: list[Spell], covered: tuple[date, date] | None) -> int:
    """How many nights of the spells lie within the years covered."""
    if covered is None:
        return 0
    return len({night for night in nights(spells) if covered[0] <= night < covered[1]})


def max_known(start: date, end: date | None) -> date | None:
    """The later of an episode's start and end; None where the end is not known."""
    return None if end is None else max(start, end)


def number_of_periods(spells: list[Spell]) -> int:
    """How many periods of care: stays that share a day, the last one included, are one."""
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


# Persons ----------------------------------------------------------------------------------------


def persons(cla: list[Row], cin: list[Row], population: list[Row]) -> list[Result]:
    """The rows of `person_highest_intervention`: one for each pupil of any dataset."""
    pupils = {read_identifier(row["CLA_PupilMatchingRefAnonymous"]) for row in cla}
    pupils |= {read_identifier(row["CIN_PupilMatchingRefAnonymous"]) for row in cin}
    pupils |= {read_identifier(row["PupilMatchingRefAnonymous"]) for row in population}
    histories = care_histories(cla, population)
    return [
        _person(pupil, cla, cin, population, histories.get(pupil, ([], [])))
        for pupil in pupils
        if pupil is not None
    ]


def _person(
    pupil: str,
    cla: list[Row],
    cin: list[Row],
    population: list[Row],
    history: tuple[list[Result], list[Spell]],
) -> Result:
    own_cla = [row for row in cla if read_identifier(row["CLA_PupilMatchingRefAnonymous"]) == pupil]
    own_cin = [row for row in cin if read_identifier(row["CIN_PupilMatchingRefAnonymous"]) == pupil]
    own_population = [
        row for row in population if read_identifier(row["PupilMatchingRefAnonymous"]) == pupil
    ]

    moj_uids = Counter(
        read_identifier(row["MoJUID"]) for row in [*own_cla, *own_cin, *own_population]
    )
    del moj_uids[None]
    years = [reporting_year(row) for row in own_cla]
    years += [read_academic_year(row["CIN_ACADYR"]) for row in own_cin]
    years = [year for year in years if year is not None]

    care, need = _care(own_cla, *history), _need(own_cin)
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


def _care(own_cla: list[Row], episodes: list[Result], spells: list[Spell]) -> Result:
    """What the rows of a child looked after show of the child; None for all of it without rows."""
    # An episode that ends before it starts was seen on the day on which it started.
    ends = [max_known(e["episode_start_date"], e["episode_end_date"]) for e in episodes]
    groups = {placement_groups().get(e["placement_code"]) for e in episodes} - {None}
    items = {
        "is_child_looked_after": True,
        "first_cla_date": min((e["episode_start_date"] for e in episodes), default=None),
        "last_cla_date": max((end for end in ends if end is not None), default=None),
        "care_days_observed": len(nights(spells)),
        "n_periods_of_care": number_of_periods(spells),
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
