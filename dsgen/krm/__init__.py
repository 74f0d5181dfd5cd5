"""dsgen as a KRM function: it reads a `ResourceList`, and writes one with the generated objects."""
