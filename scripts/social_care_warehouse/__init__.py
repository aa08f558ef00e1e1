"""What the commands in scripts/ share: loading, synthetic extracts, building."""
