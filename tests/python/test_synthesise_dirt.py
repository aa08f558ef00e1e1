"""The faults of the synthetic extracts: each there and listed, none in clean ones."""

from __future__ import annotations

import re
from pathlib import Path

from synthetic import FILES, SETTINGS_DIR, Extracts, digests, make


def test_clean_has_no_dirt(clean: Extracts) -> None:
    assert clean.value("select count(*) from dirty_row") == 0
    for table in ("cla", "cin"):
        for column, *_ in clean.rows(f"describe {table}"):
            clean.none(
                f"select 1 from {table} where {column} in (' ', chr(9), 'NULL', 'NA', '.')"
                f" or {column} != trim({column})"
            )
    clean.none("select 1 from cla where CLA_REC = '-10' and CLA_DATE_EPI_CEASED is not null")
    clean.none("select 1 from cla where CLA_CLA_LA in ('820', '875')")
    clean.none(
        "select 1 from cin where CIN_CINClosureDate < CIN_ReferralDate or CIN_LA in ('820', '875')"
    )
    for table, pupil in (("cla", "CLA_Pupil"), ("cin", "CIN_Pupil")):
        clean.none(
            f"select *, count(*) as n from {table} where {pupil}MatchingRefAnonymous is not null"
            " group by all having n > 1"
        )
    clean.none("select 1 from cla where try_cast(CLA_POC_START as date) is null")


def test_every_kind_of_dirt_is_there(dirty: Extracts) -> None:
    wanted = set(
        dirty.connection.execute(
            "select dataset, kind from read_csv(?) where dataset in ('cla', 'cin')",
            [str(SETTINGS_DIR / "dirt.csv")],
        ).fetchall()
    ) | {("cin", "second_moj_uid")}
    assert set(dirty.rows("select distinct dataset, kind from dirty_row")) >= wanted


def test_the_list_of_dirty_rows_is_what_differs_from_clean_extracts(
    tmp_path: Path, dirty: Extracts
) -> None:
    """Line by line: what is not listed is as in clean extracts of the same lives."""
    options = ("--pupils", 50000, "--seed", 5, "--release", "all-episodes", "--clean")
    clean_folder = make(tmp_path / "clean", *options)
    for dataset, file_name in zip(("cla", "cin"), FILES[:2], strict=True):
        listed = dirty.rows(
            "select source_line, bool_or(effect = 'row added') from dirty_row"
            f" where dataset = '{dataset}' group by source_line"
        )
        added = {line for line, is_added in listed if is_added}
        struck = {line for line, _ in listed}
        soiled = (dirty.folder / file_name).read_text(encoding="utf-8").splitlines()
        spotless = (clean_folder / file_name).read_text(encoding="utf-8").splitlines()
        kept = [(number, text) for number, text in enumerate(soiled, 1) if number not in added]
        assert len(kept) == len(spotless)
        differing = {
            number for (number, text), other in zip(kept, spotless, strict=True) if text != other
        }
        assert differing == struck - added, dataset


def test_a_dirty_row_is_dirty_in_the_way_that_is_listed(dirty: Extracts) -> None:
    for file_name, dataset, kind, sign in (
        (FILES[0], "cla", "placeholder_date", "1900"),
        (FILES[0], "cla", "date_month_hyphens", "-[A-Z][a-z]{2}-"),
        (FILES[0], "cla", "new_episode_space", ",[A-Z] $"),
        (FILES[0], "cla", "old_authority", ",8(20|75),"),
        (FILES[0], "cla", "end_after_31_march", ",-10,|,ZZ,"),
        (FILES[1], "cin", "need_code_unmapped", "UnmappedNeedCode"),
        (FILES[1], "cin", "unreadable_date", "31/02/2010"),
        (FILES[1], "cin", "closure_unlisted", ",UNKN,"),
        (FILES[1], "cin", "source_unlisted", ",PR,"),
    ):
        lines = (dirty.folder / file_name).read_text(encoding="utf-8").split("\n")
        listed = dirty.rows(
            f"select source_line from dirty_row where dataset = '{dataset}' and kind = '{kind}'"
        )
        assert listed, kind
        assert all(re.search(sign, lines[line - 1]) for (line,) in listed), kind
    # A row that was added is the same as the one before it.
    lines = (dirty.folder / FILES[0]).read_text(encoding="utf-8").split("\n")
    for (line,) in dirty.rows(
        "select source_line from dirty_row where dataset = 'cla' and kind = 'duplicate_row'"
    ):
        assert lines[line - 1] == lines[line - 2]


def test_forms_and_blanks_are_mixed(dirty: Extracts) -> None:
    for form in (
        r"\d{4}-\d\d-\d\d",
        r"\d{4}-\d\d-\d\d 00:00:00\.000",
        r"\d\d/\d\d/\d{4}",
        r"\d\d[A-Z]{3}\d{4}",
        r"\d\d-[A-Z][a-z]{2}-\d{4}",
    ):
        assert dirty.value(
            f"select count(*) from cla where regexp_full_match(CLA_DATE_EPI_COMM, '{form}')"
        ), form
    flags = {flag for (flag,) in dirty.rows("select distinct CLA_CLA_31_MARCH from cla")}
    assert flags == {"0", "1", "0.0", "1.0", "true", "false", "Y", "N"}
    blanks = {
        blank
        for (blank,) in dirty.rows(
            "select distinct CIN_CategoryOfAbuse from cin where CIN_ACADYR = '2014/2015'"
        )
    }
    assert blanks == {None, " ", "\t", "NULL", "NA", "."}
    needs = {need for (need,) in dirty.rows("select distinct CIN_PrimaryNeedCode from cin")}
    assert {"A2", "n1 ", "NO", "UnmappedNeedCode"} <= needs
    closures = {code for (code,) in dirty.rows("select distinct CIN_ReasonForClosure from cin")}
    assert {"rc7", "NFA", "NONE"} <= closures
    assert dirty.value("select count(*) from cla where CLA_DATE_EPI_COMM like '%1900%'")
    assert dirty.value("select count(*) from cla where CLA_POC_START = '31/02/2010'")
    assert dirty.value(
        "select count(*) from (select 1 from cin where CIN_PupilMatchingRefAnonymous like 'SYN%'"
        " and MoJUID like 'MSYN%' group by CIN_PupilMatchingRefAnonymous"
        " having count(distinct MoJUID) > 1)"
    )


def test_some_identifiers_belong_to_two_pupils(dirty: Extracts, clean: Extracts) -> None:
    shared = """
        select count(*)
        from (
            select MoJUID
            from read_csv('{}/population.csv', all_varchar = true)
            where MoJUID is not null
            group by MoJUID
            having count(distinct PupilMatchingRefAnonymous) = 2
        )
    """
    assert dirty.value(shared.replace("{}", str(dirty.folder))) > 0
    assert clean.value(shared.replace("{}", str(clean.folder))) == 0


def test_lives_do_not_depend_on_the_dirt(tmp_path: Path) -> None:
    soiled = digests(make(tmp_path / "soiled", "--pupils", 3000, "--seed", 5))
    spotless = digests(make(tmp_path / "spotless", "--pupils", 3000, "--seed", 5, "--clean"))
    for name in ("referral", "plan", "care_period", "care_episode", "person"):
        assert soiled[f"truth/{name}.parquet"] == spotless[f"truth/{name}.parquet"]
