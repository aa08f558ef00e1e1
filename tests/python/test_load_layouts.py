"""The layouts of the school and police files: years and groups in the names of columns."""

from __future__ import annotations

import gzip
import itertools
import json
from pathlib import Path

import pytest
from loading_helpers import DATASETS, as_text, parquet, put, query, rows_of, run_load

from social_care_warehouse.loading import check_delivery
from social_care_warehouse.loading.fit import best_fits

REF, UID = "PupilMatchingRefAnonymous", "MoJUID"
EARLY = ("CensusDate", REF, UID, "StartDate", "PermanentExclusionInd")
GROUP = ("Category", "Reason", "StartDate", "Sessions", "Term", "NCYear")
TERMS_2012 = ("Autumn", "Spring", "Summer", "Annual", "3Term")
TERMS_2013 = ("Autumn", "Spring", "Summer", "Summer6th", "Annual", "5HalfTerms", "6HalfTerms")
MEASURES = ("SessionsPossible", "AuthorisedAbsence", "UnauthorisedAbsence", "OverallAbsence")

# Columns that no list of pupils has.
OFFENCE = ("adjudicationcode", "disposalcode", "offence_group", "cdate", "conviction", "offenceid")
CENSUS = ("URN", "NCyearActual", "FSMeligible", "SENprovision", "OnRoll", "EnrolStatus", "HomeLA")


def suffixed(names, suffix: str) -> list[str]:
    return [name if name == UID else name + suffix for name in names]


def wide(year: str, n_groups: int) -> list[str]:
    groups = [f"{name}_{n}" for n in range(1, n_groups + 1) for name in GROUP]
    totals = ["TotalFixedExclusions", "TotalFixedSessions", "PermanentExclusionCount"]
    return suffixed([REF, UID, *totals, *groups, "YSSA"], f"_ex{year}")


def absence(year: str, terms) -> list[str]:
    names = [REF, "AcademicYear", "NCyearActual", "LA"]
    return suffixed([*names, *(f"{m}_{t}" for m in MEASURES for t in terms)], f"_ab{year}")


def load(extracts: Path, database: Path) -> str:
    run = run_load(extracts, "--database", database)
    assert run.returncode == 0, run.stderr + run.stdout
    return run.stdout


def refused(extracts: Path, *arguments: object) -> str:
    run = run_load(extracts, "--check", *arguments)
    assert run.returncode == 2
    return " ".join((run.stdout + run.stderr).split())


def years_and_values(database: Path, table: str, *columns: str) -> dict[str, tuple]:
    names = ", ".join(f'"{column}"' for column in columns)
    found = query(
        database,
        f"select _source_file, _suffix_year, {names} from raw.{table} where _source_row = 1",
    )
    return {row[0]: row[1:] for row in found}


def test_every_layout_of_exclusions_goes_to_one_table(extracts, database):
    put(extracts, "a 2002.csv", suffixed(EARLY, "_ex02"))
    put(extracts, "b no suffix.csv", EARLY)
    put(extracts, "c 2004.csv", [f"{REF}_ex04", UID, "PermanentExclusionInd_ex04"])
    table_1 = [REF, "AcademicYear", "Term", "Category", "StartDate", "Sessions", "Reason"]
    put(extracts, "d table 1.txt", suffixed(table_1, "_ex09"), delimiter="\t")
    put(extracts, "e 26.csv", wide("06", 26))
    (extracts / "f 39.csv.gz").write_bytes(
        gzip.compress(as_text(wide("10", 39), rows_of(wide("10", 39))).encode())
    )
    header = [name.lower().replace("_", ".") for name in wide("12", 40)]
    (extracts / "g 40.parquet").write_bytes(parquet(header, rows_of(header)))
    put(
        extracts,
        "h stata.csv",
        ["pupilmatchingref", "mojuid", "category_1_ex16", "sessions_1_ex16"],
    )
    said = load(extracts, database)
    assert "1 column of exclusion: YSSA" in " ".join(said.split())
    shown = ("PermanentExclusionInd", "Category", "Category_1", "Category_26", "NCYear_40", "YSSA")
    assert years_and_values(database, "exclusion", *shown) == {
        "a 2002.csv": (2002, "v0_4", None, None, None, None, None),
        "b no suffix.csv": (None, "v0_4", None, None, None, None, None),
        "c 2004.csv": (2004, "v0_2", None, None, None, None, None),
        "d table 1.txt": (2009, None, "v0_3", None, None, None, None),
        "e 26.csv": (2006, None, None, "v0_5", "v0_155", None, "v0_161"),
        "f 39.csv.gz": (2010, None, None, "v0_5", "v0_155", None, "v0_239"),
        "g 40.parquet": (2012, None, None, "v0_5", "v0_155", "v0_244", "v0_245"),
        "h stata.csv": (2016, None, None, "v0_2", None, None, None),
    }
    raw = {name for (name,) in query(database, "select column_name from (describe raw.exclusion)")}
    assert not {name for name in raw if "ex12" in name.lower()}


def test_absence_and_census_of_all_years(extracts, database):
    put(extracts, "a 2012.csv", absence("12", TERMS_2012))
    put(extracts, "b 2013.csv", absence("13", TERMS_2013))
    cut = [name[:32].lower() for name in absence("14", TERMS_2013)]
    put(extracts, "c stata.csv", cut)
    short = ["pmr09a", "ac09a", "p_au09a", "ua_au09a", "p_3t09a"]
    put(extracts, "d leo.csv", short)
    anon = [
        f"{name}_anon" if name.startswith("LA_") else name for name in absence("17", TERMS_2013)
    ]
    put(extracts, "e anon.csv", anon)
    census = [REF, UID, "AcademicYear", "HomeLA", "IDACIScore", "EVERFSM_6"]
    put(extracts, "k 2012.csv", suffixed(census, "_SPR12"))
    index = [name.replace("IDACIScore", "idaciscore_15") for name in suffixed(census, "_SPR18")]
    put(extracts, "l 2018.csv", index)
    put(extracts, "m ap.csv", ["AP_" + REF, "AP_ACADYR", "AP_LANumber_anon", "AP_FSMeligible"])
    put(extracts, "n pru.csv", [f"PRU_{REF}_SPR10", "PRU_AcademicYear_SPR10", "PRU_Gender"])
    put(extracts, "o early.csv", [f"{REF}_SPR02", "AcademicYear_SPR02", "FreeSchoolMeals_SPR02"])
    put(extracts, "x autumn.csv", [f"{REF}_AUT12", "AcademicYear_AUT12", "Gender_AUT12"])
    said = load(extracts, database)
    assert "x autumn.csv (not a known dataset" in said
    shown = ("SessionsPossible_Autumn", "UnauthorisedAbsence_5HalfTerms", "SessionsPossible_3Term")
    assert years_and_values(database, "absence", *shown, "LA") == {
        "a 2012.csv": (2012, "v0_4", None, "v0_8", "v0_3"),
        "b 2013.csv": (2013, "v0_4", "v0_23", None, "v0_3"),
        "c stata.csv": (2014, "v0_4", "v0_23", None, "v0_3"),
        "d leo.csv": (2009, "v0_2", None, "v0_4", None),
        "e anon.csv": (2017, "v0_4", "v0_23", None, "v0_3"),
    }
    shown = ("AcademicYear", "LA", "HomeLA", "IDACIScore", "FSMeligible", "Gender")
    assert years_and_values(database, "census", *shown) == {
        "k 2012.csv": (2012, "v0_2", None, "v0_3", "v0_4", None, None),
        "l 2018.csv": (2018, "v0_2", None, "v0_3", "v0_4", None, None),
        "m ap.csv": (None, "v0_1", "v0_2", None, None, "v0_3", None),
        "n pru.csv": (2010, "v0_1", None, None, None, None, "v0_2"),
        "o early.csv": (2002, "v0_1", None, None, None, "v0_2", None),
    }


def test_results_and_offences_by_either_link(extracts, database):
    put(extracts, "a.csv", [f"KS4_{REF}", "KS4_ACADYR", "KS4_URN_anon", "KS4_LEVEL2_EM", "KS4_New"])
    put(extracts, "b.csv", ["k4_pmr", "k4_ac", "att8", "KS4_Other"])
    pnc = ["caseid", "offencestartdate", "adjudicationcode", "offence_group"]
    put(extracts, "c.csv", ["mojuid", *pnc])
    load(extracts, database)
    columns = f'"KS4_{REF}", "KS4_URN", "KS4_LEVEL2_EM", "KS4_ATT8", "KS4_New", "KS4_Other"'
    rows = query(database, f"select {columns} from raw.ks4 where _source_row = 1 order by all")
    assert rows == [
        ("v0_0", "v0_2", "v0_3", None, "v0_4", None),
        ("v0_0", None, None, "v0_2", None, "v0_3"),
    ]
    columns = f'"{REF}", "MoJUID", "CaseID", "OffenceGroup"'
    by_uid = (None, "v0_0", "v0_1", "v0_4")
    assert query(database, f"select {columns} from raw.offence where _source_row = 1") == [by_uid]
    (extracts / "c.csv").unlink()
    put(extracts, "d.csv", ["pmra", *pnc])
    load(extracts, database)
    by_ref = ("v0_0", None, "v0_1", "v0_4")
    assert query(database, f"select {columns} from raw.offence where _source_row = 1") == [by_ref]


LACKING = {
    "two years": (
        [
            *suffixed([REF, "AcademicYear", "UnauthorisedAbsence_Autumn"], "_ab12"),
            "SessionsPossible_Autumn_ab13",
        ],
        f"say different years: {REF}_ab12, SessionsPossible_Autumn_ab13.",
    ),
    "no unauthorised sessions": (
        [f"{REF}_ab12", "AcademicYear_ab12", "SessionsPossible_Autumn_ab12", "LA_ab12"],
        "is an absence file without the column UnauthorisedAbsence_Autumn or ",
    ),
    "no link": (
        ["caseid", "offencestartdate", "adjudicationcode"],
        f"is an offence file without the column MoJUID or {REF}",
    ),
    "no year": (
        suffixed([REF, "Gender", "YearOfBirth", "MonthOfBirth", "URN"], "_SPR12"),
        "is a census file without the column AcademicYear",
    ),
    "a year to come": (
        absence("99", TERMS_2012),
        f"say the year 2099: {REF}_ab99. Correct the two digits",
    ),
    "a census with many unknown columns and no year": (
        suffixed([REF, "NCyearActual", "HomeLA", *(f"New{n}" for n in "abcdefgh")], "_SPR12"),
        "is a census file without the column AcademicYear",
    ),
    "results with many unknown columns and no year": (
        [f"KS4_{name}" for name in (REF, "ENDKS", "LEVEL2_EM", "Na", "Nb", "Nc", "Nd", "Ne")],
        "is a ks4 file without the column KS4_ACADYR",
    ),
    "offences without case and date": (
        [UID, REF, *OFFENCE],
        "is an offence file without the columns CaseID, OffenceStartDate.",
    ),
    "both identifiers and no year": (
        [UID, REF, *CENSUS],
        "is a census file without the column AcademicYear",
    ),
    "offences without case, date and adjudication": (
        [UID, REF, "offence_group", "disposalcode", "Gender"],
        "is an offence file without the columns CaseID, OffenceStartDate, AdjudicationCode. Add"
        " what is missing. If it is a list of pupils, remove these columns: DisposalCode,"
        " OffenceGroup.",
    ),
    "a case alone": (
        [UID, REF, "caseid"],
        "is an offence file without the columns OffenceStartDate, AdjudicationCode.",
    ),
    "results without a year": (
        [UID, REF, "KS4_ATT8", "KS4_URN"],
        "is a ks4 file without the column KS4_ACADYR.",
    ),
    "a placement alone": (
        [UID, REF, "CLA_PLACEMENT"],
        "is a cla file without the columns CLA_ACADYR, CLA_PROCESSING_YEAR,",
    ),
    "authorised absence alone": (
        [
            REF,
            UID,
            "AcademicYear",
            "AuthorisedAbsence_Autumn",
            "AuthorisedAbsence_Spring",
            "AuthorisedAbsence_Summer",
        ],
        "is an absence file without the columns SessionsPossible_Autumn or ",
    ),
    "exclusions without a category": (
        [REF, UID, "AcademicYear", "Reason", "Sessions"],
        "is an exclusion file without the column PermanentExclusionInd or Category or",
    ),
    "no exclusion": (
        suffixed([REF, "AcademicYear", "StartDate", "Term", "Sessions"], "_ex12"),
        "is an exclusion file without the column PermanentExclusionInd or Category or",
    ),
    "twice": (
        ["k4_pmr", "KS4_ACADYR", "KS4_URN", "KS4_URN_anon"],
        "Columns 3 and 4 of x.csv both mean KS4_URN.",
    ),
}


@pytest.mark.parametrize("what", LACKING)
def test_a_wrong_layout_is_refused_in_a_sentence(extracts, what):
    header, sentence = LACKING[what]
    put(extracts, "x.csv", header)
    assert sentence in refused(extracts)


def test_a_file_is_the_list_of_pupils_only_if_it_is_nothing_else(extracts, database):
    put(extracts, "a.csv", [REF, UID, "AcademicYear", "Gender"])
    put(extracts, "b.csv", [REF, UID, "YearOfBirth", "Gender"])
    load(extracts, database)
    files = dict(query(database, "select file_name, dataset from raw.load_files"))
    assert files == {"a.csv": "census", "b.csv": "population"}


@pytest.mark.parametrize("name", [name for name in DATASETS if name != "population"])
@pytest.mark.parametrize("n_there", [1, 2, -2, -1])
def test_a_file_that_lacks_required_columns_is_no_list_of_pupils(name, n_there) -> None:
    dataset = DATASETS[name]
    pupils = DATASETS["population"]
    required = [group[0] for group in dataset.required_groups if not pupils.meaning(group[0])]
    for there in itertools.combinations(required, n_there % len(required) or 1):
        for header in ([REF, UID, *there], [UID, "Gender", "YearOfBirth", *there, REF]):
            fits = best_fits(header, list(DATASETS.values()))
            assert fits
            assert "population" not in {fit.dataset.name for fit in fits}


@pytest.mark.parametrize(
    "more", [[], ["URN"], ["FSMeligible"], ["Notes", "Region"], ["offence"], ["LA", "HomeLA"]]
)
def test_a_list_of_pupils_can_have_a_column_more(more) -> None:
    (fit,) = best_fits([REF, UID, "YearOfBirth", *more], list(DATASETS.values()))
    assert fit.dataset.name == "population"


@pytest.mark.parametrize(
    ("more", "dataset"), [([], ""), (["Notes"], ""), (["CLA_RNE"], "cla"), (["CIN_LA"], "cin")]
)
def test_a_list_of_pupils_with_a_column_of_another_dataset_is_doubted(extracts, more, dataset):
    put(extracts, "x.csv", [REF, UID, "YearOfBirth", *more])
    said = [said for said in check_delivery(extracts).warnings() if "list of pupils" in said]
    assert len(said) == bool(dataset)
    assert all(f"columns of {dataset}: {more[0]}." in one for one in said)


def test_files_of_other_datasets_still_have_the_same_columns(extracts):
    put(extracts, "a.csv", [REF, UID, "Gender"])
    put(extracts, "b.csv", [REF, UID])
    assert "The population files do not have the same columns" in refused(extracts)


def test_files_of_two_years_that_were_joined_are_refused(extracts):
    first, second = absence("12", TERMS_2012), absence("13", TERMS_2012)
    text = as_text(first, rows_of(first)) + as_text(second, rows_of(second))
    (extracts / "x.csv").write_text(text)
    assert "Line 5 of x.csv is a header with other columns" in refused(extracts)


def test_a_header_repeated_below_is_no_row(extracts, database):
    header = absence("12", TERMS_2012)
    (extracts / "x.csv").write_text(as_text(header, rows_of(header)) * 2)
    assert "header repeated" in load(extracts, database)
    assert query(database, "select count(*) from raw.absence") == [(6,)]


def test_identifiers_that_lost_digits_are_noticed(extracts):
    header = suffixed([REF, "AcademicYear", "Gender"], "_SPR12")
    put(extracts, "x.csv", header, [["1.23E+11", "2011/2012", "F"]] * 3)
    sentence = f"3 of 3 values of {REF} in x.csv, a census file, are numbers that lost digits"
    assert sentence in refused(extracts)


def test_a_check_names_the_year_and_the_groups(extracts):
    put(extracts, "x.csv", wide("06", 26))
    put(extracts, "y.csv", suffixed([REF, "AcademicYear"], "_SPR12"), [["P1", "2011/2012"]])
    run = run_load(extracts, "--check", "--json")
    files = {file["name"]: file for file in json.loads(run.stdout)["files"]}
    assert (files["x.csv"]["taken_for"], files["x.csv"]["n_groups"]) == ("exclusion", 26)
    assert (files["y.csv"]["taken_for"], files["y.csv"]["year_in_names"]) == ("census", 2012)
    assert files["y.csv"]["first_year"] == "2011/2012"
    assert files["x.csv"]["columns_unused"] == ["YSSA_ex06"]
    assert "Category_27 to Category_40" in files["x.csv"]["columns_not_delivered"]
    assert not files["x.csv"]["columns_aliased"]
    said = run_load(extracts, "--check").stdout
    assert "x.csv: groups of numbered columns: 26." in said
    assert "y.csv: year in the names of its columns: 2012." in said
