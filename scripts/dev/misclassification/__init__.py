"""How much each release of the extracts misses of lives that are known."""
