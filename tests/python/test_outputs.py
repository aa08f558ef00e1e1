"""Tables for release: what they show, what they hide, and what the command refuses."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import stat
import struct
from pathlib import Path

import duckdb
import pytest
import yaml
from commands import PROJECT_DIR
from output_tables import cells, run_outputs, table_of, write_spec
from output_warehouses import persons, specification, warehouse

from social_care_warehouse.console import UserError
from social_care_warehouse.outputs.chart import chart_spec
from social_care_warehouse.outputs.release import shown_mean
from social_care_warehouse.outputs.table import ReleasedColumn, ReleasedTable
from social_care_warehouse.outputs.write import Order, write_outputs

# Primes, so that none is the sum or the rounded form of another.
SMALL = (1009, 2003, 3001, 4001)


LARGE = (7919, 9901, 6007, 8101)


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


@pytest.mark.parametrize("flag", [[], ["--exact"]])
def test_no_path_of_the_secure_environment_is_in_what_leaves(planted, tmp_path, flag) -> None:
    """R140. Paths can name persons. The second folder names the first, but not where it is."""
    database, folder = planted
    for name in ("one", "two"):
        done = run_outputs(
            "--database", database, "--to", tmp_path / "user.name" / name, *flag,
            "--register", tmp_path / "register.json", "--spec", folder / "spec.yml",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    released = [*(tmp_path / "user.name").glob("*/release/*")]
    assert "made in one" in (tmp_path / "user.name/two/release/request.csv").read_text()
    for file in released:
        content = file.read_bytes()
        for path in (tmp_path, folder, Path.home(), "user.name", PROJECT_DIR, database.name):
            assert str(path).encode() not in content, (file, path)
    kept = (tmp_path / "user.name/two/not-for-release/earlier_outputs.csv").read_text()
    assert f"made,{tmp_path / 'user.name' / 'one'}," in kept


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
    """R143. Also where all have one value, or all but few, and for a total over such a group."""
    mean = {"measure": "mean", "name": "mean_amount", "column": "amount"}
    means = cells(table_of(little, tmp_path, measures=["count", mean]), "mean_amount")
    assert means["c1", "high"] == 22.0
    assert means["c1", "middle"] == "[c]", "all have 5"
    assert means["c2", "low"] == "[c]", "one of 100 persons has nine tenths of the sum"
    assert means["c2", "high"] == "[c]", "all have 0"
    assert means["c2", "all"] == "[c]"


def test_a_mean_does_not_give_the_number_of_persons(tmp_path) -> None:
    """R143. Of 45 to 54 persons only 19 of 52 give 0.365, so it is shown as 0.4."""
    database = warehouse(
        tmp_path / "w.duckdb", persons([(52, "'low', 'c1', true, (i < 19)::int, 1, null, 10")])
    )
    mean = {"measure": "mean", "name": "mean_days", "column": "days"}
    table = table_of(database, tmp_path, columns=None, measures=[mean])
    assert cells(table, "mean_days")["c1",] == 0.4


@pytest.mark.parametrize("least", [10, 15, 45, 95, 105, 995, 1005])
def test_every_possible_number_of_persons_fits_a_shown_mean(least) -> None:
    """R143. The sum of whole numbers is a whole number."""
    for total in range(1, 40 * least, max(least // 7, 1)):
        shown = shown_mean(total / (least + 3), least, 3)
        decimals = min(len(str(least)) - 1, 2 - int(f"{shown:e}".partition("e")[2]))
        for n in range(least, least + 10):
            near = int(shown * n)
            sums = range(near - 1, near + 3)
            assert any(round(one / n, decimals) == shown for one in sums), (total, n, shown)


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


def test_a_blank_does_not_tell_nobody_from_few(tmp_path) -> None:
    """R140. A number that the mart lacks is hidden with a hidden count, and blank only with a shown
    one."""
    database = warehouse(
        tmp_path / "w.duckdb",
        """
        create table marts.counted (
            area varchar, level level, n_known bigint, n_yes bigint, n_expected double
        );
        insert into marts.counted values
            ('A', 'low', 0, null, null), ('A', 'middle', 4, 1, 2.5), ('A', 'high', 40, null, null),
            ('B', 'low', 50, 20, 19.0), ('B', 'middle', null, null, null);
        """,
    )
    table = table_of(
        database, tmp_path, mart="counted", rows=["area"],
        measures=[
            {"measure": "percent", "name": "p", "numerator": "n_yes", "denominator": "n_known"},
            {"measure": "ratio", "name": "r", "observed": "n_yes", "expected": "n_expected"},
        ],
    )  # fmt: skip
    rows = {row[:2]: row[2:] for row in table.rows}
    assert set(rows["A", "low"]) == set(rows["A", "middle"]) == {"[c]"}
    assert set(rows["B", "high"]) == {"[c]"}, "the mart has no such row"
    assert set(rows["B", "middle"]) == {"[c]"}, "the mart has no count"
    known = [one.name for one in table.columns].index("n_known") - 2
    assert rows["A", "high"][known] == 40
    assert [cell for n, cell in enumerate(rows["A", "high"]) if n != known] == [None] * 4


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


def test_a_blank_part_of_a_total_does_not_switch_off_its_protection(tmp_path) -> None:
    """R146. 30 less 10, 20 and nobody would leave at most 9 for the hidden count."""
    database = warehouse(
        tmp_path / "w.duckdb",
        """
        create table marts.counted (area varchar, cohort varchar, n_yes bigint);
        insert into marts.counted values
            ('A', 'c1', 12), ('A', 'c2', 20), ('A', 'c3', 2), ('A', 'c4', null), ('A', 'all', 34);
        """,
    )
    keys = {"mart": "counted", "rows": ["area"], "columns": ["cohort"]}
    count = {"measure": "count", "name": "n", "column": "n_yes"}
    counts = cells(table_of(database, tmp_path, **keys, measures=[count]), "n")
    assert counts["A", "c1"] == counts["A", "c3"] == "[c]"
    assert (counts["A", "c2"], counts["A", "all"]) == (20, 30)


def test_exact_counts_are_hidden_until_no_small_one_can_be_found(little, tmp_path) -> None:
    """R146. One hidden count in a row could be subtracted from the total."""
    counts = cells(table_of(little, tmp_path, exact=True), "n_persons")
    assert counts["c2", "all"] == 274
    for cohort in ("c1", "c2", "other"):
        row = [counts[cohort, level] for level in ("low", "middle", "high", "not known", "all")]
        assert row.count("[c]") != 1, cohort
    assert {"c1", "c2", "other", "all"} == {group[0] for group in counts}


READY_MADE = {
    "rows_delivered", "coverage_by_year", "persons_by_level_and_cohort",
    "definitions_side_by_side", "plan_methods_agreement", "referral_only_agreement",
    "care_histories", "uncertain_first_contact", "items_filled", "outcomes_by_level",
    "contact_order", "area_outcomes", "area_referral",
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
        rows_of_outcomes = list(csv.DictReader(file))
    looked_after = [
        row for row in rows_of_outcomes if row["highest_intervention"] == "child looked after"
    ]
    assert {row["n_persons"] for row in looked_after} == {str((n_looked_after + 5) // 10 * 10)}
    outcomes = {row["outcome"] for row in looked_after}
    assert {"convicted", "custodial"} <= outcomes
    # Outcomes that add up to the persons observed would give each other away.
    assert not outcomes & {
        "social_care_first_by_a_year", "social_care_first_within_a_year", "order_not_determined",
        "justice_first",
    }  # fmt: skip


def test_a_chart_keeps_the_order_of_categories_where_the_first_are_hidden() -> None:
    columns = (
        ReleasedColumn("cohort", "Cohort", "dimension"),
        ReleasedColumn("level", "Level", "dimension"),
        ReleasedColumn("n", "Persons", "count"),
    )
    shown = {("c1", "low"): "[c]", ("c1", "high"): 20, ("c2", "low"): 30, ("c2", "high"): 40}
    rows = tuple((*group, n) for group, n in shown.items())
    spec = chart_spec(ReleasedTable("t", "T", "P", columns, rows, "", 1), "bar", 1)
    assert spec is not None
    assert spec["encoding"]["color"]["sort"] == ["low", "high"]


def test_a_table_of_one_group_can_be_made(tmp_path) -> None:
    """R146. The totals of groups that are empty for sure need no protection either."""
    values = "'low', '1990/1991', true, 1, 1.5, date '2011-05-01', 16"
    database = warehouse(tmp_path / "w.duckdb", persons([(30, values)]))
    counts = cells(table_of(database, tmp_path), "n_persons")
    assert counts["1990/1991", "all"] == counts["all", "all"] == 30
    assert counts["all", "middle"] == "[c]"


def test_a_table_without_a_row_says_so(little, tmp_path) -> None:
    spec = write_spec(
        tmp_path / "s.yml", specification(filter="age > 200", totals=[], chart="none")
    )
    done = run_outputs("--database", little, "--to", tmp_path / "out", "--spec", spec)
    assert done.returncode == 0, done.stderr
    assert "made: no numbers. Its mart has no rows, or no row fits the filter." in done.stdout
    assert "0 of 0" not in done.stdout
