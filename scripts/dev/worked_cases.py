"""Write docs/reference/worked-cases.md from the unit tests, and name the models in rules.md."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

import yaml

from social_care_warehouse.console import PROJECT_DIR, UserError

REGISTER = PROJECT_DIR / "docs" / "reference" / "rules.md"
PAGE = PROJECT_DIR / "docs" / "reference" / "worked-cases.md"
RULE = re.compile(
    r"^\| \[(?P<id>R\d{2,3})\]\([^)]+\) \| (?P<sentence>[^|]+) \| (?P<models>[^|]*) \|",
    re.MULTILINE,
)
REFERENCE = re.compile(r"(?:ref|source)\((.+)\)")
INTRODUCTION = """\
# Rules with worked cases

<!-- Made by `make documents` from `rules.md` and the unit tests in `models/`. Change those. -->

The cases of every rule in the [register of rules](rules.md). They are the unit tests of the models.
A case shows the rows that a model reads and the rows that it must give. A column that is not shown
does not matter for the case.
"""
Row = dict[str, Any]


def rules() -> dict[str, str]:
    """The sentence of each rule of the register, by its id."""
    found = RULE.finditer(REGISTER.read_text(encoding="utf-8"))
    return {rule["id"]: rule["sentence"].strip() for rule in found}


def unit_tests() -> Iterator[Row]:
    """Every unit test of the models."""
    for path in sorted((PROJECT_DIR / "models").glob("**/*.unit_tests.yml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]


def rule_of(test: Row) -> str:
    """The id of the rule that a unit test shows."""
    rule = test.get("config", {}).get("meta", {}).get("rule")
    if not rule:
        raise UserError(
            f"Unit test {test['name']} names no rule. Add `config: {{meta: {{rule: R01}}}}` with"
            " the id of its rule in docs/reference/rules.md."
        )
    return str(rule)


def tests_by_rule() -> dict[str, list[Row]]:
    """The unit tests of each rule. Raise UserError for a rule that the register does not have."""
    tests: dict[str, list[Row]] = {rule: [] for rule in rules()}
    for test in unit_tests():
        if (rule := rule_of(test)) not in tests:
            raise UserError(
                f"Unit test {test['name']} names the rule {rule}, which is not in"
                " docs/reference/rules.md. Add it there, or correct the unit test."
            )
        tests[rule].append(test)
    return tests


def register() -> str:
    """The text of the register, with the models that have unit tests of each rule."""
    tests = tests_by_rule()

    def with_models(line: re.Match[str]) -> str:
        names = sorted({str(test["model"]) for test in tests[line["id"]]})
        start, end = (position - line.start() for position in line.span("models"))
        return line[0][:start] + ", ".join(f"`{name}`" for name in names) + line[0][end:]

    return RULE.sub(with_models, REGISTER.read_text(encoding="utf-8"))


def page() -> str:
    """The text of the page of worked cases."""
    tests = tests_by_rule()
    sections = [
        f"## {rule}\n\n{sentence}\n\n" + "\n".join(map(_case, tests[rule]))
        for rule, sentence in rules().items()
    ]
    return INTRODUCTION + "\n" + "\n".join(sections)


def _case(test: Row) -> str:
    """A unit test in Markdown: what it shows, the rows read and the rows that must follow."""
    description = " ".join(str(test["description"]).split())
    lines = [f"### {test['name']}", "", description, ""]
    settings = test.get("overrides", {}).get("vars", {})
    lines += [f"With the setting `{name}: {value}`.\n" for name, value in settings.items()]
    for given in test["given"]:
        shown = []
        if given.get("format") == "sql":
            shown = ["```text", given["rows"].strip(), "```"]
        elif rows := _rows(given):
            shown = _table(rows)
        if shown:
            lines += [f"`{_relation(given['input'])}`:", "", *shown, ""]
    rows = _rows(test["expect"])
    lines += [f"then `{test['model']}`:", "", *(_table(rows) if rows else ["no rows"]), ""]
    return "\n".join(lines)


def _relation(reference: str) -> str:
    """The name of a relation: stg_cin for ref('stg_cin'), raw.cin for source('raw', 'cin')."""
    found = REFERENCE.fullmatch(reference)
    return re.sub(r"[' ]", "", found[1]).replace(",", ".") if found else reference


def _rows(fixture: Row) -> list[Row]:
    """The rows of one side of a unit test, in either form."""
    rows = fixture.get("rows") or []
    if isinstance(rows, str):
        lines = csv.DictReader(rows.splitlines())
        return [{column: value or None for column, value in line.items()} for line in lines]
    return list(rows)


def _table(rows: list[Row]) -> list[str]:
    """Rows in Markdown, with every column that any of them has."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = [columns, ["---"] * len(columns)]
    lines += [[_cell(row[column]) if column in row else "" for column in columns] for row in rows]
    return ["| " + " | ".join(line) + " |" for line in lines]


def _cell(value: object) -> str:
    """A value as an analyst writes it; text with white space at its ends in quotes."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    if text != text.strip() or not text or not text.isprintable():
        text = ascii(text)
    return re.sub(r"([|<>*_`\\\[\]])", r"\\\1", text)
