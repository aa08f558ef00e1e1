"""The figure: wall time and memory by size, every way a line."""

from __future__ import annotations

from pathlib import Path

from dev.benchmark.contenders import FLOOR, LIMITED
from dev.benchmark.result import Middle, Result
from dev.benchmark.tables import OURS, OURS_TESTED
from dev.drawing import drawing, save

# Told apart by the colour-blind (Okabe and Ito), and by their marks.
STYLES = {
    FLOOR: ("#6E6E6E", "s"),
    "polars": ("#009E73", "v"),
    "pandas": ("#E69F00", "D"),
    "dplyr": ("#CC79A7", "P"),
    OURS: ("#0072B2", "o"),
    OURS_TESTED: ("#0072B2", "^"),
    LIMITED: ("#56B4E9", "X"),
}


def draw(result: Result, folder: Path) -> list[Path]:
    """Draw both panels; the same result gives the same files."""
    with drawing("benchmark") as plt:
        figure, (left, right) = plt.subplots(1, 2, figsize=(13, 5.6))
        figure.subplots_adjust(left=0.06, right=0.98, top=0.84, bottom=0.27, wspace=0.16)
        _panel(left, result, "wall_seconds", 1, "Seconds from start to end")
        _panel(right, result, "peak_bytes", 1e9, "Most memory held, GB")
        figure.text(
            0.06, 0.94, "One row per pupil from the raw extracts, and for this warehouse all else",
            fontsize=14, fontweight="bold",
        )  # fmt: skip
        handles, labels = left.get_legend_handles_labels()
        figure.legend(handles, labels, loc="lower left", bbox_to_anchor=(0.05, 0.07), ncols=4,
                      frameon=False)  # fmt: skip
        on, content = result.content["machine"], result.content
        figure.text(
            0.06, 0.02,
            f"SYNTHETIC extracts. {on['processor']}, {on['cores']} cores, {on['memory_gb']} GB;"
            f" {content['date']}, commit {content['commit']}. Medians of repeats; both axes"
            " logarithmic. Reproduce: make scale.",
            fontsize=8.5, color="#444444",
        )  # fmt: skip
        paths = save(figure, folder, "benchmark")
        plt.close(figure)
    return paths


def _panel(axes, result: Result, item: str, unit: float, title: str) -> None:
    lines: dict[str, list[Middle]] = {}
    for pupils in result.pupils:
        for middle in result.middles(pupils):
            lines.setdefault(middle.contender, []).append(middle)
    for name, middles in lines.items():
        colour, mark = STYLES[name]
        axes.plot(
            [middle.pupils for middle in middles],
            [getattr(middle, item) / unit for middle in middles],
            color=colour, marker=mark, label=middles[0].label, markersize=7, linewidth=1.6,
            linestyle="--" if name == OURS_TESTED else "-",
        )  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="Pupils")
    axes.set_xticks(result.pupils, [f"{pupils:,}" for pupils in result.pupils])
    axes.minorticks_off()
    axes.yaxis.set_major_formatter(lambda number, _: f"{number:g}")
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.6)
    axes.set_title(title, loc="left", fontsize=11, pad=10)
