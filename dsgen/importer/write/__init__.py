"""The profile as text, with the comments of the manifest."""
