"""scripts/load.py --check: what it shows about a delivery, and that it changes nothing."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from loading_helpers import as_text, header_of, query, rows_of, run_load, write_pupils
from synthetic import make

from social_care_warehouse.loading import check_delivery
from social_care_warehouse.loading.report import checked_files

PLANTED = "PLANTED4417"


def write_cla(folder: Path, header: list[str], years: tuple[str, ...] = ("2005/2006",)) -> Path:
    """Rows of children looked after, one for each year."""
    rows = rows_of(header, len(years))
    if "CLA_ACADYR" in header:
        for row, year in zip(rows, years, strict=True):
            row[header.index("CLA_ACADYR")] = year
    path = folder / "looked after.csv"
    path.write_text(as_text(header, rows), encoding="utf-8")
    return path


def files_of(folder: Path) -> dict:
    return {file.name: file for file in checked_files(check_delivery(folder))}


def test_a_good_delivery(tmp_path: Path) -> None:
    folder = write_pupils(tmp_path / "in").parent
    header = [name.lower().replace("_", ".") for name in header_of("cla")]
    header[header.index("cla.acadyr")] = "CLA_ACADYR"
    write_cla(folder, [*header, "Extra"], ("2005/06", " 201718", PLANTED))
    (folder / "notes.txt").write_text("hello\n")
    run = run_load(folder, "--check", "--json")
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout)
    assert said["can_be_loaded"]
    assert said["not_delivered"] == ["cin", "ks4", "absence", "exclusion", "census", "offence"]
    file = {file["name"]: file for file in said["files"]}["looked after.csv"]
    assert (file["taken_for"], file["rows"], file["rows_are_exact"]) == ("cla", 3, True)
    assert (file["first_year"], file["last_year"]) == ("2005/2006", "2017/2018")
    assert file["columns_unused"] == ["Extra"]
    assert file["columns_aliased"]["cla.placement"] == "CLA_PLACEMENT"
    assert not file["columns_missing"]
    assert PLANTED not in run.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


@pytest.mark.parametrize("width", [60, 80])
def test_every_word_is_readable_on_a_narrow_screen(tmp_path: Path, width: int) -> None:
    folder = write_pupils(tmp_path / "in[/]", "every pupil of the linked data.csv").parent
    header = header_of("cla")
    header[header.index("CLA_PLACEMENT")] = "cla.placement"
    years = ("2005/2006", *["2017/2018"] * 1233)
    write_cla(folder, [*header, "Extra"], years).rename(folder / "CLA_2006_to_2018_final.csv")
    (folder / "notes.txt").write_text("hello\n")
    run = run_load(folder, "--check", COLUMNS=str(width))
    assert run.returncode == 0, run.stderr
    table = [line for line in run.stdout.splitlines() if line.startswith(tuple("┏┃┡│└"))]
    assert all(len(line) <= width and line.endswith(tuple("┓┃┩│┘")) for line in table)
    assert "…" not in run.stdout
    assert f"Filesin{folder}┏" in "".join(run.stdout.split())
    rows = [[cell.strip() for cell in line[1:-1].split("│")] for line in table if line[0] == "│"]
    files, datasets, counts, all_years = (" ".join(column) for column in zip(*rows, strict=True))
    for name in ("CLA_2006_to_2018_final.csv", "everypupilofthelinkeddata.csv", "notes.txt"):
        assert name in files.replace(" ", "")
    assert datasets.split() == ["cla", "population", "not", "loaded"]
    assert counts.split() == ["1,234", "3"]
    assert all_years.split() == ["2005/2006", "to", "2017/2018"]
    for said in (
        f"CLA_2006_to_2018_final.csv: known columns: {len(header)}.",
        "CLA_2006_to_2018_final.csv: under another name: cla.placement for CLA_PLACEMENT.",
        "CLA_2006_to_2018_final.csv: not used: Extra.",
        "notes.txt: not loaded: not a known dataset.",
    ):
        assert said in run.stdout.splitlines()


def test_a_typing_error_in_a_name_is_asked_about(tmp_path: Path) -> None:
    folder = write_pupils(tmp_path / "in").parent
    header = header_of("cla")
    header[header.index("CLA_PLACEMENT")] = "CLA_PLACMENT"
    write_cla(folder, header)
    run = run_load(folder, "--check")
    assert run.returncode == 2
    assert "did you mean CLA_PLACEMENT by CLA_PLACMENT?" in run.stdout
    assert "without the column CLA_PLACEMENT" in run.stdout
    assert "Traceback" not in run.stderr


def test_a_load_asks_about_optional_columns_too(tmp_path: Path) -> None:
    pupils = write_pupils(tmp_path / "in")
    pupils.write_text(pupils.read_text().replace("YearOfBirth", "YearOfBrith"))
    run = run_load(pupils.parent, "--database", tmp_path / "w.duckdb")
    assert run.returncode == 0, run.stderr
    assert "column YearOfBrith of pupils.csv: did you mean YearOfBirth?" in run.stdout


def test_a_refused_load_names_the_dataset_that_a_file_nearly_is(tmp_path: Path) -> None:
    pupils = write_pupils(tmp_path / "in")
    pupils.write_text(pupils.read_text().replace("PupilMatchingRefAnonymous", "PupilRefAnonymous"))
    said = "pupils.csv: not a known dataset, nearest to population"
    run = run_load(pupils.parent, "--database", tmp_path / "w.duckdb")
    assert run.returncode == 2
    assert said in run.stderr
    assert said in run_load(pupils.parent, "--check").stdout


def test_unusual_files_are_shown_as_what_they_are(tmp_path: Path) -> None:
    folder = write_pupils(tmp_path / "in").parent
    header = header_of("cla")
    text = as_text(header, rows_of(header)) + "caf\xe9,only two\n"
    (folder / "cla.csv").write_bytes(text.encode("latin-1"))
    (folder / "no header.csv").write_text(f"{PLANTED},{PLANTED}9,1999\n" * 3)
    (folder / "copy.csv").write_bytes((folder / "pupils.csv").read_bytes())
    (folder / "folder.csv").mkdir()
    files = files_of(folder)
    assert (files["cla.csv"].encoding, files["cla.csv"].is_plain) == ("latin-1", False)
    assert files["no header.csv"].why_not == "not a known dataset"
    assert "same content as copy.csv" in files["pupils.csv"].why_not
    assert files["folder.csv"].why_not == "folder"
    assert PLANTED not in run_load(folder, "--check").stdout


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_a_load_needs_a_database(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    folder = write_pupils(tmp_path / "in").parent
    run = run_load(folder, *arguments)
    assert run.returncode == 2
    assert "--database PATH or --parquet DIR" in run.stderr or "Add --check" in run.stderr
    assert run_load(tmp_path / "nowhere", "--check").returncode == 2


def test_any_file_can_be_checked(tmp_path: Path) -> None:
    chance = random.Random(4)
    header = header_of("cla")
    good = as_text(header, rows_of(header)).encode()
    pieces = [b"\0", b'"', b"\n", b"\r", b",", b"\xff\xfe", b"\x1f\x8b", b"\t", b"PAR1", b"\xe9"]
    for number in range(60):
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(data))
            data[place : place + chance.randint(0, 40)] = chance.choice(pieces)
        folder = tmp_path / f"{number}"
        folder.mkdir()
        (folder / f"cla.{chance.choice(['csv', 'csv.gz', 'parquet'])}").write_bytes(bytes(data))
        assert checked_files(check_delivery(folder))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ordinary_extracts_raise_no_false_alarm(tmp_path: Path, seed: int) -> None:
    make(tmp_path / "extracts", "--pupils", 150, "--seed", seed, "--datasets", "all")
    for said in check_delivery(tmp_path / "extracts").warnings():
        assert said.startswith(("No rows: ", "Not delivered: ")), said


def test_an_ordinary_build_finds_no_placeholder(default_warehouse: Path) -> None:
    assert query(default_warehouse, "select * from quality.placeholder_finding") == []
