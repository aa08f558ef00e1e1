"""The multilevel model of local authorities: how much they differ after adjustment."""
