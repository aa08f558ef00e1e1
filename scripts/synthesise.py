"""Write synthetic extracts: the same as `social-care-warehouse synthesise`."""

from social_care_warehouse.cli import main

main("synthesise")
