"""Rules for the kinds that accompany a DaemonSet. A module is loaded when an object of its kind is validated."""
