"""Where the time of a build went: loading, dbt getting ready, the statements, the rest."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

Spell = tuple[datetime, datetime]


def read_steps(folder: Path, target: Path) -> dict[str, float] | None:
    """Seconds by step, from what a contender and dbt wrote; None where a contender says nothing.

    `statements` is the time in which dbt was executing at least one seed or model: two at once
    count once. What dbt does between them, and until it ends, is `dbt_else`.
    """
    if not (folder / "steps.json").exists():
        return None
    said = json.loads((folder / "steps.json").read_text(encoding="utf-8"))
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    spells = {
        name: [
            (_moment(timing["started_at"]), _moment(timing["completed_at"]))
            for result in results
            for timing in result["timing"]
            if timing["name"] == name
        ]
        for name in ("compile", "execute")
    }
    first = min(start for start, _ in spells["compile"] + spells["execute"])
    ready = (first - datetime.fromisoformat(said["dbt_started_at"])).total_seconds()
    statements = _covered(spells["execute"])
    return {
        "load": said["load"],
        "dbt_start_and_parse": ready,
        "statements": statements,
        "dbt_else": said["dbt"] - ready - statements,
        "n_statements": len(spells["execute"]),
    }


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _covered(spells: list[Spell]) -> float:
    """Seconds covered by at least one spell."""
    seconds, covered_until = 0.0, datetime.min.replace(tzinfo=UTC)
    for start, end in sorted(spells):
        if end > covered_until:
            seconds += (end - max(start, covered_until)).total_seconds()
            covered_until = end
    return seconds
