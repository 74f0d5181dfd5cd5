"""dsgen as a KRM function: a `ResourceList` comes in, and goes out with more in it."""
