"""Draws a picture of a table for release, from the released table alone."""

from __future__ import annotations

import struct
from typing import Any

from social_care_warehouse.console import UserError
from social_care_warehouse.outputs.table import ALL, HIDDEN, Cell, ReleasedTable

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# The parts of a picture that hold no text.
_KEPT_PARTS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
MOST_BARS = 300


def chart_spec(table: ReleasedTable, mark: str, n_rows: int) -> dict[str, Any] | None:
    """The Vega-Lite specification of a chart, or None where there is nothing to draw.

    The first `n_rows` dimensions are the rows of the table. The first percentage is drawn, else the
    first count. Totals and hidden numbers are left out.
    """
    names = [column.name for column in table.columns]
    dimensions = [column for column in table.columns if column.kind == "dimension"]
    measures = [column for column in table.columns if column.kind == "percent"] or [
        column for column in table.columns if column.kind == "count"
    ]
    drawn = measures[0]
    listed = [
        dict(zip(names, row, strict=True))
        for row in table.rows
        if ALL not in row[: len(dimensions)]
    ]
    values = [value for value in listed if _is_number(value[drawn.name])]
    if mark == "none" or not values or len(values) > MOST_BARS:
        return None
    used = dimensions[:1] + dimensions[n_rows:][:1] + dimensions[n_rows + 1 :][:1]
    kept = {column.name for column in used} | {drawn.name}
    encoding: dict[str, Any] = {
        "x": _axis(used[0].name, used[0].label, listed),
        "y": {"field": drawn.name, "type": "quantitative", "title": drawn.label},
    }
    for channel, column in zip(("color", "column"), used[1:], strict=False):
        encoding[channel] = _axis(column.name, column.label, listed)
    if len(used) > 1 and mark == "bar":
        encoding["xOffset"] = {"field": used[1].name, "sort": _order(used[1].name, listed)}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {
            "text": table.title,
            "subtitle": [table.population, table.rule],
            "anchor": "start",
        },
        "data": {"values": [{key: value[key] for key in names if key in kept} for value in values]},
        "mark": {"type": mark, "point": True} if mark == "line" else mark,
        "encoding": encoding,
        **({} if "column" in encoding else {"width": 700}),
        "height": 300,
    }


def draw(spec: dict[str, Any]) -> bytes:
    """The chart as PNG, without any text inside the file."""
    try:
        import vl_convert  # noqa: PLC0415
    except ImportError:
        raise UserError(
            "Pictures need the package vl-convert-python. Install it:"
            " pip install vl-convert-python==1.9.0.post1"
        ) from None
    return without_metadata(bytes(vl_convert.vegalite_to_png(spec, scale=2)))


def without_metadata(picture: bytes) -> bytes:
    """The picture with only those parts of the file that are needed to show it."""
    kept, at = [_SIGNATURE], len(_SIGNATURE)
    while at < len(picture):
        length, kind = struct.unpack(">I4s", picture[at : at + 8])
        if kind in _KEPT_PARTS:
            kept.append(picture[at : at + 12 + length])
        at += 12 + length
    return b"".join(kept)


def _is_number(cell: Cell) -> bool:
    return cell is not None and cell != HIDDEN


def _axis(name: str, title: str, listed: list[dict[str, Cell]]) -> dict[str, Any]:
    return {"field": name, "type": "nominal", "title": title, "sort": _order(name, listed)}


def _order(name: str, listed: list[dict[str, Cell]]) -> list[Cell]:
    """The categories as the table has them, also where the first ones are hidden."""
    return list(dict.fromkeys(row[name] for row in listed))
