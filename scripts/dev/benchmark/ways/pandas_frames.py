"""pandas: pandas_frames.py EXTRACTS. Writes its answer to the current folder."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

NOTHING = ["", "NULL", "NA", "N/A", "."]
CATEGORIES = ["NEG", "PHY", "SAB", "EMO", "MUL"]
YES = ["1", "1.0", "true", "t", "yes", "y"]


def read(extracts: Path, name: str, columns: dict[str, str]) -> pd.DataFrame:
    """The columns under their new names, as text. Every kind of blank is missing."""
    frame = pd.read_csv(extracts / name, usecols=list(columns), dtype="str", engine="pyarrow")
    frame = frame.rename(columns=columns)
    for column in frame:
        text = frame[column].str.strip()
        frame[column] = text.mask(text.str.upper().isin(NOTHING))
    return frame.dropna(subset="pupil_id")


def answer(extracts: Path) -> pd.DataFrame:
    cla = read(extracts, "CLA_2006_to_2018.csv", {"CLA_PupilMatchingRefAnonymous": "pupil_id"})
    in_care = cla["pupil_id"].drop_duplicates()
    cin = read(
        extracts,
        "CIN_08-09_to_16-17.csv",
        {
            "CIN_PupilMatchingRefAnonymous": "pupil_id",
            "CIN_CINat31March": "is_in_need",
            "CIN_CategoryOfAbuse": "category",
            "CIN_InitialCategoryOfAbuse": "initial_category",
            "CIN_NumberOfPreviousCPP": "previous_plans",
        },
    )
    in_need = (
        pd.DataFrame(
            {
                "pupil_id": cin["pupil_id"],
                "is_in_need": cin["is_in_need"].str.lower().isin(YES),
                "has_category": cin["category"].str.upper().isin(CATEGORIES)
                | cin["initial_category"].str.upper().isin(CATEGORIES),
                "previous_plans": pd.to_numeric(cin["previous_plans"], errors="coerce"),
            }
        )
        .groupby("pupil_id", sort=False)
        .agg({"is_in_need": "max", "has_category": "max", "previous_plans": "sum"})
    )
    has_plan = in_need["has_category"] | (in_need["previous_plans"] >= 1)

    population = read(extracts, "population.csv", {"PupilMatchingRefAnonymous": "pupil_id"})
    pupil_id = pd.concat(
        [population["pupil_id"], in_care, in_need.index.to_series()], ignore_index=True
    ).drop_duplicates()
    highest = np.select(
        [
            pupil_id.isin(in_care),
            pupil_id.isin(has_plan.index[has_plan]),
            pupil_id.isin(in_need.index[in_need["is_in_need"]]),
            pupil_id.isin(in_need.index),
        ],
        ["child looked after", "child protection plan", "child in need", "referral only"],
        "no social care contact",
    )
    return pd.DataFrame({"pupil_id": pupil_id, "highest_intervention": highest})


if __name__ == "__main__":
    answer(Path(sys.argv[1])).to_parquet("answer.parquet", index=False)
