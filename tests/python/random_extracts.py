"""Little extracts of social care that nobody would think of writing down, drawn by Hypothesis."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

# Few pupils, few days and few years, so that rows often meet: the same start, spells that touch,
# the same day, the edges of reporting years, 29 February.
DAYS = [
    date(2009, 12, 1),
    date(2010, 1, 10),
    date(2010, 3, 31),
    date(2010, 4, 1),
    date(2011, 3, 31),
    date(2012, 2, 29),
    date(2012, 3, 31),
    date(2013, 1, 1),
]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
YEAR_ENDS = [2010, 2011, 2012, 2013]

blanks = st.sampled_from(
    [None, "", " ", "\t", "\xa0", "\u3000 ", "\ufeff", "NULL", "null", "NA", "n/a", ".", " NA\t"]
)


def often(usual: st.SearchStrategy, *unusual: st.SearchStrategy) -> st.SearchStrategy:
    """Mostly the first, now and then one of the others."""
    return st.integers(0, 9).flatmap(lambda number: st.one_of(*unusual) if number == 0 else usual)


def padded(texts: st.SearchStrategy) -> st.SearchStrategy:
    """Now and then with white space round it."""
    spaces = st.sampled_from([" {}", "{}\t", "\xa0{} "])
    return often(texts, st.tuples(spaces, texts).map(lambda pair: pair[0].format(pair[1])))


def written(day: date) -> st.SearchStrategy:
    """A day in any form in which the extracts write one."""
    month = MONTHS[day.month - 1]
    return st.sampled_from(
        [
            day.isoformat(),
            f"{day.isoformat()} 00:00:00.000",
            f"{day.isoformat()}T00:00:00",
            f"{day:%d/%m/%Y}",
            f"{day.day}/{day.month}/{day.year}",
            f"{day:%d}{month.upper()}{day.year}",
            f"{day:%d}{month.upper()}{day.year}:00:00:00",
            f"{day:%d}-{month}-{day.year}",
        ]
    )


days = st.one_of(
    st.sampled_from(DAYS),
    st.sampled_from(DAYS),
    st.builds(lambda day, n: day + timedelta(days=n), st.sampled_from(DAYS), st.integers(-2, 2)),
    st.dates(date(2005, 4, 1), date(2018, 3, 31)),
)
no_dates = st.sampled_from(["31/02/2010", "29FEB2011", "2010-02-30", "12/25/2010", "2010", "soon"])
placeholders = st.sampled_from(["1900-01-01", "01/01/1800", "31-Dec-9999"])
dates = padded(often(days.flatmap(written), no_dates, placeholders))


def year_forms(year_end: int) -> st.SearchStrategy:
    """A year in each of its five forms."""
    start, end = str(year_end - 1), str(year_end)
    return st.sampled_from(
        [f"{start}/{end}", f"{start}{end}"]
        + [f"{start}{between}{end[2:]}" for between in ("/", "-", "")]
    )


year_ends = often(st.sampled_from(YEAR_ENDS), st.integers(2006, 2018))
no_years = st.sampled_from(["2005/2007", "2010", "2010/10", "9998/9999", "last year"])
years = padded(often(year_ends.flatmap(year_forms), no_years, blanks))
processing_years = often(
    year_ends.map(str),
    year_ends.map(lambda year: f"{year}.0"),
    blanks,
    st.sampled_from(["999999999", "-5", "2010.5"]),
)
flags = often(
    st.sampled_from(["0", "1"]),
    st.sampled_from(["0.0", "1.0", "TRUE", "false", "Y", "n"]),
    st.sampled_from(["2", "9", "?"]),
    blanks,
)
pupils = padded(often(st.sampled_from(["P1", "P1", "P2"]), st.sampled_from(["P3", "P4"]), blanks))
moj_uids = padded(often(st.sampled_from(["M1", "M2"]), blanks))
placements = often(st.sampled_from(["U6", "K2", "F1"]), st.just("u 6"), st.just("X9"), blanks)
legal_statuses = often(st.sampled_from(["C2", "V3", "V4", "V2"]), st.just("v4"), blanks)
reasons = st.one_of(
    st.sampled_from(["X1", "E4"]), st.sampled_from(["-10", "-10.0", "E11 ", "X9"]), blanks
)
abuse = st.one_of(
    blanks, blanks, blanks, st.sampled_from(["NEG", "emo"]), st.sampled_from(["X9", "0", "-", "N"])
)
plan_numbers = st.one_of(
    blanks,
    st.just("0"),
    st.sampled_from(["1", "2.0", " 3", "-1"]),
    st.sampled_from(["1.5", "one", "999999999"]),
)

cla_rows = st.fixed_dictionaries(
    {
        "CLA_PupilMatchingRefAnonymous": pupils,
        "MoJUID": moj_uids,
        "CLA_ACADYR": years,
        "CLA_PROCESSING_YEAR": processing_years,
        "CLA_POC_START": st.one_of(blanks, dates),
        "CLA_POC_LENGTH": st.sampled_from(["", "3", "90.5", "long"]),
        "CLA_CLA_31_MARCH": flags,
        "CLA_DATE_EPI_COMM": often(dates, blanks),
        "CLA_DATE_EPI_CEASED": st.one_of(blanks, dates, dates),
        "CLA_PLACEMENT": placements,
        "CLA_LEGAL_STATUS": legal_statuses,
        "CLA_CAT_NEED": often(st.sampled_from(["N1", "N8"]), st.just("N99"), blanks),
        "CLA_REC": reasons,
        "CLA_CLA_LA": often(st.sampled_from(["201", "302"]), blanks),
        "CLA_RNE": st.sampled_from(["", "S", "L", "P", "B"]),
    }
)
cin_rows = st.fixed_dictionaries(
    {
        "CIN_PupilMatchingRefAnonymous": pupils,
        "MoJUID": moj_uids,
        "CIN_ACADYR": years,
        "CIN_ReferralNFA": flags,
        "CIN_CINat31March": flags,
        "CIN_CategoryOfAbuse": abuse,
        "CIN_InitialCategoryOfAbuse": abuse,
        "CIN_LatestCategoryOfAbuse": abuse,
        "CIN_NumberOfPreviousCPP": plan_numbers,
        "CIN_PrimaryNeedCode": st.sampled_from(["N1", "A2", "NO", "", "X9"]),
        "CIN_ReasonForClosure": st.sampled_from(["RC1", "RC8", "NFA", "none", ""]),
        "CIN_ReferralDate": st.one_of(blanks, dates),
        "CIN_CINClosureDate": st.one_of(blanks, dates),
        "CIN_CPPstartDate": st.one_of(blanks, dates),
        "CIN_CPPendDate": st.one_of(blanks, dates),
        "CIN_ReferralSource": st.sampled_from(["", "1A", "2B"]),
        "CIN_LA": st.sampled_from(["", "201", "302"]),
        "CIN_AssessmentFactors": st.sampled_from(["", "1A,2B", "2b 1a"]),
    }
)
population_rows = st.fixed_dictionaries(
    {
        "PupilMatchingRefAnonymous": padded(often(st.sampled_from(["P1", "P2", "P5"]), blanks)),
        "MoJUID": moj_uids,
        "YearOfBirth": st.sampled_from(["1998", "2000.0", "NA", "98"]),
        "MonthOfBirth": st.sampled_from(["3", "12", "13", ""]),
        "Gender": st.sampled_from(["F", "M", ""]),
    }
)


@st.composite
def with_repeats(draw: st.DrawFn, rows: st.SearchStrategy, n_rows: int) -> list[dict]:
    """Rows, and some of them again: exactly, in another year, or with a cell or two changed."""
    drawn = draw(st.lists(rows, min_size=draw(often(st.just(n_rows), st.just(0))), max_size=n_rows))
    for row in draw(st.lists(st.sampled_from(drawn), max_size=n_rows)) if drawn else []:
        other = draw(rows)
        changed = draw(st.sets(st.sampled_from(sorted(row)), max_size=3))
        drawn.append(row | {column: other[column] for column in changed})
    return drawn


def reporting_year(day: date) -> int:
    """The year of the 31 March that ends the reporting year of a day."""
    return day.year + (day > date(day.year, 3, 31))


@st.composite
def care_histories(draw: st.DrawFn) -> list[dict]:
    """The yearly rows of a child whose episodes follow, touch, overlap or lie within one another.

    As an extract shows them: open in each year, or in some, until the one in which they end. Now
    and then a later year corrects the start, and another record has the same start.
    """
    pupil = draw(st.sampled_from(["P1", "P2"]))
    start = first_start = draw(st.sampled_from(DAYS))
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        end = start + timedelta(days=draw(st.sampled_from([0, 1, 10, 40, 400, 800])))
        last_year = reporting_year(end)
        codes = draw(cla_rows)
        shown_start = start
        for year in range(reporting_year(start), last_year + 1):
            is_last = year == last_year
            if not is_last and draw(st.booleans()):
                continue
            row = draw(often(st.just(codes), cla_rows)) | {
                "CLA_PupilMatchingRefAnonymous": pupil,
                "CLA_ACADYR": draw(year_forms(year)),
                "CLA_DATE_EPI_COMM": draw(written(shown_start)),
            }
            if draw(often(st.just(True), st.just(False))):
                row["CLA_DATE_EPI_CEASED"] = draw(written(end) if is_last else blanks)
                row["CLA_REC"] = "E4" if is_last else "-10"
            row["CLA_POC_START"] = draw(often(blanks, written(first_start), dates))
            rows.append(row)
            if draw(st.integers(0, 4)) == 0:
                rows.append(row | draw(other_records(shown_start)))
            shown_start += timedelta(days=draw(st.sampled_from([0, 0, 0, 1, -3, 30, 31])))
        start = end + timedelta(days=draw(st.sampled_from([0, 0, 1, 30, -1, -30, -390])))
    return rows


def other_records(start: date) -> st.SearchStrategy:
    """What a second record of one start and year has of its own."""
    ended = st.sampled_from([0, 0, 1, 20]).map(lambda n: start + timedelta(days=n)).flatmap(written)
    return st.fixed_dictionaries(
        {},
        optional={
            "CLA_DATE_EPI_CEASED": often(ended, blanks),
            "CLA_REC": st.sampled_from(["X1", "E4", "E3"]),
            "CLA_CLA_LA": st.sampled_from(["201", "302", ""]),
            "CLA_PLACEMENT": placements,
        },
    )


@st.composite
def referral_histories(draw: st.DrawFn) -> list[dict]:
    """The yearly rows of a referral: closed and open again, with plans, a date that changes."""
    day = draw(st.sampled_from(DAYS))
    codes = draw(cin_rows) | {"CIN_PupilMatchingRefAnonymous": draw(st.sampled_from(["P1", "P2"]))}
    rows = []
    for year in range(reporting_year(day), reporting_year(day) + draw(st.integers(1, 3))):
        row = draw(often(st.just(codes), cin_rows)) | {
            "CIN_PupilMatchingRefAnonymous": codes["CIN_PupilMatchingRefAnonymous"],
            "CIN_ACADYR": draw(year_forms(year)),
            "CIN_ReferralDate": draw(often(written(day), blanks)),
            "CIN_CINClosureDate": draw(st.one_of(blanks, blanks, dates)),
            "CIN_CPPstartDate": draw(st.one_of(blanks, st.just("2011-05-01"), dates)),
            "CIN_CPPendDate": draw(st.one_of(blanks, dates)),
        }
        rows.append(row)
        if draw(st.integers(0, 3)) == 0:
            other = draw(cin_rows)
            changed = ("CIN_LA", "CIN_ReferralNFA", "CIN_ReasonForClosure", "CIN_CINClosureDate")
            rows.append(row | {column: other[column] for column in changed})
        day += timedelta(days=draw(st.sampled_from([0, 0, 0, 1, -10, 31])))
    return rows


@st.composite
def cin_extracts(draw: st.DrawFn) -> list[dict]:
    """Referrals whose rows belong together, and rows that follow no plan at all."""
    histories = draw(st.lists(referral_histories(), max_size=2))
    return [*(row for rows in histories for row in rows), *draw(with_repeats(cin_rows, 3))]


@st.composite
def cla_extracts(draw: st.DrawFn) -> list[dict]:
    """Children whose rows belong together, and rows that follow no plan at all."""
    histories = draw(st.lists(care_histories(), max_size=2))
    return [*(row for rows in histories for row in rows), *draw(with_repeats(cla_rows, 3))]


extracts = st.fixed_dictionaries(
    {
        "cla": cla_extracts(),
        "cin": cin_extracts(),
        "population": st.lists(population_rows, max_size=4),
    }
)
