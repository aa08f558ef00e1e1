"""Reasons why dbt can fail although nobody made a mistake, as sentences of this project."""

from __future__ import annotations

_NO_MEMORY = (
    "There is not enough memory. Raise WAREHOUSE_MEMORY, lower WAREHOUSE_THREADS, or lift the limit"
    " of this shell (ulimit -v)."
)
# By words of the engine's message. The message itself is never shown: it can quote a value.
KNOWN_REASONS = {
    "No space left on device": "The disk is full. Free some space, then build again.",
    "Could not write": "The disk is full. Free some space, then build again.",
    "Out of Memory": _NO_MEMORY,
    "failed to allocate": _NO_MEMORY,
    "max_temp_directory_size": "There is no room for what does not fit into memory. Raise"
    " WAREHOUSE_MEMORY or point WAREHOUSE_TEMP_DIRECTORY to a larger disk.",
}


def known_reason(message: str) -> str:
    """The sentence for a message of the engine; empty where the message is unknown."""
    return next((reason for words, reason in KNOWN_REASONS.items() if words in message), "")
