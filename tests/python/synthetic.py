"""Synthetic extracts as the tests make and read them."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import duckdb
from commands import run

PROJECT_DIR = Path(__file__).resolve().parents[2]
SETTINGS_DIR = PROJECT_DIR / "scripts/social_care_warehouse/synthesis/settings"
COMMAND = [sys.executable, str(PROJECT_DIR / "scripts/synthesise.py")]
FILES = ("CLA_2006_to_2018.csv", "CIN_08-09_to_16-17.csv", "population.csv")
# The required columns, in the order of the file contract.
CLA_COLUMNS = [
    "MoJUID",
    "CLA_ACADYR",
    "CLA_PupilMatchingRefAnonymous",
    "CLA_PROCESSING_YEAR",
    "CLA_POC_START",
    "CLA_CLA_31_MARCH",
    "CLA_POC_LENGTH",
    "CLA_CAT_NEED",
    "CLA_DATE_EPI_COMM",
    "CLA_DATE_EPI_CEASED",
    "CLA_LEGAL_STATUS",
    "CLA_PLACEMENT",
    "CLA_REC",
]
CIN_COLUMNS = [
    "MoJUID",
    "CIN_ACADYR",
    "CIN_PupilMatchingRefAnonymous",
    "CIN_ReferralNFA",
    "CIN_CINat31March",
    "CIN_CategoryOfAbuse",
    "CIN_InitialCategoryOfAbuse",
    "CIN_LatestCategoryOfAbuse",
    "CIN_NumberOfPreviousCPP",
    "CIN_PrimaryNeedCode",
    "CIN_ReasonForClosure",
    "CIN_AgeStartOfCINPeriod",
    "CIN_AgeEndOfCINPeriod",
]


def synthesise(*arguments: object) -> subprocess.CompletedProcess[str]:
    return run(*COMMAND, *arguments)


def make(folder: Path, *arguments: object) -> Path:
    done = synthesise(folder, *arguments)
    assert done.returncode == 0, done.stderr
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Extracts:
    """A made folder, with each file as a table of text and each truth as it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.connection = duckdb.connect()
        for name, file_name in zip(("cla", "cin", "population"), FILES, strict=True):
            self.connection.execute(
                f"create table {name} as select * from read_csv(?, header = true,"
                " all_varchar = true, delim = ',', quote = '\"', nullstr = '')",
                [str(folder / file_name)],
            )
        for path in (folder / "truth").glob("*.parquet"):
            self.connection.execute(
                f"create table {path.stem} as from read_parquet(?)", [str(path)]
            )

    def rows(self, query: str) -> list[tuple]:
        return self.connection.execute(query).fetchall()

    def value(self, query: str) -> object:
        return self.rows(query)[0][0]

    def none(self, query: str) -> None:
        assert self.rows(query) == []
