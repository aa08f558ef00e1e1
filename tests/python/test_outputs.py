"""Tables for release: what they show, what they hide, and what the command refuses."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import stat
import struct
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml
from commands import PROJECT_DIR
from output_warehouses import persons, specification, warehouse

from social_care_warehouse.console import UserError, WorkError
from social_care_warehouse.outputs import write
from social_care_warehouse.outputs.release import release
from social_care_warehouse.outputs.rules import default_rules, load_rules
from social_care_warehouse.outputs.specification import load_specifications
from social_care_warehouse.outputs.table import ReleasedTable
from social_care_warehouse.outputs.write import Order, write_outputs

# Primes, so that none is the sum or the rounded form of another.
SMALL = (1009, 2003, 3001, 4001)
LARGE = (7919, 9901, 6007, 8101)


def run_outputs(
    *arguments: object, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command, run as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "social_care_warehouse", "outputs", *map(str, arguments)],
        capture_output=True, text=True, check=False, env=os.environ | (environment or {}),
    )  # fmt: skip


def write_spec(path: Path, *specifications: dict[str, object]) -> Path:
    path.write_text(yaml.safe_dump(list(specifications), sort_keys=False), encoding="utf-8")
    return path


def table_of(database: Path, tmp_path: Path, exact: bool = False, **keys: object) -> ReleasedTable:
    """The table of a specification of the persons made by hand."""
    path = write_spec(tmp_path / "spec.yml", specification(**keys))
    with duckdb.connect(str(database), read_only=True) as connection:
        return release(connection, load_specifications(path)[0], exact=exact)


def cells(table: ReleasedTable, column: str) -> dict[tuple[object, ...], object]:
    """One column of a table by group."""
    n = sum(one.kind == "dimension" for one in table.columns)
    at = [one.name for one in table.columns].index(column)
    return {row[:n]: row[at] for row in table.rows}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A warehouse of counts that can be recognised, and rules by which four of them are small."""
    folder = tmp_path_factory.mktemp("planted")
    groups = [
        (n, f"'{level}', 'c{i}', i % 3 = 0, i % 50, i % 20, date '2000-01-01', 15")
        for i, (small, large) in enumerate(zip(SMALL, LARGE, strict=True))
        for n, level in ((small, "low"), (large, "high"))
    ]
    database = warehouse(folder / "w.duckdb", persons(groups))
    rules = yaml.safe_load(
        (PROJECT_DIR / "scripts/social_care_warehouse/outputs/rules.yml").read_text()
    ) | {"threshold": 5000, "base": 5000, "persons_each_side": 5000}
    (folder / "rules.yml").write_text(yaml.safe_dump(rules))
    write_spec(
        folder / "spec.yml",
        specification(measures=[
            "count",
            {"measure": "percent", "name": "flagged", "where": "is_flagged"},
            {"measure": "percent", "name": "share", "of": ["cohort"]},
            {"measure": "mean", "name": "mean_days", "column": "days"},
            {"measure": "median", "name": "median_amount", "column": "amount"},
        ]),
        specification(name="by_level", rows=["level"], columns=None),
    )  # fmt: skip
    return database, folder


@pytest.mark.parametrize("flag", [[], ["--exact"]])
def test_no_small_count_reaches_screen_or_release(planted, tmp_path, flag) -> None:
    """R140. Every byte is searched, pictures and the register included."""
    database, folder = planted
    done = run_outputs(
        "--database", database, "--to", tmp_path / "out", "--spec", folder / "spec.yml", "--rules",
        folder / "rules.yml", *flag,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    forbidden = SMALL if flag else SMALL + LARGE
    files = [*(tmp_path / "out" / "release").iterdir(), tmp_path / "outputs_register.json"]
    assert {file.suffix for file in files} == {".csv", ".json", ".png"}
    said = {"screen": (done.stdout + done.stderr).encode()} | {
        file.name: file.read_bytes() for file in files
    }
    for where, content in said.items():
        assert b"SECRET" not in content, where
        for number in forbidden:
            forms = rf"(?<![0-9a-f.]){number}(?![0-9a-f])|{number:,}"
            assert not re.search(forms.encode(), content), (where, number)
    kept = b"".join(f.read_bytes() for f in (tmp_path / "out" / "not-for-release").iterdir())
    assert all(str(number).encode() in kept for number in SMALL + LARGE)


def test_files_are_for_their_owner_alone_and_a_picture_holds_no_text(planted, tmp_path) -> None:
    database, folder = planted
    write_outputs(Order(database, tmp_path / "out", str(folder / "spec.yml")))
    for file in (tmp_path / "out").rglob("*"):
        assert stat.S_IMODE(file.stat().st_mode) == (0o700 if file.is_dir() else 0o600), file
    assert stat.S_IMODE((tmp_path / "outputs_register.json").stat().st_mode) == 0o600
    picture = (tmp_path / "out" / "release" / "made.png").read_bytes()
    parts, at = set(), 8
    while at < len(picture):
        length, kind = struct.unpack(">I4s", picture[at : at + 8])
        parts.add(kind)
        at += 12 + length
    assert {b"IHDR", b"IDAT", b"IEND"} <= parts <= {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of a few hundred persons in groups of known size."""
    groups = [
        (14, "'low', 'c1', i < 2, 5, 5, null, 10"),
        (15, "'middle', 'c1', i < 3, i, 5, null, 11"),
        (45, "'high', 'c1', i < 20, i, i, null, 12"),
        (100, "'low', 'c2', i < 50, 1, case when i = 0 then 1000 else 1 end, null, 10"),
        (104, "'middle', 'c2', case when i < 60 then i < 30 end, i, 1, null, 11"),
        (30, "'high', 'c2', i < 12, 0, 0, null, 12"),
        (3, "'high', 'rare', true, 7, 7, null, 47"),
        (40, "null, 'c2', true, 7, 7, null, null"),
    ]
    return warehouse(
        tmp_path_factory.mktemp("little") / "w.duckdb",
        persons(groups),
        """
        create table marts.counted (
            area varchar, outcome varchar, n_persons bigint, n_observed bigint, n_yes bigint,
            n_expected double, ratio double, ratio_lower_95 double, median_value double
        );
        insert into marts.counted values
            ('A', 'one', 200, 180, 60, 48.26, 1.2434, 0.95123, 3.456),
            ('B', 'one', 150, 150, 8, 20.0, 0.4, 0.2, 1),
            ('C', 'one', 150, 120, 40, 9.5, 4.2, 3.1, 2),
            ('D', 'one', 60, 19, 10, 12, 0.83, 0.5, 2);
        """,
    )


def test_counts_and_totals_are_rounded_from_their_true_values(little, tmp_path) -> None:
    """R141. 14 + 15 + 45 = 74 is shown as 70, not as 10 + 20 + 50."""
    counts = cells(table_of(little, tmp_path), "n_persons")
    assert counts["c1", "middle"] == 20
    assert counts["c1", "high"] == 50
    assert counts["c1", "all"] == 70
    assert counts["all", "all"] == 350


def test_small_counts_are_hidden_and_nobody_looks_like_few(little, tmp_path) -> None:
    """R140. Zero is hidden as well, unless nobody can be in the group."""
    table = table_of(little, tmp_path, totals=["level"])
    counts = cells(table, "n_persons")
    assert counts["other", "high"] == "[c]"
    assert counts["other", "middle"] == "[c]"
    assert not any("rare" in row for row in table.rows), "the name of a small group is shown"
    zeros = [{"cohort": "other", "level": "middle"}]
    counts = cells(table_of(little, tmp_path, structural_zeros=zeros), "n_persons")
    assert counts["other", "middle"] == 0
    assert counts["other", "low"] == "[c]"
    with pytest.raises(UserError, match=r"structural_zeros names the group c1, low"):
        table_of(little, tmp_path, structural_zeros=[{"cohort": "c1", "level": "low"}])


def test_a_percentage_needs_ten_above_below_and_in_all(little, tmp_path) -> None:
    """R142. From rounded counts: 20 of 50, not 20 of 45. Where 9 say no, yes is hidden too."""
    flagged = {"measure": "percent", "name": "flagged", "where": "is_flagged"}
    table = table_of(little, tmp_path, measures=["count", flagged], totals=[])
    percents, yes = cells(table, "flagged"), cells(table, "flagged_n")
    assert percents["c1", "high"] == 40.0
    assert percents["c1", "low"] == "[c]"
    # 30 of the 60 who are observed.
    assert percents["c2", "middle"] == 50.0
    # All 40 say yes.
    assert yes["c2", "not known"] == percents["c2", "not known"] == "[c]"


def test_a_percentage_of_nobody_is_blank_only_where_nobody_is_shown(little, tmp_path) -> None:
    """R142. Blank would say that a hidden denominator is 0."""
    flagged = {"measure": "percent", "name": "flagged", "where": "is_flagged"}
    keys = {"measures": ["count", flagged], "totals": [], "filter": "cohort <> 'rare'"}
    hidden = cells(table_of(little, tmp_path, **keys), "flagged")
    zeros = [{"cohort": "c1", "level": "not known"}]
    shown = cells(table_of(little, tmp_path, **keys, structural_zeros=zeros), "flagged")
    assert hidden["c1", "not known"] == "[c]"
    assert shown["c1", "not known"] is None


def test_a_mean_is_hidden_where_one_person_has_most_of_it(little, tmp_path) -> None:
    """R143. Also where everybody has 0, and for a total over such a group."""
    mean = {"measure": "mean", "name": "mean_amount", "column": "amount"}
    means = cells(table_of(little, tmp_path, measures=["count", mean]), "mean_amount")
    assert means["c1", "high"] == 22.0
    assert means["c1", "middle"] == 5.0
    assert means["c2", "low"] == "[c]", "one of 100 persons has nine tenths of the sum"
    assert means["c2", "high"] == "[c]", "all have 0"
    assert means["c2", "all"] == "[c]"


def test_a_median_needs_ten_on_each_side_and_is_rounded(little, tmp_path) -> None:
    """R144."""
    median = {"measure": "median", "name": "median_days", "column": "days"}
    medians = cells(table_of(little, tmp_path, measures=["count", median]), "median_days")
    assert medians["c1", "middle"] == "[c]", "15 persons"
    assert medians["c1", "high"] == 22.0
    assert medians["c2", "middle"] == 52.0, "51.5 with two digits"


def test_ratios_need_ten_observed_and_expected(little, tmp_path) -> None:
    """R145."""
    table = table_of(
        little, tmp_path, mart="counted", rows=["area"], columns=None,
        measures=[
            {"measure": "count", "name": "n_persons", "column": "n_persons"},
            {"measure": "ratio", "name": "standardised", "observed": "n_yes",
             "expected": "n_expected", "value": "ratio", "limits": {"ratio_lower_95": "Lower"}},
            {"measure": "percent", "name": "percent_yes", "numerator": "n_yes",
             "denominator": "n_observed"},
            {"measure": "median", "name": "middle", "column": "median_value",
             "persons": "n_observed"},
        ],
    )  # fmt: skip
    assert [column.kind for column in table.columns][-5:] == [
        "count", "ratio", "limit", "percent", "median",
    ]  # fmt: skip
    rows = {row[0]: row[-5:] for row in table.rows}
    assert rows["A"] == (50, 1.24, 0.95, 33.3, 3.5)
    assert rows["B"][:4] == ("[c]", "[c]", "[c]", "[c]")
    assert rows["C"][:3] == ("[c]", "[c]", "[c]")
    assert rows["D"][3:] == ("[c]", "[c]"), "9 of 19 observed say no; 19 are too few for a median"


def test_what_limits_of_a_ratio_give_away_is_reckoned_with(tmp_path) -> None:
    """R145. 61 and 49 follow from their limits, and with the total so would the 1."""
    database = warehouse(
        tmp_path / "w.duckdb",
        """
        create table marts.counted (
            area varchar, n_yes bigint, n_expected double, ratio_lower_95 double
        );
        insert into marts.counted values ('A', 61, 40, 1.2), ('B', 49, 40, 0.9), ('C', 1, 40, 0.1);
        """,
    )
    ratio = {"measure": "ratio", "name": "r", "observed": "n_yes", "expected": "n_expected"}
    keys = {"mart": "counted", "rows": ["area"], "columns": None, "totals": ["area"]}

    def shown(**limits: object) -> list[object]:
        return list(
            cells(table_of(database, tmp_path, **keys, measures=[ratio | limits]), "n_yes").values()
        )

    assert shown() == [60, 50, "[c]", 110]
    assert shown(limits={"ratio_lower_95": "Lower"}).count("[c]") == 2


def test_exact_counts_are_hidden_until_no_small_one_can_be_found(little, tmp_path) -> None:
    """R146. One hidden count in a row could be subtracted from the total."""
    counts = cells(table_of(little, tmp_path, exact=True), "n_persons")
    assert counts["c2", "all"] == 274
    for cohort in ("c1", "c2", "other"):
        row = [counts[cohort, level] for level in ("low", "middle", "high", "not known", "all")]
        assert row.count("[c]") != 1, cohort
    assert {"c1", "c2", "other", "all"} == {group[0] for group in counts}


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"mart": "person_mad"}, r"spec.yml, made: there is no mart .*mean person_made"),
        ({"mart": "raw.cla"}, r"mart must be a table of marts or quality"),
        ({"rows": ["cohrt"]}, r"there is no column cohrt.*mean cohort"),
        ({"rows": ["pupil_id"]}, r"pupil_id identifies single persons"),
        ({"rows": ["first_date"]}, r"first_date has the type DATE"),
        ({"tile": "x"}, r"unknown key 'tile'.*mean title"),
        ({"title": None}, r"the key title is missing"),
        ({"rows": "cohort"}, r"rows must be a list"),
        ({"measures": []}, r"measures is empty"),
        ({"measures": ["maximum"]}, r"unknown kind 'maximum'"),
        ({"measures": [{"measure": "mean", "name": "m"}]}, r"measure m: column is missing"),
        ({"measures": [{"measure": "percent", "name": "m"}]}, r"needs one of: of"),
        ({"measures": [{"measure": "mean", "name": "m", "column": "dayz"}]}, r"mean days"),
        ({"measures": [{"measure": "mean", "name": "m", "column": "cohort"}]}, r"is no number"),
        ({"totals": ["age"]}, r"totals names age"),
        ({"totals": [], "measures": [{"measure": "percent", "name": "m", "of": ["level"]}]},
         r"needs a total over cohort"),
        ({"mart": "counted", "rows": ["area"], "columns": None}, r"Name the column with the count"),
        ({"mart": "counted", "rows": ["outcome"], "columns": None,
          "measures": [{"measure": "count", "column": "n_persons"}]}, r"several rows of counted"),
        ({"filter": "level = 'low') or (true"}, r"filter"),
        ({"filter": "true\n) from marts.person_made where (true"}, r"filter is not a valid"),
        ({"filter": "exists (select 1 from raw.cla)"}, r"may hold no subquery"),
        ({"filter": "levl = 'low'"}, r"unknown column levl.*mean level"),
        ({"filter": "row_number() over () = 1"}, r"may hold no window"),
        ({"filter": "age"}, r"filter is no condition: age\. Compare it"),
        ({"title": " "}, r"title is empty"),
        ({"measures": [{"measure": "percent", "name": "m", "where": "days + 1"}]},
         r"measure m, where is no condition"),
        ({"filter": "age +"}, r"not a valid SQL expression"),
        ({"filter": "cast(pupil_id as integer) = 1"}, r"cannot be counted \(ConversionException\)"),
        ({"filter": "error(pupil_id) = 'x'"}, r"cannot be counted"),
    ],
)  # fmt: skip
def test_a_wrong_specification_is_refused(little, tmp_path, keys, message) -> None:
    with pytest.raises(UserError, match=message) as refused:
        table_of(little, tmp_path, **keys)
    assert "SECRET" not in str(refused.value)
    assert "spec.yml" in str(refused.value)


def test_a_file_that_is_no_yaml_names_its_line(tmp_path) -> None:
    (tmp_path / "s.yml").write_text("title: a\nrows: [\n")
    with pytest.raises(UserError, match=r"s\.yml, line 3: this is not valid YAML"):
        load_specifications(tmp_path / "s.yml")
    with pytest.raises(UserError, match=r"no ready-made .*mean care_histories"):
        load_specifications("care_history")


def test_earlier_files_are_never_replaced_unasked(little, tmp_path) -> None:
    """R148."""
    spec = str(write_spec(tmp_path / "s.yml", specification(chart="none")))
    write_outputs(Order(little, tmp_path / "out", spec))
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "out").rglob("*")}
    with pytest.raises(UserError, match=r"already holds files.*--replace"):
        write_outputs(Order(little, tmp_path / "out", spec))
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "out").rglob("*")} == before
    write_outputs(Order(little, tmp_path / "out", spec, replace=True))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(UserError, match="holds other files"):
        write_outputs(Order(little, tmp_path / "mine", spec, replace=True))
    assert (tmp_path / "mine" / "notes.txt").read_text() == "mine"


def test_a_run_that_is_stopped_leaves_nothing(little, tmp_path, monkeypatch) -> None:
    def stopped(manifests: object) -> None:
        raise KeyboardInterrupt

    spec = str(write_spec(tmp_path / "s.yml", specification(chart="none")))
    monkeypatch.setattr(write, "request", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_outputs(Order(little, tmp_path / "new" / "out", spec))
    assert list(tmp_path.iterdir()) == [tmp_path / "s.yml"]


def test_a_table_is_compared_with_earlier_ones(tmp_path) -> None:
    """R147. The same persons, once with a few left out: the difference would be those few."""
    groups = [
        (400, "'low', 'c1', i < 396, 1, 1, null, 10"),
        (90, "'high', 'c1', true, 1, 1, null, 9"),
    ]
    database = warehouse(tmp_path / "w.duckdb", persons(groups))
    everyone = specification(rows=["level"], columns=None, name="everyone", chart="none")
    most = everyone | {"name": "most", "filter": "is_flagged"}
    order = Order(database, tmp_path / "one", str(write_spec(tmp_path / "a.yml", everyone)), True)
    assert write_outputs(order).n_hidden["everyone"] == 2, "nobody is in the middle"
    spec = str(write_spec(tmp_path / "b.yml", most))
    written = write_outputs(Order(database, tmp_path / "two", spec, True))
    assert "because of everyone in" in written.earlier["most"]
    rows = (tmp_path / "two" / "release" / "most.csv").read_text().splitlines()
    assert "low,[c]" in rows
    # Alone, the same table shows it.
    alone = Order(database, tmp_path / "three", spec, True, register=tmp_path / "other.json")
    write_outputs(alone)
    assert "low,396" in (tmp_path / "three" / "release" / "most.csv").read_text().splitlines()


def test_three_tables_are_compared_together(tmp_path) -> None:
    """R147. Of 500 persons 300 are in one table and 195 in another, so 5 are in neither."""
    groups = [
        (300, "'low', 'c1', i < 90, 1, 1, null, 10"),
        (195, "'high', 'c2', i < 90, 1, 1, null, 9"),
        (5, "'middle', 'c3', true, 1, 1, null, 9"),
    ]
    database = warehouse(tmp_path / "w.duckdb", persons(groups))

    def shown(name: str, **keys: object) -> dict[str, str]:
        spec = specification(rows=["is_flagged"], columns=None, name=name, chart="none", **keys)
        file = str(write_spec(tmp_path / f"{name}.yml", spec))
        written = write_outputs(Order(database, tmp_path / name, file, True))
        said.append(written.earlier[name])
        lines = (tmp_path / name / "release" / f"{name}.csv").read_text().splitlines()
        return dict(line.split(",") for line in lines[1:])

    said: list[str] = []
    assert shown("everyone")["all"] == "500"
    assert shown("first", filter="cohort = 'c1'")["all"] == "300"
    assert shown("second", filter="cohort = 'c2'")["all"] == "[c]"
    assert "because of everyone in" in said[2]
    assert "together" in said[2]


def test_exact_counts_of_another_build_conflict(little, tmp_path) -> None:
    spec = str(write_spec(tmp_path / "s.yml", specification(chart="none")))
    write_outputs(Order(little, tmp_path / "one", spec, True))
    register = tmp_path / "outputs_register.json"
    content = json.loads(register.read_text())
    content["outputs"][0]["build_id"] = "another"
    register.write_text(json.dumps(content))
    with pytest.raises(WorkError, match=r"conflicts with made in .*one: .*another build"):
        write_outputs(Order(little, tmp_path / "two", spec, True))
    assert not (tmp_path / "two").exists()
    assert "another build" in write_outputs(Order(little, tmp_path / "two", spec)).earlier["made"]


def test_a_damaged_register_is_not_passed_over(little, tmp_path) -> None:
    (tmp_path / "outputs_register.json").write_text("[]")
    spec = str(write_spec(tmp_path / "s.yml", specification()))
    with pytest.raises(UserError, match=r"register .* cannot be read"):
        write_outputs(Order(little, tmp_path / "out", spec))
    assert not (tmp_path / "out").exists()


def test_without_the_marts_of_ready_made_tables_the_command_says_so(little, tmp_path) -> None:
    done = run_outputs("--database", little, "--to", tmp_path / "out")
    assert done.returncode == 2
    assert "No ready-made table can be made" in done.stderr.replace("\n", " ")
    assert not (tmp_path / "out").exists()


def test_exact_counts_need_persons(little, tmp_path) -> None:
    counted = specification(
        chart="none", mart="counted", rows=["area"], columns=None,
        measures=[{"measure": "count", "name": "n", "column": "n_persons"}],
    )  # fmt: skip
    spec = str(write_spec(tmp_path / "s.yml", counted))
    with pytest.raises(UserError, match="--exact needs a mart with persons"):
        write_outputs(Order(little, tmp_path / "out", spec, True))
    both = str(
        write_spec(tmp_path / "b.yml", counted | {"name": "of_counts"}, specification(chart="none"))
    )
    assert write_outputs(Order(little, tmp_path / "out", both, True)).left_out == ["of_counts"]


@pytest.mark.parametrize(("package", "sentence"), [("scipy", "proof"), ("vl_convert", "Pictures")])
def test_a_missing_package_gives_one_sentence(little, tmp_path, package, sentence) -> None:
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / f"{package}.py").write_text("raise ImportError\n")
    spec = write_spec(tmp_path / "s.yml", specification())
    done = run_outputs(
        "--database", little, "--to", tmp_path / "out", "--spec", spec,
        environment={"PYTHONPATH": str(tmp_path / "hidden")},
    )  # fmt: skip
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "[outputs]" in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_rules_are_checked(tmp_path) -> None:
    rules = default_rules().parameters()
    (tmp_path / "r.yml").write_text(yaml.safe_dump(rules | {"threshold": 0}))
    with pytest.raises(UserError, match="threshold must be a whole number from 1"):
        load_rules(tmp_path / "r.yml")
    (tmp_path / "r.yml").write_text(yaml.safe_dump(rules | {"treshold": 5}))
    with pytest.raises(UserError, match="must have exactly these keys"):
        load_rules(tmp_path / "r.yml")


READY_MADE = {
    "rows_delivered", "coverage_by_year", "persons_by_level_and_cohort",
    "definitions_side_by_side", "plan_methods_agreement", "referral_only_agreement",
    "care_histories", "first_contact_uncertain", "items_filled",
    "outcomes_by_level", "contact_order", "area_outcomes", "area_referral",
}  # fmt: skip


def test_every_ready_made_table_is_made_of_a_warehouse(outcome_warehouse, tmp_path) -> None:
    """R149. The folder for release is complete, and its list of files is right."""
    done = run_outputs("--database", outcome_warehouse, "--to", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    release_folder = tmp_path / "out" / "release"
    with (release_folder / "request.csv").open(encoding="utf-8", newline="") as file:
        asked = {row["table"]: row for row in csv.DictReader(file)}
    assert set(asked) >= READY_MADE
    for name, row in asked.items():
        facts = json.loads((release_folder / f"{name}.manifest.json").read_text())
        content = (release_folder / f"{name}.csv").read_bytes()
        assert facts["csv_sha256"] == row["csv_sha256"] == hashlib.sha256(content).hexdigest()
        assert all(row.values())
        assert content.decode().count("[c]") == int(row["n_hidden"])
        assert (tmp_path / "out" / "not-for-release" / f"{name}.sql").is_file()
    with duckdb.connect(str(outcome_warehouse), read_only=True) as connection:
        ((n_looked_after,),) = connection.sql(
            "select count(*) from marts.person_outcome where highest_intervention_rank = 4"
        ).fetchall()
        sql = (tmp_path / "out" / "not-for-release" / "care_histories.sql").read_text()
        assert connection.sql(sql).fetchall()
    rows = (release_folder / "persons_by_level_and_cohort.csv").read_text().splitlines()
    assert len(rows) > 20
    with (release_folder / "outcomes_by_level.csv").open(encoding="utf-8", newline="") as file:
        released = {
            row["n_persons"]
            for row in csv.DictReader(file)
            if row["highest_intervention"] == "child looked after"
        }
    assert released == {str((n_looked_after + 5) // 10 * 10)}
