"""Files on disk: one writer at a time, private work folders, and replacement in one step."""
