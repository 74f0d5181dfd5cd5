"""The variants of a profile: their layers, what each describes, and that no node runs two."""
