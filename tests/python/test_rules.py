"""The register of rules: every unit test names a rule, and what the register names exists."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from commands import PROJECT_DIR

from dev import worked_cases
from dev.worked_cases import PAGE, REGISTER, Row, page, register, rule_of, rules, unit_tests
from social_care_warehouse.console import UserError

LINE = re.compile(r"^\| \[(R\d{2,3})\]\(([^)]+)\) \|(.+)\|(.*)\|(.*)\|(.*)\|$", re.MULTILINE)
# Rules about tables for release are shown by tests in Python.
OUTPUT_LINE = re.compile(r"^\| (R\d{3}) \|([^|]+)\|([^|]+)\|([^|]*)\|$", re.MULTILINE)
# Where rules may be named: an id that is not in the register would mislead.
NAMING = ("models/**/*", "macros/**/*", "tests/**/*", "docs/**/*", "seeds/definitions/*")


@pytest.fixture(scope="module")
def ids() -> list[str]:
    return list(rules())


def test_every_line_of_the_register_is_a_rule(ids) -> None:
    text = REGISTER.read_text(encoding="utf-8")
    assert [line[0] for line in LINE.findall(text)] == ids
    assert text.count("| [R") == len(ids)
    # Blocks of numbers belong to subjects, so some are not used.
    numbers = [int(one[1:]) for one in ids]
    assert numbers == sorted(set(numbers))


def test_every_unit_test_names_a_rule_and_every_rule_has_one(ids) -> None:
    used = Counter(rule_of(test) for test in unit_tests())
    assert sorted(used, key=lambda one: int(one[1:])) == ids


def test_every_rule_of_outputs_names_tests_that_exist() -> None:
    functions = {
        node.name
        for path in (PROJECT_DIR / "tests" / "python").glob("test_outputs*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    lines = OUTPUT_LINE.findall(REGISTER.read_text(encoding="utf-8"))
    assert [line[0] for line in lines] == [
        *(f"R{number}" for number in range(140, 150)), "R165", "R166",
    ]  # fmt: skip
    for line in lines:
        named = re.findall(r"`(\w+)`", line[2])
        assert named and set(named) <= functions, line[0]


def test_every_id_is_in_the_register(ids) -> None:
    known = {*ids, *(line[0] for line in OUTPUT_LINE.findall(REGISTER.read_text("utf-8")))}
    unknown = {
        (str(path.relative_to(PROJECT_DIR)), found)
        for pattern in NAMING
        for path in PROJECT_DIR.glob(pattern)
        if path.suffix in (".sql", ".yml", ".md", ".py", ".csv")
        for found in re.findall(r"\bR\d{2,3}\b", path.read_text(encoding="utf-8"))
        if found not in known and path != Path(__file__)
    }
    assert unknown == set()


def test_the_reference_has_every_function_that_the_register_names() -> None:
    functions = {
        node.name
        for path in (PROJECT_DIR / "tests" / "python" / "reference").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    lines = LINE.findall(REGISTER.read_text(encoding="utf-8"))
    named = {name for line in lines for name in re.findall(r"`(\w+)`", line[4])}
    assert named
    assert named <= functions


def names_in_the_project() -> set[str]:
    """Models, seeds, variables, and the columns that are described."""
    folders = [PROJECT_DIR / name for name in ("models", "seeds")]
    names = {path.stem for folder in folders for path in folder.glob("**/*.sql")}
    names |= {path.stem for folder in folders for path in folder.glob("**/*.csv")}
    project = yaml.safe_load((PROJECT_DIR / "dbt_project.yml").read_text(encoding="utf-8"))
    names |= set(project["vars"])
    for path in (path for folder in folders for path in folder.glob("**/*.yml")):
        described = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for node in [*described.get("models", ()), *described.get("seeds", ())]:
            names |= {column["name"] for column in node.get("columns", ())}
    return names


def test_the_project_has_every_name_in_the_register() -> None:
    """Models, seeds, columns and variables that a rule names; short words are values."""
    known = names_in_the_project()
    models = {path.stem for path in (PROJECT_DIR / "models").glob("**/*.sql")}
    for rule, _, sentence, models_of_rule, *_ in LINE.findall(REGISTER.read_text(encoding="utf-8")):
        assert set(re.findall(r"`([^`]+)`", models_of_rule)) <= models, rule
        named = {name for name in re.findall(r"`(\w+)`", sentence) if re.search("[a-z]_", name)}
        assert named <= known, rule


def test_every_decision_that_the_register_names_exists() -> None:
    text = REGISTER.read_text(encoding="utf-8")
    links = re.findall(r"\[(\d{4})\]\(\.\./decisions/([^)]+)\)", text)
    assert links
    for number, name in links:
        assert name.startswith(number)
        assert (PROJECT_DIR / "docs" / "decisions" / name).is_file(), name


def test_both_pages_are_current() -> None:
    assert REGISTER.read_text("utf-8") == register()
    assert PAGE.read_text("utf-8") == page()


CASE: Row = {
    "name": "a_case",
    "description": "Two rows become one.",
    "model": "int_thing",
    "overrides": {"vars": {"a_setting": 1}},
    "given": [
        {"input": "ref('stg_thing')", "rows": [{"a": None, "b": "x|y"}, {"a": True}]},
        {"input": "source('raw', 'thing')", "format": "csv", "rows": "c,d\n1,\n"},
        {"input": "ref('a_seed')"},
    ],
    "expect": {"rows": [{"a": " x", "b": ""}]},
}


def test_a_case_shows_what_is_read_and_what_must_follow(monkeypatch) -> None:
    case = CASE | {"config": {"meta": {"rule": "R01"}}}
    monkeypatch.setattr(worked_cases, "unit_tests", lambda: iter([case]))
    section = page().split("## R01\n")[1].split("\n## R02")[0]
    tables = [line for line in section.splitlines() if line.startswith(("|", "`", "then", "With"))]
    assert tables == [
        "With the setting `a_setting: 1`.",
        "`stg_thing`:",
        "| a | b |",
        "| --- | --- |",
        r"| NULL | x\|y |",
        "| true |  |",
        "`raw.thing`:",
        "| c | d |",
        "| --- | --- |",
        "| 1 | NULL |",
        "then `int_thing`:",
        "| a | b |",
        "| --- | --- |",
        "| ' x' | '' |",
    ]


@pytest.mark.parametrize(
    ("config", "message"),
    [({}, "names no rule"), ({"config": {"meta": {"rule": "R99"}}}, "names the rule R99")],
)
def test_a_unit_test_without_a_rule_of_the_register_is_refused(
    config, message, monkeypatch
) -> None:
    monkeypatch.setattr(worked_cases, "unit_tests", lambda: iter([CASE | config]))
    with pytest.raises(UserError, match=message):
        page()
