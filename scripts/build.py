"""Build a warehouse: the same as `social-care-warehouse build`."""

from social_care_warehouse.cli import main

main("build")
