"""A DaemonSet's companion objects. Imported only for profiles that have any."""
