"""The objects that belong to a DaemonSet, as keys of its profile."""
