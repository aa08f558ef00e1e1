"""The settings in the environment, and the memory that the shell allows.

This module imports nothing large: where memory is short, even loading DuckDB would end in a crash.
"""

from __future__ import annotations

import os
import re
import sys

from social_care_warehouse.console import UserError

# Where the environment does not say: the same as in profiles/profiles.yml, for dbt.
DEFAULTS = {"WAREHOUSE_MEMORY": "2300MB", "WAREHOUSE_THREADS": "2"}

MOST_THREADS = 256
LEAST_MEMORY_BYTES = 50e6
# With less, two large tables that are made at once run out of memory.
LEAST_MEMORY_BYTES_FOR_TWO = 2e9
# Address space for Python, DuckDB and dbt. With less the smallest build was seen to crash.
LEAST_ADDRESS_SPACE_BYTES = 2_500_000_000

_MEMORY = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) *([KMGT])I?B", re.ASCII | re.IGNORECASE)
_BYTES = {"K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


def setting(variable: str) -> str:
    """The value of a setting, or its default."""
    return os.environ.get(variable, DEFAULTS[variable])


def models_at_once() -> int:
    """How many tables a build makes at once. Call it after check_settings."""
    return 2 if _memory_bytes() >= LEAST_MEMORY_BYTES_FOR_TWO else 1


def _memory_bytes() -> float:
    """The memory that DuckDB may use; 0 where the setting is not a size."""
    memory = _MEMORY.fullmatch(setting("WAREHOUSE_MEMORY"))
    return float(memory[1]) * _BYTES[memory[2].upper()] if memory else 0


def check_settings() -> None:
    """Raise UserError for a setting or limit that no load or build can work with."""
    threads = setting("WAREHOUSE_THREADS")
    if not re.fullmatch(r"[1-9]\d{0,2}", threads, re.ASCII) or int(threads) > MOST_THREADS:
        raise UserError(
            "The environment variable WAREHOUSE_THREADS must be a whole number from 1 to"
            f" {MOST_THREADS}. Set it to {DEFAULTS['WAREHOUSE_THREADS']}, for example, or unset it."
        )
    if _memory_bytes() < LEAST_MEMORY_BYTES:
        raise UserError(
            "The environment variable WAREHOUSE_MEMORY must be a size of at least 50MB. Set it to"
            f" {DEFAULTS['WAREHOUSE_MEMORY']} or 4GB, for example, or unset it."
        )
    allowed = _address_space()
    if allowed is not None and allowed < LEAST_ADDRESS_SPACE_BYTES:
        raise UserError(
            f"This shell allows a program {allowed / 1e6:,.0f} MB of memory. The project needs at"
            f" least {LEAST_ADDRESS_SPACE_BYTES / 1e6:,.0f} MB. Raise the limit first:"
            " ulimit -v unlimited."
        )


def _address_space() -> int | None:
    """The limit that `ulimit -v` sets; None where there is no limit."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit
