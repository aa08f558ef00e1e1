"""Which tables of the last warehouse a build can keep, and which it must build.

A table is kept if nothing that it is made of has changed: its SQL, settings and description, the
macros, variables and seeds it uses, and every table that it reads. Of a seed of which its SQL names
the columns, only these count. In doubt it is built.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

RAW = "source.social_care_warehouse.raw."
# The tables in raw with an account of all files.
ACCOUNTS = ("load_files", "rejected_lines")


@dataclass(frozen=True)
class Node:
    """A seed, model or test of the project."""

    fingerprint: str  # of all that it is made of, apart from what its parents are made of
    kind: str  # seed, model or test
    schema: str
    name: str
    parents: tuple[str, ...]
    needs_all: bool  # a test that looks at every model
    read_in_part: tuple[str, ...] = ()  # seeds of which a change of other columns does not matter

    @property
    def is_table(self) -> bool:
        """Whether it is something to read: a table or a view."""
        return self.kind != "test"

    @property
    def is_mart(self) -> bool:
        """Whether it is a mart."""
        return self.kind == "model" and self.schema == "marts"


@dataclass(frozen=True)
class Project:
    """What dbt would build."""

    environment: str  # a hash of what every node may depend on
    nodes: Mapping[str, Node]

    def parents(self, unique_id: str) -> Collection[str]:
        """What a node reads. A test that looks at every model reads them all."""
        node = self.nodes.get(unique_id)
        if node is None:
            return ()
        return self.models if node.needs_all else node.parents

    @cached_property
    def models(self) -> tuple[str, ...]:
        """All models."""
        return tuple(name for name, node in self.nodes.items() if node.kind == "model")

    def needed_for(self, marts: Collection[str]) -> set[str]:
        """The nodes of these marts, all that they read, and what can be made of that alone.

        The latter are tests and tables of the schema quality.
        """
        needed: set[str] = set()
        to_visit = [
            unique_id
            for unique_id, node in self.nodes.items()
            if node.is_mart and node.name in marts
        ]
        while to_visit:
            unique_id = to_visit.pop()
            if unique_id in self.nodes and unique_id not in needed:
                needed.add(unique_id)
                to_visit += self.parents(unique_id)
        return needed | self._made_of(needed)

    def _made_of(self, needed: set[str]) -> set[str]:
        found: set[str] = set()

        def is_there(parent: str) -> bool:
            node = self.nodes.get(parent)
            return node is None or parent in needed or parent in found

        seeds = {name for name, node in self.nodes.items() if node.kind == "seed"}
        candidates = [
            name
            for name, node in self.nodes.items()
            if name not in needed and (node.kind == "test" or node.schema == "quality")
        ]
        is_growing = True
        while is_growing:
            is_growing = False
            for name in candidates:
                read = self.parents(name)
                if name in found or not any(parent in needed or parent in found for parent in read):
                    continue
                if all(is_there(parent) or parent in seeds for parent in read):
                    found |= {name, *(seeds & set(read))}
                    is_growing = True
        return found


@dataclass(frozen=True)
class LastBuild:
    """What is known of the warehouse that is there."""

    # Only nodes and sources that are as they were built may be kept.
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    environment: str | None = None

    @property
    def is_there(self) -> bool:
        """Whether a build made this warehouse, and nothing has changed it."""
        return self.environment is not None


@dataclass(frozen=True)
class Plan:
    """Which nodes are built, and which stay."""

    project: Project
    to_build: frozenset[str]
    kept: frozenset[str]
    has_leftovers: bool  # whether there are tables that no longer belong to the project
    reason: str  # why all is built, if so

    @property
    def is_nothing(self) -> bool:
        """Whether the warehouse is already what is wanted."""
        return not self.to_build and not self.has_leftovers

    @property
    def kept_tables(self) -> set[tuple[str, str]]:
        """Schema and name of the tables and views that stay."""
        nodes = (self.project.nodes[name] for name in self.kept)
        return {(node.schema, node.name) for node in nodes if node.is_table}

    @property
    def missing(self) -> list[str]:
        """The models that the warehouse will not have."""
        return sorted(
            f"{node.schema}.{node.name}"
            for name, node in self.project.nodes.items()
            if node.kind == "model" and name not in self.to_build | self.kept
        )

    def says(self) -> str:
        """One line for the screen."""
        models = {name for name, node in self.project.nodes.items() if node.kind == "model"}
        n_built, n_kept = len(models & self.to_build), len(models & self.kept)
        if self.reason:
            return f"Building {n_built} tables. {self.reason}"
        return f"Building {n_built} tables. {n_kept} stay, because nothing that they need changed."


def make_plan(
    project: Project,
    last: LastBuild,
    changed_sources: Collection[str],
    marts: Collection[str] = (),
) -> Plan:
    """Decide what to build: all that changed or reads what changed, for these marts (none: all)."""
    is_same_environment = last.environment == project.environment
    known = last.fingerprints if is_same_environment else {}
    wanted = project.needed_for(marts) if marts else set(project.nodes)
    changed = _changed(project, known, changed_sources)
    if all(project.nodes[name].kind != "model" for name in project.nodes.keys() - changed):
        # Code lists alone are made again sooner than a file is copied.
        changed = set(project.nodes)
    kept = frozenset(project.nodes.keys() - changed)
    leftovers = {
        name for name in last.fingerprints if name.startswith(("model.", "seed."))
    } - project.nodes.keys()
    return Plan(
        project=project,
        to_build=frozenset(wanted & changed),
        kept=kept,
        has_leftovers=bool(leftovers),
        reason=_why_all(last, is_same_environment=is_same_environment),
    )


def sources_of(datasets: Collection[str]) -> set[str]:
    """The sources that are others when these datasets were loaded again."""
    tables = (*datasets, *ACCOUNTS) if datasets else ()
    return {f"{RAW}{table}" for table in tables}


def _changed(
    project: Project, known: Mapping[str, str], changed_sources: Collection[str]
) -> set[str]:
    """The nodes that are not as they were built, and all that read them."""
    answers: dict[str, bool] = {}

    def is_changed(name: str) -> bool:
        if name not in answers:
            node = project.nodes.get(name)
            if node is None:
                # A source. Those of the schema meta are of no concern: no model reads them.
                answers[name] = name in changed_sources or (
                    name.startswith(RAW) and name not in known
                )
            else:
                answers[name] = known.get(name) != node.fingerprint or any(
                    is_changed(parent)
                    for parent in project.parents(name)
                    if parent not in node.read_in_part
                )
        return answers[name]

    return {name for name in project.nodes if is_changed(name)}


def _why_all(last: LastBuild, *, is_same_environment: bool) -> str:
    if not last.is_there:
        return ""
    if not is_same_environment:
        return "All of them, because versions or settings that concern every table changed."
    return ""
