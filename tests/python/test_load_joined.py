"""Files that were joined or exported with lines that are not rows."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path

import pytest
from hostile_files import assert_balanced
from hypothesis import given, settings
from hypothesis import strategies as st
from loading_helpers import (
    PUPIL_HEADER,
    PUPILS,
    PUPILS_TEXT,
    as_text,
    files_beside,
    header_of,
    query,
    rows_of,
    run_load,
    write_pupils,
)

from social_care_warehouse.console import UserError
from social_care_warehouse.loading import check_delivery, load_delivery, progress
from social_care_warehouse.loading.text import exact, exact_copy, lines_alike

CLA = header_of("cla", required_only=True)
CIN = header_of("cin", required_only=True)


def shuffled(header: list[str]) -> list[str]:
    """The same columns in another order."""
    other = list(header)
    random.Random(3).shuffle(other)
    assert other != header
    return other


def plain_names(header: list[str]) -> list[str]:
    """The columns under names without the prefix of the dataset."""
    return [name.removeprefix("CLA_").removeprefix("CIN_") for name in header]


def joined(first: list[str], second: list[str], **how: str) -> str:
    """Two files of rows, one below the other."""
    return as_text(first, rows_of(first, 4), **how) + as_text(second, rows_of(second, 2), **how)


SAME = {
    "same": CLA,
    "lower case": [name.lower() for name in CLA],
    "upper case": [name.upper() for name in CLA],
    "other punctuation": [name.replace("_", " .") for name in CLA],
    "other known names": plain_names(CLA),
}


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("kind", SAME)
def test_the_same_header_further_down_is_rejected(extracts, database, kind, delimiter) -> None:
    (extracts / "cla.csv").write_text(joined(CLA, SAME[kind], delimiter=delimiter))
    assert check_delivery(extracts).can_be_loaded
    load_delivery(extracts, database)
    assert query(database, "select count(*) from raw.cla") == [(6,)]
    assert query(database, "select _source_line, reason from raw.rejected_lines") == [
        (6, "header repeated")
    ]


OTHER = {
    "other order": (CLA, shuffled(CLA)),
    "other order in lower case": (CLA, [name.lower() for name in shuffled(CLA)]),
    "other order, two columns exchanged": (CLA, [CLA[1], CLA[0], *CLA[2:]]),
    "other dataset": (CLA, CIN),
    "other dataset without prefixes": (CLA, plain_names(CIN)),
    "other dataset below the other": (CIN, [name.upper() for name in CLA]),
    "a column more": (CLA, [*CLA, "CLA_RNE"]),
    "a column less": (CLA, CLA[:-1]),
    "half of it": (CLA, [*CLA[:7], *(f"other_{i}" for i in range(6))]),
    "shorter dataset": (CLA, list(PUPIL_HEADER)),
}


@pytest.mark.parametrize("kind", OTHER)
def test_another_header_further_down_refuses_the_file(extracts, database, kind) -> None:
    (extracts / "both.csv").write_text(joined(*OTHER[kind]))
    with pytest.raises(UserError, match=r"Line 6 of both\.csv is a header.*Split the file there"):
        load_delivery(extracts, database)
    assert files_beside(database) == []
    check = check_delivery(extracts)
    assert not check.can_be_loaded
    assert "Line 6 of both.csv" in check.problems[0]


def test_a_header_with_another_delimiter_further_down_refuses_the_file(extracts, database) -> None:
    text = as_text(CLA, rows_of(CLA, 9)) + as_text(CLA, rows_of(CLA, 2), delimiter="\t")
    (extracts / "both.csv").write_text(text)
    with pytest.raises(UserError, match=r"Line 11 of both\.csv is a header"):
        load_delivery(extracts, database)


@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_a_header_is_found_in_a_big_file(extracts, database, where) -> None:
    rows = rows_of(PUPIL_HEADER, 60_000)
    at = {"first": 0, "middle": 31_000, "last": 60_000}[where]
    rows.insert(at, [name.upper() for name in PUPIL_HEADER])
    write_pupils(extracts, rows=rows)
    load_delivery(extracts, database)
    assert query(database, "select count(*) from raw.population") == [(60_000,)]
    assert query(database, "select _source_line from raw.rejected_lines") == [(at + 2,)]


@pytest.mark.parametrize("kind", ["other order", "other dataset", "quoted"])
def test_another_header_at_the_end_of_a_row_refuses_the_file(extracts, database, kind) -> None:
    """Where the last line of the first file does not end in a line break."""
    second = {"other order": shuffled(CLA), "other dataset": CIN, "quoted": shuffled(CLA)}[kind]
    quoting = csv.QUOTE_ALL if kind == "quoted" else csv.QUOTE_MINIMAL
    first_text, second_text = (
        as_text(header, rows_of(header, 4), quoting=quoting) for header in (CLA, second)
    )
    (extracts / "x.csv").write_text(first_text.rstrip("\n") + second_text)
    with pytest.raises(UserError, match=r"Line 5 of x.csv is a header with other columns"):
        load_delivery(extracts, database)
    assert files_beside(database) == []


def test_the_same_header_at_the_end_of_a_row_is_rejected_with_it(extracts, database) -> None:
    text = as_text(CLA, rows_of(CLA, 4))
    (extracts / "x.csv").write_text(text.rstrip("\n") + text)
    result = load_delivery(extracts, database)
    assert dict(result.rejected) == {("cla", "too many columns"): 1}
    assert query(database, "select count(*) from raw.cla") == [(7,)]


def test_values_that_are_short_names_of_columns_are_values(extracts, database) -> None:
    write_pupils(extracts, rows=[("LA", "REC", "RNE"), ("Gender", "P1", "2000")])
    load_delivery(extracts, database)
    assert query(database, "select count(*) from raw.population") == [(2,)]


UNDERLINES = {
    "as wide as the columns": "-------------------------,------,-----------",
    "single": "-,-,-",
    "quoted": '"----","----","----"',
    "spaces": "------- ------- -------",
    "tabs": "----\t---\t----",
    "crosses": "-----+-----+-----",
    "one line": "-" * 60,
}


@pytest.mark.parametrize("kind", UNDERLINES)
def test_a_line_of_hyphens_is_no_row(extracts, database, kind) -> None:
    header, *lines = PUPILS_TEXT.splitlines(keepends=True)
    (extracts / "x.csv").write_text(header + UNDERLINES[kind] + "\n" + "".join(lines))
    load_delivery(extracts, database)
    assert query(database, "select count(*) from raw.population") == [(len(PUPILS),)]
    assert query(database, "select _source_line, reason from raw.rejected_lines") == [
        (2, "line of hyphens")
    ]


def test_a_header_and_an_underline_are_an_empty_dataset(extracts, database) -> None:
    (extracts / "x.csv").write_text(as_text(PUPIL_HEADER, [["---"] * 3]))
    result = load_delivery(extracts, database)
    assert "No rows: x.csv, a population file, has a header and no rows." in result.remarks
    assert query(database, "select count(*) from raw.population") == [(0,)]


def test_lines_that_end_in_a_carriage_return_alone_are_rows(extracts, database) -> None:
    rows = [f"P{i},M{i},2000" for i in range(20)]
    text = ",".join(PUPIL_HEADER) + "\n" + "\n".join(rows[:9]) + "\r" + "\n".join(rows[9:]) + "\r"
    (extracts / "x.csv").write_bytes(text.encode())
    load_delivery(extracts, database)
    found = query(database, "select MoJUID from raw.population order by _source_row")
    assert found == [(f"M{i}",) for i in range(20)]
    assert query(database, "select coalesce(sum(n_lines), 0) from raw.rejected_lines") == [(0,)]


def lost(extracts: Path, n_good: int, n_bad: int) -> None:
    """A file of good lines, and of lines that are a column too wide."""
    good = [f"P{i},M{i},2000" for i in range(n_good)]
    bad = [f"B{i},M{i},2000," for i in range(n_bad)]
    (extracts / "x.csv").write_text("\n".join([",".join(PUPIL_HEADER), *good, *bad]) + "\n")


@pytest.mark.parametrize(("n_good", "n_bad"), [(0, 1), (0, 20), (9, 10), (1, 1000)])
def test_a_file_that_loses_most_of_its_lines_is_refused(
    tmp_path, extracts, database, n_good, n_bad
) -> None:
    load_delivery(write_pupils(tmp_path / "before").parent, database)
    before = database.read_bytes()
    lost(extracts, n_good, n_bad)
    run = run_load(extracts, "--database", database)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 1
    n_lines = n_good + n_bad
    assert f"{n_bad:,} of {n_lines:,} lines of x.csv, a population file, cannot be loaded" in (
        run.stderr
    )
    assert "too many columns" in run.stderr
    assert "--allow-rejected" in run.stderr
    assert database.read_bytes() == before
    check = run_load(extracts, "--check")
    assert check.returncode == 2
    assert "cannot be loaded" in check.stdout
    allowed = run_load(extracts, "--database", database, "--allow-rejected")
    assert allowed.returncode == 0, allowed.stderr
    assert query(database, "select count(*) from raw.population") == [(n_good,)]
    assert query(database, "select coalesce(sum(n_lines), 0) from raw.rejected_lines") == [(n_bad,)]
    assert run_load(extracts, "--check", "--allow-rejected").returncode == 0


def test_a_file_that_loses_half_of_its_lines_is_loaded(extracts, database) -> None:
    lost(extracts, 10, 10)
    assert check_delivery(extracts).can_be_loaded
    load_delivery(extracts, database)
    assert query(database, "select count(*) from raw.population") == [(10,)]


@pytest.mark.parametrize(
    "line",
    [
        *("a\n", "a,b,c,d\n", "\n", "a\nP,M,2000\n", "a\n\n", "a\0\n", '"a"b,c\n', '"a","b"\n'),
        *('"abc,def\n', 'ab"c\n', 'ab"\n', 'a,"b\n', 'P"1,M"2,3\n', 'P,M,2000\nP,"M,2000\n'),
        *('"\r\n', 'a,b"\r\n', '"a" ,b,c\r\n', '"a,b,c""\n', '"""a,b,c\n'),
    ],
)
def test_lines_that_are_no_rows_are_dealt_with_in_bulk(
    extracts, database, monkeypatch, line
) -> None:
    """One look at each line by itself would take minutes for a file of many short lines."""
    n_looked_at = 0
    next_record = exact._ExactReader._next_record

    def counting(*arguments: object) -> object:
        nonlocal n_looked_at
        n_looked_at += 1
        return next_record(*arguments)

    monkeypatch.setattr(exact._ExactReader, "_next_record", counting)
    text = ",".join(PUPIL_HEADER) + "\n" + "P0,M0,1999\n" + line * 100_000 + "P1,M1,2001\n"
    (extracts / "x.csv").write_text(text)
    load_delivery(extracts, database, allow_rejected=True)
    # A quote is not followed beyond a bulk.
    assert n_looked_at < 200
    last = query(database, "select MoJUID, _source_line from raw.population order by 2 desc")[0]
    # Two lines with a quote alone are one record.
    assert last == ("M1", text.count("\n") - (50_000 if line == '"\r\n' else 0))


@settings(max_examples=2000, deadline=None, database=None, derandomize=True)
@given(st.lists(st.sampled_from(['"', '""', "\n", "\r\n", ",", "a", " "]), max_size=30))
def test_records_with_line_breaks_are_counted_as_they_are_read(pieces) -> None:
    text = "".join(pieces).encode()
    alike = lines_alike.lines_alike(b",", 3)
    record = re.compile(lines_alike.few_broken(b",", 3))
    for found in alike.finditer(text):
        if found.lastgroup == "few_broken":
            assert lines_alike.n_strict_records(found[0]) == len(record.findall(found[0]))


@pytest.mark.parametrize(
    "pattern", ["a\n", "a\n\n", "a\nP,M,2000\n", 'a\n"x"y,z\n', 'a"\n', '"a\n']
)
def test_of_many_rejected_lines_most_are_only_counted(
    extracts, database, monkeypatch, pattern
) -> None:
    monkeypatch.setattr(exact_copy, "MOST_KEPT_LINES", 7)
    monkeypatch.setattr(exact, "BULKS", (16, 16))
    text = ",".join(PUPIL_HEADER) + "\nP0,M0,1999\n" + pattern * 1000 + "b,c,d,e\nP1,M1,2001\n"
    (extracts / "x.csv").write_text(text)
    load_delivery(extracts, database, allow_rejected=True)
    assert_balanced(database)
    kept = query(
        database,
        "select _source_line, reason, line_text from raw.rejected_lines"
        " where line_text is not null order by 1",
    )
    assert 7 <= len(kept) < 20
    lines = text.split("\n")
    assert [text for _, _, text in kept] == [lines[line - 1] for line, _, _ in kept]
    counted = query(
        database,
        "select _source_line, reason, n_lines from raw.rejected_lines"
        " where line_text is null order by 1",
    )
    reasons = [reason for _, reason, _ in counted]
    assert len(reasons) == len(set(reasons))
    assert counted[-1] == (len(lines) - 2, "too many columns", 1)
    assert query(database, "select max(_source_line) from raw.population") == [(len(lines) - 1,)]


def test_long_reading_shows_progress(extracts, database, monkeypatch) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN", 0.0)
    lost(extracts, 1000, 5)
    said: list[str] = []
    load_delivery(extracts, database, report=said.append)
    for step in ("Counting the lines of x.csv", "Reading x.csv line by line"):
        assert any(re.fullmatch(rf"{step}: \d+% read", sentence) for sentence in said)
