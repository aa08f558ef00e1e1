"""Writes the report: one HTML page with tables and charts, made only from rounded tables."""
