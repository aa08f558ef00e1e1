"""The rules of rules.yml, each as a class that sqlfluff understands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from sqlfluff.core.parser import BaseSegment
from sqlfluff.core.rules import BaseRule, LintResult, RuleContext
from sqlfluff.core.rules.crawlers import SegmentSeekerCrawler

ROWS: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("rules.yml").read_text(encoding="utf-8")
)
WHOLE_TYPES = {"integer", "int", "bigint", "smallint", "tinyint"}
BROKEN_TYPES = {"double", "float", "real", "decimal", "numeric"}
GIVES_A_FRACTION = {"avg", "mean", "median", "sqrt", "exp", "ln", "log10"}
# However broken the numbers inside, the answer of these is whole.
GIVES_A_WHOLE = {"floor", "ceil", "ceiling", "round", "count", "length"}
DAYS_OF_WEEK = {"dow", "isodow", "dayofweek", "weekday"}


def is_found(row: dict[str, Any], segment: BaseSegment) -> bool:
    """Whether the SQL that a row of rules.yml describes begins at a segment of its kind."""
    if "check" in row:
        return bool(CHECKS[row["check"]](segment))
    if "segment" in row:
        return _matches(row["pattern"], segment.raw)
    if _function_name(segment) not in row["functions"]:
        return False
    if "unless" in row and _matches(row["unless"], segment.raw):
        return False
    arguments = _arguments(segment)
    return all(
        len(arguments) >= number and _matches(pattern, arguments[number - 1])
        for number, pattern in row.get("argument", {}).items()
    )


def whole_number_from_fraction(segment: BaseSegment) -> bool:
    """A cast to a whole number of something that may have digits after the point."""
    if segment.is_type("function") and _function_name(segment) not in ("cast", "try_cast"):
        return False
    data_type = next(segment.recursive_crawl("data_type", no_recursive_seg_type="expression"), None)
    if data_type is None or data_type.raw.lower() not in WHOLE_TYPES:
        return False
    return any(_is_fraction(part) for part in _parts(segment) if part is not segment)


def day_of_week(segment: BaseSegment) -> bool:
    """The number of a day in its week, by extract or by a function."""
    name = _function_name(segment)
    if name in DAYS_OF_WEEK:
        return True
    return name in ("extract", "date_part") and any(
        part.raw.lower().strip("'") in DAYS_OF_WEEK for part in segment.raw_segments
    )


CHECKS = {check.__name__: check for check in (whole_number_from_fraction, day_of_week)}
CRAWLED = {
    "whole_number_from_fraction": {"function", "cast_expression"},
    "day_of_week": {"function"},
}


def _is_fraction(segment: BaseSegment) -> bool:
    raw = segment.raw.lower()
    return (
        (segment.is_type("binary_operator") and raw == "/")
        or (segment.is_type("numeric_literal") and bool(re.search(r"[.e]", raw)))
        or (segment.is_type("data_type") and raw.partition("(")[0].strip() in BROKEN_TYPES)
        or (segment.is_type("function") and _function_name(segment) in GIVES_A_FRACTION)
    )


def _parts(segment: BaseSegment) -> Iterator[BaseSegment]:
    """A segment and all in it, except inside functions whose answer is whole, and conditions."""
    yield segment
    if segment.is_type("function"):
        name, arguments = _function_name(segment), _arguments(segment)
        if name in GIVES_A_WHOLE and not (name == "round" and len(arguments) > 1):
            return
    is_condition = False
    for child in segment.segments:
        if child.is_type("keyword"):
            is_condition = child.raw.lower() in ("when", "filter", "over") or (
                is_condition and child.raw.lower() != "then"
            )
        elif not is_condition:
            yield from _parts(child)


def _function_name(segment: BaseSegment) -> str:
    name = segment.get_child("function_name")
    return name.raw.lower() if name else ""


def _arguments(function: BaseSegment) -> list[str]:
    """The arguments of a call, as they are written: f(a, b), or substring(a from b for c)."""
    words = ("from", "for") if _function_name(function).startswith("substr") else ()
    contents = function.get_child("function_contents")
    bracketed = contents.get_child("bracketed") if contents else None
    arguments = [""]
    for child in bracketed.segments if bracketed else ():
        if child.is_type("comma") or child.raw.lower() in words:
            arguments.append("")
        elif not child.is_type("start_bracket", "end_bracket"):
            arguments[-1] += child.raw
    return [argument.strip() for argument in arguments]


def _matches(pattern: str, text: str) -> bool:
    return bool(re.search(pattern, text, re.IGNORECASE | re.DOTALL))


def _rule(number: int, row: dict[str, Any]) -> type[BaseRule]:
    """The class of one row, as sqlfluff wants it."""
    name = f"portability.{row['name']}"

    def evaluate(_: BaseRule, context: RuleContext) -> LintResult | None:
        if not is_found(row, context.segment):
            return None
        sentence = f"{row['reason'].capitalize()}. Instead: {row['instead']}."
        return LintResult(anchor=context.segment, description=sentence)

    kinds = CRAWLED.get(row.get("check", ""), {row.get("segment", "function")})
    attributes = {
        "__doc__": f"{row['reason']}.",
        "__module__": __name__,
        "name": name,
        "groups": ("all", "portability"),
        "crawl_behaviour": SegmentSeekerCrawler(kinds),
        # What a macro writes is as wrong as what a model writes.
        "targets_templated": True,
        "_eval": evaluate,
    }
    return type(f"Rule_Portability_PB{number:02}", (BaseRule,), attributes)


RULES = [_rule(number, row) for number, row in enumerate(ROWS, 1)]
# The processes of sqlfluff send findings to each other, which name the class of their rule.
globals().update({rule.__name__: rule for rule in RULES})
