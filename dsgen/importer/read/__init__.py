"""Read the objects of a stream, with their comments."""
