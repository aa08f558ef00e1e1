"""The command report, and its page drawn in a browser."""

from __future__ import annotations

import base64
import errno
import html
import json
import os
import re
import stat
import subprocess
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import duckdb
import pytest
from commands import run_cli
from drawn_page import CHROMIUM, draw, needs_chromium
from html_page import Page
from report_tables import PROVENANCE, all_tables

from social_care_warehouse.console import UserError
from social_care_warehouse.outputs.release import release
from social_care_warehouse.outputs.rules import default_rules
from social_care_warehouse.reporting import report
from social_care_warehouse.reporting.area_effects import release_area_effects
from social_care_warehouse.reporting.charts import drawing_code
from social_care_warehouse.reporting.content import sections
from social_care_warehouse.reporting.page import render
from social_care_warehouse.reporting.report import _write, write_report


def run_report(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command, run as a user runs it."""
    return run_cli("report", *arguments)


@pytest.fixture(scope="module")
def written(outcome_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a built warehouse."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    done = run_report("--database", outcome_warehouse, "--to", file)
    assert done.returncode == 0, done.stderr
    assert "not cleared for release" in done.stdout
    return file


def test_the_report_of_a_warehouse_shows_what_was_delivered(written: Path) -> None:
    made = Page(written.read_text(encoding="utf-8"))
    assert written.stat().st_size < 2_000_000
    if os.name == "posix":
        assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert [one.name for one in written.parent.iterdir()] == ["report.html"]
    empty = {section.id for section in sections() if section.missing in made.all("main")[0].text}
    assert empty <= {"areas"}
    (inputs,) = (one for one in made.all("table") if one.attributes["id"] == "inputs")
    assert "MOJ_PNC.csv" in inputs.text
    assert "data_explained" in made.all("dl")[0].text


def test_an_existing_file_is_replaced_only_on_demand(outcome_warehouse, tmp_path) -> None:
    file = tmp_path / "report.html"
    file.write_text("mine")
    with pytest.raises(UserError, match=r"exists already\. Choose another file, or add --replace"):
        write_report(outcome_warehouse, file)
    assert file.read_text() == "mine"
    write_report(outcome_warehouse, file, replace=True)
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_what_is_wrong_is_said_in_one_sentence(outcome_warehouse, tmp_path) -> None:
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("create table persons (i integer)")
    text = tmp_path / "text.duckdb"
    text.write_text("not a database")
    page = tmp_path / "report.html"
    for database, file, more, message in (
        (tmp_path / "none.duckdb", page, (), "There is no warehouse"),
        (other, page, (), "This database holds no marts"),
        (text, page, (), "cannot be opened as a warehouse"),
        (outcome_warehouse, tmp_path / "report.pdf", (), "does not end in .html"),
        (outcome_warehouse, tmp_path / "no" / "report.html", (), "There is no folder"),
        (outcome_warehouse, page, ("--boundaries", tmp_path / "no.json"), "There is no file"),
    ):
        done = run_report("--database", database, "--to", file, *more)
        assert done.returncode == 2, done.stderr
        assert message in done.stderr.replace("\n", " ")
        assert "Traceback" not in done.stderr
        assert not file.exists()


# Primes, so that none is the rounded form of another.
SMALL = (1009, 2003, 3001, 4001)


LARGE = (7919, 9901, 6007, 8101)


def test_a_read_only_file_system_is_said_in_one_sentence(tmp_path, monkeypatch) -> None:
    """There the removal of a part that was never written fails too."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "open", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(UserError, match=r"could not be written: Read-only file system\. Check"):
        _write(tmp_path / "report.html", "page")


def test_no_small_and_no_exact_count_is_in_the_page(tmp_path, monkeypatch) -> None:
    """Rules under which four of the planted counts are small; every byte is searched."""
    rules = replace(default_rules(), threshold=5_000, base=5_000)
    database = tmp_path / "w.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema marts; create schema quality; create schema models")
        connection.execute("create schema lookups")
        connection.execute(
            "create table marts.definition_sensitivity as select * from (values "
            + ", ".join(
                f"('one', 'A definition', 'level {place}', {count})"
                for place, count in enumerate((*SMALL, *LARGE))
            )
            + ") as t(definition, definition_label, highest_intervention, n_persons)"
        )
        connection.execute(
            "create table quality.row_accounting as select 'cla' as dataset, 'step' as step,"
            f" 'loaded' as outcome, {SMALL[0]} as n_rows"
        )
        connection.execute(
            "create table lookups.outcome_measures as select 'convicted' as outcome, 'C' as label;"
            "create table marts.area_outcome as select 'E1' as local_authority_code,"
            " 'A' as la_name, 'R' as region_name, 'none' as cohort, 'none' as outcome;"
            "create table models.area_effect as select 'E1' as local_authority_code,"
            " 'convicted' as outcome, 'any social care' as highest_intervention, 'all' as cohort,"
            f" true as has_covariates, {LARGE[0]} as n_observed, {SMALL[1]} as n_with_outcome,"
            " 1.2345 as odds_ratio, 1.1111 as odds_ratio_lower_95, 1.3333 as odds_ratio_upper_95"
        )
    monkeypatch.setattr(report, "release", lambda *args: release(*args, rules))
    monkeypatch.setattr(report, "release_area_effects", partial(release_area_effects, rules=rules))
    file = tmp_path / "report.html"
    said: list[str] = []
    write_report(database, file, report=said.append)
    made = file.read_text(encoding="utf-8").replace(str(drawing_code()), "")
    for title in ("Persons by highest intervention under each", "Rows delivered", "Effects of"):
        assert title in made
    assert "10,000" in made
    drawn = draw(file, tmp_path)[0].replace(str(drawing_code()), "") if CHROMIUM else ""
    assert not CHROMIUM or 'class="marks"' in drawn
    for number in (*SMALL, *LARGE, "1.23", "1.11", "1.33"):
        forms = rf"(?<![0-9a-f.]){re.escape(str(number))}(?![0-9a-f])"
        forms += f"|{number:,}" if isinstance(number, int) else ""
        for text in (*said, *everything_in(made), without_places(drawn)):
            assert not re.search(forms, text), number


def everything_in(made: str) -> Iterator[str]:
    """The page, its text without entities, its data as values, and what is coded in it."""
    yield made
    yield html.unescape(made)
    for script in Page(made).all("script"):
        if script.attributes.get("type") == "application/json":
            yield json.dumps(json.loads(script.text), ensure_ascii=False)
    for coded in re.findall(r"[A-Za-z0-9+/]{80,}={0,2}", made):
        content = base64.b64decode(coded + "=" * (-len(coded) % 4))
        yield content.decode("latin-1")
        for bits in (15, 31, -15):
            with suppress(zlib.error):
                yield zlib.decompress(content, bits).decode("latin-1")


def without_places(drawn: str) -> str:
    """A drawn page without the coordinates of its marks, which are any numbers."""
    return re.sub(r' (?:d|transform|[xy][12]?|width|height|viewBox|style)="[^"]*"', "", drawn)


def test_what_is_coded_in_a_page_is_found() -> None:
    coded = base64.b64encode(zlib.compress(b"x" * 80 + os.urandom(80) + b" 1009 ")).decode()
    assert any("1009" in text for text in everything_in(f'<img src="data:x;base64,{coded}">'))
    assert any("1009" in text for text in everything_in("<p>1&#48;09</p>"))
    data = r'<script type="application/json">["\u0031009"]</script>'
    assert any("1009" in text for text in everything_in(data))


@needs_chromium
def test_chromium_draws_the_report_of_a_warehouse(written: Path, tmp_path: Path) -> None:
    drawn, messages, asked = draw(written, tmp_path, width=400)
    n_charts = len(Page(written.read_text(encoding="utf-8")).of_class("drawing"))
    assert f'data-drawn="{n_charts} of {n_charts}"' in drawn
    assert (messages, asked) == ("", [])


@needs_chromium
def test_the_check_in_chromium_finds_what_is_wrong(tmp_path: Path) -> None:
    """A chart that cannot be drawn, a script that is not ours, and a request."""
    tables = {"care_histories": all_tables()["care_histories"]}
    small = render(tables, PROVENANCE, (), code=drawing_code())
    spoiled = small.replace('"mark":{"type":"bar"', '"mark":{"type":"no such mark"', 1)
    assert spoiled != small
    foreign = '<img alt="" src="http://127.0.0.1:9/x.png"><script>console.log(1)</script>'
    file = tmp_path / "report.html"
    file.write_text(spoiled.replace("</main>", f"{foreign}</main>"), encoding="utf-8")
    drawn, messages, asked = draw(file, tmp_path)
    assert "This chart could not be drawn." in drawn
    assert "Content Security Policy" in messages
    assert asked == []
    without_policy = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", small)
    file.write_text(without_policy.replace("</main>", f"{foreign}</main>"), encoding="utf-8")
    assert draw(file, tmp_path)[2] == ["http://127.0.0.1:9/x.png"]
