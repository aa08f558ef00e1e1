"""Write docs/reference/data-dictionary.md from the descriptions of the tables and their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from social_care_warehouse.console import PROJECT_DIR, UserError

PAGE = PROJECT_DIR / "docs" / "reference" / "data-dictionary.md"
MODELS = PROJECT_DIR / "models"
# What is described, and under which heading: the schema, and the files of its tables.
SCHEMAS = {"marts": "marts/**/*.yml", "quality": "quality/*.yml", "meta": "quality/*.yml"}
BLOCK = re.compile(r"{%\s*docs (\w+)\s*%}\n(.*?){%\s*enddocs\s*%}", re.DOTALL)
REFERENCE = re.compile(r"""{{\s*doc\(["'](\w+)["']\)\s*}}""")
EXAMPLE = re.compile(r"^```.*?^```$\n?", re.DOTALL | re.MULTILINE)
INTRODUCTION = """\
# Data dictionary

<!-- Made by `make documents` from the descriptions in `models/`. Change those, not this page. -->

Every table that you read, and every column. `make docs` makes a page with the same descriptions and
an example query for each table. The code lists are in the schema `lookups`.
[The glossary explains the terms](glossary.md).
"""


def blocks() -> dict[str, str]:
    """The shared descriptions, by name."""
    pages = (path.read_text(encoding="utf-8") for path in sorted(MODELS.glob("docs/*.md")))
    return {name: text.strip() for page in pages for name, text in BLOCK.findall(page)}


def tables(schema: str) -> Iterator[dict[str, Any]]:
    """The described tables of a schema, in the order of their names."""
    found = []
    for path in MODELS.glob(SCHEMAS[schema]):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if schema == "meta":
            sources = (item for item in content.get("sources", []) if item["name"] == schema)
            found += [table for source in sources for table in source["tables"]]
        else:
            found += content.get("models", [])
    yield from sorted(found, key=lambda table: str(table["name"]))


def page() -> str:
    """The text of the whole page."""
    shared = blocks()
    parts = [INTRODUCTION, _contents()]
    for schema in SCHEMAS:
        parts += [_table(schema, table, shared) for table in tables(schema)]
    return "\n".join(parts)


def _contents() -> str:
    lines = []
    for schema in SCHEMAS:
        links = (f"[`{table['name']}`](#{schema}{table['name']})" for table in tables(schema))
        lines.append(f"**{schema}**: {', '.join(links)}\n")
    return "\n".join(lines)


def _table(schema: str, table: dict[str, Any], shared: dict[str, str]) -> str:
    name = f"{schema}.{table['name']}"
    about = EXAMPLE.sub("", _resolved(table.get("description", ""), shared, name)).strip()
    lines = [f"## {name}", "", about, "", "| column | type | meaning |", "|---|---|---|"]
    for column in table.get("columns", []):
        place = f"{name}.{column['name']}"
        meaning = " ".join(_resolved(column.get("description", ""), shared, place).split())
        if condition := column.get("config", {}).get("meta", {}).get("null_unless"):
            meaning += f" NULL unless `{condition}`."
        cells = (f"`{column['name']}`", _type(column), meaning.replace("|", "\\|"))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _type(column: dict[str, Any]) -> str:
    """The type of a column in words; the ordered category has one for each engine."""
    declared = str(column.get("data_type", ""))
    return "ordered category" if "enum(" in declared else declared


def _resolved(text: str, shared: dict[str, str], place: str) -> str:
    """A description with the shared ones in the place of their names."""
    missing = [name for name in REFERENCE.findall(text) if name not in shared]
    if missing:
        raise UserError(f"{place} uses a description that does not exist: {missing[0]}.")
    return REFERENCE.sub(lambda name: shared[name[1]], text)
