"""The SQL that dbt sent for each node, kept so that a later build can send it without dbt.

dbt needs far longer to make the SQL of a small build than DuckDB to run it. For the same project,
variables and versions it makes the same SQL, whatever the data. The name of the file is a hash of
all of these. It holds no data.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

# The name of the file in the folder where dbt writes.
NEW_FILE = "kept_sql.json"

_COMMENT_OF_DBT = re.compile(r"^\s*/\*.*?\*/\s*", re.DOTALL)
_TRANSACTION = re.compile(r"\s*(begin|commit)\b", re.IGNORECASE)
# dbt looks with these at what is there. They change nothing.
_LOOK = re.compile(r"\s*(select|with|from|describe|show)\b", re.IGNORECASE)


@dataclass(frozen=True)
class KeptNode:
    """What dbt sent for a node, in this order. The last statement of a test is its query."""

    statements: list[str]
    test_type: str | None = None  # data or logic; None: no test
    severity: str | None = None


@dataclass(frozen=True)
class KeptSql:
    """All that a build needs instead of dbt."""

    project: dict[str, Any]  # as `Fingerprints.describe` makes it
    hooks: list[str]  # sent before the first node
    nodes: dict[str, KeptNode] = field(default_factory=dict)

    def has_all(self, chosen: Collection[str] | None) -> bool:
        """Whether these nodes (None: all) can be built from it."""
        wanted = self.project["nodes"].keys() if chosen is None else chosen
        return self.nodes.keys() >= set(wanted)


def read_kept_sql(path: Path) -> KeptSql | None:
    """What an earlier build kept. None if there is nothing, or if the file is damaged."""
    try:
        digest, _, text = path.read_bytes().partition(b"\n")
        if digest.decode() != hashlib.sha256(text).hexdigest():
            return None
        content = json.loads(text)
        nodes = {name: KeptNode(**node) for name, node in content.pop("nodes").items()}
        return KeptSql(**content, nodes=nodes)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_kept_sql(path: Path, kept: KeptSql) -> None:
    """Write the file. Without effect where nothing can be written."""
    text = json.dumps(asdict(kept)).encode()
    with suppress(OSError):
        path.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)


class Recorder:
    """Notes each statement that dbt sends, by the node that it is for."""

    def __init__(self) -> None:
        self._sent: dict[str, list[str]] = defaultdict(list)
        self._not_kept: set[str] = set()
        self._lock = threading.Lock()

    def listen(self) -> None:
        """Begin. To be called once, after dbt was loaded."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415
        from dbt_common.events.contextvars import get_node_info  # noqa: PLC0415

        send = DuckDBConnectionManager.add_query

        def send_and_note(
            manager: Any,
            sql: str,
            auto_begin: bool = True,
            bindings: Any = None,
            *others: Any,
            **named: Any,
        ) -> Any:
            node = str(get_node_info().get("unique_id", ""))
            with self._lock:
                self._sent[node].append(_COMMENT_OF_DBT.sub("", sql))
                if bindings is not None:
                    self._not_kept.add(node)
            return send(manager, sql, auto_begin, bindings, *others, **named)

        setattr(DuckDBConnectionManager, "add_query", send_and_note)  # noqa: B010

    def hooks(self) -> list[str]:
        """What was sent before the first node."""
        return [
            statement
            for node, statements in self._sent.items()
            if node.startswith("operation.")
            for statement in _that_change(statements)
        ]

    def nodes(
        self, results: Mapping[str, Any], user_data_tag: str, folder: str
    ) -> dict[str, KeptNode]:
        """What was sent for each node that was built.

        Not what names the folder of this build, because the next one has another.
        """
        found = {}
        for name, result in results.items():
            statements, is_test = self._sent[name], result.node.resource_type == "test"
            if name in self._not_kept or any(folder in statement for statement in statements):
                continue
            if is_test:
                found[name] = KeptNode(
                    statements=_of_a_test(statements),
                    test_type="data" if user_data_tag in result.node.tags else "logic",
                    severity=str(result.node.config.severity).upper(),
                )
            else:
                found[name] = KeptNode(statements=_that_change(statements))
        return {name: node for name, node in found.items() if node.statements}


def _that_change(statements: list[str]) -> list[str]:
    return [
        statement
        for statement in statements
        if not _TRANSACTION.match(statement) and not _LOOK.match(statement)
    ]


def _of_a_test(statements: list[str]) -> list[str]:
    own = [statement for statement in statements if not _TRANSACTION.match(statement)]
    return [statement for statement in own[:-1] if not _LOOK.match(statement)] + own[-1:]
