"""The realism report: that it runs, and that small populations are near what is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import PROJECT_DIR, csv_rows, run_dev

from dev.realism.__main__ import n_outside

SEED_FILE = PROJECT_DIR / "seeds/published/national_statistics.csv"
SETTINGS_DIR = PROJECT_DIR / "scripts/social_care_warehouse/synthesis/settings"
BANDS_FILE = PROJECT_DIR / "scripts/dev/realism/bands.csv"
GAPS_FILE = PROJECT_DIR / "scripts/dev/realism/known_gaps.csv"
HELD_OUT_FILE = PROJECT_DIR / "scripts/dev/realism/held_out.csv"
OUTCOMES_FILE = PROJECT_DIR / "scripts/dev/realism/outcome_figures.csv"
# Figures of these years check the fit, so nothing may be fitted to them.
KEPT_APART = {"2011", "2014", "2017"}
# Except these: research that describes the extracts quotes them.
QUOTED = {
    ("nfa_share", "2017"),
    ("not_in_need_share", "2017"),
    ("short_break_share", "2011"),
    ("short_break_share", "2017"),
}
BASES = {"published", "interpolated", "fitted", "fitted to interpolated", "assumption"}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The report of a small population. Chance puts some figures outside bands: exit code 1."""
    folder = tmp_path_factory.mktemp("realism")
    options = ("--pupils", 40_000, "--seed", 1, "--folder", folder, "--chance-errors", 0)
    done = run_dev("realism", *options)
    assert done.returncode == 1, done.stdout[-3000:] + done.stderr
    assert "figures checked" in done.stdout
    assert (folder / "realism.csv").exists()
    return json.loads((folder / "realism.json").read_text(encoding="utf-8"))


def test_every_published_figure_is_compared(report: dict) -> None:
    compared = {(row["series"], row["category"]) for row in report["comparison"]}
    published = {(row["series"], row["category"]) for row in csv_rows(SEED_FILE)}
    # The rarest categories may be empty in a small population.
    assert len(published - compared) <= 6, published - compared
    assert {row["series"] for row in report["comparison"]} == {row[0] for row in published}


def test_every_figure_that_was_not_fitted_is_published() -> None:
    key = ("series", "category", "school_year")
    published = {tuple(row[name] for name in key) for row in csv_rows(OUTCOMES_FILE)}
    held_out = {tuple(row[name] for name in key) for row in csv_rows(HELD_OUT_FILE)}
    assert len(held_out) > 10
    assert held_out <= published


def test_every_band_is_of_a_published_series() -> None:
    published = {row["series"] for row in csv_rows(SEED_FILE)}
    assert {row["series"] for row in csv_rows(BANDS_FILE)} <= published


def test_no_gap_is_more_than_band_and_chance(report: dict) -> None:
    checked = [row for row in report["comparison"] if row["band"] is not None]
    assert len(checked) > 200
    assert report["verdicts"]["outside"] == sum(row["verdict"] == "outside" for row in checked)
    far = [row for row in checked if abs(row["gap"]) > row["band"] + 5 * row["chance"]]
    assert far == []


def test_known_gaps_are_of_published_figures_and_have_a_reason() -> None:
    known = {(row["series"], row["category"], row["year"]) for row in csv_rows(GAPS_FILE)}
    figures = csv_rows(OUTCOMES_FILE)
    published = {(row["series"], row["category"], row["school_year"]) for row in figures}
    published |= {
        (row["series"], row["category"], row["reporting_year"]) for row in csv_rows(SEED_FILE)
    }
    assert known <= published
    assert len(known) == len(csv_rows(GAPS_FILE))
    assert all(len(row["reason"]) > 30 for row in csv_rows(GAPS_FILE))


def test_every_outcome_outside_its_band_is_known_or_fails(report: dict) -> None:
    known = {(row["series"], row["category"]) for row in csv_rows(GAPS_FILE)}
    outcomes = [row for row in report["outcomes"] if row["synthetic"] is not None]
    assert len(outcomes) > 100
    outside = [row for row in outcomes if "outside" in row["verdict"]]
    assert all(
        (row["verdict"] == "outside, known") == (row["reason"] is not None) for row in outside
    )
    far = [
        (row["series"], row["category"])
        for row in outcomes
        if abs(row["gap"]) > row["band"] + 5 * row["chance"]
    ]
    assert set(far) <= known


@pytest.mark.parametrize(
    ("counts", "outcomes", "expected"),
    [
        ({"within": 3}, {"within": 2, "outside, known": 4, "within, by chance": 1}, 0),
        ({"within": 3, "outside": 1}, {"within": 2}, 1),
        ({"within": 3}, {"within": 2, "outside": 2}, 2),
    ],
)
def test_a_figure_outside_its_band_fails_unless_it_is_known(
    counts: dict[str, int], outcomes: dict[str, int], expected: int
) -> None:
    assert n_outside(counts, outcomes) == expected


def test_headline_counts_are_near(report: dict) -> None:
    headline = [
        row
        for row in report["comparison"]
        if row["series"] in ("looked after on 31 March", "in need on 31 March", "referrals")
        and row["band"] is not None
    ]
    assert len(headline) >= 15
    assert all(abs(row["gap"]) < 25 for row in headline), headline


def test_bad_arguments_are_one_sentence(tmp_path: Path) -> None:
    done = run_dev("realism", "--pupils", -1, "--folder", tmp_path / "new")
    assert done.returncode == 2
    assert "--pupils" in done.stderr


def test_years_kept_apart_are_neither_published_here_nor_fitted_to() -> None:
    assert not {row["reporting_year"] for row in csv_rows(SEED_FILE)} & KEPT_APART
    for row in csv_rows(SETTINGS_DIR / "year.csv"):
        assert row["basis"] in BASES
        if (row["name"], row["reporting_year"]) in QUOTED:
            assert row["basis"] == "fitted"
        elif row["reporting_year"] in KEPT_APART:
            assert row["basis"] in ("interpolated", "fitted to interpolated", "assumption"), row
    for row in csv_rows(SETTINGS_DIR / "year_care.csv"):
        if row["reporting_year"] in KEPT_APART:
            assert row["basis"] == "fitted to interpolated", row
