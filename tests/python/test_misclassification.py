"""What each release misses: the counts add up, and the page and the figure are made from them."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from commands import run_dev

from dev.page import find_page

N_PUPILS = 2_000
PAGE = find_page("misclassification.md")
BLOCK = re.compile(r"<!-- begin ([a-z_]+)[^>]*-->\n(.*?)<!-- end -->", re.DOTALL)
RELEASES = ("latest-episode", "all-episodes")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the command has worked, with a page of its own."""
    folder = tmp_path_factory.mktemp("misclassification")
    (folder / "docs").mkdir()
    page = folder / "docs" / PAGE.name
    page.write_text(BLOCK.sub(r"<!-- begin \1 -->\n<!-- end -->", PAGE.read_text("utf-8")), "utf-8")
    options = ("--pupils", N_PUPILS, "--seed", 5, "--folder", folder / "work", "--page", page)
    done = run_dev("misclassification", *options)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert "truth in rows, release in columns" in done.stdout
    return folder


@pytest.fixture(scope="module")
def result(folder: Path) -> dict:
    return json.loads((folder / "work" / "misclassification.json").read_text("utf-8"))


@pytest.mark.parametrize("release", RELEASES)
def test_every_pupil_is_in_the_confusion_once(result: dict, release: str) -> None:
    rows = [row for row in result["confusion"] if row["release"] == release]
    assert len(rows) == 25
    assert sum(row["n_pupils"] for row in rows) == N_PUPILS
    with_contact = [row for row in rows if row["true_category"] != "no social care contact"]
    n_with_contact = sum(row["n_pupils"] for row in with_contact)
    for table in ("too_low_by_category", "too_low_by_birth_year", "too_low_of_all"):
        cuts = [row for row in result[table] if row["release"] == release]
        assert sum(row["n_pupils"] for row in cuts) == n_with_contact


def test_everyone_too_low_has_one_reason(result: dict) -> None:
    for table in ("too_low_by_category", "too_low_by_birth_year", "too_low_of_all"):
        for row in result[table]:
            reasons = (row[f"n_{name}"] for name in ("years", "rule", "reference", "release"))
            assert sum(reasons) == row["n_too_low"] <= row["n_pupils"]
            assert row["release"] == "latest-episode" or row["n_release"] == 0


def test_every_episode_shows_no_less_than_the_latest(result: dict) -> None:
    seen = {(row["release"], row["item"]): row for row in result["seen"]}
    items = {item for _, item in seen}
    assert items == {"days in care", "placement moves", "returns home", "re-entries", "episodes"}
    for item in items:
        latest, every = (seen[release, item] for release in RELEASES)
        assert latest["n_true"] == every["n_true"] > 0
        assert latest["n_seen"] <= every["n_seen"] <= every["n_true"]
    # So few pupils suffice for the thin release to hide moves.
    moves = "placement moves"
    assert seen["latest-episode", moves]["n_seen"] < seen["all-episodes", moves]["n_seen"]


def test_what_is_missing_adds_up(result: dict) -> None:
    for row in result["seen"]:
        lost = [row[f"n_lost_{name}"] for name in ("years", "reference", "release")]
        assert min(lost) >= 0
        assert row["n_seen"] + sum(lost) == row["n_true"]


def test_nothing_is_missing_where_every_row_has_its_reference(result: dict) -> None:
    rows = [row for row in result["item"] if row["release"] == "all-episodes"]
    assert [row["n_missing_with_reference"] for row in rows] == [0] * 5
    assert [row["n_shown_not_true"] for row in rows] == [0] * 5


def test_tables_page_and_figure_are_made(folder: Path) -> None:
    for name in ("confusion", "too_low_by_category", "too_low_by_birth_year", "seen"):
        with (folder / "work" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert list(csv.DictReader(file))
    assert (folder / "docs" / "figures" / "misclassification.svg").stat().st_size > 10_000
    blocks = dict(BLOCK.findall((folder / "docs" / PAGE.name).read_text("utf-8")))
    assert f"PUPILS={N_PUPILS} SEED=5" in blocks["command"]
    assert all(blocks.values())


def test_the_page_is_filled_and_has_no_other_results() -> None:
    text = PAGE.read_text("utf-8")
    blocks = dict(BLOCK.findall(text))
    assert len(blocks) == 7
    assert all(block.strip() for block in blocks.values())
    assert "%" not in BLOCK.sub("", text)
    figure = PAGE.parent / "figures" / "misclassification.svg"
    assert 10_000 < figure.stat().st_size < 30_000


def test_a_page_without_markers_is_refused(tmp_path: Path) -> None:
    page = tmp_path / PAGE.name
    page.write_text("nothing\n", "utf-8")
    done = run_dev("misclassification", "--pupils", 50, "--folder", tmp_path, "--page", page)
    assert done.returncode == 2
    assert "markers" in done.stderr
    assert page.read_text("utf-8") == "nothing\n"
