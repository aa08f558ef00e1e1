"""The table of constructs that engines do not read alike, and the places where they stand."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

import yaml

from dev.portability.calls import calls, casts
from dev.portability.sql_text import code_of, texts_of
from social_care_warehouse.console import PROJECT_DIR

RULES = PROJECT_DIR / "scripts" / "dev" / "portability_rules.yml"


@dataclass(frozen=True)
class Rule:
    """A construct that engines do not read alike. `bad` and `good` are queries with and without."""

    name: str
    pattern: re.Pattern[str]
    place: str
    home: str | None
    reason: str
    instead: str
    bad: str
    good: str


@dataclass(frozen=True)
class Finding:
    """A place where a construct stands."""

    line: int
    construct: str
    rule: Rule

    def __str__(self) -> str:
        return (
            f"{self.line}: {self.construct!r} ({self.rule.name}): {self.rule.reason}."
            f" Instead: {self.rule.instead}."
        )


def read_rules(path: Path = RULES) -> list[Rule]:
    """The rules of the table."""
    return [
        Rule(
            name=row["name"],
            pattern=re.compile(row["pattern"], re.IGNORECASE | re.DOTALL),
            place=row.get("in", "code"),
            home=row.get("home"),
            reason=row["reason"],
            instead=row["instead"],
            bad=row["bad"],
            good=row["good"],
        )
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def find(sql: str, rules: list[Rule]) -> list[Finding]:
    """Every construct of the rules in a text of SQL, in order of lines."""
    code = code_of(sql)
    places = {
        "code": [(0, code)],
        "texts": [(0, texts_of(sql))],
        "calls": list(calls(code)),
        "casts": list(casts(code)),
    }
    findings = []
    for rule in rules:
        for offset, text in places[rule.place]:
            for match in rule.pattern.finditer(text):
                start, end = offset + match.start(), offset + match.end()
                construct = textwrap.shorten(sql[start:end], 60, placeholder=" …")
                findings.append(Finding(sql.count("\n", 0, start) + 1, construct, rule))
    return sorted(findings, key=lambda finding: (finding.line, finding.rule.name))
