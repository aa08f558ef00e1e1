"""Synthetic schooling and offending: lives, batches, options, and social care without them."""

from __future__ import annotations

import importlib
from pathlib import Path

import duckdb
import pytest
from outcome_file_queries import PNC, rows
from synthetic import FILES, PROJECT_DIR, make, synthesise


def test_social_care_does_not_depend_on_the_other_datasets(
    clean_files: Path, tmp_path: Path
) -> None:
    alone = make(tmp_path / "alone", "--pupils", 6_000, "--seed", 5, "--clean")
    found = {path.name for path in alone.iterdir()}
    assert found == {*FILES, "README-SYNTHETIC.txt", "truth"}
    for name in FILES:
        reader = "read_csv('{}/%s', all_varchar = true)" % name  # noqa: UP031
        left, right = (
            rows(folder, f"select * exclude (MoJUID) from {reader}")
            for folder in (alone, clean_files)
        )
        assert left == right, name


def test_lives_keep_to_the_law(clean_files: Path) -> None:
    """No offence before 10, and at most 90 sessions of suspension in a school year."""
    ages = rows(
        clean_files, f"select min(offencestartage::integer), max(offencestartdate) from {PNC}"
    )
    assert ages[0][0] >= 10
    assert ages[0][1] <= "2017-12-31"
    for year in range(2006, 2019):
        sessions = rows(
            clean_files,
            f"select coalesce(max(TotalFixedSessions_ex{year % 100:02}), 0)"
            f" from read_csv('{{}}/Exclusions_{year}_Table3.csv')",
        )
        assert sessions[0][0] <= 90


def test_the_size_of_a_batch_changes_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(PROJECT_DIR / "scripts"))
    generation = importlib.import_module("social_care_warehouse.synthesis.generate")
    order = {"pupils": 800, "seed": 5, "datasets": "all"}
    generation.generate(generation.Order(tmp_path / "one", **order))
    monkeypatch.setattr(generation, "BATCH_OF_ALL", 500)
    generation.generate(generation.Order(tmp_path / "many", **order))
    names = sorted(path.name for path in (tmp_path / "one").glob("*.*"))
    assert len(names) > 50
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "many" / name).read_bytes()
    both = [f"{tmp_path}/{which}/truth/person_outcome.parquet" for which in ("one", "many")]
    for first, second in (both, both[::-1]):
        assert not duckdb.sql(f"from '{first}' except all from '{second}'").fetchall()


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--datasets", "most", "Unknown datasets most"),
        ("--until", 2017, "--until must be a year"),
        ("--until", 2026, "--until must be a year"),
    ],
)
def test_bad_options_are_one_sentence(
    tmp_path: Path, option: str, value: object, message: str
) -> None:
    done = synthesise(tmp_path / "out", "--pupils", 10, "--seed", 1, option, value)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / "out").exists()
