"""What a table for release is made of: a YAML file, checked key by key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, NoReturn

import duckdb
import yaml

from social_care_warehouse.console import UserError, nearest

MeasureKind = Literal["count", "percent", "mean", "median", "ratio"]
KINDS: tuple[MeasureKind, ...] = ("count", "percent", "mean", "median", "ratio")
ALL_ZEROS = "all"
_ONE_PERSON = ("max", "min", "maximum", "minimum")

_KEYS = {
    "name": str, "title": str, "population": str, "mart": str, "rows": list, "columns": list,
    "measures": list, "filter": str, "totals": list, "add_rows": bool, "structural_zeros": object,
    "chart": str,
}  # fmt: skip
_REQUIRED = ("title", "population", "mart", "rows", "measures")
_MEASURE_KEYS = {
    "count": {"column"},
    "percent": {"of", "where", "numerator", "denominator", "may_be_all"},
    "mean": {"column"},
    "median": {"column", "persons"},
    "ratio": {"observed", "expected", "value", "limits"},
}
_OTHER_TYPES: dict[str, type] = {"of": list, "limits": dict, "may_be_all": bool}
_LONGEST_FILE = 200_000
# The most important first: a table that would reveal small counts with those before it is left out.
_READY_MADE = (
    "persons_by_level_and_cohort", "outcomes_by_level", "contact_order", "care_histories",
    "area_outcomes", "area_referral", "definitions_side_by_side", "uncertain_first_contact",
    "plan_methods_agreement", "referral_only_agreement", "items_filled", "coverage_by_year",
    "rows_delivered",
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class _TwiceError(yaml.YAMLError):
    """A mapping has a key twice. YAML would use the last one without a word."""


class _Loader(yaml.SafeLoader):
    """Reads plain values only, and no key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key in keys:
            if keys.count(key) > 1:
                line = node.start_mark.line + 1
                raise _TwiceError(
                    f"the key {key} is twice in the mapping that begins in line {line}"
                )
        return super().construct_mapping(node, deep)


@dataclass(frozen=True)
class Measure:
    """One measure of a table. Which of the keys it has depends on its kind."""

    kind: MeasureKind
    name: str
    label: str
    column: str | None = None
    persons: str | None = None
    where: str | None = None
    of: tuple[str, ...] = ()
    numerator: str | None = None
    denominator: str | None = None
    may_be_all: bool = False
    observed: str | None = None
    expected: str | None = None
    value: str | None = None
    limits: tuple[tuple[str, str], ...] = ()  # column of the mart and label


@dataclass(frozen=True)
class Specification:
    """One table: which mart, which groups, which measures.

    `totals` are the dimensions with a total (None: all of them where the mart has persons).
    `structural_zeros` are conditions on labels; where one holds, zero is shown as 0.
    """

    name: str
    title: str
    population: str
    mart: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    measures: tuple[Measure, ...]
    filter: str | None = None
    totals: tuple[str, ...] | None = None
    add_rows: bool = False
    structural_zeros: tuple[tuple[tuple[str, str], ...], ...] | Literal["all"] = ()
    chart: str = "bar"
    source: str = ""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The columns of the mart that make the groups, those of the rows first."""
        return self.rows + self.columns

    @property
    def schema(self) -> str:
        """The schema of the table that is counted."""
        return self.mart.split(".")[0] if "." in self.mart else "marts"

    @property
    def table(self) -> str:
        """The name of the table that is counted, without its schema."""
        return self.mart.split(".")[-1]


def load_specifications(
    name_or_file: str | Path | None = None, connection: duckdb.DuckDBPyConnection | None = None
) -> list[Specification]:
    """The specifications of a file, the ready-made one of a name, or all ready-made ones.

    With a connection to a warehouse, all ready-made ones are those whose tables have rows there.
    Raises UserError that names the file and key.
    """
    ready_made = _ready_made()
    if name_or_file is None:
        found = [one for file in ready_made.values() for one in _read(file, file.name)]
        return [one for one in found if connection is None or _has_rows(connection, one)]
    if str(name_or_file) in ready_made:
        file = ready_made[str(name_or_file)]
        return _read(file, file.name)
    path = Path(name_or_file)
    if not path.is_file():
        raise UserError(
            f"There is no file {path} and no ready-made specification of this name."
            f" {nearest(str(name_or_file), ready_made)}"
        )
    return _read(path, str(path))


def without_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The ready-made specifications that this warehouse has no rows for, and the mart of each."""
    every = [one for file in _ready_made().values() for one in _read(file, file.name)]
    return {one.name: one.mart for one in every if not _has_rows(connection, one)}


def _ready_made() -> dict[str, Traversable]:
    folder = files(__package__).joinpath("ready_made")
    return {name: folder.joinpath(f"{name}.yml") for name in _READY_MADE}


def _has_rows(connection: duckdb.DuckDBPyConnection, specification: Specification) -> bool:
    schema, table = specification.schema, specification.table
    known = connection.execute(
        "select count(*) from information_schema.tables where table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchall()[0][0]
    if not known:
        return False
    where = f"where ({specification.filter}\n)" if specification.filter else ""
    return bool(
        connection.execute(f'select 1 from "{schema}"."{table}" {where} limit 1').fetchall()
    )


def _read(file: Traversable | Path, source: str) -> list[Specification]:
    try:
        text = file.read_text(encoding="utf-8")
        if len(text) > _LONGEST_FILE:
            raise UserError(
                f"{source} is too long for a specification: it has more than {_LONGEST_FILE:,}"
                " characters. Check that it is the right file."
            )
        content = yaml.load(text, Loader=_Loader)
    except (OSError, UnicodeDecodeError):
        raise UserError(f"{source} cannot be read as text. Check the file.") from None
    except RecursionError:
        raise UserError(f"{source} has too many brackets. Correct it.") from None
    except yaml.YAMLError as error:
        if isinstance(error, _TwiceError):
            raise UserError(f"{source}: {error}. Remove one of the two.") from None
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise UserError(f"{source}{line}: this is not valid YAML. Correct that line.") from None
    entries = content if isinstance(content, list) else [content]
    found = [_specification(entry, source, Path(file.name).stem) for entry in entries]
    names = [one.name for one in found]
    for name in names:
        if names.count(name) > 1:
            raise UserError(f"{source}: two tables have the name {name}. Give each its own name.")
    return found


# request.csv is the list of all tables; Windows keeps the others for itself.
_NAMES_OF_FILES = {"request", "con", "prn", "aux", "nul", "com1", "com2", "lpt1", "lpt2"}


def _specification(entry: object, source: str, file_name: str) -> Specification:
    if not isinstance(entry, dict):
        raise UserError(
            f"{source}: a specification is a list of keys such as title and mart. Copy a ready-made"
            " one and change it."
        )
    where = f"{source}, {entry['name']}" if isinstance(entry.get("name"), str) else source
    _check_keys(entry, _KEYS, _REQUIRED, where)
    name = entry.get("name", re.sub(r"\W", "_", file_name.lower()))
    if not _NAME.fullmatch(name):
        _fail(where, "name", "must be small letters, digits and underscores, as in my_table")
    if name in _NAMES_OF_FILES:
        _fail(where, "name", f"cannot be {name}, which is the name of another file. Change it")
    for key in ("rows", "columns", "totals"):
        if not all(isinstance(one, str) for one in entry.get(key, [])):
            _fail(where, key, "must be a list of columns, as in [birth_cohort]")
    dimensions = entry["rows"] + entry.get("columns", [])
    if not dimensions or len(set(dimensions)) < len(dimensions):
        _fail(where, "rows", "must name at least one column, and no column twice")
    for dimension in entry.get("totals", []):
        if dimension not in dimensions:
            _fail(where, "totals", f"names {dimension}, which is not in rows or columns")
    for key in ("title", "population"):
        if not entry[key].strip():
            _fail(where, key, "is empty. The person who checks needs it")
    if entry.get("chart", "bar") not in ("bar", "line", "none"):
        _fail(where, "chart", "must be bar, line or none")
    return Specification(
        name=name,
        title=_one_line(entry["title"]),
        population=_one_line(entry["population"]),
        mart=entry["mart"],
        rows=tuple(entry["rows"]),
        columns=tuple(entry.get("columns", [])),
        measures=_measures(entry["measures"], where, dimensions),
        filter=entry.get("filter"),
        totals=tuple(entry["totals"]) if "totals" in entry else None,
        add_rows=entry.get("add_rows", False),
        structural_zeros=_structural_zeros(entry.get("structural_zeros", []), where, dimensions),
        chart=entry.get("chart", "bar"),
        source=source,
    )


def _measures(entries: list[object], where: str, dimensions: list[str]) -> tuple[Measure, ...]:
    if not entries:
        _fail(where, "measures", "is empty. Give at least count")
    measures = tuple(_measure(entry, where, dimensions) for entry in entries)
    names = [measure.name for measure in measures] + dimensions
    for name in names:
        if names.count(name) > 1:
            _fail(where, "measures", f"uses the name {name} twice. Give each measure its own name")
    return measures


def _measure(entry: object, where: str, dimensions: list[str]) -> Measure:
    if isinstance(entry, str):
        entry = {"measure": entry}
    if not isinstance(entry, dict) or "measure" not in entry:
        _fail(where, "measures", f"must be a list of measures. Each is one of {', '.join(KINDS)}")
    kind = entry["measure"]
    if str(kind).lower() in _ONE_PERSON:
        _fail(
            where, "measure",
            f"is {kind!r}, the value of one person, so it is never released. Use median",
        )  # fmt: skip
    if kind not in KINDS:
        _fail(where, "measure", f"has the unknown kind {kind!r}. {nearest(str(kind), KINDS)}")
    place = f"{where}, measure {entry.get('name', kind)}"
    types: dict[str, type] = dict.fromkeys(("measure", "name", "label"), str)
    types |= {key: _OTHER_TYPES.get(key, str) for key in _MEASURE_KEYS[kind]}
    _check_keys(entry, types, (), place)
    name = entry.get("name", "n_persons" if kind == "count" else "")
    if not _NAME.fullmatch(name):
        _fail(place, "name", "is missing or wrong. Use small letters, digits and underscores")
    limits = entry.get("limits", {})
    measure = Measure(
        kind=kind,
        name=name,
        label=_one_line(entry.get("label", name.replace("_", " ").capitalize())),
        **{
            key: entry.get(key)
            for key in (
                "column", "persons", "where", "numerator", "denominator", "observed", "expected",
                "value",
            )
        },
        of=tuple(entry.get("of", [])),
        may_be_all=entry.get("may_be_all", False),
        limits=tuple((str(column), _one_line(str(label))) for column, label in limits.items()),
    )  # fmt: skip
    _check_measure(measure, place, dimensions)
    return measure


def _check_measure(measure: Measure, place: str, dimensions: list[str]) -> None:
    if measure.kind == "percent":
        ways = [bool(measure.of), bool(measure.where), bool(measure.numerator)]
        if sum(ways) != 1 or bool(measure.numerator) != bool(measure.denominator):
            _fail(
                place, "percent",
                "needs one of: of (per cent of a total), where (a condition), or numerator with"
                " denominator",
            )  # fmt: skip
        for dimension in measure.of:
            if dimension not in dimensions:
                _fail(place, "of", f"names {dimension}, which is not in rows or columns")
    if measure.kind in ("mean", "median") and not measure.column:
        _fail(place, "column", "is missing. Name the column of the mart")
    if measure.kind == "ratio" and not (measure.observed and measure.expected):
        _fail(place, "ratio", "needs observed and expected, two columns of the mart")


def _structural_zeros(
    entries: object, where: str, dimensions: list[str]
) -> tuple[tuple[tuple[str, str], ...], ...] | Literal["all"]:
    if entries == ALL_ZEROS:
        return "all"
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        _fail(where, "structural_zeros", "must be all, or a list such as [{column: value}]")
    for one in entries:
        for dimension in one:
            if dimension not in dimensions:
                _fail(where, "structural_zeros", f"names {dimension}, not in rows or columns")
    return tuple(tuple((key, str(value)) for key, value in one.items()) for one in entries)


def _check_keys(
    entry: dict[Any, Any], types: dict[str, type], required: tuple[str, ...], where: str
) -> None:
    for key, value in entry.items():
        if key not in types:
            raise UserError(f"{where}: unknown key {key!r}. {nearest(str(key), types)}")
        if not isinstance(value, types[key]):
            words = {str: "a text", list: "a list in [ ]", bool: "true or false", dict: "a mapping"}
            _fail(where, key, f"must be {words[types[key]]}")
    for key in required:
        if key not in entry:
            raise UserError(f"{where}: the key {key} is missing. Add it.")


def _fail(where: str, key: str, what: str) -> NoReturn:
    raise UserError(f"{where}: {key} {what}{'' if what[-1] in '.?' else '.'}")


def _one_line(text: str) -> str:
    return " ".join(text.split())
