"""The results of a benchmark: as JSON, as tables, and as a figure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from statistics import median_low
from typing import Any

from dev.benchmark.machine import in_words
from dev.benchmark.runs import FLOOR
from dev.drawing import drawing, save
from dev.page import Grid, find_page, markdown, with_blocks

Result = dict[str, Any]
COSTS = ("time", "processor time", "peak memory")
# Colours that the colour-blind can distinguish (Okabe and Ito), with a mark each.
STYLES = (
    *(("#6E6E6E", "s"), ("#009E73", "v"), ("#E69F00", "D"), ("#CC79A7", "P")),
    *(("#D55E00", "o"), ("#D55E00", "^"), ("#0072B2", "o"), ("#0072B2", "^"), ("#56B4E9", "X")),
)


def write(result: Result, path: Path) -> None:
    """Write a result as JSON, each run on a line of its own."""
    head = json.dumps({key: of for key, of in result.items() if key != "runs"}, indent=1)
    runs = ",\n  ".join(json.dumps(run) for run in result["runs"])
    path.write_text(f'{head[:-2]},\n "runs": [\n  {runs}\n ]\n}}\n', encoding="utf-8")


def table(result: Result, pupils: int) -> Grid:
    """The ways on one size: the run of median time, of an even number the quicker middle one."""
    labels = dict.fromkeys(run["label"] for run in result["runs"] if run["pupils"] == pupils)
    runs = {label: _runs(result, pupils, label) for label in labels}
    medians = {label: _median(of) for label, of in runs.items()}
    floor = next((run["wall_seconds"] for run in medians.values() if run["way"] == FLOOR), None)
    lines = []
    for label, run in medians.items():
        ratio = f"{run['wall_seconds'] / floor:.1f}" if floor else "-"
        lines.append([label, *cost_cells(run), ratio, str(len(runs[label]))])
    return ["", *COSTS, "time relative to plain DuckDB", "runs"], lines


def cost_cells(cost: Mapping[str, Any]) -> list[str]:
    """What a run cost, under the headings COSTS."""
    seconds = [f"{cost[name]:,.1f} s" for name in ("wall_seconds", "cpu_seconds")]
    return [*seconds, f"{cost['peak_bytes'] / 1e9:.1f} GB"]


def filled_page(result: Result) -> tuple[Path, str]:
    """The page about scale, and its text with this result."""
    page = find_page("scale.md")
    sizes = [
        f"**{size['pupils']:,} pupils** ({size['n_bytes'] / 1e6:,.0f} MB of text)\n\n"
        + markdown(table(result, size["pupils"]))
        for size in result["sizes"]
    ]
    blocks = {"machine": in_words(result), "sizes": "\n\n".join(sizes)}
    return page, with_blocks(page.read_text(encoding="utf-8"), blocks)


def draw(result: Result, folder: Path) -> Path:
    """Time and memory by size, one line for each way."""
    sizes = [size["pupils"] for size in result["sizes"]]
    items = (("wall_seconds", 1.0, "Seconds from start to end"), ("peak_bytes", 1e9, "Peak GB"))
    labels = dict.fromkeys(run["label"] for run in result["runs"])
    with drawing("benchmark") as plt:
        figure, panels = plt.subplots(1, 2, figsize=(10, 4.5))
        for axes, (item, unit, title) in zip(panels, items, strict=True):
            for label, (colour, mark) in zip(labels, STYLES, strict=False):
                points = [
                    (pupils, _median(runs)[item] / unit)
                    for pupils in sizes
                    if (runs := _runs(result, pupils, label))
                ]
                axes.plot(*zip(*points, strict=True), color=colour, marker=mark, label=label)
            axes.set(xscale="log", yscale="log", xlabel="Pupils", title=title)
            axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
            axes.minorticks_off()
            axes.yaxis.set_major_formatter(lambda number, _: f"{number:g}")
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="lower center", ncols=3, frameon=False, fontsize=8.5)
        figure.subplots_adjust(bottom=0.3)
        return save(figure, folder, "benchmark")


def _runs(result: Result, pupils: int, label: str) -> list[dict[str, Any]]:
    return [run for run in result["runs"] if (run["pupils"], run["label"]) == (pupils, label)]


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    wall = median_low(run["wall_seconds"] for run in runs)
    return next(run for run in runs if run["wall_seconds"] == wall)
