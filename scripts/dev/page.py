"""Pages whose numbers a command fills in, each block between its own markers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from rich.table import Table

from social_care_warehouse.console import PROJECT_DIR, UserError

MARKED = re.compile(
    r"(?P<begin><!-- begin (?P<name>[a-z_]+)[^>]*-->\n).*?(?P<end><!-- end -->)", re.DOTALL
)
# Headings, and lines with as many cells.
Grid = tuple[list[str], list[list[str]]]


def find_page(name: str) -> Path:
    """The page of this name, in whichever folder of docs it is."""
    return next((PROJECT_DIR / "docs").rglob(name))


def check_markers(page: Path, names: Iterable[str]) -> None:
    """Raise UserError if a page does not have each marker once."""
    found = [match["name"] for match in MARKED.finditer(page.read_text(encoding="utf-8"))]
    if sorted(found) != sorted(names):
        raise UserError(f"{page} must have each of these markers once: {', '.join(names)}.")


def with_blocks(text: str, filled: dict[str, str]) -> str:
    """The text of a page with every block between its markers."""
    return MARKED.sub(lambda mark: f"{mark['begin']}{filled[mark['name']]}\n{mark['end']}", text)


def fill(page: Path, filled: dict[str, str]) -> None:
    """Put every block between its markers."""
    page.write_text(with_blocks(page.read_text(encoding="utf-8"), filled), encoding="utf-8")


def markdown(grid: Grid) -> str:
    """A grid as Markdown, numbers to the right."""
    headings, lines = grid
    rule = ["---", *["---:"] * (len(headings) - 1)]
    return "\n".join("| " + " | ".join(line) + " |" for line in (headings, rule, *lines))


def screen_table(title: str, grid: Grid) -> Table:
    """A grid as a table on the screen."""
    headings, lines = grid
    table = Table(title=title)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number else "left")
    for line in lines:
        table.add_row(*line)
    return table
