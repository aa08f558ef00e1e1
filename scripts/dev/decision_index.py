"""Write the index of the decision records, and check that each record has its parts."""

from __future__ import annotations

import re

from social_care_warehouse.console import PROJECT_DIR, UserError

FOLDER = PROJECT_DIR / "docs" / "decisions"
INDEX = FOLDER / "README.md"
RECORD = re.compile(
    r"# (?P<title>[^\n]+)\n\nDate: (?P<date>\d{4}-\d\d-\d\d)\n+Status: (?P<status>[^\n]+)\n"
    r"\n## Context\n.+\n## Choice\n.+\n## Cost\n.+",
    re.DOTALL,
)
INTRODUCTION = """\
# Design decisions

<!-- Made by `make documents` from the records. -->

Each page records one decision: the situation, what we chose, and what it costs. Some numbers were
never used.

| number | decision | date | status |
|---|---|---|---|
"""


def index() -> str:
    """The text of the index, one line for each record."""
    lines = []
    for path in sorted(FOLDER.glob("[0-9]*.md")):
        record = RECORD.match(path.read_text(encoding="utf-8"))
        if not record:
            raise UserError(
                f"docs/decisions/{path.name} lacks a part. A record has a title, the lines 'Date:'"
                " and 'Status:', and the headings Context, Choice and Cost, in this order."
            )
        number = path.name.partition("-")[0]
        link = f"[{record['title']}]({path.name})"
        lines.append(f"| {number} | {link} | {record['date']} | {record['status']} |\n")
    return INTRODUCTION + "".join(lines)
