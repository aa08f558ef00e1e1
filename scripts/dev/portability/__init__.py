"""A sqlfluff plugin: SQL that DuckDB and Spark both accept and understand differently.

Each row of rules.yml becomes a rule, PB01 and so on. Macros are checked where a model uses them,
except those in macros/engine, in which the engines may differ.
"""

from __future__ import annotations

from sqlfluff.core.plugin import hookimpl
from sqlfluff.core.plugin.host import get_plugin_manager


class Plugin:
    """What sqlfluff asks a plugin for."""

    @hookimpl
    def get_rules(self) -> list[type]:
        # sqlfluff wants rules to be imported only here.
        from dev.portability.rules import RULES  # noqa: PLC0415

        return list(RULES)


def register() -> None:
    """Make the rules known to sqlfluff in this process."""
    manager = get_plugin_manager()
    if not manager.has_plugin("portability"):
        manager.register(Plugin(), name="portability")
