"""Polars, lazy and streaming: polars_lazy.py EXTRACTS. Answers in the current folder."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

NOTHING = ["", "NULL", "NA", "N/A", "."]
CATEGORIES = ["NEG", "PHY", "SAB", "EMO", "MUL"]
YES = ["1", "1.0", "true", "t", "yes", "y"]


def known(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    return pl.when(~text.str.to_uppercase().is_in(NOTHING)).then(text)


def is_category(column: str) -> pl.Expr:
    return known(column).str.to_uppercase().is_in(CATEGORIES).fill_null(value=False)


def scan(extracts: Path, name: str) -> pl.LazyFrame:
    return pl.scan_csv(extracts / name, infer_schema=False)


def answer(extracts: Path) -> pl.LazyFrame:
    cla = scan(extracts, "CLA_2006_to_2018.csv")
    cin = scan(extracts, "CIN_08-09_to_16-17.csv")
    population = scan(extracts, "population.csv")

    in_care = (
        cla.select(pupil_id=known("CLA_PupilMatchingRefAnonymous"))
        .drop_nulls()
        .unique()
        .with_columns(in_care=pl.lit(True))
    )
    previous_plans = known("CIN_NumberOfPreviousCPP").cast(pl.Float64, strict=False)
    in_need = (
        cin.select(
            pupil_id=known("CIN_PupilMatchingRefAnonymous"),
            is_in_need=known("CIN_CINat31March").str.to_lowercase().is_in(YES),
            has_category=is_category("CIN_CategoryOfAbuse")
            | is_category("CIN_InitialCategoryOfAbuse"),
            previous_plans=previous_plans,
        )
        .drop_nulls("pupil_id")
        .group_by("pupil_id")
        .agg(
            pl.col("is_in_need").any(),
            has_plan=pl.col("has_category").any() | (pl.col("previous_plans").sum() >= 1),
        )
    )
    pupils = pl.concat(
        [
            population.select(pupil_id=known("PupilMatchingRefAnonymous")).drop_nulls(),
            in_care.select("pupil_id"),
            in_need.select("pupil_id"),
        ]
    ).unique()
    return (
        pupils.join(in_care, on="pupil_id", how="left")
        .join(in_need, on="pupil_id", how="left")
        .select(
            "pupil_id",
            highest_intervention=pl.when(pl.col("in_care"))
            .then(pl.lit("child looked after"))
            .when(pl.col("has_plan"))
            .then(pl.lit("child protection plan"))
            .when(pl.col("is_in_need"))
            .then(pl.lit("child in need"))
            .when(pl.col("is_in_need").is_not_null())
            .then(pl.lit("referral only"))
            .otherwise(pl.lit("no social care contact")),
        )
    )


if __name__ == "__main__":
    answer(Path(sys.argv[1])).sink_parquet("answer.parquet")
