"""Finds SQL that engines do not read alike: the rules, and what is SQL in a file."""
