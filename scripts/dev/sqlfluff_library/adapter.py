"""A substitute for dbt's `adapter.dispatch` while sqlfluff reads a model.

dbt chooses the macro of the engine when it runs. The linter only needs an expression in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast


def dispatch(macro_name: str, macro_namespace: str | None = None) -> Callable[..., str]:
    """A substitute for the macro: a call of its first argument, a type, a keyword or a join."""

    def substitute(*arguments: object) -> str:
        if macro_name.endswith("_type"):
            return "varchar"
        if not arguments:
            return "materialized"
        if macro_name == "join_readings":
            names = [column[0] for column in cast("list[tuple[str, str, str]]", arguments[2])]
            return "\n".join(f"cross join {arguments[1]} as {name}" for name in names)
        first = arguments[0] if arguments and isinstance(arguments[0], str) else "'key'"
        return f"engine_{macro_name}({first})"

    return substitute
