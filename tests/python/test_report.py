"""The report: one page that loads nothing, shows only released numbers and can be read by all."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
import vl_convert
from drawn_page import draw, needs_chromium
from html_page import Page
from report_tables import PROVENANCE, all_tables, hexagon_shapes

from social_care_warehouse.reporting import report
from social_care_warehouse.reporting.charts import VEGA_LITE_VERSION, drawing_code
from social_care_warehouse.reporting.childhood import release_childhood
from social_care_warehouse.reporting.content import chart_specification, sections
from social_care_warehouse.reporting.page import render


@pytest.fixture(scope="module")
def html() -> str:
    """The page of hand-made tables of national size, with charts."""
    return render(all_tables(), PROVENANCE, hexagon_shapes(), code=drawing_code())


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_page_is_under_2_mb(html: str) -> None:
    assert len(html.encode()) < 2_000_000


def test_ids_are_unique_and_every_reference_leads_somewhere(page: Page) -> None:
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for one in page.elements:
        attributes = one.attributes
        named = attributes.get("aria-labelledby", "").split()
        named += [attributes["href"][1:]] if attributes.get("href", "").startswith("#") else []
        assert set(named) <= set(ids), attributes


def test_headings_are_in_order(page: Page) -> None:
    levels = [int(one.tag[1]) for one in page.all("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_chart_has_words_and_a_table_in_its_part(page: Page) -> None:
    charts = page.of_class("drawing")
    parts = [part for section in sections() for part in section.parts]
    assert len(charts) >= sum(bool(figure.chart) for part in parts for figure in part.figures)
    for chart in charts:
        assert chart.attributes["role"] == "img"
        assert len(chart.attributes["aria-label"]) > 30
        (figure,) = chart.inside("figure")
        caption = next(c for c in page.all("figcaption") if figure in c.parents)
        assert "What you can conclude." in caption.text
        assert "What you cannot conclude." in caption.text
        part = chart.inside("section")[-1]
        assert any(part in table.parents for table in page.all("table"))


def test_the_numbers_of_a_chart_are_in_the_table_of_its_part(page: Page) -> None:
    ids = page.by_id()
    data = {name: one for name, one in ids.items() if name.endswith("-data")}
    assert data
    for element in data.values():
        part = element.inside("section")[-1]
        tables = [one.text for one in page.all("table") if part in one.parents]
        shown = {number.replace(",", "") for text in tables for number in NUMBER.findall(text)}
        content = json.loads(element.text)
        drawn = {
            f"{cell:.10g}"
            for row in content["rows"]
            for cell in row[:-1]
            if isinstance(cell, (int, float))
        }
        assert {float(number) for number in drawn} <= {float(number) for number in shown}


NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def test_no_number_is_in_the_page_that_is_in_no_released_table(page: Page) -> None:
    """Static text has numbers too, such as a limit of 95%: a page without tables has the same."""
    static = numbers_of(Page(render({}, PROVENANCE, (), code=None)))
    released = {
        number.replace(",", "")
        for table in all_tables().values()
        for row in (*table.rows, (table.rule, table.title, table.population))
        for cell in row
        for number in NUMBER.findall(f"{cell:.10g}" if isinstance(cell, float) else str(cell))
    }
    words = (Path(report.__file__).parent / "sections.yml").read_text(encoding="utf-8")
    written = {number.rstrip(",") for number in NUMBER.findall(words)}
    extra = numbers_of(page) - static - released - written
    assert {number for number in extra if number.removesuffix(".0") not in released} == set()


def numbers_of(page: Page) -> set[str]:
    """The numbers that a reader of the page can see or hear."""
    texts = [one.text for one in page.all("main", "header", "footer")]
    scripts = "".join(one.text for one in page.all("script") if one.inside("main"))
    text = " ".join(texts).replace(scripts, "")
    for script in page.all("script"):
        text = text.replace(script.text, " ") if script.text else text
    text += " ".join(one.attributes.get("aria-label", "") for one in page.elements)
    return {number.replace(",", "") for number in NUMBER.findall(text)}


def test_tables_have_captions_and_headings_with_a_scope(page: Page) -> None:
    tables = page.all("table")
    assert tables
    for table in tables:
        (caption,) = (one for one in page.all("caption") if table in one.parents)
        assert caption.text.strip()
        (scroll,) = (one for one in table.parents if one.attributes.get("role") == "region")
        assert scroll.attributes["tabindex"] == "0"
    cells = page.all("th")
    assert {one.attributes.get("scope") for one in cells} == {"col", "row"}
    rows = {id(one.parents[-1]) for one in page.all("td")}
    with_heading = {id(one.parents[-1]) for one in cells if one.attributes["scope"] == "row"}
    assert rows <= with_heading


def test_language_skip_link_and_banner(page: Page) -> None:
    assert page.all("html")[0].attributes["lang"] == "en-GB"
    (link,) = page.of_class("skip")
    assert page.by_id()[link.attributes["href"][1:]].tag == "main"
    (banner,) = page.of_class("banner")
    assert "Not cleared for release" in banner.text
    assert "secure environment" in banner.text
    assert "not compared with each other" in banner.text


def test_the_page_loads_nothing_and_obeys_its_own_scripts_only(page: Page) -> None:
    for one in page.elements:
        assert not {"src", "srcset", "action", "data", "poster", "style"} & set(one.attributes)
        assert not any(name.startswith("on") for name in one.attributes)
        assert one.attributes.get("href", "#").startswith(("#", "data:,"))
    (style,) = page.all("style")
    assert not re.search(r"url\(|@import", style.text)
    (policy,) = (
        one.attributes["content"] for one in page.all("meta") if "http-equiv" in one.attributes
    )
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    scripts = [one.text for one in page.all("script") if "type" not in one.attributes]
    assert rules["script-src"].split() == [sha256(script) for script in scripts]
    assert rules["style-src"] == sha256(style.text)
    assert "unsafe" not in policy


def sha256(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_text_from_a_warehouse_cannot_become_code() -> None:
    table = all_tables()["care_histories"]
    hostile = "</script><script>alert(1)</script>&<b>"
    rows = ((hostile, *table.rows[0][1:]), *table.rows[1:])
    tables = {table.name: replace(table, title=hostile, rows=rows)}
    made = render(tables, PROVENANCE, (), code="0")
    assert hostile not in made
    assert "<b>" not in made
    parsed = Page(made)
    # The script that draws, ours, and one specification, the data, the settings and the shapes.
    assert len(parsed.all("script")) == 6
    data = json.loads(parsed.by_id()["histories-1-data"].text)
    assert data["rows"][0][0] == hostile


def test_without_the_package_there_are_tables_and_a_sentence() -> None:
    made = Page(render(all_tables(), PROVENANCE, hexagon_shapes(), code=None))
    assert not made.all("script", "figure")
    assert len(made.all("table")) > 10
    (note,) = made.of_class("note")
    assert "pip install vl-convert-python" in note.text
    assert any("What you cannot conclude." in one.text for one in made.of_class("words"))


def test_a_section_without_data_says_so_in_one_sentence() -> None:
    made = Page(render({}, PROVENANCE, (), code="0"))
    notes = [one.text for one in made.of_class("note")]
    assert notes == [section.missing for section in sections()]
    assert all(note.count(".") == 1 for note in notes)


def test_where_all_numbers_are_hidden_there_is_no_empty_chart() -> None:
    table = all_tables()["care_histories"]
    rows = tuple((row[0], *["[c]"] * (len(row) - 1)) for row in table.rows)
    made = Page(render({table.name: replace(table, rows=rows)}, PROVENANCE, (), code="0"))
    assert not made.of_class("drawing")
    assert any("all of its numbers are hidden" in one.text for one in made.of_class("words"))


def test_an_authority_that_is_not_on_the_map_is_named() -> None:
    shapes = hexagon_shapes()
    made = render(all_tables(), PROVENANCE, shapes[1:], code="0")
    assert f"Not on this map: {shapes[0].code}." in made


def test_without_limits_an_authority_is_never_outside_them() -> None:
    """A missing limit is null, and in a browser every ratio is larger than null."""
    shapes = [shape.as_feature() for shape in hexagon_shapes()[:1]]

    def drawn(ratio: float | None, lower: float | None, upper: float | None) -> list[str]:
        row = {
            "local_authority_code": shapes[0]["code"],
            "standardised_ratio": ratio,
            "funnel_lower_998": lower,
            "funnel_upper_998": upper,
        }
        spec = json.loads(chart_specification("area_map")) | {"width": 300}
        spec["datasets"] = {"shapes": shapes, "rows": [row]}
        svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE_VERSION)
        return re.findall(r'fill="(var[^"]*)"', svg)

    hidden = drawn(None, None, None)
    assert drawn(1.4, None, None) == drawn(0.4, None, None) == drawn(None, 0.8, 1.2) == hidden
    outside = [drawn(1.4, 0.8, 1.2), drawn(0.4, 0.8, 1.2)]
    assert len({str(fills) for fills in (hidden, drawn(1, 0.8, 1.2), *outside)}) == 4


def test_the_funnel_has_two_different_lines() -> None:
    spec = json.loads(chart_specification("area_funnel")) | {"width": 300}
    spec["data"] = {
        "values": [
            {
                "n_expected": expected,
                "standardised_ratio": 1,
                "funnel_lower_998": 1 - 3 / expected,
                "funnel_upper_998": 1 + 3 / expected,
            }
            for expected in (10, 20, 40)
        ]
    }
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE_VERSION)
    lines = re.findall(r'<path [^>]*aria-roledescription="line mark"[^>]* d="([^"]+)"', svg)
    assert len(lines) == len(set(lines)) == 2


def test_an_offence_without_a_contact_of_the_level_is_in_no_bar() -> None:
    """Its part of the bar had no colour, so the bar began somewhere else than at 0."""
    spec = json.loads(chart_specification("contact_order")) | {"width": 300}
    level = "child looked after"
    spec["data"] = {
        "values": [
            {"highest_intervention": level, "contact_order": order, "percent_of_level": 20}
            for order in ("justice only", "other", "justice first")
        ]
    }
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE_VERSION)
    assert re.findall(r'aria-roledescription="bar" d="M0,', svg) == [
        'aria-roledescription="bar" d="M0,'
    ]
    assert svg.count('aria-roledescription="bar"') == 1


def test_only_the_total_is_left_out_of_the_ages_at_the_first_entry() -> None:
    """Ages with few persons are joined as `other`: without it most persons would be in no bar."""
    spec = json.loads(chart_specification("age_at_first_entry")) | {"width": 300}
    ages = {"0": 20, "14": 10, "other": 70, "all": 100}
    spec["data"] = {"values": [{"age_first_entry": age, "n_persons": n} for age, n in ages.items()]}
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE_VERSION)
    assert svg.count('aria-roledescription="bar"') == 3


def test_authorities_without_limits_have_no_funnel() -> None:
    table = all_tables()["area_outcomes"]
    place = [column.name for column in table.columns].index("funnel_upper_998")
    rows = tuple((*row[:place], None, *row[place + 1 :]) for row in table.rows)
    made = Page(render({table.name: replace(table, rows=rows)}, PROVENANCE, (), code="0"))
    assert not made.of_class("drawing")


def test_every_chart_names_columns_that_its_table_has() -> None:
    tables = all_tables()
    for section in sections():
        for part in section.parts:
            names = {column.name for column in tables[part.table].columns}
            assert {*part.columns, *part.cells, *part.only, *part.order} <= names
            for figure in part.figures:
                text = chart_specification(figure.chart) if figure.chart else ""
                made = {*re.findall(r'"as": "(\w+)"', text), "is_hidden", "code", "label"}
                made |= set(re.findall(r"\w+", "".join(re.findall(r'"as": \[(.*?)\]', text))))
                assert set(re.findall(r'"field": "(\w+)"', text)) <= names | made
                assert set(re.findall(r"datum\.(\w+)", text)) <= names | made


def test_colours_can_be_told_apart_in_light_and_dark() -> None:
    """WCAG 2.2: 4.5 for text, 3 for what is drawn."""
    style = (Path(report.__file__).parent / "page" / "page.css").read_text(encoding="utf-8")
    light, dark, printed = (
        dict(re.findall(r"--([\w-]+): (#\w{6})", block))
        for block in re.findall(r":root \{(.*?)\}", style, flags=re.S)
    )
    for colours in (light, dark, light | printed):
        for name in ("ink", "quiet", "link"):
            assert contrast(colours[name], colours["paper"]) >= 4.5, name
        for name in ("c0", "c1", "c2", "c3", "c4", "c5", "low", "high"):
            assert contrast(colours[name], colours["paper"]) >= 3, name
    assert contrast(light["warn-ink"], light["warn-paper"]) >= 4.5


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_years_of_childhood_are_those_of_the_extracts() -> None:
    """Born in 1995/1996: 0 to 17 in the years to 31 March 1997 to 2014."""
    with duckdb.connect() as connection:
        connection.execute("create schema marts; create schema quality")
        connection.execute(
            "create table quality.column_coverage as from (values ('cla', '2011/2012', 5),"
            " ('cla', '2012/2013', 5), ('cla', '2013/2014', 5), ('cla', '2014/2015', 5),"
            " ('cin', '2013/2014', 5), ('cin', '2012/2013', 0), ('ks4', '2012/2013', 5))"
            " as t(dataset, academic_year, n_rows)"
        )
        connection.execute(
            "create table marts.person_outcome as select '1995/1996' as birth_cohort from range(44)"
            " union all select '1980/1981' from range(12)"
            " union all select '1999/2000' from range(9)"
        )
        made = release_childhood(connection)
    assert made is not None
    assert made.rows == (("1980/1981", 10, 0, 0), ("1995/1996", 40, 3, 1))


def test_what_was_not_built_is_named() -> None:
    made = render({}, PROVENANCE, (), code="0", lacking={"contact_order": "person_outcome"})
    (order,) = (one for one in sections() if one.id == "order")
    assert f"{order.missing} No rows for it are in person_outcome." in made


def test_a_table_of_small_groups_says_so() -> None:
    table = all_tables()["care_histories"]
    small = replace(table, rows=tuple((row[0], *["[c]"] * 3, *row[4:]) for row in table.rows))
    words = "More than half of the numbers in this table are hidden"
    assert words in render({table.name: small}, PROVENANCE, (), code="0")
    assert words not in render({table.name: table}, PROVENANCE, (), code="0")


@needs_chromium
def test_chromium_draws_every_chart_and_asks_for_nothing(html: str, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(html, encoding="utf-8")
    drawn, messages, asked = draw(file, tmp_path)
    n_charts = len(Page(html).of_class("drawing"))
    assert f'data-drawn="{n_charts} of {n_charts}"' in drawn
    assert drawn.count('class="marks"') == n_charts
    assert messages == ""
    assert asked == []
