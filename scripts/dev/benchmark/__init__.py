"""Compares the warehouse with other ways to one row per pupil: time, memory and answer."""
