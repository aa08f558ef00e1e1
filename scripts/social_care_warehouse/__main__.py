"""`python -m social_care_warehouse` is the same as `social-care-warehouse`."""

from social_care_warehouse.cli import main

main()
