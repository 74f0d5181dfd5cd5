"""From layers to one description: parents, the merge, what the whole must have, and what the templates are given."""
