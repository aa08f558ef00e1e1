"""Where the dbt project is: in the checkout that this package runs from, or inside the package."""

from __future__ import annotations

import os
import tomllib
from importlib.metadata import version
from pathlib import Path

_PACKAGE_DIR = Path(__file__).resolve().parent
# setup.py puts a copy of the project there when a wheel is built. A checkout has none.
_PACKAGED_PROJECT = _PACKAGE_DIR / "_project"

IS_INSTALLED = _PACKAGED_PROJECT.is_dir()
PROJECT_DIR = _PACKAGED_PROJECT if IS_INSTALLED else _PACKAGE_DIR.parents[1]


def project_version() -> str:
    """The version in pyproject.toml; an installed package has a copy."""
    if IS_INSTALLED:
        return version("social_care_warehouse")
    project = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def cache_dir() -> Path:
    """A folder for what makes the next build start sooner; it never holds data.

    An installed package may lie where its user cannot write, so then it is in the user's own cache.
    """
    if not IS_INSTALLED:
        return PROJECT_DIR / "target" / "build"
    wanted = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME")
    caches = Path(wanted or "~/.cache").expanduser()
    return caches / "social-care-warehouse" / project_version()
