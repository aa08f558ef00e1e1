"""The areas of a map: hexagons of the project, or polygons of a file that the user gives."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from social_care_warehouse.console import UserError

# The map is drawn on a square grid with the most of these steps that keep the page small.
# Neighbours share their corners, so they still meet after each corner moved to the grid.
GRIDS = (1_200, 800, 500, 300)
LARGEST_MAP_BYTES = 150_000
LARGEST_FILE_BYTES = 200_000_000
_CODE = re.compile(r"[EWSN]\d{8}")

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]


@dataclass(frozen=True)
class Shape:
    """One area: its 9-character code and its polygons, with y to the north."""

    code: str
    polygons: list[Polygon]

    def as_feature(self) -> dict[str, Any]:
        """The shape as GeoJSON."""
        return {
            "type": "Feature",
            "code": self.code,
            "geometry": {"type": "MultiPolygon", "coordinates": self.polygons},
        }


def hexagons(places: Iterable[tuple[str, int, int]]) -> list[Shape]:
    """A hexagon per authority, from its code, column and row.

    Every second row lies half a column further east.
    """
    corners = [math.radians(60 * corner + 30) for corner in range(6)]
    size = 20
    shapes = []
    for code, column, row in places:
        east = size * math.sqrt(3) * (column + row % 2 / 2)
        north = size * 1.5 * row
        ring = [
            (round(east + size * math.cos(angle), 1), round(north + size * math.sin(angle), 1))
            for angle in corners
        ]
        shapes.append(Shape(code, [[[*ring, ring[0]]]]))
    return shapes


def read_boundaries(path: Path) -> list[Shape]:
    """The areas of a GeoJSON file. Raises UserError that says what is wrong and where."""
    features = _features_of(path)
    name = _property_with_codes(features, path)
    shapes = []
    for number, feature in enumerate(features, start=1):
        code = feature["properties"][name]
        shapes.append(Shape(code, _polygons_of(feature, f"{path}, area {number} ({code})")))
    codes = [shape.code for shape in shapes]
    if len(set(codes)) < len(codes):
        twice = next(code for code in codes if codes.count(code) > 1)
        raise UserError(f"{path} holds {twice} twice. Join its polygons into one feature.")
    for n_steps in GRIDS:
        simpler = _on_grid(shapes, n_steps)
        text = json.dumps([shape.polygons for shape in simpler], separators=(",", ":"))
        if len(text) <= LARGEST_MAP_BYTES:
            return simpler
    raise UserError(
        f"The boundaries in {path} have too much detail for one page. Simplify them, for example to"
        " corners at least 500 m apart."
    )


def _features_of(path: Path) -> list[dict[str, Any]]:
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise UserError(f"{path} is larger than 200 MB. Simplify the boundaries first.")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"There is no file {path}. Check the path of the boundaries.") from None
    except (OSError, UnicodeDecodeError):
        raise UserError(
            f"{path} cannot be read as text. Give boundaries as a GeoJSON file in UTF-8."
        ) from None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise UserError(
            f"{path} is not JSON. Give boundaries as a GeoJSON file; other formats, such as a"
            " shapefile, must be converted first."
        ) from None
    kind = content.get("type") if isinstance(content, dict) else None
    features = content.get("features") if isinstance(content, dict) else None
    if kind == "Topology":
        raise UserError(f"{path} is TopoJSON. Convert it to GeoJSON first.")
    if kind != "FeatureCollection" or not isinstance(features, list) or not features:
        raise UserError(
            f"{path} is not a GeoJSON FeatureCollection with at least one feature. Check the file."
        )
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            raise UserError(f"Feature {number} of {path} has no properties. Check the file.")
    return features


def _property_with_codes(features: Sequence[dict[str, Any]], path: Path) -> str:
    """The property that holds a 9-character code in every feature."""
    for name in features[0]["properties"]:
        values = [feature["properties"].get(name) for feature in features]
        if all(isinstance(value, str) and _CODE.fullmatch(value) for value in values):
            return str(name)
    raise UserError(
        f"{path} has no property with the 9-character code of an authority, such as E06000001, in"
        f" all of its {len(features)} features. Add one."
    )


def _polygons_of(feature: dict[str, Any], place: str) -> list[Polygon]:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        raise UserError(f"{place} is not a Polygon or MultiPolygon. Check the file.")
    coordinates = geometry.get("coordinates")
    polygons: Any = [coordinates] if kind == "Polygon" else coordinates
    try:
        read = [[[_point(point) for point in ring] for ring in polygon] for polygon in polygons]
    except (TypeError, ValueError, IndexError):
        raise UserError(f"The coordinates of {place} are not numbers. Check the file.") from None
    if not any(len(ring) >= 4 for polygon in read for ring in polygon):
        raise UserError(f"{place} has no ring of four or more points. Check the file.")
    return read


def _point(point: Any) -> Point:
    x, y = float(point[0]), float(point[1])
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError
    return x, y


def _on_grid(shapes: Sequence[Shape], n_steps: int) -> list[Shape]:
    """The shapes on a grid of whole steps, without points that fall together.

    Longitudes are shortened as they are in the middle of the map, so that shapes keep their form.
    """
    points = [p for shape in shapes for polygon in shape.polygons for ring in polygon for p in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    is_degrees = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    shortening = math.cos(math.radians((south + north) / 2)) if is_degrees else 1.0
    step = max((east - west) * shortening, north - south) / n_steps or 1.0

    def moved(ring: Ring) -> Ring:
        on_grid = [
            (round((x - west) * shortening / step), round((y - south) / step)) for x, y in ring
        ]
        return [
            point
            for number, point in enumerate(on_grid)
            if number == 0 or point != on_grid[number - 1]
        ]

    return [Shape(shape.code, _not_too_small(shape, moved)) for shape in shapes]


def _not_too_small(shape: Shape, moved: Any) -> list[Polygon]:
    """The polygons that still have an area on the grid; a little square where none has."""
    kept = []
    for polygon in shape.polygons:
        rings = [ring for ring in map(moved, polygon) if len(ring) >= 4]
        if rings and len(moved(polygon[0])) >= 4:
            kept.append(rings)
    if not kept:
        x, y = moved(shape.polygons[0][0])[0]
        kept = [[[(x, y), (x, y + 2), (x + 2, y + 2), (x + 2, y), (x, y)]]]
    return kept
