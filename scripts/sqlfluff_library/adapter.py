"""What `adapter.dispatch` gives while sqlfluff reads a model: something that looks like SQL.

dbt chooses the macro for the engine at run time; the linter only needs an expression in its place.
"""

from __future__ import annotations

from collections.abc import Callable


def dispatch(macro_name: str, macro_namespace: str | None = None) -> Callable[..., str]:
    """A stand-in for the macro: its name called on its first argument."""
    if macro_name == "intervention_type":
        return lambda: "varchar"
    return lambda *arguments: f"{macro_name}({arguments[0] if isinstance(arguments[0], str) else 'key'})"
