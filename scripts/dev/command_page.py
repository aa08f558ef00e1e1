"""Write the page about commands from what `--help` says of each."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from social_care_warehouse.commands import group
from social_care_warehouse.commands.shared import COMMAND_NAME
from social_care_warehouse.console import PROJECT_DIR

PAGE = PROJECT_DIR / "docs" / "reference" / "commands.md"
INTRODUCTION = """\
# Commands

<!-- Made by `make documents` from the help of the commands. -->

Type `.venv/bin/` (Windows: `.venv\\Scripts\\`) in front of each command, unless its environment is
active. `--help` shows the same in the terminal. [What a message means](errors.md).

| command | does |
|---|---|
"""


def page() -> str:
    """The text of the page: a list of the commands, then each with its options."""
    commands = [(name, command) for name, command in group.commands.items() if not command.hidden]
    listed = [f"| [`{name}`](#{name}) | {command.short_help} |\n" for name, command in commands]
    sections = ["".join(_section(name, command)) for name, command in commands]
    return INTRODUCTION + "".join(listed) + "".join(sections)


def _section(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=f"{COMMAND_NAME} {name}")
    usage = " ".join(command.collect_usage_pieces(context))
    yield f"\n## {name}\n\n```text\n{COMMAND_NAME} {name} {usage}\n```\n"
    yield f"\n{inspect.cleandoc(command.help or '')}\n"
    yield "\n| option | meaning |\n|---|---|\n"
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            yield f"| {_names(option, context)} | {_meaning(option, context)} |\n"


def _names(option: click.Option, context: click.Context) -> str:
    value = "" if option.is_flag else f" {option.make_metavar(context)}"
    return f"`{', '.join(option.opts)}{value}`".replace("|", "\\|")


def _meaning(option: click.Option, context: click.Context) -> str:
    extra = option.get_help_extra(context)
    words = [option.help or ""]
    if option.required:
        words.append("Required.")
    if "default" in extra:
        words.append(f"Default: `{extra['default']}`.")
    return " ".join(words)
