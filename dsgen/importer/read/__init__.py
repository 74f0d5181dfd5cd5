"""The objects of a stream, with their comments."""
