"""How a cell of an extract is read, whatever its dataset.

The same few cells fill most rows, so each one is read once (`cache`).
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

Row = dict[str, str | None]
Result = dict[str, object]
Spell = tuple[date, date]

# Unicode's white space, and the characters without width that look like nothing in a cell.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
    "\u200b\u200c\u200d\u2060\ufeff\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200e\u200f"
    "\u202a\u202b\u202c\u202d\u202e\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069"
    "\u3164\ufe0e\ufe0f\uffa0"
)
INVISIBLE = WHITE_SPACE[WHITE_SPACE.index("\u200b") :]
WORDS_FOR_MISSING = re.compile(
    r"|NULL|NA|N/A|-?NAN|NAT|NONE|N\.A\.?|PD\.NA|NA_[A-Z]+_|\\N|\.+|\.[A-Z_]|[-\u2013\u2014\u2212]+"
    r"|[^A-Z0-9](NULL|NA|NAN|NONE|MISSING|BLANK)[^A-Z0-9]|-?1\.#(QNAN|SNAN|IND|INF|J)(00)?"
    r"|-?NAN\(.*\)|#(SPILL|CALC|FIELD|BUSY|BLOCKED|CONNECT|UNKNOWN|PYTHON|EXTERNAL)!|#GETTING_DATA"
    r"|#N/A( N/A)?|#NULL!|#VALUE!|#REF!|#NAME\?|#NUM!|#DIV/0!|####+",
    re.IGNORECASE,
)
QUOTES = "'\"`\u00b4\u2018\u2019\u201c\u201d\u201e"
_ROWS = "(rows?|records?|lines|obs|observations?|cases|children|pupils)"
# What people write for a missing identifier, and what programs write below a table.
WORDS_FOR_NOBODY = (
    "missing|unknown|undefined|nil|n/k|tbc|no (data|value|identifier|reference)",
    "not ?(known|available|applicable|recorded|stated|supplied|provided|assigned)",
    "((grand|sub|column|row|overall|all)[ -]?)?totals?([ :=(-].*)?",
    "(sum|count|mean|average|median|min|max|minimum|maximum|std|obs)(:| of .*)?",
    "[(]?(total |n )?[0-9,]+ (rows?|records?|observations?|obs)([ ).].*)?",
    f"(total |the )?(number|no[.]?|count) of {_ROWS}([ :=(-].*)?",
    f"(n|{_ROWS}|{_ROWS} (selected|affected|exported|count)|row count) ?[:=] ?[0-9,]*",
    "[^a-z0-9]*(end of (the )?(file|data|extract|report|table|export)|eof|trailer)[^a-z0-9]*",
    "(source|notes?|footnotes?|copyright|disclaimer|applied filters|filters applied):?",
    "(source|notes?|footnotes?|copyright|disclaimer|applied filters|notes? [0-9]+):.*",
    "((crown )?copyright|\u00a9|[(]c[)]) .*",
    "(report )?(run|printed|produced|created|generated|exported|extracted) (on|at|:)? ?[0-9].*",
    "page [0-9]+( of [0-9]+)?",
)
MONTHS = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST"),
    *("SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)
LONDON = ZoneInfo("Europe/London")
EARLIEST_PLAUSIBLE_DATE = date(1930, 1, 1)
LATEST_PLAUSIBLE_DATE = date(2049, 12, 31)
ZERO_DAYS_OF_PROGRAMS = (date(1960, 1, 1), date(1970, 1, 1))


@cache
def clean(text: str | None) -> str | None:
    """A cell without white space at its ends; None for a blank and a word for "missing"."""
    if text is None:
        return None
    trimmed = text.strip(WHITE_SPACE)
    return None if WORDS_FOR_MISSING.fullmatch(trimmed) else trimmed


@cache
def unquoted(text: str | None) -> str:
    """A cell without the quotes of a program and invisible characters, with plain digits."""
    cell = (text or "").translate(
        {ord("\uff10") + digit: str(digit) for digit in range(10)}
        | dict.fromkeys(map(ord, INVISIBLE))
        | {0xA0: " "}
    )
    cell = cell.strip(WHITE_SPACE)
    quote = f"[{QUOTES}]"
    if quoted := re.fullmatch(f"[=bB]?{quote}(.*){quote}", cell):
        cell = quoted[1]
    return cell[1:] if re.fullmatch(f"{quote}[^{QUOTES}]*", cell) else cell


@cache
def read_identifier(text: str | None) -> str | None:
    """An identifier; None where a program wrote something else in its place."""
    cell = clean(unquoted(text)) or ""
    if not any(letter.isalnum() for letter in cell):
        return None
    no_number = (
        r"[-+]?[0-9]+([.,][0-9]*[ED][-+ ]?|E[+ ]|[.,][0-9]* ?[X*\u00d7] ?10[ ^*]*)[0-9]+"
        r"|[-+]?INF(INITY)?|-([0-9]{1,2}|9+)([.,]0*)?|[-+]?0+([.,]0*)?"
    )
    if any(re.fullmatch(no_one, cell, re.IGNORECASE) for no_one in (no_number, *WORDS_FOR_NOBODY)):
        return None
    if re.fullmatch(r"[0-9]{1,3}((,[0-9]{3})+|( [0-9]{3})+)([.]0*)?", cell):
        cell = cell.replace(",", "").replace(" ", "")
    return re.sub(r"^([0-9]+)[.,]0*$", r"\1", cell)


@cache
def clean_code(text: str | None) -> str | None:
    """A code in capitals, without spaces, without a description, without the point of a number."""
    cell = clean(unquoted(text))
    if cell is None:
        return None
    code = re.sub("^[\u2013\u2014\u2212](?=[0-9])", "-", cell.upper())
    code_with_digit = r"-?[A-Z]{0,3} *[0-9]{1,8}[A-Z]{0,2}"
    described = re.fullmatch(
        rf"({code_with_digit}|[A-Z]{{1,4}})( +[-\u2013\u2014=] | *[:(=]).*", code
    ) or re.fullmatch(rf"({code_with_digit})[-\u2013\u2014][A-Z][A-Z].*", code)
    if described:
        code = described[1]
    return re.sub(r"^(-?[0-9]+)[.]0*$", r"\1", code.replace(" ", ""))


@cache
def read_date(text: str | None) -> date | None:
    """A day that exists, in any form without doubt, and that is not a placeholder."""
    cell = (clean(unquoted(text)) or "").upper()
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
        r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})[ T]([01][0-9]|2[0-3]):?([0-5][0-9])[0-9:.,]*"
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
    cell = re.sub("^#(.*)#$", r"\1", cell)
    time = r"([ T:]+([01]?[0-9]|2[0-3])(:?[0-5][0-9](:?[0-5][0-9]([.,:][0-9]*)?)?)?( ?[AP]M)?"
    zone = r"( ?(Z|UTC|GMT|[-+][0-9]{2}(:?[0-9]{2})?))?)?"
    if found := re.fullmatch(
        r"([0-9]{4})(?:[-/.]?)([0-9]{1,2})(?:[-/.]?)([0-9]{1,2})" + time + zone, cell
    ):
        is_compact = re.match(r"[0-9]{8}", cell)
        if is_compact or re.match(r"[0-9]{4}[-/.][0-9]{1,2}[-/.]", cell):
            return date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(
        r"([0-9]{4})-([0-9]{2})-([0-9]{2})(Z|[-+][0-9]{2}:[0-9]{2})", cell
    ) or re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})[.]0*", cell):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})" + time + ")?", cell):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(
        r"([0-9]{1,2})(?:ST|ND|RD|TH)?[-/., ]*([A-Z]{3,9})[-/., ]*([0-9]{4})" + time + ")?", cell
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


@cache
def read_academic_year(text: str | None) -> int | None:
    """The second calendar year of an academic year: 2006 for 2005/2006 in any of its forms."""
    cell = clean(unquoted(text)) or ""
    found = re.fullmatch(
        r"([0-9]{4})(?: ?[-\u2013/_] ?)?([0-9]{4}|[0-9]{2})([.]0*)?", cell
    ) or re.fullmatch(r"([0-9]{4}) ?[-\u2013/_] ?([0-9])([.]0*)?", cell)
    if not found or found[1][:2] not in ("19", "20"):
        return None
    year_after = str(int(found[1]) + 1)
    return int(year_after) if year_after.endswith(found[2]) else None


@cache
def read_processing_year(text: str | None) -> int | None:
    """A calendar year, perhaps one that passed through a number column."""
    found = re.fullmatch(r"((19|20)[0-9]{2})([.]0*)?", clean(unquoted(text)) or "")
    return int(found[1]) if found else None


@cache
def read_flag(text: str | None) -> bool | None:
    """Yes, no, or neither."""
    cell = (clean(unquoted(text)) or "").lower()
    if cell in ("true", "t", "yes", "y") or re.fullmatch(r"[-+]?0*1([.]0*)?", cell):
        return True
    if cell in ("false", "f", "no", "n") or re.fullmatch(r"[-+]?(0+([.]0*)?|[.]0+)", cell):
        return False
    return None


@cache
def read_whole_number(text: str | None) -> int | None:
    """A whole number of up to nine digits, perhaps written with a point and noughts."""
    found = re.fullmatch(r"([-+]?[0-9]{1,9})([.]0*)?", clean(unquoted(text)) or "")
    return int(found[1]) if found else None


def academic_year_label(year_end: int | None) -> str | None:
    """2006 as '2005/2006'."""
    return None if year_end is None else f"{year_end - 1}/{year_end}"
