"""The findings as sentences and tables: on the screen, and between the markers of the page."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from dev.misclassification.comparison import Comparison, Row
from dev.page import Grid, check_markers, markdown, screen_table
from social_care_warehouse.synthesis.generate import RELEASES

LATEST, EVERY = RELEASES
# Each table of the page, and its title on the screen.
TITLES = {
    "confusion_latest": f"Highest intervention, {LATEST}: truth in rows, release in columns",
    "confusion_all": f"Highest intervention, {EVERY}: truth in rows, release in columns",
    "too_low_category": "Category too low, by true category",
    "too_low_birth_year": "Category too low, by birth year",
    "seen": "What the extracts show of the truth",
}
BLOCKS = ("command", "findings", *TITLES)


def grids(comparison: Comparison) -> dict[str, Grid]:
    """The tables of the page."""
    return {
        "confusion_latest": _confusion(comparison, LATEST),
        "confusion_all": _confusion(comparison, EVERY),
        "too_low_category": _too_low(comparison, "too_low_by_category"),
        "too_low_birth_year": _too_low(comparison, "too_low_by_birth_year"),
        "seen": _seen(comparison),
    }


def print_tables(comparison: Comparison, console: Console) -> None:
    """Every table, readable on a screen."""
    for name, grid in grids(comparison).items():
        console.print(screen_table(f"{TITLES[name]} (SYNTHETIC)", grid))


def blocks(comparison: Comparison, pupils: int, seed: int) -> dict[str, str]:
    """What goes between the markers of the page, by their names."""
    return {
        "command": f"```sh\nmake misclassification PUPILS={pupils} SEED={seed}\n```",
        "findings": _findings(comparison),
        **{name: markdown(grid) for name, grid in grids(comparison).items()},
    }


def check_page(page: Path) -> None:
    """Refuse a page without the markers, before the long work."""
    check_markers(page, BLOCKS)


def percent(part: int, whole: int) -> str:
    """A share in per cent, or a dash where there is nothing to divide by."""
    return f"{100 * part / whole:.1f}%" if whole else "-"


def _confusion(comparison: Comparison, release: str) -> Grid:
    rows = comparison.rows("confusion", release=release)
    categories = list(dict.fromkeys(row["true_category"] for row in rows))
    lines = []
    for category in categories:
        counts = [row["n_pupils"] for row in rows if row["true_category"] == category]
        lines.append([category, *(f"{count:,}" for count in counts), f"{sum(counts):,}"])
    return ["truth", *categories, "all"], lines


def _too_low(comparison: Comparison, table: str) -> Grid:
    headings = ["", "pupils", LATEST, EVERY, "outside years", "rule, columns", "reference"]
    thin, full = (
        comparison.rows(table, release=release) + comparison.rows("too_low_of_all", release=release)
        for release in RELEASES
    )
    lines = []
    for latest, every in zip(thin, full, strict=True):
        counts = (every[f"n_{what}"] for what in ("too_low", "years", "rule", "reference"))
        shares = [percent(count, every["n_pupils"]) for count in (latest["n_too_low"], *counts)]
        cells = (f"{every['n_pupils']:,}", *shares, f"{latest['n_release']:,}")
        lines.append([str(every["cut"]), *cells])
    return [*headings, "release"], lines


def _seen(comparison: Comparison) -> Grid:
    headings = ["", "true", f"seen in {LATEST}", f"seen in {EVERY}", "outside years", "reference"]
    headings += ["release", f"in {LATEST}, but not true"]
    lines = []
    for row in comparison.rows("seen", release=LATEST):
        full = comparison.row("seen", release=EVERY, item=row["item"])
        lost = (row[f"n_lost_{reason}"] for reason in ("years", "reference", "release"))
        counts = (row["n_seen"], full["n_seen"], *lost, row["n_shown_not_true"])
        shares = [percent(count, row["n_true"]) for count in counts]
        lines.append([str(row["item"]), f"{row['n_true']:,}", *shares])
    return headings, lines


def _findings(comparison: Comparison) -> str:
    low: Row = comparison.row("too_low_of_all", release=LATEST)
    full_low: Row = comparison.row("too_low_of_all", release=EVERY)
    change = comparison.row("release_changes_category")
    outside = comparison.row("outside_population")
    items = {row["item"]: row for row in comparison.rows("seen", release=LATEST)}
    full = {row["item"]: row for row in comparison.rows("seen", release=EVERY)}
    n_pupils = low["n_pupils"]
    sentences = [
        f"**Category too low.** Of {n_pupils:,} pupils with contact,"
        f" {percent(low['n_too_low'], n_pupils)} have a category that is too low in {LATEST}, and"
        f" {percent(full_low['n_too_low'], n_pupils)} in {EVERY}. The release alone lowers the"
        f" category of {change['n_lower']:,} of them. Both releases miss the rest: the contact was"
        f" outside the years of the extract ({percent(low['n_years'], n_pupils)}), the 31 March"
        f" rule or empty columns cannot show it ({percent(low['n_rule'], n_pupils)}), or its rows"
        f" have no pupil reference or are missing ({percent(low['n_reference'], n_pupils)}).",
        f"**Category too high.** {percent(low['n_too_high'], n_pupils)}: the child was being"
        " assessed on a 31 March, and was later found not to be in need.",
    ]
    for item, row in items.items():
        in_years = row["n_true"] - row["n_lost_years"]
        sentences.append(
            f"**{str(item).capitalize()}.** {LATEST} shows {percent(row['n_seen'], row['n_true'])}"
            f" of all true ones, {EVERY} {percent(full[item]['n_seen'], row['n_true'])}. Of those"
            f" within the years of the extract: {percent(row['n_seen'], in_years)} and"
            f" {percent(full[item]['n_seen'], in_years)}."
        )
    moves = items["placement moves"]
    sentences += [
        f"**Wrong dates.** {percent(moves['n_shown_not_true'], moves['n_shown'])} of the moves in"
        f" {LATEST} are recorded on the wrong day. A move into a hidden episode gets a later date."
        " Without the reason why an episode began, only a change of the placement code shows a"
        " move, and that code also changes when the code list does.",
        f"**Not counted above.** {outside['n_children']:,} of {outside['n_of_children']:,} children"
        f" in care have no pupil reference at all, and with them {outside['percent_of_days']:.1f}%"
        " of all days in care. They are in no person mart of either release.",
    ]
    return "\n".join(f"* {sentence}" for sentence in sentences)
