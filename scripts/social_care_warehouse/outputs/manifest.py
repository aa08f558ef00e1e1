"""What goes with the tables: for the person who checks them, and for nobody else."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from typing import Any

import duckdb

from social_care_warehouse.outputs.protect import Protection
from social_care_warehouse.outputs.rules import Rules
from social_care_warehouse.outputs.table import ReleasedTable
from social_care_warehouse.outputs.true_table import TrueTable

REQUEST_FIELDS = (
    "table", "title", "population", "filter", "source", "build_id", "definition", "rule",
    "parameters", "n_numbers", "n_hidden", "reason_hidden", "earlier_outputs", "csv_sha256",
    "png_sha256",
)  # fmt: skip


@dataclass(frozen=True)
class Build:
    """Which build of the warehouse the tables come from."""

    build_id: str
    version: str
    commit: str
    finished_at: str
    definition: str


@dataclass(frozen=True)
class Output:
    """A table with everything that is written about it. `earlier` is the result of the register."""

    table: ReleasedTable
    true_table: TrueTable
    protection: Protection
    earlier: str
    picture: bytes | None


def build_of(connection: duckdb.DuckDBPyConnection) -> Build:
    """The build of a warehouse; its id depends on the project, the settings and the files."""
    built = connection.execute("""
        select project_version, coalesce(git_commit, 'unknown'), cast(finished_at as varchar),
            intervention_definition, cast(vars as varchar)
        from meta.build
    """).fetchall()
    files = connection.execute("select sha256 from meta.input_file order by all").fetchall()
    version, commit, finished_at, definition, _ = built[0] if built else ("unknown",) * 5
    digest = sha256(json.dumps([built, files]).encode()).hexdigest()
    return Build(digest[:16], version, commit, finished_at, definition)


def manifest(output: Output, build: Build, rules: Rules) -> str:
    """The facts about a table for the person who checks it, as JSON. No count is in it."""
    specification = output.true_table.specification
    facts: dict[str, Any] = {
        "table": output.table.name,
        "title": output.table.title,
        "population": output.table.population,
        "filter": specification.filter or "none",
        "source": f"{specification.schema}.{specification.table}",
        "unit": "persons" if output.true_table.has_persons else "counts of the source",
        "rows": list(specification.rows),
        "columns": list(specification.columns),
        "measures": [
            {"name": column.name, "label": column.label, "kind": column.kind}
            for column in output.table.columns
            if column.kind != "dimension"
        ],
        "build": build.__dict__,
        "rule": rules.rule,
        "method": "suppression" if output.protection.is_exact else "rounding",
        "protection": output.table.rule,
        "parameters": rules.parameters(),
        "n_numbers": output.table.n_numbers,
        "n_hidden": output.table.n_hidden,
        "reason_hidden": reason_hidden(output, rules),
        "earlier_outputs": output.earlier,
        "csv_sha256": sha256(output.table.as_csv().encode()).hexdigest(),
        "png_sha256": sha256(output.picture).hexdigest() if output.picture else "no picture",
    }
    return json.dumps(facts, indent=2, ensure_ascii=False) + "\n"


def request(manifests: Sequence[str]) -> str:
    """One line per table: what the person who checks outputs is asked to release."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, REQUEST_FIELDS, lineterminator="\n")
    writer.writeheader()
    for one in manifests:
        facts = json.loads(one)
        facts |= {
            "build_id": facts["build"]["build_id"],
            "definition": facts["build"]["definition"],
            "parameters": "; ".join(f"{key} {value}" for key, value in facts["parameters"].items()),
        }
        writer.writerow({field: facts[field] for field in REQUEST_FIELDS})
    return text.getvalue()


def reason_hidden(output: Output, rules: Rules) -> str:
    """Why numbers are hidden. How many for each reason would itself reveal something."""
    if not output.table.n_hidden:
        return "nothing is hidden"
    return (
        f"a count under {rules.threshold}, a number from such a count, or a number that would give"
        " such a count away"
    )


def true_counts(output: Output) -> str:
    """The unrounded counts, what is shown of each, and why one is hidden. Not for release."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    dimensions = output.true_table.specification.dimensions
    writer.writerow([*dimensions, "count", "true_value", "shown", "reason_hidden"])
    reasons = (
        (output.protection.small, "under the threshold"),
        (output.protection.rest_is_small, "leaves fewer than the threshold"),
        (output.protection.to_protect_others, "would give another count away"),
    )
    for series, counts in output.true_table.counts.items():
        for group, count in counts.items():
            reason = next((words for found, words in reasons if (series, group) in found), "")
            shown = output.protection.shown[series][group]
            writer.writerow([*group, series, count, shown, reason])
    return text.getvalue()


def true_statistics(output: Output) -> str:
    """Means, medians and ratios before any rule. Not for release."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*output.true_table.specification.dimensions, "value_of", "true_value"])
    for name, values in output.true_table.statistics.items():
        for group, statistic in values.items():
            writer.writerow([*group, name, statistic.value])
    return text.getvalue()
