"""Brings extract files into the schema `raw`: every line is kept, and every value as delivered.

The steps, one module each: survey, plan, scan, read, write, result. `loader` and `check` go through
them in this order and pass one value on, the `Delivery`.
"""

from social_care_warehouse.loading.check import check_delivery
from social_care_warehouse.loading.loader import load_delivery
from social_care_warehouse.loading.result import Check, LoadResult

__all__ = ["Check", "LoadResult", "check_delivery", "load_delivery"]
