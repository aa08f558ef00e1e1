"""The same rows delivered in other ways."""

from __future__ import annotations

import csv
import gzip
import io
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Rows = list[list[str]]


def read_rows(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))


def write_text(path: Path, rows: Rows, *, encoding: str = "utf-8", **dialect: Any) -> None:
    """Delimited text in a dialect of the csv module; gzipped if the name says so."""
    text = io.StringIO(newline="")
    csv.writer(text, **({"lineterminator": "\n"} | dialect)).writerows(rows)
    data = text.getvalue().encode(encoding)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def write_parquet(path: Path, rows: Rows) -> None:
    columns = dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True))
    pq.write_table(pa.table({name: pa.array(values) for name, values in columns.items()}), path)


def deliver_in_other_formats(extracts: Path, folder: Path) -> Path:
    """Make another delivery of the same rows, in another order.

    CLA comes as Parquet, CIN in two files (one with tabs, quotes and gzip, one with a byte order
    mark and Windows line ends), the population with its header in capitals, dots and underscores.
    """
    folder.mkdir()
    shuffler = random.Random(5)
    cla = read_rows(extracts / "CLA_2006_to_2018.csv")
    cin = read_rows(extracts / "CIN_08-09_to_16-17.csv")
    population = read_rows(extracts / "population.csv")
    for rows in (cla, cin, population):
        body = rows[1:]
        shuffler.shuffle(body)
        rows[1:] = body
    half = len(cin) // 2
    write_parquet(folder / "looked after.parquet", cla)
    write_text(folder / "need 1.tsv.gz", cin[:half], delimiter="\t", quoting=csv.QUOTE_ALL)
    write_text(
        folder / "need 2.csv", [cin[0], *cin[half:]], encoding="utf-8-sig", lineterminator="\r\n"
    )
    header = [name.upper().replace("OF", ".of_") for name in population[0]]
    write_text(folder / "all.txt", [header, *population[1:]])
    return folder
