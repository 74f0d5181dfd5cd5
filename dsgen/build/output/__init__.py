"""Writing: whole files or none."""
