"""Bringing extract files into the schema `raw`, with nothing lost and nothing changed."""

from social_care_warehouse.loading.loader import LoadResult, load_delivery

__all__ = ["LoadResult", "load_delivery"]
