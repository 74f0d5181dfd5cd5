"""Relations between objects that are seen together: what stops pods is often not in one object, but between two."""
