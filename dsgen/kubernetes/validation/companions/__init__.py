"""The rules of the kinds that come with a DaemonSet. A module is loaded when an object of its kind is judged."""
