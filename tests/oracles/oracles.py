"""Runs in the environment of ACRO and pytauargus: what they say of the cases of a file."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
from acro import ACRO
from pytauargus._tauargus import audit_jj


def small_by_acro(case: dict[str, Any]) -> set[tuple[str, str]]:
    """The inner cells that ACRO suppresses, those with nobody included."""
    frame = pd.DataFrame(case["persons"], columns=["first", "second"])
    session = ACRO(suppress=True)
    with contextlib.redirect_stdout(io.StringIO()):
        table = session.crosstab(frame["first"], frame["second"])
    counted = pd.crosstab(frame["first"], frame["second"])
    return {
        (first, second)
        for first in counted.index
        for second in counted.columns
        if pd.isna(table.loc[first, second]) or counted.loc[first, second] == 0
    }


def unsafe_by_tau_argus(case: dict[str, Any], folder: Path, *, is_broken: bool) -> tuple[int, int]:
    """How many hidden cells the audit of Tau-Argus looked at, and how many it can narrow down.

    With `is_broken` only small counts are hidden, to see that the audit finds something.
    """
    number = {tuple(group): n for n, (group, *_) in enumerate(case["cells"])}
    total, threshold = case["all"], case["threshold"]
    n_all = dict(zip(number, (count for _, count, *_ in case["cells"]), strict=True))[total, total]
    lines = ["0", str(len(number))]
    for (group, count, is_hidden, is_small), n in zip(case["cells"], number.values(), strict=True):
        hidden = is_small if is_broken else is_hidden
        status = "u" if hidden and is_small else "m" if hidden else "s"
        # A small count needs a highest value that is not small, and an interval as wide.
        upper = max(threshold - count, 1) if status == "u" else 0
        width = threshold - 1 if status == "u" else 0
        low, high = (0, 2 * n_all) if group != [total, total] else (n_all, n_all)
        lines.append(f"{n} {count} {count + 1} {status} {low} {high} 0 {upper} {width}")
    equations = []
    for axis in (0, 1):
        sums: dict[tuple[str, str], list[int]] = {}
        for group, n in number.items():
            if group[axis] != total:
                key = (total, group[1]) if axis == 0 else (group[0], total)
                sums.setdefault(key, []).append(n)
        for key, parts in sums.items():
            terms = [f"{number[key]} (-1)", *(f"{part} (1)" for part in parts)]
            equations.append(f"0 {len(terms)} : {' '.join(terms)}")
    path = folder / "table.jj"
    path.write_text("\n".join([*lines, str(len(equations)), *equations]) + "\n")
    audited = audit_jj(str(path))
    return len(audited), sum(bool(row["unsafe"]) for row in audited)


def main() -> None:
    logging.disable(logging.CRITICAL)
    cases = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    n_small = n_differ = n_audited = n_unsafe = n_unsafe_broken = 0
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            ours = {tuple(group) for group, _, _, is_small in case["cells"] if is_small}
            inner = {group for group in ours if case["all"] not in group}
            n_small += len(inner)
            n_differ += len(inner ^ small_by_acro(case))
            audited, unsafe = unsafe_by_tau_argus(case, Path(folder), is_broken=False)
            n_audited += audited
            n_unsafe += unsafe
            n_unsafe_broken += unsafe_by_tau_argus(case, Path(folder), is_broken=True)[1]
    print(f"{len(cases)} tables, {n_small} small counts. ACRO differs in {n_differ}.")
    print(
        f"Tau-Argus audited {n_audited} hidden counts: {n_unsafe} can be narrowed down. With small"
        f" counts alone hidden it would be {n_unsafe_broken}."
    )
    sys.exit(bool(n_differ or n_unsafe or not n_unsafe_broken))


if __name__ == "__main__":
    main()
