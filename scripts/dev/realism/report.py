"""Measures a warehouse of synthetic extracts and compares it with published figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
from rich.table import Table

from social_care_warehouse.console import PROJECT_DIR, UserError, console
from social_care_warehouse.sql_text import literal

HERE = Path(__file__).parent
SQL_FILES = (
    "05_macros",
    "10_years",
    "20_looked_after",
    "21_looked_after_margins",
    "22_moves",
    "30_in_need",
    "40_measure",
    "50_compare",
    "60_at_the_rates_of_recent_years",
    "61_childhood",
)
OUTCOME_SQL_FILES = (
    "70_outcome_groups",
    "71_outcome_measure",
    "72_offending_measure",
    "73_offending_cohorts",
    "74_schools",
    "75_exclusions",
    "76_outcome_compare",
)
CSV_FILES = {
    "band": "bands.csv",
    "outcome_figure": "outcome_figures.csv",
    "known_gap": "known_gaps.csv",
    "held_out": "held_out.csv",
}
# The layers that are measured. The build tests them.
LAYERS = ("path:seeds", "path:models/staging", "path:models/intermediate", "path:models/marts")
STYLES = {
    "outside": "bold red",
    "outside, known": "red",
    "within, by chance": "yellow",
    "not checked": "dim",
}


def run_models(database: Path, work_dir: Path, select: Sequence[str] = LAYERS) -> None:
    """Build the models in a loaded database; what dbt writes goes to work_dir."""
    done = subprocess.run(
        [
            sys.executable, "-m", "dbt.cli.main", "--quiet", "build", "--select", *select,
            "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test",
            "--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR / "profiles"),
            "--target-path", str(work_dir / "dbt"), "--log-path", str(work_dir / "logs"),
        ],
        capture_output=True, text=True, encoding="utf-8", check=False,
        env=os.environ | {"WAREHOUSE_DB": str(database), "DO_NOT_TRACK": "1"},
    )  # fmt: skip
    if done.returncode:
        raise UserError(f"The models could not be built. See {work_dir / 'logs'} for the reason.")


class Report:
    """The measures of one warehouse, in tables of their own connection."""

    def __init__(
        self, database: Path, truth_dir: Path, children_per_pupil: float, chance_errors: float
    ) -> None:
        self.connection = duckdb.connect()
        run = self.connection.execute
        run(f"attach {literal(database)} as wh (read_only)")
        for name in ("person", "referral", "plan", "care_period"):
            path = literal(truth_dir / f"{name}.parquet")
            run(f"create temp view truth_{name} as from read_parquet({path})")
        run("set variable chance_errors = ?", [chance_errors])
        run("set variable children_per_pupil = ?", [children_per_pupil])
        for name, file in CSV_FILES.items():
            path = literal(HERE / file)
            run(f"create temp table {name} as from read_csv({path}, header = true)")
        for name in (*SQL_FILES, *OUTCOME_SQL_FILES):
            run((HERE / "sql" / f"{name}.sql").read_text(encoding="utf-8"))

    def verdicts(self) -> dict[str, int]:
        """The number of comparisons with each verdict."""
        return dict(
            self.connection.execute(
                "select verdict, count(*) from comparison group by verdict order by verdict"
            ).fetchall()
        )

    def children_per_pupil(self) -> float:
        query = "select getvariable('children_per_pupil')"
        return float(self.connection.execute(query).fetchall()[0][0])

    def print_counts(self) -> None:
        """Print one line per series and year for counts and medians."""
        table = Table(title="England, published and synthetic, years ending 31 March")
        for heading in ("series", "year", "published", "synthetic", "gap", "chance", ""):
            table.add_column(heading, justify="right" if heading not in ("series", "") else "left")
        rows = self.connection.execute(
            "select series, reporting_year, published_year, kind, published, synthetic, gap,"
            " chance, verdict from comparison where category = 'all'"
            " order by line"
        ).fetchall()
        last = None
        for series, year, published_year, kind, published, synthetic, gap, chance, verdict in rows:
            form, unit = ("{:,.0f}", "%") if kind != "share" else ("{:.1f}", " points")
            table.add_row(
                series if series != last else "",
                str(year) if year == published_year else f"{year} (of {published_year})",
                form.format(published), form.format(synthetic),
                f"{gap:+.1f}{unit}", f"±{chance:.1f}", verdict,
                style=STYLES.get(verdict),
            )  # fmt: skip
            last = series
        console.print(table)

    def print_outcomes(self) -> None:
        """Print one line per figure of schooling and offending."""
        table = Table(title="England, published and synthetic, school years")
        for heading in ("series", "group", "year", "published", "synthetic", "gap", "chance", ""):
            table.add_column(heading)
        for (
            series,
            category,
            year,
            published,
            synthetic,
            kind,
            gap,
            chance,
            verdict,
        ) in self.connection.execute(
            "select series, category, school_year, published, synthetic, kind, gap, chance,"
            " verdict from outcome_comparison order by series, category, school_year"
        ).fetchall():
            unit = " points" if kind == "share" else "%"
            known = synthetic is not None
            table.add_row(
                series, category, "" if year is None else str(year), f"{published:.2f}",
                f"{synthetic:.2f}" if known else "none",
                f"{gap:+.2f}{unit}" if known else "", f"±{chance:.2f}" if known else "",
                verdict, style=STYLES.get(verdict),
            )  # fmt: skip
        console.print(table)

    def outcome_verdicts(self) -> dict[str, int]:
        """The number of figures of schooling and offending with each verdict."""
        return dict(
            self.connection.execute(
                "select verdict, count(*) from outcome_comparison where synthetic is not null"
                " group by verdict order by verdict"
            ).fetchall()
        )

    def print_known_gaps(self) -> None:
        """Print the figures that are outside their band, with the reason why that is known."""
        rows = self.connection.execute(
            "select series, category, gap, reason from comparison where verdict = 'outside, known'"
            " union all select series, category, gap, reason from outcome_comparison"
            " where verdict = 'outside, known' order by all"
        ).fetchall()
        for series, category, gap, reason in rows:
            console.print(f"Known gap: {series}, {category} ({gap:+.1f}). {reason}", soft_wrap=True)

    def print_held_out(self) -> None:
        """Print the figures of schooling and offending to which no setting was fitted."""
        rows = self.connection.execute(
            "select series || ', ' || category || coalesce(', ' || school_year, ''), published,"
            " synthetic, verdict from outcome_comparison"
            " where is_held_out and synthetic is not null order by all"
        ).fetchall()
        table = Table(title=f"Not fitted: {len(rows)} figures of schooling and offending")
        for heading in ("figure", "published", "synthetic", ""):
            table.add_column(heading)
        for name, published, synthetic, verdict in rows:
            style = STYLES.get(verdict)
            table.add_row(name, f"{published:.2f}", f"{synthetic:.2f}", verdict, style=style)
        console.print(table)

    def print_margins(self) -> None:
        """Print one line per series and category, with a column per year."""
        rows = self.connection.execute(
            "select series, category, reporting_year, published, synthetic, verdict"
            " from comparison where category != 'all' order by line"
        ).fetchall()
        years = sorted({row[2] for row in rows})
        table = Table(title="Shares in per cent: published / synthetic")
        table.add_column("series")
        table.add_column("category", max_width=34)
        for year in years:
            table.add_column(str(year), justify="right")
        cells: dict[tuple[str, str], dict[int, str]] = {}
        for series, category, year, published, synthetic, verdict in rows:
            style = STYLES.get(verdict, "")
            text = f"{published:.1f} / {synthetic:.1f}"
            cells.setdefault((series, category), {})[year] = (
                f"[{style}]{text}[/{style}]" if style else text
            )
        last = None
        for (series, category), by_year in cells.items():
            name = series if series != last else ""
            table.add_row(name, category, *(by_year.get(year, "") for year in years))
            last = series
        console.print(table)

    def print_childhood(self) -> None:
        """Print shares of birth cohorts."""
        table = Table(title="Of all children, per cent")
        for heading in ("what", "synthetic", "published", "source"):
            table.add_column(heading)
        for what, synthetic, published, source in self.connection.execute(
            "from childhood"
        ).fetchall():
            table.add_row(what, f"{synthetic:.1f}", published, source)
        console.print(table)

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write the comparison as CSV, and all of it as JSON."""
        csv_path, json_path = folder / "realism.csv", folder / "realism.json"
        self.connection.execute(
            f"copy (from comparison order by line) to {literal(csv_path)} (header)"
        )
        content = {
            "children_per_pupil": self.children_per_pupil(),
            "verdicts": self.verdicts(),
            "comparison": self._records("from comparison order by line"),
            "outcome_verdicts": self.outcome_verdicts(),
            "outcomes": self._records("from outcome_comparison order by all"),
            "childhood": self._records("from childhood"),
        }
        json_path.write_text(json.dumps(content, indent=1), encoding="utf-8")
        return csv_path, json_path

    def _records(self, query: str) -> list[dict[str, object]]:
        result = self.connection.execute(query)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
