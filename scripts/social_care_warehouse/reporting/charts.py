"""Charts: a Vega-Lite specification from a file, with the rows of a released table as its data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from social_care_warehouse.outputs.table import HIDDEN, Cell, ReleasedTable
from social_care_warehouse.reporting.content import Figure, chart_specification
from social_care_warehouse.reporting.shown_table import is_number

VEGA_LITE_VERSION = "6.4"
SHAPES_ID = "shapes"


@dataclass(frozen=True)
class Chart:
    """A chart for the page: its place, its description, and its specification."""

    id: str
    heading: str
    alt: str
    kind: str
    spec: Markup


def make_chart(  # noqa: PLR0913
    figure: Figure, table: ReleasedTable, *, chart_id: str, data_id: str, column: str, value: str
) -> Chart | None:
    """The chart of these rows; None where every number that it would draw is hidden.

    Its rows are those of `data_id`; if a column is given, those with this value in it.
    """
    name = str(figure.chart)
    measures = [place for place in drawn_columns(table, [name]) if is_number(table, place)]
    needed = [p for p in measures if table.columns[p].name in figure.needs]
    if not any(
        all(_drawable(row[place]) is not None for place in needed)
        and any(_drawable(row[place]) is not None for place in measures)
        for row in table.rows
    ):
        return None
    content = {"spec": json.loads(chart_specification(name)), "data": data_id}
    if column:
        content["only"] = [column, value]
    if figure.is_map:
        content["shapes"] = SHAPES_ID
    return Chart(
        id=chart_id,
        heading=value,
        alt=f"{figure.alt} {value}".strip(),
        kind="map" if figure.is_map else "plot",
        spec=script_json(content),
    )


def chart_data(table: ReleasedTable, places: Sequence[int]) -> Markup:
    """Rows for charts: these columns, and whether one of their numbers is hidden.

    A missing bar looks like a bar of length 0, so charts can mark it.
    """
    measures = [place for place in places if is_number(table, place)]
    return script_json(
        {
            "columns": [*(table.columns[place].name for place in places), "is_hidden"],
            "rows": [
                [
                    *(_drawable(row[p]) if p in measures else row[p] for p in places),
                    int(any(row[place] == HIDDEN for place in measures)),
                ]
                for row in table.rows
            ],
        }
    )


def drawn_columns(table: ReleasedTable, charts: Iterable[str], *more: str | None) -> list[int]:
    """The places of the columns that these charts use, and of the columns `more`."""
    texts = [chart_specification(name) for name in charts]
    return [
        place
        for place, column in enumerate(table.columns)
        if column.name in more
        or any(re.search(rf"\b{re.escape(column.name)}\b", text) for text in texts)
    ]


def script_json(content: object) -> Markup:
    """JSON for an HTML script element, safe whatever its texts hold."""
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028"))


def drawing_code() -> str | None:
    """Vega, Vega-Lite and vega-embed as one script; None without the package that holds them."""
    try:
        import vl_convert  # noqa: PLC0415
    except ImportError:
        return None
    # Its types ask for a snippet, which it does not need.
    return str(vl_convert.javascript_bundle(vl_version=VEGA_LITE_VERSION))  # type: ignore[call-arg]


def _drawable(cell: Cell) -> Cell:
    """A hidden number becomes null, which Vega-Lite leaves out."""
    return None if isinstance(cell, str) else cell
