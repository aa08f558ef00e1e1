"""Exports marts of a warehouse, each as a file with a data dictionary."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError, failed_to_write, nearest
from social_care_warehouse.engine import MEMORY_TO_READ, open_warehouse, refuse_unrecorded
from social_care_warehouse.exporting.dictionary import citation, dictionary
from social_care_warehouse.exporting.variables import variables_of
from social_care_warehouse.files.replace import folder_for
from social_care_warehouse.files.work_folder import work_folder
from social_care_warehouse.interrupts import last_step
from social_care_warehouse.sql_text import identifier, literal

SUFFIXES = {"parquet": ".parquet", "csv": ".csv", "stata": ".dta", "spss": ".sav"}
_COPY = {"parquet": "format parquet, compression zstd", "csv": "format csv, header"}


def export_marts(  # noqa: PLR0913
    database: Path,
    folder: Path,
    file_format: str,
    marts: Sequence[str] = (),
    *,
    replace: bool = False,
    report: Callable[[str], None] = lambda sentence: None,
) -> list[Path]:
    """Write marts (all by default) into a folder; returns the files with data.

    Each mart gets a data dictionary, and the folder a citation. Files are for their owner only.
    They appear when all of them are whole. Raises UserError for an unknown mart, a file that exists
    (unless `replace`), a dictionary or citation of another build, and a warehouse or folder that
    cannot be used.
    """
    os.umask(0o077)
    with open_warehouse(database, MEMORY_TO_READ) as connection:
        chosen = _chosen(connection, marts)
        refuse_unrecorded(connection, database)
        files = [folder / f"{mart}{SUFFIXES[file_format]}" for mart in chosen]
        _refuse_existing(files, replace=replace)
        try:
            cite = citation(connection)
            texts = {"CITATION.txt": "\n".join(cite) + "\n"} | {
                f"{mart}.dictionary.csv": dictionary(variables_of(connection, mart))
                for mart in chosen
            }
            _refuse_other_build(folder, texts, files, replace=replace)
            with folder_for(folder), work_folder(folder, "export") as new:
                for mart, file in zip(chosen, files, strict=True):
                    report(f"Writing {file.name}")
                    _write(connection, mart, new / file.name, file_format, cite)
                for name, text in texts.items():
                    (new / name).write_text(text, encoding="utf-8", newline="")
                with last_step():
                    for path in sorted(new.iterdir()):
                        path.replace(folder / path.name)
        except (OSError, duckdb.IOException) as error:
            raise failed_to_write(error)(
                f"The files could not be written into {folder}. Check that you may"
                " write to the folder, that the disk has room, and that no other program has the"
                " files open."
            ) from None
    return files


def _chosen(connection: duckdb.DuckDBPyConnection, marts: Sequence[str]) -> list[str]:
    rows = connection.execute(
        "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
    ).fetchall()
    known = [name for (name,) in rows]
    if not known:
        raise UserError("This database holds no marts. Build the warehouse first.")
    for mart in marts:
        if mart not in known:
            raise UserError(
                f"Unknown mart '{mart}'. {nearest(mart, known)} If a build with --select left it"
                " out, build again without --select."
            )
    return list(dict.fromkeys(marts)) or known


def _refuse_existing(files: Sequence[Path], *, replace: bool) -> None:
    there = [file.name for file in files if file.exists()]
    if there and not replace:
        raise UserError(
            f"{files[0].parent} already holds {', '.join(there[:3])}"
            f"{' and others' if len(there) > 3 else ''}. Choose another folder, or add --replace."
        )


def _refuse_other_build(
    folder: Path, texts: dict[str, str], files: Sequence[Path], *, replace: bool
) -> None:
    """Marts of two builds in one folder would share a citation, which is wrong for one of them."""
    differ = [
        name
        for name, text in texts.items()
        if (folder / name).exists() and (folder / name).read_bytes() != text.encode()
    ]
    if differ and not replace:
        raise UserError(
            f"{folder} already holds a {differ[0]} that differs, so its files are from another"
            " build. Choose another folder, or add --replace."
        )
    ending = ".dictionary.csv"
    marts = [path.name.removesuffix(ending) for path in folder.glob(f"*{ending}")]
    of_marts = {folder / f"{mart}{suffix}" for mart in marts for suffix in SUFFIXES.values()}
    stay = sorted(path.name for path in of_marts - set(files) if path.exists())
    if stay and "CITATION.txt" in differ:
        raise UserError(
            f"{folder} also holds {', '.join(stay)} of another build, which the new CITATION.txt"
            " would not fit. Choose another folder, or remove these files first."
        )


def _write(
    connection: duckdb.DuckDBPyConnection,
    mart: str,
    path: Path,
    file_format: str,
    cite: Sequence[str],
) -> None:
    if file_format in _COPY:
        connection.execute(
            f"copy (from marts.{identifier(mart)}) to {literal(path)} ({_COPY[file_format]})"
        )
        return
    try:
        from social_care_warehouse.exporting.spss import write_spss  # noqa: PLC0415
        from social_care_warehouse.exporting.stata import write_stata  # noqa: PLC0415
    except ImportError:
        raise UserError(
            "Stata and SPSS files need the packages numpy and pyarrow."
            " Install them (pip install numpy pyarrow), or choose --format csv or parquet."
        ) from None
    if file_format == "stata":
        write_stata(connection, mart, path, cite)
    else:
        write_spss(connection, mart, path)
