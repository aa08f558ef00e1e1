"""The page: sections with charts and tables, put into one HTML text."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from social_care_warehouse.outputs.table import HIDDEN, ReleasedTable
from social_care_warehouse.reporting.charts import (
    SHAPES_ID,
    Chart,
    chart_data,
    drawn_columns,
    make_chart,
    script_json,
)
from social_care_warehouse.reporting.content import Figure, Part, Section, sections
from social_care_warehouse.reporting.provenance import Provenance
from social_care_warehouse.reporting.shapes import Shape
from social_care_warehouse.reporting.shown_table import (
    ShownColumn,
    ShownTable,
    in_order,
    is_number,
    place_of,
    places_to_show,
    shown_tables,
    split,
)

TITLE = "Social care, education and justice: what the warehouse holds"
AREA_CODE = "local_authority_code"
_HERE = Path(__file__).parent / "page"


@dataclass(frozen=True)
class ShownFigure:
    """Charts with one caption. There may be no chart: then the words are about the table."""

    id: str
    words: Figure
    charts: Sequence[Chart]
    notes: Sequence[str]


@dataclass(frozen=True)
class ShownPart:
    """A part of a section: its figures, then the tables that they are drawn from."""

    id: str
    heading: str
    figures: Sequence[ShownFigure]
    data: Markup
    tables: Sequence[ShownTable]


@dataclass(frozen=True)
class ShownProvenance:
    """Facts about the build and a table of its files."""

    facts: Sequence[tuple[str, str]]
    inputs: ShownTable


@dataclass(frozen=True)
class ShownSection:
    """A section with its parts, or with a sentence that says why it has none."""

    id: str
    heading: str
    question: str
    missing: str
    parts: Sequence[ShownPart]


def render(  # noqa: PLR0913
    tables: Mapping[str, ReleasedTable],
    provenance: Provenance,
    shapes: Sequence[Shape] = (),
    *,
    title: str = TITLE,
    code: str | None = None,
    lacking: Mapping[str, str] | None = None,
) -> str:
    """The page as HTML. `code` draws the charts; without it the page has tables only.

    `lacking` are tables that cannot be made, with the mart that has no rows for them.
    """
    shown = [_section(section, tables, shapes, lacking or {}) for section in sections()]
    style = _text_of("page.css")
    scripts = [code, _text_of("page.js")] if code else []
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("page.html.j2").render(
        title=title,
        subtitle="Made from rounded tables, in which small numbers are hidden.",
        policy=_policy(style, scripts),
        style=Markup(style),
        scripts=[Markup(script) for script in scripts],
        shared=_shared(shapes),
        has_charts=bool(code),
        sections=shown,
        provenance=_shown_provenance(provenance),
        rules=sorted({table.rule for table in tables.values()}),
    )


def _text_of(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _policy(style: str, scripts: Sequence[str]) -> str:
    """Nothing is loaded from anywhere; only the page's own scripts and style take effect."""
    hashes = " ".join(_hash_of(script) for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src {_hash_of(style)};"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash_of(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _shared(shapes: Sequence[Shape]) -> list[tuple[str, Markup]]:
    config = script_json(json.loads(_text_of("config.json")))
    features = script_json([shape.as_feature() for shape in shapes])
    return [("chart-config", config), (SHAPES_ID, features)]


def _section(
    section: Section,
    tables: Mapping[str, ReleasedTable],
    shapes: Sequence[Shape],
    lacking: Mapping[str, str],
) -> ShownSection:
    parts: list[ShownPart] = []
    for part in section.parts:
        if part.table in tables:
            for heading, table in _tables_of(part, tables[part.table]):
                part_id = f"{section.id}-{len(parts) + 1}"
                figures = _figures(part, table, part_id, shapes)
                parts.append(
                    ShownPart(
                        part_id,
                        heading,
                        figures,
                        _data_of(part, table),
                        shown_tables(part, table, part_id),
                    )
                )
    return ShownSection(
        id=section.id,
        heading=section.heading,
        question=section.question,
        missing=_missing(section, lacking, has_parts=bool(parts)),
        parts=parts,
    )


def _missing(section: Section, lacking: Mapping[str, str], *, has_parts: bool) -> str:
    """Why a section is empty or incomplete, and which marts that depends on."""
    marts = list(dict.fromkeys(lacking[p.table] for p in section.parts if p.table in lacking))
    if has_parts and not marts:
        return ""
    where = f"No rows for it are in {', '.join(marts)}." if marts else ""
    why = "A part of this section is missing." if has_parts else section.missing
    return f"{why} {where}".strip()


def _tables_of(part: Part, table: ReleasedTable) -> Iterator[tuple[str, ReleasedTable]]:
    """The rows of a part; if the part asks for it, one table for each value of a column."""
    wanted = {place_of(table, name): values for name, values in part.only.items()}
    rows = [row for row in table.rows if all(row[p] in values for p, values in wanted.items())]
    for name, order in part.order.items():
        rows = in_order(rows, place_of(table, name), order)
    for value, own_rows in split(table, rows, part.one_for_each):
        words = part.words.get(value, value)
        heading = f"{part.heading}: {words}" if part.one_for_each else part.heading
        title = f"{table.title}: {words}" if part.one_for_each else table.title
        yield heading, replace(table, title=title, rows=tuple(own_rows))


def _figures(
    part: Part, table: ReleasedTable, part_id: str, shapes: Sequence[Shape]
) -> list[ShownFigure]:
    shown = []
    for number, figure in enumerate(part.figures, start=1):
        figure_id = f"{part_id}-figure-{number}"
        if figure.is_map and not shapes:
            continue
        charts = _charts(figure, table, part_id, figure_id) if figure.chart else []
        notes = []
        if figure.chart and not charts:
            notes.append("There is no chart, because all of its numbers are hidden or missing.")
        if number == 1 and (note := _mostly_hidden(part, table)):
            notes.append(note)
        if figure.is_map:
            notes.extend(_not_on_the_map(table, shapes))
        shown.append(ShownFigure(figure_id, figure, charts, notes))
    return shown


def _charts(figure: Figure, table: ReleasedTable, part_id: str, figure_id: str) -> list[Chart]:
    made = [
        make_chart(
            figure,
            replace(table, rows=tuple(rows)),
            chart_id=f"{figure_id}-chart-{number}",
            data_id=f"{part_id}-data",
            column=figure.one_for_each or "",
            value=value,
        )
        for number, (value, rows) in enumerate(
            split(table, table.rows, figure.one_for_each), start=1
        )
    ]
    return [chart for chart in made if chart]


def _data_of(part: Part, table: ReleasedTable) -> Markup:
    """The rows that the charts of a part draw."""
    charts = [figure.chart for figure in part.figures if figure.chart]
    splits = [figure.one_for_each for figure in part.figures]
    return chart_data(table, drawn_columns(table, charts, *splits))


def _mostly_hidden(part: Part, table: ReleasedTable) -> str:
    """A sentence where more than half of the numbers of a part are hidden."""
    places = [place for place in places_to_show(part, table) if is_number(table, place)]
    cells = [row[place] for row in table.rows for place in places if row[place] is not None]
    n_hidden = cells.count(HIDDEN)
    if 2 * n_hidden <= len(cells):
        return ""
    return (
        "More than half of the numbers in this table are hidden, because most groups are small."
        " Make larger groups with a table of your own (outputs --spec)."
    )


def _not_on_the_map(table: ReleasedTable, shapes: Sequence[Shape]) -> list[str]:
    codes = {str(row[place_of(table, AREA_CODE)]) for row in table.rows}
    lacking = sorted(codes - {shape.code for shape in shapes})
    return [f"Not on this map: {', '.join(lacking)}. The table holds them."] if lacking else []


def _shown_provenance(provenance: Provenance) -> ShownProvenance:
    columns = [ShownColumn(label, False) for label in ("Dataset", "File", "SHA-256")]
    inputs = ShownTable(
        id="inputs", title="Files that were loaded", note="", columns=columns,
        rows=provenance.inputs, n_headings=2,
    )  # fmt: skip
    return ShownProvenance(provenance.facts, inputs)
