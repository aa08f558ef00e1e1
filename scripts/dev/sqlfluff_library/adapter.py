"""A substitute for dbt's `adapter.dispatch` while sqlfluff reads a model.

dbt chooses the macro of the engine when it runs. The linter only needs an expression in its place.
"""

from __future__ import annotations

from collections.abc import Callable


def dispatch(macro_name: str, macro_namespace: str | None = None) -> Callable[..., str]:
    """A substitute for the macro: a call of its first argument, a type, a keyword or a join."""

    def substitute(*arguments: object) -> str:
        if macro_name.endswith("_type"):
            return "varchar"
        if not arguments:
            return "materialized"
        if macro_name == "join_readings":
            _, readings, columns, _ = arguments
            return "\n".join(f"cross join {readings} as {name}" for name, *_ in columns)
        first = arguments[0] if arguments and isinstance(arguments[0], str) else "'key'"
        return f"engine_{macro_name}({first})"

    return substitute
