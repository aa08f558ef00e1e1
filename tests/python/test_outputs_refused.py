"""What the command outputs refuses: specifications, rules, earlier files and earlier tables."""

from __future__ import annotations

import json
import shutil

import duckdb
import pytest
import yaml
from commands import PROJECT_DIR
from output_tables import run_outputs, table_of, write_spec
from output_warehouses import persons, specification, warehouse

from social_care_warehouse.console import UserError, WorkError
from social_care_warehouse.outputs import register, write
from social_care_warehouse.outputs.rules import default_rules, load_rules
from social_care_warehouse.outputs.specification import load_specifications
from social_care_warehouse.outputs.write import Order, write_outputs


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
        ({"measures": ["sum"]}, r"unknown kind 'sum'"),
        ({"measures": ["max"]}, r"is 'max', the value of one person, so it is never released"),
        ({"measures": [{"measure": "mean", "name": "m"}]}, r"measure m: column is missing"),
        ({"measures": [{"measure": "percent", "name": "m"}]}, r"needs one of: of"),
        ({"measures": [{"measure": "mean", "name": "m", "column": "dayz"}]}, r"mean days"),
        ({"measures": [{"measure": "mean", "name": "m", "column": "cohort"}]}, r"not hold numbers"),
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
        ({"filter": "random() < 0.5"}, r"uses the function random, whose answer changes"),
        ({"filter": "getvariable('x') = 'SECRET'"}, r"function getvariable, whose answer changes"),
        ({"name": "request"}, r"name cannot be request, which is the name of another file"),
        ({"title": " "}, r"title is empty"),
        ({"measures": [{"measure": "percent", "name": "m", "where": "days + 1"}]},
         r"measure m, where is no condition"),
        ({"filter": "age +"}, r"not a valid SQL expression"),
        ({"filter": "cast(cohort as integer) = 1"}, r"cannot be counted \(ConversionException\)"),
        ({"filter": "error(cohort) = 'x'"}, r"uses the function error"),
        ({"filter": "pupil_id <> 'SECRET1_1'"}, r"filter uses pupil_id, which identifies single"),
        ({"measures": [{"measure": "percent", "name": "m", "where": "PUPIL_ID = 'SECRET1_1'"}]},
         r"measure m, where uses pupil_id"),
    ],
)  # fmt: skip
def test_a_wrong_specification_is_refused(little, tmp_path, keys, message) -> None:
    with pytest.raises(UserError, match=message) as refused:
        table_of(little, tmp_path, **keys)
    assert "SECRET" not in str(refused.value)
    assert "spec.yml" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mart: a\ntitle: b\nmart: c\n", r"spec.yml: the key mart is twice .* line 1"),
        ("title: " + 300_000 * "x", r"spec.yml is too long"),
        (5_000 * "[" + 5_000 * "]", r"spec.yml has too many brackets"),
        ("rows: &a [*a]\ntitle: T\npopulation: P\nmart: m\nmeasures: [count]", r"list of columns"),
        ("!!python/object/apply:os.system ['id']", r"spec.yml, line 1: this is not valid YAML"),
    ],
)
def test_a_hostile_file_is_refused_in_one_sentence(tmp_path, text, message) -> None:
    (tmp_path / "spec.yml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        load_specifications(tmp_path / "spec.yml")


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


def test_means_and_counts_of_one_column_do_not_meet(tmp_path) -> None:
    """R165. In one table the mean is hidden; of two tables, what the later one would add."""
    groups = [(400, "'low', 'c1', i < 200, i % 4, 1, null, 10"),
              (300, "'high', 'c2', i < 90, i % 3, 1, null, 9")]  # fmt: skip
    database = warehouse(tmp_path / "w.duckdb", persons(groups))
    mean = {"measure": "mean", "name": "mean_days", "column": "days"}
    any_days = {"measure": "percent", "name": "any_days", "where": "days >= 1"}

    def shown(name: str, *measures: object, exact: bool = False, **keys: object) -> list[str]:
        spec = specification(
            columns=None, name=name, chart="none", measures=["count", *measures], **keys
        )
        file = str(write_spec(tmp_path / f"{name}.yml", spec))
        register = tmp_path / f"register_{name[0]}.json"
        write_outputs(Order(database, tmp_path / name, file, exact, register=register))
        lines = (tmp_path / name / "release" / f"{name}.csv").read_text().splitlines()
        return [line.split(",")[-1] for line in lines[1:]]

    assert shown("a1", any_days, mean) == ["[c]"] * 3, "one table"
    assert shown("b1", mean) == ["1.5", "1.0", "1.29"]
    assert shown("b2", any_days) == ["[c]"] * 3, "the mean is out already"
    assert shown("b3", mean, rows=["is_flagged"]) == ["[c]"] * 3, "other groups"
    with pytest.raises(WorkError, match=r"b4 conflicts with b1 in .* means or medians of days"):
        shown("b4", rows=["days"])
    assert shown("c1", any_days) == ["75.0", "66.7", "71.4"]
    assert shown("c2", mean) == ["[c]"] * 3, "the counts are out already"
    median = {"measure": "median", "name": "median_days", "column": "days"}
    assert shown("d1", median) == ["1.5", "1.0", "1.0"]
    assert shown("d2", any_days) == ["75.0", "66.7", "71.4"]
    assert shown("e1", median, exact=True) == ["1.5", "1.0", "1.0"]
    assert shown("e2", any_days, exact=True) == ["[c]"] * 3


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


def test_a_warehouse_that_dbt_alone_made_is_refused(little, tmp_path) -> None:
    database = tmp_path / "w.duckdb"
    shutil.copy(little, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop schema meta cascade")
    done = run_outputs("--database", database, "--to", tmp_path / "out")
    assert done.returncode == 2
    said = " ".join(done.stderr.split())
    assert "has no table meta.build, so marts may be missing or changed." in said
    assert not (tmp_path / "out").exists()


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
    assert "pip install" in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_rules_are_checked(tmp_path) -> None:
    rules = default_rules().parameters()
    (tmp_path / "r.yml").write_text(yaml.safe_dump(rules | {"threshold": 0}))
    with pytest.raises(UserError, match="threshold must be a whole number from 1"):
        load_rules(tmp_path / "r.yml")
    (tmp_path / "r.yml").write_text(yaml.safe_dump(rules | {"treshold": 5}))
    with pytest.raises(UserError, match="must have exactly these keys"):
        load_rules(tmp_path / "r.yml")


@pytest.mark.parametrize(("threshold", "base"), [(10, 50), (10, 21), (1, 3)])
def test_rules_that_round_a_shown_count_to_nothing_are_refused(tmp_path, threshold, base) -> None:
    """R141. A 0 would look like a group in which nobody can be."""
    rules = default_rules().parameters()
    (tmp_path / "r.yml").write_text(yaml.safe_dump(rules | {"threshold": threshold, "base": base}))
    with pytest.raises(UserError, match=f"base {base} .*threshold {threshold}.*Choose a base"):
        load_rules(tmp_path / "r.yml")
    (tmp_path / "r.yml").write_text(yaml.safe_dump(rules | {"threshold": 10, "base": 20}))
    assert load_rules(tmp_path / "r.yml").rounded(10) == 20


def test_a_table_that_conflicts_with_itself_says_so(little, tmp_path, monkeypatch) -> None:
    def unsafe(*_: object) -> set[object]:
        raise WorkError("made cannot be made safe.")

    monkeypatch.setattr(register, "hide_until_safe", unsafe)
    two = [
        {"measure": "percent", "name": name, "where": where}
        for name, where in (("some", "days >= 1"), ("many", "days >= 2"))
    ]
    spec = str(write_spec(tmp_path / "s.yml", specification(measures=two, chart="none")))
    with pytest.raises(WorkError, match="its own measures conflict: together they"):
        write_outputs(Order(little, tmp_path / "out", spec))


@pytest.mark.parametrize("refused", [{"contact_order"}, {"care_histories"}, set()])
def test_a_ready_made_table_that_conflicts_is_left_out(
    little, tmp_path, monkeypatch, refused
) -> None:
    """In a small warehouse the ready-made tables can conflict. The others are still made."""
    names = ("contact_order", "care_histories")
    made = [specification(name=name, chart="none") for name in names]
    spec = write_spec(tmp_path / "s.yml", *made)
    check_earlier = write.check_earlier

    def refuse(connection, true_table, *rest) -> str:
        if true_table.specification.name in (refused or names):
            raise WorkError(f"{true_table.specification.name} conflicts with others.")
        return check_earlier(connection, true_table, *rest)

    monkeypatch.setattr(write, "check_earlier", refuse)
    monkeypatch.setattr(write, "load_specifications", lambda *_: load_specifications(spec))
    order = Order(little, tmp_path / "out")
    if not refused:
        with pytest.raises(WorkError, match="contact_order conflicts"):
            write_outputs(order)
        assert not (tmp_path / "out").exists()
        return
    written = write_outputs(order)
    assert set(written.conflicting) == refused
    assert set(written.n_hidden) == {*names} - refused
    entries = json.loads((tmp_path / "outputs_register.json").read_text())["outputs"]
    assert {entry["name"] for entry in entries} == {*names} - refused
    with pytest.raises(WorkError, match="conflicts"):
        write_outputs(Order(little, tmp_path / "named", str(spec)))


def test_the_most_important_ready_made_tables_are_made_first() -> None:
    """A later table can conflict with them and is then left out."""
    names = [one.name for one in load_specifications()]
    assert names[:2] == ["persons_by_level_and_cohort", "outcomes_by_level"]
    files = (PROJECT_DIR / "scripts/social_care_warehouse/outputs/ready_made").glob("*.yml")
    assert sorted(names) == sorted(file.stem for file in files)
