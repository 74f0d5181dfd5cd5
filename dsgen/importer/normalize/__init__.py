"""Normalize a manifest: correct it, convert it to the current API version, tidy it, and leave out defaults."""
