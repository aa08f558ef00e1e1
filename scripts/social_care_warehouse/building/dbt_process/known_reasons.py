"""Why a run of dbt can fail that is nobody's mistake, in our own words."""

from __future__ import annotations

# By words of the engine's message. The message itself is never shown: it can quote a value.
KNOWN_REASONS = {
    "No space left on device": "The disk is full.",
    "Could not write": "The disk is full.",
    "Out of Memory": "There is not enough memory: raise WAREHOUSE_MEMORY or lower"
    " WAREHOUSE_THREADS.",
    "failed to allocate": "There is not enough memory: raise WAREHOUSE_MEMORY or lower"
    " WAREHOUSE_THREADS.",
    "max_temp_directory_size": "There is no room for what does not fit into memory: raise"
    " WAREHOUSE_MEMORY or point WAREHOUSE_TEMP_DIRECTORY to a larger disk.",
}


def known_reason(message: str) -> str:
    """The sentence for a message of the engine; empty where it is of nothing that we know."""
    return next((reason for words, reason in KNOWN_REASONS.items() if words in message), "")
