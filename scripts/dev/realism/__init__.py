"""The realism report: what the warehouse makes of synthetic extracts, beside what is published."""
