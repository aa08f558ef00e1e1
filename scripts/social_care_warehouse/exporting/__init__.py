"""Writes marts as files for other programs: Parquet, CSV, Stata and SPSS."""
