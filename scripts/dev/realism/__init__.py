"""Compares synthetic extracts with published figures."""
