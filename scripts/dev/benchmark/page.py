"""The findings between the markers of docs/explanation/scale.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dev.benchmark import tables
from dev.benchmark.contenders import LIMITED
from dev.benchmark.result import Result
from dev.page import markdown, with_blocks
from social_care_warehouse.console import PROJECT_DIR

PAGE = Path("docs/explanation/scale.md")
FIGURES = Path("docs/explanation/figures")
RESULT = FIGURES / "benchmark.json"


def filled_pages(result: Result, project: Path = PROJECT_DIR) -> dict[Path, str]:
    """The text of each page as this result has it."""
    blocks = {PAGE: scale_blocks(result)}
    return {
        project / page: with_blocks((project / page).read_text(encoding="utf-8"), filled)
        for page, filled in blocks.items()
    }


def scale_blocks(result: Result) -> dict[str, str]:
    """What goes between the markers of docs/explanation/scale.md, by their names."""
    return {
        "machine": _machine(result),
        "sizes": "\n\n".join(_size(result, pupils) for pupils in result.pupils),
        "growth": _growth(result),
        "steps": markdown(tables.steps(result)),
        "limited": _limited(result),
    }


def _machine(result: Result) -> str:
    content, on = result.content, result.content["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in content["versions"].items())
    skipped = "".join(
        f" Skipped: {label}, because {reason}." for label, reason in content["skipped"].items()
    )
    return (
        f"Measured on {content['date']} at commit {content['commit']}: {on['processor']},"
        f" {on['cores']} cores, {on['memory_gb']} GB of memory, {on['system']}."
        f" {_how_busy(on)}"
        f" {versions}.{_ours(content)}{skipped}"
    )


def _ours(content: dict[str, Any]) -> str:
    told = ", ".join(f"`{name}={of}`" for name, of in content["ours"].items())
    return f" This warehouse with {told}."


def _how_busy(on: dict[str, Any]) -> str:
    load = on["load_average"]
    if load < 0.5:
        return f"The machine was quiet (load average {load} at the start)."
    return (
        f"**The machine was busy with other work** (load average {load} at the start), so wall"
        " times are too long; those of the processor say more."
    )


def _delivery(result: Result, pupils: int) -> str:
    size = result.size(pupils)
    rows = ", ".join(f"{number:,} in {name}" for name, number in size["rows"].items())
    return f"{pupils:,} pupils (rows: {rows}; {size['n_bytes'] / 1e6:,.0f} MB of text)"


def _size(result: Result, pupils: int) -> str:
    beside = "\n".join(f"* {sentence}" for sentence in tables.against(result, pupils))
    return (
        f"**{_delivery(result, pupils)}**\n\n{markdown(tables.of_size(result, pupils))}\n\n{beside}"
    )


def _growth(result: Result) -> str:
    if len(result.pupils) == 1:
        return "Measured at one size only."
    return markdown(tables.growth(result))


def _limited(result: Result) -> str:
    pupils = result.pupils[-1]
    limited, free = result.middle(pupils, LIMITED), result.middle(pupils, tables.OURS)
    if not limited or not free:
        return "Not measured in this run."
    return (
        f"With `WAREHOUSE_MEMORY={result.content['memory_limit']}`, {pupils:,} pupils are built"
        f" (without tests) in {tables.seconds(limited.wall_seconds)}, and"
        f" {tables.memory(limited.peak_bytes)} held at most; without that setting in"
        f" {tables.seconds(free.wall_seconds)} and {tables.memory(free.peak_bytes)}. The answer is"
        " the same, row for row."
    )
