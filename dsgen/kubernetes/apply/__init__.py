"""What applying a manifest to an object of a cluster does."""
