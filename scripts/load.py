"""Load extracts, or only look at them with --check: the same as `social-care-warehouse load`."""

from social_care_warehouse.cli import main

main("load")
