"""From layers to one description: parents, merging, required keys, and the templates' variables."""
