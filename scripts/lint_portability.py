"""Finds SQL that DuckDB 1.5, DuckDB 2.0 and Spark do not read alike, outside macros/engine.

What to look for, why, and what to write instead stands in portability_rules.yml. A file is read
with its comments and Jinja code blanked out; texts inside Jinja code stay, since macros take pieces
of SQL, and of texts in SQL the insides are looked at by themselves. Of a YAML file, the types of
columns and the SQL in arguments of tests are read.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

PROJECT_DIR = Path(__file__).resolve().parents[1]
RULES = Path(__file__).with_name("portability_rules.yml")
FOLDERS = ("models", "macros", "seeds", "tests/singular")
WHERE_DIFFERENCES_LIVE = "macros/engine"
# A test with this in its config is about one engine, and dbt leaves it out on every other.
OF_ONE_ENGINE = "enabled=(target.type == 'duckdb')"

# Comments, Jinja code and texts, in the order in which they must be told apart.
TOKEN = re.compile(
    r"(?P<jinja_comment>\{#.*?#\})"
    r"|(?P<jinja>\{\{.*?\}\}|\{%.*?%\})"
    r"|(?P<comment>--[^\n]*|/\*.*?\*/)"
    r"|(?P<text>'(?:\{\{.*?\}\}|''|[^'])*')",
    re.DOTALL,
)
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
JINJA_TEXT = re.compile(r"'((?:\\.|[^'\\])*)'|\"((?:\\.|[^\"\\])*)\"", re.DOTALL)
# In YAML: a word by itself, which may be a type, and what tests take as SQL, on one line or folded.
YAML_SQL = re.compile(
    r"^ +\w+: (?P<type>[a-z_0-9]+(?:\([\d, ]+\))?)$"
    r"|^ *(?:expression|condition): (?P<line>[^>|\n].*)$"
    r"|\{(?:expression|condition): (?P<flow>[^}\n]*)\}"
    r"|^(?P<margin> *)(?:expression|condition): [>|]-?\n(?P<block>(?:(?P=margin) +.*\n)+)",
    re.MULTILINE,
)
SQL_TEXT = re.compile(r"'[^']*'")


@dataclass(frozen=True)
class Rule:
    """A construct that engines do not read alike. `bad` and `good` are queries with and without."""

    name: str
    pattern: re.Pattern[str]
    is_in_texts: bool
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
            pattern=re.compile(row["pattern"], re.IGNORECASE),
            is_in_texts=row.get("in") == "texts",
            reason=row["reason"],
            instead=row["instead"],
            bad=row["bad"],
            good=row["good"],
        )
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def find(sql: str, rules: list[Rule]) -> list[Finding]:
    """Every construct of the rules in a file's text, in order of lines."""
    code, texts = _code(sql), _texts(sql)
    return sorted(
        (
            Finding(sql.count("\n", 0, match.start()) + 1, " ".join(match[0].split()), rule)
            for rule in rules
            for match in rule.pattern.finditer(texts if rule.is_in_texts else code)
        ),
        key=lambda finding: (finding.line, finding.rule.name),
    )


def _code(sql: str) -> str:
    """The SQL alone, and the pieces of SQL that Jinja code hands to macros, at their places."""
    return TOKEN.sub(_code_of_token, sql)


def _code_of_token(token: re.Match[str]) -> str:
    if token["jinja"]:
        kept = [" " if character != "\n" else "\n" for character in token[0]]
        for text in JINJA_TEXT.finditer(token[0]):
            start, end = text.span(text.lastindex or 0)
            kept[start:end] = SQL_TEXT.sub(lambda t: _blank(t[0]), token[0][start:end])
        return "".join(kept)
    if token["text"]:
        return f"'{_blank(token[0][1:-1])}'"
    return _blank(token[0])


def _texts(sql: str) -> str:
    """The insides of texts in SQL alone, at their places."""
    parts, position = [], 0
    for token in TOKEN.finditer(sql):
        parts.append(_blank(sql[position : token.start()]))
        text = JINJA.sub(lambda code: _blank(code[0]), token["text"] or "")
        parts.append(text or _blank(token[0]))
        position = token.end()
    return "".join([*parts, _blank(sql[position:])])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def sql_of_yaml(text: str) -> str:
    """What is SQL in a YAML file, at its place."""
    kept = list(_blank(text))
    for match in YAML_SQL.finditer(text):
        group = next(name for name in ("type", "line", "flow", "block") if match[name] is not None)
        start, end = match.span(group)
        if text[start] in "\"'" and text[start] == text[end - 1]:  # YAML's own quotes
            start, end = start + 1, end - 1
        kept[start:end] = text[start:end]
    return "".join(kept)


def sql_files(project_dir: Path = PROJECT_DIR) -> Iterator[Path]:
    """The files that must be plain SQL."""
    for folder in FOLDERS:
        for path in sorted((project_dir / folder).rglob("*.*")):
            if path.suffix in (".sql", ".yml") and not path.is_relative_to(
                project_dir / WHERE_DIFFERENCES_LIVE
            ):
                yield path


def main() -> None:
    rules, n_files, n_findings = read_rules(), 0, 0
    for path in sql_files():
        sql = path.read_text(encoding="utf-8")
        if OF_ONE_ENGINE in sql:
            continue
        if path.suffix == ".yml":
            sql = sql_of_yaml(sql)
        n_files += 1
        for finding in find(sql, rules):
            n_findings += 1
            print(f"{path.relative_to(PROJECT_DIR)}:{finding}")
    if n_findings:
        sys.exit("SQL that differs between engines belongs in macros/engine, behind a dispatch.")
    print(f"{n_files} files have nothing of {len(rules)} constructs that differ between engines.")


if __name__ == "__main__":
    main()
