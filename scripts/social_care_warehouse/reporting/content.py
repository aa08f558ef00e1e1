"""What the report is to hold: sections, the tables and charts in them, and the words around them.

It is in `sections.yml`, so that an author can change words without touching Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Figure:
    """A chart, or one for each value of a column, and the words below it."""

    shows: str
    conclude: str
    beware: str
    # Without a chart the words are about the table alone.
    chart: str | None = None
    alt: str = ""
    one_for_each: str | None = None
    is_map: bool = False
    # Columns that must have a number in one row at least; any that is drawn, where none is named.
    needs: tuple[str, ...] = ()
    # Charts with long labels: two in a row of the page, where others are three.
    is_wide: bool = False


@dataclass(frozen=True)
class Part:
    """A part of a section: rows of one table, the figures drawn from them, and the table itself."""

    table: str
    heading: str
    figures: tuple[Figure, ...]
    # Only rows with one of these values, and a part for each value of a column.
    only: Mapping[str, Sequence[str]] = field(default_factory=dict)
    one_for_each: str | None = None
    # A table for each value of a column, below the figures of them all.
    one_table_for_each: str | None = None
    # The columns to show; all of them where none is named. Plainer headings for some.
    columns: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    # Words for the values in headings.
    words: Mapping[str, str] = field(default_factory=dict)
    # A column whose values become the columns of the table, and what is in its cells.
    across: str | None = None
    cells: tuple[str, ...] = ()
    # The order of the values of a column; values that are not named come last.
    order: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A section: the question that it answers, and what to say where its data are missing."""

    id: str
    heading: str
    question: str
    missing: str
    parts: tuple[Part, ...]


def sections() -> list[Section]:
    """All sections in the order of the page."""
    content = yaml.safe_load((_HERE / "sections.yml").read_text(encoding="utf-8"))
    return [_section(entry) for entry in content]


def chart_specification(name: str) -> str:
    """A chart as Vega-Lite, without data."""
    return (_HERE / "charts" / f"{name}.json").read_text(encoding="utf-8")


def _section(entry: Mapping[str, Any]) -> Section:
    return Section(**{**entry, "parts": tuple(_part(part) for part in entry["parts"])})


def _part(entry: Mapping[str, Any]) -> Part:
    lists = {key: tuple(entry[key]) for key in ("columns", "cells") if key in entry}
    figures = tuple(
        Figure(**{**figure, "needs": tuple(figure.get("needs", ()))}) for figure in entry["figures"]
    )
    return Part(**{**entry, **lists, "figures": figures})
