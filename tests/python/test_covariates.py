"""The user's file of figures about authorities: a fault in it is reported before any work."""

from __future__ import annotations

from pathlib import Path

import pytest

from social_care_warehouse.building.covariates import SETTING, check_covariates
from social_care_warehouse.building.dbt_process.fingerprints import environment_value
from social_care_warehouse.commands import group

HEADER = "new_la_code,year,measure,value\n"
GOOD = HEADER + "E10000021,2015,crime,10\n"

HOSTILE = {
    "tabs": (GOOD.replace(",", "\t").encode(), "has no header"),
    "UTF-16": (GOOD.encode("utf-16"), "is not UTF-8 text. Save it as UTF-8."),
    "Latin-1": ((GOOD + "E10000021,2016,caf\u00e9,1\n").encode("latin-1"), "is not UTF-8 text."),
    "a quote unclosed": (
        (HEADER + 'Anna,2015,"crime,1\n').encode(),
        "a quotation mark in the wrong place",
    ),
    "a quote in a value": (
        (HEADER + '"Anna"x,2015,crime,1\n').encode(),
        "a quotation mark in the wrong place",
    ),
    "a column missing": (b"new_la_code,year,value\nAnna,2015,1\n", "has no header"),
    "two columns in a row": (
        (GOOD + "Anna,2015\n").encode(),
        "has 2 columns instead of 4 in row 3",
    ),
    "five columns in a row": ((GOOD + "Anna,1,a,1,1\n").encode(), "has 5 columns instead of 4"),
    "names as values": ((HEADER + "E10000021,2015,name,Anna\n").encode(), "in only 0 of 1 rows"),
    "no text": (b"", "has no header"),
    "bytes of 0": (b"\0" * 100, "has no header"),
}


def build(tmp_path: Path) -> int:
    """Build without extracts and without a warehouse. A build refuses that too, but later."""
    with pytest.raises(SystemExit) as ended:
        group.commands["build"].main(["--database", str(tmp_path / "warehouse.duckdb")])
    return ended.value.code


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_no_table_of_figures_is_refused(kind, tmp_path, monkeypatch, capsys) -> None:
    data, sentence = HOSTILE[kind]
    path = tmp_path / "figures.csv"
    path.write_bytes(data)
    monkeypatch.setenv(SETTING, str(path))
    assert build(tmp_path) == 2
    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1
    assert said.startswith(f"The file that {SETTING} names ")
    assert sentence in said
    assert "Anna" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["figures.csv"]


def test_a_path_without_a_file_is_refused(tmp_path, monkeypatch, capsys) -> None:
    for path in (tmp_path / "nothing.csv", tmp_path):
        monkeypatch.setenv(SETTING, str(path))
        assert build(tmp_path) == 2
        assert "cannot be read. Check the path." in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "\ufeff" + GOOD.replace("\n", "\r\n"),
        # Published figures have marks where a number is not given.
        GOOD + 'E10000023,2015,"crime",:\n\n',
    ],
)
def test_a_table_of_figures_is_taken(text, tmp_path, monkeypatch, capsys) -> None:
    path = tmp_path / "figures.csv"
    path.write_text(text, encoding="utf-8", newline="")
    monkeypatch.setenv(SETTING, str(path))
    check_covariates()
    assert build(tmp_path) == 2
    assert "nothing to build from" in capsys.readouterr().err


def test_other_figures_under_the_same_name_are_another_setting(tmp_path, monkeypatch) -> None:
    """So the next build makes the tables about them again."""
    path = tmp_path / "figures.csv"
    monkeypatch.setenv(SETTING, str(path))
    seen = [environment_value(SETTING)]
    for text in (GOOD, GOOD.replace("10", "11")):
        path.write_text(text, encoding="utf-8")
        seen.append(environment_value(SETTING))
    assert len({str(path), *(value for value, _ in seen)}) == 1
    assert len({content for _, content in seen}) == 3
