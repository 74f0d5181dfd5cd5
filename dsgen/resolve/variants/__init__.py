"""The variants of a profile: their layers, their descriptions, and the proof that no node runs two."""
