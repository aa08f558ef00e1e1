"""The figure of the page, as SVG and PNG."""

from __future__ import annotations

from pathlib import Path

from dev.drawing import INK, drawing, save
from dev.misclassification.comparison import Comparison

LATEST, EVERY = "latest-episode", "all-episodes"
# Told apart by the colour-blind (Okabe and Ito), and in grey by their lightness.
SEEN, RELEASE, REFERENCE, RULE, YEARS = "#0072B2", "#D55E00", "#6E6E6E", "#E8C15A", "#DCDCDC"


def draw(comparison: Comparison, folder: Path, pupils: int, seed: int) -> list[Path]:
    """Draw both panels; the same numbers give the same files."""
    with drawing("misclassification") as plt:
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(13, 6.2), gridspec_kw={"width_ratios": [1, 1.05], "wspace": 0.30}
        )
        figure.subplots_adjust(left=0.06, right=0.98, top=0.79, bottom=0.17)
        _title(figure, comparison)
        _too_low(left, comparison)
        _seen(right, comparison)
        figure.text(
            0.06, 0.02,
            f"SYNTHETIC lives, no real child: {pupils:,} pupils, seed {seed}, delivered twice"
            " without faults. Only pupils with a reference in the population are compared.\n"
            "Rates were fitted to published totals; sizes hold for these lives, not for England."
            " Reproduce: make misclassification.",
            fontsize=8.5, color="#444444", linespacing=1.5,
        )  # fmt: skip
        paths = save(figure, folder, "misclassification")
        plt.close(figure)
    return paths


def _title(figure, comparison: Comparison) -> None:
    hidden = {row["item"]: row for row in comparison.rows("seen", release=LATEST)}
    full = {row["item"]: row for row in comparison.rows("seen", release=EVERY)}
    shares = {
        item: 100 * row["n_lost_release"] / max(1, full[item]["n_seen"])
        for item, row in hidden.items()
    }
    n_lower = comparison.row("release_changes_category")["n_lower"]
    n_pupils = comparison.row("too_low_of_all", release=LATEST)["n_pupils"]
    figure.text(
        0.06, 0.95,
        f"Showing only the latest episode of a year hides {shares['re-entries']:.0f}% of the"
        f" re-entries and {shares['placement moves']:.0f}% of the moves\nthat every episode shows;"
        f" it lowers the category of {n_lower:,} of {n_pupils:,} pupils with contact",
        fontsize=14, fontweight="bold", va="top", linespacing=1.3,
    )  # fmt: skip


def _too_low(axes, comparison: Comparison) -> None:
    every = comparison.rows("too_low_by_birth_year", release=EVERY)
    latest = comparison.rows("too_low_by_birth_year", release=LATEST)
    years = [row["cut"] for row in every]
    base = [0.0] * len(years)
    parts = (
        ("reference", REFERENCE, None),
        ("rule", RULE, None),
        ("years", YEARS, "////"),
    )
    for reason, colour, hatch in parts:
        heights = [100 * row[f"n_{reason}"] / row["n_pupils"] for row in every]
        axes.bar(
            years, heights, bottom=base, width=0.86, color=colour, hatch=hatch,
            edgecolor="white" if not hatch else "#AAAAAA", linewidth=0.4,
        )  # fmt: skip
        base = [low + height for low, height in zip(base, heights, strict=True)]
    axes.plot(
        years, [row["percent_too_low"] for row in every], "o", markersize=8,
        markerfacecolor="white", markeredgecolor=SEEN, markeredgewidth=1.6, label=EVERY,
    )  # fmt: skip
    axes.plot(
        years, [row["percent_too_low"] for row in latest], "o", markersize=3.6, color=RELEASE,
        label=LATEST,
    )  # fmt: skip
    axes.legend(
        loc="upper right", frameon=False, title="Classed too low in all, by release",
        alignment="left",
    )  # fmt: skip
    axes.set(ylim=(0, 108), xlabel="Year of birth", xlim=(years[0] - 0.7, years[-1] + 0.7))
    axes.set_yticks(range(0, 101, 20), [f"{tick}%" for tick in range(0, 101, 20)])
    axes.set_xticks([year for year in years if year % 5 == 0])
    axes.set_title(
        "Classed too low, of pupils with any contact, by what hides it",
        loc="left", fontsize=11, pad=10,
    )  # fmt: skip
    # Each part is named beside the last bar, at its height, and never on another's name.
    names = ("no reference", "31 March rule,\nempty columns", "outside the\nextract's years")
    low, last = 0.0, -100.0
    for (reason, _, _), name in zip(parts, names, strict=True):
        height = 100 * every[-1][f"n_{reason}"] / every[-1]["n_pupils"]
        last = max(low + height / 2, last + 9)
        axes.text(years[-1] + 0.7, last, name, va="center", fontsize=9)
        low += height


def _seen(axes, comparison: Comparison) -> None:
    from matplotlib.patches import Patch  # noqa: PLC0415

    rows = comparison.rows("seen", release=LATEST)
    names = {"n_seen": "seen by both releases", "n_lost_release": f"by {EVERY} only",
             "n_lost_reference": "no reference", "n_lost_years": "outside the years"}  # fmt: skip
    styles = (
        ("n_seen", SEEN, None, "white"),
        ("n_lost_release", RELEASE, None, "white"),
        ("n_lost_reference", REFERENCE, None, "white"),
        ("n_lost_years", YEARS, "////", INK),
    )
    for line, row in enumerate(rows):
        start = 0.0
        for column, colour, hatch, ink in styles:
            share = 100 * row[column] / max(1, row["n_true"])
            axes.barh(
                line, share, left=start, height=0.55, color=colour, hatch=hatch,
                edgecolor="#AAAAAA" if hatch else colour, linewidth=0.4,
            )  # fmt: skip
            if share >= 6:
                box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"}
                axes.text(
                    start + share / 2, line, f"{share:.0f}%", ha="center", va="center",
                    color=ink, fontweight="bold", bbox=box if hatch else None,
                )  # fmt: skip
            start += share
        full = comparison.row("seen", release=EVERY, item=row["item"])
        axes.text(
            0, line - 0.37,
            f"{str(row['item']).capitalize()}: {LATEST} sees {row['percent_seen']:.1f}%,"
            f" {EVERY} {full['percent_seen']:.1f}%",
            va="bottom", fontsize=9.5,
        )  # fmt: skip
    handles = [
        Patch(
            facecolor=colour, hatch=hatch, label=names[column],
            edgecolor="#AAAAAA" if hatch else colour,
        )
        for column, colour, hatch, _ in styles
    ]  # fmt: skip
    axes.legend(
        handles=handles,
        loc="upper left", bbox_to_anchor=(-0.01, -0.075), ncols=4, frameon=False, fontsize=8.5,
        handlelength=1.1, handletextpad=0.5, columnspacing=1.1, borderpad=0,
    )  # fmt: skip
    axes.set(ylim=(len(rows) - 0.55, -0.7), xlim=(0, 100), yticks=[])
    axes.set_xticks(range(0, 101, 20), [f"{tick}%" for tick in range(0, 101, 20)])
    axes.spines["left"].set_visible(False)
    axes.set_title(
        "Of all that was lived in care, seen and not seen", loc="left", fontsize=11, pad=10
    )
