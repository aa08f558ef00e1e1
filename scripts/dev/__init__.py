"""Tools for maintainers. None of them is part of the installed package."""
