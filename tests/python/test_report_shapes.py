"""The areas of the map in a report: files that can be drawn, and clear errors for others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from social_care_warehouse.console import UserError
from social_care_warehouse.reporting import shapes
from social_care_warehouse.reporting.shapes import GRIDS, hexagons, read_boundaries

CODES = ("E06000001", "E06000002", "E06000003")
Feature = dict[str, Any]


def square(code: str, west: float, south: float, size: float) -> Feature:
    corners = [(0, 0), (0, size), (size, size), (size, 0), (0, 0)]
    ring = [[west + x, south + y] for x, y in corners]
    return {
        "type": "Feature",
        "properties": {"name": "A place", "code": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def three_squares(size: float = 1.0) -> list[Feature]:
    return [square(code, number * size, 51, size) for number, code in enumerate(CODES)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "areas.geojson"


def write(file: Path, features: object) -> Path:
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return file


def test_neighbours_still_meet(file: Path) -> None:
    areas = read_boundaries(write(file, three_squares(0.7123)))
    assert [area.code for area in areas] == list(CODES)
    first, second = (set(shape.polygons[0][0]) for shape in areas[:2])
    assert len(first & second) == 2


def test_longitudes_are_shortened_as_on_the_ground(file: Path) -> None:
    (ring,) = read_boundaries(write(file, [square(CODES[0], 0, 59.5, 1)]))[0].polygons[0]
    width, height = (max(values) - min(values) for values in zip(*ring, strict=True))
    assert width / height == pytest.approx(0.5, abs=0.01)


def test_metres_keep_their_form(file: Path) -> None:
    (ring,) = read_boundaries(write(file, [square(CODES[0], 400_000, 300_000, 9_000)]))[0].polygons[
        0
    ]
    assert {max(values) - min(values) for values in zip(*ring, strict=True)} == {GRIDS[0]}


def test_an_area_too_small_to_see_stays(file: Path) -> None:
    tiny = square(CODES[1], 0.5, 51.5, 0.00001)
    areas = read_boundaries(write(file, [square(CODES[0], 0, 51, 1), tiny]))
    assert len(areas[1].polygons[0][0]) == 5


def test_hexagons_meet_and_lie_north_of_lower_rows() -> None:
    west, east, north = hexagons([("E1", 0, 0), ("E2", 1, 0), ("E3", 0, 1)])

    def corners(shape: Any) -> set[tuple[float, float]]:
        return set(shape.polygons[0][0])

    assert all(
        len(corners(a) & corners(b)) == 2 for a, b in ((west, east), (west, north), (east, north))
    )
    assert max(y for _, y in corners(north)) > max(y for _, y in corners(west))


def without_code() -> list[Feature]:
    features = three_squares()
    features[1]["properties"]["code"] = "Hartlepool"
    return features


def with_geometry(geometry: object) -> list[Feature]:
    return [*three_squares(), square("E06000004", 3, 51, 1) | {"geometry": geometry}]


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ([], "with at least one feature"),
        (three_squares() * 2, "E06000001 twice"),
        (without_code(), "no property with the 9-character code"),
        ([{"type": "Feature"}], "Feature 1 of .* has no properties"),
        (with_geometry(None), r"area 4 \(E06000004\) is not a Polygon"),
        (with_geometry({"type": "Point", "coordinates": [0, 0]}), "is not a Polygon"),
        (with_geometry({"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}), "not numbers"),
        (with_geometry({"type": "Polygon", "coordinates": [[[0, 51], [1, 51]]]}), "no ring of"),
        (with_geometry({"type": "Polygon", "coordinates": None}), "not numbers"),
    ],
)  # fmt: skip
def test_what_is_wrong_and_where(file: Path, features: object, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_boundaries(write(file, features))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"code,name\n", "is not JSON"),
        (b"\xff\xfe\x00", "cannot be read as text"),
        (b'{"type": "Topology", "objects": {}}', "TopoJSON. Convert it"),
        (b"[]", "not a GeoJSON FeatureCollection"),
        (b"[" * 100_000, "is not JSON"),
    ],
)
def test_files_that_are_no_geojson(file: Path, content: bytes, message: str) -> None:
    file.write_bytes(content)
    with pytest.raises(UserError, match=message):
        read_boundaries(file)


def test_a_file_that_is_not_there(file: Path) -> None:
    with pytest.raises(UserError, match="There is no file"):
        read_boundaries(file)


def test_detail_is_left_out_until_the_map_is_small(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(file, three_squares())

    def width() -> int:
        return max(x for area in read_boundaries(file) for x, _ in area.polygons[0][0])

    assert width() == GRIDS[0]
    monkeypatch.setattr(shapes, "LARGEST_MAP_BYTES", 146)
    assert width() in GRIDS[1:]


def test_too_much_detail_for_one_page(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "LARGEST_MAP_BYTES", 20)
    with pytest.raises(UserError, match="too much detail"):
        read_boundaries(write(file, three_squares()))
