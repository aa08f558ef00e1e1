"""Charts: a Vega-Lite specification from a file, with the rows of a released table as its data."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from markupsafe import Markup

from social_care_warehouse.outputs.table import HIDDEN, Cell, ReleasedTable
from social_care_warehouse.reporting.content import chart_specification

VEGA_LITE_VERSION = "6.4"
SHAPES_ID = "shapes"


@dataclass(frozen=True)
class Chart:
    """A chart for the page: where it goes, what it shows in words, and all that draws it."""

    id: str
    heading: str
    alt: str
    kind: str
    spec: Markup


def make_chart(  # noqa: PLR0913
    name: str,
    table: ReleasedTable,
    *,
    chart_id: str,
    heading: str,
    alt: str,
    is_map: bool,
) -> Chart | None:
    """The chart of these rows; None where every number that it would draw is hidden."""
    text = chart_specification(name)
    places = [
        place
        for place, column in enumerate(table.columns)
        if re.search(rf"\b{re.escape(column.name)}\b", text)
    ]
    measures = [place for place in places if table.columns[place].kind != "dimension"]
    drawn = [[_drawable(row[place], place in measures) for place in places] for row in table.rows]
    if not any(row[places.index(place)] is not None for row in drawn for place in measures):
        return None
    # A missing bar looks like a bar of length 0, so charts can mark what is hidden.
    is_hidden = [any(row[place] == HIDDEN for place in measures) for row in table.rows]
    rows = [[*row, hidden] for row, hidden in zip(drawn, is_hidden, strict=True)]
    names = [table.columns[place].name for place in places]
    content = {
        "spec": json.loads(text),
        "data": {"columns": [*names, "is_hidden"], "rows": rows},
    } | ({"shapes": SHAPES_ID} if is_map else {})
    return Chart(
        id=chart_id,
        heading=heading,
        alt=f"{alt} {heading}".strip(),
        kind="map" if is_map else "plot",
        spec=script_json(content),
    )


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


def _drawable(cell: Cell, is_measure: bool) -> Cell:
    """A hidden number becomes null, which Vega-Lite leaves out."""
    return None if is_measure and isinstance(cell, str) else cell
