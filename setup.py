"""Puts the dbt project into the wheel, as social_care_warehouse/_project.

All else is in pyproject.toml. An editable install needs no copy: it uses the checkout.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

PROJECT = ("dbt_project.yml", "macros", "models", "profiles", "seeds", "tests/singular")


class BuildWithProject(build_py):
    """Build the package, then copy the dbt project into it."""

    def run(self) -> None:
        """Start from an empty folder: a file that was removed from the project must not stay."""
        if self.editable_mode:
            super().run()
            return
        package = Path(self.build_lib) / "social_care_warehouse"
        shutil.rmtree(package, ignore_errors=True)
        super().run()
        target = package / "_project"
        for name in PROJECT:
            source = Path(__file__).parent / name
            if source.is_dir():
                shutil.copytree(source, target / name)
            else:
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target / name)


setup(
    cmdclass={"build_py": BuildWithProject},
    options={"build": {"build_base": "target/package"}},
)
