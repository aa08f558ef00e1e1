"""The figure of the page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dev.drawing import drawing, save
from dev.misclassification.comparison import Comparison
from dev.misclassification.page import EVERY, LATEST

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Colours that the colour-blind can distinguish (Okabe and Ito), and in grey by their lightness.
SEEN, RELEASE, REFERENCE, RULE, YEARS = "#0072B2", "#D55E00", "#6E6E6E", "#E8C15A", "#DCDCDC"


def draw(comparison: Comparison, folder: Path, pupils: int, seed: int) -> Path:
    """Draw both panels. The same numbers give the same file."""
    with drawing("misclassification") as plt:
        figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5))
        figure.subplots_adjust(left=0.06, right=0.98, top=0.9, bottom=0.24, wspace=0.12)
        _too_low(left, comparison)
        _seen(right, comparison)
        figure.text(
            0.06,
            0.02,
            f"SYNTHETIC lives, no real child: {pupils:,} pupils, seed {seed}, without errors in the"
            " files. Only pupils with a reference in the population.",
            fontsize=8.5,
        )
        path = save(figure, folder, "misclassification")
        plt.close(figure)
    return path


def _too_low(axes: Axes, comparison: Comparison) -> None:
    every = comparison.rows("too_low_by_birth_year", release=EVERY)
    latest = comparison.rows("too_low_by_birth_year", release=LATEST)
    years = [row["cut"] for row in every]
    parts = {"no reference": "reference", "31 March rule, empty columns": "rule"}
    parts["outside the extract's years"] = "years"
    axes.stackplot(
        years,
        [[100 * row[f"n_{part}"] / row["n_pupils"] for row in every] for part in parts.values()],
        labels=list(parts),
        colors=[REFERENCE, RULE, YEARS],
    )
    for rows, name, colour, style in ((every, EVERY, SEEN, "-"), (latest, LATEST, RELEASE, ":")):
        shares = [row["percent_too_low"] for row in rows]
        axes.plot(years, shares, style, color=colour, linewidth=2, label=f"all reasons, {name}")
    axes.set(ylim=(0, 100), xlim=(years[0], years[-1]), xlabel="Year of birth")
    axes.set_title("Per cent of pupils with contact whose category is too low", loc="left")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, frameon=False, fontsize=8)


def _seen(axes: Axes, comparison: Comparison) -> None:
    rows = comparison.rows("seen", release=LATEST)
    parts = (
        ("n_seen", "in both releases", SEEN),
        ("n_lost_release", f"in {EVERY} only", RELEASE),
        ("n_lost_reference", "no reference", REFERENCE),
        ("n_lost_years", "outside the extract's years", YEARS),
    )
    names = [str(row["item"]) for row in rows]
    left = [0.0] * len(rows)
    for column, label, colour in parts:
        shares = [100 * row[column] / max(1, row["n_true"]) for row in rows]
        bars = axes.barh(names, shares, left=left, height=0.6, color=colour, label=label)
        texts = [f"{share:.0f}" if share >= 6 else "" for share in shares]
        ink = "black" if colour == YEARS else "white"
        axes.bar_label(bars, texts, label_type="center", color=ink)
        left = [low + share for low, share in zip(left, shares, strict=True)]
    axes.invert_yaxis()
    axes.set(xlim=(0, 100))
    axes.set_title("Per cent of all that is true, by where it can be seen", loc="left")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=4, frameon=False, fontsize=8)
