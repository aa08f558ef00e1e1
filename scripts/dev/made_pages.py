"""Write the pages that are made from the project itself, or check that they are current."""

from __future__ import annotations

import click

from dev import command_page, data_dictionary, decision_index, worked_cases
from social_care_warehouse.console import (
    PROJECT_DIR,
    PlainCommand,
    UserError,
    console,
    speaks_plainly,
)


@click.command(cls=PlainCommand, help=__doc__)
@click.option("--check", is_flag=True, help="Change nothing; fail if a page is not current.")
@speaks_plainly
def made_pages(check: bool) -> None:
    made = {
        command_page.PAGE: command_page.page(),
        data_dictionary.PAGE: data_dictionary.page(),
        decision_index.INDEX: decision_index.index(),
        worked_cases.REGISTER: worked_cases.register(),
        worked_cases.PAGE: worked_cases.page(),
    }
    old = [page for page, text in made.items() if page.read_text(encoding="utf-8") != text]
    if check and old:
        names = ", ".join(str(page.relative_to(PROJECT_DIR)) for page in old)
        raise UserError(f"Not current: {names}. Run `make documents`.")
    for page in old:
        page.write_text(made[page], encoding="utf-8")
    console.print(f"{len(made)} pages are current.")


if __name__ == "__main__":
    made_pages()
