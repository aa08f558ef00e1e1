"""No value of a person is shown as the name of a column, and no control character at all."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loading_helpers import (
    DATASETS,
    PUPIL_HEADER,
    as_text,
    header_of,
    query,
    rows_of,
    run_load,
)

from social_care_warehouse.console import Console
from social_care_warehouse.loading import check_delivery
from social_care_warehouse.loading.columns import matching_form
from social_care_warehouse.loading.names import is_showable, printable
from social_care_warehouse.loading.plan import plan_tables
from social_care_warehouse.loading.report import as_json, print_check

PLANTED = "PLANTED"
LINES = "".join(f"{PLANTED}{i},{PLANTED}M,{PLANTED}Y\n" for i in range(8))
HEADER = ",".join(PUPIL_HEADER)
CLA = header_of("cla", required_only=True)
CLA_LINES = as_text([], [[PLANTED] * len(CLA)] * 3).lstrip("\n")

# Headers as they are when a file is damaged; the names of unknown columns are values then.
DAMAGED = {
    "line break lost": f"{HEADER}{PLANTED}a,{PLANTED}M,{PLANTED}Y\n{LINES}",
    "line break and delimiter": f"{HEADER},{PLANTED}a,{PLANTED}M,{PLANTED}Y\n{LINES}",
    "quote never closed": f'{HEADER},"Note\n{LINES}',
    "quote closed later": f'{HEADER},"Note\n{LINES}"\n',
    "quote around lines": f'"{HEADER}\n{LINES}"',
    "lines ended by NEL": f"{HEADER}\n{LINES}".replace("\n", "\x85"),
    "lines ended by a form feed": f"{HEADER}\n{LINES}".replace("\n", "\f"),
    "lines ended by U+2028": f"{HEADER}\n{LINES}".replace("\n", "\u2028"),
    # The middle of the header and of the first line is lost, and the rest is as wide as a line.
    "names lost between two values": (
        f"{HEADER},{PLANTED}0,Gender\n"
        + "".join(f"{PLANTED}0,x,y,{PLANTED}0,F\n" for _ in range(8))
    ),
    "last name joined to a value": (
        f"{','.join(CLA)}{PLANTED},{','.join([PLANTED] * (len(CLA) - 1))}\n{CLA_LINES}"
    ),
    "last name of a good width joined to a value": (
        f"{HEADER},Gender{PLANTED}\n" + LINES.replace("Y\n", "Y,F\n")
    ),
    "a name with digits of a value": (f"{','.join(CLA)}44107{PLANTED[:0]}\n{CLA_LINES}"),
    "long name": f"{HEADER},{PLANTED * 20}\n" + LINES.replace("Y\n", "Y,x\n"),
    "another name joined to a value": f"{HEADER.replace('MoJUID', f'MoJUID {PLANTED}')}\n{LINES}",
    "digits": f"{HEADER},{PLANTED}0123456\n" + LINES.replace("Y\n", "Y,x\n"),
    "control characters": f"{HEADER},a\x1b[31m{PLANTED}\n" + LINES.replace("Y\n", "Y,x\n"),
    "header alone": f"{HEADER},{PLANTED}\n",
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_header_shows_no_value(tmp_path, extracts, kind) -> None:
    (extracts / "x.csv").write_text(DAMAGED[kind], encoding="utf-8", newline="")
    database = tmp_path / "w.duckdb"
    for arguments in (
        ["--check"],
        ["--check", "--json"],
        ["--database", database],
        ["--database", database, "--allow-rejected"],
    ):
        run = run_load(extracts, *arguments)
        said = run.stdout + run.stderr
        assert PLANTED not in said
        assert "44107" not in said
        assert "\x1b" not in said
        assert "Traceback" not in said
    if database.exists():
        names = query(database, "select column_name from duckdb_columns()")
        unused = query(database, "select unused_columns from raw.load_files")
        assert PLANTED not in str(names) + str(unused)


@given(
    name=st.sampled_from(sorted(DATASETS)),
    value=st.from_regex(
        r"[A-Z]{4,12}|[A-Z][0-9]{1,9}[A-Z]|[0-9]{2}/[0-9]{2}/[0-9]{4}|[A-Z]{2}[0-9]{3,9}",
        fullmatch=True,
    ),
    joint=st.sampled_from(["", " ", "\t", "\r", "\x0b", "'", ";", "|", ":", "-", "\u2028", '""']),
    place=st.floats(0, 1, exclude_max=True),
    how=st.sampled_from(["after", "alone", "after an unknown name", "before"]),
    is_below=st.booleans(),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_value_anywhere_in_a_header_is_not_shown(  # noqa: PLR0913, PLR0917
    name: str, value: str, joint: str, place: float, how: str, is_below: bool
) -> None:
    header = header_of(name)
    if DATASETS[name].has_year:
        header = [column.replace("_3Term", "") for column in header[:40]]
    position = int(place * len(header))
    own = header[position] if len(matching_form(header[position])) >= 6 else "YearOfBirth"
    has_sign = any(character.isdigit() for character in value) and value[-1].isalpha()
    cell = {
        "after": own + joint + value,
        "alone": value,
        "after an unknown name": f"Note{joint}{value}",
        "before": f"{value}{joint}{own}",
    }[how]
    header[position] = f'"{cell}"'
    # A value that has the form of a name, and is on no line below, looks the same as a name.
    is_below |= how != "after" and not has_sign
    row = [value if is_below else f"v{number}" for number in range(len(header))]
    text = "".join(",".join(line) + "\n" for line in (header, row, row))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "x.csv").write_text(text, encoding="utf-8", newline="")
        checked = check_delivery(Path(folder))
        screen = io.StringIO()
        print_check(checked, Console(file=screen, width=200))
    tables = plan_tables(checked.delivery, fill_missing_columns=True)
    names = [column for table in tables.values() for column in table.columns]
    assert value not in screen.getvalue() + as_json(checked) + str(names)


@pytest.mark.parametrize("kind", ["line break lost", "line break and delimiter"])
def test_a_header_that_fits_no_line_refuses_the_file(tmp_path, extracts, kind) -> None:
    (extracts / "x.csv").write_text(DAMAGED[kind], newline="")
    run = run_load(extracts, "--database", tmp_path / "w.duckdb")
    assert run.returncode == 2
    assert "8 of 8 lines of x.csv" in run.stderr


@pytest.mark.parametrize("kind", ["quote never closed", "quote closed later"])
def test_a_header_with_a_line_break_refuses_the_file(tmp_path, extracts, kind) -> None:
    (extracts / "x.csv").write_text(DAMAGED[kind], newline="")
    run = run_load(extracts, "--database", tmp_path / "w.duckdb")
    assert run.returncode == 2
    assert "The name of column 4 of x.csv has a line break in it" in run.stderr


def test_good_names_are_shown(tmp_path, extracts) -> None:
    text = as_text([*PUPIL_HEADER, "FSM_SPR12", "Extra note"], rows_of([*PUPIL_HEADER, "a", "b"]))
    (extracts / "x.csv").write_text(text)
    run = run_load(extracts, "--database", tmp_path / "w.duckdb")
    assert "2 columns of population: FSM_SPR12, Extra note" in run.stdout


@pytest.mark.parametrize(
    "name",
    ["FSM_SPR12", "KS4 points", "\u00e9cole", "Age31March", "Age (years)", "NI67DenominatorFlag"],
)
def test_names_that_can_be_shown(name) -> None:
    assert is_showable(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "P1",
        "A\x1b[0m",
        "x" * 61,
        "a\nb",
        "a12345",
        "1999",
        "\u202ea",
        "AB1D",
        "SW1A 2AA",
        "a@b.c",
    ],
)
def test_names_that_are_not_shown(name) -> None:
    assert not is_showable(name)


@pytest.mark.skipif(os.name != "posix", reason="names that Windows does not allow")
def test_control_characters_of_file_names_are_escaped(tmp_path, extracts) -> None:
    (extracts / "\x1b[31mred\r\n.csv").write_text(HEADER + "\nP1,M1,2000\n")
    (extracts / "\x07bell.txt").write_text("x")
    for arguments in (["--check"], ["--database", tmp_path / "w.duckdb"]):
        run = run_load(extracts, *arguments)
        assert run.returncode == 0, run.stderr
        said = run.stdout + run.stderr
        assert not set(said) & {"\x1b", "\x07", "\r"}
        assert "\\x1b[31mred\\r\\n.csv" in "".join(said.split())
    assert query(tmp_path / "w.duckdb", "select file_name from raw.load_files") == [
        ("\\x1b[31mred\\r\\n.csv",)
    ]


def test_two_names_that_look_the_same_become_different(extracts, database) -> None:
    for name in (b"\xff.csv", b"\xfe.csv"):
        path = os.fsencode(extracts) + b"/" + name
        with open(path, "w") as file:  # noqa: PTH123
            file.write(f"{HEADER}\nP{name[0]},M,2000\n")
    run = run_load(extracts, "--database", database)
    assert run.returncode == 0, run.stderr
    files = query(database, "select _source_file from raw.population order by 1")
    assert files == [("\ufffd.csv",), ("\ufffd.csv (2)",)]


def test_printable_keeps_ordinary_names() -> None:
    assert printable("CLA 2006 \u00e9 \u65e5\u672c.csv") == "CLA 2006 \u00e9 \u65e5\u672c.csv"
