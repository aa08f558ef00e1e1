"""What `adapter.dispatch` gives while sqlfluff reads a model: something that looks like SQL.

dbt chooses the macro for the engine at run time; the linter only needs an expression in its place.
"""

from __future__ import annotations

from collections.abc import Callable


def dispatch(macro_name: str, macro_namespace: str | None = None) -> Callable[..., str]:
    """A stand-in for the macro: its name called on its first argument, or a type by its name."""

    def stand_in(*arguments: object) -> str:
        if macro_name.endswith("_type"):
            return "varchar"
        first = arguments[0] if arguments and isinstance(arguments[0], str) else "'key'"
        return f"engine_{macro_name}({first})"

    return stand_in
