"""Synthetic extracts: lives first, then what the extracts show of them, then their faults."""
